"""The map's base picture: what is drawn of a surface over a view, without what moves on it."""

from __future__ import annotations

from dataclasses import dataclass

from curvtui.engine.descent.basins.picture import Basins
from curvtui.engine.sampling.levels import Levels
from curvtui.engine.surface.surface import Box, Surface

from ..views import PLAIN, MapStyle
from .cells import Cells
from .legend import Explained
from .viewport import Viewport


@dataclass(frozen=True)
class Scene:
    """What a base picture shows: a surface over a view, and in which style."""

    surface: Surface
    view: Box
    style: MapStyle = PLAIN
    through: tuple[float, ...] = ()
    """Values that a level should pass through, such as a saddle's."""
    basins: Basins | None = None
    """What is known of the basins in view, where the style shows them."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A drawn scene: the plot area's cells begin at column ``left`` and row ``top`` of ``cells``.

    In two variables the viewport is the view; in one it is the view along x and the curve's range along y.
    """

    cells: Cells
    viewport: Viewport
    left: int
    top: int
    levels: Levels | None
    complete: bool
    explained: Explained | None = None
    own: tuple[float, ...] | None = None
    """The levels of a map of curvature, whose lines are drawn in place of those of f."""
