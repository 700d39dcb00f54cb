"""Gradient descent: the step against the gradient."""

from dataclasses import replace
from typing import NamedTuple

from ..arrays import Array
from . import modes
from .decay import WEIGHT_DECAY, decayed
from .hyperparameter import Hyperparameter, Value, Values
from .optimizer import Optimizer, Stability
from .oracle import Oracle

LEARNING_RATE = Hyperparameter(
    "lr", 1e-3, low=0.0, scale="log", help="learning rate η: the length of a step for a gradient of length 1"
)
STEP_LENGTH = replace(LEARNING_RATE, help="learning rate η: about the length of a step in each coordinate")


class GradientDescentState(NamedTuple):
    """The iterate and the steps made."""

    x: Array
    step: int


def init(x: Array, values: Values) -> GradientDescentState:
    """Return the state before the first step."""
    return GradientDescentState(x, 0)


def step(state: GradientDescentState, oracle: Oracle, values: Values) -> GradientDescentState:
    """Return x − η∇f(x)."""
    gradient = decayed(oracle.gradient(state.x), state.x, values["weight_decay"])
    return GradientDescentState(state.x - values["lr"] * gradient, state.step + 1)


def limit(values: Values) -> Value:
    """Return the bound on η·λ_max: |1 − η(λ + weight_decay)| < 1."""
    return 2.0 - values["lr"] * values["weight_decay"]


GRADIENT_DESCENT = Optimizer(
    name="gd",
    title="Gradient descent",
    summary="Steps straight downhill; the yardstick for all others.",
    source="torch.optim.SGD; Cauchy (1847)",
    hyperparameters=(LEARNING_RATE, WEIGHT_DECAY),
    implied={"nesterov": False},
    init=init,
    step=step,
    stability=Stability(limit, modes=modes.plain),
)
