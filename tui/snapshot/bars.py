"""What the header and the status line show."""

from __future__ import annotations

from functools import lru_cache

from curvtui.engine.surface.surface import Surface

from ..drawing.bars import HeaderData, StatusData
from ..drawing.picture import Picture
from ..explorer import Explorer


def header_data(explorer: Explorer) -> HeaderData:
    """Return what the header shows."""
    surface = explorer.surface
    return HeaderData(
        surface.name,
        _pretty(surface),
        surface.formula,
        surface.variables,
        tuple(surface.parameters.items()),
        explorer.view,
    )


@lru_cache(maxsize=8)
def _pretty(surface: Surface) -> str:
    return surface.model.pretty_formula()


def status_data(explorer: Explorer, picture: Picture | None) -> StatusData:
    """Return what the status line shows; ``picture`` is the map as it is drawn."""
    levels = None if picture is None else picture.levels
    return StatusData(
        explorer.playing,
        explorer.playback.speed,
        explorer.cursor,
        explorer.surface.value_at(explorer.cursor),
        "" if levels is None else levels.method.value,
        None if levels is None or not levels.values else (levels.values[0], levels.values[-1], len(levels.values)),
    )
