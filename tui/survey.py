"""The search for all critical points in view, in a thread of its own; a newer question ends the older one."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from threading import Event
from typing import TYPE_CHECKING, NamedTuple

from curvtui.engine.surface.surface import Box, Surface

from .background import in_background

if TYPE_CHECKING:
    from curvtui.engine.critical.analysis import Analysis

QUIET = 0.25
"""Seconds without a new question before a search begins that follows close upon another."""

SECONDS = 2.0
"""Time that a search may take while the user waits."""


class Survey(NamedTuple):
    """What was found of a surface in a view."""

    surface: Surface
    view: Box
    analysis: Analysis


class Surveyor:
    """Answers the newest question, asked from the event loop, by calling ``report`` in that loop.

    Where a view lies in one that was searched to the end, its points are known; only the rest is looked at.
    """

    def __init__(self, report: Callable[[Survey], None]) -> None:
        self._report = report
        self._asked: tuple[Surface, Box] | None = None
        self._known: Analysis | None = None
        self._cancelled = Event()
        self._quiet_until = -math.inf

    def ask(self, surface: Surface, view: Box) -> None:
        """Begin a search, unless this very one was asked for last; an older one is given up."""
        if (surface, view) == self._asked:
            return
        self.stop()
        self._asked = (surface, view)
        cancelled = self._cancelled = Event()
        known = self._known
        loop = asyncio.get_running_loop()

        def search() -> Analysis:
            from curvtui.engine.critical.analysis import analyse_box
            from curvtui.engine.critical.budget import Budget
            from curvtui.engine.critical.narrowed import narrowed

            part = None if known is None else narrowed(known, surface, view, Budget(SECONDS), cancelled.is_set)
            return part or analyse_box(surface, view, Budget(SECONDS), cancelled.is_set)

        def done(future: Future[Analysis]) -> None:
            # The loop may have ended meanwhile, and then nobody wants to know.
            with suppress(RuntimeError):
                if not cancelled.is_set():
                    loop.call_soon_threadsafe(self._answer, surface, view, future, cancelled)

        def begin() -> None:
            if not cancelled.is_set():
                in_background(search).add_done_callback(done)

        if self._quiet_until > loop.time():
            # One view follows the other: only the last of them is worth a search.
            loop.call_later(QUIET, begin)
        else:
            begin()
        self._quiet_until = loop.time() + QUIET

    def _answer(self, surface: Surface, view: Box, future: Future[Analysis], cancelled: Event) -> None:
        if not cancelled.is_set() and future.exception() is None:
            analysis = future.result()
            self._remember(analysis)
            self._report(Survey(surface, view, analysis))

    def _remember(self, analysis: Analysis) -> None:
        """Keep the largest list that is complete, so that zooming out of a zoom is as quick as zooming in."""
        from curvtui.engine.critical.narrowed import is_complete, is_part

        if is_complete(analysis) and not (self._known is not None and is_part(self._known, analysis.surface)):
            self._known = analysis

    def stop(self) -> None:
        """Give up the search that is under way."""
        self._cancelled.set()
        self._asked = None
