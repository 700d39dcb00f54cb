"""Syntax tree and SymPy to readable text: a plain form that can be typed back, and a pretty one."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from .errors import FormulaError
from .functions import CONSTANTS
from .parser import parse
from .syntax import Call, Chain, Constant, Name, Negation, Node, Number, Power

_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(5)


def pretty(tree: Node) -> str:
    """Return a formula as one writes it by hand: ``x⁴ + y⁴ − 4xy + 1``."""
    return _pretty(tree, _SUM)


def plain_sympy(expression: Any, decimals: bool = False) -> str:
    """Return a SymPy expression as text in the formula grammar, ``4*x**3 - 4*y``.

    With ``decimals`` a rational coefficient that is a short decimal is written as one (``0.52*x``, not
    ``13*x/25``): for formulas that were typed with decimals.
    """
    import sympy

    if expression.has(sympy.I, sympy.nan, sympy.zoo):
        return "undefined"  # no real value anywhere, as sqrt(-x**2)
    shown = _with_decimals(expression) if decimals else expression
    return str(_printer().doprint(shown))


def pretty_sympy(expression: Any, decimals: bool = False) -> str:
    """Return a SymPy expression as one writes it by hand: ``4x³ − 4y``.

    What is too long or too deep for the formula grammar stays in the plain form.
    """
    text = plain_sympy(expression, decimals)
    try:
        return pretty(parse(text))
    except FormulaError:
        return text


@cache
def _printer() -> Any:
    from sympy.printing.str import StrPrinter

    class FormulaPrinter(StrPrinter):  # type: ignore[misc]
        """Writes Euler's number as ``e``; a parameter may be called ``E``."""

        def _print_Exp1(self, expr: Any) -> str:  # noqa: N802
            return "e"

    return FormulaPrinter({"full_prec": False})


def _with_decimals(expression: Any) -> Any:
    import sympy

    if expression.is_Rational and not expression.is_Integer:
        rest = int(expression.q)
        for prime in (2, 5):
            while rest % prime == 0:
                rest //= prime
        if rest != 1 or expression.q > 10**12:
            return expression
        return sympy.Float(expression, 17)
    if expression.is_Atom:
        return expression
    if expression.is_Pow:
        return sympy.Pow(_with_decimals(expression.base), expression.exp, evaluate=False)
    return expression.func(*map(_with_decimals, expression.args), evaluate=False)


def _pretty(node: Node, binding: int) -> str:
    text, own = _pretty_unbracketed(node)
    return f"({text})" if own < binding else text


def _pretty_unbracketed(node: Node) -> tuple[str, int]:
    match node:
        case Number(_, digits):
            return digits, _ATOM
        case Constant(name):
            return ("π" if name == "pi" else name), _ATOM
        case Name(name):
            return name, _ATOM
        case Negation(operand):
            return f"−{_pretty(operand, _SIGN)}", _SIGN
        case Chain(first, rest) if node.is_sum:
            text = _pretty(first, _SUM)
            for operator, term in rest:
                text += f" {'−' if operator == '-' else '+'} {_pretty(term, _PRODUCT)}"
            return text, _SUM
        case Chain(first, rest):
            return _pretty_product(first, rest), _PRODUCT
        case Power(base, exponent):
            return _pretty_power(base, exponent)
        case Call("sqrt", (argument,)):
            inner, own = _pretty_unbracketed(argument)
            # As loose as a power: in √x² and √(x)² one could not see what is squared.
            return (f"√{inner}" if own == _ATOM and len(inner) == 1 else f"√({inner})"), _POWER
        case Call("abs", (argument,)):
            inner = _pretty(argument, _SUM)
            # Bars inside bars can be paired in more than one way.
            return (f"abs({inner})" if "|" in inner else f"|{inner}|"), _ATOM
        case Call(function, arguments):
            return f"{function}({', '.join(_pretty(a, _SUM) for a in arguments)})", _ATOM


def _pretty_product(first: Node, rest: tuple[tuple[str, Node], ...]) -> str:
    text = _pretty(first, _PRODUCT)
    before = first
    for operator, factor in rest:
        piece = _pretty(factor, _SIGN if operator == "*" else _POWER)
        if operator == "/":
            text += f"/{piece}"
        else:
            text += piece if _juxtaposes(before, factor, piece) else f"·{piece}"
        before = factor if operator == "*" else Constant("/")
    return text


def _juxtaposes(before: Node, factor: Node, piece: str) -> bool:
    """Whether two factors may stand side by side: ``4x``, ``xy``, ``100(y − x²)²``; not ``2·3``, ``w1·w2``."""
    if isinstance(before, Negation):
        before = before.operand
    if isinstance(before, Power):
        if not _raised(before.exponent):
            return False  # 2^x·y, not 2^xy
        before = before.base
    start = factor.base if isinstance(factor, Power) else factor
    if isinstance(before, Number):
        # 2e3 would be a number, where e3 is a name.
        return not (isinstance(start, Number) or re.match(r"−|[eE][0-9]", piece))
    if not (isinstance(before, Name) and isinstance(start, Name)):
        return False
    return len(before.name) == len(start.name) == 1 and before.name + start.name not in CONSTANTS


def _pretty_power(base: Node, exponent: Node) -> tuple[str, int]:
    below = _pretty(base, _ATOM)
    raised = _raised(exponent)
    return (below + raised if raised else f"{below}^{_pretty(exponent, _ATOM)}"), _POWER


def _raised(exponent: Node) -> str:
    """Return an integer exponent in superscript digits, or '' for any other exponent."""
    sign = "-" if isinstance(exponent, Negation) else ""
    number = exponent.operand if isinstance(exponent, Negation) else exponent
    if isinstance(number, Number) and re.fullmatch(r"[0-9]+(\.0*)?", number.digits):
        return (sign + number.digits.split(".")[0]).translate(_SUPERSCRIPT)
    return ""
