"""Tick places in nice steps, and labels that are right and short for every box."""

import math
from dataclasses import dataclass

from .glyphs import GlyphSet

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_MOST_DIGITS = 5


@dataclass(frozen=True)
class Ticks:
    """Tick positions in ascending order with their labels.

    `offset` is "" or what labels leave out, as it is written after the axis' name: under `x - 1` the label `2e-12`
    stands for x = 1.000000000002.
    """

    positions: tuple[float, ...]
    labels: tuple[str, ...]
    offset: str = ""

    @property
    def width(self) -> int:
        """The length of the longest label."""
        return max(map(len, self.labels), default=0)


def nice_step(span: float, count: int) -> float:
    """Return the smallest step of 1, 2 or 5 times a power of ten with at most `count` steps in the span (> 0)."""
    raw = span / max(1, count)
    power = 10.0 ** math.floor(math.log10(raw)) if raw > 1e-300 else 1e-300
    return next((f * power for f in (1.0, 2.0, 5.0) if f * power >= raw * (1 - 1e-9)), 10 * power)


def linear_ticks(low: float, high: float, count: int, glyphs: GlyphSet) -> Ticks:
    """Return about `count` ticks (at least two where they fit) on the multiples of a nice step in [low, high]."""
    # A quarter of everything: the span of a box that reaches 1e308 overflows otherwise.
    span = 4 * (high / 4 - low / 4) if high / 4 - low / 4 < 4e307 else math.inf
    if not (math.isfinite(low) and math.isfinite(high) and 0 < span < math.inf):
        return Ticks((), ())
    step = nice_step(span, count)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    if last - first > 4 * count + 8:
        return Ticks((), ())
    largest = max(abs(low), abs(high))
    if largest / step > 10**_MOST_DIGITS:
        return _offset_ticks(low, high, step, glyphs)
    indices = range(first, last + 1)
    positions = tuple(min(max(k * step, low), high) for k in indices)
    return Ticks(positions, _labels(indices, step, glyphs))


def _offset_ticks(low: float, high: float, step: float, glyphs: GlyphSet) -> Ticks:
    """Write ticks relative to a round number in the box, where absolute labels would all begin alike."""
    # The coarsest decimal inside the box leaves the shortest offset to write.
    middle = low / 2 + high / 2
    offset = next(
        (value for digits in range(1, 18) if low <= (value := float(f"{middle:.{digits}g}")) <= high), middle
    )
    first, last = math.ceil((low - offset) / step - 1e-9), math.floor((high - offset) / step + 1e-9)
    positions = tuple(min(max(offset + k * step, low), high) for k in range(first, last + 1))
    sign = "+" if offset < 0 else glyphs.minus
    return Ticks(positions, _labels(range(first, last + 1), step, glyphs), f"{sign} {_number(abs(offset), glyphs)}")


def _labels(indices: range, step: float, glyphs: GlyphSet) -> tuple[str, ...]:
    """Write the multiples of a step, all with as many decimals as the step has."""
    exponent = math.floor(math.log10(step) + 1e-9)
    digits = round(step / 10.0**exponent) if exponent > -300 else 1
    largest = max((abs(k) for k in indices), default=0) * step
    if -4 <= exponent and largest < 10**_MOST_DIGITS:
        decimals = max(0, -exponent)
        # Exact in integers: k * step would show the rounding of a step that no binary fraction meets.
        texts = [f"{k * digits * 10.0**exponent:.{decimals}f}" for k in indices]
    else:
        texts = [_scientific(k * digits, exponent) for k in indices]
    return tuple(_signed(text, glyphs) for text in texts)


def _scientific(mantissa: int, exponent: int) -> str:
    """Write mantissa times a power of ten, with the decimal point after its first digit."""
    if mantissa == 0:
        return "0"
    shift = len(str(abs(mantissa))) - 1
    return f"{mantissa / 10**shift:.{shift}f}".rstrip("0").rstrip(".") + f"e{exponent + shift}" if shift else (
        f"{mantissa}e{exponent}"
    )


def _number(value: float, glyphs: GlyphSet) -> str:
    text = f"{value:.17g}" if float(f"{value:.12g}") != value else f"{value:.12g}"
    return _signed(text.replace("e+0", "e").replace("e+", "e").replace("e-0", "e-"), glyphs)


def _signed(text: str, glyphs: GlyphSet) -> str:
    if text.lstrip("-0.") == "":
        text = text.removeprefix("-")
    return text.replace("-", glyphs.minus)


def power_of_ten(exponent: int, glyphs: GlyphSet) -> str:
    """Write a power of ten: 10⁻², or 1e-2 in ASCII."""
    if glyphs.superscripts:
        return "10" + str(exponent).translate(_SUPERSCRIPTS)
    return f"1e{exponent}"


def log_ticks(low: float, high: float, count: int, glyphs: GlyphSet) -> Ticks:
    """Return ticks for an axis of decimal logarithms in [low, high], at whole powers of ten where two are in view.

    Positions are logarithms. In less than a decade plain numbers are written at nice values instead.
    """
    first, last = math.ceil(low - 1e-9), math.floor(high + 1e-9)
    if last - first < 1:
        values = linear_ticks(10.0**low, 10.0**high, count, glyphs) if -300 < low and high < 300 else Ticks((), ())
        kept = [(math.log10(p), t) for p, t in zip(values.positions, values.labels, strict=True) if p > 0]
        if values.offset or len(kept) < 2:
            return Ticks((), ()) if last < first else Ticks((float(first),), (power_of_ten(first, glyphs),))
        return Ticks(tuple(p for p, _ in kept), tuple(t for _, t in kept))
    stride = max(1, round(nice_step(last - first, max(1, count)))) if last - first > count else 1
    first = math.ceil(first / stride) * stride
    powers = range(first, last + 1, stride)
    return Ticks(tuple(float(k) for k in powers), tuple(power_of_ten(k, glyphs) for k in powers))
