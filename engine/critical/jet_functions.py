"""Every operation of a tape on Taylor expansions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from . import closed_functions as closed
from .closed_form import PI, ClosedForm, Number, divide, is_zero, plain, power, sign
from .closed_functions import OutsideError
from .closed_value import to_float
from .jet import Jet, NotSmoothError, UndefinedError, constant_jet

Series = list[Number]
MAX_POWER = 4000


def _exp(a: Number, count: int) -> Series:
    return _over_factorials([closed.exp(a)] * (count + 1))


def _log(a: Number, count: int) -> Series:
    first = closed.log(a)
    inverse = divide(1, a)
    return [first, *(power(inverse, k) * Fraction((-1) ** (k + 1), k) for k in range(1, count + 1))]


def _log_to(base: int) -> Callable[[Number, int], Series]:
    def series(a: Number, count: int) -> Series:
        return [divide(c, closed.log(base)) for c in _log(a, count)]

    return series


def _sin(a: Number, count: int) -> Series:
    s, c = closed.sin(a), closed.cos(a)
    return _over_factorials([(s, c, -s, -c)[k % 4] for k in range(count + 1)])


def _cos(a: Number, count: int) -> Series:
    s, c = closed.sin(a), closed.cos(a)
    return _over_factorials([(c, -s, -c, s)[k % 4] for k in range(count + 1)])


def _sinh(a: Number, count: int) -> Series:
    s, c = closed.sinh(a), closed.cosh(a)
    return _over_factorials([(s, c)[k % 2] for k in range(count + 1)])


def _cosh(a: Number, count: int) -> Series:
    s, c = closed.sinh(a), closed.cosh(a)
    return _over_factorials([(c, s)[k % 2] for k in range(count + 1)])


def _over_factorials(derivatives: Series) -> Series:
    result, factor = [], Fraction(1)
    for k, derivative in enumerate(derivatives):
        if k:
            factor /= k
        result.append(derivative * plain(factor))
    return result


def _root(exponent: Fraction) -> Callable[[Number, int], Series]:
    """a^r Σ binomial(r, k) (t/a)^k, for a > 0."""

    def series(a: Number, count: int) -> Series:
        first, inverse = closed.root(a, exponent), divide(1, a)
        result, factor, term = [], Fraction(1), first
        for k in range(count + 1):
            result.append(term * plain(factor))
            factor *= (exponent - k) / (k + 1)
            term = term * inverse
        return result

    return series


def _riccati(value: Callable[[Number], Number], *q: int) -> Callable[[Number, int], Series]:
    """The solution of y' = q0 + q1·y + q2·y²: tan, tanh, sigmoid."""

    def series(a: Number, count: int) -> Series:
        y: Series = [value(a)]
        for k in range(count):
            square: Number = 0
            for i in range(k + 1):
                square = square + y[i] * y[k - i]
            slope = (q[0] if k == 0 else 0) + q[1] * y[k] + q[2] * square
            y.append(slope * plain(Fraction(1, k + 1)))
        return y

    return series


_SIGMOID = _riccati(closed.sigmoid, 0, 1, -1)


def _softplus(a: Number, count: int) -> Series:
    return _integrated(closed.softplus(a), _SIGMOID(a, count))


def _atan(a: Number, count: int) -> Series:
    return _integrated(closed.atan(a), _quadratic_power([1 + a * a, 2 * a, 1], Fraction(-1), count))


def _asin(a: Number, count: int) -> Series:
    first, edge = closed.asin(a), 1 - a * a
    if count and is_zero(edge):
        raise NotSmoothError("asin at the edge of its domain")
    slope = _quadratic_power([edge, -2 * a, -1], Fraction(-1, 2), count) if count else []
    return _integrated(first, slope)


def _acos(a: Number, count: int) -> Series:
    first, *rest = _asin(a, count)
    return [PI * Fraction(1, 2) - first, *(-c for c in rest)]


def _quadratic_power(p: Series, exponent: Fraction, count: int) -> Series:
    """(p0 + p1·t + p2·t²)^r by Miller's recurrence; p0 > 0."""
    inverse = divide(1, p[0])
    result: Series = [closed.root(p[0], exponent)]
    for k in range(1, count + 1):
        total: Number = 0
        for i in range(1, min(k, 2) + 1):
            total = total + p[i] * result[k - i] * plain(exponent * i - (k - i))
        result.append(total * inverse * Fraction(1, k))
    return result


def _integrated(first: Number, slope: Sequence[Number]) -> Series:
    return [first, *(c * plain(Fraction(1, k + 1)) for k, c in enumerate(slope))]


def _divide(a: Jet, b: Jet) -> Jet:
    c = b.constant
    if is_zero(c):
        raise UndefinedError("division by zero")
    if b.is_constant():
        return a.scaled(divide(1, c))
    inverse = divide(1, c)
    return a * b.composed(lambda _, count: [power(inverse, k + 1) * (-1) ** k for k in range(count + 1)])


def _integer_power(a: Jet, exponent: int) -> Jet:
    if abs(exponent) > MAX_POWER:
        raise NotSmoothError("too large a power")
    return a.power(exponent) if exponent >= 0 else _divide(constant_jet(1, a.order), a.power(-exponent))


def _power(a: Jet, b: Jet) -> Jet:
    if b.is_constant() and isinstance(exponent := b.constant, int | Fraction):
        exponent = Fraction(exponent)
        if exponent.denominator == 1:
            return _integer_power(a, exponent.numerator)
        return _smooth(lambda: a.composed(_root(exponent)), a)
    return _smooth(lambda: (b * a.composed(_log)).composed(_exp), a)


def _smooth(compute: Callable[[], Jet], a: Jet) -> Jet:
    """A root or logarithm: at 0 it ends, below it is undefined."""
    try:
        return compute()
    except OutsideError:
        if sign(a.constant) == 0:
            raise NotSmoothError("the edge of the domain of a root or logarithm") from None
        raise UndefinedError("outside the domain") from None


def _function(series: Callable[[Number, int], Series]) -> Callable[[Jet], Jet]:
    return lambda a: _smooth(lambda: a.composed(series), a)


def _sqrt(a: Jet) -> Jet:
    if a.is_constant() and not a.constant:
        return a
    return _smooth(lambda: a.composed(_root(Fraction(1, 2))), a)


def _cbrt(a: Jet) -> Jet:
    if a.is_constant() and not a.constant:
        return a
    side = sign(a.constant)
    if side == 0:
        raise NotSmoothError("cbrt at 0")
    return a.composed(_root(Fraction(1, 3))) if side > 0 else -(-a).composed(_root(Fraction(1, 3)))


def _side(a: Jet, name: str) -> int:
    """The sign of a's value near the point, if it is the same all around."""
    side = sign(a.constant)
    if side == 0 and not a.is_constant():
        raise NotSmoothError(f"{name} has a kink or a jump")
    return side


def _sech2(a: Jet) -> Jet:
    tanh: Jet = JET_OPERATIONS["tanh"](a)
    return constant_jet(1, a.order) - tanh * tanh


def _heaviside(a: Jet, at_zero: Jet) -> Jet:
    side = _side(a, "heaviside")
    return at_zero if side == 0 else constant_jet(int(side > 0), a.order)


def _whole(a: Jet, name: str, up: bool) -> Jet:
    value = a.constant
    if isinstance(value, ClosedForm):
        below = round(to_float(value))
        if sign(value - below) < 0:
            below -= 1
        return constant_jet(below + up, a.order)
    if value.denominator == 1 and not a.is_constant():
        raise NotSmoothError(f"{name} has a jump")
    return constant_jet(-(-value // 1) if up else value // 1, a.order)


def _chosen(a: Jet, b: Jet, smaller: bool) -> Jet:
    difference = a - b
    if difference.is_constant() and not difference.constant:
        return a
    side = _side(difference, "min" if smaller else "max")
    return a if (side < 0) == smaller else b


def _atan2(y: Jet, x: Jet) -> Jet:
    a, b = y.constant, x.constant
    if is_zero(a) and is_zero(b):
        raise UndefinedError("atan2 at the origin")
    if sign(a) == 0 and sign(b) < 0 and not y.is_constant():
        raise NotSmoothError("atan2 has a jump")
    # The angle from (b, a) to (x, y) is small: its tangent is the cross product over the dot product.
    turned = _divide(y.scaled(b) - x.scaled(a), x.scaled(b) + y.scaled(a)).composed(_atan)
    return turned + constant_jet(_angle(a, b), y.order)


def _angle(y: Number, x: Number) -> Number:
    if sign(x) > 0:
        return closed.atan(divide(y, x))
    half = PI * Fraction(1, 2) * (1 if sign(y) >= 0 else -1)
    return half - closed.atan(divide(x, y)) if sign(y) else PI


JET_OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "add": Jet.__add__,
    "sub": Jet.__sub__,
    "mul": Jet.__mul__,
    "neg": Jet.__neg__,
    "div": _divide,
    "powi": _integer_power,
    "pow": _power,
    "sqrt": _sqrt,
    "cbrt": _cbrt,
    "exp": _function(_exp),
    "log": _function(_log),
    "log2": _function(_log_to(2)),
    "log10": _function(_log_to(10)),
    "sin": _function(_sin),
    "cos": _function(_cos),
    "tan": _function(_riccati(closed.tan, 1, 0, 1)),
    "asin": _function(_asin),
    "acos": _function(_acos),
    "atan": _function(_atan),
    "atan2": _atan2,
    "sinh": _function(_sinh),
    "cosh": _function(_cosh),
    "tanh": _function(_riccati(closed.tanh, 1, 0, -1)),
    "sigmoid": _function(_SIGMOID),
    "softplus": _function(_softplus),
    "sech2": _sech2,
    "abs": lambda a: a.scaled(_side(a, "abs")),
    "sign": lambda a: constant_jet(_side(a, "sign"), a.order),
    "relu": lambda a: a.scaled(int(_side(a, "relu") > 0)),
    "heaviside": _heaviside,
    "floor": lambda a: _whole(a, "floor", False),
    "ceil": lambda a: _whole(a, "ceil", True),
    "min": lambda a, b: _chosen(a, b, True),
    "max": lambda a, b: _chosen(a, b, False),
}
"""Each operation of a tape on jets; ``powi`` has an ``int`` exponent."""
