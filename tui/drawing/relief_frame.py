"""The box about a relief: its base, a scale of values at its left corner, names and ends of the axes."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from curvtui.engine.arrays import Array

from .braille import ACROSS, DOWN
from .cells import Flags
from .glyphs import GlyphSet
from .horizon import Sight
from .look import Look
from .numbers import number
from .projection import Projection
from .terrain import Terrain
from .ticks import offset_text, round_within
from .wires import trace

_CORNERS = ((-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0))
_AHEAD = 0.015
"""By so much an edge of the box must be hidden before it counts: the terrain touches the box at its sides."""

_WIDEST = 9


class Label(NamedTuple):
    """A text in the plot area."""

    column: int
    row: int
    text: str


def frame(land: Terrain, screen: Projection, seen: Sight, look: Look, *, framed: bool) -> tuple[Flags, list[Label]]:
    """Return the box's visible dots on the raster, and its labels; without labels unless ``framed``."""
    dots = np.zeros(seen.covered.shape, dtype=np.bool_)
    rim = np.array([*_CORNERS, _CORNERS[0]])
    _light(dots, screen, seen, rim, np.zeros(5))
    left = min(_CORNERS, key=lambda corner: _leftmost(screen, corner))
    _light(dots, screen, seen, np.array([left, left]), np.array([0.0, 1.0]))
    if look.glyphs.name == "block":
        # As thick as blocks are, whole edges would outweigh the terrain.
        rows, columns = np.nonzero(dots)
        dots[rows, columns] = (columns + rows // 2) % 4 == 0
    if not framed:
        return dots, []
    labels: list[Label] = []
    _name_axes(labels, land, screen, look.glyphs)
    _scale(labels, dots, land, screen, seen, left, look.glyphs)
    caption = f"{_camera(screen, look.glyphs)}  {land.scale.caption(look.glyphs)}"
    _put(labels, screen, 0, 0, caption[: screen.viewport.columns])
    return dots, labels


def _leftmost(screen: Projection, corner: tuple[float, float]) -> tuple[float, float]:
    """Order corners from the left; of two above each other the farther one comes first."""
    side, away = screen.across(np.array(corner[0]), np.array(corner[1]))
    return round(float(side), 9), -float(away)


def _camera(screen: Projection, glyphs: GlyphSet) -> str:
    degree = "°" if glyphs.superscripts else ""
    turned, raised = screen.camera.azimuth % 360.0, min(90.0, max(0.0, screen.camera.elevation))
    return f"from {turned:.0f}{degree}, {raised:.0f}{degree} up"


def _light(dots: Flags, screen: Projection, seen: Sight, corners: Array, heights: Array) -> None:
    places = screen.place(corners[None, :, 0], corners[None, :, 1], heights[None, :])
    traced = trace(screen, seen, places, np.zeros(places.x.shape), _AHEAD)
    dots[traced.rows[traced.seen], traced.columns[traced.seen]] = True


def _name_axes(labels: list[Label], land: Terrain, screen: Projection, glyphs: GlyphSet) -> None:
    """Write the name and the ends of each axis along its nearer edge, outside the box."""
    for axis in (0, 1):
        # Of the two edges along an axis the one nearer to the viewer; the right one where they are as near.
        away, right = screen.away[1 - axis], screen.right[1 - axis]
        fixed = math.copysign(1.0, right if abs(away) < 1e-9 else -away)
        low, high = land.view[axis]
        edge = np.array([[-0.92, fixed], [0.0, fixed], [0.92, fixed]])
        if axis == 1:
            edge = edge[:, ::-1]
        places = screen.place(edge[:, 0], edge[:, 1], np.zeros(3))
        xs, ys = places.x.tolist(), places.y.tolist()
        normal = _outwards(screen, xs, ys)
        for index, text in _axis_texts(land.names[axis][:_WIDEST], low, high, glyphs):
            _anchor(labels, screen, xs[index], ys[index], normal, text)


def _axis_texts(name: str, low: float, high: float, glyphs: GlyphSet) -> list[tuple[int, str]]:
    """The name of an axis and its ends, by their places along it; ends that are long to write count from an offset."""
    digits = 3
    while digits < 17 and f"{low:.{digits}g}" == f"{high:.{digits}g}":
        digits += 1
    ends = [number(end, glyphs, digits) for end in (low, high)]
    if max(map(len, ends)) > _WIDEST:
        offset = round_within(low, high)
        name = f"{name} {offset_text(offset, glyphs)}"
        ends = [number(end - offset, glyphs, 3) for end in (low, high)]
    return [(1, name), *((index, text) for index, text in zip((0, 2), ends, strict=True) if len(text) <= _WIDEST)]


def _outwards(screen: Projection, xs: list[float], ys: list[float]) -> tuple[float, float]:
    """The direction on the screen, of length 1, away from the box across an edge."""
    dx, dy = xs[2] - xs[0], ys[2] - ys[0]
    length = math.hypot(dx, dy) or 1.0
    right, up = dy / length, -dx / length
    middle = screen.middle
    outward = right * (xs[1] - middle[0]) + up * (ys[1] - middle[1])
    if abs(outward) < 1e-9:
        # Seen level, the edge runs through the middle: its outside is below.
        outward = -up
    return (right, up) if outward > 0 else (-right, -up)


def _anchor(
    labels: list[Label], screen: Projection, x: float, y: float, normal: tuple[float, float], text: str
) -> None:
    """Put a text beside a point of the screen, on the side to which the normal points."""
    view = screen.viewport
    column = (x + 3.0 * normal[0] - view.x0) / ACROSS
    row = (view.y1 - (y + 4.5 * normal[1])) / DOWN
    if normal[0] < -0.35:
        column -= len(text)
    elif normal[0] <= 0.35:
        column -= len(text) / 2
    _put(labels, screen, max(0, min(view.columns - len(text), math.floor(column))), math.floor(row), text)


def _put(labels: list[Label], screen: Projection, column: int, row: int, text: str) -> None:
    """Add a label unless it would touch another, or lie outside."""
    if not (0 <= row < screen.viewport.rows and column >= 0 and text):
        return
    for other in labels:
        if other.row == row and column <= other.column + len(other.text) and other.column <= column + len(text):
            return
    labels.append(Label(column, row, text))


def _scale(
    labels: list[Label],
    dots: Flags,
    land: Terrain,
    screen: Projection,
    seen: Sight,
    corner: tuple[float, float],
    glyphs: GlyphSet,
) -> None:
    """Write the values along the vertical edge, with a dash for each."""
    ends = screen.place(np.full(2, corner[0]), np.full(2, corner[1]), np.array([0.0, 1.0]))
    view = screen.viewport
    tall = float(ends.y[1] - ends.y[0]) / DOWN
    if tall < 3:
        return
    ticks = land.scale.ticks(int(tall / 3), glyphs)
    for height, text in zip(ticks.positions, ticks.labels, strict=True):
        y = float(ends.y[0]) + height * tall * DOWN
        row = math.floor((view.y1 - y) / DOWN)
        column = math.floor((float(ends.x[0]) - view.x0) / ACROSS)
        dot_row, dot_column = math.floor(view.y1 - y), math.floor(float(ends.x[0]) - view.x0)
        if 0 <= dot_row < dots.shape[0]:
            dots[dot_row, max(0, dot_column - 1) : dot_column + 1] = True
        if len(text) < column:
            _put(labels, screen, column - len(text) - 1, row, text)
    offset = f"f {ticks.offset}" if ticks.offset else "f"
    top = math.floor((view.y1 - float(ends.y[1])) / DOWN) - 1
    column = math.floor((float(ends.x[0]) - view.x0) / ACROSS)
    _put(labels, screen, max(0, column - len(offset) // 2), top, offset)
