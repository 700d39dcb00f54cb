"""What moves on a relief: paths lie on the terrain, and what is behind it is still hinted at, in grey."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from curvtui.engine.arrays import Array

from .braille import ACROSS, DOWN, clip_segments
from .cells import DEFAULT, Cells, ColourDepth, Flags
from .look import Look
from .overlay import Marks, trail_colour
from .palette import pack
from .picture import Picture
from .projection import Projected
from .ramps import seen_on, tints
from .relief import Relief, patterned
from .step_marks import ARROW_KINDS, StepMarks, lettering
from .viewport import Viewport
from .wires import slack, trace

_MOST_PIECES = 40_000
_MOST_REGIONS = 100
_HIDDEN_STRIDE = 3
"""Of a line behind the terrain every so many dots are shown."""


class _Line(NamedTuple):
    """Points of the world (k, 2), their colour, and the glyph of each cell in place of dots."""

    points: Array
    colour: str
    glyph: str | None


class Standing(NamedTuple):
    """Points of the world on a relief, all (k,): x and y in the relief's viewport, and whether they are seen.

    A point beside the view, or where the surface has no value, has NaN for a place and is not seen.
    """

    x: Array
    y: Array
    seen: Flags


def stand(relief: Relief, points: Array) -> Standing:
    """Return where points of the world (k, 2) stand on the terrain, and whether it hides them."""
    screen = relief.screen
    u, v = screen.base(np.asarray(points, dtype=np.float64).reshape(-1, 2))
    slopes = relief.land.at(u, v)
    places = screen.place(u, v, slopes.height)
    view = relief.viewport
    known = np.isfinite(places.x + places.y)
    column = np.clip(np.where(known, places.x - view.x0, 0), 0, view.columns * ACROSS - 1).astype(np.intp)
    row = np.clip(np.where(known, view.y1 - places.y, 0), 0, view.rows * DOWN - 1).astype(np.intp)
    before = places.depth - slack(screen, slopes) <= relief.seen.depth[row, column]
    return Standing(places.x, places.y, np.asarray(known & before))


def lay_over_relief(relief: Relief, marks: Marks, look: Look) -> Cells:
    """Return the relief's cells with the marks over them; ``marks`` are in the world's two coordinates.

    Lines follow the terrain. What is hidden is dotted or without its colour, and never covers what is seen.
    """
    colours = look.theme.map
    lines: list[_Line] = []
    for (x0, x1), (y0, y1) in marks.regions[:_MOST_REGIONS]:
        corners = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]])
        lines.append(_Line(corners, colours.degenerate, None))
    for trail in marks.trails:
        if len(trail.path):
            # Without colour a line would be one more wire.
            bead = look.glyphs.bead if trail.number is None else str(trail.number)
            drawn_as = bead if look.depth is ColourDepth.NONE else None
            lines.append(_Line(trail.path, trail_colour(trail, look, colours.path), drawn_as))
    if marks.step is not None:
        lines += _step_lines(marks.step, look)
    cells = relief.cells.copy()
    drawn = [(*_draped(relief, line.points), line) for line in lines]
    for _, behind, line in drawn:
        _overlay(cells, relief, behind, line._replace(colour=look.theme.ui.muted, glyph=None), look)
    for before, _, line in drawn:
        _overlay(cells, relief, before, line, look)

    put = _putter(cells, relief, look)
    points = [((x, y), getattr(look.glyphs, kind), getattr(colours, kind)) for kind, x, y in marks.landmarks]
    if marks.start is not None:
        points.append((marks.start, look.glyphs.start, colours.start))
    if marks.step is not None:
        flat = Picture(relief.cells, world(relief), 0, 0, None, True)
        points += [((x, y), glyph, colour) for x, y, glyph, colour in lettering(flat, marks.step, look)]
    for trail in marks.trails:
        if trail.iterate is not None:
            glyph = look.glyphs.iterate if trail.number is None else str(trail.number)
            points.append((trail.iterate, glyph, trail_colour(trail, look, colours.iterate)))
    places = stand(relief, np.array([at for at, _, _ in points]).reshape(-1, 2))
    for seen in (False, True):
        for k, (_, glyph, colour) in enumerate(points):
            if bool(places.seen[k]) is seen:
                put(float(places.x[k]), float(places.y[k]), glyph, colour, seen)
    for trail in marks.trails:
        if trail.iterate is not None:
            _point_out(cells, relief, trail.iterate, look, trail_colour(trail, look, colours.iterate))
    if marks.cursor is not None:
        _put_cursor(cells, relief, marks.cursor, look)
    return cells


def world(relief: Relief) -> Viewport:
    """Return the view over as many columns and rows as its sides have on the screen: for lengths of arrows."""
    (x0, x1), (y0, y1) = relief.land.view
    side = 2 * relief.screen.scale
    return Viewport(x0, x1, y0, y1, max(1, round(side / ACROSS)), max(1, round(side / DOWN)))


def _draped(relief: Relief, points: Array) -> tuple[Flags, Flags]:
    """Return the dots of a line through points of the world (k, 2), laid on the terrain: seen, and hidden."""
    seen, hidden = np.zeros(relief.seen.covered.shape, np.bool_), np.zeros(relief.seen.covered.shape, np.bool_)
    points = np.asarray(points, dtype=np.float64)
    starts, ends = clip_segments(world(relief), points[:, 0], points[:, 1])
    if not len(starts):
        return seen, hidden
    screen, land = relief.screen, relief.land
    begin, end = np.stack(screen.base(starts)), np.stack(screen.base(ends))
    pieces = np.ceil(np.max(np.abs(end - begin), axis=0) * (land.pieces / 2)).astype(np.int64)
    pieces = np.maximum(1, pieces * min(1.0, _MOST_PIECES / max(1, int(pieces.sum())))).astype(np.int64)
    which = np.repeat(np.arange(len(pieces)), pieces)
    at = np.arange(len(which)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    shares = np.stack((at, at + 1), axis=1) / pieces[which, None]
    u, v = (b[which, None] + shares * (e - b)[which, None] for b, e in zip(begin, end, strict=True))
    slopes = land.at(u.ravel(), v.ravel())
    room = slack(screen, slopes).reshape(u.shape)
    height = slopes.height.reshape(u.shape)
    places: Projected = screen.place(u, v, height)
    dots = trace(screen, relief.seen, places, np.zeros(u.shape), room)
    seen[dots.rows[dots.seen], dots.columns[dots.seen]] = True
    behind = ~dots.seen & ((dots.rows + dots.columns) % _HIDDEN_STRIDE == 0)
    hidden[dots.rows[behind], dots.columns[behind]] = True
    return seen, hidden & ~seen


def _step_lines(step: StepMarks, look: Look) -> list[_Line]:
    colours = look.theme.map
    lines = []
    if step.region is not None:
        x, y, radius = step.region
        angles = np.linspace(0.0, 2.0 * math.pi, 181)
        with np.errstate(all="ignore"):
            around = np.stack((x + radius * np.cos(angles), y + radius * np.sin(angles)), axis=1)
        lines.append(_Line(around, colours.step, None))
    arrows = sorted(step.arrows, key=lambda each: ARROW_KINDS.index(each.kind))
    return lines + [_Line(np.array([one.tail, one.tip]), getattr(colours, one.kind), None) for one in arrows]


def _overlay(cells: Cells, relief: Relief, dots: Flags, line: _Line, look: Look) -> None:
    chars = patterned(dots, look)
    view = relief.viewport
    area = (slice(relief.top, relief.top + view.rows), slice(relief.left, relief.left + view.columns))
    lit = chars != " "
    _keep_ground(cells, area, lit)
    cells.chars[area][lit] = chars[lit] if line.glyph is None else line.glyph
    grounds = cells.bg[area][lit]
    cells.fg[area][lit] = seen_on(pack(line.colour), grounds, look.theme.ui.background, _APART)


_APART = 0.25
"""By how much in lightness a line stands out from the faces below it, whose colours are stronger than a map's."""


def _keep_ground(cells: Cells, area: tuple[slice, slice], where: Flags) -> None:
    """Where a glyph takes the place of a half block at the rim, the half's colour fills its cell."""
    chars, bg = cells.chars[area], cells.bg[area]
    half = where & ((chars == "▀") | (chars == "▄")) & (bg == DEFAULT)
    bg[half] = cells.fg[area][half]


def _cell(relief: Relief, x: float, y: float) -> tuple[int, int] | None:
    cell = relief.viewport.cell(x, y) if math.isfinite(x) and math.isfinite(y) else None
    return None if cell is None else (relief.top + cell[1], relief.left + cell[0])


def _putter(cells: Cells, relief: Relief, look: Look) -> Callable[[float, float, str, str, bool], None]:
    background, hidden = look.theme.ui.background, pack(look.theme.ui.muted)

    def put(x: float, y: float, glyph: str, colour: str, seen: bool) -> None:
        at = _cell(relief, x, y)
        if at is None:
            return
        one = (slice(at[0], at[0] + 1), slice(at[1], at[1] + 1))
        _keep_ground(cells, one, np.ones((1, 1), np.bool_))
        if cells.bg[at] != DEFAULT and not cells.bold[at]:
            # Marks are coloured for dim grounds; a lit face would swallow them.
            cells.bg[at] = int(tints(np.array([cells.bg[at]], dtype=np.int32), background, _DIMMED)[0])
        cells.chars[at], cells.fg[at], cells.bold[at] = glyph, pack(colour) if seen else hidden, seen

    return put


_DIMMED = 0.45
"""How much of a face's colour is left about a mark."""


def _point_out(cells: Cells, relief: Relief, iterate: tuple[float, float], look: Look, colour: str) -> None:
    """Show beside the base, by an arrow, where an iterate outside the view is."""
    screen = relief.screen
    u, v = (float(side[0]) for side in screen.base(np.array([iterate])))
    if max(abs(u), abs(v)) <= 1 + 1e-9 or not (math.isfinite(u) and math.isfinite(v)):
        return
    edge = np.clip(np.array([[u], [v]]), -1.0, 1.0)
    place = screen.place(edge[0], edge[1], np.zeros(1))
    with np.errstate(all="ignore"):
        direction = np.array([u, v]) / max(abs(u), abs(v))
    side, away = screen.across(direction[:1], direction[1:])
    angle = math.atan2(float(away[0]) * screen.rise, float(side[0]))
    at = _cell(relief, float(place.x[0]), float(place.y[0]))
    if at is not None:
        cells.chars[at] = look.glyphs.arrows[round(angle / (math.pi / 4)) % 8]
        cells.fg[at], cells.bold[at] = pack(colour), True


def _put_cursor(cells: Cells, relief: Relief, cursor: tuple[float, float], look: Look) -> None:
    """Show the cursor as a cell in its own colour; behind the terrain as a plain grey glyph."""
    place = stand(relief, np.array([cursor]))
    x, y = float(place.x[0]), float(place.y[0])
    if not math.isfinite(x):
        # Where there is no value, the cursor is on the floor of the box.
        u, v = relief.screen.base(np.array([cursor]))
        if not bool((np.abs(u) <= 1)[0] and (np.abs(v) <= 1)[0]):
            return
        floor = relief.screen.place(u, v, np.zeros(1))
        x, y = float(floor.x[0]), float(floor.y[0])
    at = _cell(relief, x, y)
    if at is None:
        return
    if not (cells.bold[at] and look.depth is not ColourDepth.NONE):
        cells.chars[at] = look.glyphs.cursor
    shown = bool(place.seen[0])
    cells.fg[at] = pack(look.theme.ui.background)
    cells.bg[at] = pack(look.theme.map.cursor if shown else look.theme.ui.muted)
    cells.bold[at] = shown
