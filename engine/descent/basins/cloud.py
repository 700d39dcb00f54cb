"""Many runs side by side: stepped as one batch, from which those that have ended are taken out."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...arrays import Array, Mask
from ...optimizers.optimizer import State
from ...optimizers.oracle import Landscape
from ..settings import RunSettings
from ..status import STILL
from .fates import Fate, Yardstick, moves
from .polled import Polled

WINDOW = 64
"""The last steps that tell whether a run keeps to one place."""
EVERY = 8
"""Steps between two looks at which runs have ended."""


class Ledger:
    """What is known of every start, by its number: filled in place as clouds go on.

    ``ends`` ``(N, n)`` are the last finite iterates, ``steps`` ``(N,)`` the steps made to them. ``low`` and
    ``high`` ``(N, n)`` bound the last `WINDOW` iterates of runs that go on, ``first`` ``(N, n)`` is the first of
    these; NaN where no run went on as long.
    """

    def __init__(self, starts: Array) -> None:
        count = len(starts)
        self.starts = starts
        self.fates = np.full(count, Fate.WAITING, dtype=np.int8)
        self.ends = starts.copy()
        self.steps = np.zeros(count, dtype=np.int64)
        self.low = np.full(starts.shape, np.nan)
        self.high = np.full(starts.shape, np.nan)
        self.first = np.full(starts.shape, np.nan)


class Cloud:
    """Runs from some of the ledger's starts, all at the same step.

    Every particle draws the noise that a single run with these settings draws, so that it goes where that
    one goes.
    """

    def __init__(
        self,
        ledger: Ledger,
        ids: NDArray[np.intp],
        yardstick: Yardstick,
        cancelled: Callable[[], bool],
    ) -> None:
        settings = yardstick.settings
        self._ledger = ledger
        self._yardstick = yardstick
        self._settings: RunSettings = settings
        self._method = settings.method
        surface: Landscape = Polled(yardstick.surface, cancelled)
        self._oracle = settings.oracle(surface, particle=None)
        self._surface = surface
        self.position = 0
        self.ids = ids
        starts = ledger.starts[ids]
        self._value = surface.value(starts)
        self._state: Any = self._method.init(starts, settings.values)
        self._before = starts
        self._earlier: Array | None = None
        self._still = np.zeros(len(ids), dtype=np.int64)
        self._rises = np.zeros(len(ids), dtype=np.int64)
        self._low = self._high = self._first = starts
        fates = yardstick.at_start(self._value)
        ledger.fates[ids] = fates
        self._keep(fates == Fate.RUNNING)

    @property
    def size(self) -> int:
        """The runs that go on."""
        return len(self.ids)

    def advance(self, until: int) -> None:
        """Step to position ``until``, and write down what has become of each run; raises `NotWanted`."""
        while self.size and self.position < until:
            if self.position == until - WINDOW:
                self._low = self._high = self._first = self._state.x
            self._step()
            if self.size and (self.position % EVERY == 0 or self.position == until):
                self._look(last=self.position == until)
        ledger, ids = self._ledger, self.ids
        ledger.ends[ids] = self._state.x
        ledger.steps[ids] = self.position
        ledger.low[ids], ledger.high[ids] = self._low, self._high
        ledger.first[ids] = self._first

    def _step(self) -> None:
        state = self._state
        self._oracle.begin(self.position)
        after = self._method.step(state, self._oracle, self._settings.values_at(self.position))
        value = self._surface.value(after.x)
        finite = np.isfinite(value) & every(np.isfinite(after.x))
        if not finite.all():
            ended = ~finite
            fates = self._yardstick.ended(state.x[ended], after.x[ended], value[ended])
            self._write(ended, fates, state.x)
        self._earlier = self._before if self.position else None
        self._before = state.x
        self._rises = np.where(value > self._value, self._rises + 1, 0)
        self._still = np.where(every(after.x == state.x), self._still + 1, 0)
        self._state, self._value = after, value
        self.position += 1
        self._low = np.minimum(self._low, after.x)
        self._high = np.maximum(self._high, after.x)
        self._keep(finite)

    def _look(self, last: bool) -> None:
        x = self._state.x
        # What is written down of the others is what a single run is called at this very step.
        fates = self._yardstick.critical(x, np.zeros(self.size) if last else moves(x, self._before))
        on = fates == Fate.RUNNING
        out = on & self._yardstick.outward(x, self._before, self._earlier, self._rises, self.position)
        # A plateau far outside, where f has faded to a constant, is no place to arrive at either.
        fates[out | ((fates == Fate.SETTLED_FLAT) & self._yardstick.far(x))] = Fate.DIVERGED
        if self._settings.noise == 0:
            # By the rule for single runs; that a schedule may move it again later is not waited for.
            fates[on & ~out & (self._still >= STILL)] = Fate.STALLED
        ended = fates != Fate.RUNNING
        if ended.any():
            self._write(ended, fates[ended], x)
            self._keep(~ended)

    def _write(self, ended: Mask, fates: Array, points: Array) -> None:
        ids = self.ids[ended]
        self._ledger.fates[ids] = fates
        self._ledger.ends[ids] = points[ended]
        self._ledger.steps[ids] = self.position

    def _keep(self, kept: Mask) -> None:
        if kept.all():
            return
        count = len(self.ids)
        self._state = taken(self._state, kept, count)
        self._value, self._before, self._still = self._value[kept], self._before[kept], self._still[kept]
        self._earlier = None if self._earlier is None else self._earlier[kept]
        self._rises, self._low, self._high = self._rises[kept], self._low[kept], self._high[kept]
        self._first = self._first[kept]
        self.ids = self.ids[kept]


def every(truths: Mask) -> Mask:
    """Return whether all of each row ``(m, n)`` is true, ``(m,)``: column by column, ten times as fast as ``all``."""
    result = truths[:, 0]
    for column in range(1, truths.shape[1]):
        result = result & truths[:, column]
    return result


def taken(state: State, kept: Mask, count: int) -> Any:
    """Return an optimizer's state for some of its ``count`` particles; numbers that all share stay."""
    return type(state)(*(_taken(part, kept, count) for part in state))  # type: ignore[attr-defined]


def _taken(part: Any, kept: Mask, count: int) -> Any:
    if isinstance(part, tuple):
        return type(part)(*(_taken(each, kept, count) for each in part))
    if isinstance(part, np.ndarray) and part.ndim and len(part) == count:
        return part[kept]
    return part
