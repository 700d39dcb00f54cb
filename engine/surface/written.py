"""Derivatives written out from their tapes: exact formulas, not simplified, without SymPy and in no time.

A tape runs over any arithmetic; here that of texts. What is shared in the tape is repeated in the text, so a text
that gets too long is given up.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

from .model import Model
from .tape import Constant, Tape

LONGEST = 20_000
"""Characters of a formula that is still written."""

_SUM, _PRODUCT, _POWER, _ATOM = range(4)


class Written(NamedTuple):
    """A formula's text, how tightly its outermost operation binds, and what a leading minus sign stands before."""

    text: str
    binds: int
    opposite: str = ""


class TooLongError(ValueError):
    """A formula that would have more than :data:`LONGEST` characters."""


def written_derivatives(model: Model) -> tuple[list[str], list[list[str]]] | None:
    """Return the formulas of the gradient and of the Hessian's rows, in the formula grammar; None where too long."""
    n = len(model.variables)
    try:
        outputs = [each.text for each in _written(model.hessian)]
    except TooLongError:
        return None
    gradient, upper = outputs[1 : 1 + n], iter(outputs[1 + n :])
    rows: list[list[str]] = [[""] * n for _ in range(n)]
    for i in range(n):
        for j in range(i, n):
            rows[i][j] = rows[j][i] = next(upper)
    return gradient, rows


def _written(tape: Tape) -> list[Written]:
    names = [Written(name, _ATOM) for name in tape.inputs]
    constants = [value if isinstance(value, int) else _number(value) for value in tape.constants]
    return [_as_text(each) for each in tape.on(names, _OPERATIONS, constants)]


def _as_text(value: Written | int) -> Written:
    return _number(Fraction(value)) if isinstance(value, int) else value


def _number(value: Constant) -> Written:
    for name, known in (("pi", math.pi), ("e", math.e)):
        if value == known:
            return Written(name, _ATOM)
    if isinstance(value, Fraction) and value.denominator != 1:
        whole = f"{abs(value.numerator)}/{value.denominator}"
        return Written(f"-{whole}", _SUM, whole) if value < 0 else Written(whole, _PRODUCT)
    text = str(value) if isinstance(value, Fraction) else f"{float(value):.17g}"
    return Written(text, _SUM, text[1:]) if text.startswith("-") else Written(text, _ATOM)


def _inside(part: Written | int, least: int) -> str:
    """An operand's text, in brackets where its operation binds less than ``least``."""
    written = _as_text(part)
    return written.text if written.binds >= least else f"({written.text})"


def _joined(text: str, binds: int) -> Written:
    if len(text) > LONGEST:
        raise TooLongError
    return Written(text, binds)


def _added(a: Written, b: Written) -> Written:
    if b.opposite:
        return _joined(f"{a.text} - {b.opposite}", _SUM)
    return _joined(f"{a.text} + {b.text if not b.text.startswith('-') else f'({b.text})'}", _SUM)


def _negated(a: Written) -> Written:
    text = _inside(a, _PRODUCT)
    return Written(_joined(f"-{text}", _SUM).text, _SUM, text)


def _call(name: str) -> Callable[..., Written]:
    return lambda *parts: _joined(f"{name}({', '.join(_as_text(each).text for each in parts)})", _ATOM)


_OPERATIONS: dict[str, Callable[..., Any]] = {
    "add": _added,
    "sub": lambda a, b: _joined(f"{a.text} - {_inside(b, _PRODUCT)}", _SUM),
    "mul": lambda a, b: _joined(f"{_inside(a, _PRODUCT)}*{_inside(b, _PRODUCT)}", _PRODUCT),
    "div": lambda a, b: _joined(f"{_inside(a, _PRODUCT)}/{_inside(b, _POWER)}", _PRODUCT),
    "neg": _negated,
    "powi": lambda a, b: _joined(f"{_inside(a, _ATOM)}**{_inside(b, _ATOM)}", _POWER),
    "pow": lambda a, b: _joined(f"{_inside(a, _ATOM)}**{_inside(b, _ATOM)}", _POWER),
    "sech2": lambda a: _joined(f"1/cosh({a.text})**2", _PRODUCT),
    **{
        name: _call(name)
        for name in (
            *("sqrt", "cbrt", "exp", "log", "log2", "log10", "sin", "cos", "tan", "asin", "acos", "atan", "atan2"),
            *("sinh", "cosh", "tanh", "abs", "sign", "heaviside", "floor", "ceil", "min", "max"),
            *("sigmoid", "softplus", "relu"),
        )
    },
}
