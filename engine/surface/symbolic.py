"""Syntax tree to SymPy, by constructors only: the derivatives as formulas that people read.

SymPy is imported by this module's functions and classes alone; importing the module costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

from .syntax import Call, Chain, Constant, Name, Negation, Node, Number, Power


class SymbolicDerivatives(NamedTuple):
    """A formula, its gradient and its Hessian as SymPy expressions, for reading and for exact tests."""

    expression: Any
    gradient: tuple[Any, ...]
    hessian: tuple[tuple[Any, ...], ...]


def differentiate(tree: Node, variables: Sequence[str]) -> SymbolicDerivatives:
    """Return the exact gradient and Hessian of a formula with respect to ``variables``, as SymPy has them."""
    expression = _with_own_abs(to_sympy(tree))
    symbols = [_symbol(name) for name in variables]
    gradient = tuple(_with_own_abs(expression.diff(symbol)) for symbol in symbols)
    hessian = tuple(tuple(entry.diff(symbol) for symbol in symbols) for entry in gradient)
    return SymbolicDerivatives(expression, gradient, hessian)


def _with_own_abs(expression: Any) -> Any:
    """SymPy makes ``sqrt(x**2)`` its ``Abs(x)``, whose second derivative is a Dirac delta."""
    import sympy

    return expression.replace(sympy.Abs, _own_functions()["abs"])


def to_sympy(tree: Node) -> Any:
    """Return the SymPy expression of a formula; its names become real symbols."""
    import sympy

    match tree:
        case Number(value):
            return sympy.Rational(value.numerator, value.denominator)
        case Constant(name):
            return sympy.pi if name == "pi" else sympy.E
        case Name(name):
            return _symbol(name)
        case Negation(operand):
            return -to_sympy(operand)
        case Chain(first, rest):
            parts = [to_sympy(first)]
            for operator, operand in rest:
                part = to_sympy(operand)
                match operator:
                    case "-":
                        part = -part
                    case "/":
                        part = 1 / part
                parts.append(part)
            return sympy.Add(*parts) if tree.is_sum else sympy.Mul(*parts)
        case Power(base, exponent):
            return sympy.Pow(to_sympy(base), to_sympy(exponent))
        case Call(function, arguments):
            return _constructors()[function](*map(to_sympy, arguments))


def _symbol(name: str) -> Any:
    import sympy

    return sympy.Symbol(name, real=True)


@cache
def _constructors() -> dict[str, Callable[..., Any]]:
    """SymPy's constructor of each function that a formula may name.

    SymPy's own ``Abs``, ``Max`` and ``Heaviside`` differentiate to Dirac deltas, its ``cbrt`` is complex
    for negative arguments, and it has no sigmoid; those are functions of our own, with the derivative
    that holds wherever there is one.
    """
    import sympy

    own = _own_functions()
    return {
        "sqrt": sympy.sqrt,
        "exp": sympy.exp,
        "log": sympy.log,
        "log2": lambda x: sympy.log(x) / sympy.log(2),
        "log10": lambda x: sympy.log(x) / sympy.log(10),
        "sin": sympy.sin,
        "cos": sympy.cos,
        "tan": sympy.tan,
        "asin": sympy.asin,
        "acos": sympy.acos,
        "atan": sympy.atan,
        "atan2": own["atan2"],
        "sinh": sympy.sinh,
        "cosh": sympy.cosh,
        "tanh": sympy.tanh,
        "min": lambda *arguments: _nested(own["min"], arguments),
        "max": lambda *arguments: _nested(own["max"], arguments),
        **{name: own[name] for name in ("cbrt", "abs", "sign", "heaviside", "floor", "ceil")},
        **{name: own[name] for name in ("sigmoid", "softplus", "relu")},
    }


def _nested(binary: Callable[..., Any], arguments: Sequence[Any]) -> Any:
    result = arguments[0]
    for argument in arguments[1:]:
        result = binary(result, argument)
    return result


@cache
def _own_functions() -> dict[str, Any]:
    import sympy

    half = sympy.Rational(1, 2)
    own: dict[str, Any] = {}

    def derivative_rules() -> dict[str, Callable[..., Sequence[Any]]]:
        zero = sympy.Integer(0)
        return {
            "abs": lambda u: [own["sign"](u)],
            "sign": lambda u: [zero],
            "heaviside": lambda u, at_zero: [zero, zero],
            "floor": lambda u: [zero],
            "ceil": lambda u: [zero],
            "relu": lambda u: [own["heaviside"](u, zero)],
            "min": lambda u, v: [own["heaviside"](v - u, half), own["heaviside"](u - v, half)],
            "max": lambda u, v: [own["heaviside"](u - v, half), own["heaviside"](v - u, half)],
            "cbrt": lambda u: [1 / (3 * own["cbrt"](u) ** 2)],
            "sigmoid": lambda u: [own["sigmoid"](u) * own["sigmoid"](-u)],
            "softplus": lambda u: [own["sigmoid"](u)],
            "atan2": lambda u, v: [v / (u**2 + v**2), -u / (u**2 + v**2)],
        }

    rules = derivative_rules()

    def make(name: str) -> Any:
        def fdiff(self: Any, argindex: int = 1) -> Any:
            return rules[name](*self.args)[argindex - 1]

        return type(name, (sympy.Function,), {"fdiff": fdiff, "is_real": True, "__module__": __name__})

    own.update({name: make(name) for name in rules})
    return own
