"""Sign gradient descent: every coordinate moves by the learning rate, whatever its slope."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..arrays import Array
from .decay import DECOUPLED_DECAY, shrunk
from .gradient_descent import STEP_LENGTH
from .hyperparameter import Values
from .optimizer import Optimizer, RateScale
from .oracle import Oracle


class SignDescentState(NamedTuple):
    """The iterate and the steps made."""

    x: Array
    step: int


def init(x: Array, values: Values) -> SignDescentState:
    """Return the state before the first step."""
    return SignDescentState(x, 0)


def step(state: SignDescentState, oracle: Oracle, values: Values) -> SignDescentState:
    """Return (1 − η·weight_decay)x − η·sign(∇f(x)); a coordinate with a zero slope stays.

    The limit of Adam, and of Lion, without any memory. Weight decay is outside the sign, as in the paper.
    """
    move = np.sign(oracle.gradient(state.x))
    move *= values["lr"]
    point = shrunk(state.x, values["lr"], values["weight_decay"])
    return SignDescentState(np.subtract(point, move, out=move), state.step + 1)


SIGN_DESCENT = Optimizer(
    name="signgd",
    title="Sign gradient descent",
    summary="Every coordinate moves by lr against the sign of its slope.",
    source="Bernstein et al. (2018), signSGD",
    hyperparameters=(
        replace(STEP_LENGTH, help="learning rate η: the length of every step in each coordinate"),
        DECOUPLED_DECAY,
    ),
    init=init,
    step=step,
    rate_scale=RateScale.LENGTH,
)
