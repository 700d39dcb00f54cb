"""Contour levels: which values lines are drawn at."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from ..arrays import Array, Mask
from .grid import nodes

FEWEST_LEVELS, MOST_LEVELS = 8, 16
"""Level counts that can be asked for."""

_DECADES_FOR_LOG = 2


_LARGEST_DRAWABLE = 1e300


class LevelMethod(Enum):
    """How contour levels are spaced; AUTO chooses between the first two."""

    QUANTILE = "quantile"
    LOG = "log"
    LINEAR = "linear"
    AUTO = "auto"


@dataclass(frozen=True)
class Levels:
    """Strictly increasing contour levels and the method that spaced them (never AUTO)."""

    values: tuple[float, ...]
    method: LevelMethod


def contour_levels(
    values: Array,
    count: int = 12,
    method: LevelMethod | str = LevelMethod.AUTO,
    through: Sequence[float] = (),
) -> Levels:
    """Choose ``count`` (8 to 16) levels strictly inside the range of ``values`` (any shape).

    QUANTILE gives every band the same area; LOG spaces levels geometrically above the minimum; LINEAR
    evenly; AUTO takes LOG where the values above the minimum spread over more than two decades, else
    QUANTILE. Each number of ``through`` inside the range, in order of priority, replaces the level nearest
    to it, unless that one has been replaced already: pass a saddle's value, and the line that crosses there
    is drawn.

    Non-finite values, and those beyond ±1e300, are left out. There are no levels for a constant surface,
    and fewer than ``count`` only where the range holds too few floating-point numbers. Raises
    ``ValueError`` for a count outside 8 to 16 or an unknown method.
    """
    if not FEWEST_LEVELS <= count <= MOST_LEVELS:
        raise ValueError(f"the number of levels must lie in {FEWEST_LEVELS} to {MOST_LEVELS}; {count} was given")
    chosen = LevelMethod(method)
    usable = np.asarray(values, dtype=np.float64)
    usable = usable[drawable(usable)]
    if chosen is LevelMethod.AUTO:
        chosen = LevelMethod.LOG if _spans_decades(usable) else LevelMethod.QUANTILE
    if usable.size == 0 or usable.min() == usable.max():
        return Levels((), chosen)
    low, high = float(usable.min()), float(usable.max())
    levels = _inside(_SPACINGS[chosen](usable, count), low, high)
    if len(levels) < count:
        # Ties have swallowed levels: spread them over the distinct values instead.
        levels = _inside(_quantile_levels(np.unique(usable), count), low, high)
    if len(levels) < count:
        levels = _inside(_linear_levels(usable, count), low, high)
    return Levels(_snapped(levels, through, low, high), chosen)


def drawable(values: Array) -> Mask:
    """Return which values can be drawn: finite ones whose differences are finite too."""
    # A comparison with NaN is false, so one test refuses NaN, infinities and numbers whose differences
    # overflow.
    usable: Mask = np.abs(values) <= _LARGEST_DRAWABLE
    return usable


def _spans_decades(values: Array) -> bool:
    if values.size == 0:
        return False
    above = values - values.min()
    above = above[above > 0]
    if above.size == 0:
        return False
    # Tails are cut: one pole, or one grid point that happens to hit the minimum, must not decide.
    near, far = np.quantile(above, (0.01, 0.99))
    return bool(far * 10.0**-_DECADES_FOR_LOG > near)


def _quantile_levels(values: Array, count: int) -> Array:
    return np.quantile(values, (np.arange(count) + 0.5) / count)


def _log_levels(values: Array, count: int) -> Array:
    low = values.min()
    above = values - low
    near, far = np.quantile(above[above > 0], (0.005, 0.98))
    with np.errstate(all="ignore"):
        levels: Array = low + np.geomspace(near, far, count)
    return levels


def _linear_levels(values: Array, count: int) -> Array:
    return nodes(float(values.min()), float(values.max()), count + 2)[1:-1]


_SPACINGS: Mapping[LevelMethod, Callable[[Array, int], Array]] = {
    LevelMethod.QUANTILE: _quantile_levels,
    LevelMethod.LOG: _log_levels,
    LevelMethod.LINEAR: _linear_levels,
}


def _inside(levels: Array, low: float, high: float) -> Array:
    distinct = np.unique(levels[np.isfinite(levels)])
    return distinct[(distinct > low) & (distinct < high)]


def _snapped(levels: Array, through: Sequence[float], low: float, high: float) -> tuple[float, ...]:
    snapped: list[float] = levels.tolist()
    taken: set[int] = set()
    for target in through:
        if not low < target < high or not snapped:
            continue
        # Only the two neighbours may move: the order survives even where rounding makes distances equal.
        above = bisect_left(snapped, target)
        neighbours = range(max(0, above - 1), min(above + 1, len(snapped)))
        nearest = min(neighbours, key=lambda index: abs(snapped[index] - target))
        if nearest not in taken:
            taken.add(nearest)
            snapped[nearest] = float(target)
    return tuple(snapped)
