"""Formulas that are a function of one part of themselves."""

import math

import numpy as np
import pytest

from curvtui.engine.surface.compose import composed, over
from curvtui.engine.surface.surface import Surface

CASES = {
    "1 - cos(2*pi*sqrt(x**2 + y**2)) + 0.1*sqrt(x**2 + y**2)": "x**2 + y**2",
    "(x**2 + y**2 - 1)**2*(x**2 + y**2 - 0.25)**2": "x**2 + y**2",
    "exp(x**4 + y**4)": "x**4 + y**4",
    "sin(x*y)/3 - 2": "x*y",
    "(x + 2*y)**2 + 3*(x + 2*y)": "x + 2*y",
    "a*sin(x - a*y)**2": "x - a*y",
}
RISING = {"exp(x*y)": True, "3 - 2*exp(x*y)": False, "-log(1 + x**4*y**2)/-3": True, "tanh(-(x*y))": False}


@pytest.mark.parametrize("formula", CASES)
def test_the_innermost_part_and_what_is_done_to_it(formula):
    surface = Surface.from_formula(formula, default_parameter=2.0)
    parts = composed(surface)
    assert parts.inner.formula == CASES[formula]
    places = np.random.default_rng(1).uniform(-1.5, 1.5, (50, 2))
    inner = parts.inner.value(places)
    outer = over(parts.outer, float(inner.min()) - 1.0, float(inner.max()) + 1.0, surface)
    np.testing.assert_allclose(outer.value(inner[:, np.newaxis]), surface.value(places), rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("formula", RISING)
def test_strictly_monotone_functions_around_it_are_left_out(formula):
    surface = Surface.from_formula(formula)
    parts = composed(surface)
    assert parts.rising is RISING[formula]
    core, outer = (over(text, 0.5, 2.0, surface) for text in (parts.core, parts.outer))
    values = np.linspace(0.5, 2.0, 40)[:, np.newaxis]
    steps = np.diff(outer.value(values)) * np.diff(core.value(values))
    assert np.all(steps > 0.0 if parts.rising else steps < 0.0)


@pytest.mark.parametrize(
    "formula", ["x*y", "2*(x**2 + y**2) + 1", "-(x*y)/3", "cos(x)*sin(y)", "sin(x*y) + x", "sin(x)"]
)
def test_nothing_is_gained_where_it_is_only_scaled_or_shifted(formula):
    assert composed(Surface.from_formula(formula)) is None


def test_a_part_in_one_variable_only_is_none():
    assert composed(Surface.from_formula("sin(x)**2 + 0*y")) is None
    assert math.isfinite(Surface.from_formula("sin(x)**2 + 0*y").value_at((1.0, 1.0)))
