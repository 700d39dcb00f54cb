"""From the ends of many runs to the few places they lead to."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...arrays import Array, Mask
from ...critical.critical_point import CriticalPoint, Kind
from .cloud import Ledger
from .clusters import clusters
from .fates import Fate, Yardstick

SAME = 3e-6
"""Ends closer than this part of the view's half-diagonal are one; a settled run is within 3e-7 of its end."""
VALLEY = 2e-2
"""The same where the Hessian has a flat direction: gradients tell less there, and valleys are chains of ends."""
REGION = 0.05
"""A run that stays in a region of this part of the half-diagonal keeps to one place."""
_DEGENERATE = frozenset(set(Kind) - {Kind.MINIMUM, Kind.MAXIMUM, Kind.SADDLE})

Numbers = NDArray[np.intp]


class Target(NamedTuple):
    """A place that runs lead to; ``number`` is that of the critical point given for it, if any."""

    point: tuple[float, ...]
    number: int | None
    curve: bool = False


class Ends(NamedTuple):
    """The targets, and for each start ``(N,)`` the target that its run settled at or stays around, −1 for none."""

    targets: list[Target]
    settled: Numbers
    around: Numbers


def find(ledger: Ledger, yardstick: Yardstick, points: Sequence[CriticalPoint]) -> Ends:
    """Gather the ends of all runs into targets: critical points that are known, and clusters of other ends."""
    search = _Search(ledger, yardstick, points)
    search.regular()
    search.flat()
    search.staying()
    return Ends(search.targets, search.settled, search.around)


class _Search:
    def __init__(self, ledger: Ledger, yardstick: Yardstick, points: Sequence[CriticalPoint]) -> None:
        self._ledger, self._yardstick, self._points = ledger, yardstick, points
        n = ledger.starts.shape[1]
        self._known = np.array([each.point for each in points], dtype=np.float64).reshape(len(points), n)
        self._degenerate = np.array([each.kind in _DEGENERATE for each in points], dtype=bool)
        self._low = np.array([each.kind.is_minimum or each.kind in _DEGENERATE for each in points], dtype=bool)
        self._used: dict[int, int] = {}
        self.targets: list[Target] = []
        self.settled = np.full(len(ledger.fates), -1, dtype=np.intp)
        self.around = self.settled.copy()

    def _at_known(self, number: int) -> int:
        """The target of a critical point that was given."""
        if number not in self._used:
            self._used[number] = len(self.targets)
            self.targets.append(Target(tuple(self._known[number].tolist()), number))
        return self._used[number]

    def _new(self, point: Array, curve: bool = False) -> int:
        self.targets.append(Target(tuple(point.tolist()), None, curve))
        return len(self.targets) - 1

    def regular(self) -> None:
        """Ends that are sharp points: settled ones, and those that several stalled runs share."""
        fates, extent = self._ledger.fates, self._yardstick.extent
        ids = np.flatnonzero((fates == Fate.SETTLED) | (fates == Fate.STALLED))
        if not ids.size:
            return
        ends = self._ledger.ends[ids]
        # Far outside the view numbers are coarser, in powers of two so that neighbours agree on them.
        far = np.exp2(np.ceil(np.log2(np.maximum(1.0, self._yardstick.distances(ends) / extent))))
        link = SAME * extent * far
        group = clusters(ends, link)
        count = np.bincount(group)
        means = _means(ends, group, count)
        widest = np.zeros(len(count))
        np.maximum.at(widest, group, link)
        proved = np.bincount(group, fates[ids] == Fate.SETTLED) > 0
        number, distance = _nearest(means, self._known)
        best = self._flattest(ends, group)
        target = np.full(len(count), -1, dtype=np.intp)
        for each in range(len(count)):
            if distance[each] <= 2.0 * widest[each]:
                target[each] = self._at_known(int(number[each]))
            elif proved[each] or count[each] > 1:
                target[each] = self._new(ends[best[each]])
        self.settled[ids] = target[group]

    def flat(self) -> None:
        """Ends with a flat direction: one degenerate point each, or a whole valley of them."""
        ids = np.flatnonzero(self._ledger.fates == Fate.SETTLED_FLAT)
        if not ids.size:
            return
        ends, link = self._ledger.ends[ids], VALLEY * self._yardstick.extent
        group = clusters(ends, link)
        count = np.bincount(group)
        means = _means(ends, group, count)
        number, distance = _nearest(means, np.where(self._degenerate[:, np.newaxis], self._known, np.inf))
        best = self._flattest(ends, group)
        for each in range(len(count)):
            members = group == each
            spread = float(np.max(np.ptp(ends[members], axis=0)))
            if spread <= 4.0 * link:
                compact = distance[each] <= 2.0 * link
                self.settled[ids[members]] = (
                    self._at_known(int(number[each])) if compact else self._new(ends[best[each]])
                )
            else:
                middle = np.argmin(np.sum((ends[members] - means[each]) ** 2, axis=1))
                self.settled[ids[members]] = self._new(ends[members][middle], curve=True)

    def staying(self) -> None:
        """Runs that go on within one small region, to and fro: what lies in it."""
        ledger, extent = self._ledger, self._yardstick.extent
        ids = np.flatnonzero((ledger.fates == Fate.RUNNING) & np.isfinite(ledger.low).all(axis=1))
        half = 0.5 * (ledger.high[ids] - ledger.low[ids])
        radius = np.sqrt(np.sum(half * half, axis=1))
        # What drifts on in one direction is on its way; to and fro, the last iterate is back near the first.
        keeps = (radius <= REGION * extent) & (ledger.drift[ids] <= 1.5 * radius)
        ids, radius = ids[keeps], radius[keeps]
        if not ids.size:
            return
        centres = 0.5 * ledger.low[ids] + 0.5 * ledger.high[ids]
        found = np.array([each.point for each in self.targets]).reshape(-1, centres.shape[1])
        low = np.where(self._low[:, np.newaxis], self._known, np.inf)
        number, distance = _nearest(centres, np.concatenate((low, found)))
        inside = distance <= 2.0 * radius + SAME * extent
        for each in np.unique(number[inside]).tolist():
            target = self._at_known(each) if each < len(low) else each - len(low)
            self.around[ids[inside & (number == each)]] = target
        self._regions(ids[~inside], centres[~inside], radius[~inside])

    def _regions(self, ids: Numbers, centres: Array, radius: Array) -> None:
        """Regions without a known point in them, where several runs stay."""
        if ids.size < 2:
            return
        size = max(float(np.quantile(radius, 0.9)), SAME * self._yardstick.extent)
        group = clusters(centres, size)
        for each, count in enumerate(np.bincount(group).tolist()):
            members = group == each
            # A chain of regions along a valley that is zigzagged down is no place.
            if count > 1 and float(np.max(np.ptp(centres[members], axis=0))) <= 8.0 * size:
                self.around[ids[members]] = self._new(np.median(centres[members], axis=0))

    def _flattest(self, ends: Array, group: Numbers) -> Numbers:
        """The member of each group where the gradient is shortest, the first of equals."""
        with np.errstate(all="ignore"):
            norms = np.sqrt(np.sum(self._yardstick.surface.gradient(ends) ** 2, axis=1))
        order = np.lexsort((np.where(np.isnan(norms), np.inf, norms), group))
        first = np.searchsorted(group[order], np.arange(group.max() + 1))
        best: Numbers = order[first]
        return best


def _means(points: Array, group: Numbers, count: Numbers) -> Array:
    columns = [np.bincount(group, column) / count for column in points.T]
    return np.stack(columns, axis=1)


def _nearest(points: Array, others: Array) -> tuple[Numbers, Array]:
    """The nearest of ``others`` ``(k, n)`` to each point ``(m, n)`` and its distance; inf where there is none."""
    best, distance = np.zeros(len(points), dtype=np.intp), np.full(len(points), np.inf)
    finite: Mask = np.isfinite(others).all(axis=1) if len(others) else np.zeros(0, dtype=bool)
    for number in np.flatnonzero(finite).tolist():
        away = np.sqrt(np.sum((points - others[number]) ** 2, axis=1))
        closer = away < distance
        best[closer], distance[closer] = number, away[closer]
    return best, distance
