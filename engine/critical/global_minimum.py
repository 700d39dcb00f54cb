"""The smallest value of f in a box, its border included, by branch and bound; certified or not said.

A part of the box is discarded where f's enclosure lies above a value that f is known to take, or where f has
a slope along a variable: then a smaller value lies beyond the part, or on the view's border, to which the part
shrinks. Where the Hessian is proved positive definite f lies above its tangent plane, which near a minimum is
a bound as sharp as rounding allows; so a smooth minimum ends the search while boxes are still large.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import Array, Mask
from ..surface.array import quiet
from .arithmetic import add, multiply
from .boxes import Boxes, bisected, boxes_of, common, meeting, middles, point_boxes, widths
from .budget import Clock
from .field import Field, Gradient, Hessian, scaled_to_one
from .interval import EMPTY, PARTIAL, Interval, up
from .newton import inverses
from .search import chunk_size
from .valley import Labels

TOLERANCE = 1e-9
"""A value is the minimum if none is smaller by more than this, relative to the values' size or 1."""

_CHUNK = 2048
_SAMPLES = 41
_SMALLEST = 2.0**-45
_MOST_CANDIDATES = 20_000
_MOST_COMPARED = 1000
_REFINEMENTS = 60
_SMALLEST_UNBOUNDED = 2.0**-12


@dataclass(frozen=True)
class GlobalMinimum:
    """The smallest value found in a box, border included.

    ``certified``: it is proved that f is nowhere in the box smaller than ``lower_bound``, and that this is at
    most ``tolerance`` below ``value``.
    """

    point: tuple[float, ...]
    value: float
    certified: bool
    lower_bound: float
    tolerance: float


def global_minimum(field: Field, candidates: Boxes, clock: Clock, refining: Clock) -> GlobalMinimum | None:
    """Return the smallest value of f over the surface's box; None where f has no finite value that was met.

    Within the box f is smallest, if at all, in ``candidates`` (n, 2, N): where it may have a critical point or
    is not smooth; the border is added here. ``refining`` is for a last look around what could not be certified.
    """
    view = boxes_of(field.surface.box)
    start = view
    if candidates.shape[2] <= _MOST_CANDIDATES:
        candidates = candidates[:, :, meeting(candidates, view)]
        start = np.concatenate([common(candidates, view), _faces(view)], axis=2)
    best = _Best(field)
    spread = best.offer(_samples(view))
    lowest = _branch_and_bound(field, view, start, best, spread, clock)
    if best.upper - lowest > best.tolerance(spread):
        _refine(best, view, refining)
    if best.place is None:
        return None
    tolerance = best.tolerance(spread)
    bound = min(lowest, best.upper)
    certified = bool(np.isfinite(bound)) and best.upper - bound <= tolerance
    place = tuple(best.place.tolist())
    return GlobalMinimum(place, field.surface.value_at(place), certified, bound, tolerance)


def best_of(field: Field, least: GlobalMinimum | None, points: Sequence[Sequence[float]]) -> GlobalMinimum | None:
    """Return the global minimum at one of ``points`` where f is as small there, but for rounding."""
    if not len(points):
        return least
    places = np.array(points).T
    if len(points) > _MOST_COMPARED:
        with quiet():
            floats = np.nan_to_num(field.surface.value(places.T), nan=np.inf)
        places = places[:, np.argpartition(floats, _MOST_COMPARED)[:_MOST_COMPARED]]
    value = field.value(point_boxes(places))
    sound = (np.broadcast_to(value.flags, value.high.shape) & (PARTIAL | EMPTY)) == 0
    k = int(np.argmin(np.where(sound, value.high, np.inf)))
    if not sound[k]:
        return least
    place = tuple(places[:, k].tolist())
    at_place = field.surface.value_at(place)
    if least is None:
        return GlobalMinimum(place, at_place, False, -np.inf, 0.0)
    here = field.value(point_boxes(np.array(least.point)[:, np.newaxis]))
    if value.low[k] > here.high[0] or not np.isfinite(at_place):
        return least
    certified = least.certified and float(value.high[k]) - least.lower_bound <= least.tolerance
    if least.certified and not certified:
        return least
    return GlobalMinimum(place, at_place, certified, least.lower_bound, least.tolerance)


def _faces(view: Boxes) -> Boxes:
    """The faces of a box, as boxes without width in one variable."""
    faces = []
    for i in range(len(view)):
        for j in (0, 1):
            face = view.copy()
            face[i, 1 - j] = -view[i, j]
            faces.append(face)
    return np.concatenate(faces, axis=2)


def _refine(best: _Best, view: Boxes, clock: Clock) -> None:
    """Look around the best point at all scales: where f has kinks no derivative leads to its smallest value."""
    if best.place is None:
        return
    random = np.random.default_rng(0)
    n, sides = len(view), widths(view)
    scales = np.repeat(2.0 ** -np.arange(1.0, 54.0), 24)
    for _ in range(_REFINEMENTS):
        if clock.stop(len(scales)):
            return
        before = best.upper
        moves = random.standard_normal((n, len(scales))) * scales * sides
        best.offer(np.clip(best.place[:, np.newaxis] + moves, -view[:, 0], view[:, 1]))
        if before - best.upper <= 1e-12 * abs(best.upper) and _ > _REFINEMENTS // 3:
            return


class _Best:
    """The smallest proved value of f, and where."""

    def __init__(self, field: Field) -> None:
        self._field = field
        self.upper = np.inf
        self.place: Array | None = None

    def offer(self, points: Array) -> float:
        """Take the best of points (n, N) if it is better; return how far f's values there are apart."""
        value = self._field.value(point_boxes(points))
        sound = (np.broadcast_to(value.flags, value.high.shape) & (PARTIAL | EMPTY)) == 0
        high = np.where(sound & np.isfinite(value.high), value.high, np.inf)
        if not high.size or not np.isfinite(high).any():
            return 0.0
        k = int(np.argmin(high))
        if high[k] < self.upper:
            self.upper, self.place = float(high[k]), points[:, k].copy()
        with quiet():
            return float(np.max(high[np.isfinite(high)]) - high[k])

    def tolerance(self, spread: float) -> float:
        size = max(abs(self.upper), min(1.0, spread))
        return TOLERANCE * size if np.isfinite(size) else 0.0


def _samples(view: Boxes) -> Array:
    """A grid over the view, corners included, (n, N)."""
    n = len(view)
    count = _SAMPLES if n <= 2 else 5
    axes = [np.linspace(-side[0, 0], side[1, 0], count) for side in view]
    return np.stack([axis.reshape(-1) for axis in np.meshgrid(*axes)])


def _branch_and_bound(field: Field, view: Boxes, start: Boxes, best: _Best, spread: float, clock: Clock) -> float:
    """Return a lower bound of f over the boxes ``start``, -inf where none was found in time."""
    pending, bounds = start, np.full(start.shape[2], -np.inf)
    lowest = np.inf
    sides = widths(view)
    chunk = min(_CHUNK, chunk_size(field))
    while pending.shape[2]:
        if clock.stop(min(pending.shape[2], chunk)):
            return min(lowest, float(np.min(bounds)))
        alive = bounds <= best.upper
        pending, bounds = pending[:, :, alive], bounds[alive]
        if pending.shape[2] > chunk:
            chosen = np.argpartition(bounds, chunk)
            rest, now = chosen[chunk:], chosen[:chunk]
        else:
            rest, now = np.zeros(0, dtype=np.int64), np.arange(pending.shape[2])
        boxes, low, side = _bounded(field, pending[:, :, now], view, best)
        done = low >= best.upper - 0.5 * best.tolerance(spread)
        lowest = min(lowest, float(np.min(low[done], initial=np.inf)))
        boxes, low, side = boxes[:, :, ~done], low[~done], side[~done]
        share = np.max(widths(boxes) / sides, axis=0)
        hopeless = (share <= np.where(np.isfinite(low), _SMALLEST, _SMALLEST_UNBOUNDED)) | _uncuttable(boxes)
        lowest = min(lowest, float(np.min(low[hopeless], initial=np.inf)))
        boxes, low, side = boxes[:, :, ~hopeless], low[~hopeless], side[~hopeless]
        halves = bisected(boxes, side)
        pending = np.concatenate([pending[:, :, rest], halves], axis=2)
        bounds = np.concatenate([bounds[rest], low, low])
    return lowest


def _uncuttable(boxes: Boxes) -> Mask:
    size = np.max(np.abs(boxes), axis=(0, 1))
    small: Mask = np.max(widths(boxes), axis=0) <= 8 * np.spacing(size)
    return small


def _bounded(field: Field, boxes: Boxes, view: Boxes, best: _Best) -> tuple[Boxes, Array, Labels]:
    """Return what of ``boxes`` may hold the minimum, a lower bound of f over each, and where to cut it next."""
    gradient = field.gradient(boxes)
    low = gradient.value.low
    centres = middles(boxes)
    best.offer(centres)
    if not gradient.smooth.all():
        # At the edge of a domain, or a kink, f may be smallest just there; and that is often at a round number.
        rough = boxes[:, :, ~gradient.smooth]
        middle = middles(rough)
        for places in (np.zeros_like(middle), np.round(middle), np.round(middle, 3)):
            best.offer(np.clip(places, -rough[:, 0], rough[:, 1]))
    kept = ~gradient.empty
    with quiet():
        low = np.maximum(low, _mean_value(field, boxes, gradient, centres))
        kept &= low <= best.upper
        shrunk, kept = _shrunk_to_border(boxes, gradient, view, kept)
    changed = np.any(shrunk != boxes, axis=(0, 1))[kept]
    boxes, low = shrunk[:, :, kept], low[kept]
    side = _steepest(shrunk, gradient, view)[kept]
    if changed.any():
        low[changed] = np.maximum(low[changed], field.value(boxes[:, :, changed]).low)
    if not boxes.shape[2]:
        return boxes, low, side
    low = np.maximum(low, _tangent_bound(field, boxes, best))
    mask = low <= best.upper
    return boxes[:, :, mask], low[mask], side[mask]


def _steepest(boxes: Boxes, gradient: Gradient, view: Boxes) -> Labels:
    """The variable along which f may change most over each box, (N,); the longest side where that is not known."""
    sides = widths(boxes)
    with quiet():
        change = np.stack([np.max(np.abs(slope.bounds), axis=0) for slope in gradient.slopes]) * sides
    known = np.isfinite(change).all(axis=0) & (np.max(change, axis=0) > 0.0)
    longest = np.argmax(sides / widths(view), axis=0)
    side: Labels = np.where(known, np.argmax(np.where(known, change, 0.0), axis=0), longest)
    return side


def _mean_value(field: Field, boxes: Boxes, gradient: Gradient, centres: Array) -> Array:
    """A lower bound of f by the mean value theorem where f is differentiable, (N,); else -inf."""
    total = field.value(point_boxes(centres))
    for i, slope in enumerate(gradient.slopes):
        total = add(total, multiply(slope, _offset(boxes[i], centres[i])))
    return np.where(gradient.smooth & ~np.isnan(total.low), total.low, -np.inf)


def _offset(side: Array, centre: Array) -> Interval:
    return Interval(up(side + np.stack([centre, -centre])))


def _shrunk_to_border(boxes: Boxes, gradient: Gradient, view: Boxes, kept: Mask) -> tuple[Boxes, Mask]:
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


def _tangent_bound(field: Field, boxes: Boxes, best: _Best) -> Array:
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
