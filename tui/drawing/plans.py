"""Where a plot area lies in a rectangle of cells, and which ticks are on its axes: what is decided before drawing.

Needs no plotext, so that a map's bands can be on the screen before it is imported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from .curves import Range
from .glyphs import BRAILLE, GlyphSet
from .ticks import Ticks, linear_ticks, log_ticks
from .viewport import Viewport

Box: TypeAlias = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, eq=False)
class MapPlan:
    """Where the plot area lies in a rectangle of cells, and which ticks are on its axes."""

    viewport: Viewport
    left: int
    top: int
    width: int
    height: int
    x_ticks: Ticks
    y_ticks: Ticks


def plan_map(box: Box, width: int, height: int, glyphs: GlyphSet = BRAILLE) -> MapPlan:
    """Return the layout of a map of `box` in `width` x `height` cells, axes included where they fit."""
    (x0, x1), (y0, y1) = box
    rows = height - 2
    y_ticks = linear_ticks(y0, y1, max(2, rows // 5), glyphs)
    left = y_ticks.width + 1
    columns = width - left
    if rows < 2 or columns < 4:
        bare = Viewport(x0, x1, y0, y1, max(1, width), max(1, height))
        return MapPlan(bare, 0, 0, max(0, width), max(0, height), Ticks((), ()), Ticks((), ()))
    viewport = Viewport(x0, x1, y0, y1, columns, rows)
    return MapPlan(viewport, left, 0, width, height, _fitting_ticks(x0, x1, columns, glyphs), y_ticks)


def plan_curve(x: Range, y: Range, width: int, height: int, top: int, log: bool, glyphs: GlyphSet) -> MapPlan:
    """Lay out a curve over the unit square; its ticks' positions are fractions as well."""
    rows = height - top - 2
    y_ticks = (log_ticks if log else linear_ticks)(y.low, y.high, max(2, rows // 3), glyphs)
    left = y_ticks.width + 1
    columns = width - left
    if rows < 2 or columns < 4:
        none = Ticks((), ())
        bare = Viewport(0.0, 1.0, 0.0, 1.0, max(1, width), max(1, height - top))
        return MapPlan(bare, 0, top, max(0, width), max(0, height), none, none)
    viewport = Viewport(0.0, 1.0, 0.0, 1.0, columns, rows)
    x_ticks = _fitting_ticks(x.low, x.high, columns, glyphs)
    x_ticks, y_ticks = (
        Ticks(tuple(r.place(np.array(t.positions)).tolist()), t.labels, t.offset)
        for r, t in ((x, x_ticks), (y, y_ticks))
    )
    return MapPlan(viewport, left, top, width, height, x_ticks, y_ticks)


def _fitting_ticks(low: float, high: float, columns: int, glyphs: GlyphSet) -> Ticks:
    """Return as many ticks as fit; the width of their labels is known only once they are chosen."""
    for count in range(max(2, columns // 10), 1, -1):
        ticks = linear_ticks(low, high, count, glyphs)
        if len(ticks.labels) * (ticks.width + 2) <= columns:
            break
    return ticks
