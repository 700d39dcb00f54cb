"""NAdam: Adam with Nesterov's look-ahead, under a momentum that grows along the run."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..arrays import Array
from . import modes
from .adam import BETA1, BETA2, EPS
from .decay import DECOUPLED, WEIGHT_DECAY, coupled_decay, decayed, decoupled_decay, retained, shrunk
from .gradient_descent import STEP_LENGTH
from .hyperparameter import Hyperparameter, Value, Values
from .moments import blended, blended_square
from .optimizer import Optimizer, RateScale, Stability
from .oracle import Oracle

MOMENTUM_DECAY = Hyperparameter(
    "momentum_decay",
    4e-3,
    low=0.0,
    scale="log",
    help="ψ, how fast the momentum grows from beta1/2 to beta1: as 1 − 0.96^(step·ψ)/2",
)


class NadamState(NamedTuple):
    """Adam's state and the product of all momenta so far (torch's mu_product), which corrects the bias."""

    x: Array
    step: int
    first_moment: Array
    second_moment: Array
    momentum_product: Value


def init(x: Array, values: Values) -> NadamState:
    """Return the state before the first step, with both moments zero."""
    return NadamState(x, 0, np.zeros_like(x), np.zeros_like(x), 1.0)


def momentum(step: int, values: Values) -> Value:
    """Return μ of step 1, 2, …: β₁(1 − 0.96^(step·ψ)/2)."""
    return values["beta1"] * (1.0 - 0.5 * 0.96 ** (step * values["momentum_decay"]))


def weights(count: int, product: Value, values: Values) -> tuple[Value, Value]:
    """Return the weights of (g, m) in the step: (1 − μₜ)/(1 − Πμ) and μₜ₊₁/(1 − μₜ₊₁Πμ)."""
    following = momentum(count + 1, values)
    return (1.0 - momentum(count, values)) / (1.0 - product), following / (1.0 - product * following)


def step(state: NadamState, oracle: Oracle, values: Values) -> NadamState:
    """Return x − η/(√(v/(1 − β₂ᵗ)) + ε) · ((1 − μₜ)g/(1 − Πμ) + μₜ₊₁m/(1 − μₜ₊₁Πμ)).

    As in torch; optax and Keras have variants with a constant momentum, in which m is corrected with
    powers of β₁. torch keeps Πμ in its default dtype, single precision unless told otherwise.
    """
    count = state.step + 1
    gradient = decayed(oracle.gradient(state.x), state.x, coupled_decay(values))
    first = blended(state.first_moment, gradient, values["beta1"])
    second = blended_square(state.second_moment, gradient, values["beta2"])
    product = state.momentum_product * momentum(count, values)
    fresh, past = weights(count, product, values)
    denominator = second / (1.0 - values["beta2"] ** count)
    denominator = np.sqrt(denominator, out=denominator)
    denominator += values["eps"]
    move = gradient * (values["lr"] * fresh)
    move += first * (values["lr"] * past)
    move /= denominator
    point = shrunk(state.x, values["lr"], decoupled_decay(values))
    return NadamState(np.subtract(point, move, out=move), count, first, second, product)


def preconditioner(state: NadamState, values: Values) -> Array:
    """Return the diagonal P that `limit` refers to after ``state.step`` ≥ 1 steps, ``(..., n)``.

    (√(v/(1 − β₂ᵗ)) + ε)·(1 − β₁)(1 + 2β₁)/(a(1 + β₁) + b(1 − β₁)) with the weights a of g and b of m: the
    factor tends to 1 as μ tends to β₁ and keeps the limit exact on the way there.
    """
    # NumPy's number, because Python's own would raise before the first step.
    beta1, one = values["beta1"], np.float64(1.0)
    corrected = np.sqrt(state.second_moment / (one - values["beta2"] ** state.step)) + values["eps"]
    fresh, past = weights(state.step, state.momentum_product * one, values)
    now = fresh * (1.0 + beta1) + past * (1.0 - beta1)
    return corrected * ((1.0 - beta1) * (1.0 + 2.0 * beta1) / now)


def limit(values: Values) -> Value:
    """Return the bound on η·λ_max(P⁻¹H): (2 + 2β₁)/((1 − β₁)(1 + 2β₁)).

    With x ← rx − s(ag + bm) the iteration matrix has trace β₁ + r − s(a + b(1 − β₁)) and determinant
    β₁(r − sa): −1 is an eigenvalue at s = (1 + r)(1 + β₁)/(a(1 + β₁) + b(1 − β₁)). The limit has a = 1 − β₁,
    b = β₁ in it, the preconditioner the rest; decoupled weight decay gives r = 1 − η·weight_decay.
    """
    beta1 = values["beta1"]
    bound = (2.0 + 2.0 * beta1) / ((1.0 - beta1) * (1.0 + 2.0 * beta1))
    return bound * retained(values["lr"], decoupled_decay(values))


NADAM = Optimizer(
    name="nadam",
    title="NAdam",
    summary="Adam that looks ahead as Nesterov's momentum does.",
    source="torch.optim.NAdam; Dozat (2016)",
    hyperparameters=(
        replace(STEP_LENGTH, default=2e-3),
        BETA1,
        BETA2,
        EPS,
        WEIGHT_DECAY,
        MOMENTUM_DECAY,
        DECOUPLED,
    ),
    init=init,
    step=step,
    stability=Stability(limit, preconditioner, coupled_decay, modes=modes.averaged_lookahead),
    rate_scale=RateScale.LENGTH,
)
