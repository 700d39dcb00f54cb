import math
import subprocess
import sys

import contourpy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.tui.drawing.cells import DEFAULT
from curvtui.tui.drawing.curves import Series
from curvtui.tui.drawing.glyphs import ASCII, BLOCK, BRAILLE
from curvtui.tui.drawing.plans import plan_map
from curvtui.tui.drawing.plots import CurveMark, contour_map, curve

SQUARE = ((-2.0, 2.0), (-2.0, 2.0))
anything = st.floats(allow_nan=True, allow_infinity=True)


def lit_dots(frame) -> set[tuple[int, int]]:
    """Read the dots of the plot area back from its characters."""
    dots = set()
    places = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]
    for row in range(frame.viewport.rows):
        for column in range(frame.viewport.columns):
            bits = ord(frame.cells.chars[frame.top + row, frame.left + column]) - 0x2800
            if 0 < bits < 256:
                dots |= {(2 * column + x, 4 * row + y) for k, (x, y) in enumerate(places) if bits >> k & 1}
    return dots


def quartic_lines(levels, points=81):
    xs = np.linspace(-2, 2, points)
    x, y = np.meshgrid(xs, xs)
    generator = contourpy.contour_generator(xs, xs, x**4 + y**4 - 4 * x * y + 1)
    return [(level, generator.lines(level)) for level in levels]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=4),
    st.sampled_from([SQUARE, ((1 - 5e-12, 1 + 5e-12), (-3e8, 1e8)), ((0.0, 1e-300), (-1e250, 3e250))]),
    st.integers(20, 90),
    st.integers(6, 40),
)
def test_a_point_lights_the_dot_that_the_viewport_names(fractions, box, width, height):
    (x0, x1), (y0, y1) = box
    points = [(x0 + a * (x1 - x0), y0 + b * (y1 - y0)) for a, b in fractions]
    points = [(min(x, x1), min(y, y1)) for x, y in points]
    lines = [(0.0, [np.array([point])]) for point in points]
    frame = contour_map(lines, box, width, height, [0xFFFFFF] * len(lines))
    assert frame.viewport.columns + frame.left == width
    named = {frame.viewport.subcell(*point) for point in points}
    dots = lit_dots(frame)
    # Dots of different colours do not share a cell: the last drawn keeps it.
    assert dots <= named
    assert {(c // 2, r // 4) for c, r in dots} == {(c // 2, r // 4) for c, r in named}


@pytest.mark.parametrize("glyphs", [BRAILLE])
def test_a_straight_line_lights_its_dots_end_to_end(glyphs):
    level = contour_map([(0.0, [np.array([[-9.0, 0.5], [9.0, 0.5]])])], SQUARE, 50, 20, [7], glyphs=glyphs)
    row = level.viewport.subcell(0.0, 0.5)[1]
    assert lit_dots(level) == {(column, row) for column in range(2 * level.viewport.columns)}
    upright = contour_map([(0.0, [np.array([[0.5, -9.0], [0.5, 9.0]])])], SQUARE, 50, 20, [7])
    column = upright.viewport.subcell(0.5, 0.0)[0]
    assert lit_dots(upright) == {(column, row) for row in range(4 * upright.viewport.rows)}


def test_level_lines_stay_on_their_level():
    frame = contour_map(quartic_lines([3.0]), SQUARE, 75, 32, [0xABCDEF])
    view = frame.viewport
    assert len(lit_dots(frame)) > 150
    for column, row in lit_dots(frame):
        # The level must be crossed within a dot of the lit one.
        xs = view.x0 + (column + np.linspace(-1, 2, 13)) / (2 * view.columns) * view.width
        ys = view.y1 - (row + np.linspace(-1, 2, 13)) / (4 * view.rows) * view.height
        x, y = np.meshgrid(xs, ys)
        values = x**4 + y**4 - 4 * x * y + 1
        assert values.min() <= 3.0 <= values.max()


def test_each_level_has_its_own_colour_and_axes_have_theirs():
    frame = contour_map(quartic_lines([2.0, 8.0]), SQUARE, 60, 25, [0x111111, 0x222222], axis_colour=0x333333)
    area = frame.cells.fg[frame.top : frame.top + frame.viewport.rows, frame.left :]
    assert set(np.unique(area)) == {DEFAULT, 0x111111, 0x222222}
    assert (frame.cells.fg[:, : frame.left] == 0x333333).all()
    assert (frame.cells.fg[-2:] == 0x333333).all()


def test_ticks_stand_beside_their_values():
    frame = contour_map([], SQUARE, 60, 25, [], names=("w1", "w2"))
    rows = frame.cells.text().split("\n")
    view = frame.viewport
    for label, value in (("2", 2.0), ("1", 1.0), ("0", 0.0), ("−1", -1.0)):
        row = rows[view.cell(0.0, value)[1]]
        assert row.startswith(f"{label:>2}┤")
    axis = rows[-2]
    for value in (-1.0, 0.0, 1.0):
        assert axis[frame.left + view.cell(value, 0.0)[0]] == "┬"
    assert "w1" in rows[-1]
    assert "w2" in frame.cells.text()


def test_a_narrow_box_counts_from_an_offset():
    text = contour_map([], ((1 - 5e-13, 1 + 5e-13), (-500.0, 500.0)), 70, 20, [], glyphs=ASCII).cells.text()
    assert "x - 1" in text
    assert "-4e-13" in text
    assert "500" in text
    assert text.isascii()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(anything, anything), max_size=12), st.integers(0, 50), st.integers(0, 20))
def test_any_level_line_and_any_size_survive(points, width, height):
    line = np.array(points, dtype=float).reshape(-1, 2)
    frame = contour_map([(0.0, [line, line[:1]])], SQUARE, width, height, [1])
    assert (frame.cells.width, frame.cells.height) == (width, height)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(anything, max_size=200),
    st.booleans(),
    st.integers(0, 60),
    st.integers(0, 16),
    st.sampled_from("t "),
)
def test_any_curve_and_any_size_survive(values, log, width, height, title):
    ys = np.array(values, dtype=float)
    series = [Series(np.arange(len(ys), dtype=float), ys, 1), Series(ys, ys[::-1], 2)]
    marks = [CurveMark(float(len(ys) // 2), float(ys[len(ys) // 2]) if values else math.nan, "1", 4)]
    marks += [CurveMark(value, value, "2", 5) for value in values[:3]]
    cells = curve(series, width, height, log, marks, horizontals=[(math.nan, 3), (2.0, 3)], title=title.strip())
    assert (cells.width, cells.height) == (width, height)


@pytest.mark.parametrize("values", [[], [3.0], [5.0] * 9, [math.nan, math.inf], [1e308, -1e308, 0.0], [0.0, 0.0]])
@pytest.mark.parametrize("log", [False, True])
def test_a_small_curve_of_hard_values_keeps_its_axes(values, log):
    cells = curve([Series(np.arange(len(values), dtype=float), np.array(values), 1)], 20, 6, log)
    assert "└" in cells.text()


def test_a_constant_and_a_single_value_show():
    constant = curve([Series(np.arange(9.0), np.full(9, 5.0), 0x77)], 24, 7)
    lit = (constant.chars >= "⠁") & (constant.chars <= "⣿")
    assert lit.any(axis=1).sum() == 1
    assert lit.sum() >= 18
    assert (constant.fg[lit] == 0x77).all()
    single = curve([Series(np.array([4.0]), np.array([5.0]), 0x77)], 24, 7)
    assert ((single.chars >= "⠁") & (single.chars <= "⣿")).sum() == 1


def test_a_spike_survives_decimation():
    ys = np.zeros(100_000)
    ys[54_321] = 1.0
    text = curve([Series(np.arange(100_000.0), ys, 1)], 60, 12).text().split("\n")
    assert any("⠁" <= char <= "⣿" for char in text[0])


def test_a_gap_stays_a_gap():
    ys = np.ones(1000)
    ys[400:600] = np.nan
    row = next(r for r in curve([Series(np.arange(1000.0), ys, 1)], 60, 9).text().split("\n") if "⠤" in r)
    plot = row[row.index("┤") + 1 :]
    assert set(plot[len(plot) * 42 // 100 : len(plot) * 58 // 100]) == {" "}


def test_the_mark_the_dashes_and_the_title_are_where_they_belong():
    ks = np.arange(101.0)
    series = [Series(ks, 10.0 ** (-ks / 25), 1)]
    mark = CurveMark(50.0, 1e-2, "◆", 0x99)
    cells = curve(series, 50, 14, True, [mark], [(1e-3, 0x55)], title="loss")
    rows = cells.text().split("\n")
    assert rows[0].strip() == "loss"
    assert "10⁰" in rows[1]
    at = np.argwhere(cells.chars == "◆")
    assert at.shape == (1, 2)
    assert cells.fg[tuple(at[0])] == 0x99
    assert cells.bold[tuple(at[0])]
    dashed = np.argwhere((cells.chars == "┄") & (cells.fg == 0x55))
    assert len({int(row) for row, _ in dashed}) == 1
    assert at[0][0] < dashed[0][0]
    plain = curve(series, 50, 14, True, [mark._replace(glyph="@")], title="loss", glyphs=ASCII).text()
    assert plain.isascii()
    assert "1e-2" in plain


@pytest.mark.parametrize("glyphs", [BLOCK, ASCII])
def test_other_glyph_sets_use_no_braille(glyphs):
    text = contour_map(quartic_lines([1.0, 8.0]), SQUARE, 60, 25, [1, 2], glyphs=glyphs).cells.text()
    assert not any("⠀" <= char <= "⣿" for char in text)
    if glyphs is ASCII:
        assert text.isascii()


def test_the_plan_needs_no_plotext_and_is_the_frames():
    code = (
        "import sys; import curvtui.tui.drawing.plans as plans; "
        "plans.plan_map(((0, 1), (0, 1)), 60, 20); print('plotext' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    plan, frame = plan_map(SQUARE, 60, 20), contour_map([], SQUARE, 60, 20, [])
    assert (plan.viewport, plan.left, plan.top) == (frame.viewport, frame.left, frame.top)
