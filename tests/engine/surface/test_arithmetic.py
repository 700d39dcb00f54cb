"""Single floats and arrays: two arithmetics that must answer alike, and mpmath as the judge of both."""

from __future__ import annotations

import itertools
import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from curvtui.engine.surface.array import ARRAY_OPERATIONS, quiet
from curvtui.engine.surface.functions import FUNCTIONS
from curvtui.engine.surface.scalar import SCALAR_FUNCTIONS, SCALAR_OPERATIONS

from .formulas import ulps

EDGES = [
    0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 1.5, -2.5, 3.0, 0.3, -0.7, 17.25, -40.0, 355.0, -355.0, 700.0, -700.0,
    745.0, -745.0, 1e-9, -1e-9, 1e16, -1e16, 1e154, -1e154, 1e-154, 1e300, -1e300, 1e-300, 1e308, -1e308,
    5e-324, -5e-324,
    2.2250738585072014e-308, 1.7976931348623157e308, math.pi, -math.pi / 2, math.inf, -math.inf, math.nan,
]  # fmt: skip
UNARY = sorted(set(SCALAR_OPERATIONS) - {"add", "sub", "mul", "div", "powi", "pow", "atan2", "heaviside", "min", "max"})
BINARY = ["add", "sub", "mul", "div", "pow", "atan2", "heaviside", "min", "max"]


def on_floats(operation: str, *operands: float) -> float | None:
    """The scalar answer, or None where it leaves the answer to the arrays."""
    try:
        return float(SCALAR_OPERATIONS[operation](*operands))
    except (ValueError, OverflowError, ZeroDivisionError):
        return None


def on_arrays(operation: str, *operands: float) -> float:
    with quiet(), warnings.catch_warnings():
        warnings.simplefilter("error")
        (result,) = ARRAY_OPERATIONS[operation](*(np.array([operand]) for operand in operands))
        single = ARRAY_OPERATIONS[operation](*(np.float64(operand) for operand in operands))
    assert ulps(float(single), float(result)) <= 4
    return float(result)


def agree(operation: str, *operands: float, within: float) -> None:
    scalar, array = on_floats(operation, *operands), on_arrays(operation, *operands)
    if scalar is None:
        assert not math.isfinite(array), (operation, operands, array)
    else:
        assert ulps(scalar, array) <= within, (operation, operands, scalar, array)


def test_both_know_the_same_operations() -> None:
    assert set(SCALAR_OPERATIONS) == set(ARRAY_OPERATIONS)
    assert set(SCALAR_FUNCTIONS) == set(FUNCTIONS)


@pytest.mark.parametrize("operation", UNARY)
def test_unary_operations_agree_at_the_edges(operation: str) -> None:
    for operand in EDGES:
        agree(operation, operand, within=4)


@pytest.mark.parametrize("operation", BINARY)
def test_binary_operations_agree_at_the_edges(operation: str) -> None:
    for left, right in itertools.product(EDGES, EDGES):
        agree(operation, left, right, within=4)


@pytest.mark.parametrize("exponent", [-1000, -17, -16, -3, -2, -1, 0, 1, 2, 3, 5, 16, 17, 1000])
def test_integer_powers_agree_at_the_edges(exponent: int) -> None:
    for base in EDGES:
        scalar = on_floats("powi", base, exponent)
        with quiet():
            array = float(ARRAY_OPERATIONS["powi"](np.array([base]), exponent)[0])
        if scalar is None:
            assert not math.isfinite(array), (base, array)
            assert math.isnan(array) == (base == 0.0), (base, array)
        else:
            assert ulps(scalar, array) <= 16 or abs(scalar - array) < 1e-307, (base, scalar, array)


@pytest.mark.parametrize("operation", ["floor", "ceil", "sign", "sqrt", "cbrt", "neg", "abs"])
def test_zeros_keep_their_sign_alike(operation: str) -> None:
    # atan2 sees the sign: atan2(-0, -1) is -pi, atan2(0, -1) is pi.
    for operand in (0.0, -0.0, 0.5, -0.5):
        scalar = on_floats(operation, operand)
        if scalar is not None:
            assert math.copysign(1, scalar) == math.copysign(1, on_arrays(operation, operand)), operand


@pytest.mark.parametrize(
    ("operation", "operands"),
    [
        ("div", (1.0, 0.0)), ("div", (1.0, -0.0)), ("div", (0.0, 0.0)), ("div", (math.inf, 0.0)), ("log", (0.0,)),
        ("log", (-1.0,)), ("log2", (-0.0,)), ("log10", (0.0,)), ("sqrt", (-1.0,)), ("pow", (0.0, -1.0)),
        ("pow", (-0.0, -0.5)), ("pow", (-8.0, 1 / 3)), ("asin", (1.0000001,)), ("acos", (-2.0,)), ("sin", (math.inf,)),
        ("cos", (-math.inf,)), ("tan", (math.inf,)), ("powi", (0.0, -1)), ("powi", (0.0, -16)), ("powi", (-0.0, -20)),
    ],
)  # fmt: skip
def test_outside_the_domain_and_at_poles_the_arrays_say_nan(operation: str, operands: tuple[float, ...]) -> None:
    with quiet():
        result = ARRAY_OPERATIONS[operation](np.array([operands[0]]), *operands[1:])
    assert math.isnan(result[0])
    scalar = on_floats(operation, *operands)
    assert scalar is None or math.isnan(scalar)


@pytest.mark.parametrize(
    ("base", "exponent", "expected"),
    [(1e-30, -16, math.inf), (-1e-200, -3, -math.inf), (-1e-200, -2, math.inf), (1e30, -16, 0.0), (1e-300, -1, 1e300)],
)
def test_a_power_that_underflows_is_no_pole(base: float, exponent: int, expected: float) -> None:
    with quiet():
        assert ARRAY_OPERATIONS["powi"](np.array([base]), exponent)[0] == pytest.approx(expected, rel=1e-15)


WORKED = {
    "sqrt": mp.sqrt, "cbrt": lambda u: mp.sign(u) * mp.cbrt(abs(u)), "exp": mp.exp, "log": mp.log,
    "log2": lambda u: mp.log(u, 2), "log10": mp.log10, "sin": mp.sin, "cos": mp.cos, "tan": mp.tan, "asin": mp.asin,
    "acos": mp.acos, "atan": mp.atan, "sinh": mp.sinh, "cosh": mp.cosh, "tanh": mp.tanh, "abs": abs, "sign": mp.sign,
    "floor": mp.floor, "ceil": mp.ceil, "sigmoid": lambda u: 1 / (1 + mp.exp(-u)),
    "softplus": lambda u: mp.log1p(mp.exp(u)), "relu": lambda u: max(u, mpf(0)), "sech2": lambda u: mp.sech(u) ** 2,
    "neg": lambda u: -u,
}  # fmt: skip


def test_every_unary_operation_has_its_judge() -> None:
    assert set(WORKED) == set(UNARY)


@pytest.mark.parametrize("operation", UNARY)
@given(st.one_of(st.floats(-1, 1), st.floats(-30, 30), st.floats(-705, 705)))
@settings(derandomize=True, deadline=None, max_examples=40)
def test_operations_are_right_to_a_few_ulp(operation: str, operand: float) -> None:
    with mp.workdps(700):
        judged = WORKED[operation](mpf(operand)) if operand > 0 or operation[:3] != "log" else mp.mpc(0, 1)
    if isinstance(judged, mp.mpc):
        assert math.isnan(on_arrays(operation, operand))
        assert on_floats(operation, operand) is None
        return
    expected = float(judged)
    if 0 < abs(expected) < 1e-300:
        return
    for found in (on_floats(operation, operand), on_arrays(operation, operand)):
        assert found is not None
        assert abs(found - expected) <= 8 * math.ulp(expected), (operand, found, expected)


def test_min_and_max_pass_nan_on_from_either_side() -> None:
    for operation in ("min", "max"):
        for operands in ((math.nan, 1.0), (1.0, math.nan), (math.nan, math.inf), (-math.inf, math.nan)):
            scalar = on_floats(operation, *operands)
            assert scalar is not None
            assert math.isnan(scalar)
            assert math.isnan(on_arrays(operation, *operands))
    assert SCALAR_FUNCTIONS["min"](3.0, 1.0, 2.0) == 1.0
    assert SCALAR_FUNCTIONS["max"](3.0, 1.0, 4.0, 2.0) == 4.0


def test_heaviside_and_sign_at_zero() -> None:
    for zero in (0.0, -0.0):
        assert on_floats("heaviside", zero, 0.25) == on_arrays("heaviside", zero, 0.25) == 0.25
        assert on_floats("sign", zero) == on_arrays("sign", zero) == 0.0
        assert on_floats("relu", zero) == on_arrays("relu", zero) == 0.0
