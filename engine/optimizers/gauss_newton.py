"""Gauss–Newton: Newton's method for sums of squares, with first derivatives alone."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..arrays import Array
from .checks import residuals_are_missing
from .gradient_descent import LEARNING_RATE
from .hyperparameter import Values
from .optimizer import Need, Optimizer, RateScale
from .oracle import Oracle

_EPS = float(np.finfo(np.float64).eps)


class GaussNewtonState(NamedTuple):
    """The iterate, and what the last step was made of: ∇f ``(..., n)`` and J's singular values, descending."""

    x: Array
    step: int
    gradient: Array
    singular_values: Array


def init(x: Array, values: Values) -> GaussNewtonState:
    """Return the state before the first step."""
    return GaussNewtonState(x, 0, np.zeros_like(x), np.zeros_like(x))


def step(state: GaussNewtonState, oracle: Oracle, values: Values) -> GaussNewtonState:
    """Return x − η(2JᵀJ)⁻¹∇f(x) for f = Σ rᵢ², J the Jacobian of the residuals r.

    By the singular value decomposition of J: directions that change no residual to first order are left
    alone, which makes the shortest step (the pseudo-inverse) where J has not full rank.
    """
    gradient, jacobian = oracle.least_squares(state.x)
    usable = np.all(np.isfinite(jacobian), axis=(-2, -1))[..., None]
    largest = np.max(np.abs(jacobian), axis=(-2, -1), initial=0.0)[..., None]
    scale = np.where(usable & (largest > 0.0), largest, 1.0)
    scaled = np.where(usable[..., None], jacobian / scale[..., None], 0.0)
    # With n rows of zeros below, V has all its n columns even where there are fewer residuals.
    padded = np.concatenate((scaled, np.zeros((*state.x.shape, state.x.shape[-1]))), axis=-2)
    _, sizes, rows = np.linalg.svd(padded, full_matrices=False)
    parts = np.einsum("...ij,...j->...i", rows, gradient / scale)
    kept = sizes > max(padded.shape[-2:]) * _EPS * sizes[..., :1]
    lengths = np.where(kept, 0.5 * parts / (sizes * sizes), 0.0)
    direction = np.where(usable, np.einsum("...ij,...i->...j", rows, lengths) / scale, np.nan)
    return GaussNewtonState(
        state.x - values["lr"] * direction, state.step + 1, gradient, np.where(usable, sizes * scale, np.nan)
    )


GAUSS_NEWTON = Optimizer(
    name="gauss_newton",
    title="Gauss–Newton",
    summary="For sums of squares: solves the residuals' linear model, no second derivatives.",
    source="Gauss (1809); Nocedal and Wright, Numerical Optimization (2006), section 10.3",
    hyperparameters=(replace(LEARNING_RATE, default=1.0, scale="linear", help="share of the full step"),),
    init=init,
    step=step,
    needs=frozenset({Need.GRADIENT, Need.RESIDUALS}),
    rate_scale=RateScale.FACTOR,
    check=residuals_are_missing,
)
