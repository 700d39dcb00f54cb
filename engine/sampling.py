"""Arrays ready to draw: grids of values, contour levels and lines, cross-sections and gradient fields."""

import math
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .arrays import Array

_FEWEST_LEVELS, _MOST_LEVELS = 8, 16
_DECADES_FOR_LOG = 2
_LARGEST_DRAWABLE = 1e300

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


@dataclass(frozen=True, eq=False)
class CrossSection:
    """Values (k,) along a straight line, at ``points`` origin + t·direction (k, n) for ``offsets`` t (k,)."""

    offsets: Array
    points: Array
    values: Array


@dataclass(frozen=True, eq=False)
class GradientField:
    """Gradients on a grid of cell centres: ``points`` and ``gradients`` (H, W, 2), or (W, 1) in one variable.

    ``directions`` are the gradients at unit length; zero or undefined gradients have NaN directions.
    """

    points: Array
    gradients: Array
    directions: Array


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


def grid(surface: SampledSurface, box: Box, columns: int, rows: int = 1, *, centred: bool = False) -> Grid:
    """Evaluate a surface on ``columns`` × ``rows`` points of ``box``: nodes, or cell centres if ``centred``.

    Rows go upwards with y. A box of one axis gives one row, whatever ``rows`` is.
    """
    spaced = cell_centres if centred else nodes
    axes = tuple(spaced(low, high, count) for (low, high), count in zip(box, (columns, rows), strict=False))
    return Grid(axes, np.asarray(surface.grid(axes), dtype=np.float64))


def cross_section(
    surface: SampledSurface,
    origin: Sequence[float] | Array,
    direction: Sequence[float] | Array,
    extent: tuple[float, float],
    count: int = 400,
) -> CrossSection:
    """Sample a surface at origin + t·direction for ``count`` even steps of t over ``extent``."""
    offsets = nodes(*extent, count)
    with np.errstate(all="ignore"):
        points = np.asarray(origin, dtype=np.float64) + offsets[:, np.newaxis] * np.asarray(direction, np.float64)
    return CrossSection(offsets, points, np.asarray(surface.value(points), dtype=np.float64))


def extent_in_box(
    origin: Sequence[float] | Array, direction: Sequence[float] | Array, box: Box
) -> tuple[float, float] | None:
    """Return the range of t for which origin + t·direction lies in ``box``, or ``None`` if there is none.

    Liang and Barsky's clipping. A zero or non-finite direction, or a non-finite origin, gives ``None``.
    """
    start = [float(coordinate) for coordinate in origin]
    rates = [float(rate) for rate in direction]
    if not all(map(math.isfinite, (*start, *rates))) or not any(rates):
        return None
    first, last = -math.inf, math.inf
    for coordinate, rate, (low, high) in zip(start, rates, box, strict=True):
        if rate == 0:
            if not low <= coordinate <= high:
                return None
            continue
        ends = sorted(((low - coordinate) / rate, (high - coordinate) / rate))
        first, last = max(first, ends[0]), min(last, ends[1])
    return (first, last) if first <= last and math.isfinite(first) and math.isfinite(last) else None


def gradient_field(surface: SampledSurface, box: Box, columns: int, rows: int = 1) -> GradientField:
    """Sample the gradient at the centres of ``columns`` × ``rows`` cells of ``box``."""
    axes = [cell_centres(low, high, count) for (low, high), count in zip(box, (columns, rows), strict=False)]
    points = np.stack(np.meshgrid(*axes, indexing="xy"), axis=-1)
    gradients = np.asarray(surface.gradient(points), dtype=np.float64)
    with np.errstate(all="ignore"):
        # Dividing by the largest component first keeps the squares inside the double range.
        scaled = gradients / np.max(np.abs(gradients), axis=-1, keepdims=True)
        directions = scaled / np.sqrt(np.sum(scaled**2, axis=-1, keepdims=True))
    return GradientField(points, gradients, directions)


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
    if not _FEWEST_LEVELS <= count <= _MOST_LEVELS:
        raise ValueError(f"the number of levels must lie in {_FEWEST_LEVELS} to {_MOST_LEVELS}; {count} was given")
    chosen = LevelMethod(method)
    usable = np.asarray(values, dtype=np.float64)
    usable = usable[_drawable(usable)]
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


def contour_lines(xs: Array, ys: Array, values: Array, levels: Sequence[float]) -> list[tuple[float, list[Array]]]:
    """Trace each level on a grid: a list of (level, polylines (k, 2) in world coordinates).

    ``xs`` is (W,), ``ys`` (H,) and ``values`` (H, W). Cells next to a non-finite value, or one beyond
    ±1e300, are left out. A closed line repeats its first point. Grids of less than 2 × 2 points have no
    lines.
    """
    heights = np.asarray(values, dtype=np.float64)
    if heights.ndim != 2 or min(heights.shape) < 2:
        return [(float(level), []) for level in levels]
    # Imported only when lines are wanted: headless commands never draw any.
    from contourpy import LineType, contour_generator

    drawable = _drawable(heights)
    generator = contour_generator(
        x=xs,
        y=ys,
        z=np.ma.MaskedArray(np.where(drawable, heights, 0.0), mask=~drawable),
        name="serial",
        corner_mask=True,
        line_type=LineType.Separate,
    )
    traced: list[tuple[float, list[Array]]] = []
    for level in levels:
        lines = generator.lines(float(level)) if math.isfinite(level) else []
        traced.append((float(level), [np.asarray(line, dtype=np.float64) for line in lines]))
    return traced


def _drawable(values: Array) -> NDArray[np.bool_]:
    # A comparison with NaN is false, so one test refuses NaN, infinities and numbers whose differences
    # overflow.
    drawable: NDArray[np.bool_] = np.abs(values) <= _LARGEST_DRAWABLE
    return drawable


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
