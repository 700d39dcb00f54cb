"""Tapes: one list of operations for floats, arrays and any other arithmetic."""

from __future__ import annotations

import math
import operator
from fractions import Fraction

import numpy as np
import pytest

from curvtui.engine.surface.array import quiet
from curvtui.engine.surface.compile import value_tape
from curvtui.engine.surface.derive import gradient_tape, hessian_tape
from curvtui.engine.surface.parser import parse
from curvtui.engine.surface.tape import UNARY, TapeBuilder, nearest_float


def test_equal_parts_are_worked_out_once() -> None:
    tape = value_tape(parse("sin(x*y)*sin(x*y) + cos(x*y) + 2*sin(x*y)"), ("x", "y"))
    operations = [instruction.operation for instruction in tape.instructions]
    assert operations.count("sin") == 1
    assert sorted(operations) == ["add", "add", "cos", "mul", "mul", "mul", "sin"]


def test_what_no_output_needs_is_left_out() -> None:
    builder = TapeBuilder(["x"])
    x = builder.input("x")
    builder.apply("exp", x)
    builder.constant(Fraction(9))
    negative = builder.apply("neg", x)
    kept = builder.apply("sub", builder.constant(Fraction(1, 3)), negative)
    tape = builder.finish([kept, x, builder.constant(Fraction(5))])
    assert [instruction.operation for instruction in tape.instructions] == ["neg", "sub"]
    assert tape.constants == (Fraction(1, 3), Fraction(5))
    assert tape.at((2.0,)) == (2.0 + 1 / 3, 2.0, 5.0)


def test_operands_come_before_their_results() -> None:
    tape = hessian_tape(value_tape(parse("exp(x*y)/(1+x**2) - max(x, y)"), ("x", "y")), ("x", "y"))
    first = len(tape.inputs) + len(tape.constants)
    for position, (_, left, right) in enumerate(tape.instructions):
        assert 0 <= left < first + position
        assert right == UNARY or 0 <= right < first + position
    assert len(tape.outputs) == 6


def test_continuing_keeps_the_tape() -> None:
    tape = value_tape(parse("sin(x)*y**2 + a"), ("x", "y", "a"))
    again = TapeBuilder.continuing(tape)
    finished = again.finish(again.outputs)
    assert (finished.inputs, finished.constants, finished.instructions, finished.outputs) == (
        tape.inputs,
        tape.constants,
        tape.instructions,
        tape.outputs,
    )


def test_an_exponent_and_a_number_of_the_same_size_are_kept_apart() -> None:
    tape = value_tape(parse("x**2 + 2*x + 2"), ("x",))
    assert sorted(map(type, tape.constants), key=str) == [Fraction, int]
    assert tape.at((3.0,)) == (17.0,)


def test_any_arithmetic_runs_the_tape() -> None:
    exact = {"add": operator.add, "mul": operator.mul, "div": operator.truediv, "powi": operator.pow}
    tape = value_tape(parse("x**2*y + x/y"), ("x", "y"))
    assert tape.on([Fraction(1, 3), Fraction(2, 7)], exact) == [Fraction(2, 63) + Fraction(7, 6)]
    shown = {"add": "({} + {})".format, "mul": "{}*{}".format, "div": "{}/{}".format, "powi": "{}^{}".format}
    assert tape.on(["x", "y"], shown) == ["(x^2*y + x/y)"]


def test_outputs_may_be_inputs_or_constants() -> None:
    tape = gradient_tape(value_tape(parse("x"), ("x", "y")), ("x", "y"))
    assert tape.instructions == ()
    assert tape.at((3.0, 4.0)) == (3.0, 1.0, 0.0)


def test_arrays_broadcast_and_keep_the_shape_of_what_they_depend_on() -> None:
    tape = gradient_tape(value_tape(parse("sin(x) + y**2"), ("x", "y")), ("x", "y"))
    x, y = np.linspace(0, 1, 5)[np.newaxis, :], np.linspace(0, 1, 3)[:, np.newaxis]
    with quiet():
        value, along_x, along_y = tape.on([x, y])
    assert value.shape == (3, 5)
    assert along_x.shape == (1, 5)
    assert along_y.shape == (3, 1)
    np.testing.assert_allclose(along_x[0], np.cos(x[0]), rtol=1e-15)


def test_a_point_may_be_ints_or_numpy_scalars() -> None:
    # An int's power would be an integer of any length; NumPy's 1/0 would warn and be inf.
    tape = value_tape(parse("x**1000 + 1/y"), ("x", "y"))
    for point in ((10, 0), (np.float64(10), np.float64(0)), np.array([10.0, 0.0]), (np.int64(10), np.int64(0))):
        assert math.isnan(tape.at(point)[0])
    assert tape.at((10, 1)) == (math.inf,)
    (value,) = tape.at((2, 1))
    assert type(value) is float
    assert value == 2.0**1000 + 1


def test_every_output_of_a_failing_point_comes_from_the_arrays() -> None:
    tape = gradient_tape(value_tape(parse("x*y + 0*log(x)"), ("x", "y")), ("x", "y"))
    value, along_x, along_y = tape.at((0.0, 2.0))
    assert math.isnan(value)
    assert math.isnan(along_x)
    assert along_y == 0.0
    assert all(type(output) is float for output in tape.at((0.0, 2.0)))


@pytest.mark.parametrize(
    ("exact", "nearest"),
    [
        (Fraction(1, 3), 1 / 3),
        (Fraction(10) ** 400, math.inf),
        (-(Fraction(10) ** 400), -math.inf),
        (Fraction(1, 10**400), 0.0),
        (2.5, 2.5),
    ],
)
def test_nearest_float(exact: Fraction | float, nearest: float) -> None:
    assert nearest_float(exact) == nearest


def test_registers_are_let_go_when_they_are_no_longer_needed() -> None:
    # 60 terms on a grid of 8 MB would be half a gigabyte if all were kept.
    alive, most = 0, 0

    class Counted:
        def __init__(self) -> None:
            nonlocal alive, most
            alive += 1
            most = max(most, alive)

        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    table = dict.fromkeys(["add", "mul", "sin", "powi"], lambda *operands: Counted())
    tape = value_tape(parse("+".join(f"{n}*sin({n}*x)" for n in range(2, 62))), ("x",))
    assert len(tape.instructions) > 200
    tape.on([Counted()], table)
    assert most < 8
