"""Gradient descent with a line search: the length of every step is measured, not chosen."""

from dataclasses import replace
from typing import NamedTuple

from ..arrays import Array, Mask
from .gradient_descent import LEARNING_RATE
from .hyperparameter import Hyperparameter, Values
from .line_rules import C1, C2, Armijo, StrongWolfe
from .line_search import search
from .optimizer import Need, Optimizer, RateScale
from .oracle import Oracle
from .searching import is_exact, measured, nothing_found

SEARCH = Hyperparameter(
    "line_search", 0.0, kind="choice", choices=("armijo", "strong_wolfe"),
    help="armijo only shortens the first trial step; strong_wolfe also lengthens it",
)  # fmt: skip
SHRINK = Hyperparameter(
    "shrink", 0.5, low=0.0, high=1.0, low_open=True, high_open=True, help="factor between Armijo's trial steps"
)
FIRST_TRIAL = replace(LEARNING_RATE, default=1.0, help="first step length that a line search tries")


class LineSearchState(NamedTuple):
    """The iterate, f and ∇f there, and the search that led to it (see `Found`)."""

    x: Array
    step: int
    value: Array
    gradient: Array
    step_size: Array
    accepted: Mask
    probe_steps: Array
    probe_values: Array
    exact: bool


def init(x: Array, values: Values) -> LineSearchState:
    """Return the state before the first step."""
    none = nothing_found(x)
    return LineSearchState(x, 0, *none[1:], exact=False)


def step(state: LineSearchState, oracle: Oracle, values: Values) -> LineSearchState:
    """Return x − t∇f(x) with t from the search, which begins at ``lr`` in every step.

    Where no step length is good enough, x stays and ``accepted`` is false.
    """
    value, gradient = measured(state, oracle)
    wolfe = values["line_search"] == 1.0
    c1 = float(values["c1"])
    rule = StrongWolfe(c1, float(values["c2"])) if wolfe else Armijo(c1, float(values["shrink"]))
    found = search(rule, oracle, state.x, -gradient, value, gradient, values["lr"])
    return LineSearchState(found.x, state.step + 1, *found[1:], exact=is_exact(oracle))


LINE_SEARCH_GD = Optimizer(
    name="line_search_gd",
    title="Gradient descent with line search",
    summary="Downhill, as far as the slope's promise is kept.",
    source="Armijo (1966); Nocedal and Wright, Numerical Optimization (2006), section 3.1 and algorithm 3.5",
    hyperparameters=(FIRST_TRIAL, SEARCH, C1, C2, SHRINK),
    init=init,
    step=step,
    needs=frozenset({Need.VALUE, Need.GRADIENT}),
    rate_scale=RateScale.FACTOR,
)
