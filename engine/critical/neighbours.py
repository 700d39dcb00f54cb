"""Small boxes among very many that may touch: found by sorting, without looking at every pair."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..arrays import Array, distinct
from .boxes import Boxes

Labels: TypeAlias = NDArray[np.int64]

_ROUNDS = 4


def apart(boxes: Boxes) -> Labels:
    """Return for each box (n, 2, N) the number of its group, (N,): boxes of different groups do not touch.

    Along each variable a gap that no box of a group bridges divides it; boxes that are tiny beside their
    distances end up in groups of those that touch.
    """
    labels = np.zeros(boxes.shape[2], dtype=np.int64)
    groups = 0
    for _ in range(_ROUNDS):
        for side in boxes:
            labels = _divided(labels, side)
        found = int(np.max(labels, initial=-1)) + 1
        if found == groups:
            break
        groups = found
    return labels


def _divided(labels: Labels, side: Array) -> Labels:
    """Divide each group at the gaps between its intervals, given by minus the low ends and the high ends."""
    if not len(labels):
        return labels
    order = np.lexsort((-side[0], labels))
    group, low, high = labels[order], -side[0][order], side[1][order]
    first = np.concatenate([[True], group[1:] != group[:-1]])
    # Ranks instead of ends: then the largest so far within a group is a running maximum over everything.
    ends = distinct(np.concatenate([low, high]))
    reach = np.searchsorted(ends, high) + len(ends) * np.cumsum(first)
    begin = np.searchsorted(ends, low) + len(ends) * np.cumsum(first)
    reached = np.maximum.accumulate(reach)
    gap = np.concatenate([[True], begin[1:] > reached[:-1]])
    result = np.empty_like(labels)
    result[order] = np.cumsum(gap) - 1
    return result
