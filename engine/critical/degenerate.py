"""Degenerate regions, one by one: isolated, given exact coordinates where there are any, and decided."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ..curvature.spectrum import eigenpairs
from ..surface.surface import Box
from .boxes import boxes_of
from .budget import Clock
from .closed_form import Number, OpenError, sign
from .closed_value import to_float
from .critical_point import CriticalPoint, Kind, condition_numbers
from .exact import ExactPoint, exact_point
from .field import Field
from .found import Found, Reason
from .germ import classify
from .leftovers import Isolated, Region, isolate, others_than

_DECIDING = 0.6
"""The share of the time left that may go into degenerate regions, one by one; each takes some ten milliseconds."""

_WIDE = 2.0**-6
"""A region wider than this part of the view is no point."""

_MOST_CURVES = 12
"""So many of the regions that look like short curves are looked at as if they were points."""

_RESOLUTION = 2.0**-14
"""A degenerate region wider than this part of the view stays unresolved, even if a point in it is decided."""

_POINT = 2.0**-30
"""Where bisection left a region no wider than this part of the view, nothing but rounding hides the point."""


def decided(
    field: Field, open_regions: list[Region], found: Found, view: Box, clock: Clock
) -> tuple[list[CriticalPoint], list[Region]]:
    """Decide degenerate regions by higher-order terms; the others, and those not decided, are returned as left."""
    around = boxes_of(*[region.box for region in open_regions]) if open_regions else None
    points, left = [], []
    clock = clock.part(_DECIDING)
    looked_at = 0
    for k, region in enumerate(open_regions):
        # A valley that is flat to a high order may have been taken for a curve.
        candidate = region.reason is Reason.DEGENERATE or (region.reason is Reason.CURVE and looked_at < _MOST_CURVES)
        if around is None or not candidate or _wide(region.box, view, _WIDE) or clock.stop():
            left.append(region)
            continue
        looked_at += region.reason is Reason.CURVE
        place = isolate(field, region, others_than(k, around, found.certified), view, clock.stop)
        point, reason = _degenerate(field, place, view, clock)
        if region.reason is Reason.CURVE and not (reason is Reason.CURVE or (point is not None and point.certified)):
            left.append(region)
            continue
        if point is not None:
            points.append(point)
        if reason is not None:
            left.append(Region(region.box, reason, proved=reason is Reason.CURVE))
    return points, left


def _degenerate(field: Field, place: Isolated, view: Box, clock: Clock) -> tuple[CriticalPoint | None, Reason | None]:
    """Return the critical point of a degenerate region, and why the region is still unresolved, if it is."""
    surface = field.surface
    radius = [
        max(high - x, x - low, 2.0**-46 * (b - a))
        for x, (low, high), (a, b) in zip(place.centre, place.region, view, strict=True)
    ]
    exact = exact_point(surface, place.centre, radius, clock.stop)
    if exact is not None:
        centre = tuple(to_float(x) for x in exact.coordinates)
        side = is_inside(exact, view)
        if side is False:
            return None, None if place.winding in (None, 0) else Reason.BOUNDARY
    else:
        centre, side = place.centre, place.winding is not None
    germ = classify(surface, centre, exact=exact, winding=place.winding, radius=radius, stop=clock.stop)
    if germ.isolated is False:
        return None, Reason.CURVE
    exists = exact is not None or bool(place.winding)
    if not exists and (germ.kind == Kind.DEGENERATE.value or not _may_exist(field, centre, place.region, view)):
        return None, Reason.DEGENERATE
    certified = germ.proved and bool(side) and germ.kind not in (k.value for k in _REGULAR)
    values, slopes, hessians = field.floats(np.array(centre)[:, np.newaxis])
    eigenvalues, eigenvectors = eigenpairs(np.moveaxis(hessians, -1, 0))
    point = CriticalPoint(
        point=centre,
        value=float(values[0]),
        kind=Kind(germ.kind),
        eigenvalues=tuple(eigenvalues[0].tolist()),
        eigenvectors=tuple(map(tuple, eigenvectors[0].tolist())),
        condition_number=float(condition_numbers(eigenvalues)[0]),
        index=germ.index if place.winding is None else place.winding,
        certified=certified,
        enclosure=place.region,
        gradient_norm=float(np.sqrt(np.sum(slopes**2))),
        decided_by=germ,
        exact=exact,
    )
    if certified and is_point(place.region, view):
        return point, None
    return point, Reason.DEGENERATE if side else Reason.BOUNDARY


def _may_exist(field: Field, centre: tuple[float, ...], region: Box, view: Box) -> bool:
    """Whether a critical point that no winding number proves is there as far as floats can tell.

    On the floor of a valley that falls as slowly as x⁸ the gradient is small far from where it vanishes.
    """
    if not _wide(region, view, _POINT):
        return True
    return bool(field.gradient_of_points(np.array(centre)[:, np.newaxis]).may_vanish[0])


def is_point(region: Box, view: Box) -> bool:
    """Whether a degenerate point's enclosure is small enough, beside the view, for the point to stand for it."""
    return not _wide(region, view, _RESOLUTION)


def _wide(box: Box, view: Box, share: float) -> bool:
    return any(high - low > share * (b - a) for (low, high), (a, b) in zip(box, view, strict=True))


_REGULAR = (Kind.MINIMUM, Kind.MAXIMUM, Kind.SADDLE)


def is_inside(exact: ExactPoint, view: Box) -> bool | None:
    """Whether exact coordinates are in the view, its border included; None where that can't be decided."""
    try:
        return all(
            sign(_minus(x, low)) >= 0 and sign(_minus(x, high)) <= 0
            for x, (low, high) in zip(exact.coordinates, view, strict=True)
        )
    except OpenError:
        return None


def _minus(x: Number, bound: float) -> Number:
    return x - Fraction(bound)
