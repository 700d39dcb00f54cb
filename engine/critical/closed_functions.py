"""Elementary functions of numbers in closed form: sin(π/3) is √3/2, exp(log 2) is 2, sin 1 stays sin 1."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache

from .closed_form import (
    MAX_BITS,
    PI,
    Atom,
    ClosedForm,
    Monomial,
    Number,
    OpenError,
    atom_number,
    divide,
    number,
    plain,
    power,
    power_product,
    sign,
    terms_of,
)
from .prime_factors import rational_parts

PI_MONOMIAL: Monomial = next(iter(terms_of(PI)))


class OutsideError(ArithmeticError):
    """A function has no value there."""


def root(value: Number, exponent: Fraction) -> Number:
    """Return a positive number to a rational power. Raises :class:`OutsideError` for any other number."""
    if sign(value) <= 0:
        raise OutsideError
    if exponent.denominator == 1:
        return power(value, exponent.numerator)
    if isinstance(value, int | Fraction):
        parts = rational_parts(value)
        if sum(count.bit_length() + prime.bit_length() for prime, count in parts.items()) * abs(exponent) > MAX_BITS:
            raise OpenError("too many digits")
        return number(power_product({Atom(f"prime{p:06}", "prime", p): count * exponent for p, count in parts.items()}))
    if len(value.terms) == 1:
        ((monomial, coefficient),) = value.terms.items()
        if coefficient > 0 and all(atom.kind in ("prime", "pi", "exp", "value") for atom, _ in monomial):
            rest = number(power_product({atom: power * exponent for atom, power in monomial}))
            return root(coefficient, exponent) * rest
    if exponent == _HALF and (simple := _denested(value)) is not None:
        return simple
    return atom_number("value", value, exponent)


def _denested(value: ClosedForm) -> Number | None:
    """√(a + b) is √((a + d)/2) ± √((a − d)/2) with d² = a² − b²; simpler where b is one radical and d rational."""
    radical = {monomial: c for monomial, c in value.terms.items() if monomial}
    whole = value.terms.get((), 0)
    if len(radical) != 1 or not whole:
        return None
    b = number(radical)
    square = b * b
    if not isinstance(square, int | Fraction) or whole * whole <= square:
        return None
    d = root(whole * whole - square, _HALF)
    if not isinstance(d, int | Fraction):
        return None
    first, second = root((whole + d) * _HALF, _HALF), root((whole - d) * _HALF, _HALF)
    return first + second if sign(b) > 0 else first - second


_HALF = Fraction(1, 2)


def sqrt(value: Number) -> Number:
    """Return the square root of a positive number."""
    return root(value, Fraction(1, 2))


def exp(value: Number) -> Number:
    """Return e to the power of a number."""
    result: Number = 1
    for monomial, coefficient in terms_of(value).items():
        if not monomial:
            result = result * atom_number("exp", 1, coefficient)
        elif len(monomial) == 1 and monomial[0][0].kind == "log" and monomial[0][1] == 1:
            argument = monomial[0][0].argument
            result = result * root(argument, Fraction(coefficient))
        else:
            result = result * atom_number("exp", number({monomial: 1}), coefficient)
    return result


def log(value: Number) -> Number:
    """Return the natural logarithm of a positive number."""
    if sign(value) <= 0:
        raise OutsideError
    if isinstance(value, int | Fraction):
        total: Number = 0
        for prime, count in rational_parts(value).items():
            total = total + atom_number("log", prime) * count
        return total
    if len(value.terms) == 1:
        ((monomial, coefficient),) = value.terms.items()
        if coefficient > 0 and all(atom.kind in ("prime", "pi", "exp", "value") for atom, _ in monomial):
            total = log(coefficient)
            for atom, exponent in monomial:
                if atom.kind == "exp":
                    part: Number = atom.argument
                elif atom.kind == "prime":
                    part = log(atom.argument)
                else:
                    part = atom_number("log", PI if atom.kind == "pi" else atom.argument)
                total = total + part * exponent
            return total
    return atom_number("log", value)


def sin(value: Number) -> Number:
    """Return the sine."""
    turns, rest = _quarter_turns(value)
    if not rest:
        return _sine_of_pi(turns / 2)
    quarter = int(turns)
    factor = -1 if quarter % 4 in (2, 3) else 1
    if quarter % 2:
        return factor * _opaque("cos", rest, odd=False)
    return factor * _opaque("sin", rest, odd=True)


def cos(value: Number) -> Number:
    """Return the cosine."""
    return sin(value + divide(PI, 2))


def _quarter_turns(value: Number) -> tuple[Fraction, Number]:
    """Split into n·π/2 + rest; n is a whole number unless the rest is 0 and the sine in the table."""
    terms = dict(terms_of(value))
    turns = 2 * Fraction(terms.pop(PI_MONOMIAL, 0))
    rest = number(terms)
    if not rest and 6 % turns.denominator == 0:
        return turns, 0
    whole = round(turns)  # odd, so that sin(-x) comes out as -sin(x)
    return Fraction(whole), rest + PI * plain((turns - whole) / 2)


def _sine_of_pi(part: Fraction) -> Number:
    """sin(part·π) for multiples of π/12."""
    twelfths = int(part * 12) % 24
    if twelfths >= 12:
        return -_sine_of_pi(Fraction(twelfths - 12, 12))
    if twelfths > 6:
        twelfths = 12 - twelfths
    two, three, six = (root(n, Fraction(1, 2)) for n in (2, 3, 6))
    quarter, half = Fraction(1, 4), Fraction(1, 2)
    table: tuple[Number, ...] = (
        0, (six - two) * quarter, half, two * half, three * half, (six + two) * quarter, 1,
    )  # fmt: skip
    return table[twelfths]


def _opaque(kind: str, value: Number, odd: bool) -> Number:
    """An even or odd function's value as an atom; of x and -x one only is ever named."""
    terms = terms_of(value)
    leading = terms[min(terms, key=lambda monomial: [(atom.key, exponent) for atom, exponent in monomial])]
    if leading < 0:
        return -atom_number(kind, -value) if odd else atom_number(kind, -value)
    return atom_number(kind, value)


def tan(value: Number) -> Number:
    """Return the tangent. Raises :class:`OutsideError` at a pole."""
    cosine = cos(value)
    if sign(cosine) == 0:
        raise OutsideError
    return divide(sin(value), cosine)


def sinh(value: Number) -> Number:
    """Return the hyperbolic sine."""
    growth = exp(value)
    return (growth - divide(1, growth)) * Fraction(1, 2)


def cosh(value: Number) -> Number:
    """Return the hyperbolic cosine."""
    growth = exp(value)
    return (growth + divide(1, growth)) * Fraction(1, 2)


def tanh(value: Number) -> Number:
    """Return the hyperbolic tangent."""
    return _opaque("tanh", value, odd=True) if value else 0


def sigmoid(value: Number) -> Number:
    """Return 1/(1 + e^-x)."""
    return atom_number("sigmoid", value) if value else Fraction(1, 2)


def softplus(value: Number) -> Number:
    """Return log(1 + e^x)."""
    return atom_number("softplus", value) if value else log(2)


def _inverse(kind: str, function: Callable[[Number], Number], limit: int) -> Callable[[Number], Number]:
    """The inverse of an odd function, from its values at multiples of π/12 up to ``limit`` of them."""

    @cache
    def table() -> dict[Number, Number]:
        return {function(PI * Fraction(k, 12)): PI * plain(Fraction(k, 12)) for k in range(1, limit + 1)}

    def inverse(value: Number) -> Number:
        if sign(value) < 0:
            return -inverse(-value)
        if not value:
            return 0
        found = table().get(value)
        return atom_number(kind, value) if found is None else found

    return inverse


atan = _inverse("atan", tan, 5)
_asin = _inverse("asin", sin, 6)


def asin(value: Number) -> Number:
    """Return the arc sine. Raises :class:`OutsideError` beyond ±1."""
    if sign(1 - value) < 0 or sign(1 + value) < 0:
        raise OutsideError
    return _asin(value)
