"""How many runs stand at once: the rules of `status`, for arrays of particles."""

import math
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from ...arrays import Array, Mask
from ...curvature.criticalities import criticalities
from ...curvature.report import view_scale
from ...curvature.second_derivative_test import CRITICAL_DISTANCE, ViewScale
from ...optimizers.optimizer import Need
from ...optimizers.oracle import Landscape
from ..extent import FAR, half_diagonal
from ..settings import RunSettings
from ..stable_rate import limit_of


class Fate(IntEnum):
    """How a start's run stands after its steps."""

    WAITING = 0
    """No run has begun there yet."""
    RUNNING = 1
    """It goes on."""
    SETTLED = 2
    """At a critical point, whose curvatures are all clear."""
    SETTLED_FLAT = 3
    """At a critical point with a direction of no curvature, which is known less accurately."""
    STALLED = 4
    """It does not move any more, but at no critical point."""
    DIVERGED = 5
    """To infinity, or f overflowed."""
    LEFT = 6
    """f, its gradient or its Hessian is undefined where the next step leads, or is needed for it."""
    UNDEFINED = 7
    """f is undefined at the start."""


@dataclass(frozen=True)
class Yardstick:
    """What a surface and settings say about distances and stability: measured once for all particles."""

    surface: Landscape
    settings: RunSettings
    extent: float
    centre: Array
    scale: ViewScale

    @classmethod
    def of(cls, surface: Landscape, settings: RunSettings) -> "Yardstick":
        """Measure a surface; its own box is the yardstick, as for a single run."""
        centre = np.array([(low + high) / 2.0 for low, high in surface.box])
        return cls(surface, settings, half_diagonal(surface.box), centre, view_scale(surface))

    def distances(self, points: Array) -> Array:
        """Return how far points ``(m, n)`` are from the view's centre, ``(m,)``."""
        with np.errstate(all="ignore"):
            away: Array = np.sqrt(np.sum((points - self.centre) ** 2, axis=1))
        return np.where(np.isnan(away), np.inf, away)

    def far(self, points: Array) -> Mask:
        """Return which points ``(m, n)`` are so far outside that no view shows both them and the box, ``(m,)``."""
        return self.distances(points) > FAR * self.extent

    def at_start(self, values: Array) -> Array:
        """Return the fates ``(m,)`` of runs whose starts have these values ``(m,)``."""
        fates = np.where(np.isfinite(values), Fate.RUNNING, Fate.DIVERGED)
        return np.where(np.isnan(values), Fate.UNDEFINED, fates)

    def ended(self, before: Array, after: Array, value: Array) -> Array:
        """Return DIVERGED or LEFT ``(m,)`` for runs whose step from ``before`` leads to no finite value."""
        far = self.far(before)
        with np.errstate(all="ignore"):
            gradient = self.surface.gradient(before)
        left = ~np.all(np.isfinite(gradient), axis=1)
        left |= np.all(np.isfinite(after), axis=1) & np.isnan(value)
        left &= ~far
        if Need.HESSIAN in self.settings.method.needs:
            left |= np.any(np.isnan(after), axis=1)
        return np.where(left, Fate.LEFT, Fate.DIVERGED)

    def critical(self, points: Array, moved: Array) -> Array:
        """Return SETTLED, SETTLED_FLAT or RUNNING ``(m,)`` for points ``(m, n)`` after moves of lengths ``(m,)``.

        Runs whose last step was longer than the distance that the test allows are not tested: that saves most
        Hessians, and one that passes a critical point at speed is not taken for settled. Moves of 0 test all.
        With noise no gradient proves anything.
        """
        fates = np.full(len(points), Fate.RUNNING)
        if self.settings.noise > 0:
            return fates
        slow = np.flatnonzero(moved <= CRITICAL_DISTANCE * np.maximum(self.extent, self.distances(points)))
        if not slow.size:
            return fates
        gradient = self.surface.gradient(points[slow])
        found = criticalities(points[slow], gradient, self.surface.hessian(points[slow]), self.scale, self.surface.box)
        flat = np.any(found.signs == 0, axis=1)
        fates[slow[found.critical]] = np.where(flat, Fate.SETTLED_FLAT, Fate.SETTLED)[found.critical]
        return fates

    def outward(
        self, points: Array, before: Array, earlier: Array | None, rises: NDArray[np.int64], position: int
    ) -> Mask:
        """Return which runs have diverged though all is finite, ``(m,)``, from their last three iterates.

        ``rises`` ``(m,)`` counts the steps in a row that f has risen in.
        """
        distance = self.distances(points)
        out = distance > 3.0 * self.extent
        if position == 0 or not out.any():
            return out & False
        out &= self.distances(before) < distance
        rising = rises > 0
        out &= (distance > FAR * self.extent) | (rising & (rises >= 8) & self._beyond_limit(points, position, out))
        slowing = np.ones(len(points), dtype=bool)
        if earlier is not None:
            with np.errstate(all="ignore"):
                last, previous = _lengths(points - before), _lengths(before - earlier)
            slowing = last < previous
        return out & (rising | ~slowing)

    def _beyond_limit(self, points: Array, position: int, asked: Mask) -> Mask:
        values = self.settings.values_at(position)
        limit = limit_of(self.settings, values)
        result = np.zeros(len(points), dtype=bool)
        if limit is None or not asked.any():
            return result
        matrices = self.surface.hessian(points[asked])
        finite = np.all(np.isfinite(matrices), axis=(1, 2))
        largest = np.full(len(matrices), np.nan)
        largest[finite] = np.linalg.eigvalsh(matrices[finite])[:, -1]
        result[asked] = values.get("lr", 0.0) * largest > limit
        return result


def _lengths(vectors: Array) -> Array:
    lengths: Array = np.sqrt(np.sum(vectors * vectors, axis=-1))
    return lengths


def moves(points: Array, before: Array) -> Array:
    """Return the distances ``(m,)`` between points ``(m, n)``; infinite where they are no numbers."""
    with np.errstate(all="ignore"):
        lengths = _lengths(points - before)
    return np.where(np.isnan(lengths), math.inf, lengths)
