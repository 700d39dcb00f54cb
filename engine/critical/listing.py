"""Roots as critical points: which of them are in the view, and what is known of each."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..arrays import Mask
from ..curvature.spectrum import eigenpairs
from ..surface.surface import Box
from .boxes import Boxes, box_of, boxes_of, meeting, within
from .budget import Clock
from .critical_point import CriticalPoint, condition_numbers, kind_of
from .degenerate import is_inside
from .exact import exact_point
from .field import Field
from .leftovers import Region
from .roots import Roots
from .search import Reason
from .symmetry import is_on_axis

_POINTS_AT_ONCE = 1000


def in_view(field: Field, roots: Roots, view: Box, clock: Clock) -> tuple[Mask, list[Region]]:
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


def described(field: Field, roots: Roots, listed: Mask, stop: Callable[[], bool]) -> tuple[list[CriticalPoint], Boxes]:
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
