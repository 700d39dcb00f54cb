"""Lines on their way to the plot: thinned, clipped to what is seen, and measured in cells."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from curvtui.engine.arrays import Array

from .braille import ACROSS, DOWN, clip_segments
from .viewport import Viewport

# A vertex each so many dots: a chord this long strays by an eighth of a dot from an arc of six dots' radius.
_VERTEX_SPACING = 2.5


@dataclass(frozen=True, eq=False)
class Stroke:
    """Segments of one colour in cells, x to the right and y upwards from the plot area's lower left corner.

    `starts` and `ends` are (m, 2), inside the area, at the middles of dots.
    """

    starts: Array
    ends: Array
    colour: int

    def points(self) -> tuple[Array, list[int]]:
        """Return the vertices (k, 2), and the indices of those to which no line comes from the one before."""
        lifted = np.ones(len(self.starts), dtype=np.bool_)
        lifted[1:] = (self.starts[1:] != self.ends[:-1]).any(axis=1)
        order = np.cumsum(lifted) + np.arange(len(self.starts))
        vertices = np.empty((len(self.starts) + int(lifted.sum()), 2))
        vertices[order] = self.ends
        vertices[order[lifted] - 1] = self.starts[lifted]
        return vertices, (order[lifted] - 1).tolist()


def stroke(lines: Sequence[Array], view: Viewport, colour: int) -> Stroke:
    """Return polylines (k, 2) of the world as a stroke; NaN breaks a line, a lone point is a dot."""
    pairs = [_segments(np.asarray(line, dtype=np.float64).reshape(-1, 2), view) for line in lines]
    starts = np.concatenate([np.empty((0, 2)), *(starts for starts, _ in pairs)])
    ends = np.concatenate([np.empty((0, 2)), *(ends for _, ends in pairs)])
    return Stroke(_dot_middles(starts, view), _dot_middles(ends, view), colour)


def _segments(line: Array, view: Viewport) -> tuple[Array, Array]:
    starts, ends = clip_segments(view, line[:, 0], line[:, 1])
    known = np.concatenate([[False], ~np.isnan(line).any(axis=1), [False]])
    alone = line[known[1:-1] & ~known[:-2] & ~known[2:]]
    alone = alone[(alone >= [view.x0, view.y0]).all(axis=1) & (alone <= [view.x1, view.y1]).all(axis=1)]
    return np.concatenate([starts, alone]), np.concatenate([ends, alone])


def _dot_middles(points: Array, view: Viewport) -> Array:
    """Move points of the world to the middle of their dot, so that no later rounding lights its neighbour."""
    raster, size = np.array([ACROSS, DOWN]), np.array([view.columns, view.rows])
    cells = np.stack([view.column_positions(points[:, 0]), view.row_positions(points[:, 1])], axis=1)
    dots = np.clip(np.floor(cells * raster), 0, size * raster - 1) + 0.5
    middles = dots / raster
    middles[:, 1] = view.rows - middles[:, 1]
    return np.asarray(middles)


def thinned(line: Array, view: Viewport) -> Array:
    """Return a polyline (k, 2) with a vertex every few dots: plotext's time is spent by the vertex."""
    line = np.asarray(line, dtype=np.float64).reshape(-1, 2)
    if len(line) < 4:
        return line
    with np.errstate(all="ignore"):
        steps = np.diff(line, axis=0) / [
            view.width / (ACROSS * view.columns),
            view.height / (DOWN * view.rows),
        ]
        travelled = np.concatenate([[0.0], np.cumsum(np.hypot(steps[:, 0], steps[:, 1]))])
    if not np.isfinite(travelled).all():
        return line
    bins = np.floor(travelled / _VERTEX_SPACING)
    keep = np.concatenate([[True], bins[1:] != bins[:-1]])
    keep[-1] = True
    return np.asarray(line[keep])
