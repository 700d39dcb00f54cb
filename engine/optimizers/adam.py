"""Adam: every coordinate's step is scaled by a running mean of its squared gradients."""

from typing import NamedTuple

import numpy as np

from ..arrays import Array
from . import modes
from .decay import WEIGHT_DECAY, coupled_decay, decayed
from .gradient_descent import STEP_LENGTH
from .hyperparameter import Hyperparameter, Value, Values
from .moments import blended, blended_square
from .optimizer import Optimizer, RateScale, Stability
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


def update(first: Array, second: Array, count: int, values: Values) -> Array:
    """Return η/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε), the step of the family, as a new array."""
    denominator = np.sqrt(second)
    denominator /= (1.0 - values["beta2"] ** count) ** 0.5
    denominator += values["eps"]
    result = np.divide(first, denominator, out=denominator)
    result *= values["lr"] / (1.0 - values["beta1"] ** count)
    return result


def step(state: AdamState, oracle: Oracle, values: Values) -> AdamState:
    """Return x − η/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε), in torch's order of operations.

    ε is outside the root and is added after the bias correction, as in the paper's algorithm; the form
    at the end of its section 2, TensorFlow's and optax's ``eps_root`` put it elsewhere. Weight decay
    joins the gradient (AdamW's decoupled form is a method of its own).
    """
    count = state.step + 1
    gradient = decayed(oracle.gradient(state.x), state.x, values["weight_decay"])
    first = blended(state.first_moment, gradient, values["beta1"])
    second = blended_square(state.second_moment, gradient, values["beta2"])
    move = update(first, second, count, values)
    return AdamState(np.subtract(state.x, move, out=move), count, first, second)


def scaling(second: Array, count: int, values: Values) -> Array:
    """Return the diagonal P of the step −ηP⁻¹m after ``count`` ≥ 1 steps with this second moment.

    P = (1 − β₁ᵗ)(√(v/(1 − β₂ᵗ)) + ε), from Cohen et al. (2022); for count 0 it is NaN.
    """
    corrected = np.sqrt(second) / np.sqrt(np.float64(1.0) - values["beta2"] ** count)
    return (1.0 - values["beta1"] ** count) * (corrected + values["eps"])


def preconditioner(state: AdamState, values: Values) -> Array:
    """Return the diagonal P of the step −ηP⁻¹m after ``state.step`` ≥ 1 steps, ``(..., n)``; see `scaling`."""
    return scaling(state.second_moment, state.step, values)


def limit(values: Values) -> Value:
    """Return the bound on η·λ_max(P⁻¹H): (2 + 2β₁)/(1 − β₁) (Cohen et al., 2022)."""
    return (2.0 + 2.0 * values["beta1"]) / (1.0 - values["beta1"])


ADAM = Optimizer(
    name="adam",
    title="Adam",
    summary="Momentum with a learning rate of its own for each coordinate.",
    source="torch.optim.Adam; Kingma and Ba (2015)",
    hyperparameters=(STEP_LENGTH, BETA1, BETA2, EPS, WEIGHT_DECAY),
    implied={"amsgrad": False, "decoupled_weight_decay": False},
    init=init,
    step=step,
    stability=Stability(limit, preconditioner, coupled_decay, modes=modes.averaged),
    rate_scale=RateScale.LENGTH,
)
