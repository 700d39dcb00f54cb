"""Arrays of boxes: N boxes in n variables are one array (n, 2, N) of interval bounds, minus low and high."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..arrays import Array, Mask
from ..surface.surface import Box

Boxes: TypeAlias = Array
"""(n, 2, N): for each variable minus the low ends and the high ends, as :class:`interval.Interval` keeps them."""

OFF_CENTRE = 0.4843
"""Where a side is cut: roots at round numbers, and at the middles of views, then lie off the cuts."""


def boxes_of(*sides: Box) -> Boxes:
    """Return boxes given by their (low, high) pairs."""
    array = np.asarray(sides, dtype=np.float64)
    return np.stack([-array[:, :, 0].T, array[:, :, 1].T], axis=1)


def box_of(boxes: Boxes, index: int = 0) -> Box:
    """Return one box as (low, high) pairs."""
    return tuple((float(-low) + 0.0, float(high)) for low, high in boxes[:, :, index])


def point_boxes(points: Array) -> Boxes:
    """Return the boxes that are one point each, for points (n, N)."""
    return np.stack([-points, points], axis=1)


def middles(boxes: Boxes) -> Array:
    """Return a point in each box, about its middle: (n, N)."""
    return 0.5 * boxes[:, 1] - 0.5 * boxes[:, 0]


def widths(boxes: Boxes) -> Array:
    """Return the sides' lengths, to rounding: (n, N)."""
    return boxes[:, 0] + boxes[:, 1]


def inflated(boxes: Boxes, by: Array | float) -> Boxes:
    """Return boxes whose faces are moved outward by ``by``, a number or (n, N)."""
    margin = by[:, np.newaxis] if isinstance(by, np.ndarray) else by
    return boxes + margin


def within(inner: Boxes, outer: Boxes) -> Mask:
    """Whether each inner box lies in its outer one, (N,)."""
    found: Mask = np.all(inner <= outer, axis=(0, 1))
    return found


def strictly_within(inner: Boxes, outer: Boxes) -> Mask:
    """Whether each inner box lies in the interior of its outer one, (N,)."""
    found: Mask = np.all(inner < outer, axis=(0, 1))
    return found


def meeting(first: Boxes, second: Boxes) -> Mask:
    """Whether boxes have a common point, (N,)."""
    found: Mask = np.all(np.minimum(first, second).sum(axis=1) >= 0.0, axis=0)
    return found


def common(first: Boxes, second: Boxes) -> Boxes:
    """Return the intersections, where :func:`meeting`."""
    return np.minimum(first, second)


def joined(parts: Sequence[Boxes], dimension: int) -> Boxes:
    """Return all boxes in one array."""
    return np.concatenate(parts, axis=2) if parts else np.empty((dimension, 2, 0))


def bisected(boxes: Boxes, side: NDArray[np.int64]) -> Boxes:
    """Return both parts of each box, cut slightly off the middle of variable ``side`` (N,): (n, 2, 2N)."""
    index = np.arange(boxes.shape[2])
    low, high = -boxes[side, 0, index], boxes[side, 1, index]
    # With ends of opposite sign low + 0.48·(high - low) could overflow; it can't here: boxes end at 1e150.
    cut = low + OFF_CENTRE * (high - low)
    lower, upper = boxes.copy(), boxes.copy()
    lower[side, 1, index] = cut
    upper[side, 0, index] = -cut
    return np.concatenate([lower, upper], axis=2)
