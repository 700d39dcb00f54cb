"""Lower bounds of f over boxes, and what of a box may hold f's smallest value."""

from __future__ import annotations

import numpy as np

from ..arrays import Array, Mask
from ..surface.array import quiet
from .arithmetic import add, multiply
from .best_value import Best
from .boxes import Boxes, middles, point_boxes, widths
from .field import Field, Gradient, Hessian, scaled_to_one
from .interval import Interval, up
from .newton import inverses
from .valley import Labels


def steepest(boxes: Boxes, gradient: Gradient, view: Boxes) -> Labels:
    """The variable along which f may change most over each box, (N,); the longest side where that is not known."""
    sides = widths(boxes)
    with quiet():
        change = np.stack([np.max(np.abs(slope.bounds), axis=0) for slope in gradient.slopes]) * sides
    known = np.isfinite(change).all(axis=0) & (np.max(change, axis=0) > 0.0)
    longest = np.argmax(sides / widths(view), axis=0)
    side: Labels = np.where(known, np.argmax(np.where(known, change, 0.0), axis=0), longest)
    return side


def mean_value(field: Field, boxes: Boxes, gradient: Gradient, centres: Array) -> Array:
    """A lower bound of f by the mean value theorem where f is differentiable, (N,); else -inf."""
    total = field.value(point_boxes(centres))
    for i, slope in enumerate(gradient.slopes):
        total = add(total, multiply(slope, _offset(boxes[i], centres[i])))
    return np.where(gradient.smooth & ~np.isnan(total.low), total.low, -np.inf)


def _offset(side: Array, centre: Array) -> Interval:
    return Interval(up(side + np.stack([centre, -centre])))


def shrunk_to_border(boxes: Boxes, gradient: Gradient, view: Boxes, kept: Mask) -> tuple[Boxes, Mask]:
    """Where f rises (falls) along a variable all over a box, keep only its face on the view's border, if any."""
    boxes = boxes.copy()
    for i, slope in enumerate(gradient.slopes):
        free = boxes[i, 0] + boxes[i, 1] > 0.0
        sign = np.where(gradient.smooth & free, slope.sign, 0.0)
        rising, falling = sign > 0, sign < 0
        at_low, at_high = boxes[i, 0] >= view[i, 0], boxes[i, 1] >= view[i, 1]
        kept = kept & ~(rising & ~at_low) & ~(falling & ~at_high)
        boxes[i, 1] = np.where(rising, -boxes[i, 0], boxes[i, 1])
        boxes[i, 0] = np.where(falling, -boxes[i, 1], boxes[i, 0])
    return boxes, kept


def tangent_bound(field: Field, boxes: Boxes, best: Best) -> Array:
    """Where f is convex over a box, its tangent plane's smallest value there, (N,); else -inf.

    The plane touches where a Newton step leads from the middle, kept in the box: near a minimum that is it.
    """
    n = field.dimension
    nothing = np.full(boxes.shape[2], -np.inf)
    if n > 2:
        return nothing
    hessian = field.hessian(boxes)
    free = widths(boxes) > 0.0
    with quiet():
        convex = _positive_definite(hessian, free)
        if not convex.any():
            return nothing
        boxes = boxes[:, :, convex]
        places = middles(boxes)
        for _ in range(3):
            _, slopes, matrices = field.floats(places)
            for i in range(n):
                fixed = ~free[i, convex]
                slopes[i, fixed] = 0.0
                matrices[i, :, fixed] = 0.0
                matrices[:, i, fixed] = 0.0
                matrices[i, i, fixed] = 1.0
            step = np.einsum("ijk,jk->ik", inverses(matrices), slopes)
            moved = np.clip(places - step, -boxes[:, 0], boxes[:, 1])
            places = np.where(np.isfinite(moved), moved, places)
        best.offer(places)
        tangent = field.gradient_of_points(places)
        total = tangent.value
        for i, slope in enumerate(tangent.slopes):
            # Along a fixed variable the offset is 0, whatever the slope.
            total = add(total, multiply(slope, _offset(boxes[i], places[i])))
    nothing[convex] = np.where(np.isnan(total.low), -np.inf, total.low)
    return nothing


def _positive_definite(hessian: Hessian, free: Mask) -> Mask:
    """Whether the Hessian restricted to the free variables is proved positive definite over each box."""
    first = hessian.entries[0][0].sign > 0
    if len(hessian.entries) == 1:
        alone: Mask = hessian.smooth & first & free[0]
        return alone
    (a, b), (_, d) = scaled_to_one(hessian).entries
    determinant = add(multiply(a, d), Interval(multiply(b, b).bounds[::-1])).sign > 0
    one = np.where(free[0], first, d.sign > 0)
    definite = np.where(free[0] & free[1], first & determinant, one)
    result: Mask = hessian.smooth & definite & (free[0] | free[1])
    return result
