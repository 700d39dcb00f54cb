"""Level lines as dots, all levels at once, and the numbers written on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from curvtui.engine.arrays import Array

from .braille import ACROSS, DOWN, cell_patterns, pattern_chars
from .cells import Cells, Colours
from .glyphs import GlyphSet
from .layer import Layer
from .viewport import Viewport

Lines: TypeAlias = Sequence[tuple[float, Sequence[Array]]]
"""Each level with its polylines (k, 2) in world coordinates, lowest level first."""

_Dots: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Traced:
    """Every level line on a raster of dots: columns, rows and the levels' places, (k,).

    ``joined`` (k,) says of each dot whether its line comes from the one before.
    """

    columns: _Dots
    rows: _Dots
    levels: _Dots
    joined: NDArray[np.bool_]

    def without(self, hidden: frozenset[int]) -> Traced:
        """Return the lines of all levels but these."""
        if not hidden:
            return self
        kept = ~np.isin(self.levels, list(hidden))
        return Traced(self.columns[kept], self.rows[kept], self.levels[kept], self.joined[kept])


def traced(lines: Lines, view: Viewport) -> Traced:
    """Return the dots that the lines' points fall on; points outside the view go to its edge."""
    polylines = [(level, line) for level, (_, each) in enumerate(lines) for line in each if len(line)]
    if not polylines:
        none = np.empty(0, dtype=np.int64)
        return Traced(none, none, none, np.empty(0, dtype=np.bool_))
    points = np.concatenate([line for _, line in polylines])
    lengths = [len(line) for _, line in polylines]
    joined = np.ones(len(points), dtype=np.bool_)
    joined[np.concatenate(([0], np.cumsum(lengths[:-1], dtype=np.int64)))] = False
    columns = np.floor(view.column_positions(points[:, 0]) * ACROSS)
    rows = np.floor(view.row_positions(points[:, 1]) * DOWN)
    return Traced(
        np.clip(columns, 0, view.columns * ACROSS - 1).astype(np.int64),
        np.clip(rows, 0, view.rows * DOWN - 1).astype(np.int64),
        np.repeat([level for level, _ in polylines], lengths),
        joined,
    )


def line_layer(dots: Traced, view: Viewport, inks: Colours, glyphs: GlyphSet) -> Layer:
    """Return the lines as characters, each level in its packed colour of ``inks``; a shared cell is the higher's."""
    raster = np.zeros((view.rows * DOWN, view.columns * ACROSS), dtype=np.bool_)
    owner = np.zeros((view.rows, view.columns), dtype=np.int64)
    columns, rows, levels = _filled(dots)
    raster[rows, columns] = True
    # Of several values for one cell the last one stays, and levels come in ascending order.
    owner[rows // DOWN, columns // ACROSS] = levels
    ink = np.asarray(inks, dtype=np.int32) if len(inks) else np.zeros(1, dtype=np.int32)
    return Layer(pattern_chars(cell_patterns(raster), glyphs), ink[np.minimum(owner, len(ink) - 1)])


def _filled(dots: Traced) -> tuple[_Dots, _Dots, _Dots]:
    """Every dot on the way between joined ones, in the order of their levels."""
    ends = np.flatnonzero(dots.joined)
    across = dots.columns[ends] - dots.columns[ends - 1]
    down = dots.rows[ends] - dots.rows[ends - 1]
    between = np.maximum(np.maximum(np.abs(across), np.abs(down)) - 1, 0)
    which = np.repeat(np.arange(len(ends)), between)
    share = (np.arange(len(which)) - np.repeat(np.cumsum(between) - between, between) + 1.0) / (between[which] + 1.0)
    starts = ends[which] - 1
    columns = np.floor(dots.columns[starts] + 0.5 + share * across[which]).astype(np.int64)
    rows = np.floor(dots.rows[starts] + 0.5 + share * down[which]).astype(np.int64)
    levels = np.concatenate((dots.levels, dots.levels[starts]))
    order = np.argsort(levels, kind="stable")
    return (
        np.concatenate((dots.columns, columns))[order],
        np.concatenate((dots.rows, rows))[order],
        levels[order],
    )


_ROOM = 2
"""Blank columns beside a number, so that it is not read together with another."""

_STEEPEST = 0.75
"""Rows that a line may rise for each column and still carry a number."""


def label_levels(
    cells: Cells, dots: Traced, view: Viewport, texts: Sequence[str], inks: Colours, at: tuple[int, int]
) -> Cells:
    """Return the cells with each level's number on its line, where the line runs level and there is room.

    ``at`` is the column and row of the plot area's corner. A level whose lines are short or crowded stays without.
    """
    result = cells.copy()
    taken = np.zeros((view.rows, view.columns), dtype=np.bool_)
    crowd = _crowd(dots, view)
    for level in range(len(texts) - 1, -1, -1):
        text = texts[level]
        if not text:
            continue
        place = _best_place(dots, level, len(text), view, taken, crowd)
        if place is None:
            continue
        column, row = place
        taken[max(0, row - 1) : row + 2, max(0, column - _ROOM) : column + len(text) + _ROOM] = True
        where = (at[1] + row, slice(at[0] + column, at[0] + column + len(text)))
        result.chars[where] = list(text)
        result.fg[where] = inks[level]
    return result


def _crowd(dots: Traced, view: Viewport) -> _Dots:
    """How many cells with dots lie above and to the left of each corner of a cell, (rows + 1, columns + 1)."""
    lit = np.zeros((view.rows, view.columns), dtype=np.int64)
    lit[dots.rows // DOWN, dots.columns // ACROSS] = 1
    return np.asarray(np.pad(np.cumsum(np.cumsum(lit, axis=0), axis=1), ((1, 0), (1, 0))))


def _best_place(
    dots: Traced, level: int, width: int, view: Viewport, taken: NDArray[np.bool_], crowd: _Dots
) -> tuple[int, int] | None:
    """The cell where a level's number begins: on the flattest stretch of its longest line."""
    mine = np.flatnonzero(dots.levels == level)
    if len(mine) == 0 or view.columns < width + 2 * _ROOM:
        return None
    lines = np.split(mine, np.flatnonzero(~dots.joined[mine])[1:])
    longest = max(lines, key=len)
    columns, rows = dots.columns[longest] / ACROSS, dots.rows[longest] / DOWN
    # A number must be a small part of its line, else the line is gone.
    if np.ptp(columns) < 1.5 * width and np.ptp(rows) < 4:
        return None
    left = np.floor(columns - 0.5 * width + 0.5).astype(np.int64)
    row = np.floor(rows).astype(np.int64)
    reach = max(2, len(longest) // max(1, int(np.ptp(columns) + np.ptp(rows))) * width // 2)
    before = np.maximum(np.arange(len(longest)) - reach, 0)
    after = np.minimum(np.arange(len(longest)) + reach, len(longest) - 1)
    run, rise = np.abs(columns[after] - columns[before]), np.abs(rows[after] - rows[before])
    free = (left >= 1) & (left + width < view.columns) & (row >= 1) & (row < view.rows - 1)
    free &= (rise <= _STEEPEST * run) & (run > 0)
    candidates = np.flatnonzero(free)
    # Where the line runs flat and alone, near the middle of the map before its edges.
    middle = np.abs(columns / view.columns - 0.5) + np.abs(rows / view.rows - 0.5)
    x0, x1 = np.clip(left - 1, 0, view.columns), np.clip(left + width + 1, 0, view.columns)
    y0, y1 = np.clip(row - 1, 0, view.rows), np.clip(row + 2, 0, view.rows)
    near = crowd[y1, x1] - crowd[y0, x1] - crowd[y1, x0] + crowd[y0, x0]
    cost = rise / np.maximum(run, 1e-9) + 0.5 * middle + near / (width + 2)
    for index in candidates[np.argsort(cost[candidates], kind="stable")][:_TRIES].tolist():
        column, line = int(left[index]), int(row[index])
        if not taken[line, column : column + width].any():
            return column, line
    return None


_TRIES = 200
