"""What the header and the status line show."""

from __future__ import annotations

from functools import lru_cache

from curvtui.engine.surface.surface import Surface

from ..drawing.bars import HeaderData, StatusData
from ..drawing.picture import Picture
from ..explorer import Explorer
from .rounding import rounds_to_zero


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
    method, values = _levels(picture)
    value = explorer.surface.value_at(explorer.cursor)
    return StatusData(
        explorer.playing,
        explorer.playback.speed,
        explorer.cursor,
        value,
        method,
        (values[0], values[-1], len(values)) if values else None,
        rounds_to_zero(explorer.surface, explorer.cursor, value),
    )


def _levels(picture: Picture | None) -> tuple[str, tuple[float, ...]]:
    """How the levels that a map shows are placed, and which they are."""
    if picture is None or picture.levels is None:
        return "", ()
    if picture.own is not None:
        return "round numbers", picture.own
    return picture.levels.method.value, picture.levels.values
