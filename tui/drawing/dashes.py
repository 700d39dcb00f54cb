"""Lines broken into dashes, so that they are told from solid ones without colour."""

from __future__ import annotations

import numpy as np

from curvtui.engine.arrays import Array

from .glyphs import GlyphSet
from .viewport import Viewport


def dash(glyphs: GlyphSet) -> tuple[float, float]:
    """Return how many columns a dash and the gap after it are long: coarse glyphs need longer ones."""
    return {"braille": (1.6, 1.1), "block": (2.0, 1.5)}.get(glyphs.name, (3.0, 2.5))


_SAMPLES_A_COLUMN = 4.0
_MOST_SAMPLES = 20_000


def dashed(line: Array, viewport: Viewport, on: float, off: float) -> Array:
    """Return a polyline (k, 2) with its gaps as NaN, dash for dash by its length on the screen.

    Only what lies within a screen's size around the view is measured; the rest stays as it is. A row counts
    as two columns.
    """
    line = np.asarray(line, dtype=np.float64)
    if len(line) < 2:
        return line
    places = np.stack((viewport.column_positions(line[:, 0]), 2.0 * viewport.row_positions(line[:, 1])), axis=1)
    with np.errstate(all="ignore"):
        steps = np.hypot(*np.diff(places, axis=0).T)
    longest = 2.0 * (viewport.columns + 2.0 * viewport.rows)
    counts = np.where(np.isfinite(steps) & (steps < longest), np.ceil(steps * _SAMPLES_A_COLUMN), 1.0)
    counts = np.maximum(counts, 1.0).astype(np.int64)
    if counts.sum() > _MOST_SAMPLES:
        return line
    which = np.repeat(np.arange(len(counts)), counts)
    shares = (np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)) / counts[which]
    with np.errstate(all="ignore"):
        fine = np.concatenate((line[which] + shares[:, None] * (line[which + 1] - line[which]), line[-1:]))
        lengths = np.where(np.isfinite(steps), steps, 0.0)
    before = np.concatenate(([0.0], np.cumsum(lengths)))
    along = np.concatenate((before[which] + shares * lengths[which], before[-1:]))
    fine[np.mod(along, on + off) >= on] = np.nan
    return np.asarray(fine)
