"""What the search left open: connected regions, each with its reason; points among them are isolated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from ..arrays import Array
from ..surface.array import quiet
from ..surface.surface import Box
from .boxes import Boxes, box_of, boxes_of, inflated, meeting, middles, widths
from .field import Field
from .search import Reason
from .valley import clusters, hulls, valley_points
from .winding import winding_number

_MANY = 20_000
_GRID = 64
_GAP = 4.0
_NOISE = 2.0**-22
_ORDER = (Reason.BUDGET, Reason.UNDEFINED, Reason.NON_SMOOTH, Reason.CURVE, Reason.DEGENERATE, Reason.BOUNDARY)
_GROWTHS = (2.0, 16.0, 128.0, 1024.0, 2.0**14, 2.0**18, 2.0**22, 2.0**26, 2.0**30)
_LARGEST_ISOLATION = 2.0**-4


class Region(NamedTuple):
    """A region where it is not decided whether there are critical points, and why."""

    box: Box
    reason: Reason


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


def regions(boxes: Boxes, reasons: Sequence[Reason], view: Box) -> list[Region]:
    """Cluster open boxes (n, 2, N) that touch into regions.

    A region's reason is the budget if any of its boxes has that, else the one that most of its area has.
    """
    if not boxes.shape[2]:
        return []
    ranks = np.array([_ORDER.index(reason) for reason in reasons])
    if len(ranks) > _MANY:
        boxes, ranks = _on_grid(boxes, ranks, view)
    # Around one degenerate point gaps open between the last boxes; those along a curve touch.
    reach = np.maximum(_GAP * widths(boxes), _NOISE * widths(boxes_of(view)))
    reach = np.where(ranks == _ORDER.index(Reason.DEGENERATE), reach, 0.0)
    labels = clusters(inflated(boxes, reach))
    around = hulls(boxes, labels)
    areas = np.zeros((len(_ORDER), around.shape[2]))
    with quiet():
        sides = np.maximum(widths(boxes) / widths(boxes_of(view)), 2.0**-60)
    np.add.at(areas, (ranks, labels), np.prod(sides, axis=0))
    budget = _ORDER.index(Reason.BUDGET)
    areas[budget] = np.where(areas[budget] > 0.0, np.inf, 0.0)
    main = np.argmax(areas, axis=0)
    return [Region(box_of(around, k), _ORDER[main[k]]) for k in range(around.shape[2])]


def _on_grid(boxes: Boxes, ranks: Array, view: Box) -> tuple[Boxes, Array]:
    """Replace very many boxes by the cells of a coarse grid that hold them (a larger region: still right)."""
    whole = boxes_of(view)
    cell = widths(whole) / _GRID
    low = np.floor((whole[:, 0] - boxes[:, 0]) / cell).astype(np.int64)
    high = np.ceil((boxes[:, 1] + whole[:, 0]) / cell).astype(np.int64)
    n = len(boxes)
    corners = np.clip(np.concatenate([low, high]), 0, _GRID)
    keys = (_GRID + 1) ** np.arange(2 * n) @ corners
    _, first, numbers = np.unique(keys, return_index=True, return_inverse=True)
    cells = corners[:, first]
    result = np.stack([whole[:, 0] - cells[:n] * cell, cells[n:] * cell - whole[:, 0]], axis=1)
    result = np.minimum(result, whole)
    gravest = np.full(cells.shape[1], len(_ORDER))
    np.minimum.at(gravest, numbers.reshape(-1), ranks)
    # What rounding or the view's edge cut off comes back.
    for i in range(n):
        for j in (0, 1):
            np.maximum.at(result[i, j], numbers.reshape(-1), boxes[i, j])
    return result, gravest


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
