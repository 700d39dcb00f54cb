"""The two kinds of event in a run's history: settings that begin to hold, and its end."""

from typing import NamedTuple

from ..arrays import Array
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
