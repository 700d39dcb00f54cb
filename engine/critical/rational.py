"""Exact values at points whose coordinates are floats: rational arithmetic, where every step has a rational result.

Rounding hides what √(1 − x² − y²) is at (1, 0): an interval around 0 has a root of up to 1e-8, or none.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from ..surface.tape import Tape

_MOST_BITS = 4096


class IrrationalError(ArithmeticError):
    """A step has no rational result, or one with too many digits, or none at all."""


def exact_value(tape: Tape, point: Sequence[float], parameters: Sequence[float] = ()) -> Fraction | None:
    """Return a tape's first output at a point, exactly; None where a step has no (short) rational result.

    Constants that are known as floats only (π, e) have none.
    """
    values: list[Any] = [Fraction(x) for x in (*point, *parameters)]
    values += tape.constants
    try:
        for operation, left, right in tape.instructions:
            function = _OPERATIONS[operation]
            arguments = (values[left],) if right < 0 else (values[left], values[right])
            # What is not needed, or multiplied by 0, may be unknown all the same: then nothing is said.
            values.append(function(*arguments) if _known(arguments) else None)
        result = values[tape.outputs[0]]
        return Fraction(result) if _known((result,)) else None
    except (IrrationalError, ZeroDivisionError, KeyError, OverflowError):
        return None


def _known(values: Sequence[Any]) -> bool:
    for value in values:
        if not isinstance(value, Fraction | int):
            return False
        if isinstance(value, Fraction) and value.denominator.bit_length() + value.numerator.bit_length() > _MOST_BITS:
            raise IrrationalError
    return True


def _only(at: int, result: int) -> Callable[[Fraction], Fraction]:
    """A function known at one rational number."""

    def function(x: Fraction) -> Fraction:
        if x != at:
            raise IrrationalError
        return Fraction(result)

    return function


def _root(degree: int) -> Callable[[Fraction], Fraction]:
    def function(x: Fraction) -> Fraction:
        if x < 0 and degree % 2 == 0:
            raise IrrationalError
        top, bottom = _whole_root(abs(x.numerator), degree), _whole_root(x.denominator, degree)
        return Fraction(top if x >= 0 else -top, bottom)

    return function


def _whole_root(n: int, degree: int) -> int:
    found = math.isqrt(n) if degree == 2 else round(n ** (1.0 / degree)) if n < 2**150 else -1
    if found < 0 or found**degree != n:
        raise IrrationalError
    return found


def _power(base: Fraction, exponent: Fraction | int) -> Fraction:
    exponent = Fraction(exponent)
    if exponent.denominator > 3:
        raise IrrationalError
    if exponent.denominator > 1:
        if base < 0:
            raise IrrationalError
        base = _root(exponent.denominator)(base)
    if abs(exponent.numerator) * (base.numerator.bit_length() + base.denominator.bit_length()) > _MOST_BITS:
        raise IrrationalError
    return base**exponent.numerator


def _sign(x: Fraction) -> Fraction:
    return Fraction((x > 0) - (x < 0))


_OPERATIONS: dict[str, Callable[..., Fraction]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: Fraction(a) / b,
    "neg": lambda a: -a,
    "powi": _power,
    "pow": _power,
    "abs": abs,
    "sign": _sign,
    "min": min,
    "max": max,
    "relu": lambda a: max(a, Fraction(0)),
    "floor": lambda a: Fraction(math.floor(a)),
    "ceil": lambda a: Fraction(math.ceil(a)),
    "sqrt": _root(2),
    "cbrt": _root(3),
    "exp": _only(0, 1),
    "log": _only(1, 0),
    "log2": _only(1, 0),
    "log10": _only(1, 0),
    "sin": _only(0, 0),
    "cos": _only(0, 1),
    "tan": _only(0, 0),
    "asin": _only(0, 0),
    "atan": _only(0, 0),
    "sinh": _only(0, 0),
    "cosh": _only(0, 1),
    "tanh": _only(0, 0),
}
