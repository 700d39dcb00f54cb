"""The colour bar: which value each level line and each band stands for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .bands import MapColours
from .cells import DEFAULT, Cells
from .look import Look
from .palette import pack
from .ramps import readable_on

_GAP, _SWATCH = 1, 2
_FEWEST_ROWS = 6


def bar_width(texts: Sequence[str]) -> int:
    """Return the columns that a bar with these labels takes, its distance from the map included."""
    return _GAP + _SWATCH + 1 + max(map(len, texts), default=0)


def colour_bar(texts: Sequence[str], colours: MapColours, rows: int, look: Look) -> Cells:
    """Return the bar, lowest level at the bottom: each band's colour, each level's line and number at its edge.

    ``texts`` are the levels' numbers, lowest first. Where rows are few, every second number (or third, …) is
    left out, and the colours still show every band that has a row.
    """
    cells = Cells.blank(bar_width(texts), rows)
    count = len(texts)
    if rows < _FEWEST_ROWS or not count:
        return cells
    # The row in which each level lies, counted from the bottom.
    edges = np.round((np.arange(count) + 1.0) * rows / (count + 1.0)).astype(np.int64)
    band = np.searchsorted(edges, np.arange(rows), side="right")
    swatch = slice(_GAP, _GAP + _SWATCH)
    grounds = np.asarray(colours.bands, dtype=np.int32)[np.minimum(band, len(colours.bands) - 1)]
    cells.bg[:, swatch] = grounds[::-1, None]
    plain = bool((np.asarray(colours.bands) == DEFAULT).all())
    stride = max(1, -(-count // max(1, rows // 2)))
    written = -1
    # Lines need only stand out from their bands; numbers lie on the background.
    legible = readable_on(colours.lines, np.full(count, pack(look.theme.ui.background), dtype=np.int32), 0.35)
    for level in range(count - 1, -1, -1):
        row = rows - 1 - int(edges[level]) if plain else rows - int(edges[level])
        row = max(0, min(rows - 1, row))
        cells.fg[row, swatch] = colours.lines[level]
        cells.chars[row, swatch] = look.glyphs.line
        if (count - 1 - level) % stride == 0 and row > written:
            written = row
            where = (row, slice(_GAP + _SWATCH + 1, _GAP + _SWATCH + 1 + len(texts[level])))
            cells.chars[where] = list(texts[level])
            cells.fg[where] = legible[level]
    return cells
