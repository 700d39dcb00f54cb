"""A canvas of 2x4 dots a cell for points and lines, shown in braille, blocks or plain ASCII."""

import numpy as np
from numpy.typing import NDArray

from curvtui.engine.arrays import Array

from .cells import Chars, Flags
from .glyphs import GlyphSet
from .viewport import Viewport

ACROSS, DOWN = 2, 4
_BITS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]], dtype=np.uint8)
_LARGEST = np.finfo(np.float64).max
_CHUNK = 4096
_QUADRANTS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"


_MANY = 64
"""Points from which on it pays to look which of them matter."""


class DotCanvas:
    """Dots over a viewport: `dots` is a boolean raster (4 rows, 2 columns), the first row on top."""

    def __init__(self, viewport: Viewport) -> None:
        """Begin with no dot lit."""
        self.viewport = viewport
        self.dots: Flags = np.zeros((viewport.rows * DOWN, viewport.columns * ACROSS), dtype=np.bool_)

    def points(self, x: Array, y: Array) -> None:
        """Light the dots of points (k,) each; those outside the box or not finite are left out."""
        x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
        view = self.viewport
        inside = (x >= view.x0) & (x <= view.x1) & (y >= view.y0) & (y <= view.y1)
        self._light(view.column_positions(x[inside]) * ACROSS, view.row_positions(y[inside]) * DOWN)

    def polyline(self, x: Array, y: Array) -> None:
        """Light the dots of the line through points (k,) each, without gaps, clipped to the box.

        NaN breaks the line; a point at infinity is taken as very far away in its direction. A point that
        nothing joins is lit alone.
        """
        x, y = self._thinned(np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64))
        self.points(x, y)
        starts, ends = clip_segments(self.viewport, x, y)
        for begin in range(0, len(starts), _CHUNK):
            self._segments(starts[begin : begin + _CHUNK], ends[begin : begin + _CHUNK])

    def _thinned(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Leave out points in one dot with both their neighbours: a long path creeps, and they light nothing else."""
        if len(x) < _MANY:
            return x, y
        with np.errstate(all="ignore"):
            across = np.floor(self.viewport.column_positions(x) * ACROSS)
            down = np.floor(self.viewport.row_positions(y) * DOWN)
        stays = (across[1:] == across[:-1]) & (down[1:] == down[:-1])
        kept = np.ones(len(x), dtype=np.bool_)
        kept[1:-1] = ~(stays[:-1] & stays[1:])
        return x[kept], y[kept]

    def chars(self, glyphs: GlyphSet) -> Chars:
        """Return the cells' characters (rows, columns), blank where no dot is lit."""
        return pattern_chars(self.patterns(), glyphs)

    def patterns(self) -> NDArray[np.uint8]:
        """Return the braille pattern, the offset from U+2800, of each cell (rows, columns)."""
        return cell_patterns(self.dots)

    def _segments(self, starts: Array, ends: Array) -> None:
        """Sample each segment at least once a dot along its longer side."""
        scale = np.array([ACROSS, DOWN])
        begin = np.stack([self.viewport.column_positions(starts[:, 0]), self.viewport.row_positions(starts[:, 1])], 1)
        end = np.stack([self.viewport.column_positions(ends[:, 0]), self.viewport.row_positions(ends[:, 1])], 1)
        begin, end = begin * scale, end * scale
        # From dot to dot, not from point to point: else samples round to dots beside the line.
        begin, end = np.floor(begin) + 0.5, np.floor(end) + 0.5
        steps = np.max(np.abs(end - begin), axis=1).astype(np.int64)
        which = np.repeat(np.arange(len(steps)), steps + 1)
        offsets = np.arange(len(which)) - np.repeat(np.cumsum(steps + 1) - steps - 1, steps + 1)
        along = offsets / np.maximum(steps, 1)[which]
        samples = begin[which] + along[:, None] * (end - begin)[which]
        self._light(samples[:, 0], samples[:, 1])

    def _light(self, columns: Array, rows: Array) -> None:
        height, width = self.dots.shape
        down = np.clip(rows, 0, height - 1).astype(np.int64)
        across = np.clip(columns, 0, width - 1).astype(np.int64)
        self.dots[down, across] = True


def clip_segments(viewport: Viewport, x: Array, y: Array) -> tuple[Array, Array]:
    """Return the parts inside the box of the segments between successive points, as starts and ends (m, 2).

    Liang and Barsky, "A new concept and method for line clipping" (1984), on all segments at once.
    Coordinates may be of any size, infinite or NaN; segments with a NaN end are dropped.
    """
    # A quarter of everything, so that no difference of two doubles overflows.
    points = np.stack([np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)], axis=-1)
    points = np.clip(points, -_LARGEST, _LARGEST) / 4
    low = np.array([viewport.x0, viewport.y0]) / 4
    high = np.array([viewport.x1, viewport.y1]) / 4
    begin, end = points[:-1], points[1:]
    known = ~(np.isnan(begin).any(axis=1) | np.isnan(end).any(axis=1))
    begin, end = begin[known], end[known]
    step = end - begin
    with np.errstate(all="ignore"):
        to_low, to_high = (low - begin) / step, (high - begin) / step
    still = step == 0
    inside = (begin >= low) & (begin <= high)
    enters = np.where(still, np.where(inside, 0.0, np.inf), np.minimum(to_low, to_high))
    leaves = np.where(still, np.where(inside, 1.0, -np.inf), np.maximum(to_low, to_high))
    enter, leave = enters.max(axis=1, initial=0.0), leaves.min(axis=1, initial=1.0)
    seen = enter <= leave
    begin, end, step = begin[seen], end[seen], step[seen]
    enter, leave = enter[seen, None], leave[seen, None]
    first, last = np.where(step > 0, low, high), np.where(step > 0, high, low)
    # An end inside the box is kept to the bit; a cut one is set onto the edge that cuts it, which rounding
    # misses by far when the ends are far away.
    starts = np.where(enter > 0, np.where(enters[seen] == enter, first, begin + enter * step), begin)
    ends = np.where(leave < 1, np.where(leaves[seen] == leave, last, begin + leave * step), end)
    return np.clip(starts, low, high) * 4, np.clip(ends, low, high) * 4


def cell_patterns(dots: Flags) -> NDArray[np.uint8]:
    """Return the braille patterns (rows, columns) of a raster of dots (4 rows, 2 columns)."""
    rows, columns = dots.shape[0] // DOWN, dots.shape[1] // ACROSS
    parts = dots.reshape(rows, DOWN, columns, ACROSS) * _BITS[:, None, :]
    return np.asarray(np.bitwise_or.reduce(np.bitwise_or.reduce(parts, axis=3), axis=1), dtype=np.uint8)


def pattern_chars(patterns: NDArray[np.uint8], glyphs: GlyphSet) -> Chars:
    """Return the characters for braille patterns in the manner of a glyph set."""
    return np.asarray(_TABLES[glyphs.name][patterns])


def _quadrant(pattern: int) -> str:
    halves = (0x01 | 0x02 | 0x08 | 0x10, 0x04 | 0x20 | 0x40 | 0x80)
    left = 0x01 | 0x02 | 0x04 | 0x40
    masks = (halves[0] & left, halves[0] & ~left, halves[1] & left, halves[1] & ~left)
    return _QUADRANTS[sum(1 << k for k, mask in enumerate(masks) if pattern & mask)]


def _ascii(pattern: int) -> str:
    """Choose the ASCII character whose ink lies most nearly where the dots do."""
    left = [row for row in range(DOWN) if pattern & int(_BITS[row, 0])]
    right = [row for row in range(DOWN) if pattern & int(_BITS[row, 1])]
    lit = left + right
    if not lit:
        return " "
    middle, span = sum(lit) / len(lit), max(lit) - min(lit)
    if len(lit) >= 7:
        return "#"
    if left and right and abs(slope := sum(left) / len(left) - sum(right) / len(right)) >= 1:
        return "/" if slope > 0 else "\\"
    if span >= 2:
        return "|" if span == 3 or len(lit) > 2 or not (left and right) else ":"
    if middle < 1:
        return '"' if left and right else "'"
    if middle > 2:
        return "_" if left and right else "."
    return "-"


_TABLES: dict[str, Chars] = {
    "braille": np.array([" ", *(chr(0x2800 + k) for k in range(1, 256))], dtype="<U1"),
    "block": np.array([_quadrant(k) for k in range(256)], dtype="<U1"),
    "ascii": np.array([_ascii(k) for k in range(256)], dtype="<U1"),
}
