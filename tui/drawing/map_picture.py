"""A surface of two variables as a map: coloured ground, level lines with their numbers, colour bar and axes."""

from __future__ import annotations

import numpy as np

from curvtui.engine.arrays import Array
from curvtui.engine.sampling.curvature_map import curvature_map
from curvtui.engine.surface.surface import Surface

from .. import views
from ..views import FieldStyle, MapStyle
from .bands import compose, lines_alone, value_bands
from .basins_ground import basins_ground
from .cells import DEFAULT, Cells, ColourDepth
from .colour_bar import bar_width, colour_bar
from .contours import Contours, contours, faint, level_texts, lines_of_f, value_colours
from .curvature_ground import GroundDrawing, curvature_ground
from .curvature_levels import SEQUENTIAL
from .field_layer import field_data, field_layer, field_legend
from .ground import Ground, OwnLines
from .layer import Layer, LegendEntry
from .legend import Explained, explain, legend_rows
from .level_lines import Traced, label_levels, line_layer, traced
from .look import Look, without_grounds
from .numbers import plain_text
from .palette import pack
from .picture import Picture, Scene
from .plans import MapPlan, plan_map
from .plots import MapFrame, contour_map
from .viewport import Viewport

BAR_FROM = 56
"""Columns from which a map has a colour bar at its side."""

LABELS_FROM = (40, 14)
"""Columns and rows from which the level lines carry their numbers."""


def draw_map(scene: Scene, width: int, height: int, look: Look, complete: bool) -> Picture:
    """Return the map of a scene in ``width`` x ``height`` cells; without ``complete`` the axes are left out."""
    surface, style, (x, y) = scene.surface, scene.style, scene.view
    view = (x, y)
    below = legend_rows(style, width, height)
    found = contours(scene, plan_map(view, width, height - below, look.glyphs).viewport)
    # How long the numbers beside a colour bar are decides how much room it leaves.
    scale = found.scale(style, look) if width >= BAR_FROM else ()
    bar = bar_width(scale) if scale else 0
    plan = plan_map(view, width - bar, height - below, look.glyphs)
    viewport, corner = plan.viewport, (plan.left, plan.top)
    ground = ground_of(scene, viewport, found, look)
    frame = _frame(scene, plan, look, complete)
    cells = compose(frame, ground.bands, look.glyphs, look.theme.map.hatch)
    entries, own, layers = ground.entries, traced(ground.own.lines, viewport), list(ground.layers)
    labelled = own, ground.own.texts, ground.own.inks
    if style.ground is not views.Ground.VALUES:
        # Colours mean something else there: the level lines of f only give an orientation.
        lines = traced(lines_of_f(found, style, look), viewport)
        layers.insert(0, _faint_lines(lines, ground, viewport, look))
        if not ground.own.texts:
            axis = np.full(len(found.levels.values), pack(look.theme.map.axis), dtype=np.int32)
            labelled = lines, tuple(level_texts(found.levels, look)), axis
        if len(lines.levels):
            entries += (LegendEntry(look.glyphs.line, pack(look.theme.map.axis), "levels of f"),)
    shown = own.without(ground.own.hidden)
    banded = style.ground is views.Ground.VALUES and bool((ground.bands.bg != DEFAULT).any())
    if banded and look.glyphs.name == "block":
        # Half a cell broad, lines in their own colours would be all that is seen, and a path among them lost.
        layers.append(_faint_lines(shown, ground, viewport, look))
    else:
        layers.append(line_layer(shown, viewport, ground.own.inks, look.glyphs))
    if complete and style.field is not FieldStyle.NONE:
        layers.append(field_layer(viewport, field_data(surface, viewport, style.field), style.field, look))
        entries += field_legend(style.field, look)
    for layer in layers:
        cells = cells.overlay(layer.chars, layer.fg, *corner)
    if viewport.columns >= LABELS_FROM[0] and viewport.rows >= LABELS_FROM[1]:
        cells = label_levels(cells, labelled[0], viewport, labelled[1], labelled[2], corner)
    # Again, over the lines: without it the labels of a deep zoom would say nothing.
    cells = cells.write(*corner, frame.above, pack(look.theme.ui.foreground))
    whole = Cells.blank(width, height).paste(cells, 0, 0)
    if bar and ground.scale is not None:
        whole = whole.paste(colour_bar(*ground.scale, viewport.rows, look), plan.width, plan.top)
    explained = Explained(plan.left, height - below, width - plan.left, below, entries)
    cells = explain(whole, explained, look)
    return Picture(cells, viewport, plan.left, plan.top, found.levels, complete, explained, found.own)


def ground_of(scene: Scene, viewport: Viewport, found: Contours, look: Look) -> Ground:
    """Return what colours the cells of a plot area, and the lines that belong to it."""
    style = scene.style
    flat = without_grounds(look) if style.lines_only else look
    if style.ground is views.Ground.BASINS:
        if scene.basins is not None:
            return basins_ground(scene.basins, viewport.columns, viewport.rows, flat)
        searching = LegendEntry(look.glyphs.ellipsis, pack(look.theme.ui.accent), "basins: searching")
        plain = np.full(1, DEFAULT, dtype=np.int32)
        return Ground(value_bands(_values(scene.surface, viewport), (), plain), entries=(searching,))
    if found.curvature is not None:
        at_cells = curvature_map(scene.surface, *viewport.centres())
        drawn = curvature_ground(style.ground, at_cells, flat, found.curvature, style.levels)
        return _measured(drawn, style, look) if drawn.texts else _classes(drawn)
    inks, texts = value_colours(found.levels, style, look), tuple(level_texts(found.levels, look))
    bands = value_bands(_values(scene.surface, viewport), found.levels.values, inks.bands)
    lines = OwnLines(lines_of_f(found, style, look), texts, inks.lines)
    return Ground(bands, scale=(texts, inks), own=lines)


def _classes(drawn: GroundDrawing) -> Ground:
    """Signs: a colour and a glyph for each, and the lines between them."""
    own = OwnLines(drawn.lines, inks=drawn.inks)
    return Ground(
        drawn.bands,
        (drawn.texture,),
        drawn.legend,
        own=own,
        marks=drawn.marks,
        inks=drawn.texture.fg,
        classes=drawn.classes,
    )


def _measured(drawn: GroundDrawing, style: MapStyle, look: Look) -> Ground:
    """Bands of a number, with lines between them where lines are thin, and lines instead where they are asked for."""
    inks, colours = drawn.inks, drawn.colours
    name = plain_text(style.ground.value) if not look.glyphs.superscripts else style.ground.value
    if style.lines_only:
        if style.ground in SEQUENTIAL:
            colours = lines_alone(look.theme.map.ramp, len(inks), look.theme.ui.background, look.depth)
            inks = colours.lines
        lines = LegendEntry(look.glyphs.line, int(inks[-1]), f"levels of {name}")
        zero = tuple(entry for entry in drawn.legend if entry.text.endswith("= 0"))
        own = OwnLines(drawn.lines, drawn.texts, inks)
        return Ground(drawn.bands, (), (lines, *zero), (drawn.texts, colours), own)
    # Without grounds letters tell the bands apart, and lines would hide them.
    thin = look.glyphs.name == "braille" and look.depth in (ColourDepth.TRUECOLOR, ColourDepth.EIGHT_BIT)
    textured = bool((drawn.texture.chars != " ").any())
    # Numbers between letters would be taken for more of them.
    texts = drawn.texts if thin or not textured else tuple("" for _ in drawn.texts)
    hidden = frozenset[int]() if thin else frozenset(k for k, level in enumerate(drawn.levels) if level != 0)
    own = OwnLines(drawn.lines, texts, inks, hidden)
    scale = drawn.texts, colours
    return Ground(drawn.bands, (drawn.texture,), drawn.legend, scale, own, drawn.marks, drawn.texture.fg, drawn.classes)


def _faint_lines(lines: Traced, ground: Ground, viewport: Viewport, look: Look) -> Layer:
    """Level lines of f that hardly stand out from the cells that they lie on."""
    colours = faint(ground.bands.bg, look)
    return Layer(line_layer(lines, viewport, np.empty(0, dtype=np.int32), look.glyphs).chars, colours)


def _values(surface: Surface, viewport: Viewport) -> Array:
    return np.asarray(surface.grid(viewport.centres()))


def _frame(scene: Scene, plan: MapPlan, look: Look, complete: bool) -> MapFrame:
    if not complete:
        return MapFrame(Cells.blank(plan.width, plan.height), plan.viewport, plan.left, plan.top)
    (x0, x1), (y0, y1) = scene.view
    names = (scene.surface.variables[0], scene.surface.variables[1])
    axis = pack(look.theme.map.axis)
    return contour_map([], ((x0, x1), (y0, y1)), plan.width, plan.height, [], names, axis, look.glyphs)
