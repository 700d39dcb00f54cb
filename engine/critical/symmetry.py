"""Mirror symmetry that a formula shows: f is even in a variable, so that ∂f vanishes along its axis.

The tape's registers are numbered by what they compute, up to sign, once as they are and once with the variable's sign
changed. Where both outputs get the same number, f is even.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np

from ..surface.surface import Box
from ..surface.tape import Tape
from .boxes import boxes_of
from .field import Field
from .newton import newton_step

_ODD = frozenset({"sin", "tan", "sinh", "tanh", "atan", "asin", "cbrt", "sign"})
_EVEN = frozenset({"cos", "cosh", "abs", "sech2"})
_COMMUTATIVE = frozenset({"min", "max"})
_MARGINS = (2.0**-10, 2.0**-16, 2.0**-22, 2.0**-28, 2.0**-34)


class _Signed(NamedTuple):
    """A number of a computed quantity, and whether it is that or its negative."""

    number: int
    sign: int = 1


_Numbers: TypeAlias = dict[tuple[object, ...], int]


def is_even(tape: Tape, variable: int) -> bool:
    """Whether the first output is proved to stay the same when input ``variable`` changes its sign."""
    numbers: _Numbers = {}
    plain = _output(tape, numbers, None)
    return _output(tape, numbers, variable) == plain


def is_on_axis(field: Field, enclosure: Box, variable: int) -> bool:
    """Whether a regular critical point in ``enclosure`` is proved to have coordinate 0 in a variable that f is even in.

    Its mirror image is critical as well; where both lie in a box that holds one critical point, they are the same.
    """
    if not is_even(field.surface.model.value, variable):
        return False
    sides = np.array([high - low for low, high in field.surface.box])
    reach = max(map(abs, enclosure[variable]))
    boxes = []
    for margin in _MARGINS:
        around = [
            (low - margin * side, high + margin * side) for (low, high), side in zip(enclosure, sides, strict=True)
        ]
        around[variable] = (-max(margin * sides[variable], reach), max(margin * sides[variable], reach))
        boxes.append(tuple(around))
    return bool(newton_step(field, boxes_of(*boxes)).certified.any())


def _output(tape: Tape, numbers: _Numbers, mirrored: int | None) -> _Signed:
    count = len(tape.inputs)
    known = [_Signed(_number(numbers, ("input", k)), -1 if k == mirrored else 1) for k in range(count)]
    known += [_constant(numbers, constant) for constant in tape.constants]
    for operation, left, right in tape.instructions:
        if operation == "powi":
            exponent = tape.constants[right - count]
            sign = 1 if not isinstance(exponent, int) or exponent % 2 == 0 else known[left].sign
            known.append(_Signed(_number(numbers, ("powi", known[left].number, exponent)), sign))
        elif right < 0:
            known.append(_image(numbers, operation, known[left]))
        else:
            known.append(_combined(numbers, operation, known[left], known[right]))
    return known[tape.outputs[0]]


def _number(numbers: _Numbers, key: tuple[object, ...]) -> int:
    return numbers.setdefault(key, len(numbers))


def _constant(numbers: _Numbers, constant: object) -> _Signed:
    return _Signed(_number(numbers, ("constant", type(constant), constant)))


def _image(numbers: _Numbers, operation: str, a: _Signed) -> _Signed:
    if operation == "neg":
        return _Signed(a.number, -a.sign)
    if operation in _ODD:
        return _Signed(_number(numbers, (operation, a.number)), a.sign)
    if operation in _EVEN:
        return _Signed(_number(numbers, (operation, a.number)))
    return _Signed(_number(numbers, (operation, a)))


def _combined(numbers: _Numbers, operation: str, a: _Signed, b: _Signed) -> _Signed:
    if operation in ("add", "sub"):
        # a − b is a + (−b), and −a − b is −(a + b).
        first, second = sorted([a, _Signed(b.number, -b.sign) if operation == "sub" else b])
        sign = first.sign
        key = ("add", first.number, _Signed(second.number, second.sign * sign))
        return _Signed(_number(numbers, key), sign)
    if operation in ("mul", "div"):
        parts = (a.number, b.number)
        key_parts = tuple(sorted(parts)) if operation == "mul" else parts
        return _Signed(_number(numbers, (operation, *key_parts)), a.sign * b.sign)
    pair = tuple(sorted((a, b))) if operation in _COMMUTATIVE else (a, b)
    return _Signed(_number(numbers, (operation, *pair)))
