"""Constant parts of a formula, worked out exactly before anything else touches them.

A formula of a few characters can ask for a number of a billion digits (``9**9**9**9``). So every constant
part is folded here first, in exact rationals of bounded size or in floats, and what does not fit is
refused while it is still cheap.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

from .errors import FormulaError
from .functions import CONSTANTS
from .scalar import SCALAR_FUNCTIONS
from .syntax import Call, Chain, Constant, Name, Negation, Node, Number, Power

MAX_EXPONENT = 1000
"""Largest constant exponent, in absolute value."""

MAX_BITS = 8192
"""Most bits in the numerator or denominator of one exact constant (about 2,400 digits)."""

MAX_TOTAL_BITS = 262_144
"""Most bits of all exact constants of a formula together."""

_Folded: TypeAlias = Fraction | float | None
"""An exact value, an inexact one (``sin(1)``), or None: it depends on a name."""


def check_constants(tree: Node, text: str = "") -> None:
    """Fold every constant part of a formula, to refuse what is not finite or too large.

    Raises:
        FormulaError: a constant that is not finite or too long, or an exponent that is too large.
    """
    _Folder(text).fold(tree)


class _Folder:
    def __init__(self, text: str) -> None:
        self.text = text
        self.bits = 0

    def fold(self, node: Node) -> _Folded:
        value = self._fold(node)
        if value is None:
            return None
        return self.checked(value, node.column)

    def checked(self, value: Fraction | float, column: int) -> Fraction | float:
        if isinstance(value, Fraction):
            bits = max(value.numerator.bit_length(), value.denominator.bit_length())
            self.bits += bits
            if bits > MAX_BITS or self.bits > MAX_TOTAL_BITS:
                raise FormulaError(
                    f"the constant at column {column} has too many digits; write a shorter decimal",
                    self.text,
                    column,
                )
            try:
                float(value)
            except OverflowError:
                raise self.not_finite(column) from None
        elif not math.isfinite(value):
            raise self.not_finite(column)
        return value

    def not_finite(self, column: int) -> FormulaError:
        return FormulaError(f"a constant is not finite (column {column})", self.text, column)

    def _fold(self, node: Node) -> _Folded:
        match node:
            case Number(value):
                return value
            case Constant(name):
                return CONSTANTS[name]
            case Name():
                return None
            case Negation(operand):
                inner = self.fold(operand)
                return None if inner is None else -inner
            case Chain(first, rest):
                return self.chain(first, rest, node.column)
            case Power(base, exponent):
                return self.power(base, exponent, node.column)
            case Call(function, arguments):
                values = [self.fold(argument) for argument in arguments]
                constants = [float(value) for value in values if value is not None]
                if len(constants) < len(values):
                    return None
                return self.attempt(lambda: SCALAR_FUNCTIONS[function](*constants), node.column)

    def chain(self, first: Node, rest: tuple[tuple[str, Node], ...], column: int) -> _Folded:
        total = self.fold(first)
        for operator, operand in rest:
            value = self.fold(operand)
            if operator == "/" and value is not None and float(value) == 0.0:
                raise FormulaError(f"division by zero (column {operand.column})", self.text, operand.column)
            known = None if total is None or value is None else _combine(operator, total, value)
            total = None if known is None else self.checked(known, column)
        return total

    def power(self, base_node: Node, exponent_node: Node, column: int) -> _Folded:
        base, exponent = self.fold(base_node), self.fold(exponent_node)
        if exponent is not None and abs(float(exponent)) > MAX_EXPONENT:
            raise FormulaError(
                f"exponent too large at column {exponent_node.column}; at most {MAX_EXPONENT} is accepted",
                self.text,
                exponent_node.column,
            )
        if base is None or exponent is None:
            return None
        if isinstance(base, Fraction) and isinstance(exponent, Fraction) and exponent.denominator == 1:
            if base == 0 and exponent < 0:
                raise self.not_finite(column)
            size = max(base.numerator.bit_length(), base.denominator.bit_length())
            if size * abs(exponent.numerator) > 4 * MAX_BITS:
                raise FormulaError(
                    f"the constant at column {column} has too many digits; write a shorter decimal",
                    self.text,
                    column,
                )
            return base**exponent.numerator
        return self.attempt(lambda: math.pow(float(base), float(exponent)), column)

    def attempt(self, compute: Callable[[], float], column: int) -> float:
        try:
            return compute()
        except (ValueError, OverflowError, ZeroDivisionError):
            raise self.not_finite(column) from None


def _combine(operator: str, left: Fraction | float, right: Fraction | float) -> Fraction | float:
    if not (isinstance(left, Fraction) and isinstance(right, Fraction)):
        left, right = float(left), float(right)
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case _:
            return left / right
