"""The signs of f on small circles around a point: how a degenerate point looks, without proof."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from ..arrays import Array
from ..surface.surface import Surface

_DIRECTIONS = 2880
_SHRINK = 0.6
_RADII = 14
_AGREEING = 4
_CROSSING = 2
_ZOOM = 33
_NOISE = 64 * 2.0**-52


def sampled_sectors(
    surface: Surface, point: Sequence[float], stop: Callable[[], bool] | None = None
) -> tuple[int, int] | None:
    """Return the number of descending sectors and, where there are none, the sign around the point.

    With one variable the second number is the sign on both sides, 0 where they differ. None where circles of
    different sizes disagree, or rounding hides the sign. Circles shrink from a twentieth of the box; the
    smallest that agree are believed. ``stop`` is polled.
    """
    centre = np.asarray(point, dtype=np.float64)
    level = float(surface.value(centre))
    slope = float(np.max(np.abs(surface.gradient(centre))))
    if not math.isfinite(level + slope):
        return None
    size = min(high - low for low, high in surface.box)
    seen: list[tuple[int, int]] = []
    for k in range(_RADII):
        if stop is not None and stop():
            return None
        found = _pattern(surface, centre, level, slope, size * 0.05 * _SHRINK**k)
        if found is None:
            if len(seen) >= _AGREEING:
                break
            seen.clear()
            continue
        seen.append(found)
    last = seen[-_AGREEING:]
    return last[0] if len(last) == _AGREEING and len(set(last)) == 1 else None


def _pattern(surface: Surface, centre: Array, level: float, slope: float, radius: float) -> tuple[int, int] | None:
    if centre.size == 1:
        steps = np.array([[-radius], [radius]])
    else:
        angles = np.arange(_DIRECTIONS) * (2.0 * np.pi / _DIRECTIONS)
        steps = radius * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    values = surface.value(centre + steps)
    change = values - level
    if not np.all(np.isfinite(change)):
        return None
    # The point may be a little off the critical one: what its slope makes of the circle is no sign.
    noise = _NOISE * (abs(level) + float(np.max(np.abs(values)))) + 4.0 * slope * radius
    sure = np.abs(change) > noise
    if centre.size == 1:
        if not np.all(sure):
            return None
        return 0, int(np.sign(change[0])) if change[0] * change[1] > 0.0 else 0
    at = np.flatnonzero(sure)
    if not at.size:
        return None
    signs = np.sign(change[at])
    # A zero crossing has a few unsure directions; more of them are a valley floor, or rounding.
    gaps = np.diff(at, append=at[0] + _DIRECTIONS)
    if np.any((gaps > 1) & ((gaps > _CROSSING) | (signs == np.roll(signs, -1)))):
        return None
    step = 2.0 * np.pi / _DIRECTIONS

    def change_at(angles: Array) -> Array:
        return surface.value(centre + radius * np.stack([np.cos(angles), np.sin(angles)], axis=-1)) - level

    crossings = signs != np.roll(signs, -1)
    inside = np.linspace(0.0, 1.0, _ZOOM) * (gaps[crossings] * step)[:, np.newaxis]
    closer = change_at((at[crossings] * step)[:, np.newaxis] + inside)
    near = np.abs(closer) > noise
    ordered = np.sign(closer) * signs[crossings][:, np.newaxis]
    # Sure everywhere but at the crossing itself, and only one of them: + + + − − −.
    if np.any(np.count_nonzero(near, axis=-1) < _ZOOM - 2) or np.any((np.diff(ordered, axis=-1) > 0) & near[:, 1:]):
        return None
    dips = _crossing_dips(change, change_at, noise)
    if dips is None:
        return None
    changes = int(np.count_nonzero(signs != np.roll(signs, 1))) + 2 * dips
    return changes // 2, int(signs[0]) if changes == 0 else 0


def _crossing_dips(change: Array, change_at: Callable[[Array], Array], noise: float) -> int | None:
    """How many valleys between the samples reach the other sign; None where rounding hides it."""
    size = np.abs(change)
    same = (np.sign(np.roll(change, 1)) == np.sign(change)) & (np.sign(np.roll(change, -1)) == np.sign(change))
    lowest = (size <= np.roll(size, 1)) & (size <= np.roll(size, -1)) & (size < 0.1 * float(np.max(size)))
    found = np.flatnonzero(same & lowest)
    step = 2.0 * np.pi / _DIRECTIONS
    side = np.sign(change[found])
    low, high = (found - 1) * step, (found + 1) * step

    least = size[found]
    for _ in range(40 if found.size else 0):
        a, b = low + (high - low) / 3.0, high - (high - low) / 3.0
        at_a, at_b = side * change_at(a), side * change_at(b)
        least = np.minimum(least, np.minimum(at_a, at_b))
        left = at_a < at_b
        low, high = np.where(left, low, a), np.where(left, b, high)
    if not np.all(np.abs(least) > noise):
        return None
    return int(np.count_nonzero(least < 0.0))
