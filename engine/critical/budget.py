"""How much work may be done, and the clock that watches over it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """How much work may be done: seconds of time, and boxes looked at.

    ``seconds_a_point`` is what the caller will need for each critical point found; it is part of ``seconds``.
    """

    seconds: float = 2.0
    boxes: int = 5_000_000
    seconds_a_point: float = 0.0


class Clock:
    """Says when to stop: the budget is used up, or the caller cancelled."""

    def __init__(self, budget: Budget, cancelled: Callable[[], bool] | None = None) -> None:
        self._budget = budget
        self._cancelled = cancelled
        self._start = time.perf_counter()
        self._end = self._start + budget.seconds
        self._boxes = budget.boxes
        self.stopped = False

    def cancelled(self) -> bool:
        """Whether the caller wants no answer any more."""
        return self._cancelled is not None and self._cancelled()

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self._start

    @property
    def left(self) -> float:
        """Seconds that are left, not below 0."""
        return max(self._end - time.perf_counter(), 0.0)

    def part(self, share: float) -> Clock:
        """Return a clock for one task: it stops after this share of the time that is left, or with this one."""
        return Clock(Budget(self.left * share, self._budget.boxes), self.stop)

    def charge(self, seconds: float) -> None:
        """Stop this much sooner: there will be so much to do afterwards."""
        self._end -= seconds

    def stop(self, boxes: int = 0) -> bool:
        """Count ``boxes`` as looked at, and return whether to stop."""
        self._boxes -= boxes
        if not self.stopped:
            self.stopped = (
                self._boxes < 0
                or time.perf_counter() > self._end
                or (self._cancelled is not None and self._cancelled())
            )
        return self.stopped
