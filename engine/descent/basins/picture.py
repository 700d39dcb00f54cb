"""What is known of a view's basins at some moment."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...arrays import Array, Mask
from ...critical.critical_point import Kind

UNCONVERGED = -1
"""The run has not settled within the steps that were made."""
DIVERGED = -2
"""The run went to infinity, or f overflowed."""
UNDEFINED = -3
"""f is undefined at the start."""
LEFT = -4
"""The run came to where f, its gradient or its Hessian is undefined."""
OTHERS = -5
"""The run settled at a destination that is not listed."""
UNKNOWN = -6
"""Nothing is known yet; only in pictures before the first level is complete."""


class Destination(NamedTuple):
    """Where runs end.

    ``share`` is the part of all starts whose runs settled there, ``around`` the part of those that stay
    around it without settling, as noise and steps of a fixed length make them. ``kind`` is None where it is
    no critical point of f: a kink, or the fixed point that weight decay makes. ``curve``: one of many points
    of a flat valley, all of which count as one destination. ``number`` is the position in the critical
    points that were given, None for another.
    """

    point: tuple[float, ...]
    value: float
    kind: Kind | None
    share: float
    around: float
    curve: bool
    number: int | None


@dataclass(frozen=True, eq=False)
class Basins:
    """Where the runs from the cells' centres lead, as far as it is known; rows go down, as on a screen.

    ``labels`` ``(rows, columns)`` are positions in ``destinations``, or one of the negative codes of this
    module. ``around`` ``(rows, columns)`` is, for an unconverged run that keeps to one small region, the
    destination in it, else −1. ``steps`` ``(rows, columns)`` counts the steps until a run settled or ended,
    or made so far. ``known`` tells cells with a run of their own from those that show a neighbour's.
    ``starts`` are the cells' centres: x ``(columns,)``, and y ``(rows,)`` going down unless there is one
    variable only. Shares are of the cells that are known. ``budget`` is the number of steps that runs were
    given at least. ``progress`` goes from 0 to 1; ``complete`` is its end.
    """

    labels: NDArray[np.int16]
    around: NDArray[np.int16]
    steps: NDArray[np.int64]
    known: Mask
    starts: tuple[Array, ...]
    destinations: tuple[Destination, ...]
    unconverged: float
    diverged: float
    undefined: float
    left: float
    others: float
    others_count: int
    budget: int
    progress: float
    complete: bool

    def start(self, column: int, row: int) -> tuple[float, ...]:
        """Return the point that a cell's run starts from."""
        return tuple(float(axis[index]) for axis, index in zip(self.starts, (column, row), strict=False))
