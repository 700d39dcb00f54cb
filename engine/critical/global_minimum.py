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
from .best_value import Best
from .boxes import Boxes, bisected, boxes_of, common, meeting, middles, point_boxes, widths
from .budget import Clock
from .field import Field
from .interval import EMPTY, PARTIAL
from .lower_bounds import mean_value, shrunk_to_border, steepest, tangent_bound
from .portions import chunk_size
from .valley import Labels

_CHUNK = 2048
_SAMPLES = 41
_SMALLEST = 2.0**-45
_MOST_CANDIDATES = 20_000
_MOST_COMPARED = 1000
_REFINEMENTS = 60
_SMALLEST_UNBOUNDED = 2.0**-12
_PROGRESS = 0.9
_PATIENCE = 0.5
_ROUNDS = 30
_SHARE = 0.4


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
    best = Best(field)
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


def minimum_of_sum(field: Field, parts: Sequence[GlobalMinimum | None]) -> GlobalMinimum | None:
    """Return the smallest value of f(x, y) = g(x) + h(y) from those of g and h; None where they do not certify it.

    f is nowhere smaller than the sum of the parts' lower bounds; whether that is near enough is judged beside the
    size of f, which may be far less than that of its parts.
    """
    found = [part for part in parts if part is not None]
    if len(found) < len(parts):
        return None
    place = tuple(x for part in found for x in part.point)
    best = Best(field)
    spread = best.offer(_samples(boxes_of(field.surface.box)))
    best.offer(np.array(place)[:, np.newaxis])
    if best.place is None:
        return None
    bound = sum(part.lower_bound for part in found)
    bound = min(float(np.nextafter(bound, -np.inf)), best.upper)
    tolerance = best.tolerance(spread)
    if not (np.isfinite(bound) and best.upper - bound <= tolerance):
        return None
    place = tuple(best.place.tolist())
    return GlobalMinimum(place, field.surface.value_at(place), True, bound, tolerance)


def _faces(view: Boxes) -> Boxes:
    """The faces of a box, as boxes without width in one variable."""
    faces = []
    for i in range(len(view)):
        for j in (0, 1):
            face = view.copy()
            face[i, 1 - j] = -view[i, j]
            faces.append(face)
    return np.concatenate(faces, axis=2)


def _refine(best: Best, view: Boxes, clock: Clock) -> None:
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


def _samples(view: Boxes) -> Array:
    """A grid over the view, corners included, (n, N)."""
    n = len(view)
    count = _SAMPLES if n <= 2 else 5
    axes = [np.linspace(-side[0, 0], side[1, 0], count) for side in view]
    return np.stack([axis.reshape(-1) for axis in np.meshgrid(*axes)])


def _branch_and_bound(field: Field, view: Boxes, start: Boxes, best: Best, spread: float, clock: Clock) -> float:
    """Return a lower bound of f over the boxes ``start``, -inf where none was found in time.

    Where the bound has long come no nearer to the best value (it is a limit only, or rounding hides it) that is all.
    """
    pending, bounds = start, np.full(start.shape[2], -np.inf)
    lowest = np.inf
    sides = widths(view)
    chunk = min(_CHUNK, chunk_size(field, clock.left))
    gap, since, rounds = np.inf, clock.elapsed, 0
    while pending.shape[2]:
        bound = min(lowest, float(np.min(bounds)))
        if np.isfinite(bound) and best.upper - bound <= _PROGRESS * gap:
            gap, since, rounds = best.upper - bound, clock.elapsed, 0
        rounds += 1
        idle = rounds > _ROUNDS and clock.elapsed - since > max(_PATIENCE, _SHARE * clock.elapsed)
        if idle or lowest == -np.inf or clock.stop(min(pending.shape[2], chunk)):
            return bound
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


def _bounded(field: Field, boxes: Boxes, view: Boxes, best: Best) -> tuple[Boxes, Array, Labels]:
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
            clipped = np.clip(places, -rough[:, 0], rough[:, 1])
            best.offer(clipped)
            best.offer_exactly(clipped)
    kept = ~gradient.empty
    with quiet():
        low = np.maximum(low, mean_value(field, boxes, gradient, centres))
        kept &= low <= best.upper
        shrunk, kept = shrunk_to_border(boxes, gradient, view, kept)
    changed = np.any(shrunk != boxes, axis=(0, 1))[kept]
    boxes, low = shrunk[:, :, kept], low[kept]
    side = steepest(shrunk, gradient, view)[kept]
    if changed.any():
        low[changed] = np.maximum(low[changed], field.value(boxes[:, :, changed]).low)
    if not boxes.shape[2]:
        return boxes, low, side
    low = np.maximum(low, tangent_bound(field, boxes, best))
    mask = low <= best.upper
    return boxes[:, :, mask], low[mask], side[mask]
