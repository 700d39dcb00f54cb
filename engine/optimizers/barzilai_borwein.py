"""Barzilai–Borwein: the step length that the last change of the gradient suggests."""

import math
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..arrays import Array
from .gradient_descent import LEARNING_RATE
from .hyperparameter import Hyperparameter, Values
from .optimizer import Optimizer, RateScale
from .oracle import Oracle, norm
from .searching import dot

FORM = Hyperparameter(
    "form", 0.0, kind="choice", choices=("long", "short", "alternate"),
    help="long is s·s/s·y (BB1), short is s·y/y·y (BB2), alternate takes them by turns",
)  # fmt: skip
INITIAL_STEP = Hyperparameter(
    "initial_step", 1e-3, low=0.0, low_open=True, scale="log",
    help="the first step's length for a gradient of length 1",
)  # fmt: skip


class BarzilaiBorweinState(NamedTuple):
    """The iterate, and the gradient, step s and step length of the step that led to it.

    ``step_size`` ``(..., 1)`` is without the factor ``lr``.
    """

    x: Array
    step: int
    previous_gradient: Array
    displacement: Array
    step_size: Array


def init(x: Array, values: Values) -> BarzilaiBorweinState:
    """Return the state before the first step."""
    zero = np.zeros_like(x)
    return BarzilaiBorweinState(x, 0, zero, zero, np.zeros((*x.shape[:-1], 1)))


def step(state: BarzilaiBorweinState, oracle: Oracle, values: Values) -> BarzilaiBorweinState:
    """Return x − ηαg, α from the last step s and the change y of the gradient over it.

    Where s·y ≤ 0 (negative curvature) α = ‖s‖/‖y‖, their geometric mean in modulus; where the point or
    the gradient did not change, α stays. ``lr`` = 1 is the method itself, less is its relaxed form
    (Raydan and Svaiter, 2002). f may rise on the way: that is how the method works.
    """
    gradient = oracle.gradient(state.x)
    if state.step == 0:
        size = np.broadcast_to(np.asarray(values["initial_step"], dtype=np.float64), state.step_size.shape)
    else:
        s, y = state.displacement, gradient - state.previous_gradient
        length, change = norm(s), norm(y)
        cosine = dot(s / length, y / change)
        short = values["form"] == 1.0 or (values["form"] == 2.0 and state.step % 2 == 0)
        choose = _size_of_one if state.x.ndim == 1 else _sizes
        size = choose(length, change, cosine, short, state.step_size)
    x = state.x - values["lr"] * size * gradient
    return BarzilaiBorweinState(x, state.step + 1, gradient, x - state.x, size)


def _sizes(length: Array, change: Array, cosine: Array, short: bool, before: Array) -> Array:
    size = length / change * np.where(cosine > 0.0, cosine if short else 1.0 / cosine, 1.0)
    return np.where((size > 0.0) & np.isfinite(size), size, before)


def _size_of_one(length: Array, change: Array, cosine: Array, short: bool, before: Array) -> Array:
    """`_sizes` on plain floats, which take a tenth of the time."""
    if change[0] == 0.0:
        return before
    ratio, share = float(length[0]) / float(change[0]), float(cosine[0])
    size = ratio * (share if short else 1.0 / share) if share > 0.0 else ratio
    return np.array([size]) if 0.0 < size < math.inf else before


BARZILAI_BORWEIN = Optimizer(
    name="barzilai_borwein",
    title="Barzilai–Borwein",
    summary="Gradient descent whose step length is read off the last step: fast, and not monotone.",
    source="Barzilai and Borwein (1988); Raydan and Svaiter (2002)",
    hyperparameters=(
        replace(LEARNING_RATE, default=1.0, scale="linear", help="share of the Barzilai–Borwein step"),
        FORM,
        INITIAL_STEP,
    ),
    init=init,
    step=step,
    rate_scale=RateScale.FACTOR,
)
