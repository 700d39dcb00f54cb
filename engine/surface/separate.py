"""A function of two variables that is a sum of one of each: f(x, y) = g(x) + h(y)."""

from __future__ import annotations

from typing import NamedTuple

from .errors import FormulaError
from .surface import Surface
from .syntax import Call, Chain, Constant, Name, Negation, Node, Number, Power, free_names


class Summands(NamedTuple):
    """The terms of a sum in the first variable, and those in the second; empty where there are none."""

    first: str = ""
    second: str = ""


class _TogetherError(Exception):
    """Some term depends on both variables."""


def separated(surface: Surface) -> tuple[Surface, Surface] | None:
    """Return g and h, surfaces in one variable over the box's sides, where f(x, y) = g(x) + h(y); else None.

    That is seen in how the formula is written; terms in neither variable are part of g.
    """
    if surface.dimension != 2:
        return None
    try:
        terms = _summands(surface.model.tree, surface.variables)
    except _TogetherError:
        return None
    if not terms.first or not terms.second:
        return None
    parts = []
    for text, name, side in zip(terms, surface.variables, surface.box, strict=True):
        try:
            part = Surface.from_formula(text, (side,), _used(text, surface))
        except FormulaError:
            # A name that is a variable in f alone need not be one here, and brackets may be too deep.
            return None
        if part.variables != (name,):
            return None
        parts.append(part)
    return parts[0], parts[1]


def _used(text: str, surface: Surface) -> dict[str, float]:
    from .parser import parse

    return {name: surface.parameters[name] for name in free_names(parse(text)) if name in surface.parameters}


def _summands(node: Node, variables: tuple[str, ...]) -> Summands:
    """Part a node's terms. Raises :class:`_TogetherError`."""
    x, y = (name in free_names(node) for name in variables)
    if not (x and y):
        return Summands(second=_text(node)) if y else Summands(first=_text(node))
    match node:
        case Negation(operand):
            first, second = _summands(operand, variables)
            return Summands(f"(-{first})" if first else "", f"(-{second})" if second else "")
        case Chain(head, rest) if node.is_sum:
            sums = ["", ""]
            for sign, term in (("+", head), *rest):
                for k, part in enumerate(_summands(term, variables)):
                    if part:
                        sums[k] += f"{sign}{part}" if sums[k] or sign == "-" else part
            return Summands(*(f"({each})" if each else "" for each in sums))
        case Chain(head, rest):
            factors = [("*", head), *rest]
            places = [k for k, (_, factor) in enumerate(factors) if set(free_names(factor)) & set(variables)]
            if len(places) > 1 or factors[places[0]][0] == "/":
                raise _TogetherError
            parts = _summands(factors[places[0]][1], variables)
            others = [(operator, _text(factor)) for k, (operator, factor) in enumerate(factors) if k != places[0]]
            scale = "".join(operator + factor for operator, factor in others)
            return Summands(*(f"({part}{scale})" if part else "" for part in parts))
        case _:
            raise _TogetherError


def _text(node: Node) -> str:
    """Write a tree so that it is read as the same tree again."""
    match node:
        case Number(_, digits):
            return digits
        case Constant(name) | Name(name):
            return name
        case Negation(operand):
            return f"(-{_text(operand)})"
        case Chain(first, rest):
            return f"({_text(first)}{''.join(operator + _text(term) for operator, term in rest)})"
        case Power(base, exponent):
            return f"({_text(base)}**{_text(exponent)})"
        case Call(function, arguments):
            return f"{function}({','.join(map(_text, arguments))})"
