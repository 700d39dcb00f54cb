"""The legend: one row under a map that says what lies on it."""

from __future__ import annotations

from collections.abc import Sequence

from .cells import Cells
from .layer import LegendEntry
from .look import Look
from .palette import pack


def legend(entries: Sequence[LegendEntry], width: int, look: Look) -> Cells:
    """Return the entries in one row, as many as fit whole; an ellipsis stands for those that don't."""
    cells = Cells.blank(width, 1)
    muted = pack(look.theme.ui.muted)
    column = 0
    for index, entry in enumerate(entries):
        size = len(entry.glyph) + 1 + len(entry.text)
        last = index == len(entries) - 1
        if column + size > width - (0 if last else 2):
            return cells.write(column, 0, look.glyphs.ellipsis, muted)
        cells = cells.write(column, 0, entry.glyph, entry.ink, bold=True)
        cells.bg[0, column : column + len(entry.glyph)] = entry.ground
        cells = cells.write(column + len(entry.glyph) + 1, 0, entry.text, muted)
        column += size + 2
    return cells
