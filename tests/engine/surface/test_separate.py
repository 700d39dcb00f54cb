"""Sums of a function of x and one of y, found in how a formula is written."""

import numpy as np
import pytest

from curvtui.engine.surface.separate import separated
from curvtui.engine.surface.surface import Surface, open_surface


@pytest.mark.parametrize(
    ("formula", "parameters"),
    [
        ("rastrigin", {}),
        ("styblinski_tang", {}),
        ("x**2 - (y - x**3)", {}),
        ("-(sin(x) - 2*(3 - y*4)/5)/7 + 1", {}),
        ("-x**2 - -y**-2 + 1.5e-3*exp(x)**2**y**0 - max(x, 1, -x)", {}),
        ("a*(x - c)**2 - atan2(y, b)/(a + 1)", {"a": 3.5, "b": -0.1, "c": 1.0}),
        ("w1**4 + 2*Abs(w2)", {}),
    ],
)
def test_the_parts_add_up(formula, parameters):
    surface = open_surface(formula, parameters=parameters)
    parts = separated(surface)
    if "y**0" in formula:
        assert parts is None  # one term has both
        return
    first, second = parts
    assert (*first.variables, *second.variables) == surface.variables
    assert (*first.box, *second.box) == surface.box
    points = np.random.default_rng(3).uniform(0.1, 2.0, (40, 2))
    together = first.value(points[:, :1]) + second.value(points[:, 1:])
    assert np.allclose(together, surface.value(points), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    "formula", ["x*y", "(x + y)**2", "x + floor(x*y)", "1/(x + y)", "x**2", "(x + 1)*(y + 1)", "x + 1"]
)
def test_what_is_no_such_sum_is_left_alone(formula):
    assert separated(Surface.from_formula(formula)) is None
