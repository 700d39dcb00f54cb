"""Where points of a relief come to lie on the screen: a parallel projection that keeps its scale while it turns.

The relief stands in a box of its own: u and v from −1 to 1 over the view, the height from 0 to 1 times
:data:`TALL`. Seen along parallel rays, with the vertical axis upright, each column of dots looks into one
vertical plane: that makes hidden parts cheap to find.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from curvtui.engine.arrays import Array
from curvtui.engine.sampling.grid import Box

from ..views import Camera
from .braille import ACROSS, DOWN
from .heights import HeightScale
from .viewport import Viewport

TALL = 1.15
"""The height of the box; its base is 2 × 2."""

_REACH = math.sqrt(2.0)
_NEAREST = 1e-6
_FARTHEST = 1e12


class Projected(NamedTuple):
    """Points on the screen, all (k,): x and y in the viewport's units, and how far away they are."""

    x: Array
    y: Array
    depth: Array


@dataclass(frozen=True)
class Projection:
    """A camera before the box of a relief, on a screen.

    The viewport's unit is a dot of braille both ways (they are about square), the origin is the middle.
    ``scale`` is the dots of one unit of the box. It depends on the elevation and the size, never on the
    azimuth, so that the picture neither grows nor shrinks while it turns.
    """

    camera: Camera
    view: Box
    heights: HeightScale
    viewport: Viewport
    scale: float
    middle: tuple[float, float]
    """Where the middle of the box's base comes to lie, in dots."""

    @property
    def right(self) -> tuple[float, float]:
        """The direction (u, v) that points to the right of the screen."""
        azimuth = math.radians(self.camera.azimuth % 360.0)
        return -math.sin(azimuth), math.cos(azimuth)

    @property
    def away(self) -> tuple[float, float]:
        """The level direction (u, v) that points away from the viewer."""
        azimuth = math.radians(self.camera.azimuth % 360.0)
        return -math.cos(azimuth), -math.sin(azimuth)

    @property
    def rise(self) -> float:
        """How much higher on the screen a thing is that lies one unit further away: the elevation's sine."""
        return math.sin(_elevation(self.camera))

    @property
    def upright(self) -> float:
        """How high a vertical unit is on the screen: the elevation's cosine."""
        return math.cos(_elevation(self.camera))

    def across(self, u: Array, v: Array) -> tuple[Array, Array]:
        """Return points of the base as (to the right, away), in units of the box."""
        (ru, rv), (au, av) = self.right, self.away
        return np.asarray(ru * u + rv * v), np.asarray(au * u + av * v)

    def place(self, u: Array, v: Array, height: Array) -> Projected:
        """Project points of the box; ``height`` is 0 to 1. NaN stays NaN."""
        side, away = self.across(u, v)
        up = height * TALL
        return Projected(
            self.middle[0] + self.scale * side,
            self.middle[1] + self.scale * (self.rise * away + self.upright * up),
            np.asarray(self.upright * away - self.rise * up),
        )

    def base(self, points: Array) -> tuple[Array, Array]:
        """Return points of the world (k, 2) as (u, v); those of the view lie in −1 to 1."""
        points = np.asarray(points, dtype=np.float64)
        sides = []
        for axis, (low, high) in enumerate(self.view):
            with np.errstate(all="ignore"):
                # Halves, so that the difference of huge ends does not overflow.
                share = (points[:, axis] / 2 - low / 2) / (high / 2 - low / 2)
            # What is so far away only has a direction; unbounded it would overflow on the screen.
            sides.append(2.0 * np.where(np.isfinite(share), np.clip(share, -_FARTHEST, _FARTHEST), np.nan) - 1.0)
        return sides[0], sides[1]

    def world(self, u: Array, v: Array) -> Array:
        """Return points (u, v) of the base as points of the world (k, 2)."""
        sides = [
            low * (0.5 - 0.5 * side) + high * (0.5 + 0.5 * side)
            for side, (low, high) in zip((u, v), self.view, strict=True)
        ]
        return np.stack(sides, axis=-1)

    def project(self, points: Array, values: Array) -> Projected:
        """Project points of the world (k, 2) with their values (k,); heights are cut as the relief's are.

        Where a coordinate or a value is not a number there is no place: all three are NaN.
        """
        u, v = self.base(points)
        x, y, depth = self.place(u, v, self.heights.heights(values))
        return Projected(np.where(np.isnan(y), np.nan, x), y, depth)


def projection(
    camera: Camera,
    view: Box,
    heights: HeightScale,
    columns: int,
    rows: int,
    margins: tuple[int, int, int, int] = (0, 0, 0, 0),
) -> Projection:
    """Return the projection that fits the box at every azimuth into ``columns`` × ``rows`` cells.

    ``margins`` are cells left free: left, right, top, bottom. They are given up where nothing would be left.
    """
    columns, rows = max(1, columns), max(1, rows)
    wide, high = columns * ACROSS, rows * DOWN
    viewport = Viewport(-wide / 2, wide / 2, -high / 2, high / 2, columns, rows)
    left, right, top, bottom = margins
    if left + right > columns / 2:
        left = right = 0
    if top + bottom > rows / 2:
        top = bottom = 0
    elevation = _elevation(camera)
    rise, upright = math.sin(elevation), math.cos(elevation)
    # Half a dot at either side, so that what lies on the border still has a dot inside.
    room = max(0.5, (columns - left - right) * ACROSS - 1.0), max(0.5, (rows - top - bottom) * DOWN - 1.0)
    tall = 2 * _REACH * rise + TALL * upright
    scale = min(room[0] / (2 * _REACH), room[1] / tall)
    middle = (
        (left - right) * ACROSS / 2,
        (bottom - top) * DOWN / 2 - scale * TALL * upright / 2,
    )
    return Projection(camera, view, heights, viewport, scale, middle)


def _elevation(camera: Camera) -> float:
    """The elevation in radians, 0 to 90 degrees; exactly level and exactly plumb views are moved by a hair.

    At those, a plane that is seen from its edge would divide by zero.
    """
    return math.radians(min(90.0 - _NEAREST, max(_NEAREST, camera.elevation)))
