"""A surface in three dimensions: wires over shaded bands, what is hidden left out, in a box with scales."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from curvtui.engine.arrays import Array

from ..views import Camera
from .braille import ACROSS, DOWN, pattern_chars
from .cells import DEFAULT, Cells, Chars, ColourDepth, Colours, Flags
from .curvature_ground import texture_cells
from .drape import Drape, lit
from .horizon import Sight, sight
from .look import Look
from .palette import pack, to_oklab, with_lightness
from .picture import Picture
from .projection import Projection, projection
from .ramps import ramp_colours, readable_on
from .relief_frame import Label, frame
from .terrain import Terrain
from .wires import mesh

_LIGHTS, _SHADES = 10, 26
"""Steps of brightness and of the ramp: few, so that neighbours often share a colour and a turn costs few bytes."""

_APART = {"braille": 6.5, "block": 9.0, "ascii": 12.0}
"""Dots between wires, by the glyph set."""

_WEIGHTS = (1 << np.array([[0, 3], [1, 4], [2, 5], [6, 7]])).astype(np.uint8)


@dataclass(frozen=True, eq=False, kw_only=True)
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
    land: Terrain,
    camera: Camera,
    width: int,
    height: int,
    look: Look,
    *,
    lines_only: bool = False,
    over: Drape | None = None,
) -> Relief:
    """Return the picture of a terrain from a camera in ``width`` × ``height`` cells.

    Shaded faces are drawn where there are 256 colours or more, unless ``lines_only``. What is ``over`` the
    terrain gives the colours in place of the height, and characters where there are no faces. Nothing here raises.
    """
    width, height = max(1, width), max(1, height)
    margins = (7, 3, 1, 2) if width >= 36 and height >= 12 else (0, 0, 0, 0)
    screen = projection(camera, land.view, land.scale, width, height, margins)
    seen = sight(land, screen)
    faces = not lines_only and look.depth in (ColourDepth.TRUECOLOR, ColourDepth.EIGHT_BIT)
    box, labels = frame(land, screen, seen, look, framed=margins[0] > 0)
    cells = (_shaded if faces else _wired)(land, screen, seen, look, box, over)
    cells = _lettered(cells, labels, pack(look.theme.map.axis))
    return Relief(cells, screen.viewport, 0, 0, land.levels, True, land=land, screen=screen, seen=seen)


def _spacing(land: Terrain, screen: Projection, apart: float) -> int:
    """Return on every how many of the grid's lines a wire lies, for wires so many dots apart on the screen."""
    wanted = max(1.0, 2.0 * screen.scale / apart)
    divisors = [k for k in range(1, land.pieces + 1) if land.pieces % k == 0]
    return min((k for k in divisors if land.pieces / k <= wanted), default=land.pieces)


def _wired(land: Terrain, screen: Projection, seen: Sight, look: Look, frame: Flags, over: Drape | None) -> Cells:
    """Draw wires alone: every cell's dots in the colour of their mean height."""
    inks = _inks(look.theme.map.ramp, look.theme.ui.background)
    wires = mesh(land, screen, seen, _spacing(land, screen, _APART[look.glyphs.name]))
    at = wires.rows[wires.seen], wires.columns[wires.seen]
    lit = np.zeros(frame.shape, dtype=np.bool_)
    lit[at] = True
    height = np.zeros(frame.shape)
    height[at] = wires.tag[wires.seen]
    outline = _outline(seen) & ~_about(lit)
    height[outline] = seen.height[outline]
    lit |= outline
    dots = _blocks(lit)
    count = dots.sum(axis=(2, 3))
    under = (_blocks(seen.under & lit).sum(axis=(2, 3)) * 2 > count).astype(np.intp)
    cells = Cells.blank(count.shape[1], count.shape[0], fg=pack(look.theme.map.axis))
    cells.fg[count > 0] = inks.wires[under, _shade(land, _mean(height, dots, count))][count > 0]
    cells.chars[...] = patterned(lit | frame, look)
    if over is not None:
        covered = _blocks(seen.covered)
        there = covered.sum(axis=(2, 3))
        at = over.places(_mean(seen.u, covered, there), _mean(seen.v, covered, there))
        ink = over.inks[at]
        cells.fg[count > 0] = ink[count > 0]
        marked = texture_cells(there.shape) & (2 * there >= ACROSS * DOWN) & (over.marks[at] != " ")
        cells.chars[marked], cells.fg[marked] = over.marks[at][marked], ink[marked]
    return cells


def _shaded(land: Terrain, screen: Projection, seen: Sight, look: Look, frame: Flags, draped: Drape | None) -> Cells:
    """Draw faces in two halves a cell, and over those that fill their cells a few wires."""
    inks = _inks(look.theme.map.ramp, look.theme.ui.background)
    halves = 1 if look.glyphs.name == "ascii" else 2
    covered = _blocks(seen.covered, halves)
    count = covered.sum(axis=(2, 3))
    shade = _shade(land, _mean(seen.height, covered, count, halves))
    light = np.clip(_mean(seen.light, covered, count, halves) * _LIGHTS, 0, _LIGHTS - 1).astype(np.intp)
    under = (_blocks(seen.under, halves).sum(axis=(2, 3)) * 2 > count).astype(np.intp)
    there = count * 2 * halves >= ACROSS * DOWN
    if draped is None:
        coloured = inks.faces[under, shade, light]
    else:
        at = draped.places(_mean(seen.u, covered, count, halves), _mean(seen.v, covered, count, halves))
        coloured = lit(draped.grounds[at], (light + 0.5) / _LIGHTS, under > 0, look)
    faces = np.where(there, coloured, DEFAULT).astype(np.int32)
    upper, lower = faces[0::halves], faces[halves - 1 :: halves]
    cells = Cells.blank(faces.shape[1], upper.shape[0], fg=pack(look.theme.map.axis))
    cells.chars[...] = patterned(frame, look)
    any_, whole = (upper >= 0) | (lower >= 0), (upper >= 0) & (lower >= 0)
    split = any_ & (upper != lower)
    cells.chars[any_] = " "
    cells.chars[split] = np.where(upper >= 0, "▀", "▄")[split]
    cells.fg[split] = np.where(upper >= 0, upper, lower)[split]
    cells.bg[whole] = lower[whole]
    if look.glyphs.name == "block":
        return cells
    wires = mesh(land, screen, seen, _spacing(land, screen, 2 * _APART[look.glyphs.name]))
    wired = np.zeros(frame.shape, dtype=np.bool_)
    wired[wires.rows[wires.seen], wires.columns[wires.seen]] = True
    # Where the halves belong to different slopes, their border says more than a wire.
    apart = [np.abs(part[0::halves] - part[halves - 1 :: halves]) for part in (under, shade, light)]
    over = whole & (apart[0] == 0) & (apart[1] <= 2) & (apart[2] <= 1) & _blocks(wired).any(axis=(2, 3))
    if draped is not None:
        # A wire must not hide where one class ends.
        over &= draped.grounds[at][0::halves] == draped.grounds[at][halves - 1 :: halves]
    cells.chars[over] = patterned(wired, look)[over]
    middle = shade[0::halves], light[0::halves]
    if draped is not None:
        cells.bg[over] = upper[over]
        cells.fg[over] = _over(to_oklab(upper))[over]
        return cells
    cells.bg[over] = inks.faces[under[0::halves], middle[0], middle[1]][over]
    cells.fg[over] = inks.over[under[0::halves], middle[0], middle[1]][over]
    return cells


def _shade(land: Terrain, heights: Array) -> NDArray[np.intp]:
    """Return the place on the ramp of heights: evenly in the contour levels, as the map from above has it."""
    levels = land.scale.heights(np.asarray(land.levels.values, dtype=np.float64))
    steps = np.concatenate(([0.0], levels, [1.0]))
    shares = np.interp(heights, steps, np.linspace(0.0, 1.0, len(steps)))
    return np.clip(shares * _SHADES, 0, _SHADES - 1).astype(np.intp)


def patterned(dots: Flags, look: Look) -> Chars:
    """Return the cells' characters (rows, columns) for a raster of dots (4 rows, 2 columns)."""
    return pattern_chars((_blocks(dots) * _WEIGHTS).sum(axis=(2, 3), dtype=np.uint8), look.glyphs)


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


def _about(dots: Flags) -> Flags:
    """Return the dots with their neighbours, so that an outline does not double the wire along an edge."""
    wide = dots.copy()
    wide[1:] |= dots[:-1]
    wide[:-1] |= dots[1:]
    tall = wide.copy()
    tall[:, 1:] |= wide[:, :-1]
    tall[:, :-1] |= wide[:, 1:]
    return tall


_STEP = 0.2
"""From this jump in depth on, in units of the box, an edge is drawn."""


def _blocks(dots: NDArray[Any], halves: int = 1) -> NDArray[Any]:
    """Return a raster as (rows, columns, 4, 2), the dots of each cell, or of each half of a cell."""
    down = DOWN // halves
    rows, columns = dots.shape[0] // down, dots.shape[1] // ACROSS
    return dots.reshape(rows, down, columns, ACROSS).swapaxes(1, 2)


def _mean(raster: Array, where: NDArray[Any], count: NDArray[Any], halves: int = 1) -> Array:
    """The mean of each block's dots where they count, 0 where none does."""
    total = np.where(where, _blocks(raster, halves), 0.0).sum(axis=(2, 3))
    return np.asarray(total / np.maximum(count, 1))


class _Inks(NamedTuple):
    """Colours by side (the upper one first) and place on the ramp; those of faces by brightness, too."""

    wires: Colours
    faces: Colours
    over: Colours
    """Wires on a face."""


@lru_cache(maxsize=32)
def _inks(ramp: tuple[str, ...], background: str) -> _Inks:
    """Mix the colours of faces and wires; the underside is duller, as if in shade."""
    lab = to_oklab(ramp_colours(ramp, _SHADES))
    ground = to_oklab(pack(background))
    lights = (np.arange(_LIGHTS) + 0.5) / _LIGHTS
    dark = ground[0] < 0.5
    # A face turned from the lamp sinks into the dark, which on a light screen is not the background.
    shadow = ground if dark else np.array([0.18, 0.0, 0.0])
    least, more = (0.32, 0.58) if dark else (0.66, 0.36)
    sides = []
    for duller, chroma in ((0.0, 1.0), (0.5, 0.5)):
        weights = least + more * lights
        mixed = shadow + weights[:, None] * (lab[:, None, :] - shadow)
        mixed[..., 1:] = lab[:, None, 1:] * (chroma * (0.6 + 0.4 * lights))[:, None]
        mixed[..., 0] += duller * (ground[0] - mixed[..., 0])
        sides.append(with_lightness(mixed))
    faces = np.stack(sides)
    bare = np.stack((lab, ground + 0.55 * (lab * [1.0, 0.4, 0.4] - ground)))
    grounds = np.full(bare.shape[:2], pack(background), dtype=np.int32)
    return _Inks(readable_on(with_lightness(bare), grounds, 0.2), faces, _over(to_oklab(faces)))


def _over(lab: Array) -> Colours:
    """The colours of wires on faces, from the faces' in OKLab."""
    lab = lab.copy()
    lab[..., 0] += np.where(lab[..., 0] < 0.62, 0.16, -0.16)
    return with_lightness(lab)


def _lettered(cells: Cells, labels: list[Label], ink: int) -> Cells:
    for label in labels:
        cells = cells.write(label.column, label.row, label.text, ink)
    return cells
