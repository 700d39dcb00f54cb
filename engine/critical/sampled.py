"""The signs of f on small circles around a point: how a degenerate point looks, without proof."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import Array
from ..surface.surface import Surface

_DIRECTIONS = 2880
_SHRINK = 0.6
_RADII = 14
_AGREEING = 3
_NOISE = 64 * 2.0**-52


def sampled_sectors(surface: Surface, point: Sequence[float]) -> tuple[int, int] | None:
    """Return the number of descending sectors and, where there are none, the sign around the point.

    With one variable the second number is the sign on both sides, 0 where they differ. None where circles of
    different sizes disagree, or rounding hides the sign. Circles shrink from a twentieth of the box; the
    smallest that agree are believed.
    """
    centre = np.asarray(point, dtype=np.float64)
    level = float(surface.value(centre))
    slope = float(np.max(np.abs(surface.gradient(centre))))
    size = min(high - low for low, high in surface.box)
    seen: list[tuple[int, int]] = []
    for k in range(_RADII):
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
    # A zero crossing has a few unsure directions; more of them are a valley floor, or rounding.
    if np.count_nonzero(sure) < (2 if centre.size == 1 else 0.9 * _DIRECTIONS):
        return None
    signs = np.sign(change[sure])
    if centre.size == 1:
        return 0, int(signs[0]) if signs[0] == signs[1] else 0
    changes = int(np.count_nonzero(signs != np.roll(signs, 1)))
    return changes // 2, int(signs[0]) if changes == 0 else 0
