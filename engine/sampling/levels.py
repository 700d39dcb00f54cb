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

_NEAREST = (0.005, 0.01, 0.02, 0.04, 0.08)
"""Shares of the values below the lowest level of a logarithm, tried in turn until the lines have room."""

_CROWDED = 0.1
"""Of the places where neighbouring values lie on different sides of a level, the share that may cross a second one."""

_LEAST_BAND = 0.001
"""The least share of the values that a band between two logarithmic levels holds."""

_TOO_CROWDED = 0.45
"""From this share on AUTO looks whether another spacing leaves more room."""

_TAIL, _KEPT = 3.0, 1.5
"""Values further than this many inner spreads outside the middle 80 % are a pole's; so far there are even levels."""


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

    QUANTILE gives every band the same area; LOG spaces levels geometrically above the minimum, from as near
    to it as lines on the grid of ``values`` can be told apart; LINEAR evenly over all values but a pole's.
    AUTO takes LOG where the values above the minimum spread over more than two decades, else QUANTILE, and
    the other of the two where that one crowds its lines and the other does not. Each number of ``through``
    inside the range, in order of priority, replaces the level nearest to it, unless that one has been replaced
    already: pass a saddle's value, and the line that crosses there is drawn.

    Non-finite values, and those beyond ±1e300, are left out. There are no levels for a constant surface,
    and fewer than ``count`` only where the range holds too few floating-point numbers. Raises
    ``ValueError`` for a count outside 8 to 16 or an unknown method.
    """
    if not FEWEST_LEVELS <= count <= MOST_LEVELS:
        raise ValueError(f"the number of levels must lie in {FEWEST_LEVELS} to {MOST_LEVELS}; {count} was given")
    chosen = LevelMethod(method)
    values = np.asarray(values, dtype=np.float64)
    usable = values[drawable(values)]
    automatic = chosen is LevelMethod.AUTO
    if automatic:
        chosen = LevelMethod.LOG if _spans_decades(usable) else LevelMethod.QUANTILE
    if usable.size == 0 or usable.min() == usable.max():
        return Levels((), chosen)
    low, high = float(usable.min()), float(usable.max())
    levels = _inside(_SPACINGS[chosen](values, count), low, high)
    if automatic and (crowd := crowding(values, levels)) > _TOO_CROWDED:
        other = LevelMethod.QUANTILE if chosen is LevelMethod.LOG else LevelMethod.LOG
        others = _inside(_SPACINGS[other](values, count), low, high)
        if len(others) == count and crowding(values, others) < 0.5 * crowd:
            chosen, levels = other, others
    if len(levels) < count:
        # Ties have swallowed levels: spread them over the distinct values instead.
        levels = _inside(_quantile_levels(np.unique(usable), count), low, high)
    if len(levels) < count:
        levels = _inside(nodes(low, high, count + 2)[1:-1], low, high)
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


def crowding(values: Array, levels: Array) -> float:
    """Return how crowded level lines on a grid of values (any shape) are, 0 to 1.

    Of the pairs of neighbours that a level parts, the share that another level parts as well: there lines run
    closer than the grid can tell.
    """
    known = drawable(values)
    band = np.searchsorted(levels, np.where(known, values, 0.0)).astype(np.int16)
    parted = crowded = 0
    for axis in range(values.ndim):
        first, second = (
            tuple(part if k == axis else slice(None) for k in range(values.ndim))
            for part in (slice(None, -1), slice(1, None))
        )
        steps = np.abs(band[second] - band[first]) * (known[first] & known[second])
        parted += int(np.count_nonzero(steps))
        crowded += int(np.count_nonzero(steps > 1))
    return crowded / parted if parted else 0.0


def _quantile_levels(values: Array, count: int) -> Array:
    return np.asarray(np.quantile(values[drawable(values)], (np.arange(count) + 0.5) / count))


def _log_levels(values: Array, count: int) -> Array:
    """Levels from the nearest to the minimum on at which they have room, else from where they have the most."""
    usable = values[drawable(values)]
    low = usable.min()
    above = usable - low
    *nearest, far = np.quantile(above[above > 0], (*_NEAREST, 0.98))
    best, least = np.empty(0), np.inf
    for near in nearest:
        with np.errstate(all="ignore"):
            levels: Array = low + np.geomspace(near, far, count)
        # A band with hardly a value is as good as two lines in one place.
        bands = np.bincount(np.searchsorted(levels, usable), minlength=count + 1)
        crowd = crowding(values, levels) + float(bands[1:-1].min() < _LEAST_BAND * usable.size)
        if crowd < least:
            best, least = levels, crowd
        if crowd <= _CROWDED:
            break
    return best


def _linear_levels(values: Array, count: int) -> Array:
    usable = values[drawable(values)]
    low, high = float(usable.min()), float(usable.max())
    tenth, ninetieth = (float(end) for end in np.quantile(usable, (0.1, 0.9)))
    # A quarter of everything, so that no difference of two doubles overflows.
    spread = ninetieth / 4 - tenth / 4
    if spread > 0 and tenth / 4 - low / 4 > _TAIL * spread:
        low = tenth - _KEPT * 4 * spread
    if spread > 0 and high / 4 - ninetieth / 4 > _TAIL * spread:
        high = ninetieth + _KEPT * 4 * spread
    return nodes(low, high, count + 2)[1:-1]


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
