"""What moves on the map: the path, the marked points and the cursor, laid over a base picture."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from curvtui.engine.arrays import Array

from .braille import DotCanvas
from .cells import Cells, Chars, ColourDepth
from .legend import explain
from .look import Look
from .model_layer import ModelData, model_layer, model_legend
from .palette import pack
from .picture import Picture
from .ramps import seen_on
from .step_marks import StepMarks, lay_lines, lettering

MARK_KINDS = ("minimum", "saddle", "maximum", "degenerate")


@dataclass(frozen=True)
class Trail:
    """One run on the map, in the picture's two coordinates.

    ``path`` is (k, 2), in order, and ``key`` stands for it: two of equal keys hold the same. ``number`` is a
    runner's mark in a race and ``colour`` its place in the theme's palette; None is a run that is alone.
    """

    path: Array = field(compare=False)
    key: tuple[object, ...]
    iterate: tuple[float, float] | None = None
    number: int | None = None
    colour: int = 0


@dataclass(frozen=True)
class Marks:
    """What lies over the picture, in its two coordinates; None is a point that is not shown.

    ``trails`` are drawn in their order, the last on top. ``landmarks`` are (kind, x, y) with a kind of
    :data:`MARK_KINDS`.
    """

    trails: tuple[Trail, ...] = ()
    start: tuple[float, float] | None = None
    cursor: tuple[float, float] | None = None
    landmarks: tuple[tuple[str, float, float], ...] = ()
    regions: tuple[tuple[tuple[float, float], tuple[float, float]], ...] = ()
    """Boxes in which it is open whether there are critical points: each is outlined."""
    joined: bool = True
    """Whether a path is a line; on a curve, where chords would look like another curve, it is beads."""
    step: StepMarks | None = None
    """The next step taken apart, where it is shown."""
    model: ModelData | None = None
    """The local model, where it is shown."""


_MOST_BEADS = 400
_MOST_REGIONS = 100
_NUMBER_EVERY = 14
"""Cells between a runner's numbers along its path where no colour tells the paths apart."""


def lay_over(picture: Picture, marks: Marks, look: Look) -> Cells:
    """Return the picture's cells with the marks over them; what is outside the view is left out."""
    colours = look.theme.map
    cells = _outlined(picture, marks, look)
    if marks.model is not None:
        layer = model_layer(picture.viewport, marks.model, look)
        cells = cells.overlay(layer.chars, layer.fg, picture.left, picture.top)
        if picture.explained is not None:
            cells = explain(cells, picture.explained, look, model_legend(marks.model, look))
    if marks.joined:
        for trail in marks.trails:
            if len(trail.path):
                canvas = DotCanvas(picture.viewport)
                canvas.polyline(trail.path[:, 0], trail.path[:, 1])
                ink = pack(trail_colour(trail, look, colours.path))
                cells = _on_bands(cells, picture, canvas.chars(look.glyphs), ink, look)
    if marks.step is not None:
        cells = lay_lines(cells, picture, marks.step, look)
    cells = cells.copy()
    put = _putter(cells, picture, look)
    for trail in marks.trails:
        if not marks.joined:
            for x, y in trail.path[-_MOST_BEADS:].tolist():
                put(x, y, look.glyphs.bead, trail_colour(trail, look, colours.path))
        elif trail.number is not None and look.depth is ColourDepth.NONE:
            for x, y in _spaced(picture, trail.path):
                put(x, y, str(trail.number), colours.path)
    for kind, x, y in marks.landmarks:
        put(x, y, getattr(look.glyphs, kind), getattr(colours, kind))
    if marks.start is not None:
        put(*marks.start, look.glyphs.start, colours.start)
    if marks.step is not None:
        for x, y, glyph, colour in lettering(picture, marks.step, look):
            put(x, y, glyph, colour)
    for trail in marks.trails:
        if trail.iterate is not None:
            colour = trail_colour(trail, look, colours.iterate)
            if _cell(picture, *trail.iterate) is None:
                _point_out(cells, picture, trail.iterate, look, colour)
            put(*trail.iterate, look.glyphs.iterate if trail.number is None else str(trail.number), colour)
    if marks.cursor is not None:
        _put_cursor(cells, picture, marks.cursor, look)
    return cells


def _on_bands(cells: Cells, picture: Picture, chars: Chars, ink: int, look: Look) -> Cells:
    """Lay a path over the picture, in its own colour wherever that can be seen on the band below."""
    view = picture.viewport
    area = (
        slice(picture.top, picture.top + view.rows),
        slice(picture.left, picture.left + view.columns),
    )
    lit = chars != " "
    fg = np.full(chars.shape, ink, dtype=np.int32)
    fg[lit] = seen_on(ink, cells.bg[area][lit], look.theme.ui.background)
    return cells.overlay(chars, fg, picture.left, picture.top)


def _outlined(picture: Picture, marks: Marks, look: Look) -> Cells:
    if not marks.regions:
        return picture.cells
    canvas = DotCanvas(picture.viewport)
    for (x0, x1), (y0, y1) in marks.regions[:_MOST_REGIONS]:
        canvas.polyline(np.array([x0, x1, x1, x0, x0]), np.array([y0, y0, y1, y1, y0]))
    ink = pack(look.theme.map.degenerate)
    return picture.cells.overlay(canvas.chars(look.glyphs), ink, picture.left, picture.top)


def trail_colour(trail: Trail, look: Look, alone: str) -> str:
    """Return a runner's colour, or ``alone`` for a run that races nobody."""
    runs = look.theme.curves.runs
    return alone if trail.number is None else runs[trail.colour % len(runs)]


def _spaced(picture: Picture, path: Array) -> list[tuple[float, float]]:
    """Points of a path every so many cells."""
    view = picture.viewport
    with np.errstate(all="ignore"):
        right = np.diff(path[:, 0]) / view.width * view.columns
        up = np.diff(path[:, 1]) / view.height * view.rows
        travelled = np.concatenate(([0.0], np.cumsum(np.hypot(right, 2.0 * up)))) if len(path) else np.empty(0)
        marks = np.floor(travelled / _NUMBER_EVERY)
        here = np.flatnonzero(np.diff(marks) > 0) + 1
    return [(float(x), float(y)) for x, y in path[here[:_MOST_BEADS]]]


def _cell(picture: Picture, x: float, y: float) -> tuple[int, int] | None:
    """The cell of a marked point, with a touch of grace at the edges between cells.

    A minimum at exactly -1 and an iterate at -0.9999998 must not fall in different rows because the edge of
    a row happens to be there.
    """
    view = picture.viewport
    right = x + _GRACE * view.width / view.columns
    down = y - _GRACE * view.height / view.rows
    return view.cell(right, down) or view.cell(x, y)


_GRACE = 1e-3


def _putter(cells: Cells, picture: Picture, look: Look) -> Callable[[float, float, str, str], None]:
    """Return a function that writes one glyph in place; ``Cells.write`` would copy the map for each."""
    background = look.theme.ui.background

    def put(x: float, y: float, glyph: str, colour: str) -> None:
        cell = _cell(picture, x, y)
        if cell is not None:
            at = (picture.top + cell[1], picture.left + cell[0])
            cells.chars[at], cells.bold[at] = glyph, True
            cells.fg[at] = int(seen_on(pack(colour), cells.bg[at], background))

    return put


def _point_out(cells: Cells, picture: Picture, iterate: tuple[float, float], look: Look, colour: str) -> None:
    """Show at the border, by an arrow, where an iterate outside the view is."""
    view = picture.viewport
    column, row = float(view.column_positions(np.array(iterate[0]))), float(view.row_positions(np.array(iterate[1])))
    right, up = column - 0.5 * view.columns, 0.5 * view.rows - row
    # Rows are about twice as high as columns are wide; far away only the direction counts.
    angle = math.atan2(2 * up, right) if math.isfinite(up) and math.isfinite(right) else 0.0
    at = (
        picture.top + max(0, min(view.rows - 1, int(max(-1.0, min(row, 1e6))))),
        picture.left + max(0, min(view.columns - 1, int(max(-1.0, min(column, 1e6))))),
    )
    cells.chars[at] = look.glyphs.arrows[round(angle / (math.pi / 4)) % 8]
    cells.fg[at], cells.bold[at] = pack(colour), True


def _put_cursor(cells: Cells, picture: Picture, cursor: tuple[float, float], look: Look) -> None:
    """Show the cursor as a cell in its own colour, the glyph that it stands on still readable."""
    cell = _cell(picture, *cursor)
    if cell is None:
        return
    at = (picture.top + cell[1], picture.left + cell[0])
    marked = cells.bold[at] and look.depth is not ColourDepth.NONE
    if not marked:
        cells.chars[at] = look.glyphs.cursor
    cells.fg[at] = pack(look.theme.ui.background)
    cells.bg[at] = pack(look.theme.map.cursor)
    cells.bold[at] = True


def in_picture(points: Array, values: Array, dimension: int) -> Array:
    """Return points (k, n) in the picture's two coordinates (k, 2): in one variable, (x, f(x))."""
    if dimension == 1:
        return np.stack((points[:, 0], values), axis=1)
    return points[:, :2]


def finite(x: float, y: float) -> tuple[float, float] | None:
    """Return the point, or None where a coordinate is not finite."""
    return (x, y) if math.isfinite(x) and math.isfinite(y) else None
