"""Draws scenes: a map of two variables, a curve of one."""

from __future__ import annotations

from .curve_picture import draw_curve
from .look import Look
from .map_picture import draw_map
from .picture import Picture, Scene


def draw_picture(scene: Scene, width: int, height: int, look: Look, complete: bool = True) -> Picture:
    """Return the picture of a scene in ``width`` x ``height`` cells.

    With ``complete`` false the axes are left out, so that plotext is not needed: the first picture of all comes
    a fifth of a second earlier.
    """
    if scene.surface.dimension == 1:
        return draw_curve(scene, width, height, look, complete)
    return draw_map(scene, width, height, look, complete)
