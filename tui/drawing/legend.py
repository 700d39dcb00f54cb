"""The legend: a row or two under a map that say what lies on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..views import PLAIN, MapStyle
from .cells import Cells
from .layer import LegendEntry
from .look import Look
from .palette import pack


@dataclass(frozen=True)
class Explained:
    """Where a picture's legend is, in its cells, and what it says."""

    left: int
    top: int
    width: int
    rows: int
    entries: tuple[LegendEntry, ...]


def explain(cells: Cells, what: Explained, look: Look, more: tuple[LegendEntry, ...] = ()) -> Cells:
    """Return a picture's cells with its legend, ``more`` before the rest."""
    if not what.rows:
        return cells
    return cells.paste(legend((*more, *what.entries), what.width, what.rows, look), what.left, what.top)


def legend_rows(style: MapStyle, height: int) -> int:
    """Return the rows that the legend of a map of ``height`` rows takes: none where only values are shown."""
    plain = replace(PLAIN, levels=style.levels, method=style.method, lines_only=style.lines_only)
    if style == plain or height < 12:
        return 0
    return 2 if height >= 24 else 1


def legend(entries: Sequence[LegendEntry], width: int, rows: int, look: Look) -> Cells:
    """Return the entries row by row, as many as fit whole; an ellipsis stands for those that don't."""
    cells = Cells.blank(width, rows)
    muted = pack(look.theme.ui.muted)
    column = row = 0
    for index, entry in enumerate(entries):
        size = len(entry.glyph) + 1 + len(entry.text)
        last = index == len(entries) - 1
        if column and column + size > width and row < rows - 1:
            column, row = 0, row + 1
        if column + size > width - (0 if last or row < rows - 1 else 2):
            return cells.write(column, row, look.glyphs.ellipsis, muted)
        cells = cells.write(column, row, entry.glyph, entry.ink, bold=True)
        cells.bg[row, column : column + len(entry.glyph)] = entry.ground
        cells = cells.write(column + len(entry.glyph) + 1, row, entry.text, muted)
        column += size + 2
    return cells
