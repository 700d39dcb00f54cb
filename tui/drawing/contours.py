"""The level lines of a map: of which quantity, at which levels, in which colours, and the numbers on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from curvtui.engine.sampling.curvature_map import CurvatureMap, curvature_map
from curvtui.engine.sampling.grid import Grid, grid
from curvtui.engine.sampling.levels import Levels, contour_levels
from curvtui.engine.sampling.lines import contour_lines

from ..views import Ground, MapStyle
from .bands import MapColours, lines_alone, map_colours
from .cells import DEFAULT, ColourDepth, Colours
from .curvature_ground import ground_texts
from .curvature_levels import MEASURED, ground_levels
from .level_lines import Lines
from .look import Look
from .numbers import short_number
from .palette import pack, to_oklab, with_lightness
from .picture import Scene
from .viewport import Viewport

FINEST = 161
"""Most nodes an axis of the grid from which level lines are traced."""

_FAINT = {"braille": 0.16, "ascii": 0.16, "block": 0.08}
"""By how much in lightness faint lines differ from their ground: a block has more ink than dots or a letter."""


@dataclass(frozen=True, eq=False)
class Contours:
    """What a map's lines are made of: ``values`` on a fine grid, and ``levels`` of f chosen from them.

    ``curvature`` is sampled on the same grid where the ground is one of curvature, and ``own`` are that ground's
    levels; None where the ground is f, or measures nothing.
    """

    values: Grid
    levels: Levels
    curvature: CurvatureMap | None = None
    own: tuple[float, ...] | None = None

    def scale(self, style: MapStyle, look: Look) -> tuple[str, ...]:
        """Return the numbers that a colour bar beside the map shows, lowest first; empty for none."""
        if style.ground is Ground.VALUES:
            return tuple(level_texts(self.levels, look))
        return () if self.own is None else ground_texts(self.own, look)


def contours(scene: Scene, viewport: Viewport) -> Contours:
    """Sample a scene for its lines, about as finely as the dots of a plot area lie."""
    columns = min(FINEST, 2 * viewport.columns + 1)
    rows = min(FINEST, 3 * viewport.rows + 1)
    fine = grid(scene.surface, scene.view, columns, rows)
    levels = contour_levels(fine.values, scene.style.levels, scene.style.method, scene.through)
    ground = scene.style.ground
    if ground in (Ground.VALUES, Ground.BASINS):
        return Contours(fine, levels)
    found = curvature_map(scene.surface, *fine.axes)
    own = ground_levels(ground, found, scene.style.levels) if ground in MEASURED else None
    return Contours(fine, levels, found, own)


def lines_of_f(found: Contours, style: MapStyle, look: Look) -> Lines:
    """Return the level lines of f that a map shows.

    None where colours mean a number of curvature, whose own lines are drawn then, unless the local model's lines
    are to be compared with them; and none where characters tell the classes of a map apart, which they would hide.
    """
    few = look.depth in (ColourDepth.NONE, ColourDepth.STANDARD) or style.lines_only
    other = style.ground is not Ground.VALUES
    if other and ((few and not style.model) or (found.own is not None and not style.model)):
        return []
    return contour_lines(found.values.axes[0], found.values.axes[1], found.values.values, found.levels.values)


def value_colours(levels: Levels, style: MapStyle, look: Look) -> MapColours:
    """Return the colours of the level lines of f and of its bands, where the ground is f."""
    colours, ground = look.theme.map, look.theme.ui.background
    count = len(levels.values)
    if style.ground is not Ground.VALUES:
        # Colours mean something else there.
        axis = np.full(count, pack(colours.axis), dtype=np.int32)
        return MapColours(axis, np.full(count + 1, DEFAULT, dtype=np.int32))
    if style.lines_only or look.depth is ColourDepth.NONE:
        return lines_alone(colours.ramp, count, ground, look.depth)
    return map_colours(colours.ramp, count, ground, colours.band_strength, look.depth)


def faint(grounds: Colours, look: Look) -> Colours:
    """Return colours (…) for lines over grounds (…) that are there for orientation alone."""
    lab = to_oklab(np.where(grounds == DEFAULT, pack(look.theme.ui.background), grounds).astype(np.int32))
    apart = _FAINT[look.glyphs.name]
    # As ink is on paper: darker than what is light, and lighter than what is dark.
    lab[..., 0] += np.where(lab[..., 0] > _LIGHT, -apart, apart)
    return with_lightness(lab)


_LIGHT = 0.6


def level_texts(levels: Levels, look: Look) -> list[str]:
    """Return the levels' numbers, with as many digits as tell neighbours apart.

    Where seven don't, deep in a zoom, the lowest is written out and the others say how far above it they are.
    """
    values: Sequence[float] = levels.values
    for digits in range(2, 8):
        texts = [short_number(value, look.glyphs, digits) for value in values]
        if len(set(texts)) == len(texts):
            return texts
    return texts[:1] + [f"+{short_number(value - values[0], look.glyphs, 2)}" for value in values[1:]]
