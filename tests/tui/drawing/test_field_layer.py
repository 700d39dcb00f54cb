"""The gradient field as arrows and streamlines: directions as they are on the screen, marks for no gradient."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.surface.surface import Surface
from curvtui.tui.drawing.field_layer import (
    FieldData,
    arrow,
    field_data,
    field_layer,
    field_legend,
    flat_mark,
    screen_moves,
)
from curvtui.tui.drawing.glyphs import GLYPH_SETS
from curvtui.tui.drawing.palette import pack
from curvtui.tui.drawing.viewport import Viewport
from curvtui.tui.views import FieldStyle

from .looks import ASCII, BRAILLE, LOOKS, NUMBERS, THEME

SQUARE = Viewport(-2.0, 2.0, -2.0, 2.0, 41, 21)
BOWL = Surface.from_formula("x**2 + y**2")
ARROWS = (FieldStyle.DOWNHILL, FieldStyle.UPHILL)


def drawn(surface, view, style, look=BRAILLE):
    layer = field_layer(view, field_data(surface, view, style), style, look)
    assert layer.chars.shape == layer.fg.shape == (view.rows, view.columns)
    return layer


def one(gradient, view, style=FieldStyle.UPHILL, look=BRAILLE):
    """The text of a single arrow in the middle of a view."""
    point = view.centre(view.columns // 2, view.rows // 2)
    data = FieldData(np.array([point]), np.array([gradient], dtype=float))
    return "".join(field_layer(view, data, style, look).chars.ravel().tolist()).strip()


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.floats(0, 2 * math.pi),
    st.floats(1e-8, 1e8),
    st.floats(1e-6, 1e6),
    st.floats(1e-6, 1e6),
    st.integers(5, 200),
    st.integers(5, 80),
)
def test_an_arrow_points_where_a_path_goes_on_the_screen(angle, size, wide, high, columns, rows):
    view = Viewport(-wide, wide, -high, high, columns, rows)
    gradient = size * np.array([math.cos(angle), math.sin(angle)])
    # The truth: two points of the world, a little apart along the gradient, as they are on the screen.
    far = 1e-3 * min(wide, high) * gradient / size
    column = view.column_positions(np.array([0.0, far[0]]))
    row = view.row_positions(np.array([0.0, far[1]]))
    expected = math.atan2(-2.0 * (row[1] - row[0]), column[1] - column[0])
    glyph = one(gradient, view)
    pointed = BRAILLE.glyphs.arrows.index(glyph) * math.pi / 4
    assert math.cos(pointed - expected) >= math.cos(math.pi / 8) - 1e-4
    back = one(gradient, view, FieldStyle.DOWNHILL)
    assert (BRAILLE.glyphs.arrows.index(back) - BRAILLE.glyphs.arrows.index(glyph)) % 8 == 4


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.floats(-1.9, 1.9), st.floats(-1.9, 1.9), st.sampled_from([0.1, 1.0, 30.0]))
def test_moves_are_at_right_angles_to_the_level_lines_in_the_world(x, y, stretch):
    if math.hypot(x, y) < 0.1:
        return
    view = Viewport(-2.0 * stretch, 2.0 * stretch, -2.0, 2.0, 60, 20)
    surface = Surface.from_formula("x**2 + 3*y**2")
    (move,) = screen_moves(np.array([surface.gradient_at((x, y))]), view)
    # Back from columns to the world.
    world = move * (view.width / view.columns, view.height / (2.0 * view.rows))
    level = np.array([-6 * y, 2 * x])
    assert abs(world @ level) <= 1e-9 * np.hypot(*world) * np.hypot(*level)


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize("style", ARROWS)
def test_the_field_of_a_bowl_points_away_from_its_middle_or_towards_it(look, style):
    view = Viewport(-2.0, 2.0, -2.0, 2.0, 41, 21)
    data = field_data(BOWL, view, style)
    sign = 1 if style is FieldStyle.UPHILL else -1
    middle = [one(g, view, style, look) for g in data.gradients if not g.any()]
    assert set(middle) <= {flat_mark(look.glyphs)}
    for point, gradient in zip(data.points, data.gradients, strict=True):
        if point.any():
            expected = round(math.atan2(sign * point[1] * 21 * 2, sign * point[0] * 41) / (math.pi / 4)) % 8
            assert one(gradient, view, style, look) == arrow(expected, look.glyphs)


def test_arrows_stand_on_an_even_lattice():
    layer = drawn(BOWL, Viewport(0.5, 2.5, 0.5, 2.5, 60, 20), FieldStyle.UPHILL)
    rows, columns = np.nonzero(layer.chars != " ")
    assert sorted(set(columns.tolist())) == list(range(1, 60, 4))
    assert sorted(set(rows.tolist())) == list(range(0, 20, 2))
    assert set(layer.fg[rows, columns].tolist()) == {pack(THEME.map.gradient)}


def test_no_gradient_has_a_mark_of_its_own_and_an_undefined_one_none():
    for look in LOOKS.values():
        view = Viewport(-2.0, 2.0, -2.0, 2.0, 5, 5)
        points = np.array([view.centre(0, 0), view.centre(2, 2), view.centre(4, 4)])
        data = FieldData(points, np.array([[0.0, 0.0], [math.nan, 1.0], [1.0, 0.0]]))
        chars = field_layer(view, data, FieldStyle.UPHILL, look).chars
        assert (chars[0, 0], chars[2, 2], chars[4, 4]) == (flat_mark(look.glyphs), " ", look.glyphs.arrows[0])
        assert flat_mark(look.glyphs) not in look.glyphs.arrows


def test_what_is_flat_but_for_rounding_counts_as_flat():
    view = Viewport(-2.0, 2.0, -2.0, 2.0, 5, 5)
    data = FieldData(np.array([view.centre(0, 0), view.centre(4, 4)]), np.array([[1e-16, 0.0], [1.0, 0.0]]))
    assert field_layer(view, data, FieldStyle.UPHILL, BRAILLE).chars[0, 0] == flat_mark(BRAILLE.glyphs)


def test_every_direction_is_told_apart_in_every_glyph_set():
    for glyphs in GLYPH_SETS.values():
        assert len({arrow(direction, glyphs) for direction in range(8)}) == 8
    assert all(arrow(direction, ASCII.glyphs).isascii() for direction in range(8))


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_streamlines_have_heads_that_point_downhill(look):
    slope = Surface.from_formula("x + 0*y")
    layer = drawn(slope, SQUARE, FieldStyle.STREAMLINES, look)
    heads = {character for character in layer.chars.ravel().tolist() if character in look.glyphs.arrows}
    assert heads & {look.glyphs.arrows[4]}
    # Lines of one direction only; in ASCII level lines are made of dashes and dots, which are no heads.
    assert look.glyphs.arrows[0] not in heads


def test_the_legend_names_the_way():
    assert field_legend(FieldStyle.NONE, BRAILLE) == ()
    texts = {style: [entry.text for entry in field_legend(style, BRAILLE)] for style in FieldStyle}
    assert texts[FieldStyle.DOWNHILL][0] == "downhill, −∇f"
    assert texts[FieldStyle.UPHILL] == ["uphill, ∇f", "∇f = 0"]
    assert texts[FieldStyle.STREAMLINES] == ["streamlines, downhill"]
    for style in FieldStyle:
        for entry in field_legend(style, ASCII):
            assert (entry.glyph + entry.text).isascii()


@pytest.mark.parametrize("style", FieldStyle)
@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize(("columns", "rows"), [(1, 1), (2, 1), (1, 9), (7, 4), (200, 2)])
def test_any_size(style, look, columns, rows):
    view = Viewport(-2.0, 2.0, -2.0, 2.0, columns, rows)
    for formula in ("x**2 + 3*y**2", "log(x) + y", "1e200*x**2 - 1e200*y"):
        chars = drawn(Surface.from_formula(formula), view, style, look).chars
        assert all(len(c) == 1 and c.isprintable() for c in chars.ravel().tolist())


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.sampled_from(NUMBERS), st.sampled_from(NUMBERS)), min_size=1, max_size=4))
def test_any_numbers(gradients):
    view = Viewport(-2.0, 2.0, -2.0, 2.0, 9, 4)
    points = np.array([view.centre(2 * k, k) for k in range(len(gradients))])
    for look in LOOKS.values():
        field_layer(view, FieldData(points, np.array(gradients)), FieldStyle.UPHILL, look)
