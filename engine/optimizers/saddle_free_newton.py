"""Saddle-free Newton: Newton's method with the sign of every curvature made positive."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..arrays import Array
from .checks import hessian_is_missing
from .gradient_descent import LEARNING_RATE
from .hyperparameter import Hyperparameter, Values
from .linear_algebra import eigen
from .optimizer import Need, Optimizer, RateScale
from .oracle import Oracle

DAMPING = Hyperparameter(
    "damping", 0.0, low=0.0, scale="log", help="added to every |λ|: keeps steps short where a curvature is near zero"
)


class SaddleFreeState(NamedTuple):
    """The iterate, and the spectrum of H at the point that the last step left.

    Eigenvalues ascend, ``(..., n)``; eigenvectors are in columns, ``(..., n, n)``.
    """

    x: Array
    step: int
    eigenvalues: Array
    eigenvectors: Array


def init(x: Array, values: Values) -> SaddleFreeState:
    """Return the state before the first step."""
    size = x.shape[-1]
    return SaddleFreeState(x, 0, np.zeros_like(x), np.broadcast_to(np.eye(size), (*x.shape, size)).copy())


def step(state: SaddleFreeState, oracle: Oracle, values: Values) -> SaddleFreeState:
    """Return x − η|H|⁻¹∇f(x), |H| with the moduli of H's eigenvalues, plus ``damping``.

    Equal to Newton's step where H is positive definite; elsewhere it flees along negative curvature.
    Where an eigenvalue is zero and the gradient has a part along it, the point becomes NaN, as Newton's.
    """
    gradient = oracle.gradient(state.x)
    eigenvalues, eigenvectors = eigen(oracle.hessian(state.x))
    parts = np.einsum("...ij,...i->...j", eigenvectors, gradient)
    lengths = np.where(parts == 0.0, 0.0, parts / (np.abs(eigenvalues) + values["damping"]))
    direction = np.einsum("...ij,...j->...i", eigenvectors, np.where(np.isinf(lengths), np.nan, lengths))
    x = state.x - values["lr"] * direction
    return SaddleFreeState(x, state.step + 1, eigenvalues, eigenvectors)


SADDLE_FREE_NEWTON = Optimizer(
    name="saddle_free_newton",
    title="Saddle-free Newton",
    summary="Newton's step with |λ| for λ: drawn to minima, driven from saddles.",
    source="Dauphin et al., Identifying and attacking the saddle point problem (2014)",
    hyperparameters=(
        replace(LEARNING_RATE, default=1.0, scale="linear", help="share of the full step"),
        DAMPING,
    ),
    init=init,
    step=step,
    needs=frozenset({Need.GRADIENT, Need.HESSIAN}),
    rate_scale=RateScale.FACTOR,
    check=hessian_is_missing,
)
