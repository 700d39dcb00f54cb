"""What of a terrain can be seen: for each dot of the screen, the first point that its ray meets.

With a parallel projection and an upright vertical axis, the rays of one column of dots lie in one vertical
plane. Along it, from the viewer away, the terrain is a curve on the screen, and what can be seen of it is
what rises above all before it, or sinks below all before it: the floating horizons of Wright, "A
two-space solution to the hidden line problem for plotting functions of two variables" (1973), here kept
for each dot, all columns at once, with a fresh start behind every gap.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from curvtui.engine.arrays import Array

from .braille import ACROSS, DOWN
from .cells import Flags
from .projection import TALL, Projection
from .terrain import Terrain

_SAMPLES = 1.45
"""Samples along a ray's track, in patches' sides, so that none is jumped over."""


@dataclass(frozen=True, eq=False)
class Sight:
    """The visible terrain on the raster of dots (4 rows, 2 columns a cell), the first row on top.

    ``covered`` tells where there is terrain, ``under`` where it is seen from below. ``depth`` is infinite, and
    ``u``, ``v``, ``height`` and ``light`` (0 to 1, how brightly it is lit) are NaN where there is none.
    """

    covered: Flags
    under: Flags
    depth: Array
    u: Array
    v: Array
    height: Array
    light: Array


def sight(land: Terrain, screen: Projection) -> Sight:
    """Return what of a terrain is seen on the screen."""
    view = screen.viewport
    shape = (view.rows * DOWN, view.columns * ACROSS)
    under = np.zeros(shape, dtype=np.bool_)
    away = np.full(shape, np.nan)
    side: Array = (np.arange(shape[1], dtype=np.float64) + 0.5 + view.x0 - screen.middle[0]) / screen.scale
    track, heights = _profiles(land, screen, side)
    # Rows count upwards from the lower edge, in dots.
    up = screen.middle[1] - view.y0 + screen.scale * (screen.rise * track + screen.upright * TALL * heights)
    for above in (True, False):
        _lay(up if above else -up, track, away, under, above)
    covered = ~np.isnan(away)
    rows, columns = np.nonzero(covered)
    t, s = away[covered], side[columns]
    (ru, rv), (au, av) = screen.right, screen.away
    u, v = np.clip(ru * s + au * t, -1.0, 1.0), np.clip(rv * s + av * t, -1.0, 1.0)
    ground = land.at(u, v)
    # At the rim of a gap a ray may meet the last sample's height just beyond the last patch.
    beside = np.isnan(ground.height)
    raised = (view.y1 - 0.5 - rows - screen.middle[1]) / screen.scale - screen.rise * t
    height = np.where(beside, np.clip(raised / (screen.upright * TALL), 0.0, 1.0), ground.height)
    along_u, along_v = (np.where(beside, 0.0, part) for part in ground[1:])
    depth = np.full(shape, np.inf)
    depth[covered] = screen.upright * t - screen.rise * TALL * height
    lit = lighting(screen, along_u, along_v, under[covered])
    return Sight(covered, under, depth, *(_raster(part, covered) for part in (u, v, height, lit)))


def _raster(values: Array, where: Flags) -> Array:
    result = np.full(where.shape, np.nan)
    result[where] = values
    return result


def _profiles(land: Terrain, screen: Projection, side: Array) -> tuple[Array, Array]:
    """Return, from near to far, where samples of each column's track lie and how high, both (samples, columns)."""
    near, far = np.full(len(side), -np.inf), np.full(len(side), np.inf)
    for right, away in zip(screen.right, screen.away, strict=True):
        if abs(away) < 1e-12:
            missed = np.abs(right * side) > 1.0
            near, far = np.where(missed, np.inf, near), np.where(missed, -np.inf, far)
            continue
        ends = (-1.0 - right * side) / away, (1.0 - right * side) / away
        near, far = np.maximum(near, np.minimum(*ends)), np.minimum(far, np.maximum(*ends))
    met = near < far
    near, far = np.where(met, near, np.nan), np.where(met, far, np.nan)
    shares = np.linspace(0.0, 1.0, int(_SAMPLES * land.pieces) + 1)[:, None]
    track = near * (1.0 - shares) + far * shares
    (ru, rv), (au, av) = screen.right, screen.away
    u, v = ru * side + au * track, rv * side + av * track
    heights = land.at(u.ravel(), v.ravel()).height.reshape(track.shape)
    return track, heights


def _lay(up: Array, track: Array, away: Array, under: Flags, above: bool) -> None:
    """Write where a horizon rises over dots into ``away``, the nearest winning.

    ``up`` is upside down for the lower horizon, so that both only ever rise.
    """
    gap = np.isnan(up)
    # Behind a gap the horizon starts afresh: each run of samples lifts by more than a screen.
    run = np.cumsum(gap, axis=0)
    height = len(away)
    lift = 4.0 * height + 2 * float(np.max(np.abs(up), where=~gap, initial=0.0))
    lifted = np.where(gap, -np.inf, up + run * lift)
    highest = np.maximum.accumulate(lifted, axis=0) - run * lift
    starts = gap[:-1] | gap[1:]
    with np.errstate(invalid="ignore"):
        reached = np.where(np.isfinite(highest), np.floor(highest + 0.5), 0.0)
    low, high = (0.0, float(height)) if above else (-float(height), 0.0)
    reached = np.clip(reached, low, high).astype(np.int64)
    counts = np.where(starts, 0, reached[1:] - reached[:-1])
    np.maximum(counts, 0, out=counts)
    # From far to near: of two that reach one dot, the nearer is written last.
    behind, column = np.nonzero(counts[::-1])
    sample = len(counts) - 1 - behind
    count = counts[sample, column]
    which = np.repeat(np.arange(len(count)), count)
    step = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    dot = reached[sample, column][which] + step
    i, j = sample[which], column[which]
    before, after = up[i, j], up[i + 1, j]
    share = (dot + 0.5 - before) / (after - before)
    t = track[i, j] + share * (track[i + 1, j] - track[i, j])
    row = height - 1 - dot if above else height + dot
    if above:
        away[row, j] = t
        return
    first = np.full(away.shape, np.inf)
    first[row, j] = t
    with np.errstate(invalid="ignore"):
        nearer = (first < away) | (np.isnan(away) & np.isfinite(first))
    away[nearer] = first[nearer]
    under[nearer] = True


def lighting(screen: Projection, along_u: Array, along_v: Array, under: Flags) -> Array:
    """Return how brightly slopes are lit, 0 to 1, by a lamp at the viewer's upper left (Lambert's cosine law)."""
    (ru, rv), (au, av) = screen.right, screen.away
    across = TALL * (ru * along_u + rv * along_v)
    off = TALL * (au * along_u + av * along_v)
    right, toward, up = _LAMP
    cosine = (-right * across + toward * off + up) / np.sqrt(1.0 + across**2 + off**2)
    return np.clip(np.where(under, -cosine, cosine), 0.0, 1.0)


_LAMP = (-0.52, 0.42, 0.74)
"""Where the lamp is: to the right, toward the viewer, up; of length 1."""
