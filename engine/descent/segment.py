"""What a run's history is made of beside its iterates: settings that begin to hold, steps taken apart, its end."""

from typing import NamedTuple

from ..arrays import Array
from ..optimizers.optimizer import State
from ..optimizers.oracle import Call, Evaluations
from .settings import RunSettings


class Segment(NamedTuple):
    """The settings from one position on; ``origin`` is where the schedule's clock stands at zero."""

    start: int
    settings: RunSettings
    origin: int = 0
    fresh: bool = False
    """Whether the optimizer starts here with empty buffers."""


class Ending(NamedTuple):
    """The first point that is not finite, or whose value is not; the run can't go on to it."""

    position: int
    x: Array
    value: float


class Trace(NamedTuple):
    """One step that was made aside: the state after it, the questions asked for it, and their count so far."""

    state: State
    calls: tuple[Call, ...]
    evaluations: Evaluations
