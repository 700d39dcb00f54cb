"""Momentum (heavy ball): the step follows a decaying sum of past gradients."""

from typing import NamedTuple

import numpy as np

from ..arrays import Array
from . import modes
from .decay import WEIGHT_DECAY, decayed
from .gradient_descent import LEARNING_RATE
from .hyperparameter import Hyperparameter, Value, Values
from .optimizer import Optimizer, Stability
from .oracle import Oracle

MOMENTUM = Hyperparameter(
    "momentum", 0.9, low=0.0, high=1.0, high_open=True, help="share of the buffer that survives a step"
)
DAMPENING = Hyperparameter(
    "dampening", 0.0, low=0.0, high=1.0, high_open=True, help="share of each new gradient that is left out"
)


class MomentumState(NamedTuple):
    """The iterate, the steps made and torch's ``momentum_buffer``, ``(..., n)``."""

    x: Array
    step: int
    momentum_buffer: Array


def init(x: Array, values: Values) -> MomentumState:
    """Return the state before the first step, with an empty buffer."""
    return MomentumState(x, 0, np.zeros_like(x))


def _fresh(values: Values) -> Value:
    """The share of each new gradient that enters the buffer; torch dampens nothing where there is no momentum."""
    momentum, dampening = values["momentum"], values["dampening"]
    if isinstance(momentum, float) and isinstance(dampening, float):
        return 1.0 - dampening if momentum else 1.0
    return np.where(np.asarray(momentum) == 0.0, 1.0, 1.0 - dampening)


def step(state: MomentumState, oracle: Oracle, values: Values) -> MomentumState:
    """Return b ← μb + (1 − dampening)g, x ← x − ηb.

    As in torch the first gradient enters the buffer whole, undampened, and so do all where μ = 0. The
    learning rate is outside the buffer: a change of it acts on past gradients too (Polyak's and
    Sutskever's form differ there).
    """
    buffer = decayed(oracle.gradient(state.x), state.x, values["weight_decay"])
    if state.step > 0:
        fresh = _fresh(values)
        if not (isinstance(fresh, float) and fresh == 1.0):
            buffer = fresh * buffer
        buffer = values["momentum"] * state.momentum_buffer + buffer
    return MomentumState(state.x - values["lr"] * buffer, state.step + 1, buffer)


def limit(values: Values) -> Value:
    """Return the bound on η·λ_max: η(1 − dampening)(λ + weight_decay) < 2(1 + μ) (Polyak, 1964)."""
    bound = 2.0 * (1.0 + values["momentum"]) / _fresh(values)
    return bound - values["lr"] * values["weight_decay"]


MOMENTUM_DESCENT = Optimizer(
    name="momentum",
    title="Momentum",
    summary="A heavy ball: keeps rolling along valleys, averages a zigzag out.",
    source="torch.optim.SGD(momentum=…); Polyak (1964)",
    hyperparameters=(LEARNING_RATE, MOMENTUM, DAMPENING, WEIGHT_DECAY),
    implied={"nesterov": False},
    init=init,
    step=step,
    stability=Stability(limit, modes=modes.heavy_ball),
)
