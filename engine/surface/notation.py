"""Syntax tree and SymPy to readable text: a plain form that can be typed back, and a pretty one."""

from __future__ import annotations

import re
from typing import Any

from .errors import FormulaError
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
    from sympy.printing.str import StrPrinter

    shown = _with_decimals(expression) if decimals else expression
    return re.sub(r"\bE\b", "e", str(StrPrinter({"full_prec": False}).doprint(shown)))


def pretty_sympy(expression: Any, decimals: bool = False) -> str:
    """Return a SymPy expression as one writes it by hand: ``4x³ − 4y``.

    What is too long or too deep for the formula grammar stays in the plain form.
    """
    text = plain_sympy(expression, decimals)
    try:
        return pretty(parse(text))
    except FormulaError:
        return text


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
            return (f"√{inner}" if own == _ATOM and len(inner) == 1 else f"√({inner})"), _ATOM
        case Call("abs", (argument,)):
            return f"|{_pretty(argument, _SUM)}|", _ATOM
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
        before = before.base
    start = factor.base if isinstance(factor, Power) else factor
    if isinstance(before, Number):
        return not isinstance(start, Number) and not piece.startswith("−")
    letter = isinstance(before, Name) and len(before.name) == 1
    return letter and isinstance(start, Name) and len(start.name) == 1


def _pretty_power(base: Node, exponent: Node) -> tuple[str, int]:
    below = _pretty(base, _ATOM)
    digits = _pretty(exponent, _SIGN).replace("−", "-")
    if re.fullmatch(r"-?[0-9]+(\.0*)?", digits):
        return below + digits.split(".")[0].translate(_SUPERSCRIPT), _POWER
    return f"{below}^{_pretty(exponent, _ATOM)}", _POWER
