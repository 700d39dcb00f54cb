"""RMSprop: every coordinate's gradient is divided by the root of a running mean of its squares."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..arrays import Array
from . import modes
from .adam import EPS
from .decay import WEIGHT_DECAY, coupled_decay, decayed
from .gradient_descent import STEP_LENGTH
from .hyperparameter import Hyperparameter, Value, Values
from .moments import blended, blended_square
from .momentum import MOMENTUM
from .optimizer import Optimizer, RateScale, Stability
from .oracle import Oracle

ALPHA = Hyperparameter("alpha", 0.99, low=0.0, high=1.0, help="decay of the mean of squared gradients")
CENTERED = Hyperparameter(
    "centered", 0.0, kind="bool", help="whether to divide by the deviation from the mean, not by the mean square"
)


class RmspropState(NamedTuple):
    """The iterate, the steps made and torch's buffers, ``(..., n)``; ``grad_avg`` moves only if centered."""

    x: Array
    step: int
    square_avg: Array
    grad_avg: Array
    momentum_buffer: Array


def init(x: Array, values: Values) -> RmspropState:
    """Return the state before the first step, with all buffers zero."""
    return RmspropState(x, 0, np.zeros_like(x), np.zeros_like(x), np.zeros_like(x))


def variance(square: Array, mean: Array, values: Values) -> Array:
    """Return what the root is taken of: v, or v − ḡ² if centered, where rounding may not make it negative.

    (torch does not guard against that: its step becomes NaN there.)
    """
    centered = values["centered"]
    if isinstance(centered, float) and not centered:
        return square
    return np.maximum(square - centered * mean * mean, 0.0)


def step(state: RmspropState, oracle: Oracle, values: Values) -> RmspropState:
    """Return b ← μb + g/(√v + ε), x ← x − ηb, with v ← αv + (1 − α)g², or its centered form.

    ε is outside the root, as in torch; TensorFlow and optax have it inside. The learning rate is
    outside the buffer, as in torch; TensorFlow's is inside. Nothing corrects the bias of v: the first
    step is 1/√(1 − α) times as long as later ones.
    """
    alpha, centered = values["alpha"], values["centered"]
    gradient = decayed(oracle.gradient(state.x), state.x, values["weight_decay"])
    square = blended_square(state.square_avg, gradient, alpha)
    mean = state.grad_avg
    if not isinstance(centered, float) or centered:
        mean = blended(mean, gradient, alpha)
    buffer = np.sqrt(variance(square, mean, values))
    buffer += values["eps"]
    np.divide(gradient, buffer, out=buffer)
    buffer += values["momentum"] * state.momentum_buffer
    return RmspropState(state.x - values["lr"] * buffer, state.step + 1, square, mean, buffer)


def preconditioner(state: RmspropState, values: Values) -> Array:
    """Return the diagonal P = √v + ε of the step −ηP⁻¹g after ``state.step`` ≥ 1 steps, ``(..., n)``."""
    if state.step == 0:
        return np.full_like(state.x, np.nan)
    return np.sqrt(variance(state.square_avg, state.grad_avg, values)) + values["eps"]


def limit(values: Values) -> Value:
    """Return the bound on η·λ_max(P⁻¹H), that of the heavy ball: 2 + 2μ (Cohen et al., 2022, with μ = 0)."""
    return 2.0 + 2.0 * values["momentum"]


RMSPROP = Optimizer(
    name="rmsprop",
    title="RMSprop",
    summary="Divides by the recent size of the gradient: steps of lr's length, steep or flat.",
    source="torch.optim.RMSprop; Tieleman and Hinton (2012), Graves (2013) for centered",
    hyperparameters=(
        replace(STEP_LENGTH, default=1e-2),
        ALPHA,
        EPS,
        WEIGHT_DECAY,
        replace(MOMENTUM, default=0.0),
        CENTERED,
    ),
    init=init,
    step=step,
    stability=Stability(limit, preconditioner, coupled_decay, modes=modes.heavy_ball),
    rate_scale=RateScale.LENGTH,
)
