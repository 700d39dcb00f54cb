"""Adadelta: a step's length follows from the lengths of past steps, with no rate to choose."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..arrays import Array
from . import modes
from .adam import EPS
from .decay import WEIGHT_DECAY, coupled_decay, decayed
from .gradient_descent import LEARNING_RATE
from .hyperparameter import Hyperparameter, Value, Values
from .moments import blended_square
from .optimizer import Optimizer, RateScale, Stability
from .oracle import Oracle

RHO = Hyperparameter(
    "rho",
    0.9,
    low=0.0,
    high=1.0,
    help="decay of the means of squared gradients and of squared steps",
)


class AdadeltaState(NamedTuple):
    """The iterate, the steps made, torch's ``square_avg`` (of gradients) and ``acc_delta`` (of steps)."""

    x: Array
    step: int
    square_avg: Array
    acc_delta: Array


def init(x: Array, values: Values) -> AdadeltaState:
    """Return the state before the first step, with both means zero."""
    return AdadeltaState(x, 0, np.zeros_like(x), np.zeros_like(x))


def step(state: AdadeltaState, oracle: Oracle, values: Values) -> AdadeltaState:
    """Return x − ηΔ with Δ = g·√(u + ε)/√(v + ε); v is the mean of g², u that of earlier Δ².

    ε is inside both roots. η is torch's addition (the paper has 1) and stays outside of u. While u is
    still zero the steps have length √ε: a small ε makes a slow start.
    """
    gradient = decayed(oracle.gradient(state.x), state.x, values["weight_decay"])
    square = blended_square(state.square_avg, gradient, values["rho"])
    delta = np.sqrt(state.acc_delta + values["eps"])
    delta /= np.sqrt(square + values["eps"])
    delta *= gradient
    steps = blended_square(state.acc_delta, delta, values["rho"])
    delta *= values["lr"]
    return AdadeltaState(np.subtract(state.x, delta, out=delta), state.step + 1, square, steps)


def preconditioner(state: AdadeltaState, values: Values) -> Array:
    """Return the diagonal P = √(v + ε)/√(u + ε) of the step −ηP⁻¹g after ``state.step`` ≥ 1 steps."""
    if state.step == 0:
        return np.full_like(state.x, np.nan)
    return np.sqrt(state.square_avg + values["eps"]) / np.sqrt(state.acc_delta + values["eps"])


def limit(values: Values) -> Value:
    """Return the bound on η·λ_max(P⁻¹H), that of gradient descent: 2."""
    return 2.0


ADADELTA = Optimizer(
    name="adadelta",
    title="Adadelta",
    summary="Sets the length of its steps itself, in the units of the coordinates.",
    source="torch.optim.Adadelta; Zeiler (2012)",
    hyperparameters=(
        replace(LEARNING_RATE, default=1.0, help="learning rate η: factor on the step that the method proposes"),
        RHO,
        replace(EPS, default=1e-6, help="added inside both roots; its root is the length of the first steps"),
        WEIGHT_DECAY,
    ),
    init=init,
    step=step,
    stability=Stability(limit, preconditioner, coupled_decay, modes=modes.plain),
    rate_scale=RateScale.FACTOR,
)
