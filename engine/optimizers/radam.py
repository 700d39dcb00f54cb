"""RAdam: Adam that waits with its scaling until the second moment is known well enough."""

import math

import numpy as np

from ..arrays import Array
from . import adam, modes
from .adam import BETA1, BETA2, EPS, AdamState
from .decay import DECOUPLED, WEIGHT_DECAY, coupled_decay, decayed, decoupled_decay, retained, shrunk
from .gradient_descent import LEARNING_RATE
from .hyperparameter import Value, Values
from .moments import blended, blended_square
from .optimizer import Optimizer, RateScale, Stability
from .oracle import Oracle


def rectification(count: int, values: Values) -> Value:
    """Return r of step ``count``, by which scaled steps are shortened; NaN where steps are not scaled.

    r = √((ρ − 4)(ρ − 2)ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)ρ)), ρ the length of the average that the second moment
    amounts to; scaled steps begin at ρ > 5, as in torch and the authors' code (4 in the paper).
    """
    beta2 = values["beta2"]
    power = beta2**count
    longest = 2.0 / (1.0 - beta2) - 1.0
    length = longest - 2.0 * count * power / (1.0 - power)
    if isinstance(length, float):
        return math.sqrt(_ratio(length, longest)) if length > 5.0 else math.nan
    return np.where(length > 5.0, np.sqrt(_ratio(length, longest)), np.nan)


def _ratio(length: Value, longest: Value) -> Value:
    return (length - 4.0) * (length - 2.0) * longest / ((longest - 4.0) * (longest - 2.0) * length)


def denominator(second: Array, count: int, values: Values) -> Value:
    """Return what the corrected first moment is divided by: 1, or (√v + ε)/(r√(1 − β₂ᵗ)) once scaled."""
    rectified = rectification(count, values)
    if isinstance(rectified, float) and math.isnan(rectified):
        return 1.0
    root = np.sqrt(second)
    root += values["eps"]
    root /= rectified * (1.0 - values["beta2"] ** count) ** 0.5
    return root if isinstance(rectified, float) else np.where(np.isnan(rectified), 1.0, root)


def step(state: AdamState, oracle: Oracle, values: Values) -> AdamState:
    """Return x − ηm̂ in the first steps and x − ηr·m̂·√(1 − β₂ᵗ)/(√v + ε) later, m̂ = m/(1 − β₁ᵗ).

    As in torch: ε is added to the root before the bias is corrected (Adam adds it after), and the first
    steps, five by default, are plain momentum, as long as the gradient says; the authors' code can leave
    them out. Decoupled weight decay is an option.
    """
    count = state.step + 1
    gradient = decayed(oracle.gradient(state.x), state.x, coupled_decay(values))
    first = blended(state.first_moment, gradient, values["beta1"])
    second = blended_square(state.second_moment, gradient, values["beta2"])
    point = shrunk(state.x, values["lr"], decoupled_decay(values))
    move = first * (values["lr"] / (1.0 - values["beta1"] ** count))
    move /= denominator(second, count, values)
    return AdamState(np.subtract(point, move, out=move), count, first, second)


def preconditioner(state: AdamState, values: Values) -> Array:
    """Return the diagonal P of the step −ηP⁻¹m after ``state.step`` ≥ 1 steps, ``(..., n)``."""
    if state.step == 0:
        return np.full_like(state.x, np.nan)
    known = denominator(state.second_moment, state.step, values)
    return (1.0 - values["beta1"] ** state.step) * known * np.ones_like(state.x)


def limit(values: Values) -> Value:
    """Return the bound on η·λ_max(P⁻¹H): (2 + 2β₁)/(1 − β₁), times 1 − η·weight_decay/2 if decoupled."""
    return adam.limit(values) * retained(values["lr"], decoupled_decay(values))


RADAM = Optimizer(
    name="radam",
    title="RAdam",
    summary="Adam that warms up by itself: momentum first, scaled steps once it knows enough.",
    source="torch.optim.RAdam; Liu et al. (2020)",
    hyperparameters=(LEARNING_RATE, BETA1, BETA2, EPS, WEIGHT_DECAY, DECOUPLED),
    init=adam.init,
    step=step,
    stability=Stability(limit, preconditioner, coupled_decay, modes=modes.averaged),
    rate_scale=RateScale.EITHER,
)
