"""What a method does not see: where the origin is, how the axes are turned, in which units f is measured."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.optimizers.optimizer import Need
from curvtui.engine.optimizers.oracle import Oracle
from curvtui.engine.surface.surface import Surface

ADAPTIVE = {"adagrad", "adadelta", "rmsprop", "adam", "amsgrad", "adamw", "nadam", "radam", "adamax"}
SIGNS = {"rprop", "lion", "signgd"}
PLAIN = {"gd", "momentum", "nesterov"}
GRADIENTS = PLAIN | {"sam", "perturbed_gd", "gradient_flow"}
SEARCHES = {"line_search_gd", "conjugate_gradient", "bfgs"}
CURVATURE = {"newton", "saddle_free_newton", "damped_newton", "trust_region", "gauss_newton"}
EVERY = sorted(OPTIMIZERS)

ROTATION = GRADIENTS | SEARCHES | CURVATURE | {"barzilai_borwein"}
"""A rotated landscape has the rotated path; the others look at one coordinate at a time (L-BFGS, at its first step)."""
RATE_OVER_SCALE = GRADIENTS | {"line_search_gd"}
"""f times c has the same path at lr/c, where a learning rate multiplies gradients or time."""
LENGTHS = SIGNS | ADAPTIVE - {"adadelta", "radam"}
"""Each step is a length (with eps = 0); RAdam starts with plain steps, Adadelta's ε sets a scale."""
FIRST_LENGTH = {"bfgs", "lbfgs", "conjugate_gradient"}
"""The first trial step is a length where the gradient is longer than 1, as it is at START."""
SCALE_FREE = LENGTHS | FIRST_LENGTH | {"adahessian"} | CURVATURE - {"damped_newton"}
"""f times c has the same path; damped Newton's first shift has f's units."""
AFFINE = {"newton", "gauss_newton"}
"""Any linear change of the coordinates changes the path alike."""
CONVEX_NEWTON = {"saddle_free_newton", "trust_region"}
"""Newton's method itself where f is convex and the step short, as here; not affine elsewhere."""

PEAK = Surface.from_formula("x**4/2 + y**4 + x*y/2 + x**2 + exp(x - y)/3 + y**2/5")
SQUARES = Surface.from_formula("(x**2 + y - 1)**2 + (x - y**2/2 + 1/3)**2 + (y/2 + x/5)**2")
START = np.array([0.9, -0.7])
TURN = np.array([[0.8, -0.6], [0.6, 0.8]])


@dataclass(frozen=True)
class Seen:
    """A surface in other coordinates, x = matrix⁻¹(u − shift), and times ``factor``."""

    surface: Surface = PEAK
    matrix: Any = field(default_factory=lambda: np.eye(2))
    shift: Any = 0.0
    factor: float = 1.0
    box = PEAK.box

    def inner(self, u):
        return np.linalg.solve(self.matrix, np.array(u) - self.shift)

    def value_at(self, u):
        return self.factor * self.surface.value_at(self.inner(u).tolist())

    def gradient_at(self, u):
        gradient = self.surface.gradient_at(self.inner(u).tolist())
        return tuple((self.factor * np.linalg.solve(self.matrix.T, np.array(gradient))).tolist())

    def hessian_at(self, u):
        inverse = np.linalg.inv(self.matrix)
        hessian = np.array(self.surface.hessian_at(self.inner(u).tolist()))
        return tuple(map(tuple, (self.factor * inverse.T @ hessian @ inverse).tolist()))

    def residuals_and_jacobian(self, u):
        residuals, jacobian = self.surface.residuals_and_jacobian(self.inner(u))
        root = np.sqrt(self.factor)
        return root * residuals, root * jacobian @ np.linalg.inv(self.matrix)


def seen(name, **options):
    """The landscape of a method's tests: one with residuals where it needs them."""
    return Seen(SQUARES if name == "gauss_newton" else PEAK, **options)


def path(name, landscape, start, lr, steps=25, **given):
    """The iterates; a search makes few steps, for once it has converged rounding decides."""
    optimizer = OPTIMIZERS[name]
    steps = min(steps, 6) if Need.VALUE in optimizer.needs else steps
    for setting in ("weight_decay", "eps", "threshold"):
        if optimizer.hyperparameter(setting) and not (setting == "eps" and name == "adadelta"):
            given = {setting: 0.0, **given}
    if optimizer.hyperparameter("lr"):
        given = {"lr": lr, **given}
    values = optimizer.values(given)
    oracle = Oracle(landscape)
    state = optimizer.init(np.array(start), values)
    points = [state.x]
    for index in range(steps):
        oracle.begin(index)
        state = optimizer.step(state, oracle, values)
        points.append(state.x)
    return np.array(points)


def agree(one, other):
    return np.allclose(one, other, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("name", EVERY)
def test_a_shifted_landscape_has_the_shifted_path(name):
    shift = np.array([3.0, -1.5])
    moved = path(name, seen(name, shift=shift), START + shift, 0.02)
    assert agree(moved - shift, path(name, seen(name), START, 0.02))
    assert np.abs(moved[-1] - moved[0]).max() > 1e-3


@pytest.mark.parametrize("name", EVERY)
def test_a_turned_landscape_has_the_turned_path_where_that_is_declared(name):
    turned = path(name, seen(name, matrix=TURN), TURN @ START, 0.02)
    assert agree(turned @ TURN, path(name, seen(name), START, 0.02)) is (name in ROTATION)


@pytest.mark.parametrize("name", EVERY)
def test_f_in_other_units_has_the_same_path_where_that_is_declared(name):
    plain = path(name, seen(name), START, 0.02)
    assert agree(path(name, seen(name, factor=8.0), START, 0.02), plain) is (name in SCALE_FREE)
    if OPTIMIZERS[name].hyperparameter("lr"):
        assert agree(path(name, seen(name, factor=8.0), START, 0.02 / 8.0), plain) is (name in RATE_OVER_SCALE)


@pytest.mark.parametrize("name", sorted(set(EVERY) - CONVEX_NEWTON))
def test_a_skewed_landscape_has_the_skewed_path_where_that_is_declared(name):
    skew = np.array([[2.0, 0.5], [-0.25, 0.75]])
    skewed = path(name, seen(name, matrix=skew), skew @ START, 0.5)
    assert agree(skewed @ np.linalg.inv(skew).T, path(name, seen(name), START, 0.5)) is (name in AFFINE)


@pytest.mark.parametrize("name", sorted(LENGTHS))
def test_x_in_other_units_has_the_same_path_at_a_rate_in_those_units(name):
    # Each step of a scale-free method is a length: the learning rate is in units of x.
    plain = path(name, seen(name), START, 0.02)
    assert agree(path(name, seen(name, matrix=4.0 * np.eye(2)), 4.0 * START, 0.08) / 4.0, plain)


@pytest.mark.parametrize("name", ["lion", "signgd", "rprop"])
def test_methods_that_look_at_signs_are_blind_to_a_monotone_change_of_f(name):
    # exp∘f has the signs of f's slopes; Lion averages slopes and so sees lengths: only β₁ = β₂ = 0 blinds it.
    given = {"beta1": 0.0, "beta2": 0.0} if name == "lion" else {}

    class Exponential:
        box = PEAK.box

        def gradient_at(self, x):
            factor = np.exp(PEAK.value_at(x))
            return tuple(factor * slope for slope in PEAK.gradient_at(x))

    assert agree(path(name, Exponential(), START, 0.02, **given), path(name, PEAK, START, 0.02, **given))
