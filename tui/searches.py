"""What is searched in the background: the critical points in view, and the basins where they are shown."""

from __future__ import annotations

from collections.abc import Callable

from .basin_search import BasinAnswer, BasinQuestion, BasinSearch
from .explorer import Explorer
from .survey import Survey, Surveyor


class Searches:
    """Keeps both searches at the newest question; nothing is searched before `begin` nor after `stop`."""

    def __init__(self, surveyed: Callable[[Survey], None], basins_found: Callable[[BasinAnswer], None]) -> None:
        self._surveyor = Surveyor(surveyed)
        self._basins = BasinSearch(basins_found)
        self._going = False

    def begin(self) -> None:
        """Answer questions from now on."""
        self._going = True

    def ask(self, explorer: Explorer, basins: BasinQuestion | None) -> None:
        """Search the explorer's view, and the basins if they are asked for, unless that was asked last."""
        if not self._going:
            return
        self._surveyor.ask(explorer.surface, explorer.view)
        if basins is None:
            self._basins.stop()
        elif explorer.analysis is not None:
            self._basins.ask(basins, explorer.analysis.points)

    def stop(self) -> None:
        """Give up what is under way, and search no more."""
        self._going = False
        self._surveyor.stop()
        self._basins.stop()
