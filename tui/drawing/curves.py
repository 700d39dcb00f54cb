"""The geometry of loss curves: values brought into a unit square, and thinned to what columns can show."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from curvtui.engine.arrays import Array

from .cells import Flags
from .ticks import nice_step

_LARGEST = np.finfo(np.float64).max


@dataclass(frozen=True, eq=False)
class Series:
    """One curve: ascending places (k,), values (k,), and a packed colour; what is not finite is a gap."""

    xs: Array
    ys: Array
    colour: int


@dataclass(frozen=True)
class Range:
    """A finite range of an axis, low below high; `place` brings values to 0 … 1 within it."""

    low: float
    high: float

    def place(self, values: Array) -> Array:
        """Return values of any size as fractions of the range; what is not finite becomes NaN."""
        values = np.asarray(values, dtype=np.float64)
        # A quarter of everything, so that no difference of two doubles overflows.
        fractions = (np.where(np.isfinite(values), values, np.nan) / 4 - self.low / 4) / (self.high / 4 - self.low / 4)
        return np.asarray(fractions)


def value_range(groups: Iterable[Array], margin: float) -> Range:
    """Return the range of all finite values; about a single one, `margin` times its size (1 for 0)."""
    arrays = [np.asarray(group, dtype=np.float64).ravel() for group in groups]
    values = np.concatenate([np.empty(0), *arrays])
    values = values[np.isfinite(values)]
    if not len(values):
        return Range(0.0, 1.0)
    low, high = float(values.min()), float(values.max())
    # Below this the fractions would be rounding noise, and ticks could not be told apart.
    if high / 2 - low / 2 <= 1e-13 * max(abs(low), abs(high)):
        pad = margin * max(abs(low), abs(high)) or 1.0
        low, high = max(low - pad, -_LARGEST), min(high + pad, _LARGEST)
    return Range(low, high)


def steady(range_: Range, log: bool = False) -> Range:
    """Return the range widened to round ends: 1, 2, 5 or whole decades with ``log``, else a nice step's multiples.

    An axis that fits its data exactly moves with every new point, and the whole curve with it; a round one
    stays for a long while, and so does what is on the screen.
    """
    low, high = range_.low, range_.high
    if log and abs(low) < 300 and abs(high) < 300:
        return _steady_decades(low, high)
    span = high / 2 - low / 2
    if not (1e-280 < span < 1e280) or span < 1e-12 * max(abs(low), abs(high)):
        return range_
    step = nice_step(2 * span, 5)
    return Range(math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step)


def _steady_decades(low: float, high: float) -> Range:
    """Widen a range of logarithms to 1, 2 or 5 times a power of ten; to whole decades where it spans many."""
    if high - low > 4:
        return Range(float(math.floor(low + 1e-9)), float(math.ceil(high - 1e-9)))
    marks = [decade + mark for decade in range(math.floor(low) - 1, math.ceil(high) + 2) for mark in _MARKS]
    below = max(mark for mark in marks if mark <= low + 1e-9)
    above = min(mark for mark in marks if mark >= high - 1e-9)
    return Range(below, above if above > below else below + 1.0)


_MARKS = (0.0, math.log10(2.0), math.log10(5.0))


def steps_range(steps: Array) -> Range:
    """Return the axis for step numbers: from 0 to the next of 10, 20, 50, 100 and so on."""
    last = float(np.max(steps, initial=0.0))
    return Range(0.0, max(10.0, nice_step(last, 1) if last > 0 else 0.0))


def logarithms(values: Array) -> Array:
    """Return decimal logarithms, NaN for what is not positive and finite."""
    values = np.asarray(values, dtype=np.float64)
    positive = (values > 0) & np.isfinite(values)
    return np.where(positive, np.log10(np.where(positive, values, 1.0)), np.nan)


def decimated(line: Array, columns: int) -> Array:
    """Return a polyline (k, 2) over the unit square with at most about two points a column, and gaps kept.

    The least and the greatest value in each column stay, and so do the first and the last point of each
    piece.
    """
    if len(line) <= 2 * columns:
        return line
    gap: Flags = np.asarray(np.isnan(line).any(axis=1), dtype=np.bool_)
    column = np.floor(np.where(gap, 0.0, np.clip(line[:, 0], 0.0, 1.0)) * columns).astype(np.int64)
    changes = (gap[1:] != gap[:-1]) | (column[1:] != column[:-1])
    group = np.concatenate([[0], np.cumsum(changes)])
    ends = np.concatenate([[True], gap[1:] != gap[:-1]]) | np.concatenate([gap[1:] != gap[:-1], [True]])
    by_value = np.lexsort((line[:, 1], group))
    first = np.concatenate([[True], changes])
    last = np.concatenate([changes, [True]])
    keep = ends.copy()
    # Sorted by group, then value: a group's first is its least, its last its greatest.
    keep[by_value[first]] = True
    keep[by_value[last]] = True
    keep &= ~gap | first
    return np.asarray(line[keep])


def unit_lines(series: Sequence[Series], x: Range, y: Range, columns: int, log: bool) -> list[Array]:
    """Return each series as a polyline (k, 2) over the unit square, thinned for `columns` columns."""
    lines = []
    for curve in series:
        count = min(len(curve.xs), len(curve.ys))
        ys = logarithms(curve.ys[:count]) if log else curve.ys[:count]
        lines.append(decimated(np.stack([x.place(curve.xs[:count]), y.place(ys)], axis=1), columns))
    return lines
