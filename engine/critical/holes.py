"""The surroundings of places where f is not defined: bisection has no end there."""

from __future__ import annotations

import numpy as np

from ..arrays import Array, Mask
from .boxes import Boxes, inflated, meeting, widths

_MANY = 64
_TINY = 2.0**-20
_NEAR = 2.0**-17
_MOST_HOLES = 64


def beside_holes(boxes: Boxes, holes: Mask, view: Array) -> Mask:
    """Whether each box is one of very many tiny ones beside a hole, (N,); ``holes`` (N,) are the boxes with one.

    Towards a hole that rounding or waves surround (sin(x)/x, x⁴·sin(1/x) at 0) the boxes that are decided shrink
    faster than the distance. ``view`` (n,) are the sides of all that is searched.
    """
    nothing = np.zeros(boxes.shape[2], dtype=np.bool_)
    tiny = np.flatnonzero(~holes & np.all(widths(boxes) <= _TINY * view[:, np.newaxis], axis=0))
    centres = np.flatnonzero(holes)
    if len(tiny) < _MANY or not len(centres) or len(centres) > _MOST_HOLES:
        return nothing
    near = np.zeros(len(tiny), dtype=np.bool_)
    around = inflated(boxes[:, :, centres], np.tile((_NEAR * view)[:, np.newaxis], len(centres)))
    for k in range(len(centres)):
        near |= meeting(boxes[:, :, tiny], around[:, :, k : k + 1])
    if np.count_nonzero(near) >= _MANY:
        nothing[tiny[near]] = True
    return nothing
