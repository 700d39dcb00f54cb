"""The interval Newton step: it excludes, contracts, or proves that a box holds exactly one critical point.

With c a point of the box X, Y about the inverse of the Hessian's middle, M = Y·H(X) and r = Y·∇f(c), every
critical point x in X satisfies x_i = c_i − (r_i + Σ_{j≠i} M_ij (x_j − c_j)) / M_ii. If the right side, over all
of X, lies in the interior of X for every i, then X holds exactly one critical point and every matrix in H(X) is
regular (Neumaier, Interval Methods for Systems of Equations, 1990, §5.1-5.2).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from ..arrays import Array, Mask
from ..surface.array import quiet
from .arithmetic import add, divide, integer_power, multiply, subtract
from .boxes import Boxes, common, meeting, middles, point_boxes, strictly_within, widths
from .field import Field, Hessian
from .interval import Interval, point, up

_POLISHINGS = 12
_NOISY = 0.25
_ULPS = 4 * 2.0**-52
_AT_ONCE = 4096
_WORK_AT_ONCE = 400_000


class Step(NamedTuple):
    """What one step says about N boxes."""

    empty: Mask
    """No critical point in the box."""
    certified: Mask
    """Exactly one in it, at which the Hessian is regular."""
    boxes: Boxes
    """The boxes without what was excluded; for an empty one without meaning."""
    hessian: Hessian
    """Over the boxes as they were given."""
    hidden: Mask
    """The rounding of some slope at the middle is about as wide as that slope's range over the box."""


def newton_step(field: Field, boxes: Boxes) -> Step:
    """Apply the operator once to boxes (n, 2, N)."""
    n, count = field.dimension, boxes.shape[2]
    centres = middles(boxes)
    hessian = field.hessian(boxes)
    usable = hessian.smooth
    with quiet():
        slopes = field.gradient_of_points(centres).slopes
        inverse = inverses(np.stack([np.stack([entry.middle for entry in row]) for row in hessian.entries]))
        offsets = [Interval(up(boxes[j] + np.stack([centres[j], -centres[j]]))) for j in range(n)]
        images = np.empty_like(boxes)
        empty = np.zeros(count, dtype=np.bool_)
        for i in range(n):
            row = [point(inverse[i, k]) for k in range(n)]
            residual = _dot(row, list(slopes))
            for j in range(n):
                if j != i:
                    residual = add(residual, multiply(_dot(row, [each[j] for each in hessian.entries]), offsets[j]))
            diagonal = _dot(row, [each[i] for each in hessian.entries])
            singular = diagonal.contains_zero
            whole = add(residual, multiply(diagonal, offsets[i]))
            empty |= ~whole.contains_zero
            safe = Interval(np.where(singular, np.array([[-1.0], [1.0]]), diagonal.bounds))
            image = subtract(point(centres[i]), divide(residual, safe)).bounds
            images[i] = np.where(singular, np.inf, image)
        images = np.where(np.isnan(images), np.inf, images)
    certified = usable & strictly_within(images, boxes)
    empty = usable & (empty | ~meeting(images, boxes))
    contracted = np.where(usable & ~empty, common(images, boxes), boxes)
    return Step(empty, certified & ~empty, contracted, hessian, usable & _hidden(hessian, slopes, widths(boxes)))


def _hidden(hessian: Hessian, slopes: Sequence[Interval], sides: Array) -> Mask:
    """Whether rounding at the middle of each box is as wide as what some slope can change over the box, (N,)."""
    mask = np.zeros(sides.shape[1], dtype=np.bool_)
    with quiet():
        for slope, row in zip(slopes, hessian.entries, strict=True):
            change = sum(np.max(np.abs(entry.bounds), axis=0) * side for entry, side in zip(row, sides, strict=True))
            rounding = slope.bounds[0] + slope.bounds[1]
            mask |= slope.contains_zero & (rounding >= _NOISY * change) & (rounding > 0.0)
    return mask


def polished(field: Field, roots: Boxes, stop: Callable[[], bool] | None = None) -> Boxes:
    """Shrink boxes (n, 2, K) that hold one critical point each until the rounding of the gradient stops it.

    Once ``stop``, which is polled, says so, the others are returned as they are.
    """
    roots = roots.copy()
    # What is a few ulp wide already stays as it is.
    active = np.flatnonzero(np.any(widths(roots) > _ULPS * np.max(np.abs(roots), axis=1), axis=0))
    at_once = max(128, min(_AT_ONCE, _WORK_AT_ONCE // field.length))
    for _ in range(_POLISHINGS):
        if not len(active):
            break
        still = []
        for chosen in np.array_split(active, 1 + len(active) // at_once):
            if stop is not None and stop():
                return roots
            before = roots[:, :, chosen]
            step = newton_step(field, before)
            # The critical point is in both; where rounding says otherwise the old box stays.
            after = np.where(step.empty, before, step.boxes)
            roots[:, :, chosen] = after
            still.append(chosen[np.any(widths(after) < 0.5 * widths(before), axis=0)])
        active = np.concatenate(still)
    return roots


def excluded_by_curvature(field: Field, boxes: Boxes) -> Mask:
    """Whether a Taylor expansion of the gradient proves that boxes (n, 2, N) hold no critical point.

    ∇f(x) is in ∇f(c) + H(c)·(x − c) + ½ T(X)·(x − c)·(x − c), T the third derivatives: sharp to the third
    order in the box's width, where the Hessian is singular and a Newton step says nothing. The components are
    looked at as they are, and multiplied by about the Hessian's inverse.
    """
    n = field.dimension
    centres = middles(boxes)
    at_centre = field.hessian(point_boxes(centres))
    third = field.third_derivatives(boxes)
    smooth = field.gradient(boxes).smooth & at_centre.smooth
    for entry in third.values():
        smooth = smooth & (np.asarray(entry.flags) == 0)
    with quiet():
        offsets = [Interval(up(boxes[j] + np.stack([centres[j], -centres[j]]))) for j in range(n)]
        squares = {
            (j, k): multiply(offsets[j], offsets[k]) if j != k else integer_power(offsets[j], 2)
            for j in range(n)
            for k in range(j, n)
        }
        half = point(np.array([0.5]))
        rests = []
        for i in range(n):
            rest: Interval | None = None
            for (j, k), square in squares.items():
                i_, j_, k_ = sorted((i, j, k))
                term = multiply(third[(i_, j_, k_)], square)
                term = multiply(term, half) if j == k else term
                rest = term if rest is None else add(rest, term)
            assert rest is not None
            rests.append(rest)
        inverse = inverses(np.stack([np.stack([entry.middle for entry in row]) for row in at_centre.entries]))
        identity = np.broadcast_to(np.eye(n)[:, :, np.newaxis], inverse.shape)
        excluded = np.zeros(boxes.shape[2], dtype=np.bool_)
        for matrix in (identity, inverse):
            for i in range(n):
                row = [point(matrix[i, k]) for k in range(n)]
                total = _dot(row, [*at_centre.gradient.slopes])
                for j in range(n):
                    total = add(total, multiply(_dot(row, [each[j] for each in at_centre.entries]), offsets[j]))
                total = add(total, _dot(row, rests))
                excluded |= ~total.contains_zero
    return excluded & smooth


def inverses(matrices: Array) -> Array:
    """Return about the inverses of matrices (n, n, N); zeros where there is none."""
    n = len(matrices)
    with quiet():
        if n == 1:
            result = 1.0 / matrices
        elif n == 2:
            scale = np.max(np.abs(matrices), axis=(0, 1))
            (a, b), (c, d) = matrices / scale
            determinant = (a * d - b * c) * scale
            result = np.stack([np.stack([d, -b]), np.stack([-c, a])]) / determinant
        else:
            finite = np.where(np.isfinite(matrices).all(axis=(0, 1)), matrices, 0.0)
            result = np.moveaxis(np.linalg.pinv(np.moveaxis(finite, -1, 0)), 0, -1)
        result[:, :, ~np.isfinite(result).all(axis=(0, 1))] = 0.0
    return result


def _dot(left: list[Interval], right: list[Interval]) -> Interval:
    total: Interval | None = None
    for a, b in zip(left, right, strict=True):
        # A mixed second derivative is often 0 throughout.
        if a.bounds.any() and b.bounds.any():
            term = multiply(a, b)
            total = term if total is None else add(total, term)
    return total if total is not None else Interval(np.zeros_like(left[0].bounds))
