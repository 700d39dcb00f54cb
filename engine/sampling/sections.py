"""Cross-sections: a surface along straight lines."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from .grid import Box, SampledSurface, nodes


@dataclass(frozen=True, eq=False)
class CrossSection:
    """Values (k,) along a straight line, at ``points`` origin + t·direction (k, n) for ``offsets`` t (k,)."""

    offsets: Array
    points: Array
    values: Array


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
