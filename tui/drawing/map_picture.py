"""A surface of two variables as a map: coloured ground, level lines with their numbers, colour bar and axes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from curvtui.engine.arrays import Array
from curvtui.engine.sampling.curvature_map import curvature_map
from curvtui.engine.sampling.grid import grid
from curvtui.engine.sampling.levels import Levels, contour_levels
from curvtui.engine.sampling.lines import contour_lines
from curvtui.engine.surface.surface import Box, Surface

from .. import views
from ..views import FieldStyle, MapStyle
from .bands import MapColours, compose, lines_alone, map_colours, value_bands
from .basins_ground import basins_ground
from .cells import DEFAULT, Cells, ColourDepth
from .colour_bar import bar_width, colour_bar
from .curvature_ground import curvature_ground
from .field_layer import field_data, field_layer, field_legend
from .ground import Ground
from .layer import LegendEntry
from .legend import Explained, explain, legend_rows
from .level_lines import Lines, label_levels, line_layer, traced
from .look import Look
from .numbers import short_number
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
    surface, style, (x, y) = scene.surface, scene.style, scene.view
    view = (x, y)
    below = legend_rows(style, width, height)
    coarse = _values(surface, plan_map(view, width, height - below, look.glyphs).viewport)
    levels = contour_levels(coarse, style.levels, style.method, scene.through)
    texts = level_texts(levels, look)
    inks = _inks(levels, style, look)
    first = _ground(scene, plan_map(view, width, height - below, look.glyphs).viewport, levels, texts, inks, look)
    bar = bar_width(first.scale[0]) if first.scale is not None and first.scale[0] and width >= BAR_FROM else 0
    plan = plan_map(view, width - bar, height - below, look.glyphs)
    viewport = plan.viewport
    ground = _ground(scene, viewport, levels, texts, inks, look) if bar else first
    cells = compose(_frame(scene, plan, look, complete), ground.bands, look.glyphs, look.theme.map.hatch)
    few = look.depth in (ColourDepth.NONE, ColourDepth.STANDARD)
    crowded = few and style.ground is not views.Ground.VALUES
    # Without bands, characters tell the classes of such a map apart, and lines of f would hide them.
    drawn = () if crowded else levels.values
    dots = traced(_level_lines(surface, view, viewport, drawn), viewport)
    lines = line_layer(dots, viewport, inks.lines, look.glyphs)
    cells = cells.overlay(lines.chars, lines.fg, plan.left, plan.top)
    layers, entries = list(ground.layers), ground.entries
    if complete and style.field is not FieldStyle.NONE:
        layers.append(field_layer(viewport, field_data(surface, viewport, style.field), style.field, look))
        entries += field_legend(style.field, look)
    for layer in layers:
        cells = cells.overlay(layer.chars, layer.fg, plan.left, plan.top)
    if viewport.columns >= LABELS_FROM[0] and viewport.rows >= LABELS_FROM[1]:
        cells = label_levels(cells, dots, viewport, texts[: len(drawn)], inks.lines, (plan.left, plan.top))
    whole = Cells.blank(width, height).paste(cells, 0, 0)
    if bar and ground.scale is not None:
        whole = whole.paste(colour_bar(*ground.scale, viewport.rows, look), plan.width, plan.top)
    explained = Explained(plan.left, height - below, width - plan.left, below, entries)
    return Picture(explain(whole, explained, look), viewport, plan.left, plan.top, levels, complete, explained)


def _ground(
    scene: Scene, viewport: Viewport, levels: Levels, texts: Sequence[str], inks: MapColours, look: Look
) -> Ground:
    """What colours the cells of a plot area."""
    if scene.style.ground is views.Ground.BASINS:
        if scene.basins is not None:
            return basins_ground(scene.basins, viewport.columns, viewport.rows, look)
        searching = LegendEntry(look.glyphs.ellipsis, pack(look.theme.ui.accent), "basins: searching")
        return Ground(value_bands(_values(scene.surface, viewport), (), inks.bands[:1]), entries=(searching,))
    if scene.style.ground is not views.Ground.VALUES:
        return _curvature(scene, viewport, look)
    bands = value_bands(_values(scene.surface, viewport), levels.values, inks.bands)
    return Ground(bands, scale=(tuple(texts), inks))


def _curvature(scene: Scene, viewport: Viewport, look: Look) -> Ground:
    drawn = curvature_ground(scene.style.ground, curvature_map(scene.surface, *viewport.centres()), look)
    edges = line_layer(traced(drawn.lines, viewport), viewport, np.array([drawn.ink], dtype=np.int32), look.glyphs)
    scale = (drawn.texts, drawn.colours) if drawn.texts else None
    return Ground(drawn.bands, (drawn.texture, edges), drawn.legend, scale)


def level_texts(levels: Levels, look: Look) -> list[str]:
    """Return the levels' numbers, with as many digits as tell neighbours apart.

    Where seven don't, deep in a zoom, the lowest is written out and the others say how far above it they are.
    """
    values = levels.values
    for digits in range(2, 8):
        texts = [short_number(value, look.glyphs, digits) for value in values]
        if len(set(texts)) == len(texts):
            return texts
    return texts[:1] + [f"+{short_number(value - values[0], look.glyphs, 2)}" for value in values[1:]]


def _inks(levels: Levels, style: MapStyle, look: Look) -> MapColours:
    """The colours of the level lines and of the bands of values."""
    colours, ground = look.theme.map, look.theme.ui.background
    count = len(levels.values)
    if style.ground is not views.Ground.VALUES:
        # Colours mean something else there: the level lines of f only give an orientation.
        axis = np.full(count, pack(colours.axis), dtype=np.int32)
        return MapColours(axis, np.full(count + 1, DEFAULT, dtype=np.int32))
    if style.lines_only or look.depth is ColourDepth.NONE:
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
