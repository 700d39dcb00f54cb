"""Whether a value that is not 0 may well be: what is left of sums that cancel."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from curvtui.engine.arrays import Array
from curvtui.engine.surface.surface import Surface

from .scale import scale_of

if TYPE_CHECKING:
    from curvtui.engine.critical.field import Field

_SMALL = 1e-6
"""Values that are no smaller than this part of what the view commonly holds are taken as they are."""


def rounds_to_zero(surface: Surface, x: tuple[float, ...], value: float) -> bool:
    """Return whether f at ``x`` (n,), computed as ``value``, can't be told from 0 in double precision.

    That is so where 0 lies between the bounds of f, each operation rounded outwards: 7.9e-31 of
    ``(x**2 + y - 11)**2`` at a minimum is what rounding leaves, 1e-40 of ``x**2`` at 1e-20 is not.
    """
    return 0 < abs(value) <= _small(surface) and _encloses_zero(surface, x)


def which_round_to_zero(
    surface: Surface, points: Sequence[tuple[float, ...]], values: Sequence[float]
) -> tuple[bool, ...]:
    """Return the same of many points at once, each (n,)."""
    found = [False] * len(points)
    small = _small(surface)
    places = [k for k, value in enumerate(values) if 0 < abs(value) <= small]
    if places:
        enclosed = _zero_within(surface, np.array([points[k] for k in places]))
        for k, zero in zip(places, enclosed, strict=True):
            found[k] = zero
    return tuple(found)


def _small(surface: Surface) -> float:
    """The largest value that is worth a question."""
    scale = scale_of(surface)
    common = scale.curvature * scale.length**2
    return _SMALL * common if common > 0 else math.inf


@lru_cache(maxsize=1024)
def _encloses_zero(surface: Surface, x: tuple[float, ...]) -> bool:
    return _zero_within(surface, np.array([x]))[0]


def _zero_within(surface: Surface, points: Array) -> list[bool]:
    """Whether 0 lies between the bounds of f at points (N, n)."""
    from curvtui.engine.critical.boxes import point_boxes

    # Bounds are kept as the negated lower one and the upper one.
    bounds = _field(surface).value(point_boxes(points.T)).bounds
    enclosed: list[bool] = np.all(bounds >= 0, axis=0).tolist()
    return enclosed


@lru_cache(maxsize=4)
def _field(surface: Surface) -> Field:
    from curvtui.engine.critical.field import Field

    return Field(surface)
