"""Axes, level lines and curves drawn by plotext: the only module that touches it.

plotext 6 keeps one global figure and its compiled kernel ends the whole process when a coordinate is not
finite or far outside the limits. So nothing of the world reaches it: lines are clipped and handed over in
cells (x to the right, y upwards from the lower left corner), and ticks as cells with finished labels. The
import (a tenth of a second) waits for the first drawing.
"""

import re
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from curvtui.engine.arrays import Array

from .braille import pattern_chars
from .cells import DEFAULT, Cells
from .curves import Series, logarithms, steady, steps_range, unit_lines, value_range
from .glyphs import BRAILLE, GlyphSet
from .plans import Box, MapPlan, plan_curve, plan_map
from .strokes import Stroke, stroke, thinned
from .ticks import Ticks
from .viewport import Viewport

_ONE_FIGURE = threading.Lock()
_RUN = re.compile(r"\x1b\[([0-9;]*)m")
# Colours 0 to 15 are plotext's own; a series is known again in the text by its number from here on.
_FIRST_COLOUR = 16
_MOST_SERIES = 240
_ASCII_FRAME = str.maketrans({"│": "|", "─": "-", "┤": "+", "┬": "+", "└": "+", "├": "+", "┼": "+"})


@dataclass(frozen=True, eq=False)
class MapFrame:
    """Drawn axes and level lines: the viewport's cells begin at column `left` and row `top` of `cells`."""

    cells: Cells
    viewport: Viewport
    left: int
    top: int
    above: str = ""
    """What is written at the top of the plot area: the vertical axis' name, where it has no room beside the axis."""


class CurveMark(NamedTuple):
    """A point marked on a curve: where, by which glyph, in which packed colour."""

    x: float
    y: float
    glyph: str
    colour: int


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

    `level_lines` are (level, polylines (k, 2) in world coordinates), drawn in their order, each level in
    the packed colour of the same place in `colours`. NaN breaks a polyline. Where no axes fit the plot area
    takes all cells.
    """
    plan = plan_map(box, width, height, glyphs)
    view = plan.viewport
    strokes = [
        stroke([thinned(line, view) for line in lines], view, int(colour))
        for (_, lines), colour in zip(level_lines, colours, strict=False)
    ]
    cells = _draw(plan, strokes, axis_colour, glyphs)
    up = _name(names[1], plan.y_ticks)
    above = up if plan.left and len(up) >= plan.left else ""
    return MapFrame(_named(cells, plan, names, axis_colour), view, plan.left, plan.top, above)


def curve(
    series: Sequence[Series],
    width: int,
    height: int,
    log: bool = False,
    marks: Sequence[CurveMark] = (),
    horizontals: Sequence[tuple[float, int]] = (),
    title: str = "",
    axis_colour: int = DEFAULT,
    glyphs: GlyphSet = BRAILLE,
    over_steps: bool = False,
) -> Cells:
    """Return curves with axes in `width` x `height` cells, axes and the title's row included.

    With `log` the values' axis is logarithmic, and values that are not positive are gaps.
    `marks` are points on the curves; `horizontals` are (value, packed colour) of dashed lines, which widen
    the range too. Nothing here raises: what cannot be shown (no cells, no finite values) is left blank.
    """
    top = 1 if title and height >= 5 else 0
    scale = logarithms if log else np.asarray
    levels = np.array([value for value, _ in horizontals], dtype=np.float64)
    x = value_range([line.xs for line in series], 0.5)
    y = value_range([scale(values) for values in (*(line.ys for line in series), levels)], 0.1)
    if over_steps:
        x, y = steps_range(np.concatenate([np.empty(0), *(line.xs for line in series)])), steady(y, log)
    plan = plan_curve(x, y, width, height, top, log, glyphs)
    view = plan.viewport
    lines = unit_lines(series, x, y, view.columns, log)
    strokes = [stroke([line], view, one.colour) for line, one in zip(lines, series, strict=True)]
    cells = _draw(plan, strokes, axis_colour, glyphs)
    for place, (_, colour) in zip(y.place(scale(levels)), horizontals, strict=True):
        cells = _dashed(cells, plan, float(place), colour, glyphs)
    taken: set[tuple[int, int]] = set()
    for mark in marks:
        # What a logarithm can't show, a loss of 0, is marked at the lower edge.
        height_there = 0.0 if log and mark.y <= 0 else float(y.place(scale(np.array(mark.y))))
        cell = view.cell(float(x.place(np.array(mark.x))), height_there)
        while cell in taken and cell is not None and cell[0] > 0:
            cell = (cell[0] - 1, cell[1])
        if cell is not None:
            taken.add(cell)
            cells = cells.write(plan.left + cell[0], plan.top + cell[1], mark.glyph, mark.colour, bold=True)
    return cells.write(plan.left, 0, title, axis_colour) if top else cells


def _dashed(cells: Cells, plan: MapPlan, place: float, colour: int, glyphs: GlyphSet) -> Cells:
    """Lay a dashed line under what is drawn: only blank cells are used."""
    cell = plan.viewport.cell(0.0, place)
    if cell is None:
        return cells
    row = plan.top + cell[1]
    area = (slice(row, row + 1), slice(plan.left, plan.left + plan.viewport.columns))
    free = np.where(cells.chars[area] == " ", glyphs.rule, " ")
    return cells.overlay(free, colour, plan.left, row)


def _draw(plan: MapPlan, strokes: Sequence[Stroke], axis_colour: int, glyphs: GlyphSet) -> Cells:
    """Draw axes and strokes with plotext and read the result back as cells."""
    cells = Cells.blank(plan.width, plan.height)
    if plan.width < 1 or plan.height <= plan.top:
        return cells
    with _ONE_FIGURE:
        text = _figure_text(plan, strokes[:_MOST_SERIES])
    chars, series = _read("\n" * plan.top + text, plan.width, plan.height)
    view = plan.viewport
    area = (slice(plan.top, plan.top + view.rows), slice(plan.left, plan.left + view.columns))
    cells.fg[...] = axis_colour
    palette = np.array([DEFAULT, *(lines.colour for lines in strokes)], dtype=np.int32)
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
    plotext = _plotext()
    view = plan.viewport
    plotext.terminal.limit(False, False)
    figure = plotext.figure
    figure.clear()
    figure.plot_size(plan.width, plan.height - plan.top)
    figure.canvas("default")
    framed = plan.left > 0
    figure.axes(False, axis=(0, 1), side=(0, 1))
    if framed:
        figure.axes(True, axis=(0, 1), side=0)
    figure.ruler(0, 0).lim(0, view.columns).alignment(lim="edge")
    figure.ruler(1, 0).lim(0, view.rows).alignment(lim="edge")
    figure.ruler(0, 0).ticks(*_tick_cells(plan.x_ticks, view.column_positions, view.columns, False))
    figure.ruler(1, 0).ticks(*_tick_cells(plan.y_ticks, view.row_positions, view.rows, True))
    for number, lines in enumerate(strokes):
        if len(lines.starts):
            figure.draw(_signal(plotext, figure, lines, number))
    return str(figure.build().string())


def _plotext() -> Any:
    """Import plotext without its documentation, whose building takes longer than all the rest of it."""
    documentation = ModuleType(_DOCUMENTATION)
    documentation.docs = None  # type: ignore[attr-defined]
    sys.modules.setdefault(_DOCUMENTATION, documentation)
    import plotext

    return plotext


_DOCUMENTATION = "plotext._doc.doc"


def _tick_cells(ticks: Ticks, positions: Any, count: int, downwards: bool) -> tuple[list[float], list[str]]:
    """Return the middles of the cells that ticks fall into, measured upwards, with the labels."""
    cells = np.clip(np.floor(positions(np.array(ticks.positions))), 0, count - 1) + 0.5
    return (count - cells if downwards else cells).tolist(), list(ticks.labels)


def _signal(plotext: Any, figure: Any, lines: Stroke, number: int) -> Any:
    """Hand a stroke over as one signal, its pen lifted where the stroke's is."""
    vertices, lifted = lines.points()
    marker = plotext.marker("braille", _FIRST_COLOUR + number)
    signal = figure.signal(vertices[:, 0].tolist(), vertices[:, 1].tolist(), marker=marker).lines(True)
    for index in lifted:
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
    """Return the series that an SGR sequence switches to, or the current one if it means something else."""
    if codes in ("", "0"):
        return -1
    return int(codes[5:]) - _FIRST_COLOUR if codes.startswith("38;5;") else current


def _named(cells: Cells, plan: MapPlan, names: tuple[str, str], colour: int) -> Cells:
    """Write the variables' names, and what tick labels leave out, into free cells at the ends of the axes.

    What labels leave out is worth more than a label: where it is too long to be beside them, it is in their place.
    """
    if not plan.left:
        return cells
    across, bottom = _name(names[0], plan.x_ticks), plan.height - 1
    for column in range(plan.width - len(across), plan.left, -1):
        if (cells.chars[bottom, column - 2 : column + len(across) + 2] == " ").all():
            cells = cells.write(column, bottom, across, colour)
            break
    else:
        if plan.x_ticks.offset:
            cells = _in_place_of_labels(cells, plan, across, colour)
    up = _name(names[1], plan.y_ticks)
    if len(up) >= plan.left:
        return cells.write(plan.left, plan.top, up, colour)
    for row in range(plan.top + 1, plan.top + plan.viewport.rows):
        if (cells.chars[row, : len(up)] == " ").all():
            return cells.write(0, row, up, colour)
    return cells


def _in_place_of_labels(cells: Cells, plan: MapPlan, name: str, colour: int) -> Cells:
    """Write an axis' name at the right end of the last row, and leave out the labels that it would touch."""
    column, bottom = max(0, plan.width - len(name)), plan.height - 1
    cut = max(0, column - 2)
    while cut and cells.chars[bottom, cut - 1] != " ":
        cut -= 1
    return cells.write(cut, bottom, " " * (plan.width - cut)).write(column, bottom, name, colour)


def _name(name: str, ticks: Ticks) -> str:
    """Write what labels on an axis mean: with an offset, `x − 1` says that they count from 1."""
    return f"{name} {ticks.offset}" if ticks.offset else name
