"""The Taylor model: exact on quadratics, third-order accurate elsewhere."""

import numpy as np
import pytest

from curvtui.engine.curvature.taylor import TaylorModel, taylor_model
from curvtui.engine.surface.surface import Surface


def test_model_of_a_quadratic_is_exact():
    surface = Surface.from_formula("3*x**2 + 2*x*y + 2*y**2 - 4*x - 6*y")
    model = taylor_model(surface, np.array([0.5, -0.5]))
    # From the source texts: f(0.8, −0.1) = −0.82.
    assert float(model(np.array([0.3, 0.4]))) == pytest.approx(-0.82, abs=1e-14)
    assert float(model.at(np.array([0.8, -0.1]))) == pytest.approx(-0.82, abs=1e-14)
    steps = np.random.default_rng(1).normal(size=(7, 3, 2))
    np.testing.assert_allclose(model.error(surface, steps), 0, atol=1e-12)
    np.testing.assert_allclose(model.gradient_after(steps), surface.gradient(model.point + steps), atol=1e-12)


def test_error_falls_with_the_third_power_of_the_step():
    surface = Surface.from_formula("exp(x)*cos(2*y) + x**3")
    model = taylor_model(surface, np.array([0.3, 0.2]))
    direction = np.array([0.6, -0.8])
    coarse, fine = (abs(float(model.error(surface, h * direction))) for h in (1e-2, 1e-3))
    assert coarse / fine == pytest.approx(1000, rel=0.05)


def test_curvature_terms_sum_to_the_quadratic_form():
    generator = np.random.default_rng(3)
    a = generator.normal(size=(3, 3))
    model = TaylorModel(np.zeros(3), 0.0, np.zeros(3), a + a.T)
    steps = generator.normal(size=(5, 3))
    form = 0.5 * np.einsum("ki,ij,kj->k", steps, model.hessian, steps)
    np.testing.assert_allclose(model.curvature_terms(steps).sum(axis=-1), form, atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(model.eigen_coordinates(steps), axis=-1), np.linalg.norm(steps, axis=-1))


def test_curvature_terms_are_ordered_like_the_eigenvalues():
    model = TaylorModel(np.zeros(2), 0.0, np.zeros(2), np.diag([20.0, 2.0]))
    np.testing.assert_allclose(model.curvature_terms(np.array([1.0, 3.0])), [9.0, 10.0])


def test_undefined_and_overflowing_points_stay_quiet():
    surface = Surface.from_formula("log(x) + y**2")
    model = taylor_model(surface, np.array([-1.0, 0.0]))
    assert np.isnan(model(np.array([0.1, 0.1])))
    model = taylor_model(Surface.from_formula("x**4 + y**2"), np.array([1e100, 0.0]))
    assert not np.isfinite(model(np.array([1e200, 1e200])))


def test_one_variable():
    model = taylor_model(Surface.from_formula("x**3"), np.array([1.0]))
    np.testing.assert_allclose(model(np.array([[0.0], [0.1]])), [1.0, 1.33])
