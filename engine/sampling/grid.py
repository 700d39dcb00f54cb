"""Values on regular grids, ready to draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np

from ..arrays import Array

Box: TypeAlias = Sequence[tuple[float, float]]
"""One (low, high) pair for each axis."""


class SampledSurface(Protocol):
    """What sampling needs of a surface."""

    def value(self, x: Array) -> Array:
        """Return the values (…) at points (…, n)."""

    def gradient(self, x: Array) -> Array:
        """Return the gradients (…, n) at points (…, n)."""

    def grid(self, axes: Sequence[Array]) -> Array:
        """Return the values on a grid: axes (xs (W,), ys (H,)) give (H, W), axes (xs,) give (W,)."""


@dataclass(frozen=True, eq=False)
class Grid:
    """Values on a regular grid: (H, W) for ascending axes (xs (W,), ys (H,)), or (W,) for one axis."""

    axes: tuple[Array, ...]
    values: Array


def nodes(low: float, high: float, count: int) -> Array:
    """Return ``count`` evenly spaced numbers from ``low`` to ``high``; one alone is the middle.

    Weighted means of the ends: exactly symmetric for a symmetric interval, and free of overflow for a huge
    one.
    """
    if count == 1:
        return np.array([0.5 * low + 0.5 * high])
    steps = np.arange(count, dtype=np.float64)
    return low * (steps[::-1] / (count - 1)) + high * (steps / (count - 1))


def cell_centres(low: float, high: float, count: int) -> Array:
    """Return the centres of ``count`` equal cells that tile the interval from ``low`` to ``high``."""
    steps = 2.0 * np.arange(count, dtype=np.float64) + 1.0
    return low * (steps[::-1] / (2 * count)) + high * (steps / (2 * count))


def grid(surface: SampledSurface, box: Box, columns: int, rows: int = 1) -> Grid:
    """Evaluate a surface on ``columns`` × ``rows`` nodes of ``box``, its border included.

    Rows go upwards with y. A box of one axis gives one row, whatever ``rows`` is.
    """
    axes = tuple(nodes(low, high, count) for (low, high), count in zip(box, (columns, rows), strict=False))
    return Grid(axes, np.asarray(surface.grid(axes), dtype=np.float64))
