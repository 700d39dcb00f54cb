"""A function of a function: f(x, y) = g(u(x, y)), u a part of the formula that all of it goes through."""

from __future__ import annotations

from typing import NamedTuple

from .errors import FormulaError
from .parser import parse
from .surface import BoxError, Surface
from .syntax import free_names
from .tape import UNARY, Instruction, Tape
from .tape_text import tape_text

_AFFINE = frozenset({"add", "sub", "neg", "mul"})


_RISING = frozenset(
    {"exp", "log", "log2", "log10", "sqrt", "cbrt", "sinh", "tanh", "atan", "asin", "sigmoid", "softplus"}
)
"""Functions whose derivative is positive wherever there is one."""


class Composition(NamedTuple):
    """The innermost part u of a formula, over the same box, and g as formulas in x.

    ``core`` is g without the strictly monotone functions around it, which add no critical point; ``rising`` tells
    whether g grows with it.
    """

    inner: Surface
    outer: str
    core: str
    rising: bool


def over(text: str, low: float, high: float, surface: Surface) -> Surface | None:
    """Return a formula in x over an interval, with the parameters of ``surface``; None where it can't be had."""
    names = free_names(parse(text))
    used = {name: value for name, value in surface.parameters.items() if name in names}
    try:
        outer = Surface.from_formula(text, ((low, high),), used)
    except (FormulaError, BoxError):
        return None
    return outer if outer.variables == ("x",) else None


def composed(surface: Surface) -> Composition | None:
    """Return u and g where f(x, y) = g(u(x, y)) and g is more than a scaling and a shift; else None.

    That is seen in the tape: u is the innermost register that everything from the variables to the value goes
    through.
    """
    tape = surface.model.value
    if surface.dimension != 2 or "x" in surface.parameters:
        return None
    register = _narrowest(tape, surface.dimension)
    if register is None:
        return None
    written = tape_text(Tape(tape.inputs, tape.constants, tape.instructions, (register,)))
    after = _after(tape, register)
    core, rising = _core(after)
    outer = tape_text(Tape(after.inputs, after.constants, after.instructions, (*after.outputs, core)))
    if written is None or outer is None:
        return None
    try:
        names = free_names(parse(written[0]))
        used = {name: value for name, value in surface.parameters.items() if name in names}
        inner = Surface.from_formula(written[0], surface.box, used)
    except (FormulaError, BoxError):
        return None
    whole, middle = outer
    return Composition(inner, whole, middle, rising) if inner.variables == surface.variables else None


def _narrowest(tape: Tape, variables: int) -> int | None:
    """The innermost register, but the inputs and the output, that cuts the output off the variables."""
    first = len(tape.inputs) + len(tape.constants)
    varying = [number < variables for number in range(first)]
    for _, left, right in tape.instructions:
        varying.append(varying[left] or (right != UNARY and varying[right]))
    (output,) = tape.outputs
    frontier, found, curved = {output}, None, False
    while (last := max(frontier)) >= first:
        if len(frontier) == 1 and curved:
            found = last
        frontier.remove(last)
        operation, left, right = tape.instructions[last - first]
        operands = [number for number in (left, right) if number != UNARY and varying[number]]
        affine = len(operands) == 1 and (operation in _AFFINE or (operation == "div" and operands == [left]))
        curved = curved or not affine
        frontier.update(operands)
        if not frontier:
            return None
    return found


def _after(tape: Tape, register: int) -> Tape:
    """What is done to a register: the tape with one more input, ``x``, in its place."""
    count = len(tape.inputs)

    def renumbered(number: int) -> int:
        return number if number < count else count if number == register else number + 1

    instructions = tuple(
        Instruction(operation, renumbered(left), UNARY if right == UNARY else renumbered(right))
        for operation, left, right in tape.instructions
    )
    return Tape((*tape.inputs, "x"), tape.constants, instructions, tuple(map(renumbered, tape.outputs)))


def _core(tape: Tape) -> tuple[int, bool]:
    """What strictly monotone functions are applied to, last of all, and whether they rise together."""
    count = len(tape.inputs)
    first = count + len(tape.constants)
    (output,) = tape.outputs
    rising = True
    while output >= first:
        operation, left, right = tape.instructions[output - first]
        if operation in _RISING:
            output = left
        elif operation == "neg":
            output, rising = left, not rising
        elif operation in ("add", "sub") and count <= right < first:
            output = left
        elif operation in ("add", "sub") and count <= left < first:
            output, rising = right, rising == (operation == "add")
        elif operation in ("mul", "div") and count <= right < first and tape.constants[right - count]:
            output, rising = left, rising == (tape.constants[right - count] > 0)
        elif operation == "mul" and count <= left < first and tape.constants[left - count]:
            output, rising = right, rising == (tape.constants[left - count] > 0)
        else:
            break
    return output, rising
