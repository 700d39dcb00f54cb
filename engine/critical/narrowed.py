"""A part of a box that was searched to the end: its critical points are known already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from ..surface.surface import Box, Surface
from .analysis import Analysis, Verdict, completeness_of, with_minima
from .boxes import Boxes, bisected, boxes_of, meeting, within
from .budget import Budget, Clock
from .convexity import ConvexityVerdict, convexity
from .critical_point import CriticalPoint
from .degenerate import is_point
from .field import Field
from .global_minimum import best_of, global_minimum
from .winding import winding_number

_CUTS = 4


def narrowed(
    known: Analysis,
    surface: Surface,
    box: Sequence[Sequence[float]],
    budget: Budget | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Analysis | None:
    """Return what :func:`analyse_box` would say of a part of a box that is ``known`` completely; else None.

    The points follow from the list; border, smallest value and convexity are looked at anew. None as well where a
    point is too close to the new border to tell its side, or a degenerate one's enclosure is too wide there, and
    where the time was too short.
    """
    surface = surface.with_box(box)
    view = surface.box
    if not is_part(known, surface):
        return None
    points = _inside(known.points, view)
    if points is None:
        return None
    field = Field(surface)
    clock = Clock(budget or Budget(), cancelled)
    border = winding_number(field, view, clock.part(0.3).stop)
    candidates = _places(field, points)
    least = global_minimum(field, candidates, clock.part(0.5), clock.part(0.7))
    least = best_of(field, least, [each.point for each in points])
    points = with_minima(points, least)
    shape = known.convexity
    if shape.verdict is not ConvexityVerdict.STRICTLY_CONVEX:
        shape = convexity(field, points, clock.part(0.8))
    if clock.stop():
        return None
    return Analysis(surface, view, tuple(points), completeness_of(points, [], border), least, shape, clock.elapsed)


def is_complete(analysis: Analysis) -> bool:
    """Whether a list is proved to hold all critical points of its box."""
    return analysis.completeness.verdict is Verdict.COMPLETE


def is_part(known: Analysis, surface: Surface) -> bool:
    """Whether a list is complete over a box that contains the surface's, for the same function."""
    if known.surface.model is not surface.model or known.surface.parameters != surface.parameters:
        return False
    return is_complete(known) and bool(within(boxes_of(surface.box), boxes_of(known.box))[0])


def _inside(points: Sequence[CriticalPoint], view: Box) -> list[CriticalPoint] | None:
    """The points in a view; None where that is not certain, or where one is not proved."""
    if not points:
        return []
    enclosures = boxes_of(*[each.enclosure for each in points])
    whole = boxes_of(view)
    inside, near = within(enclosures, whole), meeting(enclosures, whole)
    if np.any(near & ~inside):
        return None
    found = [replace(points[k], is_global_minimum=False) for k in np.flatnonzero(inside).tolist()]
    if not all(each.certified and (each.decided_by is None or is_point(each.enclosure, view)) for each in found):
        return None
    return found


def _places(field: Field, points: Sequence[CriticalPoint]) -> Boxes:
    """Where inside the view f may be smallest: at a critical point, or anywhere if it is not smooth throughout."""
    view = boxes_of(field.surface.box)
    parts = view
    for side in (*range(field.dimension),) * _CUTS:
        parts = bisected(parts, np.full(parts.shape[2], side))
    if not field.gradient(parts).smooth.all():
        return view
    return boxes_of(*[each.enclosure for each in points]) if points else view[:, :, :0]
