"""Curves of critical points: recognised where the formula shows that f is flat along a whole level line.

If f = c + (u - a)²·(something smooth) for a part u of the formula, the gradient vanishes on all of u = a; where
∇u is not zero, that is a curve. The tape shows it: count, register by register, how often u - a divides what is
left after its constant.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from ..surface.tape import UNARY, Tape
from .closed_form import ClosedForm, Number, OpenError, is_zero
from .closed_functions import OutsideError
from .jet import Jet, NotSmoothError, StoppedError, UndefinedError, constant_jet, exactly
from .jet_functions import JET_OPERATIONS

MAX_CANDIDATES = 40


class _Along(NamedTuple):
    """A register along u = a: ``value`` + O((u - a)^order); order 0 where it is not constant there."""

    value: Number
    order: float


def flat_along(
    tape: Tape, jets: Sequence[Jet], parameters: Sequence[float], stop: Callable[[], bool] | None = None
) -> int | None:
    """Return a register whose level line through a point is a curve of critical points, or None.

    ``jets`` are the expansions of all registers at the point, of order 1 at least.
    """
    tried = 0
    for register, jet in enumerate(jets):
        try:
            if jet.is_constant() or (is_zero(jet.terms.get((1, 0), 0)) and is_zero(jet.terms.get((0, 1), 0))):
                continue
        except OpenError:
            continue
        tried += 1
        if tried > MAX_CANDIDATES:
            return None
        if stop is not None and stop():
            raise StoppedError
        if is_flat(tape, parameters, register, jet.constant):
            return register
    return None


def is_flat(tape: Tape, parameters: Sequence[float], register: int, level: Number) -> bool:
    """Whether the gradient of a tape's first output is proved to vanish wherever a register has the value ``level``.

    That is wherever the formula is smooth: it says nothing of poles and kinks on that line.
    """
    try:
        return _divided(tape, parameters, register, level) >= 2
    except (OpenError, NotSmoothError, UndefinedError, OutsideError, ZeroDivisionError):
        return False


def _divided(tape: Tape, parameters: Sequence[float], candidate: int, level: Number) -> float:
    """How often u - level divides f less a constant, at least; u is the candidate register."""
    variables = len(tape.inputs) - len(parameters)
    known = [_Along(0, 0)] * variables
    known += [_Along(exactly(Fraction(p)), math.inf) for p in parameters]
    known += [_Along(exactly(c), math.inf) for c in tape.constants]
    first = len(known)
    if candidate < first:
        known[candidate] = _Along(level, 1)
    for number, (operation, left, right) in enumerate(tape.instructions, first):
        if number == candidate:
            known.append(_Along(level, 1))
        elif operation == "powi":
            known.append(_power(known[left], tape.constants[right - len(tape.inputs)]))
        elif right == UNARY:
            known.append(_image(operation, known[left]))
        else:
            known.append(_BINARY.get(operation, _other)(operation, known[left], known[right]))
    return known[tape.outputs[0]].order


def _value(operation: str, *values: Number) -> Number:
    result: Jet = JET_OPERATIONS[operation](*(constant_jet(value, 0) for value in values))
    return result.constant


def _product(operation: str, a: _Along, b: _Along) -> _Along:
    """(a + O(u^m))·(b + O(u^n)) = ab + a·O(u^n) + b·O(u^m) + O(u^(m+n)); what is not constant counts as 0 + O(1)."""
    order = a.order + b.order
    if not is_zero(a.value):
        order = min(order, b.order)
    if not is_zero(b.value):
        order = min(order, a.order)
    return _Along(a.value * b.value, order) if order else _Along(0, 0)


def _quotient(operation: str, a: _Along, b: _Along) -> _Along:
    if a.order and is_zero(a.value) and not (b.order and is_zero(b.value)):
        return a
    return _other(operation, a, b)


def _other(operation: str, a: _Along, b: _Along) -> _Along:
    order = min(a.order, b.order)
    return _Along(_value(operation, a.value, b.value), order) if order else _Along(0, 0)


_BINARY: dict[str, Callable[[str, _Along, _Along], _Along]] = {"mul": _product, "div": _quotient}


def _power(a: _Along, exponent: Any) -> _Along:
    if not isinstance(exponent, int) or not a.order:
        return _Along(0, 0)
    if exponent > 0 and is_zero(a.value):
        return _Along(0, a.order * exponent)
    return _composed(a, lambda line: JET_OPERATIONS["powi"](line, exponent))


def _image(operation: str, a: _Along) -> _Along:
    return _composed(a, JET_OPERATIONS[operation]) if a.order else _Along(0, 0)


def _composed(a: _Along, function: Callable[[Jet], Jet]) -> _Along:
    """h(a + O(u^m)): as often more as h is flat at a."""
    if a.order == math.inf:
        return _Along(function(constant_jet(a.value, 0)).constant, math.inf)
    line = Jet({(0, 0): a.value, (1, 0): 1} if _nonzero(a.value) else {(1, 0): 1}, 2, True)
    image = function(line)
    first = next((k for k in (1, 2) if not is_zero(image.terms.get((k, 0), 0))), 2)
    return _Along(image.constant, a.order * first)


def _nonzero(value: Number) -> bool:
    return isinstance(value, ClosedForm) or bool(value)
