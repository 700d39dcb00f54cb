"""Nonlinear conjugate gradients: each direction is kept from undoing what the last one achieved."""

import math
from dataclasses import replace
from typing import NamedTuple, TypeAlias

import numpy as np

from ..arrays import Array, Mask
from .hyperparameter import Hyperparameter, Value, Values
from .line_rules import C1, C2, StrongWolfe
from .line_search import product, search
from .line_search_gd import FIRST_TRIAL
from .optimizer import Need, Optimizer, RateScale
from .oracle import Oracle, norm
from .searching import dot, is_exact, measured, nothing_found

RESTART = Hyperparameter(
    "restart", 0.0, low=0.0, high=1e6, kind="int", unit="steps",
    help="steps between restarts along the gradient; 0 restarts every n steps, n the number of variables",
)  # fmt: skip


class ConjugateGradientState(NamedTuple):
    """The iterate, f and ∇f there, the search that led to it along ``direction``, and how that was made.

    ``previous_gradient`` is the one at the point before, ``beta`` the share of the direction before that
    and ``restarted`` whether it was dropped; ``slope`` is ∇f·d where the search began, all ``(..., 1)``.
    """

    x: Array
    step: int
    value: Array
    gradient: Array
    step_size: Array
    accepted: Mask
    probe_steps: Array
    probe_values: Array
    direction: Array
    previous_gradient: Array
    slope: Array
    beta: Array
    restarted: Mask
    exact: bool


def init(x: Array, values: Values) -> ConjugateGradientState:
    """Return the state before the first step."""
    single = np.zeros((*x.shape[:-1], 1))
    none = nothing_found(x)[1:]
    zero = np.zeros_like(x)
    return ConjugateGradientState(x, 0, *none, zero, zero, single, single, single.astype(bool), exact=False)


Course: TypeAlias = tuple[Array, Array, Array, Value]


def step(state: ConjugateGradientState, oracle: Oracle, values: Values) -> ConjugateGradientState:
    """Return x + td, d = −g + βd′ with β = max(0, g·(g − g′)/g′·g′) (Polak–Ribière+), t strong Wolfe.

    Restarts along −g every ``restart`` steps, after a search that failed, and where d would not descend.
    The first trial step promises the change of the step before (Nocedal and Wright, 2006, section 3.5);
    the very first has length ``lr``, or is lr·g where the gradient is shorter than 1.
    """
    value, gradient = measured(state, oracle)
    period = int(values["restart"]) or gradient.shape[-1]
    course = _course_of_one if gradient.ndim == 1 else _course
    direction, slope, beta, trial = course(state, gradient, state.step % period == 0, values["lr"])
    rule = StrongWolfe(float(values["c1"]), float(values["c2"]))
    found = search(rule, oracle, state.x, direction, value, gradient, trial)
    return ConjugateGradientState(
        found.x, state.step + 1, *found[1:], direction, gradient, slope, beta, beta == 0.0, exact=is_exact(oracle)
    )


def _course(state: ConjugateGradientState, gradient: Array, restart: bool, rate: Value) -> Course:
    """The direction d, ∇f·d, β and the first trial step."""
    before = state.previous_gradient
    beta = dot(gradient, gradient - before) / dot(before, before)
    beta = np.where(restart | ~state.accepted | ~(beta > 0.0) | np.isinf(beta), 0.0, beta)
    direction = -gradient + beta * state.direction
    slope = dot(gradient, direction)
    uphill = ~(slope < 0.0)
    beta = np.where(uphill, 0.0, beta)
    direction = np.where(uphill, -gradient, direction)
    slope = np.where(uphill, -dot(gradient, gradient), slope)
    first = rate / np.maximum(1.0, norm(gradient))
    trial = state.step_size * state.slope / slope
    return direction, slope, beta, np.where(state.accepted & (trial > 0.0) & np.isfinite(trial), trial, first)


def _course_of_one(state: ConjugateGradientState, gradient: Array, restart: bool, rate: Value) -> Course:
    """`_course` on plain floats, which take a tenth of the time."""
    accepted = bool(state.accepted[0])
    new, old = gradient.tolist(), state.previous_gradient.tolist()
    share, square = 0.0, product(old, old)
    if accepted and not restart and square != 0.0:
        share = product(new, [a - b for a, b in zip(new, old, strict=True)]) / square
        share = share if 0.0 < share < math.inf else 0.0
    direction = [-a + share * d for a, d in zip(new, state.direction.tolist(), strict=True)]
    slope = product(new, direction)
    if not slope < 0.0:
        share, direction, slope = 0.0, [-a for a in new], -product(new, new)
    trial = float(state.step_size[0]) * float(state.slope[0]) / slope if accepted and slope != 0.0 else 0.0
    if not 0.0 < trial < math.inf:
        length = float(norm(gradient)[0])
        trial = float(rate) / (length if length > 1.0 or math.isnan(length) else 1.0)
    return np.array(direction), np.array([slope]), np.array([share]), trial


CONJUGATE_GRADIENT = Optimizer(
    name="conjugate_gradient",
    title="Conjugate gradients",
    summary="Directions that don't undo each other: n exact searches solve a quadratic.",
    source="Polak and Ribière (1969); Nocedal and Wright, Numerical Optimization (2006), section 5.2 (PR+)",
    hyperparameters=(FIRST_TRIAL, RESTART, C1, replace(C2, default=0.1)),
    init=init,
    step=step,
    needs=frozenset({Need.VALUE, Need.GRADIENT}),
    rate_scale=RateScale.FACTOR,
)
