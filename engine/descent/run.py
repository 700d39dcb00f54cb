"""A run: an optimizer on a surface from a start, with time as a dial."""

import itertools
import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from ..arrays import Array
from ..curvature.report import PointReport, report_at
from ..optimizers.optimizer import State
from ..optimizers.oracle import Call, Evaluations, Landscape
from .history import Checkpoint, Path
from .refusal import refuse
from .segment import Ending, Segment, Trace
from .settings import RunSettings
from .timeline import Timeline

T = TypeVar("T")

RECENT = 24
"""Steps that are looked back on."""

_SERIALS = itertools.count()


class Run:
    """The history of one descent: step, step back, jump, change settings, branch; all exactly repeatable.

    ``position`` counts steps from the start; ``length`` is the highest position reached and not
    discarded. Steps inside ``[0, length]`` reproduce what is there, bit for bit. Raises ValueError
    if the start has not one number a variable, `SettingError` if the optimizer can't step from it.
    """

    def __init__(self, surface: Landscape, settings: RunSettings, start: Sequence[float] | Array) -> None:
        point = np.array(start, dtype=np.float64)
        dimension = getattr(surface, "dimension", point.size)
        if point.shape != (dimension,):
            raise ValueError(f"a start needs {dimension} numbers, one a variable; {point.size} were given")
        point.flags.writeable = False
        self.surface = surface
        self.start = point
        self.version = 0
        self._serial = next(_SERIALS)
        self._value: float | None = None
        self._gradient: Array | None = None
        self._answers: dict[Callable[[Run], Any], Any] = {}
        refuse(surface, settings, point)
        self._begin(settings)

    def _begin(self, settings: RunSettings) -> None:
        first = Checkpoint(0, settings.method.init(self.start, settings.values), Evaluations())
        self._timeline = Timeline(self.surface, settings, first)
        self.ending: Ending | None = None
        self._place(first)
        self._timeline.history.append(first, self.value, self.gradient_norm)
        if not _finite(self.start, self.value):
            self.ending = Ending(0, self.start, self.value)

    # Where the run is.

    @property
    def key(self) -> tuple[int, int]:
        """What tells this run, and what has become of it so far, from every other of this process."""
        return self._serial, self.version

    @property
    def position(self) -> int:
        """The number of steps between the start and here."""
        return self._here.position

    @property
    def length(self) -> int:
        """The highest position that can be jumped to."""
        return self._timeline.tip.position

    @property
    def settings(self) -> RunSettings:
        """The settings of the next step from here."""
        return self._timeline.segment_at(self.position).settings

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The settings over time: the first from position 0, each change an event after it."""
        return self._timeline.segments

    @property
    def values_now(self) -> Mapping[str, float]:
        """The hyperparameters of the next step, with the schedule's factor in ``lr``."""
        return self._timeline.values_at(self.position)

    @property
    def schedule_factor(self) -> float:
        """The schedule's factor on the learning rate of the next step."""
        segment = self._timeline.segment_at(self.position)
        return segment.settings.schedule.factor(self.position - segment.origin)

    @property
    def ended(self) -> bool:
        """Whether no step leads on from here, because the next point is not finite."""
        return self.ending is not None and self.position == self.length

    @property
    def state(self) -> State:
        """The optimizer's state here: the point and the buffers."""
        return self._here.state

    @property
    def x(self) -> Array:
        """The iterate here, ``(n,)``."""
        return self._here.state.x

    @property
    def value(self) -> float:
        """f here."""
        if self._value is None:
            self._value = float(self.surface.value_at(self.x.tolist()))
        return self._value

    @property
    def gradient(self) -> Array:
        """The exact gradient here, ``(n,)``, without noise or clipping."""
        if self._gradient is None:
            self._gradient = np.array(self.surface.gradient_at(self.x.tolist()), dtype=np.float64)
        return self._gradient

    @property
    def gradient_norm(self) -> float:
        """‖∇f‖ here."""
        return math.hypot(*self.gradient.tolist())

    @property
    def report(self) -> PointReport:
        """Value, derivatives, curvature and verdict here, without noise or clipping."""
        return self.once(_report)

    @property
    def evaluations(self) -> Evaluations:
        """What the optimizer has asked of the surface from the start to here."""
        return self._here.evaluations

    @property
    def path(self) -> Path:
        """The recorded iterates from the start to here."""
        return self._timeline.history.path(self.position, self.x, self.value, self.gradient_norm)

    @property
    def full_path(self) -> Path:
        """The recorded iterates from the start to ``length``, what was stepped back over included."""
        return self.path if self.position == self.length else self._timeline.whole

    @property
    def recent(self) -> Path:
        """Every iterate of the last steps, at most `RECENT` of them, with the one here."""
        return self.once(_recent)

    @property
    def record_stride(self) -> int:
        """How many steps lie between recorded iterates: 1 until the memory limit is reached."""
        return self._timeline.history.stride

    def once(self, question: Callable[["Run"], T]) -> T:
        """Return the answer to a question about where the run stands, worked out once for all who ask it here."""
        if question not in self._answers:
            self._answers[question] = question(self)
        answer: T = self._answers[question]
        return answer

    # Moving.

    def step(self, count: int = 1) -> int:
        """Go ``count`` steps on, fewer if the next point is not finite; return how many were made."""
        return self.advance(count, math.inf)

    def advance(self, count: int, deadline: float) -> int:
        """Go up to ``count`` steps on, until ``time.perf_counter()`` passes the deadline; return how many."""
        made = 0
        while made < count and self._step():
            made += 1
            if made < count and time.perf_counter() >= deadline:
                break
        self.version += made > 0
        return made

    def back(self, count: int = 1) -> int:
        """Go up to ``count`` steps back; return how many."""
        before = self.position
        self.jump(before - count)
        return before - self.position

    def jump(self, position: int) -> None:
        """Go to a position, or to the nearest one there is."""
        position = max(0, min(position, self.length))
        if position != self.position:
            self._place(self.checkpoint(position))
            self.version += 1

    def restart(self) -> None:
        """Go to the start and forget the rest; the settings in force here are kept.

        Raises `SettingError`, and changes nothing, if their optimizer can't step from the start.
        """
        refuse(self.surface, self.settings, self.start)
        self._begin(self.settings)
        self.version += 1

    def change(self, settings: RunSettings) -> None:
        """Use other settings from here on: an event of the history, which ends here for now.

        Buffers are kept, unless the optimizer changes, or with the weight decay the surface that it sees; the
        schedule's clock runs on, unless it or the optimizer changes. Raises `SettingError`, and changes
        nothing, if the new optimizer can't step from here.
        """
        here = self.position
        if settings == self.settings:
            return
        if here == 0 or settings.optimizer != self.settings.optimizer:
            refuse(self.surface, settings, self.x)
        if here == 0:
            self._begin(settings)
        else:
            self.ending = None
            self._place(self._timeline.change(here, settings))
        self.version += 1

    def branch(self, at: int | None = None) -> "Run":
        """Return a run of its own with this one's past up to position ``at`` (default: here)."""
        other = object.__new__(Run)
        other.__dict__.update(self.__dict__)
        other.jump(self.position if at is None else at)
        other.ending = self.ending if other.position == self.length else None
        other._timeline = self._timeline.upto(other._here)
        other._place(other._here)
        other.version, other._serial = 0, next(_SERIALS)
        return other

    def iterate(self, position: int) -> Array:
        """Return the point at a position in ``[0, length]``, recomputed where it is not recorded."""
        return self.checkpoint(position).state.x

    def checkpoint(self, position: int) -> Checkpoint:
        """Return all that the run knew at a position in ``[0, length]``, recomputed where it is not recorded."""
        return self._timeline.checkpoint(max(0, min(position, self.length)), self._here)

    def stretch(self, first: int) -> Path:
        """Return every iterate from a position to here, recomputed where it is not recorded."""
        return self._timeline.stretch(max(0, first), self._here)

    def values_at(self, position: int) -> Mapping[str, float]:
        """Return the hyperparameters of the step from a position, with the schedule's factor in ``lr``."""
        return self._timeline.values_at(position)

    def settings_at(self, position: int) -> RunSettings:
        """Return the settings of the step from a position."""
        return self._timeline.segment_at(position).settings

    def trace(self, state: State | None = None) -> Trace:
        """Make the next step aside, with every question to the surface written down; the run stays where it is.

        ``state`` stands in for the run's own, to see what a step would be without some of its memory.
        """
        settings = self.settings
        calls: list[Call] = []
        oracle = self._timeline.oracle(settings, self.evaluations, calls)
        oracle.begin(self.position)
        return Trace(
            settings.method.step(self.state if state is None else state, oracle, self.values_now),
            tuple(calls),
            oracle.evaluations,
        )

    # Inside.

    def _place(self, checkpoint: Checkpoint) -> None:
        """Stand at a checkpoint; what is measured there is computed when it is asked for."""
        self._here = checkpoint
        self._value = None
        self._gradient = None
        self._answers = {}
        self._oracle_segment = self._timeline.segment_at(checkpoint.position)
        self._oracle = self._timeline.oracle(self._oracle_segment.settings, checkpoint.evaluations)

    def _step(self) -> bool:
        here, timeline = self._here, self._timeline
        position = here.position + 1
        if self.ended:
            return False
        self._answers = {}
        segment = timeline.segment_at(here.position)
        if segment is not self._oracle_segment:
            self._oracle = timeline.oracle(segment.settings, here.evaluations)
            self._oracle_segment = segment
        oracle = self._oracle
        if self._gradient is not None:
            oracle.know(here.state.x, self._gradient)
        settings = segment.settings
        oracle.begin(here.position)
        state = settings.method.step(here.state, oracle, settings.values_at(here.position - segment.origin))
        point = state.x.tolist()
        value = float(self.surface.value_at(point)) if all(map(math.isfinite, point)) else math.nan
        if not math.isfinite(value):
            oracle.evaluations = here.evaluations
            self.ending = Ending(position, state.x, value)
            return False
        self._here = Checkpoint(position, state, oracle.evaluations)
        self._value = value
        self._gradient = None
        if position > timeline.tip.position:
            timeline.tip = self._here
            if position % timeline.history.stride == 0:
                timeline.history.append(self._here, value, self.gradient_norm)
        elif len(timeline.segments) > 1:
            self._here = timeline.entered(self._here)
        return True


def _report(run: Run) -> PointReport:
    return report_at(run.surface, run.x)


def _recent(run: Run) -> Path:
    return run.stretch(run.position - RECENT)


def _finite(x: Array, value: float) -> bool:
    return math.isfinite(value) and all(map(math.isfinite, x.tolist()))
