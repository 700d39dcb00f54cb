"""Numbers as people read them, short and aligned."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from .glyphs import GlyphSet


def number(value: float, glyphs: GlyphSet, digits: int = 4) -> str:
    """Return a number with ``digits`` significant digits: ``−0.9991``, ``1.2e−7``, ``∞``, ``undefined``."""
    if math.isnan(value):
        return "undefined"
    if math.isinf(value):
        sign = glyphs.minus if value < 0 else ""
        return sign + ("∞" if glyphs.superscripts else "inf")
    if value == 0:
        return "0"
    text = f"{value:.{digits}g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        text = f"{mantissa}e{int(exponent)}"
    return text.replace("-", glyphs.minus)


def value_text(value: float, glyphs: GlyphSet, digits: int = 4, *, zero: bool) -> str:
    """Return a value of f as :func:`number` does; where rounding can't tell it from 0, ``7.9e−31 ≈ 0``."""
    # More digits of rounding noise would say nothing.
    return f"{number(value, glyphs, 2)} {about_zero(glyphs)}" if zero else number(value, glyphs, digits)


def about_zero(glyphs: GlyphSet) -> str:
    """Return what stands for a value that rounding can't tell from 0."""
    return "≈ 0" if glyphs.superscripts else "~ 0"


def short_number(value: float, glyphs: GlyphSet, digits: int) -> str:
    """Return a number with ``digits`` significant digits and as few characters: 320, not 3.2e2."""
    if math.isfinite(value) and (value == 0 or 1e-4 <= abs(value) < 1e5):
        rounded = float(f"{value:.{digits}g}")
        return f"{rounded:.12g}".replace("-", glyphs.minus)
    return number(value, glyphs, digits)


def point(x: Sequence[float], glyphs: GlyphSet, digits: int = 4) -> str:
    """Return a point as ``(0.982, 0.973)``."""
    return f"({', '.join(number(float(c), glyphs, digits) for c in x)})"


def interval(low: float, high: float, glyphs: GlyphSet) -> str:
    """Return an interval as ``[−2, 2]``, with as many digits as tell its ends apart."""
    digits = 4
    while digits < 17 and f"{low:.{digits}g}" == f"{high:.{digits}g}":
        digits += 1
    return f"[{number(low, glyphs, digits)}, {number(high, glyphs, digits)}]"


_MINUS = re.compile(r"(?<![\w)])-(?=[\d.]|inf)|(?<=\de)-(?=\d)")
_EXPONENT = re.compile(r"(?<=\d)e([+-]?)0*(\d+)")
_ASCII = {"λ_": "l_", "λ": "l", "η": "lr", "‖": "|", "∇": "grad ", "κ": "kappa", "≤": "<=", "·": "*", "−": "-"}
_ASCII |= {"→": "->", "…": "~", "×": "x", "²": "^2", "∞": "inf", "½": "1/2", "≥": ">=", "–": "-"}
_ASCII |= {"π": "pi", "÷": "/", "⋅": "*", "∙": "*", "⁻": "^-", "′": "'", "″": "''"}
_ASCII |= {
    "↑↓": "arrows",
    "›": ">",
    "∂": "d",
    "³": "^3",
    "μ": "mu",
    "σ": "sigma",
    "ρ": "rho",
    "β": "beta",
    "ε": "eps",
    "≈": "~",
}
_ASCII |= {digit: f"^{value}" for value, digit in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}


def typeset(sentence: str, glyphs: GlyphSet) -> str:
    """Return one of the engine's sentences in the glyphs at hand: a true minus sign, or ASCII throughout."""
    sentence = _EXPONENT.sub(lambda m: f"e{m[1].replace('+', '')}{m[2]}", sentence)
    if glyphs.superscripts:
        return _MINUS.sub(glyphs.minus, sentence)
    return plain_text(sentence)


def plain_text(sentence: str) -> str:
    """Return a text in ASCII alone, mathematical symbols spelled out."""
    for symbol, plain in _ASCII.items():
        sentence = sentence.replace(symbol, plain)
    return sentence.encode("ascii", "replace").decode("ascii")


def roundest(low: float, high: float) -> float:
    """Return a number with the fewest digits in ``[low, high]``, a multiple of 5 or 2 before others.

    A cursor on a cell stands for every point of the cell; this is the one worth typing.
    """
    if not (math.isfinite(high - low) and low < high):
        return low
    if low <= 0 <= high:
        return 0.0
    middle = 0.5 * low + 0.5 * high
    exponent = math.floor(math.log10(high - low)) + 1
    for digits in range(3):
        unit = float(f"1e{exponent - digits}")
        if unit == 0 or not math.isfinite(5 * unit):
            continue
        for step in (5 * unit, 2 * unit, unit):
            candidate = round(middle / step) * step
            # The product carries rounding noise: 3 * 0.1 is not the number nearest to 0.3.
            rounded = float(f"{candidate:.15g}")
            if low <= rounded <= high:
                return rounded
    return middle
