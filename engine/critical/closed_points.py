"""Exact coordinates of the first of a list of critical points."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ..surface.surface import Surface
from .critical_point import CriticalPoint
from .exact import Known, exact_point

MOST = 60
"""Points that are looked at: each takes about a millisecond."""

_ULPS = 4 * 2.0**-52


def with_exact(surface: Surface, points: Sequence[CriticalPoint], stop: Callable[[], bool]) -> list[CriticalPoint]:
    """Return critical points, the first of them with their coordinates in closed form, where those can be proved.

    ``stop`` is polled between two points.
    """
    result = list(points)
    known: Known = {}
    for k, each in enumerate(result[:MOST]):
        if stop():
            break
        # Where terms of higher order decided, closed forms were looked for already.
        if each.exact is None and each.decided_by is None:
            exact = exact_point(surface, each.point, _radius(each), stop, known)
            result[k] = each if exact is None else replace(each, exact=exact)
    return result


def _radius(point: CriticalPoint) -> list[float]:
    """How far off the exact point may be: it is in the enclosure."""
    sides = zip(point.point, point.enclosure, strict=True)
    return [max(high - x, x - low) + _ULPS * abs(x) for x, (low, high) in sides]
