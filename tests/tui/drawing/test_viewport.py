import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curvtui.tui.drawing.viewport import Viewport

SQUARE = Viewport(-2.0, 2.0, -2.0, 2.0, 40, 20)


@st.composite
def viewports(draw: st.DrawFn) -> Viewport:
    span = st.floats(1e-6, 1e6)
    x0, y0 = draw(st.floats(-1e3, 1e3)), draw(st.floats(-1e3, 1e3))
    columns, rows = draw(st.integers(1, 300)), draw(st.integers(1, 100))
    return Viewport(x0, x0 + draw(span), y0, y0 + draw(span), columns, rows)


def test_corners_follow_the_convention():
    assert SQUARE.cell(-2.0, 2.0) == (0, 0)
    assert SQUARE.cell(-1.5, 1.0) == (5, 5)  # on an edge between cells: the next one's
    assert SQUARE.cell(2.0, -2.0) == (39, 19)
    assert SQUARE.cell(0.0, 0.0) == (20, 10)
    assert SQUARE.subcell(0.0, 0.0) == (40, 40)
    assert SQUARE.subcell(-1.94, 2.0) == (1, 0)


@pytest.mark.parametrize("point", [(2.1, 0.0), (0.0, -2.01), (math.nan, 0.0), (0.0, math.inf), (1e308, 1e308)])
def test_a_point_outside_has_no_cell(point):
    assert SQUARE.cell(*point) is None
    assert SQUARE.subcell(*point) is None


@given(viewports(), st.data())
def test_a_cells_centre_lies_in_the_cell(view, data):
    column = data.draw(st.integers(0, view.columns - 1))
    row = data.draw(st.integers(0, view.rows - 1))
    assert view.cell(*view.centre(column, row)) == (column, row)
    xs, ys = view.centres()
    assert (xs[column], ys[row]) == view.centre(column, row)
    assert len(xs) == view.columns
    assert len(ys) == view.rows


@given(viewports(), st.floats(0, 1), st.floats(0, 1))
def test_positions_agree_with_cells(view, across, down):
    x, y = view.x0 + across * view.width, view.y0 + down * view.height
    cell = view.cell(min(x, view.x1), min(y, view.y1))
    position = view.column_positions(np.array([x]))[0], view.row_positions(np.array([y]))[0]
    assert cell is not None
    assert abs(cell[0] + 0.5 - position[0]) <= 0.5 + 1e-9
    assert abs(cell[1] + 0.5 - position[1]) <= 0.5 + 1e-9


@given(viewports(), st.floats(0, 1), st.floats(0, 1), st.floats(0.1, 10))
def test_zoom_keeps_its_focus_in_place_and_is_undone_by_its_inverse(view, across, up, factor):
    focal = (view.x0 + across * view.width, view.y0 + up * view.height)
    nearer = view.zoom(focal, factor)
    assert nearer.width == pytest.approx(view.width / factor, rel=1e-6)
    assert (focal[0] - nearer.x0) / nearer.width == pytest.approx(across, abs=1e-6)
    assert (focal[1] - nearer.y0) / nearer.height == pytest.approx(up, abs=1e-6)
    back = nearer.zoom(focal, 1 / factor)
    assert back.x0 == pytest.approx(view.x0, abs=1e-6 * max(view.width, 1.0))
    assert back.y1 == pytest.approx(view.y1, abs=1e-6 * max(view.height, 1.0))


@given(viewports(), st.floats(-2, 2), st.floats(-2, 2))
def test_pan_moves_by_fractions_and_back(view, dx, dy):
    there = view.pan(dx, dy)
    assert there.x0 - view.x0 == pytest.approx(dx * view.width, abs=1e-8)
    assert there.y1 - view.y1 == pytest.approx(dy * view.height, abs=1e-8)
    back = there.pan(-dx, -dy)
    assert back.x0 == pytest.approx(view.x0, abs=1e-6)
    assert back.y0 == pytest.approx(view.y0, abs=1e-6)


def test_zooming_stops_where_double_precision_does():
    view = SQUARE
    for _ in range(200):
        view = view.zoom((1.0, 1.0), 2.0)
    assert view == view.zoom((1.0, 1.0), 2.0)
    assert view.cell(*view.centre(7, 3)) is not None
    for _ in range(2000):
        view = view.zoom((1.0, 1.0), 0.5)
    assert math.isfinite(view.width)
    assert view.zoom((math.nan, 0.0), 2.0) is view
    assert view.zoom((0.0, 0.0), -1.0) is view


def test_panning_far_away_stops_too():
    view = Viewport(-1e-6, 1e-6, -1.0, 1.0, 10, 10)
    assert view.pan(1e300, 0.0) is view


@pytest.mark.parametrize(
    "arguments",
    [
        (1.0, 1.0, 0.0, 1.0, 4, 4),
        (2.0, 1.0, 0.0, 1.0, 4, 4),
        (0.0, math.inf, 0.0, 1.0, 4, 4),
        (-1.7e308, 1.7e308, 0.0, 1.0, 4, 4),
        (0.0, math.nan, 0.0, 1.0, 4, 4),
        (0.0, 1.0, 0.0, 1.0, 0, 4),
    ],
)
def test_a_viewport_without_extent_is_refused(arguments):
    with pytest.raises(ValueError, match="viewport needs"):
        Viewport(*arguments)


def test_resizing_keeps_the_box():
    assert SQUARE.resized(10, 5).cell(0.0, 0.0) == (5, 2)
    assert SQUARE.resized(10, 5).x1 == SQUARE.x1
