"""What a map of curvature measures, at which round levels its bands part, and where they run."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from curvtui.engine.arrays import Array
from curvtui.engine.sampling.curvature_map import CurvatureMap
from curvtui.engine.sampling.lines import contour_lines

from ..views import Ground
from .level_lines import Lines

DIVERGING = (Ground.SMALLEST, Ground.LARGEST)
SEQUENTIAL = (Ground.CONDITION, Ground.SLOPE)
MEASURED = DIVERGING + SEQUENTIAL
"""The grounds that show a number, and so have levels of their own."""


def measured(ground: Ground, found: CurvatureMap) -> Array:
    """Return the values of what a ground measures; raises ValueError for one that measures nothing."""
    if ground not in MEASURED:
        raise ValueError(f"{ground.value} is no number of curvature")
    return {
        Ground.SMALLEST: found.smallest,
        Ground.LARGEST: found.largest,
        Ground.CONDITION: found.condition,
        Ground.SLOPE: found.slope,
    }[ground]


def ground_levels(ground: Ground, found: CurvatureMap, count: int) -> tuple[float, ...]:
    """Return round levels of what a ground measures, fewer than ``count``, ascending.

    Those of an eigenvalue are the same on both sides of 0, and 0 itself; empty for a ground that measures nothing.
    """
    if ground not in MEASURED:
        return ()
    values = measured(ground, found)
    if ground in SEQUENTIAL:
        return round_levels(values, 2 * count // 3)
    known = values[~np.isnan(values)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
    sizes = round_levels(np.abs(values), count // 3)
    every = (*(-size for size in reversed(sizes)), 0.0, *sizes)
    return tuple(level for level in every if low < level <= high)


def round_levels(magnitudes: Array, most: int) -> tuple[float, ...]:
    """Return at most ``most`` round numbers, evenly spaced in their logarithms, inside the range of magnitudes.

    The finest of a few series (1 2 5, 1 3, powers of ten, of a hundred, …) that is short enough; the outermost
    fiftieth of the magnitudes on either side counts not, and neither does what is not positive and finite.
    """
    usable = magnitudes[np.isfinite(magnitudes) & (magnitudes > 0)]
    if not usable.size or most < 1:
        return ()
    low, high = (float(end) for end in np.quantile(usable, (0.02, 0.98)))
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for mantissas, stride in _SERIES:
        powers = range(math.ceil(first / stride) * stride, last + 1, stride)
        numbers = [float(f"{m}e{power}") for power in powers for m in mantissas]
        inside = tuple(value for value in numbers if low < value < high)
        if len(inside) <= most:
            return inside
    return ()


_SERIES: tuple[tuple[tuple[float, ...], int], ...] = (
    ((1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8), 1),
    ((1, 1.5, 2, 3, 5, 7), 1),
    ((1, 2, 5), 1),
    ((1, 3), 1),
    *(((1,), stride) for stride in (1, 2, 3, 5, 10, 20, 50, 100, 200)),
)


def lines_at(found: CurvatureMap, values: Array, levels: Sequence[float]) -> Lines:
    """Return where values on a curvature map's grid pass through each level; a line has two points at least."""
    xs, ys = found.axes
    upwards = slice(None, None, -1) if len(ys) > 1 and ys[0] > ys[-1] else slice(None)
    traced = contour_lines(xs, ys[upwards], values[upwards], levels)
    return [(level, [line for line in lines if len(line) > 1]) for level, lines in traced]
