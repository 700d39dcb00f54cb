"""AMSGrad: Adam whose scaling never shrinks, so that a rare large gradient is not forgotten."""

from typing import NamedTuple

import numpy as np

from ..arrays import Array
from . import modes
from .adam import BETA1, BETA2, EPS, limit, scaling, update
from .decay import WEIGHT_DECAY, coupled_decay, decayed
from .gradient_descent import STEP_LENGTH
from .hyperparameter import Values
from .moments import blended, blended_square
from .optimizer import Optimizer, RateScale, Stability
from .oracle import Oracle


class AmsgradState(NamedTuple):
    """Adam's state and the largest second moment so far (torch's max_exp_avg_sq), ``(..., n)``."""

    x: Array
    step: int
    first_moment: Array
    second_moment: Array
    largest_second_moment: Array


def init(x: Array, values: Values) -> AmsgradState:
    """Return the state before the first step, with all moments zero."""
    return AmsgradState(x, 0, np.zeros_like(x), np.zeros_like(x), np.zeros_like(x))


def step(state: AmsgradState, oracle: Oracle, values: Values) -> AmsgradState:
    """Return Adam's step with the largest second moment so far in place of the second moment.

    As in torch the maximum is taken over the raw moments and corrected for bias afterwards; optax takes
    it over the corrected ones, and the paper corrects nothing.
    """
    count = state.step + 1
    gradient = decayed(oracle.gradient(state.x), state.x, values["weight_decay"])
    first = blended(state.first_moment, gradient, values["beta1"])
    second = blended_square(state.second_moment, gradient, values["beta2"])
    largest = np.maximum(state.largest_second_moment, second)
    move = update(first, largest, count, values)
    return AmsgradState(np.subtract(state.x, move, out=move), count, first, second, largest)


def preconditioner(state: AmsgradState, values: Values) -> Array:
    """Return the diagonal P of the step −ηP⁻¹m after ``state.step`` ≥ 1 steps, ``(..., n)``."""
    return scaling(state.largest_second_moment, state.step, values)


AMSGRAD = Optimizer(
    name="amsgrad",
    title="AMSGrad",
    summary="Adam that remembers the largest gradients it has met.",
    source="torch.optim.Adam(amsgrad=True); Reddi, Kale and Kumar (2018)",
    hyperparameters=(STEP_LENGTH, BETA1, BETA2, EPS, WEIGHT_DECAY),
    implied={"amsgrad": True, "decoupled_weight_decay": False},
    init=init,
    step=step,
    stability=Stability(limit, preconditioner, coupled_decay, modes=modes.averaged),
    rate_scale=RateScale.LENGTH,
)
