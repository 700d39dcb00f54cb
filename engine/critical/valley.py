"""Curves of critical points: telling boxes that lie on one.

On a curve of critical points the Hessian has a zero eigenvalue along it, no box is ever decided, and the
number of open boxes grows as they shrink. Here that is noticed while they are still large.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ..arrays import Array, Mask
from ..surface.array import quiet
from .boxes import Boxes, middles, point_boxes, widths
from .clusters import Labels as Labels
from .clusters import clusters, hulls
from .field import Field

LARGE = 40
"""Open boxes that touch, from which on they are taken for a curve's cover; around a point there are a few."""

SINGULAR = 1e-5
"""An eigenvalue of the Hessian below this part of its norm is about zero."""

_REACH = 3.0
_STEPS = 45
_PROGRESS = 0.9
_SPREAD = 8.0
_POINT = 2.0**-9
_MOST = 20_000
_CROWD = 400
_COMPARISONS = 2_000_000
_BESIDE = 0.25
_SAMPLE = 400
_WORTH = 0.2
_VANISHING = 1e-13
_STIFF = 1e-2
_SETTLED = 2.0**-8


class Valley(NamedTuple):
    """For N boxes: whether one is on a valley floor (N,), a point there (n, N), and whether rounding hides it."""

    found: Mask
    points: Array
    hidden: Mask


def valley_points(field: Field, boxes: Boxes, view: Array, stop: Callable[[], bool] | None = None) -> Valley:
    """Look, near each box's middle, for a point where the gradient vanishes and the Hessian is singular.

    Gauss-Newton with the least-norm step goes
    straight to a curve and stays where it met it. ``view`` (n,) are the sides of all that is searched.
    ``stop`` is polled.
    """
    count = boxes.shape[2]
    if count > 4 * _SAMPLE:
        # Very many boxes, most of them on no curve, are not worth a closer look.
        sample = valley_points(field, boxes[:, :, :: count // _SAMPLE], view, stop)
        if np.mean(sample.found) < _WORTH:
            nothing = np.zeros(count, dtype=np.bool_)
            return Valley(nothing, middles(boxes), nothing)
    start = middles(boxes)
    points = start.copy()
    reach = _REACH * widths(boxes)
    settling = _SETTLED * np.max(widths(boxes), axis=0)
    found = np.zeros(count, dtype=np.bool_)
    _, _, hessian = field.floats(start)
    typical = _norms(hessian)
    active = np.arange(count)
    last = np.full(count, np.inf)
    with quiet():
        for _ in range(_STEPS):
            if not len(active) or (stop is not None and stop()):
                break
            place = points[:, active]
            _, slopes, hessian = field.floats(place)
            scale = np.maximum(typical[active], _norms(hessian))
            size = np.sqrt(np.sum(slopes**2, axis=0))
            vanishing = size <= _VANISHING * scale * np.max(view)
            step = _least_norm(hessian, slopes, _STIFF)
            # In the tail of a function that dies away the gradient is as small, but the steps are not.
            settled = np.all(np.abs(step) <= settling[active], axis=0)
            found[active] = vanishing & settled & (_smallest(hessian) <= SINGULAR * scale)
            moved = place - step
            near = np.all(np.abs(moved - start[:, active]) < reach[:, active], axis=0)
            # On the way to a curve the gradient shrinks with every step, however flat the valley is.
            going = near & ~vanishing & (size <= _PROGRESS * last[active])
            last[active] = size
            active = active[going]
            points[:, active] = moved[:, going]
    # Where rounding alone hides the gradient, cutting boxes is no use either.
    noise = field.gradient_of_points(start).may_vanish
    return Valley(found | noise, np.where(found, points, start), noise)


def _norms(hessian: Array) -> Array:
    """The Frobenius norms, (N,), infinite where their squares overflow."""
    with quiet():
        norms: Array = np.sqrt(np.sum(hessian**2, axis=(0, 1)))
    return norms


def _smallest(hessian: Array) -> Array:
    """The smallest absolute eigenvalue, (N,)."""
    matrices = np.moveaxis(hessian, -1, 0)
    finite: Mask = np.asarray(np.isfinite(matrices).all(axis=(1, 2)))
    values = np.abs(np.linalg.eigvalsh(np.where(finite[:, np.newaxis, np.newaxis], matrices, 0.0)))
    return np.where(finite, np.min(values, axis=1), np.inf)


def _least_norm(hessian: Array, slopes: Array, cutoff: float) -> Array:
    """The shortest step that zeroes the linearised gradient, eigenvalues below the cutoff taken as 0."""
    matrices = np.moveaxis(hessian, -1, 0)
    finite: Mask = np.asarray(np.isfinite(matrices).all(axis=(1, 2)))
    values, vectors = np.linalg.eigh(np.where(finite[:, np.newaxis, np.newaxis], matrices, 0.0))
    largest = np.max(np.abs(values), axis=1, keepdims=True)
    inverse = np.where(np.abs(values) > cutoff * largest, 1.0 / values, 0.0)
    along = np.einsum("kij,ik->kj", vectors, slopes)
    step: Array = np.einsum("kij,kj->ik", vectors, inverse * along)
    return step


def large_clusters(boxes: Boxes) -> Mask:
    """Whether each box belongs to a cluster of :data:`LARGE` or more that touch, (N,)."""
    if boxes.shape[2] < LARGE:
        return np.zeros(boxes.shape[2], dtype=np.bool_)
    if boxes.shape[2] > _MOST:
        return np.ones(boxes.shape[2], dtype=np.bool_)
    labels = clusters(boxes)
    mask: Mask = (np.bincount(labels) >= LARGE)[labels]
    return mask


def curves_and_points(boxes: Boxes, points: Array, hidden: Mask, view: Array) -> tuple[Mask, Mask]:
    """Tell which boxes cover a curve, and which surround a point so closely that cutting them is no use.

    ``points`` (n, N) are :func:`valley_points`, one a box: boxes around one degenerate point all lead to it,
    those along a curve are spread out as the boxes are. But within a tiny part of the view (``view`` (n,) its
    sides) rounding alone makes many boxes of one point; ``hidden`` (N,) tells which hold nothing but noise.
    """
    nothing = np.zeros(boxes.shape[2], dtype=np.bool_)
    if boxes.shape[2] < LARGE:
        return nothing, nothing
    labels = clusters(boxes) if boxes.shape[2] <= _MOST else np.zeros(boxes.shape[2], dtype=np.int64)
    large = np.bincount(labels) >= LARGE
    spread = widths(hulls(point_boxes(points), labels))
    extent = np.max(widths(hulls(boxes, labels)) / view[:, np.newaxis], axis=0)
    size = np.zeros((len(points), len(large)))
    for i, each in enumerate(widths(boxes)):
        np.maximum.at(size[i], labels, each)
    along = np.any(spread > _SPREAD * size, axis=0)
    counts = np.bincount(labels)
    noisy = (np.bincount(labels, weights=hidden) >= 0.5 * counts) | (counts >= _CROWD)
    return (large & along & (extent > _POINT))[labels], (large & (extent <= _POINT) & noisy)[labels]


def near_larger(boxes: Boxes, covers: Boxes) -> Mask:
    """Whether each box lies beside one of ``covers`` (n, 2, M) that is many times as large, (N,).

    Where curves cross or end, what their cover left open shrinks towards it without end.
    """
    count = boxes.shape[2]
    if not count or not covers.shape[2] or count * covers.shape[2] > _COMPARISONS:
        return np.zeros(count, dtype=np.bool_)
    sizes, large = np.max(widths(boxes), axis=0), np.max(widths(covers), axis=0)
    beside = np.ones((count, covers.shape[2]), dtype=np.bool_)
    for side, cover in zip(boxes, covers, strict=True):
        for j in (0, 1):
            beside &= side[j][:, np.newaxis] <= cover[j] + 2.0 * large
    mask: Mask = np.any(beside & (sizes[:, np.newaxis] <= _BESIDE * large), axis=1)
    return mask
