import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.tui.drawing.braille import DotCanvas, clip_segments, pattern_chars
from curvtui.tui.drawing.glyphs import ASCII, BLOCK, BRAILLE
from curvtui.tui.drawing.viewport import Viewport

VIEW = Viewport(0.0, 10.0, 0.0, 10.0, 10, 5)
anything = st.floats(allow_nan=True, allow_infinity=True)
near = st.floats(-15, 25)


def canvas(xs, ys, view=VIEW) -> DotCanvas:
    result = DotCanvas(view)
    result.polyline(np.array(xs, dtype=float), np.array(ys, dtype=float))
    return result


def test_one_dot_is_the_viewports_subcell():
    dots = DotCanvas(VIEW)
    dots.points(np.array([3.3, 11.0, math.nan]), np.array([7.7, 5.0, 1.0]))
    column, row = VIEW.subcell(3.3, 7.7)
    assert dots.dots[row, column]
    assert dots.dots.sum() == 1


def test_braille_bits_stand_where_unicode_puts_them():
    view = Viewport(0.0, 2.0, 0.0, 4.0, 1, 1)
    for dot, (x, y) in enumerate([(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]):
        dots = DotCanvas(view)
        dots.points(np.array([x + 0.5]), np.array([4 - y - 0.5]))
        assert dots.chars(BRAILLE)[0, 0] == chr(0x2800 + (1 << dot))


@given(st.lists(st.tuples(near, near), min_size=2, max_size=6))
def test_a_line_inside_has_no_gap(points):
    inside = [(min(max(x, 0.0), 10.0), min(max(y, 0.0), 10.0)) for x, y in points]
    dots = canvas(*zip(*inside, strict=True)).dots
    lit = {tuple(p) for p in np.argwhere(dots).tolist()}
    reached, front = set(), [next(iter(lit))]
    while front:
        row, column = front.pop()
        if (row, column) in reached:
            continue
        reached.add((row, column))
        front += [(row + i, column + j) for i in (-1, 0, 1) for j in (-1, 0, 1) if (row + i, column + j) in lit]
    assert reached == lit
    for x, y in inside:
        column, row = VIEW.subcell(x, y)
        assert dots[row, column]


@given(st.lists(st.tuples(near, near), min_size=2, max_size=5))
def test_lit_dots_lie_on_the_line(points):
    xs, ys = (np.array(side) for side in zip(*points, strict=True))
    dots = canvas(xs, ys).dots
    samples = np.linspace(0, 1, 2001)
    x = np.concatenate([a + samples * (b - a) for a, b in pairwise(xs)])
    y = np.concatenate([a + samples * (b - a) for a, b in pairwise(ys)])
    for row, column in np.argwhere(dots):
        across, down = (column + 0.5) - VIEW.column_positions(x) * 2, (row + 0.5) - VIEW.row_positions(y) * 4
        assert np.min(np.maximum(np.abs(across), np.abs(down))) <= 1.6


@given(st.lists(st.tuples(anything, anything), max_size=8))
def test_any_coordinates_survive(points):
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    assert canvas(xs, ys).dots.shape == (20, 20)
    starts, ends = clip_segments(VIEW, np.array(xs, dtype=float), np.array(ys, dtype=float))
    for part in (starts, ends):
        assert ((part >= 0) & (part <= 10)).all()


def test_nan_breaks_the_line():
    whole = canvas([1, 5, 9], [5, 5, 5]).dots
    broken = canvas([1, math.nan, 9], [5, 5, 5]).dots
    assert whole.sum() == 17
    assert broken.sum() == 2


@pytest.mark.parametrize("far", [1e308, math.inf, 1.7976931348623157e308])
def test_a_line_to_very_far_away_leaves_through_the_right_edge(far):
    dots = canvas([5.0, far], [5.1, 5.1]).dots
    assert dots.sum() == 10
    assert dots[9, 10:].all()


def test_a_line_across_from_outside_to_outside_is_drawn():
    assert canvas([-1e308, 1e308], [5.1, 5.1]).dots[9].all()
    for ends in ([-1e308, 3e307], [1.1e308, -7e307], [-math.inf, 1e300]):
        assert canvas(ends, [5.1, 5.1]).dots[9].all()
    assert canvas([-5.0, 5.0], [20.0, 30.0]).dots.sum() == 0


def test_many_segments_are_drawn_in_chunks():
    angles = np.linspace(0, 200 * math.pi, 20_001)
    dots = canvas(5 + 4 * np.cos(angles), 5 + 4 * np.sin(angles)).dots
    once = canvas(5 + 4 * np.cos(angles[:201]), 5 + 4 * np.sin(angles[:201])).dots
    assert (dots & once).sum() == once.sum()


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.floats(1e-4, 3.0))
def test_a_long_line_lights_what_its_pieces_do(seed, pace):
    random = np.random.default_rng(seed)
    x, y = 5 + np.cumsum(random.normal(0, pace, (2, 150)), axis=1)
    x[random.integers(0, 150, 2)] = random.choice([math.nan, math.inf, 1e308, 0.0])
    whole = canvas(x, y).dots
    pieces = np.logical_or.reduce([canvas(x[i : i + 2], y[i : i + 2]).dots for i in range(149)])
    np.testing.assert_array_equal(whole, pieces)


def test_every_pattern_has_a_character_of_its_kind():
    every = np.arange(256, dtype=np.uint8)
    braille, block, plain = (pattern_chars(every, glyphs) for glyphs in (BRAILLE, BLOCK, ASCII))
    assert len(set(braille)) == 256
    assert set(block) == set(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█")
    assert all(char.isascii() and char.isprintable() for char in plain)
    for chars in (braille, block, plain):
        assert [k for k, char in enumerate(chars) if char == " "] == [0]


@pytest.mark.parametrize(
    ("dots", "char"),
    [
        ("10 10 10 10", "|"),
        ("00 00 00 11", "_"),
        ("11 00 00 00", '"'),
        ("10 10 01 01", "\\"),
        ("01 01 10 10", "/"),
        ("00 11 00 00", "-"),
        ("00 00 00 10", "."),
        ("01 00 00 00", "'"),
        ("11 11 11 11", "#"),
    ],
)
def test_ascii_ink_lies_where_the_dots_do(dots, char):
    view = Viewport(0.0, 2.0, 0.0, 4.0, 1, 1)
    lit = DotCanvas(view)
    lit.dots[...] = [[int(c) == 1 for c in row] for row in dots.split()]
    assert lit.chars(ASCII)[0, 0] == char
