"""The next step on the map: arrows, letters, probes, the trust region."""

import math

import numpy as np
import pytest

from curvtui.tui.drawing.overlay import Marks, lay_over
from curvtui.tui.drawing.palette import pack
from curvtui.tui.drawing.step_marks import ARROW_KINDS, LONGEST, Arrow, StepMarks, letter, magnification
from curvtui.tui.drawing.viewport import Viewport

from .looks import ASCII, BRAILLE, LOOKS, NUMBERS, THEME, sound
from .test_overlay import picture_of, where

VIEW = Viewport(-4.0, 4.0, -2.0, 2.0, 80, 20)
"""Ten columns and five rows a unit."""


def drawn(marks, look=BRAILLE, size=(41, 21)):
    """A map of a cell a unit with the step on it."""
    picture = picture_of(*size)
    cells = lay_over(picture, Marks(step=marks), look)
    sound(cells, picture.cells.width, picture.cells.height, look)
    return cells


@pytest.mark.parametrize(
    ("lengths", "factor"),
    [
        ([(1.4, 0.0)], 1.0),  # 14 columns: as long as an arrow may be
        ([(0.8, 0.0)], 1.0),
        ([(0.7, 0.0)], 2.0),
        ([(0.2, 0.0)], 5.0),
        ([(0.139, 0.0)], 10.0),
        ([(0.0, 0.139)], 10.0),  # a row is two columns high
        ([(0.001, 0.0), (0.139, 0.0), (0.0, 0.0)], 10.0),
        ([(1.39e-7, 0.0)], 1e7),
        ([(9.0, 9.0)], 1.0),
        ([(1e308, 1e308)], 1.0),
        ([(0.0, 0.0)], 1.0),
        ([], 1.0),
        ([(math.nan, 1.0)], 1.0),
        ([(math.inf, 1.0)], 1.0),
    ],
)
def test_the_longest_arrow_is_drawn_as_long_as_there_is_room(lengths, factor):
    assert magnification(VIEW, lengths) == pytest.approx(factor)


@pytest.mark.parametrize("length", [5e-324, 1e-320, 1e-300, 1e-30, 0.003, 0.6, 1.0, 1e30, 1e308])
def test_any_length_has_a_magnification(length):
    factor = magnification(VIEW, [(length, 0.0)])
    assert 1.0 <= factor < math.inf
    assert factor == 1.0 or 10.0 * length * factor <= LONGEST * 1.000001


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize("kind", ARROW_KINDS)
def test_an_arrow_goes_to_its_tip_and_has_its_letter_there(look, kind):
    cells = drawn(StepMarks((Arrow(kind, (0.0, 0.0), (8.0, 0.0)),)), look)
    ((column, row),) = where(cells, letter(kind, look.glyphs))
    assert (column, row) == (2 + 28, 1 + 10)
    assert cells.fg[row, column] == pack(getattr(THEME.map, kind))
    shaft = cells.fg[row, 22 : column + 1]
    assert set(shaft.tolist()) == {pack(getattr(THEME.map, kind))}
    assert (cells.chars[row, 22:column] != " ").all()
    assert not (cells.chars[row, column + 1 :] != " ").any()


def test_letters_tell_the_kinds_apart():
    for look in LOOKS.values():
        assert len({letter(kind, look.glyphs) for kind in ARROW_KINDS}) == len(ARROW_KINDS)
    assert letter("step", ASCII.glyphs).isascii()


@pytest.mark.parametrize(
    ("tip", "place"),
    [
        ((1000.0, 0.0), (42, 11)),
        ((-1000.0, 0.0), (2, 11)),
        ((0.0, 1000.0), (22, 1)),
        ((0.0, -1000.0), (22, 21)),
        ((2000.0, 1000.0), (42, 1)),
        ((41.0, 10.25), (42, 6)),  # leaves at the right, at (20.5, 5.125)
        ((1e308, 0.0), (42, 11)),
        ((-1e308, 0.0), (2, 11)),
    ],
)
def test_an_arrow_that_leaves_the_view_has_its_letter_at_the_border(tip, place):
    (found,) = where(drawn(StepMarks((Arrow("step", (0.0, 0.0), tip),))), "Δ")
    assert found == place


def test_an_arrow_from_outside_that_stays_outside_has_no_letter():
    cells = drawn(StepMarks((Arrow("step", (50.0, 0.0), (90.0, 0.0)),)))
    assert not (cells.chars != " ").any()


def test_an_arrow_shorter_than_a_cell_has_no_letter():
    assert not where(drawn(StepMarks((Arrow("step", (0.0, 0.0), (0.4, 0.4)),))), "Δ")


def test_the_step_lies_on_top():
    arrows = tuple(Arrow(kind, (0.0, 0.0), (8.0, 0.0)) for kind in reversed(ARROW_KINDS))
    cells = drawn(StepMarks(arrows))
    assert cells.chars[11, 30] == "Δ"
    assert set(cells.fg[11, 22:31].tolist()) == {pack(THEME.map.step)}


def test_probes_are_beads_and_the_one_taken_stands_out():
    cells = drawn(StepMarks(probes=((5.0, 0.0, False), (2.0, 0.0, True), (900.0, 0.0, False))))
    bead = BRAILLE.glyphs.bead
    assert where(cells, bead) == [(24, 11), (27, 11)]
    assert cells.fg[11, 27] == pack(THEME.map.hatch)
    assert cells.fg[11, 24] == pack(THEME.map.iterate)


def test_the_trust_region_is_a_circle_of_its_radius():
    cells = drawn(StepMarks(region=(0.0, 0.0, 8.0), trial=(8.0, 0.0)))
    rows, columns = np.nonzero((cells.chars != " ") & (cells.chars != "t"))
    away = np.hypot(columns - 22, rows - 11)
    assert (np.abs(away - 8.0) < 1.2).all()
    assert len(away) > 30
    assert where(cells, "t") == [(30, 11)]


def test_the_worst_point_has_a_letter():
    assert where(drawn(StepMarks(worst=(3.0, 2.0))), "w") == [(25, 9)]


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize("size", [(1, 1, 0, 0), (3, 1, 0, 2), (40, 12, 5, 1)])
def test_steps_of_any_numbers_are_drawn_at_any_size(look, size):
    finite = [(x, y) for x in NUMBERS for y in NUMBERS if math.isfinite(x) and math.isfinite(y)]
    for tail in finite[::9]:
        arrows = tuple(Arrow(ARROW_KINDS[i % 4], tail, tip) for i, tip in enumerate(finite))
        probes = tuple((x, y, taken) for x in NUMBERS for y in NUMBERS for taken in (True, False))
        for radius in (0.0, 1.5, 1e308, math.inf, math.nan):
            drawn(StepMarks(arrows[:2], probes, (*tail, radius), tail, tail), look, size)
        drawn(StepMarks(arrows), look, size)
