"""A surface in three dimensions: wires over shaded bands, what is hidden left out, in a box with scales."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..views import Camera
from .braille import ACROSS, DOWN, pattern_chars
from .cells import DEFAULT, Cells, ColourDepth, Colours, Flags
from .horizon import Sight, sight
from .look import Look
from .palette import pack, pack_all, to_oklab, with_lightness
from .picture import Picture
from .projection import Projection, projection
from .ramps import ramp_colours, readable_on
from .relief_frame import Label, frame
from .terrain import Terrain
from .wires import Traced, mesh

_LIGHTS = 6
"""Steps of brightness: few, so that neighbouring cells often share a colour and a turn costs few bytes."""

_WEIGHTS = (1 << np.array([[0, 3], [1, 4], [2, 5], [6, 7]])).astype(np.uint8)


@dataclass(frozen=True, eq=False)
class Relief(Picture):
    """A drawn relief: a picture whose viewport counts dots from its middle, and what is seen at each of them."""

    land: Terrain
    screen: Projection
    seen: Sight

    def point_at(self, column: int, row: int) -> tuple[float, float] | None:
        """Return the point of the world that is seen in a cell of the plot area, None beside the terrain."""
        view = self.viewport
        if not (0 <= column < view.columns and 0 <= row < view.rows):
            return None
        area = (slice(row * DOWN, row * DOWN + DOWN), slice(column * ACROSS, column * ACROSS + ACROSS))
        covered = self.seen.covered[area]
        if not covered.any():
            return None
        middle = np.argsort(self.seen.depth[area][covered], kind="stable")[int(covered.sum()) // 2]
        u, v = (part[area][covered][middle : middle + 1] for part in (self.seen.u, self.seen.v))
        x, y = self.screen.world(u, v)[0].tolist()
        return x, y


def draw_relief(
    land: Terrain, camera: Camera, width: int, height: int, look: Look, *, lines_only: bool = False
) -> Relief:
    """Return the picture of a terrain from a camera in ``width`` × ``height`` cells.

    Shaded faces are drawn where there are 256 colours or more, unless ``lines_only``. Nothing here raises.
    """
    width, height = max(1, width), max(1, height)
    margins = (7, 3, 1, 2) if width >= 36 and height >= 12 else (0, 0, 0, 0)
    screen = projection(camera, land.view, land.scale, width, height, margins)
    seen = sight(land, screen)
    every = _spacing(land, screen, look)
    wires = mesh(land, screen, seen, every)
    faces = not lines_only and look.depth in (ColourDepth.TRUECOLOR, ColourDepth.EIGHT_BIT)
    lines, labels = frame(land, screen, seen, look, framed=margins[0] > 0)
    cells = _compose(land, seen, wires, lines, look, faces)
    cells = _lettered(cells, labels, pack(look.theme.map.axis))
    return Relief(cells, screen.viewport, 0, 0, land.levels, True, land, screen, seen)


def _spacing(land: Terrain, screen: Projection, look: Look) -> int:
    """Return on every how many of the grid's lines a wire lies, so that wires stay apart on the screen."""
    apart = {"braille": 5.0, "block": 7.0, "ascii": 9.0}[look.glyphs.name]
    wanted = max(1.0, 2.0 * screen.scale / apart)
    divisors = [k for k in range(1, land.pieces + 1) if land.pieces % k == 0]
    fitting = [k for k in divisors if land.pieces / k <= wanted]
    return min(fitting, default=land.pieces)


class _Inks(NamedTuple):
    """Colours of wires and faces: (sides, bands, lights), the upper side first."""

    wires: Colours
    faces: Colours
    bare: Colours
    """Wires on no face, (sides, bands)."""


def _compose(land: Terrain, seen: Sight, wires: Traced, frame: Flags, look: Look, faces: bool) -> Cells:
    shape = seen.covered.shape
    rows, columns = shape[0] // DOWN, shape[1] // ACROSS
    inks = _inks(look.theme.map.ramp, len(land.levels.values) + 1, look.theme.ui.background)
    steps = land.scale.heights(np.asarray(land.levels.values, dtype=np.float64))
    cells = Cells.blank(columns, rows, fg=pack(look.theme.map.axis))
    covered = _blocks(seen.covered)
    count = covered.sum(axis=(2, 3))
    light = _mean(seen.light, covered, count)
    level = _mean(seen.height, covered, count)
    under = (_blocks(seen.under).sum(axis=(2, 3)) * 2 > count).astype(np.intp)
    step = np.clip(light * _LIGHTS, 0, _LIGHTS - 1).astype(np.intp)
    band = np.searchsorted(steps, level)
    shaded = faces & (count * 2 > ACROSS * DOWN)
    cells.bg[shaded] = inks.faces[under, band, step][shaded]

    lit = np.zeros(shape, dtype=np.bool_)
    at = wires.rows[wires.seen], wires.columns[wires.seen]
    lit[at] = True
    outline = _outline(seen) & ~lit
    height = np.zeros(shape)
    height[at] = wires.tag[wires.seen]
    height[outline] = seen.height[outline]
    lit |= outline
    dots = _blocks(lit)
    total = dots.sum(axis=(2, 3))
    there = total > 0
    drawn = np.searchsorted(steps, _mean(height, dots, total))
    ink = np.where(shaded, inks.wires[under, drawn, step], inks.bare[under, drawn])
    cells.fg[there] = ink[there]
    patterns = (_blocks(lit | frame) * _WEIGHTS).sum(axis=(2, 3), dtype=np.uint8)
    cells.chars[...] = pattern_chars(patterns, look.glyphs)
    return cells


def _outline(seen: Sight) -> Flags:
    """Return the dots along which something nearer ends before something farther, or before nothing."""
    depth = np.where(seen.covered, seen.depth, 1e9)
    edge = np.zeros(depth.shape, dtype=np.bool_)
    for axis in (0, 1):
        gap = np.diff(depth, axis=axis)
        here = [slice(None), slice(None)]
        there = [slice(None), slice(None)]
        here[axis], there[axis] = slice(0, -1), slice(1, None)
        edge[tuple(here)] |= gap > _STEP
        edge[tuple(there)] |= gap < -_STEP
    return edge & seen.covered


_STEP = 0.2
"""From this jump in depth on, in units of the box, an edge is drawn."""


def _blocks(dots: NDArray[np.generic]) -> NDArray[np.generic]:
    """Return a raster as (rows, columns, 4, 2): the dots of each cell."""
    rows, columns = dots.shape[0] // DOWN, dots.shape[1] // ACROSS
    return dots.reshape(rows, DOWN, columns, ACROSS).swapaxes(1, 2)


def _mean(raster: NDArray[np.float64], where: NDArray[np.generic], count: NDArray[np.generic]) -> NDArray[np.float64]:
    """The mean of each cell's dots where they count, 0 where none does."""
    total = np.where(where, _blocks(raster), 0.0).sum(axis=(2, 3))
    return np.asarray(total / np.maximum(count, 1))


@lru_cache(maxsize=32)
def _inks(ramp: tuple[str, ...], bands: int, background: str) -> _Inks:
    """Mix the colours of faces and wires; the underside is duller, as if in shade."""
    lab = to_oklab(ramp_colours(ramp, bands))
    ground = to_oklab(pack(background))
    dark = ground[0] < 0.5
    lights = (np.arange(_LIGHTS) + 0.5) / _LIGHTS
    sides = []
    for chroma, strength in ((0.9, 0.62), (0.45, 0.34)):
        faces = np.repeat(lab[:, None, :], _LIGHTS, axis=1) * [1.0, chroma, chroma]
        # In the dark a face sinks into the background, be that black or white.
        mixed = ground + (strength * (0.45 + 0.75 * lights))[:, None] * (faces - ground)
        mixed[..., 1:] = faces[..., 1:] * (0.55 + 0.45 * lights)[:, None]
        sides.append(with_lightness(mixed))
    faces_ = np.stack(sides)
    over = to_oklab(faces_)
    over[..., 0] = np.clip(over[..., 0] + (0.2 if dark else -0.2), 0.0, 1.0)
    over[..., 1:] *= 1.15
    bare = np.stack((lab, lab * [1.0, 0.4, 0.4]))
    bare[1] = ground + 0.55 * (bare[1] - ground)
    grounds = np.full(bare.shape[:2], pack(background), dtype=np.int32)
    return _Inks(with_lightness(over), faces_, readable_on(with_lightness(bare), grounds, 0.2))


def _lettered(cells: Cells, labels: list[Label], ink: int) -> Cells:
    for label in labels:
        cells = cells.write(label.column, label.row, label.text, ink)
    return cells
