"""Rprop: every coordinate has a step size that grows while the gradient keeps its sign."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..arrays import Array
from .gradient_descent import STEP_LENGTH
from .hyperparameter import Hyperparameter, Values
from .optimizer import Optimizer, RateScale
from .oracle import Oracle

ETA_MINUS = Hyperparameter(
    "eta_minus",
    0.5,
    low=0.0,
    low_open=True,
    high=1.0,
    high_open=True,
    help="factor on a step size when the gradient changes sign (torch's etas[0])",
)
ETA_PLUS = Hyperparameter(
    "eta_plus", 1.2, low=1.0, low_open=True, help="factor on a step size while it keeps its sign (torch's etas[1])"
)
STEP_MIN = Hyperparameter(
    "step_min", 1e-6, low=0.0, scale="log", help="shortest step in a coordinate (torch's step_sizes[0])"
)
STEP_MAX = Hyperparameter(
    "step_max", 50.0, low=0.0, scale="log", help="longest step in a coordinate (torch's step_sizes[1])"
)


class RpropState(NamedTuple):
    """The iterate, the steps made, the last gradient (torch's prev, 0 after a change of sign), step sizes."""

    x: Array
    step: int
    previous_gradient: Array
    step_size: Array


def init(x: Array, values: Values) -> RpropState:
    """Return the state before the first step, with the learning rate as step size."""
    return RpropState(x, 0, np.zeros_like(x), np.zeros_like(x) + values["lr"])


def step(state: RpropState, oracle: Oracle, values: Values) -> RpropState:
    """Return x − sign(g)·Δ, after Δ has grown by η⁺ or shrunk by η⁻ with the sign of g·previous g.

    Where the gradient has changed sign, the coordinate rests for a step and the next one is made as if
    it were the first: torch's form, Rprop⁻ with a pause, of Riedmiller and Braun; others take the last
    step back (Rprop⁺, iRprop). The learning rate is read at the first step only.
    """
    gradient = oracle.gradient(state.x)
    agreement = gradient * state.previous_gradient
    size = state.step_size if state.step else np.zeros_like(state.x) + values["lr"]
    turned = agreement < 0.0
    factor = np.where(turned, values["eta_minus"], 1.0)
    np.copyto(factor, values["eta_plus"], where=agreement > 0.0)
    size = np.multiply(size, factor, out=factor)
    np.maximum(size, values["step_min"], out=size)
    np.minimum(size, values["step_max"], out=size)
    acting = np.where(turned, 0.0, gradient)
    move = np.sign(acting)
    move *= size
    return RpropState(np.subtract(state.x, move, out=move), state.step + 1, acting, size)


RPROP = Optimizer(
    name="rprop",
    title="Rprop",
    summary="Looks at signs only: steps grow downhill and halve where the slope turns.",
    source="torch.optim.Rprop; Riedmiller and Braun (1993)",
    hyperparameters=(
        replace(STEP_LENGTH, default=1e-2, help="learning rate η: the first step size in each coordinate"),
        ETA_MINUS,
        ETA_PLUS,
        STEP_MIN,
        STEP_MAX,
    ),
    init=init,
    step=step,
    rate_scale=RateScale.LENGTH,
)
