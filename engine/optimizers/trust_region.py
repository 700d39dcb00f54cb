"""Trust region: the best step of the local model within a radius that is earned."""

from typing import NamedTuple

import numpy as np

from ..arrays import Array, Mask
from .checks import hessian_is_missing
from .hyperparameter import Hyperparameter, Values
from .optimizer import Need, Optimizer
from .oracle import Oracle, norm
from .quadratic_model import gain, model_at, within

RADIUS = Hyperparameter("radius", 1.0, low=0.0, low_open=True, scale="log", help="radius of the first region")
MAX_RADIUS = Hyperparameter(
    "max_radius", 100.0, low=0.0, low_open=True, scale="log", help="largest radius that a region may grow to"
)
ACCEPT = Hyperparameter(
    "accept", 0.1, low=0.0, high=0.25, high_open=True,
    help="share of the predicted reduction that a step must achieve to be taken",
)  # fmt: skip


class TrustRegionState(NamedTuple):
    """The iterate, f there, the radius of the next region, and all about the last trial step.

    ``trial`` ``(..., n)`` is the point tried within ``tried_radius``, x itself only if ``accepted``;
    ``predicted`` and ``actual`` are the reductions of model and f, ``multiplier`` is μ of (H + μI)p = −g.
    """

    x: Array
    step: int
    value: Array
    radius: Array
    trial: Array
    tried_radius: Array
    predicted: Array
    actual: Array
    multiplier: Array
    accepted: Mask
    hard_case: Mask


def init(x: Array, values: Values) -> TrustRegionState:
    """Return the state before the first step."""
    single = np.zeros((*x.shape[:-1], 1))
    no = single.astype(bool)
    first = single + values["radius"]
    return TrustRegionState(x, 0, single[..., 0], first, x, first, single, single, single, no, no)


def step(state: TrustRegionState, oracle: Oracle, values: Values) -> TrustRegionState:
    """Try the exact minimizer of the model in the region; take it if f falls as it should.

    The radius becomes a quarter of the step where less than a quarter of the prediction came true, and
    doubles where more than three quarters did and the step was held back by it. ``radius`` matters at
    the start only.
    """
    model = model_at(oracle, state.x)
    value = oracle.value(state.x) if state.step == 0 else state.value
    radius = np.minimum(state.radius, values["max_radius"])
    best = within(model, radius)
    trial = state.x + model.vector(best.lengths)
    reached = oracle.value(trial)
    predicted, actual = model.reduction(best.lengths), (value - reached)[..., None]
    ratio = gain(predicted, actual, value[..., None])
    length = norm(best.lengths)
    accepted = ratio > values["accept"]
    held = length >= (1.0 - 1e-9) * radius
    grown = np.where((ratio > 0.75) & held, np.minimum(2.0 * radius, values["max_radius"]), radius)
    # A trial that is not finite has no length to take a quarter of.
    shorter = 0.25 * np.where(np.isfinite(length), np.minimum(length, radius), radius)
    return TrustRegionState(
        x=np.where(accepted, trial, state.x),
        step=state.step + 1,
        value=np.where(accepted[..., 0], reached, value),
        radius=np.where(ratio < 0.25, np.maximum(shorter, np.finfo(np.float64).tiny), grown),
        trial=trial,
        tried_radius=radius,
        predicted=predicted,
        actual=actual,
        multiplier=best.multiplier,
        accepted=accepted,
        hard_case=best.hard,
    )


TRUST_REGION = Optimizer(
    name="trust_region",
    title="Trust region",
    summary="Believes its quadratic model only within a radius, which success widens.",
    source="Nocedal and Wright, Numerical Optimization (2006), algorithm 4.1 and section 4.3",
    hyperparameters=(RADIUS, MAX_RADIUS, ACCEPT),
    init=init,
    step=step,
    needs=frozenset({Need.VALUE, Need.GRADIENT, Need.HESSIAN}),
    check=hessian_is_missing,
)
