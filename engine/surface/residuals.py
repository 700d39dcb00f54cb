"""The residuals of a sum of squares, found in the formula's syntax tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import TypeAlias

from .compile import constant_exponent, value_tape
from .derive import gradient_tape
from .syntax import Chain, Name, Negation, Node, Number, Power, walk
from .tape import Tape

_Shape: TypeAlias = tuple[object, ...]
_ONE = Number(Fraction(1), "1")
_MINUS_ONE = Negation(_ONE)


class NoSumOfSquaresError(ValueError):
    """A term is no square; the message is the end of a sentence."""


@dataclass(frozen=True)
class Term:
    """One term w·q² of a sum: the tape of q and its gradient (1 + n outputs), and that of the weight w."""

    root: Tape
    weight: Tape


def squares(tree: Node, inputs: Sequence[str], variables: Sequence[str]) -> tuple[Term, ...]:
    """Return the terms w·q² that a formula is the sum of, up to a constant.

    A square is an even power, or a product of even powers or of equal factors; w is any product of factors
    without a variable, which may turn out negative for some values of the parameters. Terms without a
    variable move no minimum and are left out. Raises `NoSumOfSquaresError`.
    """
    found: list[Term] = []
    for factors in _terms(tree):
        weights = [factor for factor in factors if _is_fixed(factor[0], variables)]
        rest = [factor for factor in factors if not _is_fixed(factor[0], variables)]
        if not rest:
            continue
        root = _product(_half(rest))
        found.append(Term(gradient_tape(value_tape(root, inputs), variables), value_tape(_product(weights), inputs)))
    if not found:
        raise NoSumOfSquaresError("no term of it holds a variable")
    return tuple(found)


_Factor: TypeAlias = tuple[Node, int]
"""A base and its integer exponent."""


def _terms(node: Node) -> Iterator[list[_Factor]]:
    """The terms of a sum as products of factors, with brackets multiplied out where one factor is a sum."""
    match node:
        case Negation(operand):
            yield from ([(_MINUS_ONE, 1), *term] for term in _terms(operand))
        case Chain(first, rest) if node.is_sum:
            yield from _terms(first)
            for operator, operand in rest:
                yield from _terms(Negation(operand) if operator == "-" else operand)
        case _:
            yield from _expanded(list(_factors(node, 1)))


def _expanded(factors: list[_Factor]) -> Iterator[list[_Factor]]:
    sums = [i for i, (base, exponent) in enumerate(factors) if exponent == 1 and _holds_terms(base)]
    if len(sums) != 1:
        yield factors
        return
    (at,) = sums
    others = factors[:at] + factors[at + 1 :]
    yield from ([*others, *term] for term in _terms(factors[at][0]))


def _holds_terms(node: Node) -> bool:
    return isinstance(node, Chain) and node.is_sum


def _factors(node: Node, exponent: int) -> Iterator[_Factor]:
    match node:
        case Negation(operand):
            yield (_MINUS_ONE, exponent)
            yield from _factors(operand, exponent)
        case Chain(first, rest) if not node.is_sum:
            yield from _factors(first, exponent)
            for operator, operand in rest:
                yield from _factors(operand, -exponent if operator == "/" else exponent)
        case Power(base, power):
            whole = constant_exponent(power)
            if whole is not None and whole.denominator == 1:
                yield from _factors(base, exponent * int(whole))
            else:
                yield (node, exponent)
        case _:
            yield (node, exponent)


def _half(factors: list[_Factor]) -> list[_Factor]:
    """The factors of the root: equal bases counted together, each of an even number."""
    counted: dict[_Shape, tuple[Node, int]] = {}
    for base, exponent in factors:
        shape = _shape(base)
        counted[shape] = (base, counted[shape][1] + exponent if shape in counted else exponent)
    for base, exponent in counted.values():
        if exponent % 2:
            raise NoSumOfSquaresError(f"the term at column {max(1, _column(base))} is no square")
    return [(base, exponent // 2) for base, exponent in counted.values() if exponent]


def _product(factors: list[_Factor]) -> Node:
    parts: list[tuple[str, Node]] = []
    for base, exponent in factors:
        power: Node = base if abs(exponent) == 1 else Power(base, Number(Fraction(abs(exponent)), str(abs(exponent))))
        parts.append(("/" if exponent < 0 else "*", power))
    return Chain(_ONE, tuple(parts)) if parts else _ONE


def _is_fixed(node: Node, variables: Sequence[str]) -> bool:
    return not any(isinstance(part, Name) and part.name in variables for part in walk(node))


def _shape(node: Node) -> _Shape:
    """What two nodes that say the same have in common: all but where they stand and how numbers are typed."""
    if isinstance(node, Number):
        return ("Number", node.value)
    kept = (getattr(node, each.name) for each in fields(node) if each.name != "column")
    return (type(node).__name__, *(_of(value) for value in kept))


def _of(value: object) -> object:
    if isinstance(value, tuple):
        return tuple(_of(each) for each in value)
    return value if isinstance(value, str) else _shape(value)  # type: ignore[arg-type]


def _column(node: Node) -> int:
    columns = [part.column for part in walk(node) if part.column > 0]
    return min(columns, default=0)
