"""What the search left open: connected regions, each with its reason; points among them are isolated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from ..surface.array import quiet
from ..surface.surface import Box
from .boxes import Boxes, box_of, boxes_of, inflated, meeting, middles, widths
from .clusters import Labels, clusters, hulls
from .field import Field
from .pieces import pieces, share_of
from .search import Reason
from .valley import valley_points
from .winding import winding_number

_GAP = 4.0
_NOISE = 2.0**-22
ORDER = (Reason.BUDGET, Reason.UNDEFINED, Reason.NON_SMOOTH, Reason.CURVE, Reason.DEGENERATE, Reason.BOUNDARY)
_GROWTHS = (2.0, 16.0, 128.0, 1024.0, 2.0**14, 2.0**18, 2.0**22, 2.0**26, 2.0**30)
_LARGEST_ISOLATION = 2.0**-4

_MUCH = 0.3
"""Regions that take more than this part of the view are cut into pieces."""

_LARGE = 2.0**-8
MOST_REGIONS = 1000
_MOST_ONE_BY_ONE = 2000
_SOLID = 0.5
_SPOT = 2.0**-14
_TINY = 2.0**-120


class Region(NamedTuple):
    """A region where it is not decided whether there are critical points, and why.

    ``proved``: a curve of critical points that passes through it is proved; else it was recognised by its looks.
    """

    box: Box
    reason: Reason
    proved: bool = False


class Isolated(NamedTuple):
    """A place that may be one degenerate critical point.

    ``centre`` is the best guess for its coordinates, which lie in ``region`` if it is there. ``surrounding`` is
    a box around the region in which there is no other critical point, and ``winding`` the winding number of the
    gradient along that box's border; None where that could not be proved.
    """

    centre: tuple[float, ...]
    region: Box
    surrounding: Box | None
    winding: int | None


def regions(boxes: Boxes, reasons: Sequence[Reason], view: Box, stop: Callable[[], bool] | None = None) -> list[Region]:
    """Cluster open boxes (n, 2, N) that touch into regions.

    A region's reason is the budget if any of its boxes has that, else the one that most of its area has. Where
    regions together take much of the view, the large ones are cut into small pieces that follow the boxes; where
    there are very many, those near each other are joined. ``stop`` is polled: less is joined then one by one.
    """
    ranks = np.array([ORDER.index(reason) for reason in reasons], dtype=np.int64)
    budget = ORDER.index(Reason.BUDGET)
    many = np.count_nonzero(ranks == budget) > _MOST_ONE_BY_ONE
    if len(boxes) > 1 and many:
        # What there was no time for is not looked at closely either.
        unfinished, _ = pieces(boxes[:, :, ranks == budget], ranks[ranks == budget], len(ORDER), budget)
        rest = _connected(boxes[:, :, ranks != budget], ranks[ranks != budget], view, stop)
        return rest + [Region(box_of(unfinished, k), Reason.BUDGET) for k in range(unfinished.shape[2])]
    return _connected(boxes, ranks, view, stop)


def _connected(boxes: Boxes, ranks: Labels, view: Box, stop: Callable[[], bool] | None) -> list[Region]:
    if not boxes.shape[2]:
        return []
    sides = widths(boxes_of(view))[:, 0]
    with quiet():
        # Around one degenerate point gaps open between the last boxes; those along a curve touch.
        reach = np.maximum(_GAP * widths(boxes), _NOISE * sides[:, np.newaxis])
        reach = np.where(ranks == ORDER.index(Reason.DEGENERATE), reach, 0.0)
        labels = clusters(inflated(boxes, reach), stop)
        if len(boxes) == 1:
            labels = _nearest_joined(boxes, labels)
        around = hulls(boxes, labels)
        shares = share_of(around, sides)
        areas = np.zeros((len(ORDER), around.shape[2]))
        np.add.at(areas, (ranks, labels), np.maximum(share_of(boxes, sides), _TINY))
    solid = np.sum(areas, axis=0) >= _SOLID * shares
    budget = ORDER.index(Reason.BUDGET)
    areas[budget] = np.where(areas[budget] > 0.0, np.inf, 0.0)
    main = np.argmax(areas, axis=0)
    # What is taken for a curve is never as small as that; but f may be flat to rounding around a point.
    spot = np.all(widths(around) <= _SPOT * sides[:, np.newaxis], axis=0)
    main = np.where(spot & (main == ORDER.index(Reason.CURVE)), ORDER.index(Reason.DEGENERATE), main)
    # Where f may have a hole or a kink among them, no winding number tells of a critical point.
    for rough in (Reason.NON_SMOOTH, Reason.UNDEFINED):
        there = (main == ORDER.index(Reason.DEGENERATE)) & (areas[ORDER.index(rough)] > 0.0)
        main = np.where(there, ORDER.index(rough), main)
    large = np.zeros(len(shares), dtype=np.bool_)
    if len(boxes) > 1 and np.sum(shares[~solid]) > _MUCH:
        large = ~solid & (shares > _LARGE)
    if len(boxes) > 1 and len(shares) > MOST_REGIONS:
        large[:] = True
    if large.any():
        some = large[labels]
        cut, kinds = pieces(boxes[:, :, some], ranks[some], len(ORDER), budget)
        around, main = np.concatenate([around[:, :, ~large], cut], axis=2), np.concatenate([main[~large], kinds])
    return [Region(box_of(around, k), ORDER[main[k]]) for k in range(around.shape[2])]


def _nearest_joined(boxes: Boxes, labels: Labels) -> Labels:
    """Join the clusters of intervals (1, 2, N) that are nearest to each other until there are not too many."""
    around = hulls(boxes, labels)[0]
    count = around.shape[1]
    if count <= MOST_REGIONS:
        return labels
    order = np.argsort(-around[0])
    gaps = -around[0, order[1:]] - np.maximum.accumulate(around[1, order])[:-1]
    ends = np.zeros(count, dtype=np.int64)
    ends[np.argpartition(gaps, count - MOST_REGIONS)[count - MOST_REGIONS :] + 1] = 1
    joined = np.empty(count, dtype=np.int64)
    joined[order] = np.cumsum(ends)
    result: Labels = joined[labels]
    return result


def isolate(field: Field, region: Region, others: Boxes, view: Box, stop: Callable[[], bool] | None = None) -> Isolated:
    """Surround a small region by a box that holds nothing else, and count how the gradient turns around it.

    ``others`` (n, 2, M) are all other open regions and certified points.
    """
    inner, whole = boxes_of(region.box), boxes_of(view)
    sides = widths(whole)
    guess = valley_points(field, inner, sides[:, 0]).points
    centre = np.where(np.all((guess >= -inner[:, 0]) & (guess <= inner[:, 1])), guess, middles(inner))
    place = tuple(centre[:, 0].tolist())
    half = 0.5 * np.maximum(widths(inner), 2.0**-48 * sides)
    for growth in _GROWTHS:
        margin = half * growth
        if np.any(margin > _LARGEST_ISOLATION * sides) or (stop is not None and stop()):
            break
        # Beyond the view nothing is known; a region at its edge can't be surrounded.
        box = np.minimum(inner + margin[:, np.newaxis], whole)
        if np.any(box <= inner) or np.any(meeting(box, others)):
            break
        winding = winding_number(field, box_of(box), stop)
        if winding is not None:
            return Isolated(place, region.box, box_of(box), winding)
    return Isolated(place, region.box, None, None)


def others_than(index: int, around: Boxes, certified: Boxes) -> Boxes:
    """Return all boxes but one of ``around``, and ``certified``."""
    return np.concatenate([np.delete(around, index, axis=2), certified], axis=2)
