"""Sums, products, quotients and powers of intervals.

Floats are rounded to nearest, half an ulp off at most; every bound is moved outward by a whole one.
"""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from .interval import (
    EMPTY,
    KINKED,
    LARGEST,
    PARTIAL,
    UNDERFLOW,
    Flags,
    Interval,
    merged,
    raised,
    up,
    up_from,
)

_SMALL = 1e-140
"""The product of two numbers above it does not underflow."""

MULTIPLIED_POWER = 16
"""Integer powers up to it are multiplied out: an ulp a factor at most."""

LIBRARY_ULPS = 8.0
"""Margin for NumPy's transcendental functions: its fastest kernels state errors below 4 ulp."""


def add(a: Interval, b: Interval) -> Interval:
    """Return a + b."""
    return Interval(up(a.bounds + b.bounds), _both(a, b))


def subtract(a: Interval, b: Interval) -> Interval:
    """Return a − b."""
    return Interval(up(a.bounds + b.bounds[::-1]), _both(a, b))


def negate(a: Interval) -> Interval:
    """Return −a."""
    return Interval(a.bounds[::-1], a.flags)


def multiply(a: Interval, b: Interval) -> Interval:
    """Return a·b; its square where both are the same object."""
    if a is b:
        return integer_power(a, 2)
    if a.bounds.shape[1] == 1:
        a, b = b, a
    if b.bounds.shape[1] == 1 and b.bounds[0, 0] == -b.bounds[1, 0]:
        bounds = _scaled(a.bounds, float(b.bounds[1, 0]))
    else:
        bounds = _product(a.bounds, b.bounds)
    return Interval(bounds, _both(a, b))


def divide(a: Interval, b: Interval) -> Interval:
    """Return a/b; half-lines where an end of b is 0, everything where 0 is inside: a pole."""
    inverse = reciprocal(b)
    if a.bounds.shape[1] == 1 and a.bounds[1, 0] == 1.0 and a.bounds[0, 0] == -1.0:
        return Interval(inverse.bounds, merged(a.flags, inverse.flags))
    return Interval(_product(a.bounds, inverse.bounds), _both(a, inverse))


def reciprocal(b: Interval) -> Interval:
    """Return 1/b."""
    pole = (b.bounds[0] >= 0.0) & (b.bounds[1] >= 0.0)
    bounds = -1.0 / b.bounds[::-1]
    if not np.any(pole):
        return Interval(up_from(bounds, 1.0, bounds), b.flags)
    # From 0 up the reciprocals are a half-line, 1/high and all above; from below up to 0 likewise.
    half_line = (b.bounds <= 0.0) & (b.bounds[::-1] > 0.0)
    empty = (b.bounds[0] == 0.0) & (b.bounds[1] == 0.0)
    bounds = np.where(pole & ~half_line, np.inf, bounds)
    flags = merged(b.flags, raised(PARTIAL | KINKED, pole), raised(EMPTY, empty))
    return Interval(up_from(bounds, 1.0, bounds), flags)


def integer_power(a: Interval, exponent: int) -> Interval:
    """Return aⁿ for an exact integer n."""
    if exponent < 0:
        return reciprocal(integer_power(a, -exponent))
    if exponent == 0:
        return Interval(np.array([[-1.0], [1.0]]), a.flags)
    if exponent == 1:
        return a
    if exponent % 2:
        return Interval(_raised_to(a.bounds, exponent), a.flags)
    return Interval(_raised_to(magnitudes(a.bounds), exponent), a.flags)


def magnitudes(bounds: Array) -> Array:
    """Return minus the smallest and the largest absolute value within: the bounds of |a|."""
    result = np.empty_like(bounds)
    np.minimum(bounds[0], bounds[1], out=result[0])
    np.minimum(result[0], 0.0, out=result[0])
    np.maximum(bounds[0], bounds[1], out=result[1])
    return result


def power(a: Interval, b: Interval) -> Interval:
    """Return aᵇ: defined for a > 0, for a = 0 where b ≥ 0, and for a < 0 where b is an integer."""
    exponent = float(b.bounds[1, 0])
    if b.bounds.shape[1] == 1 and b.bounds[0, 0] == -exponent and exponent.is_integer() and abs(exponent) <= 1e6:
        whole = integer_power(a, int(exponent))
        return Interval(whole.bounds, merged(whole.flags, b.flags))
    if a is b:
        return _self_power(a)
    clipped = np.array(np.broadcast_to(a.bounds, np.broadcast_shapes(a.bounds.shape, b.bounds.shape)))
    low, high = -clipped[0], clipped[1]
    negative = low < 0.0
    if np.any(negative) and _may_be_integer(b.bounds):
        clipped = np.where(negative, magnitudes(clipped), clipped)
    bounds = _corner_powers(np.maximum(-clipped[0], 0.0), np.maximum(clipped[1], 0.0), b.bounds)
    touching = raised(KINKED, low <= 0.0)
    if not np.any(negative):
        pole = raised(PARTIAL, (low <= 0.0) & (b.bounds[0] > 0.0))
        return Interval(bounds, merged(_both(a, b), touching, pole))
    if _may_be_integer(b.bounds):
        bounds[0] = np.where(negative, np.maximum(bounds[0], bounds[1]), bounds[0])
        return Interval(bounds, merged(_both(a, b), touching, raised(PARTIAL, low <= 0.0)))
    nowhere = raised(EMPTY | PARTIAL, high < 0.0)
    return Interval(bounds, merged(_both(a, b), touching, raised(PARTIAL, low <= 0.0), nowhere))


def _self_power(a: Interval) -> Interval:
    """Return aᵃ, smallest at 1/e, where it is e^(-1/e); for a < 0 defined at integers only, of size 1 at most."""
    low, high = np.maximum(-a.bounds[0], 0.0), np.maximum(a.bounds[1], 0.0)
    least = np.clip(np.exp(-1.0), low, high)
    ends = np.maximum(np.power(low, low), np.power(high, high))
    bounds = up(np.stack([-np.power(least, least), ends]), LIBRARY_ULPS)
    # Where the smallest value is within, the float nearest to 1/e has it but for rounding of the second order.
    negative = a.bounds[0] > 0.0
    bounds = np.where(negative, np.maximum(bounds, 1.0), bounds)
    bounds[np.isnan(bounds)] = np.inf
    nowhere = raised(EMPTY, (a.bounds[1] < 0.0) & (np.floor(a.bounds[1]) < np.ceil(-a.bounds[0])))
    return Interval(bounds, merged(a.flags, raised(KINKED, a.bounds[0] >= 0.0), raised(PARTIAL, negative), nowhere))


def _both(a: Interval, b: Interval) -> Flags:
    return a.flags | b.flags


def _scaled(bounds: Array, factor: float) -> Array:
    result = np.multiply(bounds if factor >= 0.0 else bounds[::-1], abs(factor))
    if factor == 0.0:
        return np.zeros_like(result)
    # An infinite end times a number below 1 stays infinite; a finite one may underflow.
    return up_from(result, 1.0, bounds if factor >= 0.0 else bounds[::-1]) if abs(factor) < 1.0 else up(result)


def _product(a: Array, b: Array) -> Array:
    """The bounds of all products; the largest of a₁b₁, a₀b₀ and minus a₀b₁, a₁b₀, with rows as stored."""
    same = a * b
    crossed = -(a * b[::-1])
    largest, smallest = np.maximum(same, crossed), np.minimum(same, crossed)
    result = np.empty_like(same)
    np.maximum(largest[0], largest[1], out=result[1])
    np.minimum(smallest[0], smallest[1], out=result[0])
    np.negative(result[0], out=result[0])
    np.maximum(result, -LARGEST, out=result)
    margin = np.abs(result)
    sound = margin >= UNDERFLOW
    margin *= 2.0**-52
    result += margin
    if not sound.all():
        rest = np.flatnonzero(~(sound[0] & sound[1]))
        a, b = (each[:, rest] if each.shape[1] == result.shape[1] else each for each in (a, b))
        result[:, rest] = _careful_product(a, b)
    return result


def _careful_product(a: Array, b: Array) -> Array:
    """The same where a product is 0, may have underflown, or is 0·inf: an end at infinity is a number, so 0."""
    a, b = np.broadcast_arrays(a, b)
    high = np.stack([a[0] * b[0], a[1] * b[1], -(a[0] * b[1]), -(a[1] * b[0])])
    high[np.isnan(high)] = 0.0
    result = np.stack([np.max(-high, axis=0), np.max(high, axis=0)])
    exact = np.ones(result.shape[1:], dtype=np.bool_)
    for end in (a[0], a[1], b[0], b[1]):
        size = np.abs(end)
        exact &= (size == 0.0) | (size >= _SMALL)
    return up(result) + np.where(exact, 0.0, UNDERFLOW)


def _raised_to(bounds: Array, exponent: int) -> Array:
    """Each bound to a positive power, its sign kept, rounded up."""
    if exponent > MULTIPLIED_POWER:
        powers = np.copysign(np.power(np.abs(bounds), float(exponent)), bounds)
        return up_from(powers, LIBRARY_ULPS, bounds)
    if exponent == 2:
        powers = np.abs(bounds)
        powers *= bounds
        return up_from(powers, 1.0, bounds)
    size = np.abs(bounds)
    powers = bounds
    remaining = exponent - 1
    square = size
    while remaining:
        if remaining & 1:
            powers = powers * square
        remaining >>= 1
        if remaining:
            square = square * square
    return up_from(powers, float(exponent), bounds)


def _may_be_integer(bounds: Array) -> bool:
    return bool(np.any(np.floor(bounds[1]) >= np.ceil(-bounds[0])))


def _corner_powers(low: Array, high: Array, exponents: Array) -> Array:
    """The bounds of aᵇ over a ≥ 0: monotone in each, so they are at corners."""
    corners = [np.power(base, exponent) for base in (low, high) for exponent in (-exponents[0], exponents[1])]
    largest, smallest = corners[0], corners[0]
    for corner in corners[1:]:
        largest, smallest = np.maximum(largest, corner), np.minimum(smallest, corner)
    bounds = up(np.stack([-smallest, largest]), LIBRARY_ULPS)
    bounds[0] = np.minimum(bounds[0] + UNDERFLOW, 0.0)
    bounds[1] += np.where(bounds[1] == 0.0, np.minimum(high, UNDERFLOW), UNDERFLOW)
    bounds[np.isnan(bounds)] = np.inf
    return bounds
