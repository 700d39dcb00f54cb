"""Dashes: as long as they should be on the screen, whichever way a line goes."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.tui.drawing.dashes import dash, dashed
from curvtui.tui.drawing.glyphs import GLYPH_SETS
from curvtui.tui.drawing.viewport import Viewport


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.floats(0, 2 * math.pi), st.floats(1e-3, 1e3), st.sampled_from([(1.6, 1.1), (3.0, 2.5), (4.0, 2.0)]))
def test_the_inked_share_is_that_of_the_dashes(angle, stretch, pattern):
    view = Viewport(-stretch, stretch, -1.0, 1.0, 80, 40)
    end = np.array([stretch * math.cos(angle), math.sin(angle)])
    line = dashed(np.stack((-end, end)), view, *pattern)
    share = 1.0 - np.isnan(line[:, 0]).mean()
    assert share == pytest.approx(pattern[0] / sum(pattern), abs=0.08)
    gaps = np.flatnonzero(np.diff(np.isnan(line[:, 0]).astype(int)) == 1)
    length = math.hypot(80 * math.cos(angle), 80 * math.sin(angle))
    assert abs(len(gaps) - length / sum(pattern)) <= 1.5


def test_what_is_kept_lies_on_the_line():
    view = Viewport(0.0, 10.0, 0.0, 10.0, 40, 20)
    line = np.array([[0.0, 0.0], [5.0, 5.0], [10.0, 0.0]])
    kept = dashed(line, view, 1.6, 1.1)
    kept = kept[~np.isnan(kept[:, 0])]
    np.testing.assert_allclose(kept[:, 1], np.where(kept[:, 0] < 5, kept[:, 0], 10 - kept[:, 0]))


@pytest.mark.parametrize("line", [[], [[1.0, 1.0]], [[math.nan, 0.0], [1.0, 1.0]], [[-1e308, 0.0], [1e308, 1.0]]])
def test_odd_lines_do_no_harm(line):
    points = np.array(line, dtype=float).reshape(-1, 2)
    assert dashed(points, Viewport(0.0, 1.0, 0.0, 1.0, 9, 4), 1.6, 1.1).shape[1] == 2


def test_coarser_glyphs_have_longer_dashes():
    lengths = [sum(dash(GLYPH_SETS[name])) for name in ("braille", "block", "ascii")]
    assert lengths == sorted(set(lengths))
