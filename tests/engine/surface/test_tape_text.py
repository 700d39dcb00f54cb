"""Derivatives written out as the chain rule leaves them: read back they are the same numbers."""

import numpy as np
import pytest

from curvtui.engine.surface.surface import Surface


@pytest.mark.parametrize(
    "formula",
    [
        "x**4 + y**4 - 4*x*y + 1",
        "sin(x)**3/(1 + exp(-y)) - x**y/3 - -0.1*(x - y)**-2",
        "max(x, y, 2*x - y)*min(x, 1) + abs(x - y) + relu(x) + sigmoid(x*y) + softplus(y)",
        "atan2(y, x) + cbrt(x) + sqrt(x*y) + log(x) + tan(y/7) + pi*x + e**y + asin(x/9) + cosh(x) + tanh(y)",
        "-(x - (y - (x - 1)))/(x/(y/2)) + (-x)**2 + 2**-x + 1e-300*x*1e300",
    ],
)
def test_what_is_written_is_the_derivative(formula):
    surface = Surface.from_formula(formula)
    gradient, hessian = surface.model.unsimplified_text()
    points = np.random.default_rng(1).uniform(0.3, 2.5, (50, 2))
    exact = surface.hessian(points)
    rows = [*zip(gradient, np.moveaxis(surface.gradient(points), -1, 0), strict=True)]
    rows += [(hessian[i][j], exact[:, i, j]) for i in range(2) for j in range(2)]
    for text, values in rows:
        # As a term in both variables, since a constant alone is no surface.
        read = Surface.from_formula(f"0*x + 0*y + ({text})").value(points)
        assert np.allclose(read, values, rtol=1e-12, atol=1e-12)


def test_what_would_be_very_long_is_not_written():
    formula = "x*y"
    for _ in range(18):
        formula = f"sin({formula})*cos({formula})" if len(formula) < 900 else f"sin({formula})"
    assert Surface.from_formula(formula).model.unsimplified_text() is None
