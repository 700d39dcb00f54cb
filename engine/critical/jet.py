"""Taylor expansions of a formula at a point, with exact coefficients, up to any order.

A :class:`Jet` is a polynomial in the displacements (s, t) from the point, cut off above a total degree. A
tape runs over jets as it runs over floats; so no derivative is ever written out, and the thousandth order
of a formula costs no more thought than the second (Griewank & Walther, *Evaluating Derivatives*, chapter 13).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..surface.tape import UNARY, Constant, Tape
from .closed_form import PI, E, Number, OpenError, is_zero
from .closed_value import to_float

Degrees = tuple[int, int]
"""The exponents of s and t in one term; with one variable that of t is 0."""

MAX_BITS = 40_000


class NotSmoothError(ArithmeticError):
    """The formula has a kink, a jump or the edge of its domain at the point: no Taylor expansion."""


class UndefinedError(ArithmeticError):
    """The formula has no value at the point."""


class StoppedError(Exception):
    """The work was cancelled."""


@dataclass(frozen=True)
class Jet:
    """Coefficients of all terms up to total degree ``order``; those that are missing are zero.

    ``complete``: the function is this polynomial; nothing was cut off.
    """

    terms: dict[Degrees, Number]
    order: int
    complete: bool

    @property
    def constant(self) -> Number:
        """The value at the point."""
        return self.terms.get((0, 0), 0)

    def without_constant(self) -> Jet:
        """The same less its value at the point."""
        return Jet({d: c for d, c in self.terms.items() if d != (0, 0)}, self.order, self.complete)

    def is_constant(self) -> bool:
        """Whether the function is proved to be the same everywhere near the point."""
        return self.complete and not self.without_constant().terms

    def lowest(self) -> int:
        """The total degree of the lowest terms; one more than the order where there are none."""
        return min((i + j for i, j in self.terms), default=self.order + 1)

    def __add__(self, other: Jet) -> Jet:
        terms = dict(self.terms)
        for degrees, coefficient in other.terms.items():
            total = terms.get(degrees, 0) + coefficient
            if total:
                terms[degrees] = total
            else:
                terms.pop(degrees, None)
        return Jet(terms, self.order, self.complete and other.complete)

    def __neg__(self) -> Jet:
        return Jet({d: -c for d, c in self.terms.items()}, self.order, self.complete)

    def __sub__(self, other: Jet) -> Jet:
        return self + -other

    def scaled(self, factor: Number) -> Jet:
        """The jet times a number."""
        if not factor:
            return Jet({}, self.order, True)
        return Jet({d: c * factor for d, c in self.terms.items()}, self.order, self.complete)

    def __mul__(self, other: Jet) -> Jet:
        terms: dict[Degrees, Number] = {}
        cut = False
        order = self.order
        factors = sorted(other.terms.items(), key=lambda item: item[0][0] + item[0][1])
        for (i, j), a in self.terms.items():
            room = order - i - j
            for (k, m), b in factors:
                if k + m > room:
                    cut = True
                    break
                degrees = (i + k, j + m)
                terms[degrees] = terms.get(degrees, 0) + a * b
        complete = (self.complete and other.complete and not cut) or self._is_zero() or other._is_zero()
        return Jet(_checked({d: c for d, c in terms.items() if c}), order, complete)

    def _is_zero(self) -> bool:
        return self.complete and not self.terms

    def power(self, exponent: int) -> Jet:
        """A natural power."""
        result = Jet({(0, 0): 1}, self.order, True)
        square = self
        while exponent:
            if exponent & 1:
                result = result * square
            exponent >>= 1
            if exponent:
                square = square * square
        return result

    def composed(self, series: Callable[[Number, int], Sequence[Number]]) -> Jet:
        """h(jet), from ``series(a, k)``: the coefficients of h(a + t) up to t to the k."""
        inner = self.without_constant()
        if self.is_constant():
            (value, *_) = series(self.constant, 0)
            return constant_jet(value, self.order)
        needed = self.order // max(inner.lowest(), 1)
        coefficients = series(self.constant, needed)
        result = Jet({}, self.order, True)
        for coefficient in reversed(coefficients):
            result = result * inner + constant_jet(coefficient, self.order)
        return Jet(result.terms, self.order, False)


def _checked(terms: dict[Degrees, Number]) -> dict[Degrees, Number]:
    for coefficient in terms.values():
        if isinstance(coefficient, int | Fraction) and coefficient.numerator.bit_length() > MAX_BITS:
            raise OpenError("too many digits")
    return terms


def constant_jet(value: Number, order: int) -> Jet:
    """Return the jet of a constant."""
    return Jet({(0, 0): value} if value else {}, order, True)


def expand(
    tape: Tape,
    point: Sequence[Number],
    parameters: Sequence[float],
    order: int,
    stop: Callable[[], bool] | None = None,
) -> Jet:
    """Return the Taylor expansion of a tape's first output at a point, up to a total degree.

    Raises:
        NotSmoothError: there is none, or a kink can't be told from a smooth place.
        UndefinedError: the point is outside the domain.
        OpenError: a coefficient has no usable closed form.
        StoppedError: ``stop`` said so.
    """
    return registers(tape, point, parameters, order, stop)[tape.outputs[0]]


def registers(
    tape: Tape,
    point: Sequence[Number],
    parameters: Sequence[float],
    order: int,
    stop: Callable[[], bool] | None = None,
) -> list[Jet]:
    """Return the Taylor expansions of all of a tape's registers. Raises as :func:`expand` does."""
    from .jet_functions import JET_OPERATIONS

    axes: tuple[Degrees, ...] = ((1, 0), (0, 1))
    values: list[Jet] = [
        Jet({axis: 1} if not x else {(0, 0): x, axis: 1}, order, True)
        for x, axis in zip(point, axes[: len(point)], strict=True)
    ]
    # A parameter is the float that it is, even where that is the float nearest to π.
    values += [constant_jet(exactly(Fraction(parameter)), order) for parameter in parameters]
    exponents: dict[int, int] = {}
    for constant in tape.constants:
        if isinstance(constant, int):
            exponents[len(values)] = constant
        values.append(constant_jet(exactly(constant), order))
    for operation, left, right in tape.instructions:
        if stop is not None and stop():
            raise StoppedError
        if operation == "powi":
            values.append(JET_OPERATIONS["powi"](values[left], exponents[right]))
        elif right == UNARY:
            values.append(JET_OPERATIONS[operation](values[left]))
        else:
            values.append(JET_OPERATIONS[operation](values[left], values[right]))
    return values


def exactly(constant: Constant) -> Number:
    """Return a tape's constant exactly: its nearest float stands for π and e, any other float for itself."""
    if isinstance(constant, float):
        if constant == math.pi:
            return PI
        if constant == math.e:
            return E
    value = Fraction(constant)
    return value.numerator if value.denominator == 1 else value


def floats(jet: Jet) -> dict[Degrees, float]:
    """Return a jet's coefficients as floats."""
    return {degrees: to_float(coefficient) for degrees, coefficient in jet.terms.items()}


def vanishes(jet: Jet) -> bool:
    """Whether all coefficients are zero. Raises :class:`OpenError` where that can't be told."""
    return all(is_zero(coefficient) for coefficient in jet.terms.values())
