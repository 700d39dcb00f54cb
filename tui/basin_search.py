"""The search for basins, in a thread of its own; a newer question ends the older one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from threading import Event
from typing import TYPE_CHECKING, NamedTuple

from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.surface.surface import Box, Surface

from .background import in_background

if TYPE_CHECKING:
    from curvtui.engine.critical.critical_point import CriticalPoint
    from curvtui.engine.descent.basins.picture import Basins

SECONDS = 20.0
"""Time after which runs that have not settled are left as they are."""

QUIET = 0.15
"""Seconds in which no newer question comes before a search begins: the view may be moving still."""


class BasinQuestion(NamedTuple):
    """Where the starts of a view lead: by which settings, for how many columns and rows of starts."""

    surface: Surface
    settings: RunSettings
    view: Box
    columns: int
    rows: int


class BasinAnswer(NamedTuple):
    """What is known so far of a question; ``refusal`` says why the method can't answer it."""

    question: BasinQuestion
    basins: Basins | None
    refusal: str | None = None


class BasinSearch:
    """Answers the newest question, asked from the event loop, by calling ``report`` there as often as more is known."""

    def __init__(self, report: Callable[[BasinAnswer], None]) -> None:
        self._report = report
        self._asked: BasinQuestion | None = None
        self._cancelled = Event()

    def ask(self, question: BasinQuestion, points: tuple[CriticalPoint, ...]) -> None:
        """Begin a search in a moment, unless this very one was asked for last; an older one is given up."""
        if question == self._asked:
            return
        self.stop()
        self._asked = question
        cancelled = self._cancelled = Event()
        loop = asyncio.get_running_loop()

        def tell(answer: BasinAnswer) -> None:
            # The loop may have ended meanwhile, and then nobody wants to know.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._answer, answer, cancelled)

        def search() -> None:
            from curvtui.engine.descent.basins.basins import basins
            from curvtui.engine.optimizers.hyperparameter import SettingError

            try:
                for known in basins(*question, points, seconds=SECONDS, cancelled=cancelled.is_set):
                    tell(BasinAnswer(question, known))
            except SettingError as error:
                tell(BasinAnswer(question, None, str(error)))

        def begin() -> None:
            if not cancelled.is_set():
                in_background(search)

        loop.call_later(QUIET, begin)

    def _answer(self, answer: BasinAnswer, cancelled: Event) -> None:
        if not cancelled.is_set():
            self._report(answer)

    def stop(self) -> None:
        """Give up the search that is under way."""
        self._cancelled.set()
        self._asked = None
