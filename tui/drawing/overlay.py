"""What moves on the map: the path, the marked points and the cursor, laid over a base picture."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from curvtui.engine.arrays import Array

from .braille import DotCanvas
from .cells import Cells, ColourDepth
from .look import Look
from .palette import pack
from .picture import Picture

MARK_KINDS = ("minimum", "saddle", "maximum", "degenerate")


@dataclass(frozen=True)
class Marks:
    """Points of the plane, in the picture's own two coordinates.

    ``path`` is (k, 2), in order, and ``key`` stands for it: two of equal keys hold the same. ``landmarks``
    are (kind, x, y) with a kind of :data:`MARK_KINDS`. None is a point that is not shown.
    """

    path: Array = field(compare=False)
    key: tuple[object, ...]
    start: tuple[float, float] | None = None
    iterate: tuple[float, float] | None = None
    cursor: tuple[float, float] | None = None
    landmarks: tuple[tuple[str, float, float], ...] = ()
    joined: bool = True
    """Whether the path is a line; on a curve, where chords would look like another curve, it is beads."""


_MOST_BEADS = 400


def lay_over(picture: Picture, marks: Marks, look: Look) -> Cells:
    """Return the picture's cells with the marks over them; what is outside the view is left out."""
    colours = look.theme.map
    canvas = DotCanvas(picture.viewport)
    if len(marks.path) and marks.joined:
        canvas.polyline(marks.path[:, 0], marks.path[:, 1])
    cells = picture.cells.overlay(canvas.chars(look.glyphs), pack(colours.path), picture.left, picture.top).copy()
    put = _putter(cells, picture)
    if not marks.joined:
        for x, y in marks.path[-_MOST_BEADS:].tolist():
            put(x, y, look.glyphs.bead, colours.path)
    for kind, x, y in marks.landmarks:
        put(x, y, getattr(look.glyphs, kind), getattr(colours, kind))
    if marks.start is not None:
        put(*marks.start, look.glyphs.start, colours.start)
    if marks.iterate is not None:
        if _cell(picture, *marks.iterate) is None:
            _point_out(cells, picture, marks.iterate, look)
        put(*marks.iterate, look.glyphs.iterate, colours.iterate)
    if marks.cursor is not None:
        _put_cursor(cells, picture, marks.cursor, look)
    return cells


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


def _putter(cells: Cells, picture: Picture) -> Callable[[float, float, str, str], None]:
    """Return a function that writes one glyph in place; ``Cells.write`` would copy the map for each."""

    def put(x: float, y: float, glyph: str, colour: str) -> None:
        cell = _cell(picture, x, y)
        if cell is not None:
            at = (picture.top + cell[1], picture.left + cell[0])
            cells.chars[at], cells.fg[at], cells.bold[at] = glyph, pack(colour), True

    return put


def _point_out(cells: Cells, picture: Picture, iterate: tuple[float, float], look: Look) -> None:
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
    cells.fg[at], cells.bold[at] = pack(look.theme.map.iterate), True


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
