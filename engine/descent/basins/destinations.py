"""From the ends of many runs to the few places they lead to."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...arrays import Array
from ...critical.critical_point import CriticalPoint, Kind
from ...curvature.spectrum import eigenpairs
from .cloud import Ledger
from .clusters import clusters
from .fates import Fate, Yardstick

SAME = 3e-6
"""Ends closer than this part of the view's half-diagonal are one; a settled run is within 3e-7 of its end."""
STOPPED = 1e-3
"""Stalled runs have stopped short of where they were going: this far from it they count as having got there."""
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
    search.stopped()
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
        """Ends that are sharp points."""
        ids = np.flatnonzero(self._ledger.fates == Fate.SETTLED)
        if not ids.size:
            return
        ends, extent = self._ledger.ends[ids], self._yardstick.extent
        # Far outside the view numbers are coarser, in powers of two so that neighbours agree on them.
        far = np.exp2(np.ceil(np.log2(np.maximum(1.0, self._yardstick.distances(ends) / extent))))
        link = SAME * extent * far
        group = clusters(ends, link)
        count = np.bincount(group)
        widest = np.zeros(len(count))
        np.maximum.at(widest, group, link)
        number, distance = _nearest(_means(ends, group, count), self._known)
        best = self._flattest(ends, group)
        target = [
            self._at_known(int(number[each])) if distance[each] <= 2.0 * widest[each] else self._new(ends[best[each]])
            for each in range(len(count))
        ]
        self.settled[ids] = np.array(target)[group]

    def stopped(self) -> None:
        """Ends of runs that do not move any more: near a minimum, or where several of them are close together."""
        ids = np.flatnonzero(self._ledger.fates == Fate.STALLED)
        if not ids.size:
            return
        ends, extent = self._ledger.ends[ids], self._yardstick.extent
        number, distance = self._lowest(ends)
        close = distance <= STOPPED * extent
        self._go(self.settled, ids[close], number[close])
        ids, ends = ids[~close], ends[~close]
        if not ids.size:
            return
        link = 0.03 * STOPPED * extent
        group = clusters(ends, link)
        count = np.bincount(group)
        # A rate that has gone to zero stops runs anywhere: a few by chance side by side are no destination.
        place = (count > 2) & (_spreads(ends, group) <= 8.0 * link)
        best = self._flattest(ends, group)
        target = np.array([self._new(ends[each]) if good else -1 for each, good in zip(best, place, strict=True)])
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
        best, spread = self._flattest(ends, group), _spreads(ends, group)
        target = np.zeros(len(count), dtype=np.intp)
        for each in range(len(count)):
            if spread[each] > 4.0 * link:
                members = np.flatnonzero(group == each)
                middle = members[np.argmin(_lengths(ends[members] - means[each]))]
                target[each] = self._new(ends[middle], curve=True)
            elif distance[each] <= 2.0 * link:
                target[each] = self._at_known(int(number[each]))
            else:
                target[each] = self._new(ends[best[each]])
        self.settled[ids] = target[group]

    def staying(self) -> None:
        """Runs that go on: around a minimum to and fro, or straight towards it."""
        ledger, extent = self._ledger, self._yardstick.extent
        ids = np.flatnonzero((ledger.fates == Fate.RUNNING) & np.isfinite(ledger.low).all(axis=1))
        if not ids.size:
            return
        half = 0.5 * (ledger.high[ids] - ledger.low[ids])
        radius = _lengths(half)
        # What drifts on in one direction is on its way; to and fro, the last iterate is back near the first.
        drift = _lengths(ledger.ends[ids] - ledger.first[ids])
        keeps = (radius <= REGION * extent) & (drift <= 1.5 * radius)
        centres = 0.5 * ledger.low[ids] + 0.5 * ledger.high[ids]
        number, away = self._lowest(centres)
        inside = keeps & (away <= 2.0 * radius + SAME * extent)
        self._go(self.around, ids[inside], number[inside])
        self._regions(ids[keeps & ~inside], centres[keeps & ~inside], radius[keeps & ~inside])
        self._approaching(ids[~keeps])

    def _approaching(self, ids: Numbers) -> None:
        """Runs that come nearer and nearer to the minimum of the quadratic model where they are."""
        ledger = self._ledger
        ends, surface = ledger.ends[ids], self._yardstick.surface
        models = _model_minima(ends, surface.gradient(ends), surface.hessian(ends))
        number, miss = self._lowest(models)
        known = np.isfinite(miss)
        ids, ends, number, miss = ids[known], ends[known], number[known], miss[known]
        if not ids.size:
            return
        goal = self._places()[number]
        distance = _lengths(ends - goal)
        near = (miss <= 0.1 * distance) & (distance < _lengths(ledger.first[ids] - goal))
        self._go(self.around, ids[near], number[near])

    def _places(self) -> Array:
        """The points that runs may stay around: known minima, then the targets so far."""
        low = np.where(self._low[:, np.newaxis], self._known, np.inf)
        found = np.array([each.point for each in self.targets]).reshape(-1, low.shape[1])
        return np.concatenate((low, found))

    def _lowest(self, points: Array) -> tuple[Numbers, Array]:
        return _nearest(points, self._places())

    def _go(self, where: Numbers, ids: Numbers, number: Numbers) -> None:
        known = len(self._known)
        # All are looked up before any target is added, for that would change the numbers.
        for each in np.unique(number).tolist():
            where[ids[number == each]] = self._at_known(each) if each < known else each - known

    def _regions(self, ids: Numbers, centres: Array, radius: Array) -> None:
        """Regions without a known point in them, where several runs stay."""
        if ids.size < 2:
            return
        size = max(float(np.quantile(radius, 0.9)), SAME * self._yardstick.extent)
        group = clusters(centres, size)
        count = np.bincount(group)
        # A chain of regions along a valley that is zigzagged down is no place.
        place = (count > 1) & (_spreads(centres, group) <= 8.0 * size)
        means = _means(centres, group, count)
        target = np.array([self._new(mean) if good else -1 for mean, good in zip(means, place, strict=True)])
        self.around[ids] = target[group]

    def _flattest(self, ends: Array, group: Numbers) -> Numbers:
        """The member of each group where the gradient is shortest, the first of equals."""
        with np.errstate(all="ignore"):
            norms = np.sqrt(np.sum(self._yardstick.surface.gradient(ends) ** 2, axis=1))
        order = np.lexsort((np.where(np.isnan(norms), np.inf, norms), group))
        first = np.searchsorted(group[order], np.arange(group.max() + 1))
        best: Numbers = order[first]
        return best


def _spreads(points: Array, group: Numbers) -> Array:
    """The largest extent of each group along an axis."""
    order = np.argsort(group, kind="stable")
    first = np.searchsorted(group[order], np.arange(group.max() + 1))
    low, high = np.minimum.reduceat(points[order], first), np.maximum.reduceat(points[order], first)
    spreads: Array = np.max(high - low, axis=1)
    return spreads


def _lengths(vectors: Array) -> Array:
    with np.errstate(all="ignore"):
        lengths: Array = np.sqrt(np.sum(vectors * vectors, axis=-1))
    return lengths


def _model_minima(points: Array, gradients: Array, hessians: Array) -> Array:
    """Where the quadratic model at each point ``(m, n)`` has its minimum, infinite where it has none."""
    values, vectors = eigenpairs(hessians)
    with np.errstate(all="ignore"):
        slopes = np.einsum("mkn,mn->mk", vectors, gradients)
        minima: Array = points - np.einsum("mkn,mk->mn", vectors, slopes / values)
    proper = (values[:, 0] > 0.0) & np.isfinite(minima).all(axis=1)
    return np.where(proper[:, np.newaxis], minima, np.inf)


def _means(points: Array, group: Numbers, count: Numbers) -> Array:
    columns = [np.bincount(group, column) / count for column in points.T]
    return np.stack(columns, axis=1)


def _nearest(points: Array, others: Array) -> tuple[Numbers, Array]:
    """The nearest of ``others`` ``(k, n)`` to each point ``(m, n)`` and its distance; inf where there is none."""
    kept = np.flatnonzero(np.isfinite(others).all(axis=1))
    if not (kept.size and len(points)):
        return np.zeros(len(points), dtype=np.intp), np.full(len(points), np.inf)
    origin = others[kept].mean(axis=0)
    with np.errstate(all="ignore"):
        a, b = points - origin, others[kept] - origin
        # |a − b|² without |a|²: one matrix product; its rounding matters to ties alone.
        scores = a @ (-2.0 * b.T) + np.sum(b * b, axis=1)
    best: Numbers = kept[np.argmin(scores, axis=1)]
    distance = _lengths(points - others[best])
    return best, np.where(np.isnan(distance), np.inf, distance)
