"""Line searches of many points at once: the rules of :mod:`.line_rules` on arrays, decision for decision.

All searches that go on have made the same number of probes, so that one count serves them all; each has its
own phase and bracket. Probes are rows of an array ``(3 + n, m)``: step, value, slope, then the gradient.
"""

from typing import NamedTuple, Protocol

import numpy as np

from ..arrays import Array, Mask
from .line_rules import EPS, HOPELESS_PROBES, NARROW, Armijo, LineRule, StrongWolfe

STEP, VALUE, SLOPE, GRADIENT = 0, 1, 2, 3
"""The rows of a table of probes; the gradient's are all from the last on, none where a rule needs no slopes."""


class Told(NamedTuple):
    """Which searches have ended, whether they were satisfied, ``(m,)``, and with which probes, ``(3 + n, m)``."""

    ended: Mask
    satisfied: Mask
    probes: Array


class Lockstep(Protocol):
    """The searches that go on: ``trial`` ``(m,)`` are the steps to probe next."""

    trial: Array

    def tell(self, probe: Array) -> Told:
        """Take what was found at ``trial``; sets the next one, which matters for those that go on."""

    def keep(self, kept: Mask) -> None:
        """Forget all searches but these."""


def lockstep(rule: LineRule, start: Array, trial: Array, length: Array) -> Lockstep:
    """Return searches from starts ``(3 + n, m)`` with these first steps and largest components, ``(m,)``."""
    return _Armijo(rule, start, trial) if isinstance(rule, Armijo) else _StrongWolfe(rule, start, trial, length)


class _Armijo:
    """See `Armijo.probes`."""

    def __init__(self, rule: Armijo, start: Array, trial: Array) -> None:
        self._rule = rule
        self._start = start
        self._made = 0
        self.trial = trial

    def tell(self, probe: Array) -> Told:
        start = self._start
        satisfied = probe[VALUE] <= start[VALUE] + self._rule.c1 * self.trial * start[SLOPE]
        self._made += 1
        self.trial = self.trial * self._rule.shrink
        if self._made < self._rule.most:
            return Told(satisfied, satisfied, probe)
        return Told(np.ones_like(satisfied), satisfied, np.where(satisfied, probe, start))

    def keep(self, kept: Mask) -> None:
        self._start, self.trial = self._start[:, kept], self.trial[kept]


class _StrongWolfe:
    """See `StrongWolfe.probes`."""

    def __init__(self, rule: StrongWolfe, start: Array, trial: Array, length: Array) -> None:
        self._rule = rule
        self._start = self._before = self._low = self._high = start
        self._length = length
        self._zooming = np.zeros(trial.shape, dtype=bool)
        self._near_end = self._zooming
        self._count = 0
        self.trial = trial

    def keep(self, kept: Mask) -> None:
        self._start, self._before = self._start[:, kept], self._before[:, kept]
        self._low, self._high = self._low[:, kept], self._high[:, kept]
        self._length, self.trial = self._length[kept], self.trial[kept]
        self._zooming, self._near_end = self._zooming[kept], self._near_end[kept]

    def tell(self, probe: Array) -> Told:
        start, zooming, last = self._start, self._zooming, self._count >= self._rule.most
        falls = probe[VALUE] <= start[VALUE] + self._rule.c1 * probe[STEP] * start[SLOPE]
        flat = np.abs(probe[SLOPE]) <= -self._rule.c2 * start[SLOPE]
        good = falls & ~(probe[VALUE] >= self._low[VALUE])
        if not zooming.all():
            # Before a bracket is found, a probe need not be lower than the one before until the third.
            onward = falls & ~(probe[VALUE] >= self._before[VALUE]) if self._count > 1 else falls
            good = np.where(zooming, good, onward & (not last))
        satisfied = good & flat
        if satisfied.all():
            return Told(satisfied, satisfied, probe)
        onward = good & ~zooming & ~satisfied & (probe[SLOPE] < 0.0)
        self._bracket(probe, zooming & good, ~(onward | good & zooming), start if last else self._before)
        self._zooming = ~onward
        ended = satisfied | last
        if not last:
            ended |= self._aim(probe, onward)
        self._count += 1
        return Told(ended, satisfied, np.where(satisfied, probe, self._low))

    def _bracket(self, probe: Array, better: Mask, closing: Mask, before: Array) -> None:
        """Move the ends: probes that are ``better`` are the new low ends, ``closing`` ones make a bracket."""
        low, high = self._low, self._high
        turned = better & (probe[SLOPE] * (high[STEP] - low[STEP]) >= 0.0)
        other = np.where(self._zooming, low, before)
        # Stable for ties, as torch's positions are.
        stays = other[VALUE] <= probe[VALUE]
        self._low = np.where(closing & stays, other, np.where(closing | better, probe, low))
        self._high = np.where(closing, np.where(stays, probe, other), np.where(turned, low, high))

    def _aim(self, probe: Array, onward: Mask) -> Mask:
        """Choose the next steps; return which brackets are not worth another probe."""
        low, high = self._low, self._high
        left, right = np.minimum(low[STEP], high[STEP]), np.maximum(low[STEP], high[STEP])
        width = right - left
        trial, margin = cubic_minima(low, high, left, right), 0.1 * width
        # A trial close to an end is let pass once; then it is moved, or the bracket hardly shrinks.
        close = np.minimum(right - trial, trial - left) < margin
        moved = close & (self._near_end | (trial >= right) | (trial <= left))
        self._near_end = close & ~moved
        trial = np.where(moved, np.where(right - trial < trial - left, right - margin, left + margin), trial)
        over = self._over(left, right)
        if onward.any():
            over &= ~onward
            before = self._before
            nearest = probe[STEP] + 0.01 * (probe[STEP] - before[STEP])
            farther = cubic_minima(before, probe, nearest, 10.0 * probe[STEP])
            trial = np.where(onward, farther, trial)
            self._before = np.where(onward, probe, before)
        self.trial = trial
        return over

    def _over(self, left: Array, right: Array) -> Mask:
        start, rule = self._start, self._rule
        over: Mask
        if rule.tolerance:
            over = (right - left) * self._length < rule.tolerance
            return over
        over = right - left < NARROW * right
        if self._count >= HOPELESS_PROBES:
            over = over | (-right * start[SLOPE] < EPS * np.abs(start[VALUE]))
        return over


def cubic_minima(one: Array, other: Array, least: Array, most: Array) -> Array:
    """Return `cubic_minimum` of each pair of probes, ``(m,)``."""
    ordered = one[STEP] <= other[STEP]
    a, b = np.where(ordered, one[:GRADIENT], other[:GRADIENT]), np.where(ordered, other[:GRADIENT], one[:GRADIENT])
    width = b[STEP] - a[STEP]
    first = a[SLOPE] + b[SLOPE] - 3.0 * (a[VALUE] - b[VALUE]) / (a[STEP] - b[STEP])
    square = first * first - a[SLOPE] * b[SLOPE]
    second = np.sqrt(square)
    divisor = b[SLOPE] - a[SLOPE] + 2.0 * second
    minimum = b[STEP] - width * ((b[SLOPE] + second - first) / divisor)
    known = (width > 0.0) & (square >= 0.0) & (square < np.inf) & (divisor != 0.0) & ~np.isnan(minimum)
    return np.where(known, np.minimum(np.maximum(minimum, least), most), 0.5 * least + 0.5 * most)
