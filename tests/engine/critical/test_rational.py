"""Exact values at floats: against hand values, and against mpmath with many digits."""

from fractions import Fraction

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.critical.rational import exact_value
from curvtui.engine.surface.surface import open_surface

mpmath.mp.dps = 60


@pytest.mark.parametrize(
    ("formula", "point", "value"),
    [
        ("sqrt(1 - x**2 - y**2)", (1.0, 0.0), 0),
        ("sqrt(1 - x**2 - y**2)", (0.0, 0.5), None),
        ("sqrt(1 - x**2 - y**2)", (1.0, 1.0), None),
        ("100*sqrt(abs(y - 0.01*x**2)) + 0.01*abs(x + 10)", (-10.0, 1.0), 0),
        ("cbrt(x)*y + exp(0*x) - cos(y - 2)", (-8.0, 2.0), -4),
        ("x**0.5 + y**1.5", (2.25, 4.0), Fraction(19, 2)),
        ("x**y", (0.0, -1.0), None),
        ("x**x + y**2", (0.0, 0.0), 1),
        ("1/x + y", (0.0, 1.0), None),
        ("floor(x) + ceil(y) + sign(x) + max(x, y) + min(x, y)", (0.75, -1.5), Fraction(-3, 4)),
        ("sin(x)", (1.0,), None),
        ("pi*x", (1.0,), None),
        ("log(x) + log2(x)", (1.0,), 0),
        ("x**200", (3.0,), 3**200),
        ("(x**1000)**1000", (3.0,), None),
    ],
)
def test_hand_values(formula, point, value):
    surface = open_surface(formula, ((-20, 20),) * len(point))
    assert exact_value(surface.model.value, point) == value


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.floats(-4, 4), st.floats(-4, 4))
def test_against_many_digits(x, y):
    surface = open_surface("abs(x*y - 1)/(1 + x**2) - (x - 3*y)**3 + sqrt((x + y)**2)", ((-4, 4), (-4, 4)))
    found = exact_value(surface.model.value, (x, y))
    a, b = mpmath.mpf(x), mpmath.mpf(y)
    expected = abs(a * b - 1) / (1 + a**2) - (a - 3 * b) ** 3 + abs(a + b)
    if found is not None:
        difference = mpmath.mpf(found.numerator) / found.denominator - expected
        assert abs(difference) <= mpmath.mpf(10) ** -50 * (1 + abs(expected))
    else:
        assert max(abs(x), abs(y)) < 1e-3 or min(abs(x), abs(y)) < 1e-3  # too many digits only
