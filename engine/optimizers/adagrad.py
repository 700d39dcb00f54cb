"""Adagrad: every coordinate's step is scaled by the sum of all its squared gradients."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..arrays import Array
from . import modes
from .adam import EPS
from .decay import WEIGHT_DECAY, coupled_decay, decayed
from .gradient_descent import STEP_LENGTH
from .hyperparameter import Hyperparameter, Value, Values
from .optimizer import Optimizer, RateScale, Stability
from .oracle import Oracle

LR_DECAY = Hyperparameter(
    "lr_decay", 0.0, low=0.0, scale="log", help="makes the learning rate fall as lr/(1 + lr_decay·step)"
)
INITIAL_SUM = Hyperparameter(
    "initial_accumulator_value", 0.0, low=0.0, scale="log", help="what the sum of squares starts from"
)


class AdagradState(NamedTuple):
    """The iterate, the steps made and torch's ``sum`` of squared gradients, ``(..., n)``."""

    x: Array
    step: int
    sum: Array


def init(x: Array, values: Values) -> AdagradState:
    """Return the state before the first step, with ``initial_accumulator_value`` as the sum."""
    return AdagradState(x, 0, np.zeros_like(x) + values["initial_accumulator_value"])


def step(state: AdagradState, oracle: Oracle, values: Values) -> AdagradState:
    """Return s ← s + g², x ← x − η/(1 + lr_decay·t) · g/(√s + ε), t = 0, 1, ….

    ε is outside the root, as in torch; optax and Keras have it inside. Their sums start from 0.1,
    torch's from 0.
    """
    gradient = decayed(oracle.gradient(state.x), state.x, values["weight_decay"])
    total = gradient * gradient
    total += state.sum
    root = np.sqrt(total)
    root += values["eps"]
    move = np.divide(gradient, root, out=root)
    move *= values["lr"] / (1.0 + state.step * values["lr_decay"])
    return AdagradState(np.subtract(state.x, move, out=move), state.step + 1, total)


def preconditioner(state: AdagradState, values: Values) -> Array:
    """Return the diagonal P = (1 + lr_decay·t)(√s + ε) of the step −ηP⁻¹g after ``state.step`` ≥ 1 steps."""
    if state.step == 0:
        return np.full_like(state.x, np.nan)
    factor = 1.0 + (state.step - 1) * values["lr_decay"]
    return factor * (np.sqrt(state.sum) + values["eps"])


def limit(values: Values) -> Value:
    """Return the bound on η·λ_max(P⁻¹H), that of gradient descent: 2."""
    return 2.0


ADAGRAD = Optimizer(
    name="adagrad",
    title="Adagrad",
    summary="Steps shorten with all that each coordinate has met; steep coordinates slow down.",
    source="torch.optim.Adagrad; Duchi, Hazan and Singer (2011)",
    hyperparameters=(
        replace(STEP_LENGTH, default=1e-2, help="learning rate η: the length of the first step in each coordinate"),
        LR_DECAY,
        replace(EPS, default=1e-10),
        WEIGHT_DECAY,
        INITIAL_SUM,
    ),
    init=init,
    step=step,
    stability=Stability(limit, preconditioner, coupled_decay, modes=modes.plain),
    rate_scale=RateScale.LENGTH,
)
