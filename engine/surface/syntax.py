"""The validated syntax tree of a formula: plain data, with nothing in it that could run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Number:
    """A literal number: its exact rational value, and the digits as they were typed."""

    value: Fraction
    digits: str
    column: int = 0


@dataclass(frozen=True, slots=True)
class Constant:
    """One of the named constants, ``pi`` or ``e``."""

    name: str
    column: int = 0


@dataclass(frozen=True, slots=True)
class Name:
    """A free name: a variable or a parameter."""

    name: str
    column: int = 0


@dataclass(frozen=True, slots=True)
class Negation:
    """Unary minus."""

    operand: Node
    column: int = 0


@dataclass(frozen=True, slots=True)
class Chain:
    """A run of operators of one precedence, ``a + b - c`` or ``a*b/c``, worked from the left.

    Flat, so that a sum of a thousand terms is a tree of depth one: nothing that walks the tree can
    run out of stack.
    """

    first: Node
    rest: tuple[tuple[str, Node], ...]
    column: int = 0

    @property
    def is_sum(self) -> bool:
        """Whether the operators are ``+`` and ``-`` (else ``*`` and ``/``)."""
        return self.rest[0][0] in "+-"


@dataclass(frozen=True, slots=True)
class Power:
    """``base ** exponent``."""

    base: Node
    exponent: Node
    column: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """A known function with its arguments."""

    function: str
    arguments: tuple[Node, ...]
    column: int = 0


Node: TypeAlias = Number | Constant | Name | Negation | Chain | Power | Call


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly below ``node``, from left to right."""
    match node:
        case Negation(operand):
            return (operand,)
        case Chain(first, rest):
            return (first, *(term for _, term in rest))
        case Power(base, exponent):
            return (base, exponent)
        case Call(_, arguments):
            return arguments
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """Yield every node of the tree, parents first, from left to right."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(children(current)))


def free_names(node: Node) -> dict[str, int]:
    """Return the free names and the column where each occurs first, in order of occurrence."""
    found: dict[str, int] = {}
    for part in walk(node):
        if isinstance(part, Name):
            found.setdefault(part.name, part.column)
    return found
