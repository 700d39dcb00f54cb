"""A surface of two variables as a map: coloured ground, level lines with their numbers, colour bar and axes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from curvtui.engine.arrays import Array
from curvtui.engine.sampling.grid import grid
from curvtui.engine.sampling.levels import Levels, contour_levels
from curvtui.engine.sampling.lines import contour_lines
from curvtui.engine.surface.surface import Box, Surface

from .bands import MapColours, compose, lines_alone, map_colours, value_bands
from .cells import Cells, ColourDepth
from .colour_bar import bar_width, colour_bar
from .level_lines import Lines, label_levels, line_layer, traced
from .look import Look
from .numbers import number
from .palette import pack
from .picture import Picture, Scene
from .plots import MapFrame, MapPlan, contour_map, plan_map
from .viewport import Viewport

FINEST = 161
"""Most nodes an axis of the grid from which level lines are traced."""

BAR_FROM = 56
"""Columns from which a map has a colour bar at its side."""

LABELS_FROM = (40, 14)
"""Columns and rows from which the level lines carry their numbers."""


def draw_map(scene: Scene, width: int, height: int, look: Look, complete: bool) -> Picture:
    """Return the map of a scene in ``width`` x ``height`` cells; without ``complete`` the axes are left out."""
    surface, style = scene.surface, scene.style
    (x0, x1), (y0, y1) = scene.view
    view = ((x0, x1), (y0, y1))
    coarse = _values(surface, plan_map(view, width, height, look.glyphs).viewport)
    levels = contour_levels(coarse, style.levels, style.method, scene.through)
    texts = level_texts(levels, look)
    bar = bar_width(texts) if texts and width >= BAR_FROM else 0
    plan = plan_map(view, width - bar, height, look.glyphs)
    viewport = plan.viewport
    inks = _inks(levels, style.lines_only, look)
    bands = value_bands(_values(surface, viewport), levels.values, inks.bands)
    cells = compose(_frame(scene, plan, look, complete), bands, look.glyphs, look.theme.map.hatch)
    dots = traced(_level_lines(surface, view, viewport, levels.values), viewport)
    lines = line_layer(dots, viewport, inks.lines, look.glyphs)
    cells = cells.overlay(lines.chars, lines.fg, plan.left, plan.top)
    if viewport.columns >= LABELS_FROM[0] and viewport.rows >= LABELS_FROM[1]:
        cells = label_levels(cells, dots, viewport, texts, inks.lines, (plan.left, plan.top))
    if bar:
        beside = colour_bar(texts, inks, viewport.rows, look.glyphs)
        cells = Cells.blank(width, height).paste(cells, 0, 0).paste(beside, plan.width, plan.top)
    return Picture(cells, viewport, plan.left, plan.top, levels, complete)


def level_texts(levels: Levels, look: Look) -> list[str]:
    """Return the levels' numbers, with as many digits as tell neighbours apart."""
    for digits in range(2, 8):
        texts = [number(value, look.glyphs, digits) for value in levels.values]
        if len(set(texts)) == len(texts):
            break
    return texts if levels.values else []


def _inks(levels: Levels, lines_only: bool, look: Look) -> MapColours:
    colours, ground = look.theme.map, look.theme.ui.background
    count = len(levels.values)
    if lines_only or look.depth is ColourDepth.NONE:
        return lines_alone(colours.ramp, count, ground, look.depth)
    return map_colours(colours.ramp, count, ground, colours.band_strength, look.depth)


def _values(surface: Surface, viewport: Viewport) -> Array:
    return np.asarray(surface.grid(viewport.centres()))


def _frame(scene: Scene, plan: MapPlan, look: Look, complete: bool) -> MapFrame:
    if not complete:
        return MapFrame(Cells.blank(plan.width, plan.height), plan.viewport, plan.left, plan.top)
    (x0, x1), (y0, y1) = scene.view
    names = (scene.surface.variables[0], scene.surface.variables[1])
    axis = pack(look.theme.map.axis)
    return contour_map([], ((x0, x1), (y0, y1)), plan.width, plan.height, [], names, axis, look.glyphs)


def _level_lines(surface: Surface, view: Box, viewport: Viewport, levels: Sequence[float]) -> Lines:
    columns = min(FINEST, 2 * viewport.columns + 1)
    rows = min(FINEST, 3 * viewport.rows + 1)
    fine = grid(surface, view, columns, rows)
    return contour_lines(fine.axes[0], fine.axes[1], fine.values, levels)
