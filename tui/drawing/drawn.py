"""Draws scenes: a map or a relief of two variables, a curve of one."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from curvtui.engine.sampling.levels import LevelMethod
from curvtui.engine.surface.surface import Box, Surface

from ..views import FieldStyle, Ground
from .cells import Cells, ColourDepth
from .contours import contours
from .curve_picture import draw_curve
from .drape import Drape, drape
from .legend import Explained, explain, legend_rows
from .look import Look
from .map_picture import draw_map, ground_of
from .picture import Picture, Scene
from .relief import draw_relief
from .terrain import PIECES, Terrain, terrain
from .viewport import Viewport


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
        below = legend_rows(style, width, height)
        over = None if style.ground is Ground.VALUES else _drape(_flat(scene), look)
        relief = draw_relief(land, camera, width, height - below, look, lines_only=style.lines_only, over=over)
        if not below:
            return relief
        explained = Explained(0, height - below, width, below, () if over is None else over.entries)
        whole = Cells.blank(width, height).paste(relief.cells, 0, 0)
        return replace(relief, cells=explain(whole, explained, look), explained=explained)
    return draw_map(scene, width, height, look, complete)


def _flat(scene: Scene) -> Scene:
    """The same from above, without what a relief does not show: from every side, one drape."""
    style = replace(scene.style, camera=None, field=FieldStyle.NONE, model=False, lines_only=False)
    return replace(scene, style=style)


@lru_cache(maxsize=4)
def _drape(scene: Scene, look: Look) -> Drape:
    (x0, x1), (y0, y1) = scene.view
    viewport = Viewport(x0, x1, y0, y1, PIECES, PIECES)
    if look.depth is ColourDepth.EIGHT_BIT:
        # Faces are of every colour between; a grey ground with letters would lose its letters.
        look = replace(look, depth=ColourDepth.TRUECOLOR)
    return drape(ground_of(scene, viewport, contours(scene, viewport), look), look)


@lru_cache(maxsize=8)
def _land(surface: Surface, view: Box, method: LevelMethod, through: tuple[float, ...], levels: int) -> Terrain:
    """A turn of the camera is no reason to sample the surface again."""
    return terrain(surface, view, method, through, levels)
