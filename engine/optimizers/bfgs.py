"""BFGS: learns the inverse Hessian from how the gradient changes along the way."""

from typing import NamedTuple

import numpy as np

from ..arrays import Array, Mask
from .hyperparameter import Values
from .line_rules import C1, C2, StrongWolfe
from .line_search import search
from .line_search_gd import FIRST_TRIAL
from .optimizer import Need, Optimizer, RateScale
from .oracle import Oracle, norm
from .searching import dot, is_exact, measured, nothing_found

CURVATURE = 1e-10
"""An update is skipped unless s·y > CURVATURE·‖s‖‖y‖: the matrix would not stay positive definite."""


class BfgsState(NamedTuple):
    """The iterate, f and ∇f there, the search that led to it along ``direction``, and the matrix.

    ``inverse_hessian`` ``(..., n, n)`` approximates H⁻¹ at the iterate; ``updated`` ``(..., 1)`` says
    whether it learnt from the last step.
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
    inverse_hessian: Array
    updated: Mask
    exact: bool


def init(x: Array, values: Values) -> BfgsState:
    """Return the state before the first step, with the identity for the inverse Hessian."""
    size = x.shape[-1]
    matrix = np.broadcast_to(np.eye(size), (*x.shape, size)).copy()
    updated = np.zeros((*x.shape[:-1], 1), dtype=bool)
    return BfgsState(x, 0, *nothing_found(x)[1:], np.zeros_like(x), matrix, updated, exact=False)


def step(state: BfgsState, oracle: Oracle, values: Values) -> BfgsState:
    """Return x − tB∇f(x), t from a strong Wolfe search from ``lr``, and B updated by the secant equation.

    As long as B is the identity the first trial is no longer than lr, min(1, 1/‖g‖)·lr. Before its first
    update B is scaled to the curvature just seen (Nocedal and Wright, 2006, equation 6.20). Where Bg is
    no descent direction, or a search failed, B starts again as the identity.
    """
    value, gradient = measured(state, oracle)
    matrix = np.where(_usable(state)[..., None], state.inverse_hessian, np.eye(gradient.shape[-1]))
    direction = -_times(matrix, gradient)
    uphill = ~(dot(gradient, direction) < 0.0)
    matrix = np.where(uphill[..., None], np.eye(gradient.shape[-1]), matrix)
    direction = np.where(uphill, -gradient, direction)
    plain = _is_identity(matrix)
    trial = np.where(plain, values["lr"] / np.maximum(1.0, norm(gradient)), values["lr"])
    rule = StrongWolfe(float(values["c1"]), float(values["c2"]))
    found = search(rule, oracle, state.x, direction, value, gradient, trial)
    matrix, updated = _updated(matrix, plain, found.step_size * direction, found.gradient - gradient)
    return BfgsState(
        found.x, state.step + 1, *found[1:], direction, matrix, updated, exact=is_exact(oracle)
    )  # fmt: skip


def _usable(state: BfgsState) -> Mask:
    usable: Mask = state.accepted | (state.step_size > 0.0)
    return usable


def _is_identity(matrix: Array) -> Mask:
    same: Mask = np.all(matrix == np.eye(matrix.shape[-1]), axis=(-2, -1))[..., None]
    return same


def _times(matrix: Array, vector: Array) -> Array:
    product: Array = np.einsum("...ij,...j->...i", matrix, vector)
    return product


def _updated(matrix: Array, plain: Mask, s: Array, y: Array) -> tuple[Array, Mask]:
    """The matrix after s was gone and the gradient changed by y, and where it did change."""
    curvature = dot(s, y)
    scale = np.where(plain, curvature / dot(y, y), 1.0)
    scaled = scale[..., None] * matrix
    by = _times(scaled, y)
    # B + (1 + y·By/s·y) ssᵀ/s·y − (By sᵀ + s Byᵀ)/s·y: the product form, multiplied out.
    square = (1.0 + dot(y, by) / curvature) / curvature
    cross = by[..., :, None] * s[..., None, :] / curvature[..., None]
    mixed = cross + np.swapaxes(cross, -1, -2)
    new = scaled + square[..., None] * (s[..., :, None] * s[..., None, :]) - mixed
    good = curvature > CURVATURE * norm(s) * norm(y)
    good = good & np.all(np.isfinite(new), axis=(-2, -1))[..., None]
    return np.where(good[..., None], new, matrix), good


BFGS = Optimizer(
    name="bfgs",
    title="BFGS",
    summary="Newton's steps without a Hessian: the curvature is learnt from gradients.",
    source="Broyden, Fletcher, Goldfarb, Shanno (1970); Nocedal and Wright (2006), algorithm 6.1",
    hyperparameters=(FIRST_TRIAL, C1, C2),
    init=init,
    step=step,
    needs=frozenset({Need.VALUE, Need.GRADIENT}),
    rate_scale=RateScale.FACTOR,
)
