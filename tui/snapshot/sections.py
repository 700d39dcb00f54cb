"""What the panel of cross-sections shows."""

from __future__ import annotations

from functools import lru_cache

from curvtui.engine.sampling.profiles import Profile, profiles
from curvtui.engine.surface.surface import Box, Surface

from ..drawing.sections_page import SectionsData
from ..explorer import Explorer


def sections_data(explorer: Explorer, selected: int = 0) -> SectionsData:
    """Return the sections through the point that the panels speak of.

    The last one leads from the cursor to the iterate, or from the iterate to the start. ``selected`` may be
    any number: it counts on from the last section to the first.
    """
    surface, here = explorer.surface, explorer.here
    iterate = tuple(explorer.run.x.tolist())
    start = tuple(explorer.run.start.tolist())
    # The iterate before any step is the start itself.
    to_iterate = explorer.at_cursor and explorer.run.position > 0
    other, name = (iterate, "iterate") if to_iterate else (start, "start")
    found = _profiles(surface, here, explorer.view, other)
    source = "cursor" if explorer.at_cursor else "iterate"
    return SectionsData(
        found,
        (surface, here, explorer.view, other),
        here,
        surface.variables,
        source,
        name,
        selected % len(found) if found else 0,
        explorer.at_cursor,
    )


@lru_cache(maxsize=4)
def _profiles(surface: Surface, here: tuple[float, ...], view: Box, other: tuple[float, ...]) -> tuple[Profile, ...]:
    return profiles(surface, here, view, other)
