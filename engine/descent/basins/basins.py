"""Which point each start of a view leads to: many runs at once, coarse first, then finer, then longer."""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from ...arrays import Array
from ...critical.critical_point import CriticalPoint
from ...optimizers.hyperparameter import SettingError
from ...sampling.grid import Box, cell_centres
from ...surface.surface import Surface
from ..refusal import refuse
from ..settings import RunSettings
from .cloud import Cloud, Ledger
from .fates import Yardstick
from .picture import Basins
from .polled import NotWanted
from .refinement import Owners, chunks, level_cells, strides
from .rendering import picture

QUICK = 200
"""Steps of every start before any start is given more."""
MOST = 3200
"""Steps after which a run that has not settled is left as it is."""
TOGETHER = 4096
"""Runs in one batch: more are hardly faster, and a step must not keep a cancellation waiting."""
_PAUSE = 0.1
"""Least seconds between two pictures, but for those of a level or a round that is complete."""
_WORK = 5.0
"""The least time between two pictures, in times that the last one took to make."""


def basins(
    surface: Surface,
    settings: RunSettings,
    view: Box,
    columns: int,
    rows: int,
    critical_points: Sequence[CriticalPoint] = (),
    *,
    quick: int = QUICK,
    most: int = MOST,
    listed: int = 26,
    seconds: float = math.inf,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[Basins]:
    """Yield ever better pictures of where the runs from the centres of a view's cells lead.

    Every run has ``settings`` and is judged by the rules of `status.judge` on the surface's own box, so that
    a `Run` from `Basins.start` with the same settings and as many steps stands where the picture says, but for
    the last bits of powers and the like, which decide on the borders of basins, and for runs more than `FAR`
    outside: those that fly on outward, or rest on a plateau, have diverged whatever the gradient is. First
    all starts make ``quick`` steps, on a coarse grid, then on finer ones; then those that have not settled
    go on, twice as far each time, up to ``most``. The last picture has ``complete`` true, unless ``seconds``
    are over before. Nothing more is yielded once ``cancelled()`` is true, which is asked at every evaluation.

    ``view`` is one (low, high) pair a variable; for one variable there is one row, whatever ``rows`` is.
    Destinations are matched with ``critical_points``; others are found from the ends. At most ``listed``
    destinations are named. Raises `SettingError` at once if the method can't step on this surface.
    """
    axes = [cell_centres(*view[0], columns)]
    if len(view) > 1:
        # From the top down, as rows on a screen.
        axes.append(cell_centres(*view[1], rows)[::-1])
    starts = np.stack([each.ravel() for each in np.meshgrid(*axes)], axis=-1)
    _refuse(surface, settings, starts)
    work = _Work(
        yardstick=Yardstick.of(surface, settings),
        ledger=Ledger(starts),
        owners=Owners(columns, rows if len(view) > 1 else 1),
        axes=tuple(axes),
        points=critical_points,
        listed=listed,
        cancelled=cancelled,
        quick=min(max(quick, 1), most),
        most=most,
    )
    return work.pictures(time.perf_counter() + seconds)


def _refuse(surface: Surface, settings: RunSettings, starts: Array) -> None:
    """Raise the `SettingError` of the first start if the method can step from none of a few."""
    objection: SettingError | None = None
    # Where f is undefined no method is asked.
    defined = starts[np.isfinite(surface.value(starts))]
    for start in defined[:: max(1, len(defined) // 16)]:
        try:
            refuse(surface, settings, start)
        except SettingError as error:
            objection = objection or error
        else:
            return
    if objection is not None:
        raise objection


@dataclass
class _Work:
    """The clouds, what is known from them, and the pictures of it."""

    yardstick: Yardstick
    ledger: Ledger
    owners: Owners
    axes: tuple[Array, ...]
    points: Sequence[CriticalPoint]
    listed: int
    cancelled: Callable[[], bool]
    quick: int
    most: int
    clouds: list[Cloud] = field(default_factory=list)

    def pictures(self, end: float) -> Iterator[Basins]:
        """Yield pictures until all is known, ``time.perf_counter()`` passes ``end``, or nobody wants them."""
        due = math.inf
        try:
            for budget, whole in self._parts():
                now = time.perf_counter()
                # Before the first level is whole there are holes: no picture yet.
                if whole or now >= min(due, end):
                    shown = self._picture(budget)
                    made = time.perf_counter()
                    due = made + max(_PAUSE, _WORK * (made - now))
                    yield shown
                if now >= end:
                    return
        except NotWanted:
            return

    def _parts(self) -> Iterator[tuple[int, bool]]:
        """Do the work part by part; after each yield the steps that runs have, and whether a level is whole."""
        for stride in strides(self.owners.columns):
            parts = chunks(level_cells(self.owners, stride), TOGETHER)
            for number, part in enumerate(parts, 1):
                cloud = Cloud(self.ledger, part, self.yardstick, self.cancelled)
                cloud.advance(self.quick)
                self.clouds.append(cloud)
                self.owners.add(part, stride)
                yield self.quick, number == len(parts)
        budget = self.quick
        while budget < self.most and any(cloud.size for cloud in self.clouds):
            budget = min(2 * budget, self.most)
            going = [cloud for cloud in self.clouds if cloud.size]
            for number, cloud in enumerate(going, 1):
                cloud.advance(budget)
                yield budget, number == len(going)

    @property
    def _progress(self) -> float:
        """Half of it for the first steps of all starts, half for the further steps of those that need them."""
        begun = float(self.owners.done.mean())
        further = int(np.maximum(self.ledger.steps - self.quick, 0).sum())
        missing = sum(cloud.size * (self.most - cloud.position) for cloud in self.clouds)
        if begun < 1.0:
            return 0.5 * begun
        return 0.5 + 0.5 * further / (further + missing) if missing else 1.0

    def _picture(self, budget: int) -> Basins:
        return picture(
            self.ledger, self.yardstick, self.axes, self.owners.of, self.points, self.listed, budget, self._progress
        )
