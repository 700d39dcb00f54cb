"""Curves of critical points: telling boxes that lie on one, and clusters of boxes that touch.

On a curve of critical points the Hessian has a zero eigenvalue along it, no box is ever decided, and the
number of open boxes grows as they shrink. Here that is noticed while they are still large.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from ..arrays import Array, Mask
from ..surface.array import quiet
from .boxes import Boxes, middles, point_boxes, widths
from .field import Field

LARGE = 40
"""Open boxes that touch, from which on they are taken for a curve's cover; around a point there are a few."""

SINGULAR = 1e-5
"""An eigenvalue of the Hessian below this part of its norm is about zero."""

_REACH = 3.0
_STEPS = 30
_SPREAD = 8.0
_POINT = 2.0**-9
_VANISHING = 1e-13
_STIFF = 1e-2


def valley_points(field: Field, boxes: Boxes, view: Array) -> tuple[Mask, Array]:
    """Look, near each box's middle, for a point where the gradient vanishes and the Hessian is singular.

    Returns whether there is one (N,), and the points (n, N). Gauss-Newton with the least-norm step goes
    straight to a curve and stays where it met it. ``view`` (n,) are the sides of all that is searched.
    """
    start = middles(boxes)
    points = start.copy()
    reach = _REACH * widths(boxes)
    with quiet():
        for _ in range(_STEPS):
            _, slopes, hessian = field.floats(points)
            points = points - _least_norm(hessian, slopes, _STIFF)
            points = np.clip(np.where(np.isfinite(points), points, start), start - reach, start + reach)
        _, slopes, hessian = field.floats(points)
        _, _, before = field.floats(start)
        size = np.sqrt(np.sum(hessian**2, axis=(0, 1)))
        typical = np.maximum(size, np.sqrt(np.sum(before**2, axis=(0, 1))))
        vanishing = np.sqrt(np.sum(slopes**2, axis=0)) <= _VANISHING * typical * np.max(view)
        near = np.all(np.abs(points - start) < reach, axis=0)
        found: Mask = vanishing & near & (_smallest(hessian) <= SINGULAR * typical)
    # Where rounding alone hides the gradient, cutting boxes is no use either.
    noise = field.gradient_of_points(start).may_vanish
    return found | noise, np.where(found, points, start)


def _smallest(hessian: Array) -> Array:
    """The smallest absolute eigenvalue, (N,)."""
    matrices = np.moveaxis(hessian, -1, 0)
    finite = np.isfinite(matrices).all(axis=(1, 2))
    values = np.abs(np.linalg.eigvalsh(np.where(finite[:, np.newaxis, np.newaxis], matrices, 0.0)))
    return np.where(finite, np.min(values, axis=1), np.inf)


def _least_norm(hessian: Array, slopes: Array, cutoff: float) -> Array:
    """The shortest step that zeroes the linearised gradient, eigenvalues below the cutoff taken as 0."""
    matrices = np.moveaxis(hessian, -1, 0)
    finite = np.isfinite(matrices).all(axis=(1, 2))
    values, vectors = np.linalg.eigh(np.where(finite[:, np.newaxis, np.newaxis], matrices, 0.0))
    largest = np.max(np.abs(values), axis=1, keepdims=True)
    inverse = np.where(np.abs(values) > cutoff * largest, 1.0 / values, 0.0)
    along = np.einsum("kij,ik->kj", vectors, slopes)
    return np.einsum("kij,kj->ik", vectors, inverse * along)


def large_clusters(boxes: Boxes) -> Mask:
    """Whether each box belongs to a cluster of :data:`LARGE` or more that touch, (N,)."""
    if boxes.shape[2] < LARGE:
        return np.zeros(boxes.shape[2], dtype=np.bool_)
    labels = clusters(boxes)
    mask: Mask = (np.bincount(labels) >= LARGE)[labels]
    return mask


def curves_and_points(boxes: Boxes, points: Array, view: Array) -> tuple[Mask, Mask]:
    """Tell which boxes cover a curve, and which surround a point so closely that cutting them is no use.

    ``points`` (n, N) are :func:`valley_points`, one a box: boxes around one degenerate point all lead to it,
    those along a curve are spread out as the boxes are. But within a tiny part of the view (``view`` (n,) its
    sides) rounding alone makes many boxes of one point.
    """
    nothing = np.zeros(boxes.shape[2], dtype=np.bool_)
    if boxes.shape[2] < LARGE:
        return nothing, nothing
    labels = clusters(boxes)
    large = np.bincount(labels) >= LARGE
    spread = widths(hulls(point_boxes(points), labels))
    extent = np.max(widths(hulls(boxes, labels)) / view[:, np.newaxis], axis=0)
    size = np.zeros((len(points), len(large)))
    for i, each in enumerate(widths(boxes)):
        np.maximum.at(size[i], labels, each)
    along = np.any(spread > _SPREAD * size, axis=0)
    return (large & along & (extent > _POINT))[labels], (large & (extent <= _POINT))[labels]


def hulls(boxes: Boxes, labels: Array) -> Boxes:
    """Return the smallest box around each cluster, (n, 2, K)."""
    result = np.full((*boxes.shape[:2], int(np.max(labels, initial=-1)) + 1), -np.inf)
    for i, j in product(range(len(boxes)), (0, 1)):
        np.maximum.at(result[i, j], labels, boxes[i, j])
    return result


def clusters(boxes: Boxes) -> Array:
    """Return for each box the number of its cluster, 0 to K-1: boxes that touch are in one. (N,) integers."""
    count = boxes.shape[2]
    parents = list(range(count))

    def root(i: int) -> int:
        while parents[i] != i:
            parents[i] = parents[parents[i]]
            i = parents[i]
        return i

    if not count:
        return np.zeros(0, dtype=np.int64)
    sizes = widths(boxes)
    # Cells as wide as the widest box: two that touch have their low corners in the same or in adjacent cells.
    cell = np.maximum(np.max(sizes, axis=1, keepdims=True), np.finfo(float).tiny) * 1.001
    slack = 1e-9 * cell
    index = np.floor(-boxes[:, 0] / cell).astype(np.int64).T
    cells: dict[tuple[int, ...], list[int]] = {}
    for number, key in enumerate(map(tuple, index.tolist())):
        cells.setdefault(key, []).append(number)
    offsets = [offset for offset in product((-1, 0, 1), repeat=len(boxes)) if offset >= (0,) * len(boxes)]
    for key, members in cells.items():
        for offset in offsets:
            others = cells.get(tuple(a + b for a, b in zip(key, offset, strict=True)))
            if others is None:
                continue
            here, there = np.array(members), np.array(others)
            sums = np.minimum(boxes[:, :, here, np.newaxis], boxes[:, :, np.newaxis, there]).sum(axis=1)
            for i, j in np.argwhere(np.all(sums >= -slack[:, :, np.newaxis], axis=0)).tolist():
                a, b = root(members[i]), root(others[j])
                if a != b:
                    parents[a] = b
    _, labels = np.unique([root(i) for i in range(count)], return_inverse=True)
    return labels
