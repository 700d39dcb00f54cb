"""Numbers in closed form: exact sums of products of radicals, π, powers of e, logarithms and other constants.

A number is an ``int``, a ``Fraction``, or a :class:`ClosedForm`: a polynomial with rational coefficients in
*atoms*, such as √2 (the prime 2 to the power 1/2), π, e, log 3, or sin 1. What cancels as a polynomial is
exactly zero, whatever the atoms are: that is the proof behind "the gradient vanishes here", and needs no SymPy.
Radicals of different square-free integers are linearly independent over the rationals (Besicovitch 1940),
and powers of e over the algebraic numbers (Lindemann-Weierstrass); so most zeros are found. What does not
cancel is told from zero in high precision, and where that fails the question stays open: :class:`OpenError`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias, Union

MAX_TERMS = 300
MAX_BITS = 30_000
MAX_KEY = 2000


class OpenError(ArithmeticError):
    """What was asked of a number in closed form can't be decided or written."""


@dataclass(frozen=True, slots=True)
class Atom:
    """One irrational constant; equal keys are equal numbers, and every atom is positive unless it is opaque.

    Kinds: ``prime`` (a prime, for its radicals), ``pi``, ``exp`` (e to the power of a product of atoms),
    ``value`` (any positive number, for its roots and its reciprocal), else the name of a function.
    """

    key: str
    kind: str = field(compare=False)
    argument: Number = field(compare=False)

    def __lt__(self, other: Atom) -> bool:
        return self.key < other.key


Exponent: TypeAlias = int | Fraction
Monomial: TypeAlias = tuple[tuple[Atom, Exponent], ...]


class ClosedForm:
    """A sum of rational multiples of products of atoms; never a plain rational, never formally zero."""

    __slots__ = ("_key", "terms")

    def __init__(self, terms: Mapping[Monomial, int | Fraction]) -> None:
        self.terms = terms
        self._key = ""

    @property
    def key(self) -> str:
        """A text that is equal for equal sums."""
        if not self._key:
            parts = sorted(
                f"{coefficient}*" + "*".join(f"{atom.key}^{exponent}" for atom, exponent in monomial)
                for monomial, coefficient in self.terms.items()
            )
            self._key = "(" + "+".join(parts) + ")"
        return self._key

    def __repr__(self) -> str:
        return f"ClosedForm{self.key}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ClosedForm) and self.terms == other.terms

    def __hash__(self) -> int:
        return hash(self.key)

    def __neg__(self) -> Number:
        return ClosedForm({monomial: -coefficient for monomial, coefficient in self.terms.items()})

    def __add__(self, other: Number) -> Number:
        total = dict(self.terms)
        for monomial, coefficient in terms_of(other).items():
            total[monomial] = total.get(monomial, 0) + coefficient
        return number(total)

    __radd__ = __add__

    def __sub__(self, other: Number) -> Number:
        return self + -other

    def __rsub__(self, other: Number) -> Number:
        return -self + other

    def __mul__(self, other: Number) -> Number:
        if not isinstance(other, ClosedForm):
            return ClosedForm({m: c * other for m, c in self.terms.items()}) if other else 0
        total: dict[Monomial, int | Fraction] = {}
        for left, a in self.terms.items():
            for right, b in other.terms.items():
                for monomial, c in product(left, right).items():
                    total[monomial] = total.get(monomial, 0) + a * b * c
        return number(total)

    __rmul__ = __mul__


Number: TypeAlias = Union[int, Fraction, ClosedForm]  # noqa: UP007 - the class has no | with a forward reference


def terms_of(value: Number) -> Mapping[Monomial, int | Fraction]:
    """Return a number's terms."""
    if isinstance(value, ClosedForm):
        return value.terms
    return {(): value} if value else {}


def number(terms: Mapping[Monomial, int | Fraction]) -> Number:
    """Return the number with these terms, as simple as it comes. Raises :class:`OpenError` if it is too long."""
    kept = {monomial: coefficient for monomial, coefficient in terms.items() if coefficient}
    if not kept:
        return 0
    if len(kept) == 1 and () in kept:
        return kept[()]
    if len(kept) > MAX_TERMS:
        raise OpenError("too many terms")
    return ClosedForm(kept)


def product(left: Monomial, right: Monomial) -> Mapping[Monomial, int | Fraction]:
    """Return the terms of a product of two monomials: √2·√2 is 2."""
    if not left or not right:
        return {left or right: 1}
    exponents: dict[Atom, Exponent] = dict(left)
    for atom, exponent in right:
        exponents[atom] = exponents.get(atom, 0) + exponent
    return power_product(exponents)


def power_product(exponents: Mapping[Atom, Exponent]) -> Mapping[Monomial, int | Fraction]:
    """Return the terms of a product of powers of atoms."""
    coefficient: int | Fraction = 1
    factors: list[Number] = []
    kept: list[tuple[Atom, Exponent]] = []
    for atom, given in exponents.items():
        exponent = given
        if atom.kind == "prime":
            whole = math.floor(exponent)
            exponent = exponent - whole
            if whole:
                assert isinstance(atom.argument, int)
                coefficient = coefficient * rational_power(atom.argument, whole)
        elif atom.kind == "value" and exponent >= 1:
            whole = math.floor(exponent)
            exponent = exponent - whole
            factors.append(power(atom.argument, whole))
        if exponent:
            kept.append((atom, exponent))
    kept.sort()
    result: Number = number({tuple(kept): coefficient})
    for factor in factors:
        result = result * factor
    return terms_of(result)


def rational_power(base: int | Fraction, exponent: int) -> int | Fraction:
    """Return a rational's integer power. Raises :class:`OpenError` if it is too long or 1/0."""
    size = max(base.numerator.bit_length(), base.denominator.bit_length())
    if size * abs(exponent) > MAX_BITS:
        raise OpenError("too many digits")
    if exponent >= 0:
        return base**exponent
    if not base:
        raise ZeroDivisionError
    return plain(Fraction(base.denominator, base.numerator) ** -exponent)


def plain(value: Fraction) -> int | Fraction:
    """Return a Fraction as an int where it is one; ints are forty times faster."""
    return value.numerator if value.denominator == 1 else value


def power(base: Number, exponent: int) -> Number:
    """Return a number's integer power."""
    if isinstance(base, int | Fraction):
        return rational_power(base, exponent)
    if exponent < 0:
        return power(divide(1, base), -exponent)
    result: Number = 1
    square: Number = base
    while exponent:
        if exponent & 1:
            result = result * square
        exponent >>= 1
        if exponent:
            square = square * square
    return result


def divide(a: Number, b: Number) -> Number:
    """Return a/b. Raises ZeroDivisionError, or :class:`OpenError` where b can't be told from zero."""
    if isinstance(b, int | Fraction):
        if not b:
            raise ZeroDivisionError
        if isinstance(a, int | Fraction):
            return plain(Fraction(a) / b)
        return a * (1 / Fraction(b))
    return a * _reciprocal(b)


def _reciprocal(value: ClosedForm) -> Number:
    if len(value.terms) == 1:
        ((monomial, coefficient),) = value.terms.items()
        inverse = power_product({atom: -exponent for atom, exponent in monomial})
        return number({m: c * (1 / Fraction(coefficient)) for m, c in inverse.items()})
    if sign(value) == 0:
        raise ZeroDivisionError
    conjugate = _conjugate(value)
    if conjugate is not None:
        return conjugate * divide(1, value * conjugate)
    if sign(value) < 0:
        return -atom_number("value", -value, exponent=-1)
    return atom_number("value", value, exponent=-1)


def _conjugate(value: ClosedForm) -> Number | None:
    """A sum of radicals with one square root's sign changed, so that the product has that root no more."""
    powers = [(atom, exponent) for monomial in value.terms for atom, exponent in monomial]
    # Other constants may hide the same root inside them, and it would never go.
    if any(atom.kind != "prime" for atom, _ in powers):
        return None
    halves = {atom for atom, _ in powers} - {atom for atom, exponent in powers if exponent != Fraction(1, 2)}
    if not halves:
        return None
    atom = min(halves)
    flip = {m: -c if any(other == atom for other, _ in m) else c for m, c in value.terms.items()}
    return number(flip)


def atom_number(kind: str, argument: Number, exponent: Exponent = 1) -> Number:
    """Return one atom to a power, as a number."""
    key = f"{kind}{argument.key if isinstance(argument, ClosedForm) else argument}"
    if len(key) > MAX_KEY:
        raise OpenError("too long")
    return number(power_product({Atom(key, kind, argument): exponent}))


def cleared(value: ClosedForm) -> Number:
    """Return a positive multiple without denominators and with sin² as 1 - cos².

    Zero if that is what it comes to: so cos²/sin² + 1 - 1/sin² is found to be zero.
    """
    lowest: dict[Atom, Exponent] = {}
    for monomial in value.terms:
        for atom, exponent in monomial:
            if exponent < min(lowest.get(atom, 0), 0):
                lowest[atom] = exponent
    common = {atom: 2 * math.ceil(-exponent / 2) for atom, exponent in lowest.items() if atom.kind != "prime"}
    total: Number = value * number(power_product(common)) if common else value
    result: Number = 0
    for monomial, coefficient in terms_of(total).items():
        part: Number = coefficient
        for atom, exponent in monomial:
            if atom.kind == "sin" and exponent >= 2:
                cosine = ClosedForm({((Atom("cos" + atom.key[3:], "cos", atom.argument), 1),): 1})
                part = part * power(1 - cosine * cosine, math.floor(exponent / 2))
                exponent = exponent - 2 * math.floor(exponent / 2)
            if exponent:
                part = part * number({((atom, exponent),): 1})
        result = result + part
    return result


PI: Number = ClosedForm({((Atom("pi", "pi", 0), 1),): 1})
E: Number = ClosedForm({((Atom("exp1", "exp", 1), 1),): 1})


def sign(value: Number) -> int:
    """Return the sign, proved. Raises :class:`OpenError` where high precision can't tell it from zero."""
    if isinstance(value, int | Fraction):
        return (value > 0) - (value < 0)
    from .closed_value import sign_of

    return sign_of(value)


def is_zero(value: Number) -> bool:
    """Return whether a number is zero, proved. Raises :class:`OpenError`."""
    return not value if isinstance(value, int | Fraction) else sign(value) == 0
