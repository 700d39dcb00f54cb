"""What a method does not see: where the origin is, how the axes are turned, in which units f is measured."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.optimizers.oracle import Oracle
from curvtui.engine.surface.surface import Surface

ADAPTIVE = {"adagrad", "adadelta", "rmsprop", "adam", "amsgrad", "adamw", "nadam", "radam", "adamax"}
SIGNS = {"rprop", "lion", "signgd"}
PLAIN = {"gd", "momentum", "nesterov"}
FIRST_ORDER = sorted(ADAPTIVE | SIGNS | PLAIN)

ROTATION = PLAIN
"""A rotated landscape has the rotated path; the others look at one coordinate at a time."""
RATE_OVER_SCALE = PLAIN
"""f times c has the same path at lr/c."""
SCALE_FREE = SIGNS | ADAPTIVE - {"adadelta", "radam"}
"""f times c has the same path (with eps = 0); RAdam starts with plain steps, Adadelta's ε sets a scale."""

PEAK = Surface.from_formula("x**4/2 + y**4 + x*y/2 + x**2 + exp(x - y)/3 + y**2/5")
START = np.array([0.9, -0.7])
TURN = np.array([[0.8, -0.6], [0.6, 0.8]])


@dataclass(frozen=True)
class Seen:
    """PEAK in other coordinates, x = matrix⁻¹(u − shift), and times ``factor``."""

    matrix: Any = field(default_factory=lambda: np.eye(2))
    shift: Any = 0.0
    factor: float = 1.0
    box = PEAK.box

    def gradient_at(self, u):
        x = np.linalg.solve(self.matrix, np.array(u) - self.shift)
        gradient = self.factor * np.linalg.solve(self.matrix.T, np.array(PEAK.gradient_at(x.tolist())))
        return tuple(gradient.tolist())


def path(name, landscape, start, lr, steps=25, **given):
    optimizer = OPTIMIZERS[name]
    for setting in ("weight_decay", "eps"):
        if optimizer.hyperparameter(setting) and not (setting == "eps" and name == "adadelta"):
            given = {setting: 0.0, **given}
    values = optimizer.values({"lr": lr, **given})
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


@pytest.mark.parametrize("name", FIRST_ORDER)
def test_a_shifted_landscape_has_the_shifted_path(name):
    shift = np.array([3.0, -1.5])
    moved = path(name, Seen(shift=shift), START + shift, 0.02)
    assert agree(moved - shift, path(name, PEAK, START, 0.02))
    assert np.abs(moved[-1] - moved[0]).max() > 1e-3


@pytest.mark.parametrize("name", FIRST_ORDER)
def test_a_turned_landscape_has_the_turned_path_where_that_is_declared(name):
    turned = path(name, Seen(matrix=TURN), TURN @ START, 0.02)
    assert agree(turned @ TURN, path(name, PEAK, START, 0.02)) is (name in ROTATION)


@pytest.mark.parametrize("name", FIRST_ORDER)
def test_f_in_other_units_has_the_same_path_where_that_is_declared(name):
    plain = path(name, PEAK, START, 0.02)
    assert agree(path(name, Seen(factor=8.0), START, 0.02), plain) is (name in SCALE_FREE)
    assert agree(path(name, Seen(factor=8.0), START, 0.02 / 8.0), plain) is (name in RATE_OVER_SCALE)


@pytest.mark.parametrize("name", sorted(SCALE_FREE))
def test_x_in_other_units_has_the_same_path_at_a_rate_in_those_units(name):
    # Each step of a scale-free method is a length: the learning rate is in units of x.
    plain = path(name, PEAK, START, 0.02)
    assert agree(path(name, Seen(matrix=4.0 * np.eye(2)), 4.0 * START, 0.08) / 4.0, plain)


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
