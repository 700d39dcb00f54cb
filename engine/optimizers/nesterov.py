"""Nesterov momentum: the step already includes the next push of the buffer."""

import numpy as np

from ..arrays import Array
from . import modes
from .decay import WEIGHT_DECAY, decayed
from .gradient_descent import LEARNING_RATE
from .hyperparameter import Value, Values
from .momentum import MOMENTUM, MomentumState
from .optimizer import Optimizer, Stability
from .oracle import Oracle


def init(x: Array, values: Values) -> MomentumState:
    """Return the state before the first step, with an empty buffer."""
    return MomentumState(x, 0, np.zeros_like(x))


def step(state: MomentumState, oracle: Oracle, values: Values) -> MomentumState:
    """Return b ← μb + g, x ← x − η(g + μb).

    torch's form stores the look-ahead point itself as x; in Nesterov's own notation the gradient is
    taken at a point besides the iterate.
    """
    gradient = decayed(oracle.gradient(state.x), state.x, values["weight_decay"])
    momentum = values["momentum"]
    buffer = gradient if state.step == 0 else momentum * state.momentum_buffer + gradient
    return MomentumState(state.x - values["lr"] * (gradient + momentum * buffer), state.step + 1, buffer)


def limit(values: Values) -> Value:
    """Return the bound on η·λ_max: η(λ + weight_decay) < 2(1 + μ)/(1 + 2μ).

    From the 2×2 iteration matrix with trace (1 + μ)s and determinant μs, s = 1 − ηλ.
    """
    momentum = values["momentum"]
    return 2.0 * (1.0 + momentum) / (1.0 + 2.0 * momentum) - values["lr"] * values["weight_decay"]


NESTEROV = Optimizer(
    name="nesterov",
    title="Nesterov momentum",
    summary="Momentum that looks ahead before it corrects itself.",
    source="torch.optim.SGD(momentum=…, nesterov=True); Nesterov (1983), Sutskever et al. (2013)",
    hyperparameters=(LEARNING_RATE, MOMENTUM, WEIGHT_DECAY),
    implied={"nesterov": True, "dampening": 0.0},
    init=init,
    step=step,
    stability=Stability(limit, modes=modes.lookahead),
)
