"""A race that runs by itself: how fast, until when."""

from __future__ import annotations

import math
import time

from curvtui.engine.arrays import Array
from curvtui.engine.descent.race import Race
from curvtui.engine.descent.status import Status, judge

SPEEDS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
"""Iterations a second that playback can be set to."""

FRAME_SECONDS = 0.008
"""Longest time that one frame of playback may step for, so that a key press never waits."""

JUST_NOW = 0.4
"""Seconds after playback ended by itself in which a key that would begin it again is taken for a pause."""


class Playback:
    """Whether a race runs by itself, and how fast."""

    def __init__(self) -> None:
        self.speed = 20
        self._on = False
        self._came_to_rest = -math.inf
        self._owed = 0.0
        self._from: Status | None = None

    def running(self, race: Race) -> bool:
        """Return whether the race runs by itself; what can't go on does not."""
        return self._on and not race.ended

    def stop(self) -> None:
        """Stop running."""
        self._on = False

    def reset(self) -> None:
        """Stop, for a race that has nothing to do with the last one."""
        self._on = False
        self._from = None

    def toggle(self, race: Race) -> bool:
        """Run or pause; return whether it runs now. Raises ValueError for a race that has ended."""
        if self.running(race):
            self.stop()
            return False
        if time.perf_counter() - self._came_to_rest < JUST_NOW:
            # Meant as a pause, a moment too late.
            return False
        if race.ended:
            raise ValueError(f"the run has ended: {judge(race.run).sentence}; step back, or choose a start")
        self._on = True
        self._owed = 1.0
        self._from = judge(race.run).status
        return True

    def advance(self, race: Race, seconds: float) -> bool:
        """Make the steps that are due after ``seconds``; return whether it goes on.

        Playback ends by itself when the run can't go on, or comes to rest; a run that was at rest already
        when it was started goes on, and so does a noisy one.
        """
        if not self.running(race):
            return False
        self._owed += min(seconds, 0.25) * self.speed
        due = int(self._owed)
        before = race.run.x
        if due:
            made = race.advance(due, time.perf_counter() + FRAME_SECONDS)
            # What the machine can't do in time is given up, not put off: pausing must work at once.
            self._owed = self._owed - due if made == due else 0.0
        if race.ended or (due and race.alone and _rests_at(race, before)):
            self._on = False
        elif due and race.alone and self._from is Status.RUNNING:
            status = judge(race.run).status
            self._on = status in (Status.RUNNING, Status.DIVERGED)
        going = self.running(race)
        if not going:
            self._came_to_rest = time.perf_counter()
        return going

    def change_speed(self, steps: int) -> None:
        """Go ``steps`` notches faster (or slower)."""
        nearest = min(range(len(SPEEDS)), key=lambda i: abs(SPEEDS[i] - self.speed))
        self.speed = SPEEDS[max(0, min(len(SPEEDS) - 1, nearest + steps))]


def _rests_at(race: Race, before: Array) -> bool:
    """Whether no step leads anywhere; a rejected trial step is no rest, the next one is shorter."""
    run = race.run
    rejected = not getattr(run.state, "accepted", True)
    return run.settings.noise == 0 and not rejected and bool((run.x == before).all())
