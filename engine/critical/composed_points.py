"""The critical points of f(x, y) = g(u(x, y)) that are those of u.

Where g' is not zero f has one of the same kind (g' > 0) or upside down (g' < 0), and its index is the same: in two
variables ∇f and −∇f wind alike. Where it is zero, an extremum of u is one of f all the same, and a saddle lies on a
curve of critical points.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..arrays import Array, Mask
from ..curvature.spectrum import eigenpairs
from ..surface.surface import Box
from .boxes import Boxes, boxes_of, widths, within
from .composition import Cover, Levels, met
from .critical_point import CriticalPoint, Kind, condition_numbers
from .exact import exact_point, written_out
from .field import Field
from .found import Reason
from .germ import classify
from .germ_words import through
from .interval import EMPTY, PARTIAL
from .leftovers import Region
from .roots import Roots, inertia

_REGULAR = {Kind.MINIMUM: 0, Kind.SADDLE: 1, Kind.MAXIMUM: 2}
_UPSIDE_DOWN = {
    Kind.DEGENERATE_MINIMUM: Kind.DEGENERATE_MAXIMUM,
    Kind.DEGENERATE_MAXIMUM: Kind.DEGENERATE_MINIMUM,
}
_DEGENERATE = (Kind.DEGENERATE_MINIMUM.value, Kind.DEGENERATE_MAXIMUM.value)
_GROWTHS = (2.0**-3, 2.0**-4, 2.0**-5, 2.0**-6, 2.0**-8, 2.0**-10, 2.0**-13, 2.0**-16, 2.0**-20, 2.0**-26)


class Outer(NamedTuple):
    """What g does at the values of u at K points."""

    sign: Array
    """Of g' at the value: 1, -1, or 0 where it is not proved."""
    smooth: Mask
    holes: Mask
    """Where f may not be defined."""


def outer_at(outer: Field, core: Field, rising: bool, inner: Field, enclosures: Boxes) -> Outer:
    """Look at g' for points in ``enclosures`` (2, 2, K); its sign is that of the derivative of its core."""
    values = inner.value(enclosures)
    places = np.stack([np.broadcast_to(values.bounds, (2, enclosures.shape[2]))])
    slope = core.gradient(places).slopes[0].sign
    smooth = outer.hessian(places).smooth & np.broadcast_to(np.asarray(values.flags) == 0, slope.shape)
    holes = (np.broadcast_to(np.asarray(outer.value(places).flags), slope.shape) & (PARTIAL | EMPTY)) != 0
    return Outer(np.where(smooth, slope if rising else -slope, 0.0), smooth, holes)


def roots_of(points: Sequence[CriticalPoint], sign: Sequence[float]) -> Roots:
    """Return regular critical points of u as those of f, where g' has the given signs."""
    negative = [
        _REGULAR[each.kind] if side > 0 else 2 - _REGULAR[each.kind] for each, side in zip(points, sign, strict=True)
    ]
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


def not_covered(left: Sequence[Region], covered: Cover, levels: Levels) -> list[Region]:
    """Leave out the regions that lie in a box of a cover, which tells as much or worse of them."""
    rough = np.array([reason is not Reason.CURVE for reason in covered.reasons(levels)], dtype=np.bool_)
    result = []
    for region in left:
        around = within(boxes_of(region.box), covered.boxes)
        if not (around if region.reason is Reason.DEGENERATE else around & rough).any():
            result.append(region)
    return result


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
    first, last = met(inner, boxes, levels)
    for k in np.flatnonzero(~moving).tolist():
        each = sure[k]
        lonely = _lonely(field, inner, each, stop) if slope.smooth[k] and last[k] - first[k] == 1 else None
        if lonely is not None and first[k] >= 0 and levels.single[first[k]]:
            point, box = lonely
            degenerate.append(point)
            alone.append((box, int(first[k])))
        else:
            rough = Reason.UNDEFINED if slope.holes[k] else Reason.NON_SMOOTH
            left.append(Region(each.enclosure, Reason.DEGENERATE if slope.smooth[k] else rough))
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
