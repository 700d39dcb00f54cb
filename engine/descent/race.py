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
            _work_up(runner, _tick_of(others), deadline)
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
        now = _tick_of(self.runners) if self._tick is None else self._tick
        late = False
        for runner in active:
            _work_up(runner, now, deadline)
            late |= runner.work < now and not runner.run.ended
        if late:
            self._tick = now
            return
        # A tick in which nobody is due is skipped.
        self._tick = max(now, math.floor(min(runner.work for runner in active))) + 1
        for runner in active:
            _work_up(runner, self._tick, math.inf)

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
                    positions[index] = _reached(runner, self._tick, positions[index] - 1)
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
            places = [_reached(runner, tick, runner.run.length) for runner in self.runners]
        for runner, place in zip(self.runners, places, strict=True):
            runner.run.jump(place)
        self._tick = None

    # How they stand.

    def standings(self, floor: float | None, tolerance: float = TOLERANCE) -> tuple[Standing, ...]:
        """Return the runners, the lowest value first; ``floor`` is the surface's minimum where it is known.

        A runner has arrived where f ≤ f_L + tolerance·(f(start) − f_L), f_L the floor or the lowest value any
        of them has met (the test of Moré and Wild, 2009); nobody has while none has met a lower one than the
        start's and the floor is unknown. Who needed the fewest steps, or by the clock of work the least work,
        is the fastest.
        """
        paths = [runner.run.path for runner in self.runners]
        lowest = min(float(np.min(path.values, where=np.isfinite(path.values), initial=math.inf)) for path in paths)
        lowest = lowest if floor is None else min(lowest, floor)
        start = float(paths[0].values[0])
        # Each by itself: their difference may be beyond all numbers.
        goal = lowest + (tolerance * start - tolerance * lowest)
        if not math.isfinite(goal) or (floor is None and lowest >= start):
            goal = math.nan
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
    value = standing.value if math.isfinite(standing.value) else math.inf
    return standing.runner.run.ended or value == math.inf, value, standing.runner.number


def _tick_of(runners: Sequence[Runner]) -> int:
    """The first tick of the clock of work at which all have begun the steps that they have made.

    At tick k a runner stands at its first position with work k or more, so that where the runners stand is a
    function of k alone. Several ticks may have them at the same places; what follows does not depend on which.
    """
    return max((1 + math.floor(r.work_at(r.run.position - 1)) for r in runners if r.run.position), default=0)


def _work_up(runner: Runner, tick: int, deadline: float) -> None:
    """Let a runner make steps until it has done the work of a tick."""
    while runner.work < tick and runner.run.step() and time.perf_counter() < deadline:
        pass


def _reached(runner: Runner, tick: int, most: int) -> int:
    """The first position with the work of a tick, ``most`` where none before it has."""
    low, high = 0, most
    while low < high:
        middle = (low + high) // 2
        if runner.work_at(middle) >= tick:
            high = middle
        else:
            low = middle + 1
    return low


_FULL = f"a race has at most {MOST_RUNNERS} runners; x removes one"
