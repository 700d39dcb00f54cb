"""How high a value stands in a relief: evenly, or logarithmically where nearly everything would be flat."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from curvtui.engine.arrays import Array
from curvtui.engine.sampling.levels import LevelMethod, drawable

from .curves import value_range
from .glyphs import GlyphSet
from .numbers import number
from .ticks import Ticks, linear_ticks, power_of_ten

_FLAT = 1 / 6
"""Where the median stands lower than this in an even relief, most of the surface looks like a floor."""

_MEDIAN = 0.42
"""Where a logarithmic relief puts the median."""

_FORCED = 1e3
"""The least bend of a logarithm that was asked for."""

_TAIL, _KEPT = 3.0, 1.5
"""Values further than this many inner spreads outside the middle 80 % are a pole's; so far they are shown."""


@dataclass(frozen=True)
class HeightScale:
    """Values from ``low`` to ``high`` as heights 0 to 1: ``log(1 + bend * x) / log(1 + bend)``, x even in the values.

    A ``bend`` of 0 is an even scale. Values beyond the ends are cut to them; ``cut_low`` and ``cut_high`` tell
    whether there are any.
    """

    low: float
    high: float
    bend: float = 0.0
    cut_low: bool = False
    cut_high: bool = False

    def heights(self, values: Array) -> Array:
        """Return heights in 0 to 1 of values of any shape; NaN stays NaN, infinities stand at the ends."""
        values = np.clip(np.asarray(values, dtype=np.float64), self.low, self.high)
        # A quarter of everything, so that no difference of two doubles overflows.
        even = (values / 4 - self.low / 4) / (self.high / 4 - self.low / 4)
        return np.asarray(np.log1p(self.bend * even) / math.log1p(self.bend)) if self.bend else even

    def value(self, height: float) -> float:
        """Return the value that stands at a height."""
        even = math.expm1(height * math.log1p(self.bend)) / self.bend if self.bend else height
        return self.low * (1 - even) + self.high * even

    def ticks(self, count: int, glyphs: GlyphSet) -> Ticks:
        """Return about ``count`` ticks at round values; their positions are heights."""
        if not self.bend:
            ticks = linear_ticks(self.low, self.high, count, glyphs)
            return Ticks(tuple(self.heights(np.array(ticks.positions)).tolist()), ticks.labels, ticks.offset)
        kept: dict[float, str] = {}
        for value, label in self._round_values(glyphs):
            height = float(self.heights(np.array(value)))
            if all(abs(height - other) > 0.75 / max(1, count) for other in kept):
                kept[height] = label
        return Ticks(tuple(sorted(kept)), tuple(kept[height] for height in sorted(kept)))

    def caption(self, glyphs: GlyphSet) -> str:
        """Return in a few words how values stand as heights, and where they are cut."""
        words = "log height" if self.bend else "linear height"
        ends = [number(end, glyphs, 3) for end, cut in ((self.low, self.cut_low), (self.high, self.cut_high)) if cut]
        return f"{words}, cut at {' and '.join(ends)}" if ends else words

    def _round_values(self, glyphs: GlyphSet) -> list[tuple[float, str]]:
        """Round values in the range with their labels, the most telling first."""
        largest = max(abs(self.low), abs(self.high))
        top = math.floor(math.log10(largest))
        # What differs by less than this from the low end stands no higher than a fraction of a dot.
        finest = max((self.high / 4 - self.low / 4) / self.bend, 1e-300)
        bottom = max(math.floor(math.log10(finest)), top - 400)
        found = [(0.0, "0")]
        for factor in (1, 5, 2):
            for exponent in range(top, bottom - 1, -1):
                for sign in (1.0, -1.0):
                    value = sign * float(f"{factor}e{exponent}")
                    minus = glyphs.minus if sign < 0 else ""
                    plain = -3 <= exponent <= 4
                    if plain or factor > 1:
                        found.append((value, number(value, glyphs)))
                    else:
                        found.append((value, minus + power_of_ten(exponent, glyphs)))
        return [(value, label) for value, label in found if self.low <= value <= self.high]


def height_scale(values: Array, method: LevelMethod = LevelMethod.AUTO) -> HeightScale:
    """Choose how values (any shape) stand as heights; what is not finite, or beyond ±1e300, is left out.

    AUTO takes an even scale, but where the median would stand in the lowest sixth: there a logarithm above
    the minimum, bent just so much that the median stands at 0.42. A bowl stays a bowl so, and a valley
    in steep walls is seen. LOG bends by three decades at least; LINEAR and QUANTILE are even. Tails far
    outside the middle 80 % of an even scale, those of a pole, are cut.
    """
    usable = np.asarray(values, dtype=np.float64)
    usable = usable[drawable(usable)]
    around = value_range([usable], 0.5)
    low, high = around.low, around.high
    finite = np.asarray(values, dtype=np.float64)
    finite = finite[np.isfinite(finite)]
    beyond = (bool((finite < low).any()), bool((finite > high).any()))
    if not usable.size or float(usable.min()) < low or high - low < 1e-300:
        return HeightScale(low, high) if high - low >= 1e-300 else HeightScale(low - 1.0, low + 1.0)
    tenth, median, ninetieth = (float(q) for q in np.quantile(usable, (0.1, 0.5, 0.9)))
    spread = ninetieth - tenth
    deep = spread > 0 and tenth - low > _TAIL * spread
    tall = spread > 0 and high - ninetieth > _TAIL * spread
    if deep:
        low = tenth - _KEPT * spread
    share = (median - low) / (high - low)
    logarithmic = method is LevelMethod.LOG or (method is LevelMethod.AUTO and share < _FLAT and not (deep and tall))
    if logarithmic:
        if share <= 0:
            above = usable[usable > low]
            share = (float(np.median(above)) - low) / (high - low) / 2
        bend = _bend(share)
        return HeightScale(
            low, high, max(bend, _FORCED) if method is LevelMethod.LOG else bend, deep or beyond[0], beyond[1]
        )
    if tall:
        high = ninetieth + _KEPT * spread
    return HeightScale(low, high, 0.0, deep or beyond[0], tall or beyond[1])


def _bend(share: float) -> float:
    """The bend that lifts what stands at ``share`` on an even scale to where the median is wanted."""
    if share >= _MEDIAN:
        return 0.0
    least, most = 0.0, 299.0
    for _ in range(60):
        exponent = 0.5 * (least + most)
        bend = 10.0**exponent
        if math.log1p(bend * share) / math.log1p(bend) < _MEDIAN:
            least = exponent
        else:
            most = exponent
    return float(10.0**most)
