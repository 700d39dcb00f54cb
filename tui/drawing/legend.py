"""The legend: a row or two under a map that say what lies on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..views import PLAIN, FieldStyle, Ground, MapStyle
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


def legend_rows(style: MapStyle, width: int, height: int) -> int:
    """Return the rows that the legend of a map of ``width`` x ``height`` cells takes: none where only values are shown.

    They depend on the style alone, not on what is to be said at a moment: a map must not jump at every step.
    """
    plain = replace(PLAIN, levels=style.levels, method=style.method, lines_only=style.lines_only)
    if style == plain or height < 12:
        return 0
    if style.camera is not None:
        # From the side only the ground is shown.
        style = MapStyle(ground=style.ground)
        if style.ground is Ground.VALUES:
            return 0
    wanted = _LENGTHS[style.ground] + (_FIELD if style.field is not FieldStyle.NONE else 0) + _MODEL * style.model
    return max(1, min(-(-wanted // max(1, width - _AXIS)), height // 5, _MOST_ROWS))


_LENGTHS = {
    Ground.VALUES: 0,
    Ground.SIGNS: 80,
    Ground.SMALLEST: 110,
    Ground.LARGEST: 110,
    Ground.CONDITION: 110,
    Ground.SLOPE: 110,
    Ground.BASINS: 120,
}
_FIELD, _MODEL = 26, 210
"""Characters that a legend commonly needs for what a map shows."""

_AXIS, _MOST_ROWS = 5, 5


def legend(entries: Sequence[LegendEntry], width: int, rows: int, look: Look) -> Cells:
    """Return the entries row by row, as many as fit; an ellipsis stands for those that don't.

    An entry that is longer than a row is cut between words.
    """
    cells = Cells.blank(width, rows)
    muted = pack(look.theme.ui.muted)
    column = row = 0
    for index, each in enumerate(entries):
        entry, last = each, index == len(entries) - 1
        if column and column + _size(entry) > width and row < rows - 1:
            column, row = 0, row + 1
        room = width - column - (0 if last or row < rows - 1 else 2)
        if _size(entry) > room and not column:
            entry = _cut(entry, width, look.glyphs.ellipsis)
            # On the last row its own ellipsis says that there is more, be it of this entry or after it.
            if entry is not each and row == rows - 1:
                return _entered(cells, entry, column, row, muted)
        if _size(entry) > room:
            return cells.write(column, row, look.glyphs.ellipsis, muted)
        cells = _entered(cells, entry, column, row, muted)
        column += _size(entry) + 2
    return cells


def _entered(cells: Cells, entry: LegendEntry, column: int, row: int, muted: int) -> Cells:
    cells = cells.write(column, row, entry.glyph, entry.ink, bold=True)
    cells.bg[row, column : column + len(entry.glyph)] = entry.ground
    return cells.write(column + len(entry.glyph) + 1, row, entry.text, muted)


def _size(entry: LegendEntry) -> int:
    return len(entry.glyph) + 1 + len(entry.text)


def _cut(entry: LegendEntry, room: int, ellipsis: str) -> LegendEntry:
    """Leave out words at the end until an entry fits; one of which no word fits is left as it is."""
    words = entry.text.split(" ")
    for count in range(len(words) - 1, 0, -1):
        shorter = replace(entry, text=" ".join((*words[:count], ellipsis)))
        if _size(shorter) <= room:
            return shorter
    return entry
