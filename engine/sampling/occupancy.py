"""Which places of a screen are near a line already: what keeps streamlines apart."""

import numpy as np

from ..arrays import Array, Mask, Whole

_CELLS = 2
"""Cells of the raster a column."""


class Occupancy:
    """A raster over a screen that remembers what is within ``distance`` of the lines taken, and within half of it."""

    def __init__(self, size: Array, distance: float) -> None:
        """Begin with nothing taken on a screen of ``size`` (2,), in the unit of ``distance``."""
        self._margin = int(np.ceil(distance * _CELLS)) + 1
        across, up = (np.ceil(size * _CELLS).astype(np.int64) + 1 + 2 * self._margin).tolist()
        self._across, self._most = across, np.ceil(size * _CELLS)
        self._near = np.zeros(across * up, dtype=np.bool_)
        self._close = np.zeros(across * up, dtype=np.bool_)
        # A little less than the distance, for what the raster rounds away.
        self._disc = self._offsets(0.9 * distance)
        self._small_disc = self._offsets(0.5 * distance)

    def has_room(self, places: Array) -> Mask:
        """Return which places (k, 2) are a whole distance from all lines."""
        room: Mask = ~self._near[self._cells(places)]
        return room

    def is_close(self, places: Array) -> Mask:
        """Return which places (k, 2) are within half the distance of a line."""
        close: Mask = self._close[self._cells(places)]
        return close

    def free_part(self, path: Array) -> Array:
        """Return a path's points (k, 2) up to the first that is within half the distance of a line."""
        met = np.flatnonzero(self.is_close(path))
        return path[: met[0]] if len(met) else path

    def take(self, line: Array) -> None:
        """Remember a line (k, 2), its segments included."""
        parts = np.maximum(1, np.ceil(np.max(np.abs(np.diff(line, axis=0)), axis=1) * _CELLS)).astype(np.int64)
        which = np.repeat(np.arange(len(parts)), parts)
        shares = (np.arange(len(which)) - np.repeat(np.cumsum(parts) - parts, parts)) / parts[which]
        points = line[which] + shares[:, np.newaxis] * (line[which + 1] - line[which])
        cells = np.unique(self._cells(np.concatenate((points, line[-1:]))))[:, np.newaxis]
        self._near[cells + self._disc] = True
        self._close[cells + self._small_disc] = True

    def _cells(self, places: Array) -> Whole:
        # What lies outside of the screen counts as its edge.
        cells = (np.minimum(np.maximum(places * _CELLS, 0.0), self._most) + self._margin).astype(np.int64)
        return np.asarray(cells[:, 1] * self._across + cells[:, 0])

    def _offsets(self, radius: float) -> Whole:
        reach = int(radius * _CELLS)
        steps = np.arange(-reach, reach + 1)
        across, up = np.meshgrid(steps, steps)
        inside = across**2 + up**2 <= (radius * _CELLS) ** 2
        return np.asarray((up * self._across + across)[inside])
