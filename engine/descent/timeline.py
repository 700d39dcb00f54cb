"""What a run has been through: its settings over time, its recorded states, and any state between them again."""

import math
from collections.abc import Mapping

import numpy as np

from ..optimizers.oracle import Call, Evaluations, Landscape, Oracle
from .history import Checkpoint, History, Path, record_limit
from .segment import Segment
from .settings import RunSettings


class Timeline:
    """Settings and states by position, from the start to ``tip``; what is not recorded is computed again, bit for bit.

    ``segments`` are the settings over time: the first from position 0, each change an event after it.
    """

    def __init__(self, surface: Landscape, settings: RunSettings, first: Checkpoint) -> None:
        self.surface = surface
        self.segments: tuple[Segment, ...] = (Segment(0, settings),)
        self.history = History(first.state.x.size, record_limit(first.state))
        self.tip = first

    def upto(self, checkpoint: Checkpoint) -> "Timeline":
        """Return a timeline of its own that ends at a checkpoint of this one."""
        short = object.__new__(Timeline)
        short.surface = self.surface
        short.segments = tuple(each for each in self.segments if each.start <= checkpoint.position)
        short.history = self.history.upto(checkpoint.position)
        short.tip = checkpoint
        return short

    def segment_at(self, position: int) -> Segment:
        """Return the stretch of equal settings that the step from a position belongs to."""
        segments = self.segments
        if len(segments) == 1:
            return segments[0]
        return next(each for each in reversed(segments) if each.start <= position)

    def values_at(self, position: int) -> Mapping[str, float]:
        """Return the hyperparameters of the step from a position, with the schedule's factor in ``lr``."""
        segment = self.segment_at(position)
        return segment.settings.values_at(position - segment.origin)

    def change(self, here: int, settings: RunSettings) -> Checkpoint:
        """Let other settings hold from a position on, forget what came after it, and return the new tip."""
        self.segments = tuple(each for each in self.segments if each.start < here)
        self.history = self.history.upto(here)
        # A second change at one position replaces the first: both start from the state before them.
        raw = self._replay(self.history.before(here), here)
        before = self.segments[-1]
        if settings != before.settings:
            other = settings.optimizer != before.settings.optimizer
            kept = not other and settings.schedule == before.settings.schedule
            # Values and gradients that a method carries over are those of the penalized surface.
            fresh = other or settings.weight_decay != before.settings.weight_decay
            self.segments = (*self.segments, Segment(here, settings, before.origin if kept else here, fresh))
        self.tip = self.entered(raw)
        return self.tip

    def checkpoint(self, position: int, near: Checkpoint | None = None) -> Checkpoint:
        """Return the checkpoint of a position up to the tip's; ``near`` is one that is known beside the recorded."""
        if position == self.tip.position:
            return self.tip
        recorded = self.history.before(position)
        if near is not None and recorded.position < near.position <= position:
            recorded = near
        return self._replay(recorded, position)

    @property
    def whole(self) -> Path:
        """The recorded iterates from the start to the tip."""
        return self.history.path(self.tip.position, self.tip.state.x, *self._measured(self.tip))

    def stretch(self, first: int, last: Checkpoint) -> Path:
        """Return every iterate from a position to a checkpoint, recorded or not."""
        near = self.checkpoint(first, last)
        checkpoints = [near]
        for position in range(first + 1, last.position):
            # Each from the one before it: where few are recorded, none is computed again from far back.
            near = self.checkpoint(position, near)
            checkpoints.append(near)
        checkpoints += [last] if last.position > first else []
        points = np.array([each.state.x for each in checkpoints])
        values, slopes = np.array([self._measured(each) for each in checkpoints]).T
        return Path(np.arange(first, last.position + 1), points, values, slopes)

    def _measured(self, checkpoint: Checkpoint) -> tuple[float, float]:
        """The value and the gradient's norm at a checkpoint, as they are recorded where they are."""
        recorded = self.history.measured(checkpoint.position)
        if recorded is not None:
            return recorded
        point = checkpoint.state.x.tolist()
        return float(self.surface.value_at(point)), math.hypot(*self.surface.gradient_at(point))

    def entered(self, checkpoint: Checkpoint) -> Checkpoint:
        """Return the checkpoint as the settings that begin there take it over."""
        segment = self.segment_at(checkpoint.position)
        if segment.start != checkpoint.position or not segment.fresh:
            return checkpoint
        return checkpoint._replace(state=segment.settings.method.init(checkpoint.state.x, segment.settings.values))

    def oracle(self, settings: RunSettings, evaluations: Evaluations, trace: list[Call] | None = None) -> Oracle:
        """Return what an optimizer with these settings asks, its count begun at ``evaluations``."""
        oracle = settings.oracle(self.surface, trace=trace)
        oracle.evaluations = evaluations
        return oracle

    def _replay(self, near: Checkpoint, position: int) -> Checkpoint:
        """Return the checkpoint of ``position`` by stepping on from one before it."""
        here = self.entered(near)
        while here.position < position:
            segment = self.segment_at(here.position)
            following = [each.start for each in self.segments if each.start > here.position]
            end = min([position, *following])
            settings, state = segment.settings, here.state
            oracle = self.oracle(settings, here.evaluations)
            for at in range(here.position, end):
                oracle.begin(at)
                state = settings.method.step(state, oracle, settings.values_at(at - segment.origin))
            here = self.entered(Checkpoint(end, state, oracle.evaluations))
        return here
