"""Newton's method: jumps to the critical point of the second-order Taylor model."""

from dataclasses import replace
from typing import NamedTuple

from ..arrays import Array
from .checks import hessian_is_missing
from .gradient_descent import LEARNING_RATE
from .hyperparameter import Values
from .linear_algebra import solve
from .optimizer import Need, Optimizer, RateScale
from .oracle import Oracle


class NewtonState(NamedTuple):
    """The iterate and the steps made."""

    x: Array
    step: int


def init(x: Array, values: Values) -> NewtonState:
    """Return the state before the first step."""
    return NewtonState(x, 0)


def step(state: NewtonState, oracle: Oracle, values: Values) -> NewtonState:
    """Return x − ηH⁻¹∇f(x); where H is singular the point becomes NaN, which ends a run.

    At a critical point it stays, whatever H is. Saddles attract it as minima do.
    """
    gradient = oracle.gradient(state.x)
    direction = solve(oracle.hessian(state.x), gradient)
    return NewtonState(state.x - values["lr"] * direction, state.step + 1)


NEWTON = Optimizer(
    name="newton",
    title="Newton's method",
    summary="Uses the curvature: one step to the critical point of the local quadratic model.",
    source="Nocedal and Wright, Numerical Optimization (2006), section 3.3",
    hyperparameters=(replace(LEARNING_RATE, default=1.0, scale="linear", help="share of the full Newton step"),),
    init=init,
    step=step,
    needs=frozenset({Need.GRADIENT, Need.HESSIAN}),
    rate_scale=RateScale.FACTOR,
    check=hessian_is_missing,
)
