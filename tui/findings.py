"""What searches in the background have found: critical points of views, and basins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.surface.surface import Box, Surface

if TYPE_CHECKING:
    from curvtui.engine.critical.analysis import Analysis
    from curvtui.engine.descent.basins.picture import Basins

    from .basin_search import BasinAnswer
    from .survey import Survey

MOST_FOUND = 5_000
"""Most critical points of one view that are remembered."""


class Findings:
    """The last answers of the searches; each is given out only for the question that it answers."""

    def __init__(self) -> None:
        self._survey: Survey | None = None
        self._basins: BasinAnswer | None = None
        self._points: dict[tuple[float, ...], None] = {}

    def take(self, survey: Survey) -> None:
        """Remember what was found of a view, and its points beside those of other views of the same surface."""
        if self.known(survey.surface) is None:
            self._points = {}
        self._survey = survey
        self._points |= {point.point: None for point in survey.analysis.points[:MOST_FOUND]}

    def known(self, surface: Surface) -> Analysis | None:
        """Return what is proved of the view of a surface that was searched last."""
        survey = self._survey
        return None if survey is None or survey.surface != surface else survey.analysis

    def analysis(self, surface: Surface, view: Box) -> Analysis | None:
        """Return what is proved of a view, None while it is being searched."""
        survey = self._survey
        return None if survey is None or survey.view != view else self.known(surface)

    def points(self, surface: Surface) -> list[tuple[float, ...]]:
        """Return the critical points of a surface that were found in any view."""
        return [] if self.known(surface) is None else list(self._points)

    def take_basins(self, answer: BasinAnswer) -> list[str]:
        """Remember what was found of the basins; return what is to be told of it, once a question."""
        before, self._basins = self._basins, answer
        news = before is None or before.question != answer.question
        return [answer.refusal] if answer.refusal is not None and news else []

    def basins(self, surface: Surface, settings: RunSettings, view: Box) -> Basins | None:
        """Return what is known of where the starts of a view lead with these settings, None before anything is."""
        answer = self._basins
        if answer is None:
            return None
        asked = answer.question
        return answer.basins if (asked.surface, asked.settings, asked.view) == (surface, settings, view) else None
