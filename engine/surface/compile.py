"""Syntax tree to tape: values straight from the formula, without waiting for SymPy."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .functions import CONSTANTS, FUNCTIONS
from .syntax import Call, Chain, Constant, Name, Negation, Node, Number, Power, walk
from .tape import Register, Tape, TapeBuilder

_CHAIN_OPERATIONS = {"+": "add", "-": "sub", "*": "mul", "/": "div"}


def value_tape(tree: Node, inputs: Sequence[str]) -> Tape:
    """Return the tape that computes the formula's value from its named inputs."""
    builder = TapeBuilder(inputs)
    return builder.finish([_emit(tree, builder)])


def _emit(node: Node, tape: TapeBuilder) -> Register:
    match node:
        case Number(value):
            return tape.constant(value)
        case Constant(name):
            return tape.constant(CONSTANTS[name])
        case Name(name):
            return tape.input(name)
        case Negation(operand):
            return tape.apply("neg", _emit(operand, tape))
        case Chain(first, rest):
            result = _emit(first, tape)
            for operator, operand in rest:
                result = tape.apply(_CHAIN_OPERATIONS[operator], result, _emit(operand, tape))
            return result
        case Power(base, exponent):
            return _emit_power(_emit(base, tape), exponent, tape)
        case Call(function, arguments):
            registers = [_emit(argument, tape) for argument in arguments]
            if len(registers) == 1:
                return tape.apply(function, registers[0])
            result = registers[0]
            for register in registers[1:]:
                result = tape.apply(function, result, register)
            return result


def _emit_power(base: Register, exponent: Node, tape: TapeBuilder) -> Register:
    constant = constant_exponent(exponent)
    if constant is not None and constant.denominator == 1:
        return tape.apply("powi", base, tape.constant(constant.numerator))
    if constant == Fraction(1, 2):
        return tape.apply("sqrt", base)
    return tape.apply("pow", base, _emit(exponent, tape))


def constant_exponent(node: Node) -> Fraction | None:
    """Return an exponent's exact value where it is rational and constant: ``2.0``, ``-1``, ``1/2``."""
    match node:
        case Number(value):
            return value
        case Negation(operand):
            inner = constant_exponent(operand)
            return None if inner is None else -inner
        case Chain(first, ((("*" | "/") as operator, second),)):
            left, right = constant_exponent(first), constant_exponent(second)
            if left is None or right is None or (operator == "/" and right == 0):
                return None
            return left * right if operator == "*" else left / right
        case _:
            return None


def is_total(tree: Node) -> bool:
    """Whether the formula has a value at every real point: no division, root or logarithm that can fail."""
    for node in walk(tree):
        match node:
            case Call(function):
                if not FUNCTIONS[function].total:
                    return False
            case Power(_, exponent):
                constant = constant_exponent(exponent)
                if constant is None or constant.denominator != 1 or constant < 0:
                    return False
            case Chain(_, rest):
                if any(operator == "/" and not _is_constant(operand) for operator, operand in rest):
                    return False
    return True


def _is_constant(tree: Node) -> bool:
    return not any(isinstance(node, Name) for node in walk(tree))
