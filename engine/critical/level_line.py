"""The curve of critical points near a point: which part of the formula is constant along it, and at what level."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from ..surface.notation import pretty
from ..surface.scalar import SCALAR_OPERATIONS
from ..surface.surface import Surface
from ..surface.syntax import Call, Chain, Constant, Name, Negation, Node, Power
from ..surface.syntax import Number as Literal
from ..surface.tape import UNARY, Tape
from .closed_form import Number
from .closed_text import text
from .closed_value import to_float
from .curves import MAX_CANDIDATES, is_flat
from .guesses import guesses

MAX_TEXT = 60
_GUESSES = 4
_STEP = 1e-6
_CHAIN = {"add": "+", "sub": "-", "mul": "*", "div": "/"}


class CriticalCurve(NamedTuple):
    """All points near by where register ``register`` of the value tape equals ``level`` are critical."""

    register: int
    level: Number
    text: str
    """The curve's equation, ``x² + y² = 1``; empty where it is long."""


def critical_curve(
    surface: Surface,
    point: Sequence[float],
    radius: float | Sequence[float] | None = None,
    stop: Callable[[], bool] | None = None,
) -> CriticalCurve | None:
    """Return the curve of critical points that passes within about ``radius`` of a point, where one is proved.

    Two variables. The gradient is proved to vanish along the curve wherever f is smooth; that the curve is
    there follows from the sign of its equation on both sides, in floats with a wide margin. None proves nothing.
    """
    if surface.dimension != 2:
        return None
    tape = surface.model.value
    parameters = tuple(float(surface.parameters[name]) for name in tape.inputs[2:])
    size = min(high - low for low, high in surface.box)
    reach = 1e-9 * size if radius is None else max([radius] if isinstance(radius, int | float) else radius)
    x, y = map(float, point)
    slope = max(map(abs, surface.gradient_at((x, y))))
    bend = max(abs(entry) for row in surface.hessian_at((x, y)) for entry in row)
    if not slope <= 10.0 * bend * reach + 1e-9 * (abs(surface.value_at((x, y))) / size + bend * size) + 1e-12:
        return None  # not a critical point
    step = _STEP * size
    try:
        here = _floats(tape, (x, y, *parameters))
        beside = _floats(tape, (x + step, y, *parameters))
        above = _floats(tape, (x, y + step, *parameters))
        tried = 0
        for register in [*range(2), *range(len(here) - len(tape.instructions), len(here))]:
            ascent = ((beside[register] - here[register]) / step, (above[register] - here[register]) / step)
            steepness = math.hypot(*ascent)
            if not 1e-6 * abs(here[register]) / size < steepness < math.inf:
                continue
            tried += 1
            if tried > MAX_CANDIDATES or (stop is not None and stop()):
                return None
            error = 2.0 * reach * steepness + 1e-13 * abs(here[register])
            for level in guesses(here[register], error, limit=_GUESSES):
                if not is_flat(tape, parameters, register, level):
                    continue
                far = 8.0 * max(reach, step)
                move = (far * ascent[0] / steepness, far * ascent[1] / steepness)
                low = _floats(tape, (x - move[0], y - move[1], *parameters))[register] - to_float(level)
                high = _floats(tape, (x + move[0], y + move[1], *parameters))[register] - to_float(level)
                if min(-low, high) > 1e-9 * abs(to_float(level)):
                    return CriticalCurve(register, level, equation(tape, register, level))
    except (ValueError, OverflowError, ZeroDivisionError):
        return None
    return None


def _floats(tape: Tape, inputs: Sequence[float]) -> list[float]:
    """All registers at one point. Raises ValueError, OverflowError or ZeroDivisionError outside the domain."""
    values: list[Any] = [*inputs, *(c if isinstance(c, int) else float(c) for c in tape.constants)]
    for operation, left, right in tape.instructions:
        apply = SCALAR_OPERATIONS[operation]
        values.append(apply(values[left]) if right == UNARY else apply(values[left], values[right]))
    return values


def equation(tape: Tape, register: int, level: Number) -> str:
    """Return the equation of a register's level line in the formula's names; empty where it is long."""
    tree = _tree(tape, register, 0)
    left = "" if tree is None else pretty(tree)
    return f"{left} = {text(level)}" if 0 < len(left) <= MAX_TEXT else ""


def _tree(tape: Tape, register: int, depth: int) -> Node | None:
    """The syntax tree of a register, None where it is deep."""
    first = len(tape.inputs)
    if register < first:
        return Name(tape.inputs[register])
    if register < first + len(tape.constants):
        return _literal(tape.constants[register - first])
    operation, left, right = tape.instructions[register - first - len(tape.constants)]
    a = _tree(tape, left, depth + 1) if depth < 12 else None
    b = _tree(tape, right, depth + 1) if depth < 12 and right != UNARY else None
    if a is None or (b is None and right != UNARY):
        return None
    if b is None:
        return Negation(a) if operation == "neg" else Call(operation, (a,))
    if operation in _CHAIN:
        return Chain(a, ((_CHAIN[operation], b),))
    return Power(a, b) if operation in ("powi", "pow") else Call(operation, (a, b))


def _literal(constant: Fraction | float | int) -> Node:
    if isinstance(constant, float):
        return Constant("pi" if constant == math.pi else "e")
    value = Fraction(constant)
    size = Literal(abs(value), text(abs(value)))
    return Negation(size) if value < 0 else size
