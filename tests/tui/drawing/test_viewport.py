import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.tui.drawing.cells import Cells
from curvtui.tui.drawing.picture import Picture
from curvtui.tui.drawing.viewport import Viewport
from curvtui.tui.widgets.map_view import MapView

SQUARE = Viewport(-2.0, 2.0, -2.0, 2.0, 40, 20)
SOME = settings(derandomize=True, deadline=None, max_examples=150)


@st.composite
def viewports(draw: st.DrawFn) -> Viewport:
    """Views of any size anywhere, down to where ten thousand numbers are left in a cell."""
    columns, rows = draw(st.integers(1, 300)), draw(st.integers(1, 100))
    size = 10.0 ** draw(st.floats(-140, 140))
    sides = []
    for _ in "xy":
        low = size * draw(st.floats(-1, 1))
        sides.append((low, low + size * 10.0 ** draw(st.floats(-9, 1))))
    (x0, x1), (y0, y1) = sides
    return Viewport(x0, x1, y0, y1, columns, rows)


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


@SOME
@given(viewports(), st.data())
def test_a_cells_centre_lies_in_the_cell(view, data):
    column = data.draw(st.integers(0, view.columns - 1))
    row = data.draw(st.integers(0, view.rows - 1))
    assert view.cell(*view.centre(column, row)) == (column, row)
    xs, ys = view.centres()
    assert (xs[column], ys[row]) == view.centre(column, row)
    assert len(xs) == view.columns
    assert len(ys) == view.rows


@SOME
@given(viewports(), st.floats(0, 1), st.floats(0, 1))
def test_positions_agree_with_cells(view, across, down):
    x, y = view.x0 + across * view.width, view.y0 + down * view.height
    cell = view.cell(min(x, view.x1), min(y, view.y1))
    position = view.column_positions(np.array([x]))[0], view.row_positions(np.array([y]))[0]
    assert cell is not None
    assert abs(cell[0] + 0.5 - position[0]) <= 0.5 + 1e-9
    assert abs(cell[1] + 0.5 - position[1]) <= 0.5 + 1e-9


@SOME
@given(viewports(), st.data())
def test_a_place_on_the_screen_is_the_point_of_the_world_that_is_shown_there(view, data):
    # World to screen, and back by the viewport's own definition: x0 is column 0, x1 the last column's right edge.
    share = data.draw(st.floats(0, 1)), data.draw(st.floats(0, 1))
    x, y = view.x0 + share[0] * view.width, view.y0 + share[1] * view.height
    column, row = float(view.column_positions(np.array(x))), float(view.row_positions(np.array(y)))
    assert view.x0 + column / view.columns * view.width == pytest.approx(x, abs=1e-9 * view.width + 4 * math.ulp(x))
    assert view.y1 - row / view.rows * view.height == pytest.approx(y, abs=1e-9 * view.height + 4 * math.ulp(y))
    # Right is right and up is up.
    assert (column, row) == pytest.approx((share[0] * view.columns, (1 - share[1]) * view.rows), abs=1e-4)
    # Dots divide cells: of 2 x 4 in a cell, each lies in it.
    cell, dot = view.cell(min(x, view.x1), min(y, view.y1)), view.subcell(min(x, view.x1), min(y, view.y1))
    assert cell is not None
    assert dot is not None
    assert abs(dot[0] // 2 - cell[0]) <= (abs(column - round(column)) < 1e-4)
    assert abs(dot[1] // 4 - cell[1]) <= (abs(row - round(row)) < 1e-4)


@SOME
@given(viewports(), st.data())
def test_the_cursor_in_a_cell_is_a_point_of_that_cell(view, data):
    # What a click or an arrow key puts the cursor on is a round number; it must be shown where it was put.
    map_view = MapView()
    map_view.picture = Picture(Cells.blank(view.columns + 5, view.rows + 2), view, 5, 1, None, True)
    column = data.draw(st.integers(0, view.columns - 1))
    row = data.draw(st.integers(0, view.rows - 1))
    point = map_view.point_at(column + 5, row + 1)
    assert point is not None
    assert view.cell(*point) == (column, row)
    assert map_view.point_at(4, row + 1) is map_view.point_at(column + 5, view.rows + 1) is None
    right, up = data.draw(st.integers(-9, 9)), data.draw(st.integers(-9, 9))
    there = view.cell(*map_view.neighbour(point, right, up))
    assert there == (
        min(max(column + right, 0), view.columns - 1),
        min(max(row - up, 0), view.rows - 1),
    )


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
