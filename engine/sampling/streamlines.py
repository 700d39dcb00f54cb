"""Evenly spaced streamlines of the gradient, traced in the coordinates of a screen."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ..arrays import Array, Mask, Whole
from .grid import Box
from .occupancy import Occupancy

LONGEST_STEP, SHORTEST_STEP = 3.0, 0.25
"""Longest and shortest step along a line, in columns; the shortest is half a braille dot."""

_SLIDING_STEP = 0.5
"""Step along the floor of a valley that is narrower than it, in columns: one braille dot."""

_LONG_SLIDE = 1.5
"""Step along such a floor where it is straight enough."""

_TOLERANCE = 0.05
"""Error of one step, in columns."""

_MOST_STEPS = (48, 20, 12)
"""Most steps of a line each way in each round: later lines go on where earlier ones ended, and fill gaps."""

_LEAST_LENGTH = 0.75
"""Shortest line that is kept, as a share of the distance between lines."""


class Sloped(Protocol):
    """Anything with values and gradients at points (…, 2)."""

    def value(self, x: Array) -> Array:
        """Return the values (…) at points (…, 2)."""

    def gradient(self, x: Array) -> Array:
        """Return the gradients (…, 2) at points (…, 2)."""


@dataclass(frozen=True, eq=False)
class Screen:
    """A box of the plane shown on ``columns`` × ``rows`` cells, each ``aspect`` times as high as it is wide.

    Screen coordinates count columns to the right of the box's corner, and columns' widths up from it.
    """

    box: Box
    columns: int
    rows: int
    aspect: float = 2.0

    @property
    def size(self) -> Array:
        """Width and height of the screen in columns (2,)."""
        return np.array([float(self.columns), self.rows * self.aspect])

    @property
    def unit(self) -> Array:
        """The world's lengths of one column's width, to the right and up (2,)."""
        return np.array([high - low for low, high in self.box]) / self.size

    @property
    def corner(self) -> Array:
        """The box's lower left corner (2,)."""
        return np.array([low for low, _ in self.box])

    def to_world(self, places: Array) -> Array:
        """Return screen places (…, 2) as points of the world."""
        world: Array = self.corner + places * self.unit
        return world


def streamlines(surface: Sloped, screen: Screen, distance: float = 4.0) -> list[Array]:
    """Return lines of steepest descent (k, 2) in world coordinates, about ``distance`` columns from each other.

    Each line runs downhill. It ends at the border, where the gradient vanishes or is undefined, or where it
    would come nearer than half the distance to another line. The lines are those of the world's gradient:
    where a column and a row stand for different lengths they do not cross level lines at right angles on the
    screen, though they do in the world.

    After Jobard and Lefer, "Creating evenly-spaced streamlines of arbitrary density" (1997), with all
    candidates of a round traced at once by Bogacki and Shampine's pair of order 3 and 2, longest lines first.
    """
    taken = Occupancy(screen.size, distance)
    lines: list[Array] = []
    for number, most in enumerate(_MOST_STEPS):
        seeds = _seeds(screen.size, distance * (2.0 if number == 0 else 1.0), 0.5 if number != 2 else 0.0)
        seeds = seeds[taken.has_room(seeds)]
        if not len(seeds):
            continue
        traced = _traced(_Tracer(surface, screen, taken), seeds, most)
        for seed, up, down in sorted(traced, key=lambda parts: -len(parts[1]) - len(parts[2])):
            if not taken.has_room(seed[np.newaxis])[0]:
                continue
            line = np.concatenate((taken.free_part(up)[::-1], seed[np.newaxis], taken.free_part(down)))
            if len(line) > 1 and _length(line) >= _LEAST_LENGTH * distance:
                taken.take(line)
                lines.append(screen.to_world(line))
    return lines


def _seeds(size: Array, spacing: float, phase: float) -> Array:
    """An even lattice over the screen (k, 2), the middle of the screen in its middle."""
    counts = np.maximum(1, np.floor(size / spacing)).astype(np.int64)
    across, up = (
        (np.arange(count) + phase + 0.5 * (extent / spacing - count)) * spacing
        for count, extent in zip(counts.tolist(), size.tolist(), strict=True)
    )
    return np.stack(np.meshgrid(across, up, indexing="xy"), axis=-1).reshape(-1, 2)


def _length(line: Array) -> float:
    return float(np.sum(np.hypot(*np.diff(line, axis=0).T)))


def _traced(tracer: "_Tracer", seeds: Array, most: int) -> list[tuple[Array, Array, Array]]:
    """Each seed with the points uphill and downhill of it, in order from it, in screen coordinates."""
    starts = np.concatenate((seeds, seeds))
    signs = np.repeat([1.0, -1.0], len(seeds))
    paths = tracer.trace(starts, signs, most)
    return [(seed, paths[k], paths[k + len(seeds)]) for k, seed in enumerate(seeds)]


class _Tracer:
    """Follows many lines at once, each with its own length of step."""

    def __init__(self, surface: Sloped, screen: Screen, taken: Occupancy) -> None:
        self.surface, self.taken = surface, taken
        self.size, self.unit, self.corner = screen.size, screen.unit, screen.corner

    def directions(self, places: Array, signs: Array) -> Array:
        """The unit tangents on the screen (k, 2) of the ways up (1) or down (−1); NaN where there is none."""
        gradients = np.asarray(self.surface.gradient(self.corner + places * self.unit), dtype=np.float64)
        # A move along the world's gradient, in columns: it is the path that is drawn, not the steepest way
        # on the screen.
        moves = gradients / self.unit * signs[:, np.newaxis]
        moves = moves / np.maximum(np.abs(moves[:, 0]), np.abs(moves[:, 1]))[:, np.newaxis]
        tangents: Array = moves / np.hypot(moves[:, 0], moves[:, 1])[:, np.newaxis]
        return tangents

    def trace(self, starts: Array, signs: Array, most: int) -> list[Array]:
        """Return for each start the points (k, 2) after it, of at most ``most`` steps."""
        which, places, signs = np.arange(len(starts)), starts, signs
        steps = np.full(len(starts), 1.0)
        found: list[tuple[Whole, Array]] = []
        with np.errstate(all="ignore"):
            tangents = self.directions(places, signs)
            for _ in range(most):
                going = np.isfinite(tangents).all(axis=1) & self._inside(places)
                which, places, signs = which[going], places[going], signs[going]
                steps, tangents = steps[going], tangents[going]
                if not len(which):
                    break
                moved, places, tangents, steps = self._advance(places, signs, steps, tangents)
                found.append((which[moved], places[moved]))
        return _by_line(found, len(starts), starts, self.size)

    def _inside(self, places: Array) -> Mask:
        inside = ((places >= 0) & (places <= self.size)).all(axis=1)
        return inside & ~self.taken.is_close(places)

    def _advance(self, places: Array, signs: Array, steps: Array, k1: Array) -> tuple[Mask, Array, Array, Array]:
        """Try a step of every line; return which moved, and the places, tangents and lengths of step after it.

        A line that ends keeps its place and gets a NaN tangent.
        """
        h = steps[:, np.newaxis]
        k2 = self.directions(places + 0.5 * h * k1, signs)
        k3 = self.directions(places + 0.75 * h * k2, signs)
        ends = places + h * (2.0 * k1 + 3.0 * k2 + 4.0 * k3) / 9.0
        k4 = self.directions(ends, signs)
        error = steps * _size(-5.0 * k1 / 72.0 + k2 / 12.0 + k3 / 9.0 - k4 / 8.0)
        # The way turns round within a dot: the line has come to the floor of a valley too narrow to see, or
        # to its end. NaN, next to where f is undefined, is an error too large.
        turns = (_dot(k1, k2) < 0) & (steps <= _SLIDING_STEP)
        # Within half a dot no error can be seen.
        good = ((error <= _TOLERANCE) | (steps <= SHORTEST_STEP)) & (_dot(k1, k4) > 0) & ~turns
        slid = np.flatnonzero(turns)
        if len(slid):
            ends[slid], good[slid] = self._slide(places[slid], _floor_way(k1[slid], k2[slid]), h[slid], signs[slid])
            k4[slid] = self.directions(ends[slid], signs[slid])
        growth = np.maximum(0.5, np.minimum(2.0, 0.9 * np.cbrt(_TOLERANCE / error)))
        # Where the way turns round within a step, the floor or the end is looked for with the least trials.
        shorter = np.where(turns, 0.5, np.maximum(0.2, np.minimum(0.5, growth)))
        longer = np.where(good & ~turns, steps * growth, np.where(good, _SLIDING_STEP, shorter * steps))
        over = ~good & (steps <= SHORTEST_STEP)
        tangents = np.where(good[:, np.newaxis], k4, k1)
        tangents[over] = np.nan
        places = np.where(good[:, np.newaxis], ends, places)
        return good, places, tangents, np.maximum(SHORTEST_STEP, np.minimum(longer, LONGEST_STEP))

    def _slide(self, places: Array, way: Array, h: Array, signs: Array) -> tuple[Array, Mask]:
        """The ends of a long or else a short step along a floor, and whether f went the way it should.

        That tells sliding along a valley from shaking about its end.
        """
        ends = places + _LONG_SLIDE * way
        short = places + h * way
        asked = self.corner + np.concatenate((places, ends, short)) * self.unit
        values = np.asarray(self.surface.value(asked), dtype=np.float64).reshape(3, len(places))
        before, after, nearer = values * signs
        far = after > before
        return np.where(far[:, np.newaxis], ends, short), far | (nearer > before)


def _size(vectors: Array) -> Array:
    size: Array = np.hypot(vectors[:, 0], vectors[:, 1])
    return np.where(np.isnan(size), np.inf, size)


def _dot(one: Array, other: Array) -> Array:
    """Scalar products of vectors (k, 2); a sum over an axis of length two takes several times as long."""
    product: Array = one[:, 0] * other[:, 0] + one[:, 1] * other[:, 1]
    return product


def _floor_way(one: Array, other: Array) -> Array:
    """Return the unit vectors along the floor between two opposite walls, from the ways down on both.

    Filippov's sliding motion: the mean of the two that has no part across, which is the shortest of all.
    """
    across = other - one
    share = np.clip(-_dot(one, across) / _dot(across, across), 0.0, 1.0)
    along = one + share[:, np.newaxis] * across
    way: Array = along / np.hypot(along[:, 0], along[:, 1])[:, np.newaxis]
    return way


def _by_line(found: list[tuple[Whole, Array]], count: int, starts: Array, size: Array) -> list[Array]:
    """Sort the points of all steps by line; the last one of a line that left the screen is cut at its edge."""
    if not found:
        return [np.empty((0, 2))] * count
    which = np.concatenate([lines for lines, _ in found])
    places = np.concatenate([points for _, points in found])
    order = np.argsort(which, kind="stable")
    bounds = np.searchsorted(which[order], np.arange(count + 1))
    places = places[order]
    paths = []
    for k in range(count):
        path = places[bounds[k] : bounds[k + 1]]
        if len(path):
            path = path.copy()
            path[-1] = _cut(path[-2] if len(path) > 1 else starts[k], path[-1], size)
        paths.append(path)
    return paths


def _cut(before: Array, after: Array, size: Array) -> Array:
    """The point where a segment from inside the screen leaves it, or its end."""
    with np.errstate(all="ignore"):
        shares = np.where(
            after < 0, before / (before - after), np.where(after > size, (size - before) / (after - before), 1)
        )
    return np.clip(before + float(shares.min()) * (after - before), 0.0, size)
