"""A tape: a formula as a flat list of operations, run over any arithmetic.

The one evaluator behind all others. Equal subexpressions are one instruction (hash-consing), so a value,
a gradient and a Hessian share their work; the arithmetic is a table of operations, so floats, arrays and
intervals go the same way. No code is generated, so nothing needs to be trusted to run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from .array import ARRAY_OPERATIONS, quiet
from .scalar import SCALAR_OPERATIONS

Constant: TypeAlias = Fraction | float | int
"""A constant as it is known: exact, or (``pi``) the nearest float; an ``int`` is an integer exponent."""

UNARY = -1
"""Stands for the second operand of an operation that has only one."""


class Instruction(NamedTuple):
    """One operation on earlier registers; ``right`` is :data:`UNARY` where there is only one operand."""

    operation: str
    left: int
    right: int


class Tape:
    """A compiled formula with any number of outputs.

    Registers are numbered: first the inputs in order, then the constants, then one for each
    instruction. A constant is kept exactly (a Fraction, an int exponent) beside its nearest float.
    """

    def __init__(
        self,
        inputs: tuple[str, ...],
        constants: tuple[Constant, ...],
        instructions: tuple[Instruction, ...],
        outputs: tuple[int, ...],
    ) -> None:
        self.inputs = inputs
        self.constants = constants
        self.instructions = instructions
        self.outputs = outputs
        self._floats = tuple(c if isinstance(c, int) else nearest_float(c) for c in constants)
        self._scalar = tuple((SCALAR_OPERATIONS[i.operation], i.left, i.right) for i in instructions)
        self._expiring = _last_uses(len(inputs) + len(constants), instructions, outputs)

    def at(self, point: Sequence[float]) -> tuple[float, ...]:
        """Evaluate at one point of floats, ``(len(inputs),)``; NaN or inf where the value is not finite."""
        # NumPy's scalars would warn instead of raising, and an int's power can have a billion digits.
        registers: list[Any] = [*map(float, point), *self._floats]
        push = registers.append
        try:
            for operation, left, right in self._scalar:
                if right < 0:
                    push(operation(registers[left]))
                else:
                    push(operation(registers[left], registers[right]))
        except (ValueError, OverflowError, ZeroDivisionError):
            with quiet():
                return tuple(map(float, self.on([np.float64(p) for p in point])))
        return tuple([registers[output] for output in self.outputs])

    def on(
        self,
        inputs: Sequence[Any],
        operations: Mapping[str, Callable[..., Any]] | None = None,
        constants: Sequence[Any] | None = None,
    ) -> list[Any]:
        """Evaluate on arrays (or whatever ``operations`` work on) that broadcast against each other.

        ``constants`` stand for :attr:`constants`, in their order, where the arithmetic wants them otherwise
        than as the nearest floats; an ``int`` stays one. For NumPy arrays call it inside :func:`array.quiet`.
        Outputs that depend on one input only keep that input's shape.
        """
        table = ARRAY_OPERATIONS if operations is None else operations
        registers: list[Any] = [*inputs, *(self._floats if constants is None else constants)]
        for (operation, left, right), expired in zip(self.instructions, self._expiring, strict=True):
            apply = table[operation]
            registers.append(apply(registers[left]) if right < 0 else apply(registers[left], registers[right]))
            for register in expired:
                registers[register] = None
        return [registers[output] for output in self.outputs]


def nearest_float(constant: Fraction | float) -> float:
    """Return the float nearest to an exact constant; inf or -inf beyond the range."""
    try:
        return float(constant)
    except OverflowError:
        return float("inf") if constant > 0 else float("-inf")


def _last_uses(first: int, instructions: Sequence[Instruction], outputs: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """For each instruction, the intermediate registers that nothing needs after it.

    On a 400 x 300 grid a register is a megabyte; without this a long formula would hold hundreds.
    """
    last: dict[int, int] = {}
    for position, (_, left, right) in enumerate(instructions):
        last[left] = last[right] = position
    expiring: list[list[int]] = [[] for _ in instructions]
    for register, position in last.items():
        if register >= first and register not in outputs:
            expiring[position].append(register)
    return tuple(map(tuple, expiring))


class Register(NamedTuple):
    """A register while a tape is being built; final numbers are known when all constants are."""

    kind: str
    number: int


class TapeBuilder:
    """Collects operations into a tape; equal operations on equal operands become one register."""

    def __init__(self, inputs: Sequence[str]) -> None:
        self.inputs = tuple(inputs)
        self.outputs: tuple[Register, ...] = ()
        self._constants: dict[tuple[type, Constant], int] = {}
        self._values: list[Constant] = []
        self._numbers: dict[tuple[str, Register, Register | None], int] = {}
        self._instructions: list[tuple[str, Register, Register | None]] = []

    @classmethod
    def continuing(cls, tape: Tape) -> TapeBuilder:
        """Return a builder that holds a finished tape; its :attr:`outputs` are that tape's."""
        builder = cls(tape.inputs)
        registers = [builder.input(name) for name in tape.inputs]
        registers += [builder.constant(value) for value in tape.constants]
        for operation, left, right in tape.instructions:
            second = None if right == UNARY else registers[right]
            registers.append(builder.apply(operation, registers[left], second))
        builder.outputs = tuple(registers[output] for output in tape.outputs)
        return builder

    def input(self, name: str) -> Register:
        """Return the register of an input."""
        return Register("input", self.inputs.index(name))

    def constant(self, value: Constant) -> Register:
        """Return the register of a constant; an ``int`` is an exponent of ``powi``."""
        number = self._constants.setdefault((type(value), value), len(self._values))
        if number == len(self._values):
            self._values.append(value)
        return Register("constant", number)

    def value_of(self, register: Register) -> Constant | None:
        """Return a constant register's value, or None for any other register."""
        if register.kind != "constant":
            return None
        return self._values[register.number]

    def apply(self, operation: str, left: Register, right: Register | None = None) -> Register:
        """Return the register of an operation's result."""
        key = (operation, left, right)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._instructions)
            self._instructions.append(key)
        return Register("instruction", number)

    def instruction(self, register: Register) -> tuple[str, Register, Register | None]:
        """Return the operation and the operands that a register is the result of."""
        return self._instructions[register.number]

    def ancestors(self, *outputs: Register) -> list[Register]:
        """Return the results that ``outputs`` are computed from, themselves included, operands first."""
        needed = {register.number for register in outputs if register.kind == "instruction"}
        for index in range(max(needed, default=-1), -1, -1):
            if index in needed:
                _, left, right = self._instructions[index]
                for operand in (left, right):
                    if operand is not None and operand.kind == "instruction":
                        needed.add(operand.number)
        return [Register("instruction", index) for index in sorted(needed)]

    def finish(self, outputs: Sequence[Register]) -> Tape:
        """Return the tape that computes the registers ``outputs``, and nothing that they don't need."""
        used = self.ancestors(*outputs)
        operations = [self.instruction(register) for register in used]
        constants: dict[Register, None] = {}
        for _, left, right in operations:
            constants.update((o, None) for o in (left, right) if o is not None and o.kind == "constant")
        constants.update((o, None) for o in outputs if o.kind == "constant")
        order = [Register("input", index) for index in range(len(self.inputs))] + [*constants] + used
        number = {register: position for position, register in enumerate(order)}
        return Tape(
            self.inputs,
            tuple(self._values[register.number] for register in constants),
            tuple(
                Instruction(operation, number[left], UNARY if right is None else number[right])
                for operation, left, right in operations
            ),
            tuple(number[output] for output in outputs),
        )
