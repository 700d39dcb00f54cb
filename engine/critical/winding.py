"""The winding number of the gradient along a rectangle's border, proved.

The border is cut into segments over each of which, by its interval enclosure, one component of the gradient
keeps one sign: there the gradient stays in a half-plane. Where two segments meet it lies in both half-planes,
so that from one to the next it turns by none or one quarter either way; the quarters add up to an integer.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..arrays import Array
from ..surface.surface import Box
from .boxes import Boxes, boxes_of
from .field import Field, Gradient

_GENERATIONS = 60
_MOST_SEGMENTS = 40_000
_FIRST_CUTS = 8


def winding_number(field: Field, box: Box, stop: Callable[[], bool] | None = None) -> int | None:
    """Return how often the gradient turns about 0, counter-clockwise, along the border of ``box``.

    In one variable half the change of the slope's sign from the low end to the high end. It is the sum of the
    indices of the critical points inside. None where it can't be proved: a critical point or a kink on the
    border, or f undefined there, or ``stop`` says so.
    """
    if field.dimension == 1:
        return _sign_change(field, box)
    if field.dimension != 2:
        return None
    side, begin, end = _first_segments()
    labels: list[Array] = []
    places: list[Array] = []
    for _ in range(_GENERATIONS):
        segments = _segments(box, side, begin, end)
        gradient = field.gradient(segments)
        label = _half_plane(gradient)
        decided = label >= 0
        labels.append(label[decided])
        places.append((side + begin)[decided])
        side, begin, end = side[~decided], begin[~decided], end[~decided]
        if not len(side):
            return _turns(np.concatenate(labels)[np.argsort(np.concatenate(places))])
        middle = 0.5 * (begin + end)
        if len(side) > _MOST_SEGMENTS or np.any(middle <= begin) or (stop is not None and stop()):
            return None
        side = np.concatenate([side, side])
        begin, end = np.concatenate([begin, middle]), np.concatenate([middle, end])
    return None


def _first_segments() -> tuple[Array, Array, Array]:
    """Sides 0 to 3, counter-clockwise from the lower one, each in parts from ``begin`` to ``end`` of 0 to 1."""
    steps = np.arange(_FIRST_CUTS) / _FIRST_CUTS
    side = np.repeat(np.arange(4.0), _FIRST_CUTS)
    begin = np.tile(steps, 4)
    return side, begin, begin + 1.0 / _FIRST_CUTS


def _segments(box: Box, side: Array, begin: Array, end: Array) -> Boxes:
    """The segments as boxes without width in one variable; the ends of neighbours are the same floats."""
    (x0, x1), (y0, y1) = box
    corners = {0.0: (x0, x1), 1.0: (y0, y1), 2.0: (x1, x0), 3.0: (y1, y0)}
    first = np.choose(side.astype(np.int64), [corners[k][0] for k in (0.0, 1.0, 2.0, 3.0)])
    last = np.choose(side.astype(np.int64), [corners[k][1] for k in (0.0, 1.0, 2.0, 3.0)])
    a = np.where(begin == 0.0, first, first + begin * (last - first))
    b = np.where(end == 1.0, last, first + end * (last - first))
    low, high = np.minimum(a, b), np.maximum(a, b)
    horizontal = side % 2 == 0
    across = np.choose(side.astype(np.int64), [y0, x1, y1, x0])
    x = np.stack([-np.where(horizontal, low, across), np.where(horizontal, high, across)])
    y = np.stack([-np.where(horizontal, across, low), np.where(horizontal, across, high)])
    return np.stack([x, y])


def _half_plane(gradient: Gradient) -> Array:
    """0, 1, 2, 3 where the gradient points right, up, left, down of an axis all along; -1 where unknown."""
    dx, dy = gradient.slopes
    sx, sy = dx.sign, dy.sign
    label = np.where(sx > 0, 0, np.where(sx < 0, 2, np.where(sy > 0, 1, np.where(sy < 0, 3, -1))))
    return np.where(gradient.smooth, label, -1)


def _turns(labels: Array) -> int | None:
    quarters = (np.roll(labels, -1) - labels) % 4
    if np.any(quarters == 2):
        return None
    total = int(np.sum(np.where(quarters == 3, -1, quarters)))
    return total // 4 if total % 4 == 0 else None


def _sign_change(field: Field, box: Box) -> int | None:
    ((low, high),) = box
    gradient = field.gradient(boxes_of(((low, low),), ((high, high),)))
    first, last = gradient.slopes[0].sign
    if first == 0 or last == 0 or not gradient.smooth.all():
        return None
    return round(float(last - first) / 2)
