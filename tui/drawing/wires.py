"""Lines in space on the raster of dots, the parts behind the terrain told from those before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curvtui.engine.arrays import Array

from .cells import Flags
from .horizon import Sight
from .projection import TALL, Projected, Projection
from .terrain import Slopes, Terrain

_LOOSEST = 0.2
"""The most that a point may lie behind what is seen at its dot and still count as seen, in units of the box."""

_TIGHTEST = 0.004

_ROOM = 1.5
"""Dots to either side: half of one for the middle of the dot, the rest for how the terrain bends."""


@dataclass(frozen=True, eq=False)
class Traced:
    """The dots of lines, all (k,): rows and columns of the raster, whether before the terrain, and a tag each.

    ``tag`` is what was given for the lines' points, interpolated.
    """

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    seen: Flags
    tag: Array


def slack(screen: Projection, slopes: Slopes) -> Array:
    """Return how much the depth of a terrain with such slopes changes from one dot to the next.

    A point of the terrain is compared with what is seen at the middle of its dot, which lies a little nearer
    or farther on the same slope: without such room a surface would hide its own lines.
    """
    (ru, rv), (au, av) = screen.right, screen.away
    across = TALL * (ru * slopes.along_u + rv * slopes.along_v)
    off = TALL * (au * slopes.along_u + av * slopes.along_v)
    climb = screen.rise + off * screen.upright
    climb = np.where(np.abs(climb) < 1e-3, 1e-3, climb)
    up = (screen.upright - off * screen.rise) / climb
    sideways = -across * (screen.upright * up + screen.rise)
    return np.clip(_ROOM * (np.abs(up) + np.abs(sideways)) / screen.scale, _TIGHTEST, _LOOSEST)


def trace(screen: Projection, seen: Sight, places: Projected, tag: Array, room: Array | float = 0.0) -> Traced:
    """Light the dots of polylines: all of ``places`` and ``tag`` are (lines, points), NaN breaks a line.

    ``room`` is by how much a point may be deeper than what is seen at its dot (see :func:`slack`).
    """
    view = screen.viewport
    x, y = places.x - view.x0, view.y1 - places.y
    room = np.broadcast_to(np.asarray(room, dtype=np.float64), x.shape)
    parts = np.stack((x, y, places.depth - room, tag))
    begin, end = parts[:, :, :-1].reshape(4, -1), parts[:, :, 1:].reshape(4, -1)
    whole = np.isfinite(begin[0] + end[0] + begin[1] + end[1])
    begin, end = begin[:, whole], end[:, whole]
    # From dot to dot, as DotCanvas does: else samples round to dots beside the line.
    first, last = np.floor(begin[:2]), np.floor(end[:2])
    steps = np.max(np.abs(last - first), axis=0, initial=0.0).astype(np.int64)
    which = np.repeat(np.arange(len(steps)), steps + 1)
    along = np.arange(len(which)) - np.repeat(np.cumsum(steps + 1) - steps - 1, steps + 1)
    share = along / np.maximum(steps, 1)[which]
    dots = np.floor(first[:, which] + 0.5 + share * (last - first)[:, which]).astype(np.intp)
    height, width = seen.covered.shape
    inside = (dots[0] >= 0) & (dots[0] < width) & (dots[1] >= 0) & (dots[1] < height)
    columns, rows = dots[:, inside]
    share, which = share[inside], which[inside]
    depth, marked = (begin[part, which] + share * (end - begin)[part, which] for part in (2, 3))
    return Traced(rows, columns, np.asarray(depth <= seen.depth[rows, columns]), marked)


def mesh(land: Terrain, screen: Projection, seen: Sight, every: int) -> Traced:
    """Return the dots of the terrain's wires, on every so many of its grid's lines; the tag is the height."""
    n = land.pieces + 1
    nodes = np.linspace(-1.0, 1.0, n)
    chosen = np.arange(0, n, every)
    gone = land.open_patches()
    slopes_v, slopes_u = _node_slopes(land.heights)
    traced = []
    for turned in (False, True):
        missing = gone.T if turned else gone
        heights, du, dv = ((part.T if turned else part)[chosen] for part in (land.heights, slopes_u, slopes_v))
        lines, points = np.broadcast_to(nodes[chosen, None], heights.shape), np.broadcast_to(nodes, heights.shape)
        places = screen.place(lines, points, heights) if turned else screen.place(points, lines, heights)
        room = slack(screen, Slopes(heights, du, dv))
        # A piece of wire between two open patches belongs to no terrain: its end is moved out of sight.
        edge = np.ones((1, n - 1), dtype=np.bool_)
        torn = (np.concatenate((edge, missing)) & np.concatenate((missing, edge)))[chosen]
        traced.append(_pieces(screen, seen, places, heights, room, torn))
    return Traced(
        *(np.concatenate([getattr(part, name) for part in traced]) for name in ("rows", "columns", "seen", "tag"))
    )


def _pieces(screen: Projection, seen: Sight, places: Projected, tag: Array, room: Array, torn: Flags) -> Traced:
    """Trace lines without their torn pieces."""
    if not torn.any():
        return trace(screen, seen, places, tag, room)
    # Each piece on its own, two points a line.
    kept = ~torn

    def ends(part: Array) -> Array:
        return np.stack((part[:, :-1][kept], part[:, 1:][kept]), axis=1)

    single = Projected(*(ends(part) for part in places))
    return trace(screen, seen, single, ends(tag), ends(room))


def _node_slopes(heights: Array) -> tuple[Array, Array]:
    """The slopes along v and u at a grid's nodes, 0 where a neighbour is missing."""
    step = 2.0 / (len(heights) - 1)
    up, across = np.gradient(heights, step, axis=0), np.gradient(heights, step, axis=1)
    return np.nan_to_num(up), np.nan_to_num(across)
