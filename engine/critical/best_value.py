"""The smallest value of f that was met, proved: an upper bound of the minimum."""

from __future__ import annotations

import math

import numpy as np

from ..arrays import Array
from ..surface.array import quiet
from .boxes import point_boxes
from .field import Field
from .interval import EMPTY, PARTIAL
from .rational import exact_value

TOLERANCE = 1e-9
"""A value is the minimum if none is smaller by more than this, relative to the values' size or 1."""

_MOST_EXACT = 40
_EXACT_AT_ONCE = 2


class Best:
    """The smallest proved value of f, and where."""

    def __init__(self, field: Field) -> None:
        self._field = field
        self._exact_left = _MOST_EXACT
        self.upper = np.inf
        self.place: Array | None = None

    def offer(self, points: Array) -> float:
        """Take the best of points (n, N) if it is better; return how far f's values there are apart."""
        value = self._field.value(point_boxes(points))
        sound = (np.broadcast_to(value.flags, value.high.shape) & (PARTIAL | EMPTY)) == 0
        high = np.where(sound & np.isfinite(value.high), value.high, np.inf)
        if not high.size or not np.isfinite(high).any():
            return 0.0
        k = int(np.argmin(high))
        if high[k] < self.upper:
            self.upper, self.place = float(high[k]), points[:, k].copy()
        with quiet():
            return float(np.max(high[np.isfinite(high)]) - high[k])

    def offer_exactly(self, points: Array) -> None:
        """Like :meth:`offer`, for a few points where f is smaller as floats go than intervals can prove."""
        model = self._field.surface.model
        if not self._exact_left or not points.shape[1]:
            return
        with quiet():
            floats = np.nan_to_num(self._field.surface.value(points.T), nan=np.inf)
        for k in np.argsort(floats, kind="stable")[:_EXACT_AT_ONCE].tolist():
            # An interval says the same of most points: no need to look at those.
            if self._exact_left and floats[k] < self.upper - 0.5 * self.tolerance(1.0):
                self._exact_left -= 1
                value = exact_value(model.value, points[:, k].tolist(), self._field.parameters)
                if value is not None and value < self.upper:
                    self.upper, self.place = math.nextafter(float(value), math.inf), points[:, k].copy()
                    self.upper = float(value) if float(value) == value else self.upper

    def tolerance(self, spread: float) -> float:
        """How far below the best value f may still be for that to count as the minimum."""
        size = max(abs(self.upper), min(1.0, spread))
        return TOLERANCE * size if np.isfinite(size) else 0.0
