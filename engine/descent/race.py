"""A race: up to eight runs on one surface from one start, stepped in lockstep."""

import math
import time
from collections.abc import Callable, Sequence

from .refusal import refuse
from .run import Run
from .runner import Clock, Runner, reached, tick_of, work, work_up
from .settings import RunSettings
from .standings import TOLERANCE, Arrival, Standing, standings

__all__ = ["MOST_RUNNERS", "TOLERANCE", "Arrival", "Clock", "Race", "RaceError", "Runner", "Standing", "work"]

MOST_RUNNERS = 8
_CHUNK = 16


class RaceError(ValueError):
    """Something that can't be done to a race, in one sentence."""


class Race:
    """Runs that are stepped together, forward and back; with one runner it is just that run.

    ``selected`` is the index of the runner that settings and panels are about. By the clock of steps all
    runners stand at the same position; by that of work, each makes steps until it has done as many gradient
    evaluations as the others, so that a costly step is followed by a wait. One that has ended stays where
    it is. Methods raise `RaceError` or `SettingError` for what can't be done, and then change nothing.
    """

    def __init__(self, run: Run) -> None:
        self.runners = [Runner(run, 1, 0)]
        self.selected = 0
        self.solo: int | None = None
        self.clock = Clock.STEPS
        self._tick: int | None = None

    @classmethod
    def of(cls, runners: Sequence[Runner], clock: Clock = Clock.STEPS) -> "Race":
        """Return a race of these runners, at least one, their numbers ascending; the first is selected."""
        race = cls(runners[0].run)
        race.runners, race.clock = list(runners), clock
        return race

    @property
    def run(self) -> Run:
        """The selected runner's run."""
        return self.runners[self.selected].run

    @property
    def alone(self) -> bool:
        """Whether there is one runner only."""
        return len(self.runners) == 1

    @property
    def position(self) -> int:
        """The highest position of a runner."""
        return max(runner.run.position for runner in self.runners)

    @property
    def length(self) -> int:
        """The highest position that some runner can jump to."""
        return max(runner.run.length for runner in self.runners)

    @property
    def ended(self) -> bool:
        """Whether no runner can go on."""
        return all(runner.run.ended for runner in self.runners)

    @property
    def key(self) -> tuple[tuple[int, int], ...]:
        """What tells two states of the race's runs apart."""
        return tuple(runner.run.key for runner in self.runners)

    def shown(self) -> tuple[Runner, ...]:
        """Return the runners to be drawn: all that are not muted, or the one that is solo."""
        if self.solo is not None:
            return tuple(runner for runner in self.runners if runner.number == self.solo)
        return tuple(runner for runner in self.runners if not runner.muted)

    # Who takes part.

    def add(self, settings: RunSettings) -> Runner:
        """Add a runner from the common start; it goes on to where the others are with the next steps."""
        return self._join(Run(self.run.surface, settings, self.run.start))

    def branch(self, settings: RunSettings) -> Runner:
        """Add a runner with the selected one's past and other settings from here on."""
        if len(self.runners) >= MOST_RUNNERS:
            raise RaceError(_FULL)
        run = self.run.branch()
        run.change(settings)
        return self._join(run)

    def join(self, run: Run) -> Runner:
        """Add a run that is there already, such as one from a file."""
        return self._join(run)

    def _join(self, run: Run) -> Runner:
        if len(self.runners) >= MOST_RUNNERS:
            raise RaceError(_FULL)
        numbers = {runner.number for runner in self.runners}
        number = next(n for n in range(1, MOST_RUNNERS + 1) if n not in numbers)
        runner = Runner(run, number, self._free_colour(number - 1))
        self.runners.append(runner)
        self.runners.sort(key=lambda each: each.number)
        self.selected = self.runners.index(runner)
        self.solo = None
        self._tick = None
        return runner

    def _free_colour(self, wanted: int) -> int:
        """The wanted colour, or the first after it that no runner has."""
        taken = {runner.colour for runner in self.runners}
        return next(
            (wanted + i) % MOST_RUNNERS for i in range(MOST_RUNNERS) if (wanted + i) % MOST_RUNNERS not in taken
        )

    def remove(self) -> None:
        """Take the selected runner out; the last one stays."""
        if self.alone:
            raise RaceError("the last runner can't be removed")
        gone = self.runners.pop(self.selected)
        self.selected = min(self.selected, len(self.runners) - 1)
        self._tick = None
        if self.solo == gone.number:
            self.solo = None

    def select(self, number: int) -> None:
        """Let settings and panels be about the runner of this number."""
        index = next((i for i, runner in enumerate(self.runners) if runner.number == number), None)
        if index is None:
            raise RaceError(f"there is no runner {number}; A adds one")
        self.selected = index

    def toggle_muted(self) -> None:
        """Hide the selected runner on the map and in the curves, or show it again; it goes on running."""
        runner = self.runners[self.selected]
        runner.muted = not runner.muted

    def toggle_solo(self) -> None:
        """Show the selected runner alone, or all again."""
        number = self.runners[self.selected].number
        self.solo = None if self.solo == number else number

    def recolour(self) -> None:
        """Give the selected runner the next colour that no other has."""
        runner = self.runners[self.selected]
        if len(self.runners) < MOST_RUNNERS:
            runner.colour = self._free_colour((runner.colour + 1) % MOST_RUNNERS)

    def replace_runs(self, remade: Callable[[Run], Run]) -> list[str]:
        """Give every runner another run, as on another surface; return why those that can't are left out.

        Raises the selected runner's own error, and then changes nothing.
        """
        chosen = self.runners[self.selected]
        runs = {chosen.number: remade(chosen.run)}
        reasons = []
        for runner in self.runners:
            if runner is not chosen:
                try:
                    runs[runner.number] = remade(runner.run)
                except ValueError as error:
                    reasons.append(f"runner {runner.number} is left out: {error}")
        self.runners = [runner for runner in self.runners if runner.number in runs]
        for runner in self.runners:
            runner.run = runs[runner.number]
        self.selected = self.runners.index(chosen)
        if self.solo not in runs:
            self.solo = None
        self._tick = None
        return reasons

    def restart(self) -> None:
        """Let all begin again from the start, each with the settings it has."""
        for runner in self.runners:
            refuse(runner.run.surface, runner.run.settings, runner.run.start)
        for runner in self.runners:
            runner.run.restart()
        self._tick = None

    # Moving.

    def catch_up(self, runner: Runner, deadline: float) -> None:
        """Bring one runner to where the others are, until ``time.perf_counter()`` passes the deadline."""
        others = [each for each in self.runners if each is not runner]
        if self.clock is Clock.STEPS:
            front = max((each.run.position for each in others), default=0)
            runner.run.advance(front - runner.run.position, deadline)
        else:
            work_up(runner, tick_of(others), deadline)
            self._tick = None

    def switch_clock(self) -> Clock:
        """Go on in lockstep by the other clock; runners that are behind by it catch up."""
        self.clock = Clock.WORK if self.clock is Clock.STEPS else Clock.STEPS
        self._tick = None
        return self.clock

    def step(self, count: int = 1) -> int:
        """Go ``count`` ticks of the clock on; return how many were made."""
        return self.advance(count, math.inf)

    def advance(self, count: int, deadline: float) -> int:
        """Go up to ``count`` ticks on, until ``time.perf_counter()`` passes the deadline; return how many.

        Runners that are behind come first. A tick that was begun is finished, so that all stand together.
        """
        if self.alone:
            self._tick = None
            return self.run.advance(count, deadline)
        made, chunk = 0, 1
        while made < count and not self.ended:
            began = time.perf_counter()
            before = self.position
            if self.clock is Clock.WORK:
                self._work_on(deadline)
                made += 1
            else:
                self._steps_on(min(chunk, count - made), deadline)
                made += max(1, self.position - before)
            now = time.perf_counter()
            if made < count and now >= deadline:
                break
            chunk = min(2 * chunk, _CHUNK) if 4.0 * (now - began) < deadline - now else 1
        return made

    def _steps_on(self, ticks: int, deadline: float) -> None:
        """Bring every runner ``ticks`` positions beyond the first of them."""
        front = self.position
        late = False
        for runner in self.runners:
            runner.run.advance(front - runner.run.position, deadline)
            late |= runner.run.position < front and not runner.run.ended
        if late:
            return
        for runner in self.runners:
            runner.run.step(front + ticks - runner.run.position)

    def _work_on(self, deadline: float) -> None:
        """Let every runner make the steps that are due at the next tick at which one is."""
        active = [runner for runner in self.runners if not runner.run.ended]
        now = tick_of(self.runners) if self._tick is None else self._tick
        late = False
        for runner in active:
            work_up(runner, now, deadline)
            late |= runner.work < now and not runner.run.ended
        if late:
            self._tick = now
            return
        # A tick in which nobody is due is skipped.
        self._tick = max(now, math.floor(min(runner.work for runner in active))) + 1
        for runner in active:
            work_up(runner, self._tick, math.inf)

    def back(self, count: int = 1) -> None:
        """Go ``count`` ticks of the clock back, those in which nobody's step ended left out."""
        if self.alone or self.clock is Clock.STEPS:
            self.jump(self.position - count)
            return
        positions = [runner.run.position for runner in self.runners]
        for _ in range(count):
            spent = [r.work_at(at - 1) if at else -1.0 for r, at in zip(self.runners, positions, strict=True)]
            self._tick = max(0, math.floor(max(spent)))
            for index, runner in enumerate(self.runners):
                if spent[index] >= self._tick:
                    positions[index] = reached(runner, self._tick, positions[index] - 1)
            if not any(positions):
                break
        for runner, position in zip(self.runners, positions, strict=True):
            runner.run.jump(position)

    def jump(self, position: int) -> None:
        """Go to where the first runner came to a position; by the clock of work the others wait behind it.

        A runner that has fewer steps stands at its end, as all do at ``length`` and beyond.
        """
        places = [position for _ in self.runners]
        if self.clock is Clock.WORK and not self.alone and 0 < position < self.length:
            there = [runner for runner in self.runners if runner.run.length >= position]
            tick = 1 + math.floor(min(runner.work_at(position - 1) for runner in there))
            places = [reached(runner, tick, runner.run.length) for runner in self.runners]
        for runner, place in zip(self.runners, places, strict=True):
            runner.run.jump(place)
        self._tick = None

    # How they stand.

    def standings(self, floor: float | None, tolerance: float = TOLERANCE) -> tuple[Standing, ...]:
        """Return the runners, the lowest value first; see :func:`.standings.standings`."""
        return standings(self.runners, self.clock, floor, tolerance)


_FULL = f"a race has at most {MOST_RUNNERS} runners; x removes one"
