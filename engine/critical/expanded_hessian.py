"""The Hessian's definiteness by its expansion: sharp where its entries vary much, but together.

Over a box X about c the Hessian is H(c) + Σ T_k(c)·(x_k − c_k) + Σ (T_k(ξ) − T_k(c))·(x_k − c_k), T the third
derivatives, ξ in X (the mean value theorem, entry by entry). The first two terms are linear in x, so that they are
positive definite all over the box if they are at its corners; the last is of second order in the box's width.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from ..arrays import Mask
from ..surface.array import quiet
from .arithmetic import add, multiply, subtract
from .boxes import Boxes, middles, point_boxes
from .field import Field
from .interval import Interval, point, up

_PLACES = ((0, 0), (0, 1), (1, 1))


def definite_by_expansion(field: Field, boxes: Boxes) -> Mask:
    """Whether the Hessian of a function of two variables is proved positive definite over each box, (N,)."""
    centres = middles(boxes)
    here = field.hessian(point_boxes(centres))
    third_here = field.third_derivatives(point_boxes(centres))
    third = field.third_derivatives(boxes)
    smooth = field.hessian(boxes).smooth & here.smooth
    for entry in (*third.values(), *third_here.values()):
        smooth = smooth & (np.asarray(entry.flags) == 0)
    mask: Mask = np.array(smooth)
    with quiet():
        offsets = [Interval(up(boxes[k] + np.stack([centres[k], -centres[k]]))) for k in range(2)]
        changes = []
        for i, j in _PLACES:
            change = point(np.zeros(1))
            for k in range(2):
                place = _sorted(i, j, k)
                change = add(change, multiply(subtract(third[place], third_here[place]), offsets[k]))
            changes.append(change)
        for corner in product((0, 1), repeat=2):
            # Each corner as the interval that holds it: minus the low end, or the high one.
            steps = [_end(offsets[k], end) for k, end in enumerate(corner)]
            a, b, d = (
                add(
                    add(here.entries[i][j], change),
                    add(*(multiply(third_here[_sorted(i, j, k)], steps[k]) for k in range(2))),
                )
                for (i, j), change in zip(_PLACES, changes, strict=True)
            )
            mask &= (a.sign > 0) & (subtract(multiply(a, d), multiply(b, b)).sign > 0)
    return mask


def _end(offset: Interval, high: int) -> Interval:
    """One end of an interval, as an interval without width."""
    return point(offset.bounds[1]) if high else point(-offset.bounds[0])


def _sorted(i: int, j: int, k: int) -> tuple[int, int, int]:
    low, middle, high = sorted((i, j, k))
    return low, middle, high
