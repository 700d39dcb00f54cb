"""A widget whose cells are drawn in the drawing thread, since plotext takes longer than a key press may."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, cast

from ..drawing.look import Look
from ..later import later
from .cells_view import CellsView

if TYPE_CHECKING:
    from ..app import CurvtuiApp

Data = TypeVar("Data")
Draft = TypeVar("Draft")


class Order(NamedTuple, Generic[Data]):
    """What is to be drawn: two equal orders give the same drawing."""

    data: Data
    width: int
    height: int
    look: Look


class DraftedView(CellsView, Generic[Data, Draft]):
    """Draws the latest order in the app's one drawing thread; what came between is never drawn.

    However fast the data changes, there is one drawing at a time, and at most ``1 / pause`` a second. Where a
    drawing takes no longer than ``patience``, it comes to the screen in one update with all else that is new.
    """

    pause = 0.0
    """Shortest time from one drawing to the next, in seconds."""

    patience = 0.0
    """Longest time that the screen waits for a drawing, in seconds."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._data: Data | None = None
        self._ordered: Order[Data] | None = None
        self._drawn: Order[Data] | None = None
        self._drawing = False
        self._drawn_at = -math.inf
        self._late: asyncio.TimerHandle | None = None
        self._held: ExitStack | None = None
        self._done: list[ExitStack] = []
        self._together = False

    def draft(self, order: Order[Data]) -> Draft:
        """Draw an order; called in the drawing thread, so it must be pure."""
        raise TypeError(f"{type(self).__name__} must say how it is drawn")

    def receive(self, order: Order[Data], draft: Draft) -> None:
        """Take a finished drawing; called in the app's own thread."""
        raise TypeError(f"{type(self).__name__} must say what becomes of a drawing")

    def show(self, data: Data, *, together: bool = True) -> None:
        """Show new data as soon as it is drawn; with ``together``, what else is new waits for it for a moment."""
        self._data, self._together = data, together
        self.redraw()
        self._together = False

    @property
    def settled(self) -> bool:
        """Whether what is on the screen is what was last asked for."""
        return self._ordered is not None and self._drawn == self._ordered

    def redraw(self) -> None:
        """Order a drawing of the data, if what is shown is not just that."""
        width, height = self.room
        if self._data is None or width < 1 or height < 1:
            return
        order = Order(self._data, width, height, self.look)
        if order == self._ordered:
            return
        self._ordered = order
        if self._drawing:
            return
        if time.monotonic() - self._drawn_at >= self.pause:
            self._begin()
        elif self._late is None:
            # The next order will most likely come in time, and bring the drawing to the screen with what else is new.
            self._late = later(self, 1.5 * self.pause, self._begin_late)

    def _begin_late(self) -> None:
        self._late = None
        if not self._drawing and self._drawn != self._ordered:
            self._begin()

    def _begin(self) -> None:
        self._drawing = True
        if self._drawn is None:
            # What is there already goes to the screen first: plotext's import takes the processor for long.
            self.call_after_refresh(self._draw)
        else:
            if self._together:
                self._hold()
            self._draw()

    def _draw(self) -> None:
        # Not its coroutine: a worker that is given up before it begins would leave one that is never awaited.
        work: Callable[[], Any] = self._work
        self.run_worker(work, exit_on_error=False)

    async def _work(self) -> None:
        app = cast("CurvtuiApp", self.app)
        executor: Executor = app.drawing_thread
        loop = asyncio.get_running_loop()
        try:
            while self._drawn != self._ordered:
                order = self._ordered
                assert order is not None
                try:
                    draft = await loop.run_in_executor(executor, self.draft, order)
                except Exception as error:  # noqa: BLE001 - whatever it is, the user must know
                    # What can't be drawn must not end the program, nor stand as if it were what was asked for.
                    self._drawn = order
                    app.complain(f"this can't be drawn: {error}")
                    continue
                self._drawn = order
                # A drawing for another size would be cut off; the next one is already ordered.
                if (order.width, order.height) == self.room:
                    self.receive(order, draft)
                self._drawn_at = time.monotonic()
                if self.pause:
                    break
        finally:
            self._drawing = False
            if self._held is not None:
                self._done.append(self._held)
                self._held = None
                self.check_idle()
        if self._drawn != self._ordered and self._late is None:
            self._late = later(self, 1.5 * self.pause, self._begin_late)

    def on_unmount(self) -> None:
        """Draw nothing more."""
        if self._late is not None:
            self._late.cancel()

    # The screen waits.

    def _hold(self) -> None:
        """Let the screen wait with what else is new."""
        if self.patience and self._held is None:
            self._held = ExitStack()
            self._held.enter_context(self.app.batch_update())
            later(self, self.patience, partial(self._release, self._held))

    def on_idle(self) -> None:
        """Let the screen go on once it has been told that there is a new drawing, which Textual does now."""
        while self._done:
            self.call_next(partial(self._release, self._done.pop()))

    def _release(self, held: ExitStack) -> None:
        # Closed twice, by the drawing and by the end of patience, it is left once.
        held.close()
        if self.is_attached:
            self.screen.check_idle()
