"""Damped Newton: Newton's step with the Hessian shifted until it can be relied on."""

from typing import NamedTuple

import numpy as np

from ..arrays import Array, Mask
from .checks import hessian_is_missing
from .hyperparameter import Hyperparameter, Values
from .optimizer import Need, Optimizer
from .oracle import Oracle
from .quadratic_model import gain, model_at, quotient

DAMPING = Hyperparameter(
    "damping", 1e-3, low=0.0, low_open=True, scale="log", help="first shift: added to every curvature"
)
_LEAST, _MOST = 1e-150, 1e150


class DampedNewtonState(NamedTuple):
    """The iterate, f there, the damping of the next step, and all about the last trial step.

    ``growth`` is the factor of the next increase; ``trial`` ``(..., n)`` the point tried, x itself only if
    ``accepted``; ``shift`` what was added to H for it, ``predicted`` and ``actual`` the reductions.
    """

    x: Array
    step: int
    value: Array
    damping: Array
    growth: Array
    trial: Array
    shift: Array
    predicted: Array
    actual: Array
    accepted: Mask


def init(x: Array, values: Values) -> DampedNewtonState:
    """Return the state before the first step."""
    single = np.zeros((*x.shape[:-1], 1))
    first = single + values["damping"]
    return DampedNewtonState(
        x, 0, single[..., 0], first, single + 2.0, x, single, single, single, single.astype(bool)
    )  # fmt: skip


def step(state: DampedNewtonState, oracle: Oracle, values: Values) -> DampedNewtonState:
    """Try x − (H + sI)⁻¹∇f(x), s = μ + max(0, −λ_min); take it if f falls.

    The damping μ follows Nielsen (1999): times max(1/3, 1 − (2ρ − 1)³) after a gain ratio ρ > 0, else
    times 2, then 4, 8, …. Levenberg's plain shift, not Marquardt's scaled one: steps turn with the axes.
    """
    model = model_at(oracle, state.x)
    value = oracle.value(state.x) if state.step == 0 else state.value
    lowest = model.eigenvalues[..., :1]
    shift = state.damping + np.maximum(0.0, -lowest)
    gaps = np.where(lowest < 0.0, model.eigenvalues - lowest, model.eigenvalues)
    lengths = -quotient(model.parts, gaps + state.damping)
    trial = state.x + model.vector(lengths)
    reached = oracle.value(trial)
    predicted, actual = model.reduction(lengths), (value - reached)[..., None]
    ratio = gain(predicted, actual, value[..., None])
    accepted = ratio > 0.0
    easier = state.damping * np.maximum(1.0 / 3.0, 1.0 - (2.0 * ratio - 1.0) ** 3)
    return DampedNewtonState(
        x=np.where(accepted, trial, state.x),
        step=state.step + 1,
        value=np.where(accepted[..., 0], reached, value),
        damping=np.clip(np.where(accepted, easier, state.damping * state.growth), _LEAST, _MOST),
        growth=np.where(accepted, 2.0, np.minimum(2.0 * state.growth, _MOST)),
        trial=trial,
        shift=shift,
        predicted=predicted,
        actual=actual,
        accepted=accepted,
    )


DAMPED_NEWTON = Optimizer(
    name="damped_newton",
    title="Damped Newton",
    summary="Newton's method that shifts the Hessian towards gradient descent whenever a step fails.",
    source="Levenberg (1944); damping by Nielsen (1999), as in Madsen, Nielsen and Tingleff (2004)",
    hyperparameters=(DAMPING,),
    init=init,
    step=step,
    needs=frozenset({Need.VALUE, Need.GRADIENT, Need.HESSIAN}),
    check=hessian_is_missing,
)
