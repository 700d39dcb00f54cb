"""Large regions in pieces: the cells of a grid that hold open boxes, joined into few rectangles.

Where boxes touch along kink lines, rings or valley floors, the box around all of them is most of the view and says
nothing; small rectangles follow the line.
"""

from __future__ import annotations

from itertools import product
from math import prod

import numpy as np
from numpy.typing import NDArray

from ..arrays import Array
from .boxes import Boxes, boxes_of, widths
from .clusters import Labels

MOST_PIECES = 160
"""Grids are made coarser until there are no more pieces than that."""

_GRIDS = (32, 24, 16, 12, 8, 6, 4, 2, 1)
_MOST_CELLS = 1100


def pieces(boxes: Boxes, ranks: Labels, number: int, gravest: int) -> tuple[Boxes, Labels]:
    """Cover boxes (n, 2, N) with few boxes (n, 2, K) that do not overlap, each with its rank (K,).

    A piece's rank is that which most of the boxes' area in it has, of ``number`` ranks; ``gravest`` wins wherever
    it occurs.
    """
    around = np.max(boxes, axis=2)
    for count in _GRIDS:
        if count > 1 and count ** len(boxes) > _MOST_CELLS:
            continue
        edges = [np.linspace(-low, high, count + 1) for low, high in around]
        for side, (low, high) in zip(edges, around, strict=True):
            side[0], side[-1] = -low, high
        first, last = _cells(boxes, edges)
        cells = _ranked(first, last, (count,) * len(boxes), _weights(boxes), ranks, number, gravest)
        found = _rectangles(cells)
        if len(found) <= MOST_PIECES:
            break
    corners = np.array([(low, high) for low, high, _ in found], dtype=np.int64)  # (K, 2, n)
    result = np.empty((len(boxes), 2, len(found)))
    for k, (low, high) in enumerate(corners):
        inside = np.all((first <= high[:, np.newaxis]) & (last >= low[:, np.newaxis]), axis=0)
        tight = np.max(boxes[:, :, inside], axis=2)
        whole = boxes_of(tuple((side[a], side[b + 1]) for side, a, b in zip(edges, low, high, strict=True)))
        result[:, :, k] = np.minimum(tight, whole[:, :, 0])
    return result, np.array([rank for _, _, rank in found], dtype=np.int64)


def _cells(boxes: Boxes, edges: list[Array]) -> tuple[Labels, Labels]:
    """The first and the last cell of each box along each variable, (n, N): together they cover the box."""
    first = np.stack([np.searchsorted(side, -box[0], "right") - 1 for side, box in zip(edges, boxes, strict=True)])
    last = np.stack([np.searchsorted(side, box[1], "left") - 1 for side, box in zip(edges, boxes, strict=True)])
    first = np.clip(first, 0, len(edges[0]) - 2)
    return first, np.clip(last, first, len(edges[0]) - 2)


def _weights(boxes: Boxes) -> Array:
    sides = widths(boxes)
    weights: Array = np.prod(sides / np.maximum(np.max(sides, axis=1, keepdims=True), 1e-300), axis=0)
    return np.maximum(weights, 2.0**-60)


def _ranked(
    first: Labels,
    last: Labels,
    shape: tuple[int, ...],
    weights: Array,
    ranks: Labels,
    number: int,
    gravest: int,
) -> Labels:
    """The rank of each cell of a grid, -1 where no box is in it.

    Each box adds to the corners of its range of cells; running sums then give what covers each cell.
    """
    size = (number, *(count + 1 for count in shape))
    counts, areas = np.zeros(size, dtype=np.int64), np.zeros(size)
    for ends in product((0, 1), repeat=len(shape)):
        place = tuple(b + 1 if end else a for a, b, end in zip(first, last, ends, strict=True))
        np.add.at(counts, (ranks, *place), (-1) ** sum(ends))
        np.add.at(areas, (ranks, *place), (-1) ** sum(ends) * weights)
    for axis in range(1, len(size)):
        counts, areas = np.cumsum(counts, axis=axis), np.cumsum(areas, axis=axis)
    areas[counts == 0] = -np.inf
    areas[gravest] = np.where(counts[gravest] > 0, np.inf, -np.inf)
    ranked = np.where(counts.sum(axis=0) > 0, np.argmax(areas, axis=0), -1)
    return ranked[tuple(slice(0, count) for count in shape)]


def _rectangles(cells: Labels) -> list[tuple[tuple[int, ...], tuple[int, ...], int]]:
    """Join cells of equal rank greedily: first and last cell of each rectangle, and its rank."""
    free: NDArray[np.bool_] = cells >= 0
    found = []
    for start in map(tuple, np.argwhere(free).tolist()):
        if not free[start]:
            continue
        rank, low, high = int(cells[start]), list(start), list(start)
        for axis in sorted(range(cells.ndim), key=lambda axis: -_run(cells, free, start, axis)):
            while high[axis] + 1 < cells.shape[axis]:
                ahead = tuple(
                    slice(high[axis] + 1, high[axis] + 2) if i == axis else slice(low[i], high[i] + 1)
                    for i in range(cells.ndim)
                )
                if not np.all(free[ahead] & (cells[ahead] == rank)):
                    break
                high[axis] += 1
        free[tuple(slice(a, b + 1) for a, b in zip(low, high, strict=True))] = False
        found.append((tuple(low), tuple(high), rank))
    return found


def _run(cells: Labels, free: NDArray[np.bool_], start: tuple[int, ...], axis: int) -> int:
    """How many cells of the same rank follow from ``start`` on."""
    line = tuple(slice(start[axis], None) if i == axis else start[i] for i in range(cells.ndim))
    stops = np.flatnonzero(~(free[line] & (cells[line] == cells[start])))
    return int(stops[0]) if len(stops) else cells.shape[axis] - start[axis]


def share_of(boxes: Boxes, view: Array) -> Array:
    """Return which part of a view with sides ``view`` (n,) each box takes, (N,)."""
    parts: list[Array] = [side / length for side, length in zip(widths(boxes), view, strict=True)]
    return prod(parts[1:], start=parts[0])
