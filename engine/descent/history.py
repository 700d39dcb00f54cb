"""What a run remembers: every iterate at first, every second, fourth, … once there are too many."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..arrays import Array
from ..optimizers.optimizer import State
from ..optimizers.oracle import Evaluations

MOST_RECORDS = 16_384
FEWEST_RECORDS = 256
MEMORY_BYTES = 64_000_000


class Checkpoint(NamedTuple):
    """All that is needed to go on from one position, bit for bit."""

    position: int
    state: State
    evaluations: Evaluations


class Path(NamedTuple):
    """A stretch of a run, ready to draw: one row for each recorded iterate, positions ascending.

    Read-only arrays that never change afterwards, whatever the run does.
    """

    steps: NDArray[np.int64]
    """Positions, ``(k,)``."""
    iterates: Array
    """Points, ``(k, n)``."""
    values: Array
    """f there, ``(k,)``."""
    gradient_norms: Array
    """‖∇f‖ there, ``(k,)``, without noise."""


def record_limit(state: State) -> int:
    """Return how many records of such a state fit in the memory that a run may take."""
    size = sum(part.nbytes + 112 for part in _parts(state) if isinstance(part, np.ndarray)) + 200
    return max(FEWEST_RECORDS, min(MOST_RECORDS, MEMORY_BYTES // size))


def _parts(state: State) -> tuple[Any, ...]:
    return tuple(state) if isinstance(state, tuple) else ()


class History:
    """Records at positions 0, stride, 2·stride, …; the stride doubles whenever ``limit`` is reached.

    What is left out can be recomputed from the checkpoint before it. Rows once written are never
    written again in the same buffer, so that a `Path` handed out stays as it was.
    """

    def __init__(self, dimension: int, limit: int = MOST_RECORDS) -> None:
        self.stride = 1
        self._limit = limit
        self._count = 0
        self._checkpoints: list[Checkpoint] = []
        # Columns: point, value, gradient norm.
        self._rows = np.empty((min(limit, 256), dimension + 2))

    def __len__(self) -> int:
        return self._count

    @property
    def last(self) -> Checkpoint:
        """The record of the highest position."""
        return self._checkpoints[-1]

    def append(self, checkpoint: Checkpoint, value: float, gradient_norm: float) -> None:
        """Record the position after the last one, which must be a multiple of the stride."""
        if self._count == self._limit:
            self._thin()
            if checkpoint.position % self.stride:
                return
        if self._count == len(self._rows):
            grown = np.empty((min(2 * len(self._rows), self._limit), self._rows.shape[1]))
            grown[: self._count] = self._rows
            self._rows = grown
        row = self._rows[self._count]
        row[:-2] = checkpoint.state.x
        row[-2] = value
        row[-1] = gradient_norm
        self._checkpoints.append(checkpoint)
        self._count += 1

    def _thin(self) -> None:
        kept = self._rows[: self._count : 2]
        rows = np.empty((self._limit, self._rows.shape[1]))
        rows[: len(kept)] = kept
        self._rows, self._count = rows, len(kept)
        self._checkpoints = self._checkpoints[::2]
        self.stride *= 2

    def before(self, position: int) -> Checkpoint:
        """Return the last checkpoint at or before this position."""
        return self._checkpoints[min(position // self.stride, self._count - 1)]

    def measured(self, position: int) -> tuple[float, float] | None:
        """Return the recorded (value, gradient norm) at this position, or None if it is not recorded."""
        index, rest = divmod(position, self.stride)
        if rest or index >= self._count:
            return None
        return float(self._rows[index, -2]), float(self._rows[index, -1])

    def upto(self, position: int) -> "History":
        """Return a history of its own with the records up to this position."""
        short = History(self._rows.shape[1] - 2, self._limit)
        short.stride = self.stride
        short._count = min(position // self.stride + 1, self._count)
        short._rows = self._rows[: short._count].copy()
        short._checkpoints = self._checkpoints[: short._count]
        return short

    def path(self, position: int, x: Array, value: float, gradient_norm: float) -> Path:
        """Return the records up to this position, whose own row is added if it is not recorded."""
        count = min(position // self.stride + 1, self._count)
        rows = self._rows[:count]
        steps = np.arange(count, dtype=np.int64) * self.stride
        if position > steps[-1]:
            rows = np.vstack((rows, np.concatenate((x, (value, gradient_norm)))))
            steps = np.append(steps, np.int64(position))
        view = rows.view()
        view.flags.writeable = False
        steps.flags.writeable = False
        return Path(steps, view[:, :-2], view[:, -2], view[:, -1])
