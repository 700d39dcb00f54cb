import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curvtui.tui.drawing.curves import decimated, logarithms, value_range

values = st.lists(st.floats(-1e3, 1e3) | st.just(math.nan), min_size=1, max_size=400)


@given(values, st.integers(1, 30))
def test_decimation_keeps_extremes_gaps_and_order(ys, columns):
    xs = np.linspace(0, 1, len(ys))
    line = np.stack([xs, np.array(ys)], axis=1)
    kept = decimated(line, columns)
    pieces = 1 + int(np.isnan(ys).sum())
    assert len(kept) <= max(2 * columns, 2 * (columns + 1) + 4 * pieces)
    assert (np.diff(kept[:, 0]) > 0).all()
    finite = ~np.isnan(line[:, 1])
    if finite.any():
        for column in range(columns):
            inside = finite & (np.floor(np.clip(xs, 0, 1) * columns) == column)
            if inside.any():
                mine = kept[(np.floor(kept[:, 0] * columns) == column) & ~np.isnan(kept[:, 1]), 1]
                assert mine.min() == line[inside, 1].min()
                assert mine.max() == line[inside, 1].max()
    # Two values next to each other in what is kept were not parted by a gap.
    where = np.searchsorted(xs, kept[:, 0])
    for (a, b), (i, j) in zip(pairwise(kept[:, 1]), pairwise(where), strict=True):
        if not (math.isnan(a) or math.isnan(b)):
            assert finite[i : j + 1].all()


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=20))
def test_a_range_is_finite_and_holds_the_finite_values(ys):
    array = np.array(ys, dtype=float)
    spread = value_range([array], 0.1)
    assert math.isfinite(spread.low)
    assert math.isfinite(spread.high)
    assert spread.low < spread.high
    placed = spread.place(array)
    finite = np.isfinite(array)
    assert ((placed[finite] >= 0) & (placed[finite] <= 1)).all()
    assert np.isnan(placed[~finite]).all()


def test_logarithms_of_what_has_none_are_gaps():
    logs = logarithms(np.array([100.0, 0.0, -1.0, math.nan, math.inf, 1e-300]))
    assert logs[0] == pytest.approx(2)
    assert logs[5] == pytest.approx(-300)
    assert np.isnan(logs[1:5]).all()
