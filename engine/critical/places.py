"""Which critical point a place is: the one at which a run has ended, or the one that is looked at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from ..arrays import Array
from .analysis import Analysis
from .critical_point import CriticalPoint, Kind

NEAR = 1e-3
"""Within this share of the box's half diagonal a point at rest is taken to be at a critical point."""

_NOUNS = {Kind.DEGENERATE: "degenerate critical point", Kind.INFLECTION: "inflection point"}
"""How kinds are named in a sentence, where their own word would not do."""


def nearest(analysis: Analysis, x: Sequence[float]) -> tuple[CriticalPoint, float] | None:
    """Return the critical point nearest to ``x`` and its distance, None where the list is empty."""
    if not analysis.points:
        return None
    with np.errstate(all="ignore"):
        point = analysis.points[int(np.argmin(np.linalg.norm(_coordinates(analysis) - np.asarray(x), axis=1)))]
    return point, math.dist(point.point, x)


@lru_cache(maxsize=2)
def _coordinates(analysis: Analysis) -> Array:
    """The points as an array (K, n): there may be ten thousand of them, and every frame asks."""
    return np.array([each.point for each in analysis.points])


def point_at(analysis: Analysis, x: Sequence[float]) -> CriticalPoint | None:
    """Return the critical point that ``x`` is: in its enclosure, or nearer than rounding could tell."""
    found = nearest(analysis, x)
    if found is None:
        return None
    point, _ = found
    for value, (low, high), (least, most) in zip(x, point.enclosure, analysis.box, strict=True):
        slack = 1e-12 * (most - least)
        if not low - slack <= value <= high + slack:
            return None
    return point


def destination(analysis: Analysis, x: Sequence[float]) -> str | None:
    """Name the critical point at which a run that rests at ``x`` has ended; None where none is known there.

    As in "the certified minimum (1, 1), global in view, 3.2e-09 away", or "the saddle (0, 0)".
    """
    found = nearest(analysis, x)
    half = 0.5 * math.hypot(*(high - low for low, high in analysis.box))
    # A run that has diverged is at no number, which is near nothing.
    if found is None or not found[1] <= NEAR * half:
        return None
    point, distance = found
    proved = "certified " if point.certified and point.kind.is_minimum else ""
    words = f"the {proved}{_NOUNS.get(point.kind, point.kind.value)} {point_text(point)}"
    if point.is_global_minimum:
        words += ", global in view"
    if not point.certified:
        words += ", not proved"
    if distance > 0.0:
        words += f", {distance:.2g} away"
    return words


def point_text(point: CriticalPoint) -> str:
    """Return a critical point's coordinates, exact where they are known: (√2/2, 0)."""
    if point.exact is not None:
        return f"({', '.join(point.exact.text)})"
    return f"({', '.join(f'{coordinate:.4g}' for coordinate in point.point)})"
