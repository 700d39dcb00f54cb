"""Tick places in nice steps, and labels that are right and short for every box."""

import math
from dataclasses import dataclass

from .glyphs import GlyphSet

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_MOST_DIGITS = 5


@dataclass(frozen=True)
class Ticks:
    """Tick positions in ascending order with their labels.

    `offset` is "" or what labels leave out, as it is written after the axis' name: under `x - 1` the label
    `2e-12` stands for x = 1.000000000002.
    """

    positions: tuple[float, ...]
    labels: tuple[str, ...]
    offset: str = ""

    @property
    def width(self) -> int:
        """The length of the longest label."""
        return max(map(len, self.labels), default=0)


def nice_step(span: float, count: int) -> float:
    """Return the least of 1, 2, 5 times a power of ten that a span (> 0) holds `count` times at most."""
    raw = span / max(1, count)
    power = 10.0 ** math.floor(math.log10(raw)) if raw > 1e-300 else 1e-300
    return next((f * power for f in (1.0, 2.0, 5.0) if f * power >= raw * (1 - 1e-9)), 10 * power)


def _step(low: float, high: float, count: int) -> float:
    """Return the coarsest nice step, for `count` or a few more, with two multiples in the range."""
    for wanted in range(count, count + 4):
        step = nice_step(high - low, wanted)
        if math.floor(high / step + 1e-9) > math.ceil(low / step - 1e-9):
            break
    return step


def linear_ticks(low: float, high: float, count: int, glyphs: GlyphSet) -> Ticks:
    """Return about `count` ticks (at least two where they fit) at multiples of a nice step in [low, high].

    A range that is empty or not finite has no ticks.
    """
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        return Ticks((), ())
    # Near the ends of double precision spans overflow or lose digits, so it is measured in other units.
    largest = max(abs(low), abs(high))
    power = 20 if largest > 1e290 else -300 if largest < 1e-250 else 0
    unit, ends = 10.0**power, (low, high)
    if power:
        low, high, largest = low / unit, high / unit, largest / unit
    step = _step(low, high, count)
    if largest / step > 10**_MOST_DIGITS:
        return _offset_ticks(low, high, count, glyphs) if not power else Ticks((), ())
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    indices = range(first, last + 1)
    positions = tuple(min(max(k * step * unit, ends[0]), ends[1]) for k in indices)
    return Ticks(positions, _labels(indices, step, power, glyphs))


def _offset_ticks(low: float, high: float, count: int, glyphs: GlyphSet) -> Ticks:
    """Write ticks relative to a round number in the box, where absolute labels would all begin alike."""
    offset = round_within(low, high)
    step = _step(low - offset, high - offset, count)
    first, last = math.ceil((low - offset) / step - 1e-9), math.floor((high - offset) / step + 1e-9)
    positions = tuple(min(max(offset + k * step, low), high) for k in range(first, last + 1))
    return Ticks(positions, _labels(range(first, last + 1), step, 0, glyphs), offset_text(offset, glyphs))


def round_within(low: float, high: float) -> float:
    """Return the coarsest decimal in [low, high]: as an offset it is the shortest to write."""
    middle = low / 2 + high / 2
    return next((value for digits in range(1, 18) if low <= (value := float(f"{middle:.{digits}g}")) <= high), middle)


def offset_text(offset: float, glyphs: GlyphSet) -> str:
    """Return what is written after an axis' name whose labels count from ``offset``: with 1, `− 1`."""
    return f"{'+' if offset < 0 else glyphs.minus} {_number(abs(offset), glyphs)}"


def _labels(indices: range, step: float, power: int, glyphs: GlyphSet) -> tuple[str, ...]:
    """Write the multiples of a step in units of ten to a power, all with as many decimals as the step has."""
    exponent = math.floor(math.log10(step) + 1e-9)
    digits = round(step / 10.0**exponent)
    # Exact in integers: k * step would show the rounding of a step that no binary fraction meets.
    mantissas = [k * digits for k in indices]
    exponent += power
    length = len(str(max(map(abs, mantissas), default=0)))
    if exponent >= -4 and length + exponent <= _MOST_DIGITS:
        decimals = max(0, -exponent)
        texts = [f"{mantissa * 10.0**exponent:.{decimals}f}" for mantissa in mantissas]
    else:
        texts = [_scientific(mantissa, exponent) for mantissa in mantissas]
    return tuple(_signed(text, glyphs) for text in texts)


def _scientific(mantissa: int, exponent: int) -> str:
    """Write an integer times a power of ten, with the decimal point after its first digit."""
    if mantissa == 0:
        return "0"
    sign, digits = "-" if mantissa < 0 else "", str(abs(mantissa))
    exponent += len(digits) - 1
    rest = digits[1:].rstrip("0")
    return f"{sign}{digits[0]}{'.' if rest else ''}{rest}e{exponent}"


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
    """Return ticks for an axis of decimal logarithms in [low, high], at powers of ten if two are in view.

    Positions are logarithms. In less than a decade plain numbers at nice steps are written instead, and in up
    to two decades 1, 2 and 5 times powers of ten, as many as fit.
    """
    first, last = math.ceil(low - 1e-9), math.floor(high + 1e-9)
    if last <= first:
        plain = linear_ticks(10.0**low, 10.0**high, count, glyphs) if low > -300 and high < 300 else Ticks((), ())
        kept = [(math.log10(p), t) for p, t in zip(plain.positions, plain.labels, strict=True) if p > 0]
        if kept and not plain.offset:
            return Ticks(tuple(p for p, _ in kept), tuple(t for _, t in kept))
    if high - low <= 2.0 and max(abs(low), abs(high)) < _MOST_DIGITS:
        return _one_two_five(low, high, count, glyphs)
    stride = max(1, math.ceil(nice_step(last - first, count))) if last - first > count else 1
    powers = range(math.ceil(first / stride) * stride, last + 1, stride)
    while len(powers) < 2 and stride > 1:
        # One label says nothing of the scale.
        stride -= 1
        powers = range(math.ceil(first / stride) * stride, last + 1, stride)
    return Ticks(tuple(float(k) for k in powers), tuple(power_of_ten(k, glyphs) for k in powers))


def _one_two_five(low: float, high: float, count: int, glyphs: GlyphSet) -> Ticks:
    decades = range(math.floor(low), math.ceil(high) + 1)
    marks = [
        (k + math.log10(m), m, k) for k in decades for m in (1, 2, 5) if low - 1e-9 <= k + math.log10(m) <= high + 1e-9
    ]
    for dropped in (2, 5):
        if len(marks) > max(3, count):
            marks = [mark for mark in marks if mark[1] != dropped]
    labels = tuple(_signed(f"{m * 10.0**k:.{max(0, -k)}f}", glyphs) for _, m, k in marks)
    return Ticks(tuple(place for place, _, _ in marks), labels)
