"""Axes, level lines and curves drawn by plotext: the only module that touches it, and from one thread at a time.

plotext 6 keeps one global figure and its compiled kernel ends the whole process when a coordinate is not finite or far
outside the limits. So nothing of the world reaches it: lines are clipped and handed over in cells (x to the right, y
upwards from the lower left corner), and ticks as cells with finished labels. The import (a fifth of a second) waits for
the first drawing.
"""

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curvtui.engine.arrays import Array

from .braille import clip_segments, pattern_chars
from .cells import DEFAULT, Cells
from .glyphs import BRAILLE, GlyphSet
from .ticks import Ticks, linear_ticks
from .viewport import Viewport

Box = tuple[tuple[float, float], tuple[float, float]]

_ONE_FIGURE = threading.Lock()
_RUN = re.compile(r"\x1b\[([0-9;]*)m")
# Colours 0 to 15 are plotext's own; a series is known again in the text by its number from here on.
_FIRST_COLOUR = 16
_MOST_SERIES = 240
_ASCII_FRAME = str.maketrans({"│": "|", "─": "-", "┤": "+", "┬": "+", "└": "+", "├": "+", "┼": "+"})
# A vertex each so many dots: a chord this long strays by a quarter of a dot from an arc of six dots' radius.
_VERTEX_SPACING = 2.5


@dataclass(frozen=True, eq=False)
class MapPlan:
    """Where the plot area lies in a rectangle of cells, and which ticks are on its axes."""

    viewport: Viewport
    left: int
    top: int
    width: int
    height: int
    x_ticks: Ticks
    y_ticks: Ticks


@dataclass(frozen=True, eq=False)
class MapFrame:
    """Drawn axes and level lines: the viewport's cells begin at column `left` and row `top` of `cells`."""

    cells: Cells
    viewport: Viewport
    left: int
    top: int


@dataclass(frozen=True, eq=False)
class Stroke:
    """Lines of one colour in cells: segments from `starts` (m, 2) to `ends` (m, 2), both inside the plot area."""

    starts: Array
    ends: Array
    colour: int


def plan_map(box: Box, width: int, height: int, glyphs: GlyphSet = BRAILLE) -> MapPlan:
    """Return the layout of a map of `box` in `width` x `height` cells, axes included; axes go where nothing fits.

    Needs no plotext, so a map's bands can be on the screen before it is imported.
    """
    (x0, x1), (y0, y1) = box
    rows = height - 2
    y_ticks = linear_ticks(y0, y1, max(2, rows // 5), glyphs)
    left = y_ticks.width + 1
    columns = width - left
    if rows < 2 or columns < 4:
        bare = Viewport(x0, x1, y0, y1, max(1, width), max(1, height))
        return MapPlan(bare, 0, 0, max(0, width), max(0, height), Ticks((), ()), Ticks((), ()))
    viewport = Viewport(x0, x1, y0, y1, columns, rows)
    # As many labels as fit with a gap: their width is known only once they are chosen.
    count = max(2, columns // 10)
    x_ticks = linear_ticks(x0, x1, count, glyphs)
    while count > 2 and len(x_ticks.labels) * (x_ticks.width + 2) > columns:
        count -= 1
        x_ticks = linear_ticks(x0, x1, count, glyphs)
    return MapPlan(viewport, left, 0, width, height, x_ticks, y_ticks)


def contour_map(
    level_lines: Sequence[tuple[float, Sequence[Array]]],
    box: Box,
    width: int,
    height: int,
    colours: Sequence[int],
    names: tuple[str, str] = ("x", "y"),
    axis_colour: int = DEFAULT,
    glyphs: GlyphSet = BRAILLE,
) -> MapFrame:
    """Return axes and level lines of a box in `width` x `height` cells, axes included.

    `level_lines` are (level, polylines (k, 2) in world coordinates), drawn in their order, each level in the packed
    colour of the same place in `colours`. NaN breaks a polyline. Where no axes fit the plot area takes all cells.
    """
    plan = plan_map(box, width, height, glyphs)
    view = plan.viewport
    strokes = [
        _stroke([_thinned(line, view) for line in lines], view, int(colour))
        for (_, lines), colour in zip(level_lines, colours, strict=False)
    ]
    cells = _draw(plan, strokes, axis_colour, glyphs)
    return MapFrame(_named(cells, plan, names, axis_colour), view, plan.left, plan.top)


def _thinned(line: Array, view: Viewport) -> Array:
    """Keep a vertex every few dots along a polyline: plotext's time is spent by the vertex."""
    line = np.asarray(line, dtype=np.float64).reshape(-1, 2)
    if len(line) < 4:
        return line
    steps = np.diff(line, axis=0) / [view.width / (2 * view.columns), view.height / (4 * view.rows)]
    with np.errstate(all="ignore"):
        lengths = np.hypot(steps[:, 0], steps[:, 1])
    if not np.isfinite(lengths).all():
        return line
    bins = np.floor(np.concatenate([[0.0], np.cumsum(lengths)]) / _VERTEX_SPACING)
    keep = np.concatenate([[True], bins[1:] != bins[:-1]])
    keep[-1] = True
    return line[keep]


def _stroke(lines: Sequence[Array], view: Viewport, colour: int) -> Stroke:
    """Clip polylines of the world to a viewport and turn them into cells, y upwards."""
    clipped = [clip_segments(view, line[:, 0], line[:, 1]) for line in lines if len(line)]
    starts = np.concatenate([s for s, _ in clipped]) if clipped else np.empty((0, 2))
    ends = np.concatenate([e for _, e in clipped]) if clipped else np.empty((0, 2))
    return Stroke(_in_cells(starts, view), _in_cells(ends, view), colour)


def _in_cells(points: Array, view: Viewport) -> Array:
    across = view.column_positions(points[:, 0])
    up = view.rows - view.row_positions(points[:, 1])
    return np.stack([across, up], axis=1)


def _draw(plan: MapPlan, strokes: Sequence[Stroke], axis_colour: int, glyphs: GlyphSet) -> Cells:
    """Draw axes and strokes with plotext and read the result back as cells."""
    cells = Cells.blank(plan.width, plan.height)
    if plan.width < 1 or plan.height < 1:
        return cells
    with _ONE_FIGURE:
        text = _figure_text(plan, strokes[:_MOST_SERIES])
    chars, series = _read(text, plan.width, plan.height)
    view = plan.viewport
    area = (slice(plan.top, plan.top + view.rows), slice(plan.left, plan.left + view.columns))
    cells.fg[...] = axis_colour
    palette = np.array([DEFAULT, *(stroke.colour for stroke in strokes)], dtype=np.int32)
    cells.fg[area] = palette[np.clip(series[area] + 1, 0, len(palette) - 1)]
    cells.chars[...] = chars
    dots = cells.chars[area].view(np.int32) - 0x2800
    patterns = np.where((dots > 0) & (dots < 256), dots, 0).astype(np.uint8)
    cells.chars[area] = pattern_chars(patterns.reshape(cells.chars[area].shape), glyphs)
    if glyphs.name == "ascii":
        flat = ["".join(row).translate(_ASCII_FRAME) for row in cells.chars]
        cells.chars[...] = np.array([list(row) for row in flat])
    return cells


def _figure_text(plan: MapPlan, strokes: Sequence[Stroke]) -> str:
    import plotext

    view = plan.viewport
    plotext.terminal.limit(False, False)
    figure = plotext.figure
    figure.clear()
    figure.plot_size(plan.width, plan.height)
    figure.canvas("default")
    framed = plan.left > 0
    figure.axes(False, axis=(0, 1), side=(0, 1))
    if framed:
        figure.axes(True, axis=(0, 1), side=0)
    figure.ruler(0, 0).lim(0, view.columns).alignment(lim="edge")
    figure.ruler(1, 0).lim(0, view.rows).alignment(lim="edge")
    figure.ruler(0, 0).ticks(*_tick_cells(plan.x_ticks, view.column_positions, view.columns, False))
    figure.ruler(1, 0).ticks(*_tick_cells(plan.y_ticks, view.row_positions, view.rows, True))
    for number, stroke in enumerate(strokes):
        if len(stroke.starts):
            figure.draw(_signal(plotext, figure, stroke, number, view))
    return str(figure.build().string())


def _tick_cells(ticks: Ticks, positions: Any, count: int, downwards: bool) -> tuple[list[float], list[str]]:
    """Return the middles of the cells that ticks fall into, measured upwards, with the labels."""
    cells = np.clip(np.floor(positions(np.array(ticks.positions))), 0, count - 1) + 0.5
    return (count - cells if downwards else cells).tolist(), list(ticks.labels)


def _signal(plotext: Any, figure: Any, stroke: Stroke, number: int, view: Viewport) -> Any:
    """Hand a stroke over as one signal whose line is lifted wherever a segment does not begin where the last ended."""
    size = np.array([view.columns, view.rows], dtype=np.float64)
    # From the middle of a dot to the middle of a dot: plotext then lights just those that the viewport names.
    raster = np.array([2.0, 4.0])
    starts = (np.minimum(np.floor(np.clip(stroke.starts, 0, size) * raster), size * raster - 1) + 0.5) / raster
    ends = (np.minimum(np.floor(np.clip(stroke.ends, 0, size) * raster), size * raster - 1) + 0.5) / raster
    lifted = np.ones(len(starts), dtype=np.bool_)
    lifted[1:] = (starts[1:] != ends[:-1]).any(axis=1)
    order = np.cumsum(lifted) + np.arange(len(starts))
    points = np.empty((len(starts) + int(lifted.sum()), 2))
    points[order] = ends
    points[order[lifted] - 1] = starts[lifted]
    xs, ys = points[:, 0].tolist(), points[:, 1].tolist()
    signal = figure.signal(xs, ys, marker=plotext.marker("braille", _FIRST_COLOUR + number)).lines(True)
    for index in (order[lifted] - 1).tolist():
        signal.line(index, False)
    return signal


def _read(text: str, width: int, height: int) -> tuple[NDArray[np.str_], NDArray[np.int32]]:
    """Turn plotext's coloured text into characters and series numbers (-1 for none), both (height, width)."""
    chars = np.full((height, width), " ", dtype="<U1")
    series = np.full((height, width), -1, dtype=np.int32)
    for row, line in enumerate(text.split("\n")[:height]):
        column, number = 0, -1
        for part, piece in enumerate(_RUN.split(line)):
            if part % 2:
                number = _series_number(piece, number)
                continue
            piece = piece[: width - column]
            chars[row, column : column + len(piece)] = list(piece)
            series[row, column : column + len(piece)] = number
            column += len(piece)
    return chars, series


def _series_number(codes: str, current: int) -> int:
    """Return the series that an SGR sequence switches to, or the current one if it is about something else."""
    if codes in ("", "0"):
        return -1
    return int(codes[5:]) - _FIRST_COLOUR if codes.startswith("38;5;") else current


def _named(cells: Cells, plan: MapPlan, names: tuple[str, str], colour: int) -> Cells:
    """Write the variables' names, and what tick labels leave out, into free cells at the ends of the axes."""
    if not plan.left:
        return cells
    across = _name(names[0], plan.x_ticks)
    cells = _write_if_free(cells, plan.width - len(across), plan.height - 1, across, colour)
    up = _name(names[1], plan.y_ticks)
    if len(up) < plan.left:
        return _write_if_free(cells, 0, plan.top + 1, up, colour)
    return cells.write(plan.left, plan.top, up, colour)


def _name(name: str, ticks: Ticks) -> str:
    """Write what labels on an axis mean: with an offset, `x − 1` says that they count from 1."""
    return f"{name} {ticks.offset}" if ticks.offset else name


def _write_if_free(cells: Cells, column: int, row: int, text: str, colour: int) -> Cells:
    around = cells.chars[row, max(0, column - 1) : column + len(text)]
    return cells.write(column, row, text, colour) if (around == " ").all() else cells
