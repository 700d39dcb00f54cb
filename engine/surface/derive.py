"""Exact derivatives of a tape: the chain rule applied to its operations, one by one.

Symbolic, not numeric: each operation's derivative is again operations, with what is shared written once.
It takes a millisecond where SymPy's ``diff`` takes a second (2,000-character formulas) or runs out of
stack (deep nesting), and it needs no import. SymPy still writes the formulas that people read
(``symbolic.py``), and the tests hold one against the other.

At a kink the derivative is the one that torch uses: ``sign(0) = 0`` for ``abs``, 0 for ``relu``, the mean
of both sides where ``min`` and ``max`` tie.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TypeAlias

from .tape import Register, Tape, TapeBuilder

_Zero: TypeAlias = None
Derivative: TypeAlias = Register | _Zero
"""The register of a derivative, or None where it is identically zero."""


def gradient_tape(value: Tape, variables: Sequence[str]) -> Tape:
    """Return the tape of f and its gradient: 1 + n outputs."""
    rules = _Rules(TapeBuilder.continuing(value))
    (f,) = rules.tape.outputs
    gradient = [rules.derivative(f, name) for name in variables]
    return rules.tape.finish([f, *map(rules.register, gradient)])


def hessian_tape(value: Tape, variables: Sequence[str]) -> Tape:
    """Return the tape of f, its gradient and Hessian: 1 + n + n(n+1)/2 outputs.

    The Hessian's upper triangle comes row by row.
    """
    rules = _Rules(TapeBuilder.continuing(value))
    (f,) = rules.tape.outputs
    gradient = [rules.derivative(f, name) for name in variables]
    upper = [
        None if entry is None else rules.derivative(entry, name)
        for i, entry in enumerate(gradient)
        for name in variables[i:]
    ]
    return rules.tape.finish([f, *map(rules.register, [*gradient, *upper])])


def third_derivative_tape(value: Tape, variables: Sequence[str]) -> Tape:
    """Return the tape of the third derivatives ∂i∂j∂k f for i ≤ j ≤ k, in lexicographic order."""
    rules = _Rules(TapeBuilder.continuing(value))
    (f,) = rules.tape.outputs
    outputs: list[Derivative] = []
    for i, first in enumerate(variables):
        slope = rules.derivative(f, first)
        for j, second in enumerate(variables[i:], start=i):
            curvature = None if slope is None else rules.derivative(slope, second)
            outputs += [None if curvature is None else rules.derivative(curvature, third) for third in variables[j:]]
    return rules.tape.finish([rules.register(output) for output in outputs])


class _Rules:
    """Differentiates registers of the tape it writes to; in forward mode, from the inputs on."""

    def __init__(self, tape: TapeBuilder) -> None:
        self.tape = tape

    def register(self, derivative: Derivative) -> Register:
        return self.constant(0) if derivative is None else derivative

    def constant(self, value: int | float | Fraction) -> Register:
        return self.tape.constant(Fraction(value) if isinstance(value, int) else value)

    def derivative(self, output: Register, variable: str) -> Derivative:
        """The derivative of one register; a loop, since a sum of 1,000 terms is 1,000 registers deep."""
        target = self.tape.input(variable)
        known: dict[Register, Derivative] = {target: self.constant(1)}
        for register in self.tape.ancestors(output):
            operation, left, right = self.tape.instruction(register)
            du, dv = known.get(left), (None if right is None else known.get(right))
            if du is None and dv is None:
                continue
            known[register] = self.apply(operation, register, left, right, du, dv)
        return known.get(output)

    def apply(
        self,
        operation: str,
        result: Register,
        u: Register,
        v: Register | None,
        du: Derivative,
        dv: Derivative,
    ) -> Derivative:
        if v is not None:
            return self.binary(operation, result, u, v, du, dv)
        if operation == "neg":
            return self.neg(du)
        factor = _UNARY[operation](self, u, result)
        return None if factor is None else self.mul(factor, du)

    def binary(
        self, operation: str, result: Register, u: Register, v: Register, du: Derivative, dv: Derivative
    ) -> Derivative:
        match operation:
            case "add":
                return self.add(du, dv)
            case "sub":
                return self.sub(du, dv)
            case "mul":
                return self.add(self.mul(v, du), self.mul(u, dv))
            case "div":  # (u/v)' = (u' - (u/v) v')/v shares the quotient
                return self.div(self.sub(du, self.mul(result, dv)), v)
            case "powi":
                exponent = self.tape.value_of(v)
                assert isinstance(exponent, int)
                if exponent == 0:  # 0·u⁻¹ would be NaN where u is 0
                    return None
                return self.mul(self.mul(self.constant(exponent), self.integer_power(u, exponent - 1)), du)
            case "pow":
                return self.power(result, u, v, du, dv)
            case "atan2":
                squares = self.add(self.square(u), self.square(v))
                return self.div(self.sub(self.mul(v, du), self.mul(u, dv)), self.register(squares))
            case "min":
                return self.choice(v, u, du, dv)
            case "max":
                return self.choice(u, v, du, dv)
            case _:  # heaviside: flat on both sides
                return None

    def power(self, result: Register, u: Register, v: Register, du: Derivative, dv: Derivative) -> Derivative:
        by_base: Derivative = None
        if du is not None:
            exponent = self.tape.value_of(v)
            below = self.register(self.sub(v, self.constant(1)))
            if isinstance(exponent, Fraction) and exponent - 1 == Fraction(1, 2):
                lowered: Register = self.tape.apply("sqrt", u)
            else:
                lowered = self.tape.apply("pow", u, below)
            by_base = self.mul(self.mul(v, lowered), du)
        by_exponent = None if dv is None else self.mul(self.mul(result, self.tape.apply("log", u)), dv)
        return self.add(by_base, by_exponent)

    def choice(self, larger: Register, smaller: Register, du: Derivative, dv: Derivative) -> Derivative:
        """u where ``larger - smaller`` is positive, v where it is negative, their mean at a tie."""
        half = self.constant(Fraction(1, 2))
        first = self.tape.apply("heaviside", self.tape.apply("sub", larger, smaller), half)
        second = self.tape.apply("heaviside", self.tape.apply("sub", smaller, larger), half)
        return self.add(self.mul(first, du), self.mul(second, dv))

    # Arithmetic that knows 0 and 1, so that derivatives come out as one would write them.

    def add(self, a: Derivative, b: Derivative) -> Derivative:
        if a is None or b is None:
            return b if a is None else a
        if (x := self.number(a)) is not None and (y := self.number(b)) is not None:
            return self.constant(x + y) if x + y else None
        return self.tape.apply("add", a, b)

    def sub(self, a: Derivative, b: Derivative) -> Derivative:
        if b is None:
            return a
        if a is None:
            return self.neg(b)
        if (x := self.number(a)) is not None and (y := self.number(b)) is not None:
            return self.constant(x - y) if x - y else None
        return self.tape.apply("sub", a, b)

    def neg(self, a: Derivative) -> Derivative:
        if a is None:
            return None
        x = self.number(a)
        return self.tape.apply("neg", a) if x is None else self.constant(-x)

    def mul(self, a: Derivative, b: Derivative) -> Derivative:
        if a is None or b is None:
            return None
        x, y = self.number(a), self.number(b)
        if x is not None and y is not None:
            return self.constant(x * y) if x * y else None
        if x == 1 or y == 1:
            return b if x == 1 else a
        if x == -1 or y == -1:
            return self.neg(b if x == -1 else a)
        return self.tape.apply("mul", a, b)

    def div(self, a: Derivative, b: Register) -> Derivative:
        if a is None or self.number(b) == 1:
            return a
        return self.tape.apply("div", a, b)

    def square(self, a: Register) -> Register:
        return self.integer_power(a, 2)

    def integer_power(self, base: Register, exponent: int) -> Register:
        if exponent == 0:
            return self.constant(1)
        return base if exponent == 1 else self.tape.apply("powi", base, self.tape.constant(exponent))

    def number(self, register: Register) -> Fraction | None:
        value = self.tape.value_of(register)
        return value if isinstance(value, Fraction) else None

    def reciprocal(self, a: Derivative) -> Register:
        return self.tape.apply("div", self.constant(1), self.register(a))


_Rule: TypeAlias = Callable[[_Rules, Register, Register], Derivative]
"""From the operand and the result to the factor by which the operand's derivative is multiplied."""

_UNARY: dict[str, _Rule] = {
    "sqrt": lambda r, u, y: r.reciprocal(r.mul(r.constant(2), y)),
    "cbrt": lambda r, u, y: r.reciprocal(r.mul(r.constant(3), r.square(y))),
    "exp": lambda r, u, y: y,
    "log": lambda r, u, y: r.reciprocal(u),
    "log2": lambda r, u, y: r.reciprocal(r.mul(u, r.constant(math.log(2.0)))),
    "log10": lambda r, u, y: r.reciprocal(r.mul(u, r.constant(math.log(10.0)))),
    "sin": lambda r, u, y: r.tape.apply("cos", u),
    "cos": lambda r, u, y: r.neg(r.tape.apply("sin", u)),
    "tan": lambda r, u, y: r.add(r.constant(1), r.square(y)),
    "asin": lambda r, u, y: r.reciprocal(_circle(r, u)),
    "acos": lambda r, u, y: r.neg(r.reciprocal(_circle(r, u))),
    "atan": lambda r, u, y: r.reciprocal(r.add(r.constant(1), r.square(u))),
    "sinh": lambda r, u, y: r.tape.apply("cosh", u),
    "cosh": lambda r, u, y: r.tape.apply("sinh", u),
    "tanh": lambda r, u, y: r.tape.apply("sech2", u),
    "sech2": lambda r, u, y: r.mul(r.mul(r.constant(-2), r.tape.apply("tanh", u)), y),
    "abs": lambda r, u, y: r.tape.apply("sign", u),
    "sign": lambda r, u, y: None,
    "floor": lambda r, u, y: None,
    "ceil": lambda r, u, y: None,
    "relu": lambda r, u, y: r.tape.apply("heaviside", u, r.constant(0)),
    "sigmoid": lambda r, u, y: r.mul(y, r.tape.apply("sigmoid", r.register(r.neg(u)))),
    "softplus": lambda r, u, y: r.tape.apply("sigmoid", u),
}


def _circle(rules: _Rules, u: Register) -> Register:
    """``sqrt(1 - u**2)``."""
    return rules.tape.apply("sqrt", rules.register(rules.sub(rules.constant(1), rules.square(u))))
