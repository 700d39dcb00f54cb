"""What is proved of a box, in words: the completeness of the list, and where a run ended."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from .analysis import Analysis, Verdict
from .critical_point import CriticalPoint
from .search import Reason

NEAR = 1e-3
"""Within this share of the box's half diagonal a point at rest is taken to be at a critical point."""

_REASONS = {
    Reason.DEGENERATE: "degenerate",
    Reason.CURVE: "a curve of critical points",
    Reason.NON_SMOOTH: "not differentiable",
    Reason.UNDEFINED: "undefined on a part",
    Reason.BOUNDARY: "on the border",
    Reason.BUDGET: "not looked at in time",
}


def completeness_sentence(analysis: Analysis) -> str:
    """Say how many critical points there are in the box, whether these are all, and the check of the indices."""
    count = len(analysis.points)
    found = "no critical point" if count == 0 else "1 critical point" if count == 1 else f"{count} critical points"
    completeness = analysis.completeness
    if completeness.verdict is Verdict.COMPLETE:
        words = {0: "there is none in view", 1: "the only one in view"}.get(count, "all there are in view")
        return f"{found}: {words}, proved{_indices(analysis)}"
    why = Counter(_REASONS[region.reason] for region in completeness.unresolved)
    regions = ", ".join(f"{number} {reason}" if number > 1 else reason for reason, number in why.most_common())
    if completeness.verdict is Verdict.EXCEPT_UNRESOLVED:
        return f"{found}: all in view except in {_regions(len(completeness.unresolved))}: {regions}"
    return f"{found} so far: the search ran out of time; {regions}"


def _regions(count: int) -> str:
    return "1 region" if count == 1 else f"{count} regions"


def _indices(analysis: Analysis) -> str:
    total, winding = analysis.completeness.index_sum, analysis.completeness.boundary_winding
    if total is None or not analysis.points:
        return ""
    indices = [point.index or 0 for point in analysis.points]
    terms = "index sum"
    if len(indices) <= 5:
        terms += " " + " ".join(map(_signed, indices)) if len(indices) > 1 else ""
    if winding is None:
        return f"; {terms} = {_signed(total)}"
    same = "=" if winding == total else "≠"
    return f"; {terms} = {_signed(total)} {same} winding of the border"


def _signed(index: int) -> str:
    return f"{index:+d}" if index else "0"


def nearest(analysis: Analysis, x: Sequence[float]) -> tuple[CriticalPoint, float] | None:
    """Return the critical point nearest to ``x`` and its distance, None where the list is empty."""
    if not analysis.points:
        return None
    point = min(analysis.points, key=lambda each: math.dist(each.point, x))
    return point, math.dist(point.point, x)


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

    As in "the certified minimum (1, 1), global in view, 3.2e-09 away".
    """
    found = nearest(analysis, x)
    half = 0.5 * math.hypot(*(high - low for low, high in analysis.box))
    if found is None or found[1] > NEAR * half:
        return None
    point, distance = found
    proved = "certified " if point.certified else ""
    words = f"the {proved}{point.kind.value} {point_text(point)}"
    if point.is_global_minimum:
        words += ", global in view"
    if distance > 0.0:
        words += f", {distance:.2g} away"
    return words


def point_text(point: CriticalPoint) -> str:
    """Return a critical point's coordinates, exact where they are known: (√2/2, 0)."""
    if point.exact is not None:
        return f"({', '.join(point.exact.text)})"
    return f"({', '.join(f'{coordinate:.4g}' for coordinate in point.point)})"
