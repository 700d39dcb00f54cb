"""Draws scenes: a map or a relief of two variables, a curve of one."""

from __future__ import annotations

from functools import lru_cache

from curvtui.engine.sampling.levels import LevelMethod
from curvtui.engine.surface.surface import Box, Surface

from .curve_picture import draw_curve
from .look import Look
from .map_picture import draw_map
from .picture import Picture, Scene
from .relief import draw_relief
from .terrain import Terrain, terrain


def draw_picture(scene: Scene, width: int, height: int, look: Look, complete: bool = True) -> Picture:
    """Return the picture of a scene in ``width`` x ``height`` cells.

    With ``complete`` false the axes are left out, so that plotext is not needed: the first picture of all comes
    a fifth of a second earlier.
    """
    if scene.surface.dimension == 1:
        return draw_curve(scene, width, height, look, complete)
    camera = scene.style.camera
    if camera is not None:
        style = scene.style
        land = _land(scene.surface, scene.view, style.method, scene.through, style.levels)
        return draw_relief(land, camera, width, height, look, lines_only=style.lines_only)
    return draw_map(scene, width, height, look, complete)


@lru_cache(maxsize=8)
def _land(surface: Surface, view: Box, method: LevelMethod, through: tuple[float, ...], levels: int) -> Terrain:
    """A turn of the camera is no reason to sample the surface again."""
    return terrain(surface, view, method, through, levels)
