"""The map's base picture: bands, level lines and axes of a surface over a view, without what moves on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from curvtui.engine.arrays import Array
from curvtui.engine.sampling.grid import grid, nodes
from curvtui.engine.sampling.levels import LevelMethod, Levels, contour_levels
from curvtui.engine.sampling.lines import contour_lines
from curvtui.engine.surface.surface import Box, Surface

from .bands import Bands, compose, map_colours, value_bands
from .braille import DotCanvas
from .cells import DEFAULT, Cells
from .curves import value_range
from .look import Look
from .palette import pack
from .plots import MapFrame, MapPlan, contour_map, plan_map
from .viewport import Viewport

FINEST = 161
"""Most nodes an axis of the grid from which level lines are traced."""


@dataclass(frozen=True)
class Scene:
    """What a base picture shows: a surface over a view, and how its levels are placed."""

    surface: Surface
    view: Box
    method: LevelMethod = LevelMethod.AUTO
    through: tuple[float, ...] = ()
    """Values that a level should pass through, such as a saddle's."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A drawn scene: the plot area's cells begin at column ``left`` and row ``top`` of ``cells``.

    In two variables the viewport is the view; in one it is the view along x and the curve's range along y.
    """

    cells: Cells
    viewport: Viewport
    left: int
    top: int
    levels: Levels | None
    complete: bool


def draw_picture(scene: Scene, width: int, height: int, look: Look, complete: bool = True) -> Picture:
    """Return the picture of a scene in ``width`` x ``height`` cells.

    With ``complete`` false the axes are left out and the level lines are only sketched, so that plotext is
    not needed: the first picture of all comes a fifth of a second earlier.
    """
    if scene.surface.dimension == 1:
        return _curve(scene, width, height, look, complete)
    return _map(scene, width, height, look, complete)


def _map(scene: Scene, width: int, height: int, look: Look, complete: bool) -> Picture:
    colours = look.theme.map
    (x0, x1), (y0, y1) = scene.view
    view = ((x0, x1), (y0, y1))
    plan = plan_map(view, width, height, look.glyphs)
    viewport = plan.viewport
    xs, ys = viewport.centres()
    values = scene.surface.grid((xs, ys))
    levels = contour_levels(values, method=scene.method, through=scene.through)
    inks = map_colours(colours.ramp, len(levels.values), look.theme.ui.background, colours.band_strength)
    bands = value_bands(values, levels.values, inks.bands)
    lines = _level_lines(scene.surface, view, viewport, levels.values)
    if complete:
        names = (scene.surface.variables[0], scene.surface.variables[1])
        frame = contour_map(lines, view, width, height, inks.lines.tolist(), names, pack(colours.axis), look.glyphs)
    else:
        sketch = _sketched(lines, inks.lines.tolist(), plan, look)
        frame = MapFrame(sketch, viewport, plan.left, plan.top)
    cells = compose(frame, bands, look.glyphs, colours.hatch)
    return Picture(cells, viewport, frame.left, frame.top, levels, complete)


def _sketched(lines: Sequence[tuple[float, Sequence[Array]]], inks: Sequence[int], plan: MapPlan, look: Look) -> Cells:
    """The level lines alone, dot for dot where plotext will draw them, for the time until it is imported."""
    cells = Cells.blank(plan.width, plan.height)
    for (_, polylines), ink in zip(lines, inks, strict=True):
        canvas = DotCanvas(plan.viewport)
        for line in polylines:
            canvas.polyline(line[:, 0], line[:, 1])
        cells = cells.overlay(canvas.chars(look.glyphs), ink, plan.left, plan.top)
    return cells


def _level_lines(
    surface: Surface, view: Box, viewport: Viewport, levels: Sequence[float]
) -> list[tuple[float, list[Array]]]:
    columns = min(FINEST, 2 * viewport.columns + 1)
    rows = min(FINEST, 3 * viewport.rows + 1)
    fine = grid(surface, view, columns, rows)
    return contour_lines(fine.axes[0], fine.axes[1], fine.values, levels)


def _curve(scene: Scene, width: int, height: int, look: Look, complete: bool) -> Picture:
    colours = look.theme.map
    ((x0, x1),) = scene.view
    xs = nodes(x0, x1, 4 * max(2, width) + 1)
    values = scene.surface.grid((xs,))
    values = np.where(np.isfinite(values) & (np.abs(values) < 1e300), values, np.nan)
    span = value_range([values], 0.1)
    margin = 0.06 * (span.high - span.low)
    box = ((x0, x1), (span.low - margin, span.high + margin))
    if complete:
        line = np.stack((xs, values), axis=1)
        names = (scene.surface.variables[0], "f")
        ink = pack(look.theme.curves.loss)
        frame = contour_map([(0.0, [line])], box, width, height, [ink], names, pack(colours.axis), look.glyphs)
    else:
        plan = plan_map(box, width, height, look.glyphs)
        frame = MapFrame(Cells.blank(width, height), plan.viewport, plan.left, plan.top)
    columns = frame.viewport.centres()[0]
    undefined = np.broadcast_to(np.isnan(scene.surface.grid((columns,))), (frame.viewport.rows, len(columns)))
    hatched = Bands(np.full(undefined.shape, DEFAULT, dtype=np.int32), undefined)
    cells = compose(frame, hatched, look.glyphs, colours.hatch)
    return Picture(cells, frame.viewport, frame.left, frame.top, None, complete)
