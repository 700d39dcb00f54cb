"""The level lines of u on which f(x, y) = g(u(x, y)) has no slope.

∇f = g'(u)·∇u vanishes at the critical points of u (``composed_points.py``) and where g' does, and nowhere else. A
search in one variable finds all zeros t of g'; the lines u = t are curves of critical points, but for what a smallest
or largest value of u makes a point of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..arrays import Array, Mask
from ..surface.surface import Box, Surface
from .boxes import Boxes, bisected, boxes_of, joined, point_boxes, widths
from .critical_point import CriticalPoint
from .field import Field
from .found import Reason
from .interval import EMPTY, KINKED, PARTIAL
from .leftovers import ORDER, Region
from .portions import chunk_size

MOST_LEVELS = 100_000
_FINEST = 2.0**-10
_FINE_ENOUGH = 2.0**-7
_MOST_BOXES = 30_000


class Levels(NamedTuple):
    """Intervals of values of u, ascending, on which g' may be zero; outside it is defined and not zero.

    ``single`` (K,) tells which of them hold exactly one zero of g'.
    """

    low: Array
    high: Array
    reasons: tuple[Reason, ...]
    single: Mask


def range_of(field: Field) -> tuple[float, float] | None:
    """Return bounds of f over its surface's box, from a grid of boxes; None where f may be undefined or unbounded."""
    boxes = boxes_of(field.surface.box)
    for side in (*range(field.dimension),) * 5:
        boxes = bisected(boxes, np.full(boxes.shape[2], side))
    value = field.value(boxes)
    low, high = float(np.min(value.low)), float(np.max(value.high))
    if np.any(np.asarray(value.flags) & (EMPTY | PARTIAL)) or not np.isfinite(high - low):
        return None
    return low, high


def widened(surface: Surface) -> Surface:
    """Return g over a little more than its interval, where it is smooth there: a zero of g' at an end lies within."""
    ((low, high),) = surface.box
    margin = 1e-3 * (high - low)
    beyond = Field(surface).gradient(boxes_of(((low - margin, low),), ((high, high + margin),))).smooth
    return surface.with_box(((low - margin * bool(beyond[0]), high + margin * bool(beyond[1])),))


def levels_of(points: Sequence[CriticalPoint], unresolved: Sequence[Region]) -> Levels:
    """Return where g' may be zero, from all that is known of g in one variable."""
    found = [(*each.enclosure[0], Reason.CURVE, each.certified) for each in points]
    # What is degenerate for g, a line makes a curve of.
    flat = (Reason.DEGENERATE, Reason.CURVE)
    found += [
        (*region.box[0], Reason.CURVE if region.reason in flat else region.reason, False) for region in unresolved
    ]
    found.sort(key=lambda each: each[0])
    low, high = np.array([each[0] for each in found]), np.array([each[1] for each in found])
    # Of two that touch, neither is known to hold the only zero.
    single = np.array([each[3] for each in found], dtype=np.bool_)
    touching = np.zeros(len(found), dtype=np.bool_)
    if len(found) > 1:
        near = low[1:] <= np.maximum.accumulate(high)[:-1]
        touching[1:] |= near
        touching[:-1] |= near
    return Levels(
        low, np.maximum.accumulate(high) if len(found) else high, tuple(r for *_, r, _ in found), single & ~touching
    )


class Cover(NamedTuple):
    """Boxes (n, 2, N), and for each the number of the first level that u may have there, and one more than the last."""

    boxes: Boxes
    first: NDArray[np.int64]
    last: NDArray[np.int64]

    def reasons(self, levels: Levels) -> tuple[Reason, ...]:
        """Why each box is unresolved: the gravest reason of its levels."""
        ranks = [ORDER.index(reason) for reason in levels.reasons]
        return tuple(ORDER[min(ranks[a:b])] for a, b in zip(self.first.tolist(), self.last.tolist(), strict=True))

    def chosen(self, where: Mask) -> Cover:
        """Those of them in ``where`` (N,)."""
        return Cover(self.boxes[:, :, where], self.first[where], self.last[where])


def cover(field: Field, levels: Levels, stop: Callable[[int], bool]) -> Cover:
    """Return boxes that hold all points of the surface's box where u has a value in ``levels``.

    Once ``stop``, which is told how many boxes are looked at, says so, they are as large as they are.
    """
    view = boxes_of(field.surface.box)
    sides = widths(view)
    kept = view[:, :, :0] if not len(levels.low) else view
    while kept.shape[2] and not stop(kept.shape[2]):
        share = float(np.max(np.max(widths(kept) / sides, axis=0)))
        if share <= _FINEST or (share <= _FINE_ENOUGH and 2 * kept.shape[2] > _MOST_BOXES):
            break
        halves = bisected(kept, np.argmax(widths(kept) / sides, axis=0))
        parts = [halves[:, :, k : k + chunk_size(field)] for k in range(0, halves.shape[2], chunk_size(field))]
        kept = joined([part[:, :, met(field, part, levels)[0] >= 0] for part in parts], field.dimension)
    first, last = met(field, kept, levels)
    return Cover(kept, first, last).chosen(first >= 0)


def met(field: Field, boxes: Boxes, levels: Levels) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first level that each box meets, -1 where none, and one more than the last; (N,) each."""
    value = field.value(boxes)
    first = np.searchsorted(levels.high, value.low, "left")
    last = np.searchsorted(levels.low, value.high, "right")
    empty = np.broadcast_to((np.asarray(value.flags) & EMPTY) != 0, first.shape)
    return np.where((first < last) & ~empty, first, -1), last


def crossed(field: Field, regions: Sequence[Region], levels: Levels) -> list[Region]:
    """Mark the regions of curves that are proved to hold one: u is on both sides of a level within the region.

    Between the two points u, being continuous, takes that value, on every path.
    """
    curves = [k for k, region in enumerate(regions) if region.reason is Reason.CURVE]
    chosen = levels.low[levels.single], levels.high[levels.single]
    if not curves or not len(chosen[0]):
        return list(regions)
    boxes = boxes_of(*[regions[k].box for k in curves])
    grid = np.linspace(0.0, 1.0, 5)
    low, high = -boxes[:, 0], boxes[:, 1]
    places = [low + np.array([[a], [b]]) * (high - low) for a in grid for b in grid]
    values = field.value(point_boxes(np.clip(np.concatenate(places, axis=1), np.tile(low, 25), np.tile(high, 25))))
    least = np.min(values.high.reshape(25, -1), axis=0)
    most = np.max(values.low.reshape(25, -1), axis=0)
    inside = field.value(boxes)
    continuous = np.broadcast_to((np.asarray(inside.flags) & (EMPTY | PARTIAL | KINKED)) == 0, least.shape)
    first = np.searchsorted(chosen[0], least, "right")
    holds = continuous & (first < len(chosen[0]))
    holds[holds] &= chosen[1][first[holds]] < most[holds]
    proved = {k for k, sure in zip(curves, holds, strict=True) if sure}
    return [region._replace(proved=True) if k in proved else region for k, region in enumerate(regions)]


def is_narrow(levels: Levels, interval: Box) -> bool:
    """Whether g' is known to be zero at most near some values: not on a whole interval, nor for want of time."""
    ((low, high),) = interval
    wide = levels.high - levels.low > _FINE_ENOUGH * (high - low)
    return len(levels.low) <= MOST_LEVELS and not wide.any() and Reason.BUDGET not in levels.reasons
