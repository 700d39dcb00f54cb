"""A tape's outputs as formulas: what is shown of derivatives where SymPy would take too long to write them well."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from .tape import UNARY, Constant, Tape

MAX_LENGTH = 200_000
"""Characters, at most, that one formula may take: what is shared in a tape is written out each time."""

_SUM, _PRODUCT, _POWER, _ATOM = range(4)
_CHAINS = {"add": (" + ", _SUM), "sub": (" - ", _SUM), "mul": ("*", _PRODUCT), "div": ("/", _PRODUCT)}


class _Piece(NamedTuple):
    text: str
    binding: int

    def within(self, binding: int) -> str:
        return self.text if self.binding >= binding else f"({self.text})"


def tape_text(tape: Tape) -> tuple[str, ...] | None:
    """Return each output in the formula grammar, as the chain rule left it; None where that is too long."""
    pieces = [_Piece(name, _ATOM) for name in tape.inputs] + [_constant(value) for value in tape.constants]
    for operation, left, right in tape.instructions:
        operands = [pieces[left]] if right == UNARY else [pieces[left], pieces[right]]
        pieces.append(_written(operation, operands))
        if len(pieces[-1].text) > MAX_LENGTH:
            return None
    return tuple(pieces[output].text for output in tape.outputs)


def _constant(value: Constant) -> _Piece:
    if isinstance(value, float):
        named = {math.pi: "pi", math.e: "e"}.get(value)
        return _Piece(named or repr(value), _ATOM if named or value >= 0.0 else _SUM)
    exact = Fraction(value)
    if exact.denominator == 1:
        return _Piece(str(exact.numerator), _ATOM if exact >= 0 else _SUM)
    if Fraction(repr(float(exact))) == exact:
        return _Piece(repr(float(exact)), _ATOM if exact >= 0 else _SUM)
    return _Piece(f"{exact.numerator}/{exact.denominator}", _PRODUCT if exact >= 0 else _SUM)


def _written(operation: str, operands: Sequence[_Piece]) -> _Piece:
    first, last = operands[0], operands[-1]
    if operation in _CHAINS:
        sign, binding = _CHAINS[operation]
        return _Piece(first.within(binding) + sign + last.within(binding + (operation != "add")), binding)
    if operation == "neg":
        return _Piece("-" + first.within(_POWER), _SUM)
    if operation in ("pow", "powi"):
        return _Piece(f"{first.within(_ATOM)}**{last.within(_ATOM)}", _POWER)
    if operation == "sech2":
        return _Piece(f"1/cosh({first.text})**2", _PRODUCT)
    return _Piece(f"{operation}({', '.join(each.text for each in operands)})", _ATOM)
