"""Lion: steps of one length along the sign of an average of gradients."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..arrays import Array
from .adam import BETA1, BETA2
from .decay import DECOUPLED_DECAY, shrunk
from .gradient_descent import STEP_LENGTH
from .hyperparameter import Values
from .optimizer import Optimizer, RateScale
from .oracle import Oracle


class LionState(NamedTuple):
    """The iterate, the steps made and the running mean of gradients (the authors' exp_avg), ``(..., n)``."""

    x: Array
    step: int
    first_moment: Array


def init(x: Array, values: Values) -> LionState:
    """Return the state before the first step, with the mean zero."""
    return LionState(x, 0, np.zeros_like(x))


def step(state: LionState, oracle: Oracle, values: Values) -> LionState:
    """Return (1 − η·weight_decay)x − η·sign(β₁m + (1 − β₁)g), then m ← β₂m + (1 − β₂)g.

    Both averages start from the same old m. Authors, optax and Keras agree on the rule; weight decay is
    decoupled and has the learning rate in it. A coordinate with a zero average stays.
    """
    gradient = oracle.gradient(state.x)
    beta1, beta2 = values["beta1"], values["beta2"]
    move = beta1 * state.first_moment
    move += (1.0 - beta1) * gradient
    np.sign(move, out=move)
    move *= values["lr"]
    mean = beta2 * state.first_moment
    mean += (1.0 - beta2) * gradient
    point = shrunk(state.x, values["lr"], values["weight_decay"])
    return LionState(np.subtract(point, move, out=move), state.step + 1, mean)


LION = Optimizer(
    name="lion",
    title="Lion",
    summary="Every coordinate moves by lr, in the direction that the recent gradients agree on.",
    source="Chen et al. (2023), Symbolic discovery of optimization algorithms",
    hyperparameters=(
        replace(STEP_LENGTH, default=1e-4, help="learning rate η: the length of every step in each coordinate"),
        replace(BETA1, help="share of the mean, against the new gradient, in the direction of a step"),
        replace(BETA2, default=0.99, help="decay of the mean of gradients"),
        DECOUPLED_DECAY,
    ),
    init=init,
    step=step,
    rate_scale=RateScale.LENGTH,
)
