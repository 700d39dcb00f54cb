"""One run of a race, what its steps cost, and where it stands at a tick of the race's clock."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from ..optimizers.oracle import Evaluations
from .run import Run


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


def tick_of(runners: Sequence[Runner]) -> int:
    """Return the first tick of the clock of work at which all have begun the steps that they have made.

    At tick k a runner stands at its first position with work k or more, so that where the runners stand is a
    function of k alone. Several ticks may have them at the same places; what follows does not depend on which.
    """
    return max((1 + math.floor(r.work_at(r.run.position - 1)) for r in runners if r.run.position), default=0)


def work_up(runner: Runner, tick: int, deadline: float) -> None:
    """Let a runner make steps until it has done the work of a tick."""
    while runner.work < tick and runner.run.step() and time.perf_counter() < deadline:
        pass


def reached(runner: Runner, tick: int, most: int) -> int:
    """Return the first position with the work of a tick, ``most`` where none before it has."""
    low, high = 0, most
    while low < high:
        middle = (low + high) // 2
        if runner.work_at(middle) >= tick:
            high = middle
        else:
            low = middle + 1
    return low
