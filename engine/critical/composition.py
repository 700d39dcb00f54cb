"""The critical points of f(x, y) = g(u(x, y)): those of u, and the level lines of u on which g' is zero.

∇f = g'(u)·∇u, so that outside of both there is none. A search in one variable finds all zeros t of g'; the lines
u = t are curves of critical points, but for what a smallest or largest value of u makes a point of. At a critical
point of u where g' is not zero, f has one of the same kind (g' > 0) or upside down (g' < 0), and its index is the
same (in two variables ∇f and −∇f wind alike).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..arrays import Array, Mask
from ..curvature.spectrum import eigenpairs
from ..surface.surface import Box
from .boxes import Boxes, bisected, boxes_of, joined, point_boxes, widths, within
from .critical_point import CriticalPoint, Kind, condition_numbers
from .exact import exact_point, written_out
from .field import Field
from .found import Reason
from .germ import classify
from .germ_words import through
from .interval import EMPTY, KINKED, PARTIAL
from .leftovers import ORDER, Region
from .portions import chunk_size
from .roots import Roots, inertia

MOST_LEVELS = 5000
_FINEST = 2.0**-10
_FINE_ENOUGH = 2.0**-7
_MOST_BOXES = 30_000
_REGULAR = {Kind.MINIMUM: 0, Kind.SADDLE: 1, Kind.MAXIMUM: 2}
_UPSIDE_DOWN = {
    Kind.DEGENERATE_MINIMUM: Kind.DEGENERATE_MAXIMUM,
    Kind.DEGENERATE_MAXIMUM: Kind.DEGENERATE_MINIMUM,
}
_DEGENERATE = (Kind.DEGENERATE_MINIMUM.value, Kind.DEGENERATE_MAXIMUM.value)
_GROWTHS = (2.0**-3, 2.0**-4, 2.0**-5, 2.0**-6, 2.0**-8, 2.0**-10, 2.0**-13, 2.0**-16, 2.0**-20, 2.0**-26)


class Levels(NamedTuple):
    """Intervals of values of u, ascending, on which g' may be zero; outside it is defined and not zero.

    ``single`` (K,) tells which of them hold exactly one zero of g'.
    """

    low: Array
    high: Array
    reasons: tuple[Reason, ...]
    single: Mask


def range_of(field: Field) -> tuple[float, float] | None:
    """Return bounds of f over its surface's box, from a grid of boxes; None where f may be undefined or unbounded."""
    boxes = boxes_of(field.surface.box)
    for side in (*range(field.dimension),) * 5:
        boxes = bisected(boxes, np.full(boxes.shape[2], side))
    value = field.value(boxes)
    low, high = float(np.min(value.low)), float(np.max(value.high))
    if np.any(np.asarray(value.flags) & (EMPTY | PARTIAL)) or not np.isfinite(high - low):
        return None
    margin = 1e-3 * (high - low) + 1e-9 * max(abs(low), abs(high)) + 1e-300
    return low - margin, high + margin


def levels_of(points: Sequence[CriticalPoint], unresolved: Sequence[Region]) -> Levels:
    """Return where g' may be zero, from all that is known of g in one variable."""
    found = [(*each.enclosure[0], Reason.CURVE, each.certified) for each in points]
    found += [(*region.box[0], region.reason, False) for region in unresolved]
    found.sort(key=lambda each: each[0])
    low, high = np.array([each[0] for each in found]), np.array([each[1] for each in found])
    # Of two that touch, neither is known to hold the only zero.
    single = np.array([each[3] for each in found], dtype=np.bool_)
    touching = np.zeros(len(found), dtype=np.bool_)
    if len(found) > 1:
        near = low[1:] <= np.maximum.accumulate(high)[:-1]
        touching[1:] |= near
        touching[:-1] |= near
    return Levels(low, np.maximum.accumulate(high) if len(found) else high, tuple(r for *_, r, _ in found), single & ~touching)


class Cover(NamedTuple):
    """Boxes (n, 2, N), and for each the number of the first level that u may have there, and one more than the last."""

    boxes: Boxes
    first: NDArray[np.int64]
    last: NDArray[np.int64]

    def reasons(self, levels: Levels) -> tuple[Reason, ...]:
        """Why each box is unresolved: the gravest reason of its levels."""
        ranks = [ORDER.index(reason) for reason in levels.reasons]
        return tuple(ORDER[min(ranks[a:b])] for a, b in zip(self.first.tolist(), self.last.tolist(), strict=True))

    def chosen(self, where: Mask) -> Cover:
        """Those of them in ``where`` (N,)."""
        return Cover(self.boxes[:, :, where], self.first[where], self.last[where])


def cover(field: Field, levels: Levels, stop: Callable[[int], bool]) -> Cover:
    """Return boxes that hold all points of the surface's box where u has a value in ``levels``.

    Once ``stop``, which is told how many boxes are looked at, says so, they are as large as they are.
    """
    view = boxes_of(field.surface.box)
    sides = widths(view)
    kept = view[:, :, :0] if not len(levels.low) else view
    while kept.shape[2] and not stop(kept.shape[2]):
        share = float(np.max(np.max(widths(kept) / sides, axis=0)))
        if share <= _FINEST or (share <= _FINE_ENOUGH and 2 * kept.shape[2] > _MOST_BOXES):
            break
        halves = bisected(kept, np.argmax(widths(kept) / sides, axis=0))
        parts = [halves[:, :, k : k + chunk_size(field)] for k in range(0, halves.shape[2], chunk_size(field))]
        kept = joined([part[:, :, _met(field, part, levels)[0] >= 0] for part in parts], field.dimension)
    first, last = _met(field, kept, levels)
    return Cover(kept, first, last).chosen(first >= 0)


def _met(field: Field, boxes: Boxes, levels: Levels) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first level that each box meets, -1 where none, and one more than the last; (N,) each."""
    value = field.value(boxes)
    first = np.searchsorted(levels.high, value.low, "left")
    last = np.searchsorted(levels.low, value.high, "right")
    empty = np.broadcast_to((np.asarray(value.flags) & EMPTY) != 0, first.shape)
    return np.where((first < last) & ~empty, first, -1), last


def crossed(field: Field, regions: Sequence[Region], levels: Levels) -> list[Region]:
    """Mark the regions of curves that are proved to hold one: u is on both sides of a level within the region.

    Between the two points u, being continuous, takes that value, on every path.
    """
    curves = [k for k, region in enumerate(regions) if region.reason is Reason.CURVE]
    chosen = levels.low[levels.single], levels.high[levels.single]
    if not curves or not len(chosen[0]):
        return list(regions)
    boxes = boxes_of(*[regions[k].box for k in curves])
    grid = np.linspace(0.0, 1.0, 5)
    low, high = -boxes[:, 0], boxes[:, 1]
    places = [low + np.array([[a], [b]]) * (high - low) for a in grid for b in grid]
    values = field.value(point_boxes(np.clip(np.concatenate(places, axis=1), np.tile(low, 25), np.tile(high, 25))))
    least = np.min(values.high.reshape(25, -1), axis=0)
    most = np.max(values.low.reshape(25, -1), axis=0)
    inside = field.value(boxes)
    continuous = np.broadcast_to((np.asarray(inside.flags) & (EMPTY | PARTIAL | KINKED)) == 0, least.shape)
    first = np.searchsorted(chosen[0], least, "right")
    holds = continuous & (first < len(chosen[0]))
    holds[holds] &= chosen[1][first[holds]] < most[holds]
    proved = {k for k, sure in zip(curves, holds, strict=True) if sure}
    return [region._replace(proved=True) if k in proved else region for k, region in enumerate(regions)]


class Outer(NamedTuple):
    """What g does at the values of u at K points."""

    sign: Array
    """Of g' at the value: 1, -1, or 0 where it is not proved."""
    smooth: Mask


def outer_at(outer: Field, core: Field, rising: bool, inner: Field, enclosures: Boxes) -> Outer:
    """Look at g' for points in ``enclosures`` (2, 2, K); its sign is that of the derivative of its core."""
    values = inner.value(enclosures)
    places = np.stack([np.broadcast_to(values.bounds, (2, enclosures.shape[2]))])
    slope = core.gradient(places).slopes[0].sign
    smooth = outer.hessian(places).smooth & np.broadcast_to(np.asarray(values.flags) == 0, slope.shape)
    return Outer(np.where(smooth, slope if rising else -slope, 0.0), smooth)


def roots_of(points: Sequence[CriticalPoint], sign: Sequence[float]) -> Roots:
    """Return regular critical points of u as those of f, where g' has the given signs."""
    negative = [_REGULAR[each.kind] if side > 0 else 2 - _REGULAR[each.kind] for each, side in zip(points, sign, strict=True)]
    if not points:
        return Roots(np.empty((2, 2, 0)), np.empty((2, 0)), np.zeros(0, dtype=np.int64))
    return Roots(
        boxes_of(*[each.enclosure for each in points]),
        np.array([each.point for each in points]).T,
        np.array(negative, dtype=np.int64),
    )


def degenerate_of(
    field: Field, points: Sequence[CriticalPoint], sign: Sequence[float], stop: Callable[[], bool]
) -> list[CriticalPoint]:
    """Return degenerate critical points of u as those of f, where g' has the given signs."""
    if not points:
        return []
    values, slopes, hessians = field.floats(np.array([each.point for each in points]).T)
    eigenvalues, eigenvectors = eigenpairs(np.moveaxis(hessians, -1, 0))
    conditions = condition_numbers(eigenvalues)
    result = []
    for k, (each, side) in enumerate(zip(points, sign, strict=True)):
        kind = each.kind if side > 0 else _UPSIDE_DOWN.get(each.kind, each.kind)
        germ = classify(field.surface, each.point, exact=each.exact, winding=each.index, stop=stop)
        if not germ.proved or germ.kind != kind.value:
            assert each.decided_by is not None
            sentence = through(kind.value, each.kind.value, side > 0)
            germ = replace(each.decided_by, kind=kind.value, leading="", sentence=sentence)
        result.append(
            replace(
                each,
                kind=kind,
                value=float(values[k]),
                eigenvalues=tuple(eigenvalues[k].tolist()),
                eigenvectors=tuple(map(tuple, eigenvectors[k].tolist())),
                condition_number=float(conditions[k]),
                gradient_norm=float(np.sqrt(np.sum(slopes[:, k] ** 2))),
                decided_by=germ,
                exact=None if each.exact is None else written_out(each.exact.coordinates, None),
            )
        )
    return result


def is_regular(point: CriticalPoint) -> bool:
    """Whether the Hessian of a critical point is proved regular."""
    return point.certified and point.decided_by is None and point.kind in _REGULAR


def around_extremum(field: Field, enclosure: Box) -> Boxes | None:
    """Return a box around a regular extremum of u in which u has that value at no other point.

    The Hessian is definite all over it.
    """
    view = boxes_of(field.surface.box)
    inner = boxes_of(enclosure)
    for growth in _GROWTHS:
        box = inner + growth * widths(view)[:, np.newaxis]
        if np.isin(inertia(field, box), (0, 2))[0] and within(inner, box)[0]:
            return box
    return None


def not_covered(left: Sequence[Region], covered: Cover) -> list[Region]:
    """Leave out the regions that lie in a box of a cover."""
    return [
        region
        for region in left
        if region.reason is not Reason.DEGENERATE or not within(boxes_of(region.box), covered.boxes).any()
    ]


class Through(NamedTuple):
    """The critical points of u as what they are for f.

    ``alone`` holds boxes (2, 2) with the number of a level each: in the box u has that level's value at one point
    only, which is among ``degenerate``.
    """

    roots: Roots
    degenerate: list[CriticalPoint]
    left: list[Region]
    alone: list[tuple[Boxes, int]]


def points_through(
    field: Field,
    inner: Field,
    points: Sequence[CriticalPoint],
    at: Callable[[Boxes], Outer],
    levels: Levels,
    stop: Callable[[], bool],
) -> Through:
    """Tell what the critical points of u are for f: of which kind, or a place that is not decided.

    ``at`` tells what g does there. A point of u that is not proved is left out: it lies in a region of u that is not
    resolved.
    """
    sure = [each for each in points if each.certified and each.index is not None]
    if not sure:
        return Through(roots_of([], []), [], [], [])
    boxes = boxes_of(*[each.enclosure for each in sure])
    slope = at(boxes)
    moving = slope.sign != 0.0
    regular = [k for k, each in enumerate(sure) if moving[k] and is_regular(each)]
    others = [k for k, each in enumerate(sure) if moving[k] and not is_regular(each)]
    degenerate = degenerate_of(field, [sure[k] for k in others], slope.sign[others].tolist(), stop)
    left, alone = [], []
    first, last = _met(inner, boxes, levels)
    for k in np.flatnonzero(~moving).tolist():
        each = sure[k]
        lonely = _lonely(field, inner, each, stop) if slope.smooth[k] and last[k] - first[k] == 1 else None
        if lonely is not None and first[k] >= 0 and levels.single[first[k]]:
            point, box = lonely
            degenerate.append(point)
            alone.append((box, int(first[k])))
        else:
            reason = Reason.DEGENERATE if slope.smooth[k] else Reason.NON_SMOOTH
            left.append(Region(each.enclosure, reason))
    return Through(
        roots_of([sure[k] for k in regular], slope.sign[regular].tolist()),
        degenerate,
        left,
        alone,
    )


def _lonely(
    field: Field, inner: Field, point: CriticalPoint, stop: Callable[[], bool]
) -> tuple[CriticalPoint, Boxes] | None:
    """A regular extremum of u at whose value g' is proved to be zero, as a point of f, and a box that it has alone."""
    if not is_regular(point) or point.kind is Kind.SADDLE or stop():
        return None
    box = around_extremum(inner, point.enclosure)
    radius = [max(high - x, x - low) for x, (low, high) in zip(point.point, point.enclosure, strict=True)]
    exact = exact_point(field.surface, point.point, radius, stop)
    if box is None or exact is None:
        return None
    germ = classify(field.surface, point.point, exact=exact, stop=stop)
    # The Hessian is g'(u) times that of u, which is regular: it is singular only where g' is zero.
    if not (germ.proved and germ.isolated) or germ.kind not in _DEGENERATE or germ.index is None:
        return None
    (decided,) = degenerate_of(field, [replace(point, kind=Kind(germ.kind), decided_by=germ, exact=exact)], [1.0], stop)
    return replace(decided, index=germ.index, decided_by=germ, exact=exact), box


def without_points(covered: Cover, alone: Sequence[tuple[Boxes, int]]) -> Cover:
    """Leave out boxes in which the one level that they meet is met at a single known point only."""
    for box, level in alone:
        single = (covered.first == level) & (covered.last == level + 1)
        covered = covered.chosen(~(single & within(covered.boxes, box)))
    return covered


def is_narrow(levels: Levels, interval: Box) -> bool:
    """Whether g' is known to be zero at most near some values: not on a whole interval, nor for want of time."""
    ((low, high),) = interval
    wide = levels.high - levels.low > _FINE_ENOUGH * (high - low)
    return len(levels.low) <= MOST_LEVELS and not wide.any() and Reason.BUDGET not in levels.reasons
