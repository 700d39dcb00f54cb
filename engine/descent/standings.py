"""How the runners of a race stand: who is lowest, and who came near the minimum first."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .history import Path
from .runner import Clock, Runner

TOLERANCE = 1e-3
"""Share of the start's height above the lowest value that is left where a runner has arrived."""


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


def standings(
    runners: Sequence[Runner], clock: Clock, floor: float | None, tolerance: float = TOLERANCE
) -> tuple[Standing, ...]:
    """Return the runners, the lowest value first; ``floor`` is the surface's minimum where it is known.

    A runner has arrived where f ≤ f_L + tolerance·(f(start) − f_L), f_L the floor or the lowest value any
    of them has met (the test of Moré and Wild, 2009); nobody has while none has met a lower one than the
    start's and the floor is unknown. Who needed the fewest steps, or by the clock of work the least work,
    is the fastest.
    """
    paths = [runner.run.path for runner in runners]
    lowest = min(float(np.min(path.values, where=np.isfinite(path.values), initial=math.inf)) for path in paths)
    lowest = lowest if floor is None else min(lowest, floor)
    start = float(paths[0].values[0])
    # Each by itself: their difference may be beyond all numbers.
    goal = lowest + (tolerance * start - tolerance * lowest)
    if not math.isfinite(goal) or (floor is None and lowest >= start):
        goal = math.nan
    arrivals = [_arrival(runner, path, goal) for runner, path in zip(runners, paths, strict=True)]
    by_work = clock is Clock.WORK
    counts = [a.work if by_work else a.steps for a in arrivals if a is not None]
    best = min(counts, default=None)
    standings = [
        Standing(r, r.run.value, a, a is not None and (a.work if by_work else a.steps) == best)
        for r, a in zip(runners, arrivals, strict=True)
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
