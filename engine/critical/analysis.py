"""Everything in a box: all critical points with proofs, the global minimum, convexity."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from typing import NamedTuple

import numpy as np

from ..surface.compose import composed, over
from ..surface.separate import separated
from ..surface.surface import Box, Surface
from .boxes import Boxes, box_of, boxes_of, joined
from .budget import Budget, Clock
from .closed_points import with_exact
from .composed_points import not_covered, outer_at, points_through, without_points
from .composition import cover, crossed, is_narrow, levels_of, range_of, widened
from .convexity import Convexity, ConvexityVerdict, convexity
from .critical_point import CriticalPoint, Kind
from .curve_proofs import with_proofs
from .degenerate import decided
from .field import Field
from .found import Found
from .global_minimum import GlobalMinimum, best_of, global_minimum, minimum_of_sum
from .leftovers import Region, regions
from .listing import described, in_view
from .roots import distinct_roots
from .search import Reason, search, start_of
from .summands import degenerate_pairs, is_usable, open_pairs, products, proved, regular_pairs
from .winding import winding_number

_SECOND_SEARCH = 0.7
"""The share of the time left that the search may take when it goes on."""

_AFTER_SEARCH = 0.3
"""Seconds, at most, that are kept for what comes after it, beside those for every root it has found."""

_CLOSED_FORMS = 0.3
"""Seconds, at most, for closed forms of coordinates at regular points."""

_SHARE_OF_SUMMAND = 0.4
"""The share of the time left that each of g and h may take where f(x, y) = g(x) + h(y)."""

_SHARE_OF_OUTER = 0.25
_SHARE_OF_MINIMUM = 0.3
_SHARE_OF_INNER = 0.5
"""Shares of the time left that may be spent where f(x, y) = g(u(x, y)): on g, the smallest value, u."""

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
    result = _found(field, clock, each)
    if clock.cancelled():
        return _given_up(surface, result.least, clock)
    least = best_of(field, result.least, [one.point for one in result.points])
    points = with_minima(result.points, least)
    shape = convexity(field, points, clock.part(0.8))
    points = sorted(points, key=lambda one: (one.value, one.point))
    return Analysis(
        surface,
        view,
        tuple(with_exact(surface, points, clock.part(min(1.0, _CLOSED_FORMS / max(clock.left, 1e-3))).stop)),
        completeness_of(points, with_proofs(field, result.unresolved, clock.part(0.3).stop), border),
        least,
        shape,
        clock.elapsed,
    )


class _Result(NamedTuple):
    """``candidates`` (n, 2, N): but for the border, f is smallest in one of them, if anywhere."""

    points: list[CriticalPoint]
    unresolved: list[Region]
    least: GlobalMinimum | None
    candidates: Boxes


def _found(field: Field, clock: Clock, each: float, lowest: bool = True) -> _Result:
    """Find the critical points in the surface's box in the way that its formula's structure suggests."""
    return (
        _of_summands(field, clock, each, lowest)
        or _of_composition(field, clock, each, lowest)
        or _searched(field, field.surface.box, clock, each, lowest)
    )


def _searched(field: Field, view: Box, clock: Clock, each: float, lowest: bool = True) -> _Result:
    """Search the whole box, for the ``lowest`` value as well; each point found takes ``each`` seconds afterwards."""
    start, sides = start_of(field)
    found = search(field, start, sides, clock.part(0.5), each)
    candidates = joined([found.roots, found.open, found.rough], field.dimension)
    least = global_minimum(field, candidates, clock.part(0.5), clock.part(0.7)) if lowest else None
    if found.unfinished.shape[2] and not clock.stop():
        later = clock.part(_second_share(found, clock, each))
        found = found.and_then(search(field, found.unfinished, sides, later, each))
    if clock.cancelled():
        return _Result([], [Region(view, Reason.BUDGET)], least, boxes_of(view))
    roots, unclear, late = distinct_roots(field, found.certified, found.roots, clock.part(0.7).stop)
    listed, edge = in_view(field, roots, view, clock)
    regular, left_out = described(field, roots, listed, clock.part(0.8).stop)
    late = joined([late, left_out], field.dimension)
    if clock.cancelled():
        return _Result([], [Region(view, Reason.BUDGET)], least, boxes_of(view))
    open_regions = regions(
        joined([found.open, unclear, late], field.dimension),
        (*found.reasons, *[Reason.DEGENERATE] * unclear.shape[2], *[Reason.BUDGET] * late.shape[2]),
        view,
        clock.part(0.5).stop,
    )
    degenerate, left = decided(field, open_regions, found, view, clock)
    return _Result([*regular, *degenerate], [*left, *edge], least, candidates)


def _of_summands(field: Field, clock: Clock, each: float, lowest: bool) -> _Result | None:
    """The critical points of f(x, y) = g(x) + h(y) from those of g and h, where time lasts for both; else None."""
    parts = separated(field.surface)
    if parts is None:
        return None
    results: list[_Result] = []
    for part in parts:
        result = _searched(Field(part), part.box, clock.part(_SHARE_OF_SUMMAND), each, lowest=False)
        if not is_usable(result.points, result.unresolved) or clock.cancelled():
            return None
        results.append(result)
    first, second = (proved(result.points) for result in results)
    if each * len(first) * len(second) > 0.5 * clock.left:
        return None
    left = open_pairs(first, results[0].unresolved, second, results[1].unresolved)
    if left is None:
        return None
    if any(one.decided_by is not None for one in (*first, *second)):
        stop = clock.part(0.1).stop
        first, second = with_exact(parts[0], first, stop), with_exact(parts[1], second, stop)
    roots = regular_pairs(first, second)
    regular, late = described(field, roots, np.ones(roots.inertia.shape, dtype=np.bool_), clock.stop)
    if late.shape[2]:
        return None
    points = [*regular, *degenerate_pairs(field, first, second, clock.part(0.3).stop)]
    candidates = products(results[0].candidates, results[1].candidates)
    least = _least_of_sum(field, parts, results, clock) if lowest else None
    if lowest and least is None:
        least = global_minimum(field, candidates, clock.part(0.5), clock.part(0.7))
    return _Result(points, left, least, candidates)


def _least_of_sum(
    field: Field, parts: Sequence[Surface], results: Sequence[_Result], clock: Clock
) -> GlobalMinimum | None:
    """The smallest value of g(x) + h(y), where those of g and h tell."""
    pairs = zip(parts, results, strict=True)
    return minimum_of_sum(
        field,
        [global_minimum(Field(part), one.candidates, clock.part(0.2), clock.part(0.3)) for part, one in pairs],
    )


def _of_composition(field: Field, clock: Clock, each: float, lowest: bool) -> _Result | None:
    """The critical points of f(x, y) = g(u(x, y)) from those of u and g, where those of g are all known; else None."""
    parts = composed(field.surface)
    bounds = None if parts is None else range_of(Field(parts.inner))
    if parts is None or bounds is None:
        return None
    outer, core = over(parts.outer, *bounds, field.surface), over(parts.core, *bounds, field.surface)
    if outer is None or core is None:
        return None
    core = widened(core)
    of_outer = _searched(Field(core), core.box, clock.part(_SHARE_OF_OUTER), each, lowest=False)
    levels = levels_of(of_outer.points, of_outer.unresolved)
    if not is_narrow(levels, outer.box) or clock.cancelled():
        return None
    candidates = boxes_of(field.surface.box)
    least = global_minimum(field, candidates, clock.part(_SHARE_OF_MINIMUM), clock.part(0.5)) if lowest else None
    inner = Field(parts.inner)
    of_inner = _found(inner, clock.part(_SHARE_OF_INNER), each, lowest=False)
    at = partial(outer_at, Field(outer), Field(core), parts.rising, inner)
    through = points_through(field, inner, of_inner.points, at, levels, clock.part(0.4).stop)
    regular, late = described(
        field, through.roots, np.ones(through.roots.inertia.shape, dtype=np.bool_), clock.part(0.4).stop
    )
    covered = without_points(cover(inner, levels, clock.part(0.5).stop), through.alone)
    lines = regions(covered.boxes, covered.reasons(levels), field.surface.box, clock.part(0.5).stop)
    left = [*of_inner.unresolved, *crossed(inner, lines, levels), *not_covered(through.left, covered, levels)]
    left += [Region(box_of(late, k), Reason.BUDGET) for k in range(late.shape[2])]
    return _Result([*regular, *through.degenerate], left, least, candidates)


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


def completeness_of(points: list[CriticalPoint], unresolved: list[Region], border: int | None) -> Completeness:
    """Return what a list of points, the regions that are left and the border's winding number say together."""
    verdict = Verdict.EXCEPT_UNRESOLVED if unresolved else Verdict.COMPLETE
    if any(region.reason is Reason.BUDGET for region in unresolved):
        verdict = Verdict.BUDGET_REACHED
    indices = [each.index for each in points if each.index is not None]
    total = sum(indices) if len(indices) == len(points) else None
    return Completeness(verdict, tuple(unresolved), total, border)


def with_minima(points: list[CriticalPoint], least: GlobalMinimum | None) -> list[CriticalPoint]:
    """Mark the points where f is the certified global minimum, as far as it is known."""
    if least is None or not least.certified:
        return points
    return [replace(each, is_global_minimum=True) if _lowest(each, least) else each for each in points]


def _lowest(point: CriticalPoint, least: GlobalMinimum) -> bool:
    return (point.kind.is_minimum or point.kind is Kind.DEGENERATE) and point.value <= least.value + least.tolerance
