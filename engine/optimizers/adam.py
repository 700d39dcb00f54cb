"""Adam: every coordinate's step is scaled by a running mean of its squared gradients."""

from typing import NamedTuple

import numpy as np

from ..arrays import Array
from .decay import WEIGHT_DECAY, decayed
from .gradient_descent import LEARNING_RATE
from .hyperparameter import Hyperparameter, Value, Values
from .optimizer import Optimizer, Stability
from .oracle import Oracle

BETA1 = Hyperparameter(
    "beta1", 0.9, low=0.0, high=1.0, high_open=True, help="decay of the mean of gradients (first moment)"
)
BETA2 = Hyperparameter(
    "beta2",
    0.999,
    low=0.0,
    high=1.0,
    high_open=True,
    help="decay of the mean of squared gradients (second moment)",
)
EPS = Hyperparameter("eps", 1e-8, low=0.0, scale="log", help="added to the root, keeps the division finite")


class AdamState(NamedTuple):
    """The iterate, the steps made and the two moments (torch's exp_avg, exp_avg_sq), ``(..., n)``."""

    x: Array
    step: int
    first_moment: Array
    second_moment: Array


def init(x: Array, values: Values) -> AdamState:
    """Return the state before the first step, with both moments zero."""
    return AdamState(x, 0, np.zeros_like(x), np.zeros_like(x))


def step(state: AdamState, oracle: Oracle, values: Values) -> AdamState:
    """Return x − η/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε), in torch's order of operations.

    ε is outside the root and is added after the bias correction; weight decay joins the gradient
    (AdamW's decoupled form is a method of its own). Arrays made here are reused in place.
    """
    count = state.step + 1
    beta1, beta2 = values["beta1"], values["beta2"]
    gradient = decayed(oracle.gradient(state.x), state.x, values["weight_decay"])
    first = gradient - state.first_moment
    first *= 1.0 - beta1
    first += state.first_moment
    second = gradient * gradient
    second *= 1.0 - beta2
    second += beta2 * state.second_moment
    denominator = np.sqrt(second)
    denominator /= (1.0 - beta2**count) ** 0.5
    denominator += values["eps"]
    update = np.divide(first, denominator, out=denominator)
    update *= values["lr"] / (1.0 - beta1**count)
    return AdamState(np.subtract(state.x, update, out=update), count, first, second)


def preconditioner(state: AdamState, values: Values) -> Array:
    """Return the diagonal P of the step −ηP⁻¹m after ``state.step`` ≥ 1 steps, ``(..., n)``.

    P = (1 − β₁ᵗ)(√(v/(1 − β₂ᵗ)) + ε), from Cohen et al. (2022); before the first step it is NaN.
    """
    with np.errstate(all="ignore"):
        corrected = np.sqrt(state.second_moment) / np.sqrt(np.float64(1.0) - values["beta2"] ** state.step)
        return (1.0 - values["beta1"] ** state.step) * (corrected + values["eps"])


def limit(values: Values) -> Value:
    """Return the bound on η·λ_max(P⁻¹H): (2 + 2β₁)/(1 − β₁) (Cohen et al., 2022)."""
    return (2.0 + 2.0 * values["beta1"]) / (1.0 - values["beta1"])


ADAM = Optimizer(
    name="adam",
    title="Adam",
    summary="Momentum with a learning rate of its own for each coordinate.",
    source="torch.optim.Adam; Kingma and Ba (2015)",
    hyperparameters=(LEARNING_RATE, BETA1, BETA2, EPS, WEIGHT_DECAY),
    init=init,
    step=step,
    stability=Stability(limit, preconditioner),
)
