"""Functions with corners and jumps on intervals: their bounds are exact, and where they break is flagged."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..arrays import Array, Mask
from .arithmetic import magnitudes, subtract
from .interval import KINKED, Interval, merged, raised


def _at_zero(a: Interval) -> Mask:
    found: Mask = (a.bounds[0] >= 0.0) & (a.bounds[1] >= 0.0)
    return found


def absolute(a: Interval) -> Interval:
    """Return |a|."""
    return Interval(magnitudes(a.bounds), merged(a.flags, raised(KINKED, _at_zero(a))))


def sign(a: Interval) -> Interval:
    """Return the sign of a: -1, 0 or 1."""
    # The high end's sign bounds it from above; the low end is stored negated, and the sign is odd.
    return Interval(np.sign(a.bounds), merged(a.flags, raised(KINKED, _at_zero(a))))


def step(a: Interval, at_zero: Interval) -> Interval:
    """Return 0 for a < 0, 1 for a > 0, and ``at_zero`` at 0."""
    zero = _at_zero(a)
    low = np.where(a.bounds[0] < 0.0, 1.0, 0.0)
    high = np.where(a.bounds[1] > 0.0, 1.0, 0.0)
    bounds = np.stack(np.broadcast_arrays(-low, high, at_zero.bounds[0])[:2])
    bounds = np.where(zero, np.maximum(bounds, at_zero.bounds), bounds)
    return Interval(bounds, merged(a.flags, at_zero.flags, raised(KINKED, np.asarray(zero))))


def floor(a: Interval) -> Interval:
    """Return the largest integer that is not above a."""
    return _rounded(a, np.floor)


def ceil(a: Interval) -> Interval:
    """Return the smallest integer that is not below a."""
    return _rounded(a, np.ceil)


def _rounded(a: Interval, function: Callable[[Array], Array]) -> Interval:
    low, high = -a.bounds[0], a.bounds[1]
    jump = np.floor(high) >= np.ceil(low)
    return Interval(np.stack([-function(low), function(high)]), merged(a.flags, raised(KINKED, jump)))


def smaller(a: Interval, b: Interval) -> Interval:
    """Return min(a, b)."""
    low = np.maximum(a.bounds[0], b.bounds[0])
    high = np.minimum(a.bounds[1], b.bounds[1])
    return Interval(np.stack([low, high]), merged(a.flags, b.flags, raised(KINKED, _tied(a, b))))


def larger(a: Interval, b: Interval) -> Interval:
    """Return max(a, b)."""
    low = np.minimum(a.bounds[0], b.bounds[0])
    high = np.maximum(a.bounds[1], b.bounds[1])
    return Interval(np.stack([low, high]), merged(a.flags, b.flags, raised(KINKED, _tied(a, b))))


def _tied(a: Interval, b: Interval) -> Mask:
    return _at_zero(subtract(a, b))


def ramp(a: Interval) -> Interval:
    """Return max(a, 0)."""
    low = np.minimum(a.bounds[0], 0.0)
    high = np.maximum(a.bounds[1], 0.0)
    return Interval(np.stack([low, high]), merged(a.flags, raised(KINKED, _at_zero(a))))
