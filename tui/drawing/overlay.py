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


def lay_over(picture: Picture, marks: Marks, look: Look) -> Cells:
    """Return the picture's cells with the marks over them; what is outside the view is left out."""
    colours = look.theme.map
    canvas = DotCanvas(picture.viewport)
    if len(marks.path):
        canvas.polyline(marks.path[:, 0], marks.path[:, 1])
    cells = picture.cells.overlay(canvas.chars(look.glyphs), pack(colours.path), picture.left, picture.top).copy()
    put = _putter(cells, picture)
    for kind, x, y in marks.landmarks:
        put(x, y, getattr(look.glyphs, kind), getattr(colours, kind))
    if marks.start is not None:
        put(*marks.start, look.glyphs.start, colours.start)
    if marks.iterate is not None:
        put(*marks.iterate, look.glyphs.iterate, colours.iterate)
    if marks.cursor is not None:
        _put_cursor(cells, picture, marks.cursor, look)
    return cells


def _putter(cells: Cells, picture: Picture) -> Callable[[float, float, str, str], None]:
    """Return a function that writes one glyph in place; ``Cells.write`` would copy the map for each."""

    def put(x: float, y: float, glyph: str, colour: str) -> None:
        cell = picture.viewport.cell(x, y)
        if cell is not None:
            at = (picture.top + cell[1], picture.left + cell[0])
            cells.chars[at], cells.fg[at], cells.bold[at] = glyph, pack(colour), True

    return put


def _put_cursor(cells: Cells, picture: Picture, cursor: tuple[float, float], look: Look) -> None:
    """Show the cursor as a cell in its own colour, the glyph that it stands on still readable."""
    cell = picture.viewport.cell(*cursor)
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
