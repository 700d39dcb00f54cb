"""Perturbed gradient descent: a small push wherever the gradient is too small to tell a saddle."""

from typing import NamedTuple

import numpy as np

from ..arrays import Array
from . import modes
from .gradient_descent import LEARNING_RATE
from .hyperparameter import Hyperparameter, Value, Values
from .optimizer import Optimizer, Stability
from .oracle import Oracle, norm

THRESHOLD = Hyperparameter(
    "threshold", 1e-3, low=0.0, scale="log", help="gradient norm at or below which a point is perturbed"
)
RADIUS = Hyperparameter(
    "radius", 1e-2, low=0.0, scale="log", help="radius of the ball that a perturbation is drawn from"
)
WAIT = Hyperparameter(
    "wait", 10.0, low=1.0, kind="int", scale="log", unit="steps", help="least time between two perturbations"
)


class PerturbedState(NamedTuple):
    """The iterate, the steps since the last perturbation (inf before any) ``(..., 1)``, and the last step's.

    ``perturbation`` ``(..., n)`` is zero where there was none.
    """

    x: Array
    step: int
    waited: Array
    perturbation: Array


def init(x: Array, values: Values) -> PerturbedState:
    """Return the state before the first step, ready to perturb."""
    return PerturbedState(x, 0, np.full((*x.shape[:-1], 1), np.inf), np.zeros_like(x))


def step(state: PerturbedState, oracle: Oracle, values: Values) -> PerturbedState:
    """Return y − η∇f(y), y = x + ξ with ξ uniform in a ball where ‖∇f(x)‖ is small, else y = x.

    ξ comes only ``wait`` steps after the last one or later. A step with a perturbation takes a second
    gradient. The paper stops where a perturbation did not pay within ``wait`` steps; here the run goes on.
    """
    gradient = oracle.gradient(state.x)
    due = (norm(gradient) <= values["threshold"]) & (state.waited >= values["wait"])
    if not due.any():
        return PerturbedState(
            state.x - values["lr"] * gradient, state.step + 1, state.waited + 1.0, np.zeros_like(state.x)
        )
    push = np.where(due, values["radius"] * in_unit_ball(oracle, state.x.shape), 0.0)
    moved = state.x + push
    oracle.repeat()
    gradient = np.where(due, oracle.gradient(moved), gradient)
    waited = np.where(due, 1.0, state.waited + 1.0)
    return PerturbedState(moved - values["lr"] * gradient, state.step + 1, waited, push)


def in_unit_ball(oracle: Oracle, shape: tuple[int, ...]) -> Array:
    """Return points uniform in the unit ball, ``(..., n)``: a normal direction, a radius u^(1/n)."""
    direction = oracle.normal(shape)
    radius = oracle.uniform((*shape[:-1], 1)) ** (1.0 / shape[-1])
    point: Array = radius * direction / norm(direction)
    return point


def limit(values: Values) -> Value:
    """Return gradient descent's bound on η·λ_max, 2."""
    return 2.0


PERTURBED_GD = Optimizer(
    name="perturbed_gd",
    title="Perturbed gradient descent",
    summary="Gradient descent with a push where it would rest: it leaves saddles.",
    source="Jin, Ge, Netrapalli, Kakade and Jordan, How to Escape Saddle Points Efficiently (2017)",
    hyperparameters=(LEARNING_RATE, THRESHOLD, RADIUS, WAIT),
    init=init,
    step=step,
    stability=Stability(limit, modes=modes.plain),
)
