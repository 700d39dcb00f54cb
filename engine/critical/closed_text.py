"""Numbers in closed form and polynomials in them, as people write them: ``√2/2``, ``3π/4``, ``(x + y)² − 2x⁴``."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

from .closed_form import Atom, ClosedForm, Exponent, Monomial, Number, number, terms_of
from .closed_value import to_float

_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_SHORT = 12
MAX_LENGTH = 24
"""A longer closed form helps nobody: its value in digits is shown."""


def superscript(base: str, exponent: int) -> str:
    """Return a power, ``x⁴``; of what is not one word in brackets."""
    return base if exponent == 1 else base + str(exponent).translate(_SUPERSCRIPT)


def text(value: Number) -> str:
    """Return a number exactly, with − for minus."""
    terms = terms_of(value)
    if not terms:
        return "0"
    # A positive term comes first: √2 − 1.
    order = sorted(terms.items(), key=lambda term: (term[1] < 0, [(atom.key, e) for atom, e in term[0]]))
    return signed_sum([(c < 0, _term(-c if c < 0 else c, monomial)) for monomial, c in order])


def signed_sum(parts: Sequence[tuple[bool, str]]) -> str:
    """Return terms, each with whether it is negative, as one sum."""
    result = ""
    for negative, part in parts:
        if result:
            result += (" − " if negative else " + ") + part
        else:
            result = ("−" if negative else "") + part
    return result


def short(value: Number) -> str:
    """Return a number exactly where that is short, else its first digits."""
    simple = not isinstance(value, ClosedForm) or all(
        atom.kind in ("prime", "pi") and exponent > 0 for monomial in value.terms for atom, exponent in monomial
    )
    exact = text(value) if simple else ""
    return exact if 0 < len(exact) <= _SHORT else float_text(to_float(value))


def _rational(value: int | Fraction) -> str:
    """A fraction, or a decimal where that is what was surely meant: 0.33333, but 1/8."""
    scale = 10 ** len(str(value.denominator))
    if value.denominator > 99 and scale < 10**9 and scale % value.denominator == 0:
        return f"{float(value):.{len(str(value.denominator))}f}".rstrip("0")
    return str(value)


def _term(coefficient: int | Fraction, monomial: Monomial) -> str:
    if not monomial:
        return _rational(coefficient)
    above = [_power(atom, exponent) for atom, exponent in monomial if exponent > 0 and atom.kind != "prime"]
    under = [(atom, e) for atom, e in monomial if e < 0 and atom.kind != "prime"]
    exponential = [atom for atom, e in under if atom.kind == "exp" and (e, atom.argument) != (-1, 1)]
    below = [_power(atom, -e) for atom, e in under if atom not in exponential]
    above += [_power(atom, e) for atom, e in under if atom in exponential]
    above = [*_radicals(monomial), *above]
    if coefficient.numerator != 1 or not above:
        above.insert(0, str(coefficient.numerator))
    if coefficient.denominator != 1:
        below.insert(0, str(coefficient.denominator))
    spaced = any(len(part) > 1 and part[0].isalpha() for part in above)
    top = ("·" if spaced else "").join(above)
    if not below:
        return top
    return f"{top}/{below[0]}" if len(below) == 1 else f"{top}/({'·'.join(below)})"


def _radicals(monomial: Monomial) -> list[str]:
    inside: dict[int, int] = {}
    for atom, exponent in monomial:
        if atom.kind == "prime":
            assert isinstance(atom.argument, int)
            fraction = Fraction(exponent)
            root = fraction.denominator
            if root > 12:
                return [f"{atom.argument}^({exponent})" for atom, exponent in monomial if atom.kind == "prime"]
            inside[root] = inside.get(root, 1) * atom.argument**fraction.numerator
    sign = {2: "√", 3: "∛", 4: "∜"}
    return [f"{sign[root]}{value}" if root in sign else f"{value}^(1/{root})" for root, value in sorted(inside.items())]


def _power(atom: Atom, exponent: Exponent) -> str:
    if atom.kind == "exp" and atom.argument != 1:
        return f"e^({text(atom.argument * exponent)})"
    base = {"pi": "π", "exp": "e"}.get(atom.kind, "")
    if atom.kind == "value":
        base = f"({text(atom.argument)})"
    elif not base:
        inner = text(atom.argument)
        base = f"log {inner}" if atom.kind == "log" and inner.isdigit() else f"{atom.kind}({inner})"
    if exponent == 1:
        return base
    if base == "e" and exponent < 0:
        return f"e^({text(exponent)})"
    if exponent == Fraction(1, 2):
        return f"√{base}" if len(base) == 1 or base[0] == "(" else f"√({base})"
    if isinstance(exponent, int) or Fraction(exponent).denominator == 1:
        return superscript(base if " " not in base or base[0] == "(" else f"({base})", int(exponent))
    return f"{base}^({text(number({(): exponent}))})"


def polynomial_text(terms: Mapping[tuple[int, int], Number], names: Sequence[str]) -> str:
    """Return a polynomial in one or two names, in the order of its terms; a name may be a bracket."""
    parts = []
    for (i, j), coefficient in terms.items():
        factors = [superscript(name, e) for name, e in zip(names, (i, j), strict=False) if e]
        parts.append(scaled_text(coefficient, factors))
    return signed_sum(parts) or "0"


def scaled_text(coefficient: Number, factors: Sequence[str]) -> tuple[bool, str]:
    """Return a number times factors: whether it is negative, and the text of its magnitude."""
    negative = to_float(coefficient) < 0
    size = -coefficient if negative else coefficient
    joined = ("·" if any(len(f.rstrip("⁰¹²³⁴⁵⁶⁷⁸⁹")) > 1 and f[0] != "(" for f in factors) else "").join(factors)
    if not factors:
        return negative, short(size)
    if size == 1:
        return negative, joined
    written = short(size)
    if " " in written:
        written = f"({written})"
    if "/" in written and not written.startswith("("):
        top, _, bottom = written.partition("/")
        return negative, f"{'' if top == '1' else top}{joined}/{bottom}"
    return negative, f"{written}{'·' if not joined.startswith('(') and not _plain(written) else ''}{joined}"


def _plain(written: str) -> bool:
    return all(c.isdigit() or c in "√π." for c in written)


def float_text(value: float) -> str:
    """Return a float's first digits."""
    if not math.isfinite(value):
        return str(value)
    return f"{value:.4g}".replace("-", "−")
