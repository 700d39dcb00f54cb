"""Clusters of boxes that touch, and the boxes around them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..arrays import Array, distinct
from .boxes import Boxes, widths

Labels: TypeAlias = NDArray[np.int64]

_PAIRS = 200_000
_MOST_PAIRS = 20_000_000
_MOST_CELLS = 2.0**46
_CLASS = 4.0


def hulls(boxes: Boxes, labels: Labels) -> Boxes:
    """Return the smallest box around each cluster, (n, 2, K)."""
    result = np.full((*boxes.shape[:2], int(np.max(labels, initial=-1)) + 1), -np.inf)
    for i, j in product(range(len(boxes)), (0, 1)):
        np.maximum.at(result[i, j], labels, boxes[i, j])
    return result


def clusters(boxes: Boxes, stop: Callable[[], bool] | None = None) -> Labels:
    """Return for each box the number of its cluster, 0 to K-1: boxes that touch are in one. (N,) integers.

    Each box is compared with those of about its size and with larger ones near it, so that a crowd of small boxes
    beside a large one costs little. Where that is too much work all the same, or ``stop`` says so, some clusters
    stay in pieces.
    """
    if len(boxes) == 1:
        return _along_line(boxes)
    labels = np.arange(boxes.shape[2])
    left = _MOST_PAIRS
    for larger, smaller in _classes(boxes):
        for here, there in _neighbours(boxes, larger, smaller):
            left -= len(here)
            apart = labels[here] != labels[there]
            here, there = here[apart], there[apart]
            touching = _touching(boxes, here, there)
            labels = _united(labels, here[touching], there[touching])
            if left < 0 or (stop is not None and stop()):
                break
    return np.searchsorted(distinct(labels), labels)


def _along_line(boxes: Boxes) -> Labels:
    """The clusters of intervals (1, 2, N): from low to high, a gap ends one."""
    order = np.argsort(-boxes[0, 0], kind="stable")
    low, high = -boxes[0, 0, order], np.maximum.accumulate(boxes[0, 1, order])
    slack = 1e-9 * widths(boxes)[0, order]
    apart = low[1:] - high[:-1] > np.maximum(slack[1:], slack[:-1])
    labels = np.empty(len(order), dtype=np.int64)
    labels[order] = np.concatenate([[0], np.cumsum(apart)])[: len(order)]
    return labels


def _classes(boxes: Boxes) -> Iterator[tuple[Labels, Labels]]:
    """Numbers of the boxes of about one size, and of those that are as large or smaller; small ones first."""
    if not boxes.shape[2]:
        return
    extent = np.maximum(np.max(boxes.max(axis=2) + boxes.max(axis=2)[:, ::-1], axis=1), np.finfo(np.float64).tiny)
    share = np.max(widths(boxes) / extent[:, np.newaxis], axis=0)
    size = np.ceil(np.log(np.clip(share, 2.0**-60, 1.0)) / np.log(_CLASS))
    for number in distinct(size):
        yield np.flatnonzero(size == number), np.flatnonzero(size <= number)


def _neighbours(boxes: Boxes, larger: Labels, smaller: Labels) -> Iterator[tuple[Labels, Labels]]:
    """Pairs of a smaller and a larger box that may touch: their low corners are in the same or adjacent cells."""
    low = -boxes[:, 0][:, smaller]
    origin = np.min(low, axis=1, keepdims=True)
    extent = np.ptp(low, axis=1)
    # No more cells than can be numbered; wider ones are as right.
    cell = np.maximum(np.max(widths(boxes)[:, smaller], axis=1), extent * _MOST_CELLS ** (-1.0 / len(boxes)))
    cell = np.maximum(cell * 1.001, np.finfo(np.float64).tiny)[:, np.newaxis]
    places = np.floor((low - origin) / cell)
    strides = np.concatenate([[1.0], np.cumprod(np.floor(extent / cell[:, 0])[:-1] + 3.0)])
    queries = strides @ places
    keys = queries[np.searchsorted(smaller, larger)]
    order = np.argsort(keys, kind="stable")
    keys, larger = keys[order], larger[order]
    for offset in product((-1, 0, 1), repeat=len(boxes)):
        shifted = queries + strides @ np.array(offset, dtype=np.float64)
        first, last = np.searchsorted(keys, shifted, "left"), np.searchsorted(keys, shifted, "right")
        for here, there in _pairs(first, last):
            yield smaller[here], larger[there]


def _touching(boxes: Boxes, here: Labels, there: Labels) -> NDArray[np.bool_]:
    first, second = boxes[:, :, here], boxes[:, :, there]
    slack: Array = 1e-9 * np.maximum(widths(first), widths(second))
    found: NDArray[np.bool_] = np.all(np.minimum(first, second).sum(axis=1) >= -slack, axis=0)
    return found


def _pairs(first: Labels, last: Labels) -> Iterator[tuple[Labels, Labels]]:
    """All (i, j) with first[i] ≤ j < last[i], in portions that fit into memory."""
    counts = last - first
    ends = np.cumsum(counts)
    start = 0
    while start < len(counts):
        before = ends[start - 1] if start else 0
        stop = max(int(np.searchsorted(ends, before + _PAIRS, "right")), start + 1)
        here = np.repeat(np.arange(start, stop), counts[start:stop])
        begin = np.repeat(ends[start:stop] - counts[start:stop] - before, counts[start:stop])
        yield here, np.repeat(first[start:stop], counts[start:stop]) + np.arange(len(here)) - begin
        start = stop


def _united(labels: Labels, a: Labels, b: Labels) -> Labels:
    """Give the same, smallest label to both boxes of each pair, and to all that share theirs."""
    while True:
        first, second = labels[a], labels[b]
        differ = first != second
        if not differ.any():
            return labels
        low, high = np.minimum(first, second)[differ], np.maximum(first, second)[differ]
        target = np.arange(len(labels))
        np.minimum.at(target, high, low)
        while True:
            following = target[target]
            if np.array_equal(following, target):
                break
            target = following
        labels = target[labels]
