import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.sampling.levels import LevelMethod
from curvtui.engine.surface.surface import open_surface
from curvtui.tui.drawing.glyphs import ASCII, BRAILLE
from curvtui.tui.drawing.heights import HeightScale, height_scale

NODES = np.linspace(-2, 2, 81)
X, Y = np.meshgrid(NODES, NODES)
anything = st.floats(allow_nan=True, allow_infinity=True)


def test_a_bowl_stays_a_bowl():
    scale = height_scale(X**2 + Y**2)
    assert (scale.low, scale.high, scale.bend) == (0.0, 8.0, 0.0)
    assert scale.heights(np.array([0.0, 2.0, 8.0])).tolist() == [0.0, 0.25, 1.0]


def test_a_valley_in_steep_walls_is_lifted_by_a_logarithm():
    values = open_surface("rosenbrock").grid((NODES, NODES + 1))
    scale = height_scale(values)
    assert scale.bend > 0
    assert float(np.median(scale.heights(values))) == pytest.approx(0.42, abs=1e-6)
    value = scale.low + (scale.high - scale.low) * 0.1
    assert scale.heights(np.array(value)) == pytest.approx(math.log1p(0.1 * scale.bend) / math.log1p(scale.bend))
    assert "log" in scale.caption(BRAILLE)


def test_the_method_that_was_asked_for_is_taken():
    rosenbrock, bowl = open_surface("rosenbrock").grid((NODES, NODES + 1)), X**2 + Y**2
    assert height_scale(rosenbrock, LevelMethod.LINEAR).bend == 0
    assert height_scale(bowl, LevelMethod.LOG).bend >= 1000


def test_a_pole_is_cut_on_both_sides():
    with np.errstate(all="ignore"):
        values = 1 / X
    scale = height_scale(values)
    assert scale.cut_low
    assert scale.cut_high
    assert scale.low == pytest.approx(-scale.high)
    assert scale.high < 12
    assert scale.heights(np.array([1e9, -1e9, math.inf, -math.inf])).tolist() == [1, 0, 1, 0]
    assert "cut at" in scale.caption(ASCII)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.lists(anything, max_size=40), st.sampled_from(LevelMethod))
def test_any_values_have_heights(values, method):
    scale = height_scale(np.array(values, dtype=float), method)
    assert scale.low < scale.high
    order = np.array(sorted(v for v in values if not math.isnan(v)), dtype=float)
    heights = scale.heights(order)
    assert ((heights >= 0) & (heights <= 1)).all()
    assert (np.diff(heights) >= 0).all()
    assert np.isnan(scale.heights(np.array([math.nan]))).all()
    for glyphs in (BRAILLE, ASCII):
        ticks = scale.ticks(6, glyphs)
        assert all(0 <= p <= 1 for p in ticks.positions)
        assert all(a < b for a, b in pairwise(ticks.positions))
        assert glyphs is BRAILLE or all(text.isascii() for text in (*ticks.labels, scale.caption(glyphs)))


@pytest.mark.parametrize(
    "scale", [HeightScale(-3.0, 7.0), HeightScale(0.0, 2500.0, 1e3), HeightScale(-1.0, 49.0, 40.0)]
)
def test_ticks_stand_where_their_values_do(scale):
    ticks = scale.ticks(6, ASCII)
    assert 3 <= len(ticks.labels) <= 10
    for place, text in zip(ticks.positions, ticks.labels, strict=True):
        assert scale.value(place) == pytest.approx(float(text), rel=1e-9, abs=1e-9)


def test_values_too_large_to_draw_are_said_to_be_cut():
    scale = height_scale(np.linspace(-4e300, 4e300, 101))
    assert scale.cut_low
    assert scale.cut_high
    assert not height_scale(np.linspace(-4e200, 4e200, 101)).cut_high
