"""Functions of intervals: monotone ones by their ends, the others by what lies between.

NumPy's transcendental functions are trusted to ``LIBRARY_ULPS`` (its fastest kernels state errors below
4 ulp; the tests hold them against mpmath), so the margin is an assumption about the library, stated once.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..arrays import Array, Mask
from .arithmetic import LIBRARY_ULPS, magnitudes
from .interval import EMPTY, KINKED, PARTIAL, UNDERFLOW, Flags, Interval, merged, raised, up, up_from

_COMPOSED_ULPS = 32.0
"""Margin for functions that are a few library calls here (sigmoid, softplus, sech²)."""

_LARGEST_ANGLE = 1e9
"""Angles beyond it are not reduced: sine and cosine are -1 to 1, a tangent anything."""


def odd(function: Callable[[Array], Array]) -> Callable[[Interval], Interval]:
    """Return an increasing odd function on intervals: minus the low end's image is the image of minus the end."""

    def on_interval(a: Interval) -> Interval:
        return Interval(up_from(function(a.bounds), LIBRARY_ULPS, a.bounds), a.flags)

    return on_interval


def _straddles_zero(a: Interval) -> Mask:
    found: Mask = (a.bounds[0] >= 0.0) & (a.bounds[1] >= 0.0)
    return found


def square_root(a: Interval) -> Interval:
    """Return √a; at 0 it has no derivative."""
    low = -a.bounds[0]
    edge = low <= 0.0
    clipped = np.stack([np.maximum(low, 0.0), np.maximum(a.bounds[1], 0.0)])
    bounds = np.sqrt(clipped)
    np.negative(bounds[0], out=bounds[0])
    up(bounds)
    if not np.any(edge):
        return Interval(bounds, a.flags)
    return Interval(
        bounds, merged(a.flags, raised(KINKED, edge), raised(PARTIAL, low < 0.0), _nowhere(a.bounds[1] < 0))
    )


def cube_root(a: Interval) -> Interval:
    """Return ∛a; at 0 it has no derivative."""
    bounds = up_from(np.cbrt(a.bounds), LIBRARY_ULPS, a.bounds)
    return Interval(bounds, merged(a.flags, raised(KINKED, _straddles_zero(a))))


def exponential(a: Interval) -> Interval:
    """Return eᵃ, never below 0."""
    values = np.exp(np.stack([-a.bounds[0], a.bounds[1]]))
    np.negative(values[0], out=values[0])
    up(values, LIBRARY_ULPS)
    values += UNDERFLOW
    np.minimum(values[0], 0.0, out=values[0])
    return Interval(values, a.flags)


def logarithm(function: Callable[[Array], Array]) -> Callable[[Interval], Interval]:
    """Return a logarithm on intervals."""

    def on_interval(a: Interval) -> Interval:
        low = -a.bounds[0]
        outside = low <= 0.0
        bounds = function(np.stack([np.maximum(low, 0.0), np.maximum(a.bounds[1], 0.0)]))
        np.negative(bounds[0], out=bounds[0])
        up(bounds, LIBRARY_ULPS)
        if not np.any(outside):
            return Interval(bounds, a.flags)
        bounds[0] = np.where(outside, np.inf, bounds[0])
        return Interval(bounds, merged(a.flags, raised(PARTIAL | KINKED, outside), _nowhere(a.bounds[1] <= 0.0)))

    return on_interval


def _nowhere(where: Mask) -> Flags:
    return raised(EMPTY | PARTIAL, where)


def sine(a: Interval) -> Interval:
    """Return sin a."""
    return _wave(a, np.sin, 0.25)


def cosine(a: Interval) -> Interval:
    """Return cos a."""
    return _wave(a, np.cos, 0.0)


def _wave(a: Interval, function: Callable[[Array], Array], crest: float) -> Interval:
    """Sine or cosine; ``crest`` is where it is 1, in turns; half a turn later it is -1."""
    ends = function(np.stack([-a.bounds[0], a.bounds[1]]))
    bounds = np.empty_like(ends)
    np.maximum(ends[0], ends[1], out=bounds[1])
    np.minimum(ends[0], ends[1], out=bounds[0])
    np.negative(bounds[0], out=bounds[0])
    bounds = up(bounds, LIBRARY_ULPS)
    bounds += UNDERFLOW
    turns = _turns(a.bounds)
    bounds[1][_holds_integer(turns, crest)] = 1.0
    bounds[0][_holds_integer(turns, crest + 0.5)] = 1.0
    np.minimum(bounds, 1.0, out=bounds)
    return Interval(bounds, a.flags)


def _turns(bounds: Array) -> Array:
    """Angles in turns, a margin outward that covers the rounding of the division; beyond reach, everything."""
    turns = bounds * (0.5 / np.pi)
    turns += np.abs(turns) * 2.0**-50 + 2.0**-50
    return np.where(np.abs(bounds) < _LARGEST_ANGLE, turns, np.inf)


def _holds_integer(turns: Array, offset: float) -> Mask:
    """Whether an integer plus ``offset`` is within: as many below the high end as minus those above the low."""
    found: Mask = np.floor(turns[0] + offset) + np.floor(turns[1] - offset) >= 0.0
    return found | ~np.isfinite(turns).all(axis=0)


def tangent(a: Interval) -> Interval:
    """Return tan a; everything where a pole may be within."""
    turns = 2.0 * _turns(a.bounds)
    pole = _holds_integer(turns, 0.5)
    bounds = up_from(np.tan(a.bounds), LIBRARY_ULPS, a.bounds)
    if not np.any(pole):
        return Interval(bounds, a.flags)
    return Interval(np.where(pole, np.inf, bounds), merged(a.flags, raised(PARTIAL | KINKED, pole)))


def _within_one(a: Interval) -> tuple[Array, Interval]:
    """The argument clipped to [-1, 1], and an interval that carries the flags for what was outside."""
    clipped = np.clip(a.bounds, -1.0, 1.0)
    at_edge = np.any(a.bounds >= 1.0, axis=0)
    outside = np.any(a.bounds > 1.0, axis=0)
    nowhere = np.any(a.bounds < -1.0, axis=0)
    flags = merged(a.flags, raised(KINKED, at_edge), raised(PARTIAL, outside), _nowhere(nowhere))
    return clipped, Interval(clipped, flags)


def arcsine(a: Interval) -> Interval:
    """Return asin a; at ±1 it has no derivative."""
    clipped, flagged = _within_one(a)
    return Interval(up_from(np.arcsin(clipped), LIBRARY_ULPS, clipped), flagged.flags)


def arccosine(a: Interval) -> Interval:
    """Return acos a; at ±1 it has no derivative."""
    clipped, flagged = _within_one(a)
    bounds = np.stack([-np.arccos(clipped[1]), np.arccos(-clipped[0])])
    return Interval(up(bounds, LIBRARY_ULPS), flagged.flags)


def angle(y: Interval, x: Interval) -> Interval:
    """Return atan2(y, x); -π to π where the box meets the negative x axis, where it jumps."""
    cut = _straddles_zero(y) & (x.bounds[0] >= 0.0)
    (y_low, y_high), (x_low, x_high) = ((-each.bounds[0], each.bounds[1]) for each in (y, x))
    corners = np.stack([np.arctan2(v, u) for v in np.broadcast_arrays(y_low, y_high) for u in (x_low, x_high)])
    bounds = up(np.stack([np.max(-corners, axis=0), np.max(corners, axis=0)]), LIBRARY_ULPS) + UNDERFLOW
    flags = merged(y.flags, x.flags, raised(KINKED, np.asarray(cut)))
    return Interval(np.where(cut, np.nextafter(np.pi, 4.0), bounds), flags)


def hyperbolic_cosine(a: Interval) -> Interval:
    """Return cosh a, never below 1."""
    bounds = np.cosh(magnitudes(a.bounds))
    np.negative(bounds[0], out=bounds[0])
    up(bounds, LIBRARY_ULPS)
    np.minimum(bounds[0], -1.0, out=bounds[0])
    return Interval(bounds, a.flags)


def hyperbolic_secant_squared(a: Interval) -> Interval:
    """Return 1/cosh² a, 0 to 1, which falls with |a|."""
    decay = np.exp(-2.0 * np.abs(magnitudes(a.bounds)))
    values = 4.0 * decay / (1.0 + decay) ** 2
    bounds = up(np.stack([-values[1], values[0]]), _COMPOSED_ULPS) + UNDERFLOW
    np.minimum(bounds[0], 0.0, out=bounds[0])
    np.minimum(bounds[1], 1.0, out=bounds[1])
    return Interval(bounds, a.flags)


def hyperbolic_tangent(a: Interval) -> Interval:
    """Return tanh a, -1 to 1."""
    bounds = up_from(np.tanh(a.bounds), LIBRARY_ULPS, a.bounds)
    return Interval(np.minimum(bounds, 1.0), a.flags)


def sigmoid(a: Interval) -> Interval:
    """Return 1/(1 + e⁻ᵃ), 0 to 1."""
    x = np.stack([-a.bounds[0], a.bounds[1]])
    growth = np.exp(-np.abs(x))
    values = np.where(x >= 0.0, 1.0, growth) / (1.0 + growth)
    np.negative(values[0], out=values[0])
    bounds = up(values, _COMPOSED_ULPS) + UNDERFLOW
    np.minimum(bounds[0], 0.0, out=bounds[0])
    np.minimum(bounds[1], 1.0, out=bounds[1])
    return Interval(bounds, a.flags)


def softplus(a: Interval) -> Interval:
    """Return log(1 + eᵃ), never below 0."""
    x = np.stack([-a.bounds[0], a.bounds[1]])
    values = np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))
    np.negative(values[0], out=values[0])
    bounds = up(values, _COMPOSED_ULPS) + UNDERFLOW
    np.minimum(bounds[0], 0.0, out=bounds[0])
    return Interval(bounds, a.flags)
