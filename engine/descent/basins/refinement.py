"""Which cells have a start of their own when: a coarse grid first, then finer ones, and the blocks between."""

import numpy as np
from numpy.typing import NDArray

from ...arrays import Mask

Indices = NDArray[np.intp]

COARSEST = 8
"""Cells between two starts of the first picture."""


def strides(columns: int) -> tuple[int, ...]:
    """Return the distances between starts, level by level; the last is 1."""
    stride = COARSEST
    # A first picture of less than a few starts says nothing.
    while stride > 1 and columns // stride < 4:
        stride //= 2
    return tuple(stride >> k for k in range(stride.bit_length()))


class Owners:
    """Which start each cell shows: its own, or as long as it has none the nearest of the finest level."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self.done: Mask = np.zeros((rows, columns), dtype=bool)
        self.of: Indices = np.full((rows, columns), -1, dtype=np.intp)
        """The flat number of the start that each cell shows, ``(rows, columns)``; −1 where nothing is known."""

    def add(self, cells: Indices, stride: int) -> None:
        """Note that the starts of some cells of a level are known."""
        self.done.ravel()[cells] = True
        candidate = _nearest(self.rows, stride)[:, np.newaxis] * self.columns + _nearest(self.columns, stride)
        fresh = np.zeros(self.done.size, dtype=bool)
        fresh[cells] = True
        own = np.arange(self.done.size, dtype=np.intp).reshape(self.done.shape)
        # A start of its own is never painted over by a neighbour's.
        self.of = np.where(self.done, own, np.where(fresh[candidate], candidate, self.of))


def level_cells(owners: Owners, stride: int) -> Indices:
    """Return the flat numbers of the cells of a level that are not done yet, top row first."""
    across, down = _level(owners.columns, stride), _level(owners.rows, stride)
    cells = (down[:, np.newaxis] * owners.columns + across).ravel()
    fresh: Indices = cells[~owners.done.ravel()[cells]]
    return fresh


def _level(count: int, stride: int) -> Indices:
    # Middles of blocks, so that a block is shown by what is in its midst.
    cells = np.arange(stride // 2, count, stride)
    return cells if cells.size else np.array([count // 2])


def _nearest(count: int, stride: int) -> Indices:
    known = _level(count, stride)
    middles = (known[1:] + known[:-1] + 1) // 2
    nearest: Indices = known[np.searchsorted(middles, np.arange(count), side="right")]
    return nearest


def chunks(cells: Indices, size: int) -> list[Indices]:
    """Return the cells in parts of at most ``size``, all of nearly the same size."""
    parts = -(-len(cells) // size)
    return np.array_split(cells, parts) if parts else []
