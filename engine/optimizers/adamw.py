"""AdamW: Adam with weight decay that shrinks the point and stays out of the moments."""

from dataclasses import replace

import numpy as np

from . import adam, modes
from .adam import BETA1, BETA2, EPS, AdamState, preconditioner, update
from .decay import DECOUPLED_DECAY, retained, shrunk
from .gradient_descent import STEP_LENGTH
from .hyperparameter import Value, Values
from .moments import blended, blended_square
from .optimizer import Optimizer, RateScale, Stability
from .oracle import Oracle


def step(state: AdamState, oracle: Oracle, values: Values) -> AdamState:
    """Return (1 − η·weight_decay)x minus Adam's step, whose gradient is taken before x shrinks.

    torch's dialect has the learning rate in the decay; in the paper only the schedule's factor is there.
    """
    count = state.step + 1
    gradient = oracle.gradient(state.x)
    first = blended(state.first_moment, gradient, values["beta1"])
    second = blended_square(state.second_moment, gradient, values["beta2"])
    move = update(first, second, count, values)
    point = shrunk(state.x, values["lr"], values["weight_decay"])
    return AdamState(np.subtract(point, move, out=move), count, first, second)


def limit(values: Values) -> Value:
    """Return the bound on η·λ_max(P⁻¹H): (2 − η·weight_decay)(1 + β₁)/(1 − β₁); see `retained`."""
    return adam.limit(values) * retained(values["lr"], values["weight_decay"])


ADAMW = Optimizer(
    name="adamw",
    title="AdamW",
    summary="Adam with weight decay that no gradient scales away.",
    source="torch.optim.AdamW; Loshchilov and Hutter (2019)",
    hyperparameters=(STEP_LENGTH, BETA1, BETA2, EPS, replace(DECOUPLED_DECAY, default=1e-2)),
    implied={"amsgrad": False},
    init=adam.init,
    step=step,
    stability=Stability(limit, preconditioner, modes=modes.adamw),
    rate_scale=RateScale.LENGTH,
)
