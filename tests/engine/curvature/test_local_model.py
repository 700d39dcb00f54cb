"""The local model as it is drawn: conics on their level, Newton's and Cauchy's steps, errors of the model."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.curvature.local_model import (
    StepKind,
    curvature_axes,
    curve_radius,
    indicatrix,
    indicatrix_height,
    local_model,
)
from curvtui.engine.curvature.spectrum import spectrum
from curvtui.engine.curvature.taylor import taylor_model
from curvtui.engine.surface.surface import Surface

entry = st.floats(-9, 9)
COUPLED = Surface.from_formula("x**4 + y**4 - 4*x*y + 1")


@settings(max_examples=80, deadline=None, derandomize=True)
@given(entry, entry, entry, entry, entry)
def test_newton_on_a_quadratic_reaches_its_critical_point(a, b, d, u, v):
    surface = Surface.from_formula(f"{a}*x**2/2 + {b}*x*y + {d}*y**2/2 + {u}*x + {v}*y")
    found = local_model(surface, np.array([0.5, -0.25]))
    step = found.step(StepKind.NEWTON)
    matrix = np.array([[a, b], [b, d]])
    if abs(np.linalg.det(matrix)) < 1e-3:
        return
    assert step is not None or not np.array(surface.gradient_at((0.5, -0.25))).any()
    if step is not None:
        expected = np.linalg.solve(matrix, -(matrix @ [0.5, -0.25] + [u, v]))
        np.testing.assert_allclose(step.displacement, expected, rtol=1e-6, atol=1e-9)
        # A quadratic is its own model.
        assert step.error == pytest.approx(0, abs=1e-8 * (1 + abs(step.predicted)))


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.floats(-2, 2), st.floats(-2, 2))
def test_cauchys_step_is_the_best_multiple_of_the_gradient(x, y):
    found = local_model(COUPLED, np.array([x, y]))
    step = found.step(StepKind.CAUCHY)
    g = np.array(COUPLED.gradient_at((x, y)))
    curvature = g @ np.array(COUPLED.hessian_at((x, y))) @ g
    if step is None:
        assert curvature <= 0 or not g.any()
        return
    best = found.model(step.displacement)
    for factor in (0.5, 0.9, 0.999, 1.001, 1.1, 2.0):
        assert found.model(factor * step.displacement) >= best - 1e-9 * (1 + abs(best))
    assert step.displacement[0] * g[1] == pytest.approx(step.displacement[1] * g[0], abs=1e-9)


def test_the_errors_of_a_step_by_hand():
    # f = x⁴ at 1: q(p) = 1 + 4p + 6p²; Newton's step is −1/3, q changes by −2/3 and f by (2/3)⁴ − 1.
    found = local_model(Surface.from_formula("x**4"), np.array([1.0]), learning_rate=0.05)
    newton = found.step(StepKind.NEWTON)
    assert newton.displacement.tolist() == pytest.approx([-1 / 3])
    assert newton.predicted == pytest.approx(-2 / 3)
    assert newton.actual == pytest.approx((2 / 3) ** 4 - 1)
    assert newton.error == pytest.approx((2 / 3) ** 4 - 1 + 2 / 3)
    assert newton.relative_error == pytest.approx(newton.error * 1.5)
    assert newton.ratio == pytest.approx(newton.actual / newton.predicted)
    gradient = found.step(StepKind.GRADIENT)
    assert gradient.displacement.tolist() == pytest.approx([-0.2])
    assert gradient.predicted == pytest.approx(-0.8 + 6 * 0.04)


def test_which_steps_there_are():
    def kinds(formula, x, rate=None):
        return [step.kind for step in local_model(Surface.from_formula(formula), np.array(x), rate).steps]

    assert kinds("x**2 + y**2", [1.0, 1.0]) == [StepKind.NEWTON, StepKind.CAUCHY]
    assert kinds("x**2 + y**2", [1.0, 1.0], 0.1) == list(StepKind)
    assert kinds("x**2 + y**2", [0.0, 0.0], 0.1) == []
    assert kinds("x**2 + y", [1.0, 1.0], 0.1) == [StepKind.GRADIENT, StepKind.CAUCHY]
    assert kinds("-x**2 - y**2", [1.0, 1.0], 0.1) == [StepKind.NEWTON, StepKind.GRADIENT]
    assert kinds("log(x) + y", [-1.0, 1.0], 0.1) == []
    assert not local_model(Surface.from_formula("log(x) + y"), np.array([-1.0, 1.0])).defined


@settings(max_examples=100, deadline=None, derandomize=True)
@given(entry, entry, entry, st.floats(0.01, 10))
def test_conics_lie_on_their_level(a, b, d, radius):
    matrix = np.array([[a, b], [b, d]])
    found = spectrum(matrix)
    height = indicatrix_height(found, radius)
    conic = indicatrix(found, height, 5 * radius)
    values = np.linalg.eigvalsh(matrix)
    kind = "hyperbola" if values[0] < 0 < values[1] else "ellipse"
    if not any(found.zero):
        assert conic.kind == kind
    for branches, level in ((conic.up, height), (conic.down, -height)):
        for branch in branches:
            form = 0.5 * np.sum((branch @ matrix) * branch, axis=1)
            size = np.linalg.norm(matrix) * np.max(np.sum(branch**2, axis=1))
            np.testing.assert_allclose(form, level, atol=1e-9 * size)
    axes = curvature_axes(found, height, 1e6 * radius)
    curved = [np.hypot(*axis.reach) for axis in axes if axis.sign]
    if curved:
        assert max(curved) == pytest.approx(radius)
        for axis in axes:
            if axis.sign:
                assert np.hypot(*axis.reach) == pytest.approx(math.sqrt(2 * height / abs(axis.eigenvalue)))
                np.testing.assert_allclose(matrix @ axis.reach, axis.eigenvalue * axis.reach, atol=1e-7 * radius * 10)


def test_conics_of_flat_directions():
    trough = spectrum(np.array([[2.0, 0.0], [0.0, 0.0]]))
    height = indicatrix_height(trough, 1.0)
    assert height == pytest.approx(1.0)
    conic = indicatrix(trough, height, 7.0)
    assert (conic.kind, len(conic.up), len(conic.down)) == ("two lines", 2, 0)
    assert sorted({float(x) for line in conic.up for x in line[:, 0]}) == pytest.approx([-1, 1])
    assert max(abs(float(y)) for line in conic.up for y in line[:, 1]) == 7
    ridge = indicatrix(spectrum(np.array([[-2.0, 0.0], [0.0, 0.0]])), 1.0, 7.0)
    assert (len(ridge.up), len(ridge.down)) == (0, 2)
    assert indicatrix_height(spectrum(np.zeros((2, 2))), 1.0) == 0
    assert indicatrix(spectrum(np.zeros((2, 2))), 0.0, 1.0).kind == "flat"
    assert indicatrix(spectrum(np.full((2, 2), math.nan)), 1.0, 1.0).kind == "flat"
    assert curvature_axes(spectrum(np.full((2, 2), math.nan)), 1.0, 1.0) == ()


def test_long_axes_are_cut():
    axes = curvature_axes(spectrum(np.diag([1e-8, 1.0])), 0.5, 3.0)
    assert [float(np.hypot(*axis.reach)) for axis in axes] == pytest.approx([3.0, 1.0])


def test_radius_of_the_osculating_circle():
    # A circle of radius 5 has its own radius everywhere.
    circle = Surface.from_formula("-sqrt(25 - x**2)")
    for x in (0.0, 1.5, 3.0, -4.0):
        assert curve_radius(taylor_model(circle, np.array([x]))) == pytest.approx(5.0)
    assert curve_radius(taylor_model(Surface.from_formula("3*x"), np.array([1.0]))) == math.inf
