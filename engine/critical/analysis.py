"""Everything in a box: all critical points with proofs, the global minimum, convexity."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from ..arrays import Mask
from ..curvature.spectrum import eigenpairs
from ..surface.surface import Box, Surface
from .boxes import Boxes, box_of, boxes_of, joined, meeting, within
from .budget import Budget, Clock
from .closed_points import with_exact
from .convexity import Convexity, ConvexityVerdict, convexity
from .critical_point import CriticalPoint, Kind, condition_numbers, kind_of
from .degenerate import decided, is_inside
from .exact import exact_point
from .field import Field
from .found import Found
from .global_minimum import GlobalMinimum, best_of, global_minimum
from .leftovers import Region, regions
from .roots import Roots, distinct_roots
from .search import Reason, search, start_of
from .symmetry import is_on_axis
from .winding import winding_number

_POINTS_AT_ONCE = 1000

_SECOND_SEARCH = 0.7
"""The share of the time left that the search may take when it goes on."""

_AFTER_SEARCH = 0.3
"""Seconds, at most, that are kept for what comes after it, beside those for every root it has found."""

_CLOSED_FORMS = 0.3
"""Seconds, at most, for closed forms of coordinates at regular points."""

_SECONDS_A_ROOT = 2.5e-5
_SECONDS_AN_OPERATION = 2e-7


class Verdict(Enum):
    """Whether the list of critical points is complete; each value is the word of the command line's contract."""

    COMPLETE = "complete"
    EXCEPT_UNRESOLVED = "complete except unresolved"
    BUDGET_REACHED = "budget reached"


@dataclass(frozen=True)
class Completeness:
    """What is proved of a list of critical points as a whole.

    Outside of ``unresolved`` the box holds the listed points and no other one. ``index_sum`` is None where an
    index is unknown; ``boundary_winding`` None where it can't be proved.
    """

    verdict: Verdict
    unresolved: tuple[Region, ...]
    index_sum: int | None
    boundary_winding: int | None


@dataclass(frozen=True, eq=False)
class Analysis:
    """The critical points of a surface in a box, by value and then by coordinates, and what is proved of them.

    Two are equal if they are the same: some hold ten thousand points, and are keys of what is made of them.
    """

    surface: Surface
    box: Box
    points: tuple[CriticalPoint, ...]
    completeness: Completeness
    global_minimum: GlobalMinimum | None
    convexity: Convexity
    elapsed_seconds: float


def analyse_box(
    surface: Surface,
    box: Sequence[Sequence[float]] | None = None,
    budget: Budget | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Analysis:
    """Find and prove what can be found and proved about a surface in a box within a budget.

    ``box`` is the surface's own where None. ``cancelled`` is polled every few milliseconds; the answer is then
    what was found so far, and says "budget reached". Raises :class:`BoxError` for a box that can't be viewed.
    """
    if box is not None:
        surface = surface.with_box(box)
    view = surface.box
    field = Field(surface)
    budget = budget or Budget()
    clock = Clock(budget, cancelled)
    each = _SECONDS_A_ROOT + _SECONDS_AN_OPERATION * field.length + budget.seconds_a_point
    border = winding_number(field, view, clock.part(0.1).stop)
    start, sides = start_of(field)
    found = search(field, start, sides, clock.part(0.5), each)
    candidates = joined([found.roots, found.open, found.rough], surface.dimension)
    least = global_minimum(field, candidates, clock.part(0.5), clock.part(0.7))
    if found.unfinished.shape[2] and not clock.stop():
        later = clock.part(_second_share(found, clock, each))
        found = found.and_then(search(field, found.unfinished, sides, later, each))
    if clock.cancelled():
        return _given_up(surface, least, clock)
    roots, unclear, late = distinct_roots(field, found.certified, found.roots, clock.part(0.7).stop)
    listed, edge = _inside(field, roots, view, clock)
    regular, left_out = _points(field, roots, listed, clock.part(0.8).stop)
    late = joined([late, left_out], surface.dimension)
    if clock.cancelled():
        return _given_up(surface, least, clock)
    open_regions = regions(
        joined([found.open, unclear, late], surface.dimension),
        (*found.reasons, *[Reason.DEGENERATE] * unclear.shape[2], *[Reason.BUDGET] * late.shape[2]),
        view,
        clock.part(0.5).stop,
    )
    degenerate, left = decided(field, open_regions, found, view, clock)
    points = [*regular, *degenerate]
    unresolved = [*left, *edge]
    least = best_of(field, least, [each.point for each in points])
    points = _with_minima(points, least)
    shape = convexity(field, points, clock.part(0.8))
    points = sorted(points, key=lambda each: (each.value, each.point))
    return Analysis(
        surface,
        view,
        tuple(with_exact(surface, points, clock.part(min(1.0, _CLOSED_FORMS / max(clock.left, 1e-3))).stop)),
        _completeness(points, unresolved, border),
        least,
        shape,
        clock.elapsed,
    )


def _second_share(found: Found, clock: Clock, each: float) -> float:
    """The share of the time left that the search may go on for, so that what it found can be sorted after it."""
    left = max(clock.left, 1e-3)
    after = min(_AFTER_SEARCH, 0.2 * left) + each * int(found.roots.shape[2])
    return min(max(1.0 - after / left, 0.0), _SECOND_SEARCH)


def _given_up(surface: Surface, least: GlobalMinimum | None, clock: Clock) -> Analysis:
    """The answer once nobody waits for one: nothing is known."""
    unknown = Completeness(Verdict.BUDGET_REACHED, (Region(surface.box, Reason.BUDGET),), 0, None)
    shape = Convexity(ConvexityVerdict.UNDECIDED)
    return Analysis(surface, surface.box, (), unknown, least, shape, clock.elapsed)


def _completeness(points: list[CriticalPoint], unresolved: list[Region], border: int | None) -> Completeness:
    verdict = Verdict.EXCEPT_UNRESOLVED if unresolved else Verdict.COMPLETE
    if any(region.reason is Reason.BUDGET for region in unresolved):
        verdict = Verdict.BUDGET_REACHED
    indices = [each.index for each in points if each.index is not None]
    total = sum(indices) if len(indices) == len(points) else None
    return Completeness(verdict, tuple(unresolved), total, border)


def _inside(field: Field, roots: Roots, view: Box, clock: Clock) -> tuple[Mask, list[Region]]:
    """Tell which roots are in the view, and which are so close to its border that neither can be proved.

    A critical point on the border is in the view. One that rounding puts on both sides is listed, and its
    enclosure is an unresolved region, unless its exact coordinates are found.
    """
    whole = boxes_of(view)
    inside = within(roots.enclosures, whole)
    edge = []
    for k in np.flatnonzero(meeting(roots.enclosures, whole) & ~inside).tolist():
        enclosure = box_of(roots.enclosures, k)
        if not clock.stop() and _on_axes(field, enclosure, view):
            inside[k] = True
            continue
        radius = [high - low for low, high in enclosure]
        exact = None if clock.stop() else exact_point(field.surface, roots.points[:, k].tolist(), radius, clock.stop)
        side = None if exact is None else is_inside(exact, view)
        if side is None:
            edge.append(Region(enclosure, Reason.BOUNDARY))
        inside[k] = side is not False
    return inside, edge


def _on_axes(field: Field, enclosure: Box, view: Box) -> bool:
    """Whether a root that rounding puts on both sides of the border is on it: a border that is an axis of symmetry."""
    for i, ((low, high), (least, most)) in enumerate(zip(enclosure, view, strict=True)):
        outside = [bound for bound, beyond in ((least, low < least), (most, high > most)) if beyond]
        if outside and not (outside == [0.0] and low <= 0.0 <= high and is_on_axis(field, enclosure, i)):
            return False
    return True


def _points(field: Field, roots: Roots, listed: Mask, stop: Callable[[], bool]) -> tuple[list[CriticalPoint], Boxes]:
    """The roots that are listed, with what is known of each, and enclosures of those that time did not reach."""
    chosen = roots.chosen(listed)
    count = chosen.points.shape[1]
    result: list[CriticalPoint] = []
    done = 0
    while done < count and (not done or not stop()):
        part = np.zeros(count, dtype=np.bool_)
        part[done : done + _POINTS_AT_ONCE] = True
        result += _described(field, chosen.chosen(part))
        done += _POINTS_AT_ONCE
    return result, chosen.enclosures[:, :, done:]


def _described(field: Field, roots: Roots) -> list[CriticalPoint]:
    points = roots.points.copy()
    for i, (low, high) in enumerate(field.surface.box):
        points[i] = np.clip(points[i], low, high)
    values, slopes, hessians = field.floats(points)
    eigenvalues, eigenvectors = eigenpairs(np.moveaxis(hessians, -1, 0))
    conditions = condition_numbers(eigenvalues)
    norms = np.sqrt(np.sum(slopes**2, axis=0))
    columns = zip(
        points.T.tolist(),
        values.tolist(),
        roots.inertia.tolist(),
        eigenvalues.tolist(),
        eigenvectors.tolist(),
        conditions.tolist(),
        np.moveaxis(roots.enclosures, -1, 0).tolist(),
        norms.tolist(),
        strict=True,
    )
    return [
        CriticalPoint(
            point=tuple(point),
            value=value,
            kind=kind_of(field.dimension, negative),
            eigenvalues=tuple(lambdas),
            eigenvectors=tuple(map(tuple, vectors)),
            condition_number=condition,
            index=None if negative < 0 else (-1) ** negative,
            certified=negative >= 0,
            enclosure=tuple((-low + 0.0, high) for low, high in sides),
            gradient_norm=norm,
        )
        for point, value, negative, lambdas, vectors, condition, sides, norm in columns
    ]


def _with_minima(points: list[CriticalPoint], least: GlobalMinimum | None) -> list[CriticalPoint]:
    """Mark the points where f is the certified global minimum, as far as it is known."""
    if least is None or not least.certified:
        return points
    return [replace(each, is_global_minimum=True) if _lowest(each, least) else each for each in points]


def _lowest(point: CriticalPoint, least: GlobalMinimum) -> bool:
    return (point.kind.is_minimum or point.kind is Kind.DEGENERATE) and point.value <= least.value + least.tolerance
