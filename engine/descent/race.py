"""A race: up to eight runs on one surface from one start, stepped in lockstep."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import numpy as np

from ..optimizers.oracle import Evaluations
from .history import Path
from .refusal import refuse
from .run import Run
from .settings import RunSettings

MOST_RUNNERS = 8
TOLERANCE = 1e-3
"""Share of the start's height above the lowest value that is left where a runner has arrived."""
_CHUNK = 16


class RaceError(ValueError):
    """Something that can't be done to a race, in one sentence."""


class Clock(Enum):
    """What the runners have the same number of; the value is the word on screen."""

    STEPS = "steps"
    WORK = "gradient evaluations"


def work(evaluations: Evaluations, dimension: int) -> float:
    """Return evaluations as a number of gradients: f a third, Hv two, H two for each variable.

    A gradient by reverse differentiation costs about as much as three values, a product with the Hessian two
    gradients (Griewank and Walther, Evaluating Derivatives, 2008; Pearlmutter, 1994).
    """
    hessians = evaluations.hessian_vector + dimension * evaluations.hessian
    return evaluations.gradient + evaluations.value / 3.0 + 2.0 * hessians


@dataclass
class Runner:
    """One run of a race; ``number`` (1 to 8) is its mark on screen and ``colour`` a place in the palette (0 to 7)."""

    run: Run
    number: int
    colour: int
    muted: bool = False

    @property
    def work(self) -> float:
        """What its steps have cost so far, in gradient evaluations."""
        return work(self.run.evaluations, self.run.start.size)

    def work_at(self, position: int) -> float:
        """Return what the steps to a position cost, in gradient evaluations."""
        return work(self.run.checkpoint(position).evaluations, self.run.start.size)


class Arrival(NamedTuple):
    """Where a runner first came within the tolerance; ``exact`` is False where only some iterates are recorded."""

    steps: int
    work: float
    exact: bool


class Standing(NamedTuple):
    """How a runner stands in the race: by value, and when it came within the tolerance, if it did."""

    runner: Runner
    value: float
    arrival: Arrival | None
    fastest: bool


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
        self._budget = 0.0

    @classmethod
    def of(cls, runners: Sequence[Runner], clock: Clock = Clock.STEPS) -> "Race":
        """Return a race of these runners, at least one, their numbers ascending; the first is selected."""
        race = cls(runners[0].run)
        race.runners, race.clock = list(runners), clock
        race._budget = max(runner.work for runner in runners)
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
        self._budget = 0.0
        return reasons

    def restart(self) -> None:
        """Let all begin again from the start, each with the settings it has."""
        for runner in self.runners:
            refuse(runner.run.surface, runner.run.settings, runner.run.start)
        for runner in self.runners:
            runner.run.restart()
        self._budget = 0.0

    # Moving.

    def catch_up(self, runner: Runner, deadline: float) -> None:
        """Bring one runner to where the others are, until ``time.perf_counter()`` passes the deadline."""
        others = [each for each in self.runners if each is not runner]
        if self.clock is Clock.STEPS:
            runner.run.advance(max(each.run.position for each in others) - runner.run.position, deadline)
            return
        self._budget = max(each.work for each in others)
        while runner.work < self._budget and time.perf_counter() < deadline and runner.run.step():
            pass

    def switch_clock(self) -> Clock:
        """Go on in lockstep by the other clock; runners that are behind by it catch up."""
        self.clock = Clock.WORK if self.clock is Clock.STEPS else Clock.STEPS
        self._budget = max(runner.work for runner in self.runners)
        return self.clock

    def step(self, count: int = 1) -> int:
        """Go ``count`` ticks of the clock on; return how many were made."""
        return self.advance(count, math.inf)

    def advance(self, count: int, deadline: float) -> int:
        """Go up to ``count`` ticks on, until ``time.perf_counter()`` passes the deadline; return how many."""
        if self.alone:
            return self.run.advance(count, deadline)
        made = 0
        while made < count and not self.ended:
            ticks = 1 if self.clock is Clock.WORK else min(_CHUNK, count - made)
            before = self.position
            if not (self._work_on(deadline) if self.clock is Clock.WORK else self._steps_on(ticks, deadline)):
                break
            made += ticks if self.clock is Clock.WORK else max(1, self.position - before)
            if made < count and time.perf_counter() >= deadline:
                break
        return made

    def _steps_on(self, ticks: int, deadline: float) -> bool:
        """Bring every runner ``ticks`` positions beyond the first of them; return whether one moved."""
        target = self.position + ticks
        moved = False
        for runner in self.runners:
            moved |= runner.run.advance(target - runner.run.position, deadline) > 0
        return moved

    def _work_on(self, deadline: float) -> bool:
        """Let every runner do one gradient evaluation more than the others have; return whether one moved."""
        active = [runner for runner in self.runners if not runner.run.ended]
        # A tick in which nobody is due is skipped.
        self._budget = max(self._budget + 1.0, math.floor(min(runner.work for runner in active)) + 1.0)
        moved = False
        for runner in active:
            while runner.work < self._budget and runner.run.step():
                moved = True
                if time.perf_counter() >= deadline:
                    break
        return moved

    def back(self, count: int = 1) -> None:
        """Go ``count`` ticks of the clock back."""
        if self.alone or self.clock is Clock.STEPS:
            self.jump(self.position - count)
            return
        before = [runner.run.position for runner in self.runners]
        self._budget -= count
        self._stand_at_budget()
        if before == [runner.run.position for runner in self.runners]:
            # Nobody's step ended in those ticks: the last one that did is undone.
            self._budget = max((r.work_at(r.run.position - 1) for r in self.runners if r.run.position), default=0.0)
            self._stand_at_budget()

    def _stand_at_budget(self) -> None:
        self._budget = max(0.0, self._budget)
        for runner in self.runners:
            low, high = 0, runner.run.position
            while low < high:
                middle = (low + high) // 2
                if runner.work_at(middle) >= self._budget:
                    high = middle
                else:
                    low = middle + 1
            runner.run.jump(low)

    def jump(self, position: int) -> None:
        """Bring every runner to a position, or to the nearest it has."""
        for runner in self.runners:
            runner.run.jump(position)
        self._budget = max(runner.work for runner in self.runners)

    # How they stand.

    def standings(self, floor: float | None, tolerance: float = TOLERANCE) -> tuple[Standing, ...]:
        """Return the runners, the lowest value first; ``floor`` is the surface's minimum where it is known.

        A runner has arrived where f ≤ f_L + tolerance·(f(start) − f_L), f_L the floor or the lowest value any
        of them has met (the test of Moré and Wild, 2009); the one that needed the fewest steps, or by the
        clock of work the least work, is the fastest.
        """
        paths = [runner.run.path for runner in self.runners]
        lowest = min(float(np.min(path.values, where=np.isfinite(path.values), initial=math.inf)) for path in paths)
        lowest = lowest if floor is None else min(lowest, floor)
        start = float(paths[0].values[0])
        goal = lowest + tolerance * (start - lowest)
        arrivals = [_arrival(runner, path, goal) for runner, path in zip(self.runners, paths, strict=True)]
        by_work = self.clock is Clock.WORK
        counts = [a.work if by_work else a.steps for a in arrivals if a is not None]
        best = min(counts, default=None)
        standings = [
            Standing(r, r.run.value, a, a is not None and (a.work if by_work else a.steps) == best)
            for r, a in zip(self.runners, arrivals, strict=True)
        ]
        return tuple(sorted(standings, key=_rank))


def _arrival(runner: Runner, path: Path, goal: float) -> Arrival | None:
    there = np.flatnonzero(path.values <= goal)
    if not len(there):
        return None
    position = int(path.steps[int(there[0])])
    return Arrival(position, runner.work_at(position), runner.run.record_stride == 1)


def _rank(standing: Standing) -> tuple[bool, float, int]:
    """Ended runs come last, then by value."""
    run = standing.runner.run
    return (run.ended or not math.isfinite(standing.value), standing.value, standing.runner.number)


_FULL = f"a race has at most {MOST_RUNNERS} runners; x removes one"
