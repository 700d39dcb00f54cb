"""BFGS: learns the inverse Hessian from how the gradient changes along the way."""

import math
from functools import cache
from typing import NamedTuple

import numpy as np

from ..arrays import FEW, Array, Mask, last_sum
from .hyperparameter import Value, Values
from .line_rules import C1, C2, StrongWolfe
from .line_search import product, search
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
    alone = gradient.ndim == 1 and gradient.size < FEW
    course, updated = (_course_of_one, _updated_of_one) if alone else (_course, _updated)
    matrix, plain, direction, trial = course(state, gradient, values["lr"])
    rule = StrongWolfe(float(values["c1"]), float(values["c2"]))
    found = search(rule, oracle, state.x, direction, value, gradient, trial)
    new, learnt = updated(matrix, plain, found.step_size * direction, found.gradient - gradient)
    return BfgsState(found.x, state.step + 1, *found[1:], direction, new, learnt, exact=is_exact(oracle))


def _course(state: BfgsState, gradient: Array, rate: Value) -> tuple[Array, Mask, Array, Array]:
    """The matrix B, where it is the identity, the direction −Bg and the first trial step."""
    identity = np.eye(gradient.shape[-1])
    usable = state.accepted | (state.step_size > 0.0)
    matrix = np.where(usable[..., None], state.inverse_hessian, identity)
    direction = -_times(matrix, gradient)
    uphill = ~(dot(gradient, direction) < 0.0)
    matrix = np.where(uphill[..., None], identity, matrix)
    direction = np.where(uphill, -gradient, direction)
    plain: Mask = np.all(matrix == identity, axis=(-2, -1))[..., None]
    return matrix, plain, direction, np.where(plain, rate / np.maximum(1.0, norm(gradient)), rate)


def _course_of_one(state: BfgsState, gradient: Array, rate: Value) -> tuple[Array, Mask, Array, Array]:
    """`_course` on plain floats, which take a fraction of the time."""
    g, identity = gradient.tolist(), _identity(gradient.size)
    usable = state.accepted[0] or state.step_size[0] > 0.0
    rows = state.inverse_hessian.tolist() if usable else identity
    direction = [-product(row, g) for row in rows]
    if not product(g, direction) < 0.0:
        rows, direction = identity, [-each for each in g]
    plain = rows == identity
    length = float(norm(gradient)[0]) if plain else 1.0
    trial = float(rate) / (length if length > 1.0 or length != length else 1.0)
    return np.array(rows), np.array([plain]), np.array(direction), np.array([trial])


@cache
def _identity(size: int) -> list[list[float]]:
    rows: list[list[float]] = np.eye(size).tolist()
    return rows


def _times(matrix: Array, vector: Array) -> Array:
    product: Array = last_sum(matrix * vector[..., None, :])[..., 0]
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


def _updated_of_one(matrix: Array, plain: Mask, s: Array, y: Array) -> tuple[Array, Mask]:
    """`_updated` on plain floats, which take a fraction of the time."""
    step, change = s.tolist(), y.tolist()
    curvature = product(step, change)
    squared = product(change, change)
    # A square may underflow to 0 where the product has not.
    if not (curvature > CURVATURE * float(norm(s)[0]) * float(norm(y)[0]) and squared > 0.0):
        return matrix, np.array([False])
    scale = curvature / squared if plain[0] else 1.0
    rows = [[scale * each for each in row] for row in matrix.tolist()]
    by = [product(row, change) for row in rows]
    square = (1.0 + product(change, by) / curvature) / curvature
    cross = [[b * a / curvature for a in step] for b in by]
    size = range(len(step))
    new = [[rows[i][j] + square * (step[i] * step[j]) - (cross[i][j] + cross[j][i]) for j in size] for i in size]
    if not all(map(math.isfinite, (each for row in new for each in row))):
        return matrix, np.array([False])
    return np.array(new), np.array([True])


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
