"""Which values are 0 up to rounding, and which are small."""

import math

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.surface.presets import PRESETS
from curvtui.engine.surface.surface import Surface, open_surface
from curvtui.tui.drawing.glyphs import ASCII, BRAILLE
from curvtui.tui.drawing.numbers import value_text
from curvtui.tui.snapshot.rounding import rounds_to_zero, which_round_to_zero

HIMMELBLAU = open_surface("himmelblau")
ROOT = (3.584428340330492, -1.848126526964404)
"""The fourth minimum to sixteen digits: f there is 0, and what is computed is not."""


def asked(surface, x):
    return rounds_to_zero(surface, x, surface.value_at(x))


def test_what_rounding_leaves_of_a_zero_is_told_from_a_small_value():
    assert 0 < HIMMELBLAU.value_at(ROOT) < 1e-28
    assert asked(HIMMELBLAU, ROOT)
    # Exactly 0 is no rounding; next to the minimum f is small, and that is true.
    assert not asked(HIMMELBLAU, (3.0, 2.0))
    assert not asked(HIMMELBLAU, (ROOT[0] + 1e-9, ROOT[1]))
    assert not asked(open_surface("bowl"), (1e-100, 1e-105))
    assert not asked(open_surface("bowl"), (1.0, 1.0))
    tiny = Surface.from_formula("1e-300*(x**2 + y**2 + 1)", ((-1, 1), (-1, 1)))
    assert not asked(tiny, (0.5, 0.5))


@pytest.mark.parametrize("value", [0.0, math.nan, math.inf, -math.inf])
def test_what_is_no_small_number_is_not_asked_about(value):
    assert not rounds_to_zero(HIMMELBLAU, (1.0, 1.0), value)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(-12, -3), st.floats(0, 7))
def test_no_value_is_called_zero_that_fifty_digits_tell_from_it(a, b, away, turn):
    # (x − a)² + (x y − a b)² about its minimum: how far from it is a value more than rounding?
    surface = Surface.from_formula(f"(x - {a!r})**2 + (x*y - {a * b!r})**2".replace("- -", "+ "), ((-4, 4), (-4, 4)))
    x = (a + 10**away * math.cos(turn), b + 10**away * math.sin(turn))
    with mpmath.workdps(50):
        px, py = mpmath.mpf(x[0]), mpmath.mpf(x[1])
        truth = (px - mpmath.mpf(a)) ** 2 + (px * py - mpmath.mpf(a * b)) ** 2
        # Each square may lose what rounding moves its base by.
        noise = (mpmath.mpf(2) ** -50 * (abs(px * py) + abs(px) + abs(a) + abs(a * b))) ** 2
    if asked(surface, x):
        assert truth <= 4 * noise + 4 * mpmath.sqrt(truth * noise)


def test_many_at_once_are_as_each_alone():
    surface = open_surface("styblinski_tang")
    points = [ROOT, (3.0, 2.0), (0.0, 0.0), (ROOT[0] + 1e-9, ROOT[1])]
    for each in (HIMMELBLAU, surface, Surface.from_preset(PRESETS["rastrigin"])):
        values = [each.value_at(x) for x in points]
        assert which_round_to_zero(each, points, values) == tuple(asked(each, x) for x in points)
    assert which_round_to_zero(HIMMELBLAU, [], []) == ()


def test_the_number_stays_beside_what_it_means():
    assert value_text(7.889e-31, BRAILLE, zero=True) == "7.9e−31 ≈ 0"
    assert value_text(7.889e-31, ASCII, zero=True) == "7.9e-31 ~ 0"
    assert value_text(7.889e-31, BRAILLE, zero=False) == "7.889e−31"
