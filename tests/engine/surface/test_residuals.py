"""Residuals found in a formula: f is their sum of squares, and what is none is refused."""

import numpy as np
import pytest

from curvtui.engine.surface.surface import Surface

POINTS = np.random.default_rng(2).uniform(-2, 2, (6, 2))


@pytest.mark.parametrize(
    ("formula", "count", "constant"),
    [
        ("(1 - x)**2 + 100*(y - x**2)**2", 2, 0),
        ("10*x**2 + y**2", 2, 0),
        ("x**4 + y**6/3 + 7", 2, 7),
        ("(x - y)*(x - y) + 2", 1, 2),
        ("0.5*((x - 1)**2 + 3*(x + y)**2) - 4", 2, -4),
        ("-(-(x**2) - 2*y**2)", 2, 0),
        ("x*y*x*y + sin(x)**2*(2 + 1)", 3, 0),
        ("(x**2 + y**2 + 1)**2/(1 + x**2)**2", 1, 0),
        ("pi*(exp(x)*y)**2 + e*cos(x*y)**2", 2, 0),
        ("(3*(x**2)**1)**3*(x)**2 + y^2", 2, 0),
    ],
)
def test_the_residuals_squares_sum_to_f(formula, count, constant):
    surface = Surface.from_formula(formula)
    assert surface.no_residuals is None
    residuals, jacobian = surface.residuals_and_jacobian(POINTS)
    assert residuals.shape == (6, count)
    np.testing.assert_allclose(np.sum(residuals**2, -1) + constant, surface.value(POINTS), rtol=1e-12)
    gradient = 2 * np.einsum("...mn,...m->...n", jacobian, residuals)
    np.testing.assert_allclose(gradient, surface.gradient(POINTS), rtol=1e-9, atol=1e-10)
    alone, slopes = surface.residuals_and_jacobian(POINTS[1])
    np.testing.assert_allclose(alone, residuals[1], rtol=1e-14)
    np.testing.assert_allclose(slopes, jacobian[1], rtol=1e-14)


@pytest.mark.parametrize(
    ("formula", "sentence"),
    [
        ("x**4 + y**4 - 4*x*y + 1", "the term at column 17 is no square"),
        ("x**2 + y", "the term at column 8 is no square"),
        ("x**3", "column 1 is no square"),
        ("x**2 - y**2", "a negative multiple of a square"),
        ("exp(x)", "column 1 is no square"),
        ("x**2/y", "column 6 is no square"),
        ("(x + y)*(x - y)", "is no square"),
        ("x**2.5 + y**2", "no square"),
    ],
)
def test_what_is_no_sum_of_squares(formula, sentence):
    surface = Surface.from_formula(formula)
    assert sentence in surface.no_residuals


def test_a_parameter_decides_the_sign_of_a_weight():
    surface = Surface.from_formula("x**2 + a*y**2", parameters={"a": 2.0})
    assert surface.no_residuals is None
    residuals, _ = surface.residuals_and_jacobian(np.array([1.0, 3.0]))
    np.testing.assert_allclose(residuals**2, [1, 18])
    assert "negative" in surface.with_parameters(a=-1.0).no_residuals


def test_outside_the_domain_residuals_are_nan():
    residuals, jacobian = Surface.from_formula("log(x)**2 + y**2").residuals_and_jacobian(np.array([-1.0, 2.0]))
    assert np.isnan(residuals[0])
    assert np.isfinite(residuals[1])
    assert np.isfinite(jacobian[1]).all()
