"""Colours for terminals with few of them: ramps still rise in lightness, lines still part from bands."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from curvtui.engine.arrays import Array

from .cells import ColourDepth
from .palette import Colours, lightness, standard_colours, to_oklab, xterm_colours

_LEAST_STEP = 0.012
"""Difference in OKLab lightness by which neighbouring bands must differ, where the palette allows."""


_GREY = 0.01
"""Largest OKLab chroma of a grey."""


def available(depth: ColourDepth) -> Colours | None:
    """Return the packed colours that a depth has, None where it has (nearly) all."""
    if depth is ColourDepth.EIGHT_BIT:
        return xterm_colours()
    if depth is ColourDepth.STANDARD:
        return standard_colours()
    return None


def greys(palette: Colours) -> Colours:
    """Return a palette's greys."""
    lab = to_oklab(palette)
    return np.asarray(palette[np.hypot(lab[:, 1], lab[:, 2]) < _GREY], dtype=np.int32)


def rising(wanted: Colours, palette: Colours, least: float = _LEAST_STEP) -> Colours:
    """Return for each wanted colour one of a palette, of strictly rising lightness, as near as they can be had.

    ``wanted`` (n,) rises in lightness. The sequence with the least sum of squared distances in OKLab, by dynamic
    programming; steps are made smaller, at last 0, where the palette is too small for them.
    """
    order = np.argsort(lightness(palette), kind="stable")
    candidates = np.asarray(palette, dtype=np.int32)[order]
    light = lightness(candidates)
    distance = _distances(wanted, candidates)
    for step in (least, 0.3 * least, 1e-9, 0.0):
        chosen = _cheapest(distance, light, step)
        if chosen is not None:
            return np.asarray(candidates[chosen], dtype=np.int32)
    return np.asarray(candidates[np.argmin(distance, axis=1)], dtype=np.int32)


def _distances(wanted: Colours, candidates: Colours) -> Array:
    """How far each wanted colour is from each candidate, (n, m)."""
    apart = to_oklab(wanted)[:, None, :] - to_oklab(candidates)[None, :, :]
    return np.asarray(np.sum(apart**2, axis=-1))


def _cheapest(distance: Array, light: Array, step: float) -> list[int] | None:
    """The places of the cheapest sequence whose lightness rises by ``step`` each time, None where there is none."""
    count, choices = distance.shape
    if count == 0:
        return []
    # For each candidate: how many candidates are dark enough to come before it.
    before = np.searchsorted(light, light - step, side="right")
    if step == 0.0:
        before = np.arange(choices) + 1
    cost = distance[0].copy()
    came_from = np.zeros((count, choices), dtype=np.int64)
    for row in range(1, count):
        best_place = _running_argmin(cost)
        possible = before > 0
        place = best_place[np.maximum(before - 1, 0)]
        came_from[row] = place
        cost = np.where(possible, cost[place], np.inf) + distance[row]
    last = int(np.argmin(cost))
    if not np.isfinite(cost[last]):
        return None
    chosen = [last]
    for row in range(count - 1, 0, -1):
        chosen.append(int(came_from[row, chosen[-1]]))
    return chosen[::-1]


def _running_argmin(cost: Array) -> NDArray[np.int64]:
    """The place of the least cost up to each place."""
    least = np.minimum.accumulate(cost)
    places = np.where(cost <= least, np.arange(len(cost)), 0)
    return np.asarray(np.maximum.accumulate(places))


def standing_out(wanted: Colours, grounds: tuple[Colours, ...], palette: Colours, difference: float = 0.2) -> Colours:
    """Return for each wanted colour (n,) the nearest of a palette that differs in lightness from its grounds.

    Each of ``grounds`` is (n,). Where none differs by as much, the one that differs most is taken.
    """
    candidates = np.asarray(palette, dtype=np.int32)
    light = lightness(candidates)
    distance = _distances(wanted, candidates)
    gaps = [np.abs(light[None, :] - lightness(ground)[:, None]) for ground in grounds]
    gap = np.min(gaps, axis=0) if gaps else np.full(distance.shape, np.inf)
    cost = distance + np.where(gap < difference, 10.0 + 10.0 * (difference - gap), 0.0)
    return np.asarray(candidates[np.argmin(cost, axis=1)], dtype=np.int32)
