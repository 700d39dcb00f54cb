"""The gradient field over a map: arrows on an even lattice, or streamlines with arrow heads."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from curvtui.engine.arrays import Array
from curvtui.engine.sampling.streamlines import Screen, Sloped, streamlines

from ..views import FieldStyle
from .braille import DotCanvas
from .glyphs import GlyphSet
from .layer import Layer, LegendEntry
from .look import Look
from .palette import pack
from .viewport import Viewport

EVERY_COLUMNS, EVERY_ROWS = 4, 2
"""Cells from one arrow to the next."""

ROW_HEIGHT = 2.0
"""How many columns are as wide as a row is high."""

_HEAD_EVERY = 14.0
"""Columns along a streamline from one arrow head to the next."""

_FLAT = 1e-12
"""A slope counts as none when it is this small a part of the steepest in view, on the screen."""

_LIFTED = np.full((1, 2), np.nan)

_ASCII_DIAGONALS = {1: "/'", 3: "'\\", 5: ",/", 7: "\\,"}
"""Diagonal arrows in ASCII, a tick at the head: a lone slash would not say which way it points."""


@dataclass(frozen=True, eq=False)
class FieldData:
    """What a field's drawing needs: ``points`` (k, 2) with ``gradients`` (k, 2) for arrows, ``lines`` for streamlines.

    The lines are (m, 2) in world coordinates and run downhill.
    """

    points: Array
    gradients: Array
    lines: tuple[Array, ...] = ()


def field_data(surface: Sloped, viewport: Viewport, style: FieldStyle) -> FieldData:
    """Sample a surface of two variables for :func:`field_layer`; streamlines may take some 50 ms."""
    nothing = np.empty((0, 2))
    if style is FieldStyle.NONE:
        return FieldData(nothing, nothing)
    if style is FieldStyle.STREAMLINES:
        box = ((viewport.x0, viewport.x1), (viewport.y0, viewport.y1))
        lines = streamlines(surface, Screen(box, viewport.columns, viewport.rows, ROW_HEIGHT))
        return FieldData(nothing, nothing, tuple(lines))
    xs, ys = viewport.centres()
    across = xs[_lattice(viewport.columns, EVERY_COLUMNS)]
    down = ys[_lattice(viewport.rows, EVERY_ROWS)]
    points = np.stack(np.meshgrid(across, down, indexing="xy"), axis=-1).reshape(-1, 2)
    return FieldData(points, np.asarray(surface.gradient(points), dtype=np.float64))


def field_layer(viewport: Viewport, data: FieldData, style: FieldStyle, look: Look) -> Layer:
    """Return the field over the plot area.

    An arrow has the direction in which a path along the gradient runs *on the screen*: the world's gradient
    (∂f/∂x, ∂f/∂y) moved by a little and shown. Where a column and two rows stand for different lengths of the
    world, that is not at right angles to the level lines on the screen, though it is in the world: turning
    the arrows to look right would show a way that no descent takes. Directions are rounded to eight. A
    gradient of zero has a dot of its own, an undefined one nothing.
    """
    if style is FieldStyle.STREAMLINES:
        return _stream_layer(viewport, data, look)
    chars = np.full((viewport.rows, viewport.columns), " ", dtype="<U1")
    sign = -1.0 if style is FieldStyle.DOWNHILL else 1.0
    right, up = screen_moves(sign * data.gradients, viewport).T
    with np.errstate(all="ignore"):
        size = np.maximum(np.abs(right), np.abs(up))
        flattest = _FLAT * float(np.max(size, initial=0.0, where=np.isfinite(size)))
        turns = np.arctan2(up, right) / (math.pi / 4)
    columns = np.floor(viewport.column_positions(data.points[:, 0])).astype(np.int64)
    rows = np.floor(viewport.row_positions(data.points[:, 1])).astype(np.int64)
    for column, row, turn, long in zip(columns.tolist(), rows.tolist(), turns.tolist(), size.tolist(), strict=True):
        if math.isnan(long):
            continue
        text = flat_mark(look.glyphs) if long <= flattest else arrow(round(turn) % 8, look.glyphs)
        for k, character in enumerate(text):
            if column + k < viewport.columns:
                chars[row, column + k] = character
    return Layer(chars, _ink(chars.shape, look))


def screen_moves(gradients: Array, viewport: Viewport) -> Array:
    """Return moves along gradients (k, 2) as they are on the screen (k, 2): right and up, in columns.

    The lengths are in proportion to each other only; infinite gradients count as undefined.
    """
    gradients = np.where(np.isfinite(gradients), gradients, np.nan)
    largest = float(np.max(np.abs(gradients), initial=0.0, where=~np.isnan(gradients)))
    # Only the shape of the box matters, so that nothing overflows or vanishes in a tiny or huge one.
    box = max(viewport.width, viewport.height)
    unit = np.array([viewport.width / box / viewport.columns, viewport.height / box / (ROW_HEIGHT * viewport.rows)])
    with np.errstate(all="ignore"):
        moves: Array = gradients / (largest or 1.0) / unit
    return moves


def arrow(direction: int, glyphs: GlyphSet) -> str:
    """Return an arrow in one of eight directions, counter-clockwise from east; two characters for ASCII diagonals."""
    if glyphs.name == "ascii" and direction in _ASCII_DIAGONALS:
        return _ASCII_DIAGONALS[direction]
    return glyphs.arrows[direction]


def flat_mark(glyphs: GlyphSet) -> str:
    """Return the mark where the gradient is zero."""
    return "·" if glyphs.superscripts else "."


def field_legend(style: FieldStyle, look: Look) -> tuple[LegendEntry, ...]:
    """Return what a legend says of the field."""
    ink = pack(look.theme.map.gradient)
    if style is FieldStyle.NONE:
        return ()
    if style is FieldStyle.STREAMLINES:
        return (LegendEntry(look.glyphs.arrows[0], ink, "streamlines, downhill"),)
    nabla = "∇f" if look.glyphs.superscripts else "grad f"
    way = f"downhill, {look.glyphs.minus}{nabla}" if style is FieldStyle.DOWNHILL else f"uphill, {nabla}"
    return (
        LegendEntry(arrow(1, look.glyphs), ink, way),
        LegendEntry(flat_mark(look.glyphs), ink, f"{nabla} = 0"),
    )


def _lattice(count: int, every: int) -> slice:
    """Every so many cells, with as much room before the first as after the last."""
    return slice((count - 1) % every // 2, None, every)


def _stream_layer(viewport: Viewport, data: FieldData, look: Look) -> Layer:
    canvas = DotCanvas(viewport)
    # All lines in one, the pen lifted between them: one call each would take several times as long.
    joined = [part for line in data.lines for part in (line, _LIFTED)]
    if joined:
        x, y = np.concatenate(joined).T
        canvas.polyline(x, y)
    chars = canvas.chars(look.glyphs)
    for line in data.lines:
        for column, row, direction in _heads(line, viewport):
            # Slashes are parts of lines in ASCII, so heads keep to its four plain directions.
            plain = look.glyphs.name == "ascii"
            chars[row, column] = look.glyphs.arrows[2 * (round(direction / 2) % 4) if plain else round(direction) % 8]
    return Layer(chars, _ink(chars.shape, look))


def _heads(line: Array, viewport: Viewport) -> list[tuple[int, int, float]]:
    """Where a streamline gets its heads: (column, row, direction in eighths of a turn)."""
    places = np.stack((viewport.column_positions(line[:, 0]), viewport.row_positions(line[:, 1])), axis=1)
    steps = np.diff(places, axis=0) * (1.0, -ROW_HEIGHT)
    lengths = np.hypot(*steps.T)
    along = np.concatenate(([0.0], np.cumsum(lengths)))
    count = max(1, round(along[-1] / _HEAD_EVERY))
    wanted = (np.arange(count) + 0.5) * along[-1] / count
    segments = np.clip(np.searchsorted(along, wanted, side="right") - 1, 0, len(steps) - 1)
    heads = []
    for at, segment in zip(wanted.tolist(), segments.tolist(), strict=True):
        share = (at - along[segment]) / lengths[segment] if lengths[segment] > 0 else 0.0
        x, y = places[segment] + share * (places[segment + 1] - places[segment])
        column, row = min(max(int(x), 0), viewport.columns - 1), min(max(int(y), 0), viewport.rows - 1)
        heads.append((column, row, math.atan2(steps[segment, 1], steps[segment, 0]) / (math.pi / 4)))
    return heads


def _ink(shape: tuple[int, ...], look: Look) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
    return np.full(shape, pack(look.theme.map.gradient), dtype=np.int32)
