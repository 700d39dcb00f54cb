"""The interval: what a number is known to lie between, for many boxes at once, rounded outward."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..arrays import Array, Mask
from ..surface.tape import Tape

PARTIAL = 1
"""Flag: perhaps undefined in a part of the box (outside a domain, a pole)."""

KINKED = 2
"""Flag: perhaps not differentiable, or not continuous, somewhere in the box."""

EMPTY = 4
"""Flag: undefined in all of the box."""

Flags: TypeAlias = NDArray[np.integer[Any]] | int

LARGEST = float(np.finfo(np.float64).max)
ROUNDING = 2.0**-52
"""One ulp, at most, relative to the number; two half-ulps, so once is enough for a rounded operation."""

UNDERFLOW = 1e-290
"""Results below it in magnitude may have lost digits, and get an absolute margin."""


class Interval(NamedTuple):
    """Enclosures of a quantity over N boxes.

    ``bounds`` is (2, N) or, where all boxes share it, (2, 1): minus the low end, and the high end. Stored so,
    both ends round the same way (up), a sum is one addition and a negation swaps rows. An end is inf where
    nothing is known; it is never NaN, and never -inf, since a bound that overflowed inward is worth nothing.
    ``flags`` are :data:`PARTIAL`, :data:`KINKED`, :data:`EMPTY`, one number a box or one for all; the bounds
    hold wherever the quantity is defined.
    """

    bounds: Array
    flags: Flags = 0

    @property
    def low(self) -> Array:
        """The low ends, (N,)."""
        low: Array = -self.bounds[0]
        return low

    @property
    def high(self) -> Array:
        """The high ends, (N,)."""
        high: Array = self.bounds[1]
        return high

    @property
    def contains_zero(self) -> Mask:
        """Whether 0 is within, its ends included, (N,)."""
        found: Mask = (self.bounds[0] >= 0.0) & (self.bounds[1] >= 0.0)
        return found

    @property
    def sign(self) -> Array:
        """1 where every number within is positive, -1 where negative, else 0; (N,)."""
        sign: Array = (self.bounds[0] < 0.0).astype(np.float64) - (self.bounds[1] < 0.0)
        return sign

    @property
    def middle(self) -> Array:
        """A number within, about the middle; 0 where an end is infinite."""
        middle = 0.5 * self.bounds[1] - 0.5 * self.bounds[0]
        return np.where(np.isfinite(middle), middle, 0.0)

    @property
    def width(self) -> Array:
        """High minus low, rounded up; (N,)."""
        return up(self.bounds[0] + self.bounds[1])


def interval(low: Any, high: Any) -> Interval:
    """Return the intervals between arrays (or numbers) of ends."""
    return Interval(np.stack([-np.atleast_1d(np.asarray(low, float)), np.atleast_1d(np.asarray(high, float))]))


def point(values: Array | float) -> Interval:
    """Return the intervals that hold one number each."""
    return interval(values, values)


def up(rounded: Array, ulps: float = 1.0) -> Array:
    """Return an upper bound of numbers that were rounded to nearest ``ulps`` times; changes its argument.

    An exact 0 stays 0. Underflow is not cared for: sums have none.
    """
    np.maximum(rounded, -LARGEST, out=rounded)
    margin = np.abs(rounded)
    margin *= ulps * ROUNDING
    rounded += margin
    return rounded


def up_from(rounded: Array, ulps: float, zero_if: Array) -> Array:
    """Like :func:`up`, for results that may have underflown; those stay 0 where ``zero_if`` is 0."""
    up(rounded, ulps)
    rounded += np.minimum(np.abs(zero_if), UNDERFLOW)
    return rounded


def merged(*flags: Flags) -> Flags:
    """Return all flags together."""
    result: Flags = 0
    for each in flags:
        result = result | each
    return result


def raised(flag: int, where: Mask) -> Flags:
    """Return a flag for the boxes in ``where``; plain 0 if there are none, which costs nothing later."""
    return np.where(where, np.uint8(flag), np.uint8(0)) if np.any(where) else 0


def enclosed(constant: Fraction | float) -> Interval:
    """Return the interval of a constant: no wider than 0 if it is a float exactly.

    A constant that is known as a float only (``pi``) is taken to be rounded to nearest.
    """
    try:
        nearest = float(constant)
    except OverflowError:
        return interval(LARGEST, np.inf) if constant > 0 else interval(-np.inf, -LARGEST)
    if isinstance(constant, Fraction) and Fraction(nearest) == constant:
        return point(nearest)
    return interval(np.nextafter(nearest, -np.inf), np.nextafter(nearest, np.inf))


class IntervalTape:
    """A tape that runs on intervals; its constants are enclosed once."""

    def __init__(self, tape: Tape, parameters: tuple[float, ...], operations: dict[str, Callable[..., Any]]) -> None:
        self._tape = tape
        self._operations = operations
        self._parameters = [point(value) for value in parameters]
        self._constants = [c if isinstance(c, int) else enclosed(c) for c in tape.constants]

    def __call__(self, boxes: Array) -> list[Interval]:
        """Return the outputs' enclosures over boxes (n, 2, N) of bounds as in :class:`Interval`."""
        inputs = [Interval(side) for side in boxes] + self._parameters
        outputs: list[Interval] = self._tape.on(inputs, self._operations, self._constants)
        return outputs
