"""A surface as heights on a fine grid: what a relief is drawn from, the same for every camera."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from curvtui.engine.arrays import Array
from curvtui.engine.sampling.grid import Box, grid
from curvtui.engine.sampling.levels import LevelMethod, Levels, contour_levels
from curvtui.engine.surface.surface import Surface

from .cells import Flags
from .heights import HeightScale, height_scale

PIECES = 120
"""Pieces a side is cut into: a number with many divisors, so that wires can lie on the grid's lines."""


class Slopes(NamedTuple):
    """Heights (…) and their slopes along u and v, all NaN where the surface is open."""

    height: Array
    along_u: Array
    along_v: Array


@dataclass(frozen=True, eq=False)
class Terrain:
    """Heights of a surface over a view.

    ``heights`` (n, n) are at the grid's nodes, rows going up with the second variable, NaN where there is no
    value. ``patches`` (m · m, 4), m = n − 1, are the bilinear patches between them, row by row: the constant,
    the parts along u and v, and the twist, for shares 0 to 1; NaN where a patch is open, at a corner without
    value or where it would join the two sides of a pole.
    """

    view: Box
    names: tuple[str, str]
    scale: HeightScale
    levels: Levels
    heights: Array
    patches: Array

    @property
    def pieces(self) -> int:
        """How many patches there are a side."""
        return len(self.heights) - 1

    def open_patches(self) -> Flags:
        """Return which patches (m, m) are no part of the surface."""
        return np.asarray(np.isnan(self.patches[:, 0]).reshape(self.pieces, self.pieces))

    def at(self, u: Array, v: Array) -> Slopes:
        """Return the height and slopes at points of the base (k,); NaN outside −1 to 1."""
        m = self.pieces
        with np.errstate(invalid="ignore"):
            outside = ~((np.abs(u) <= 1 + _GRACE) & (np.abs(v) <= 1 + _GRACE))
            across, up = (np.where(outside, 0.0, side) * (m / 2) + m / 2 for side in (u, v))
        i = np.clip(across, 0, m - 1).astype(np.intp)
        j = np.clip(up, 0, m - 1).astype(np.intp)
        across -= i
        up -= j
        constant, du, dv, twist = self.patches.take(j * m + i, axis=0).T
        along_u, along_v = du + twist * up, dv + twist * across
        height = constant + along_u * across + dv * up
        height[outside] = np.nan
        return Slopes(height, along_u * (m / 2), along_v * (m / 2))


_GRACE = 1e-9
"""By so much rounding may move a point over the border."""


def terrain(
    surface: Surface,
    view: Box,
    method: LevelMethod = LevelMethod.AUTO,
    through: tuple[float, ...] = (),
    levels: int = 12,
    pieces: int = PIECES,
) -> Terrain:
    """Sample a surface of two variables over a view; never raises, whatever the values are.

    ``method`` places both the contour levels, whose bands give the colours, and the heights.
    """
    sampled = grid(surface, view, pieces + 1, pieces + 1)
    names = (surface.variables[0], surface.variables[1])
    return terrain_of(sampled.values, view, names, method, through, levels)


def terrain_of(
    values: Array,
    view: Box,
    names: tuple[str, str] = ("x", "y"),
    method: LevelMethod = LevelMethod.AUTO,
    through: tuple[float, ...] = (),
    levels: int = 12,
) -> Terrain:
    """Return the terrain of values (n, n) at evenly spaced nodes, rows going up; see :func:`terrain`."""
    values = np.asarray(values, dtype=np.float64)
    scale = height_scale(values, method)
    placed = contour_levels(values, levels, method, through)
    heights = scale.heights(values)
    low_left, low_right, high_left, high_right = (
        heights[:-1, :-1],
        heights[:-1, 1:],
        heights[1:, :-1],
        heights[1:, 1:],
    )
    twist = high_right - high_left - low_right + low_left
    patches = np.stack((low_left, low_right - low_left, high_left - low_left, twist), axis=-1)
    patches[_torn(values, scale) | np.isnan(twist)] = np.nan
    return Terrain(view, names, scale, placed, heights, patches.reshape(-1, 4))


def _torn(values: Array, scale: HeightScale) -> Flags:
    """Return the patches that reach from above the cut range to below it: they lie over a pole."""
    with np.errstate(invalid="ignore"):
        above, below = values > scale.high, values < scale.low

    def any_corner(nodes: Flags) -> Flags:
        return np.asarray(nodes[:-1, :-1] | nodes[:-1, 1:] | nodes[1:, :-1] | nodes[1:, 1:])

    return np.asarray(any_corner(above) & any_corner(below))
