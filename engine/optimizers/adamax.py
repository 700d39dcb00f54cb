"""Adamax: Adam with the largest recent gradient in place of the root of the mean square."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..arrays import Array
from . import modes
from .adam import BETA1, BETA2, EPS, limit
from .decay import WEIGHT_DECAY, coupled_decay, decayed
from .gradient_descent import STEP_LENGTH
from .hyperparameter import Values
from .moments import blended
from .optimizer import Optimizer, RateScale, Stability
from .oracle import Oracle


class AdamaxState(NamedTuple):
    """The iterate, the steps made, the first moment and the infinity norm (torch's exp_inf), ``(..., n)``."""

    x: Array
    step: int
    first_moment: Array
    infinity_norm: Array


def init(x: Array, values: Values) -> AdamaxState:
    """Return the state before the first step, with moment and norm zero."""
    return AdamaxState(x, 0, np.zeros_like(x), np.zeros_like(x))


def step(state: AdamaxState, oracle: Oracle, values: Values) -> AdamaxState:
    """Return x − η/(1 − β₁ᵗ) · m/u with u ← max(β₂u, |g| + ε).

    ε is inside the maximum, as in torch; the paper has none and optax adds it to u.
    """
    count = state.step + 1
    gradient = decayed(oracle.gradient(state.x), state.x, values["weight_decay"])
    first = blended(state.first_moment, gradient, values["beta1"])
    size = np.abs(gradient)
    size += values["eps"]
    norm = np.maximum(values["beta2"] * state.infinity_norm, size, out=size)
    move = first / norm
    move *= values["lr"] / (1.0 - values["beta1"] ** count)
    return AdamaxState(np.subtract(state.x, move, out=move), count, first, norm)


def preconditioner(state: AdamaxState, values: Values) -> Array:
    """Return the diagonal P = (1 − β₁ᵗ)u of the step −ηP⁻¹m after ``state.step`` ≥ 1 steps, ``(..., n)``."""
    if state.step == 0:
        return np.full_like(state.x, np.nan)
    return (1.0 - values["beta1"] ** state.step) * state.infinity_norm


ADAMAX = Optimizer(
    name="adamax",
    title="Adamax",
    summary="Adam scaled by the largest recent gradient: steps are never longer than lr.",
    source="torch.optim.Adamax; Kingma and Ba (2015), section 7.1",
    hyperparameters=(replace(STEP_LENGTH, default=2e-3), BETA1, BETA2, EPS, WEIGHT_DECAY),
    init=init,
    step=step,
    stability=Stability(limit, preconditioner, coupled_decay, modes=modes.averaged),
    rate_scale=RateScale.LENGTH,
)
