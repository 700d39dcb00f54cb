"""Exact derivatives: against finite differences of 100 digits, against SymPy, and at kinks by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from mpmath import mp, mpf

from curvtui.engine.surface.array import quiet
from curvtui.engine.surface.compile import value_tape
from curvtui.engine.surface.derive import gradient_tape, hessian_tape
from curvtui.engine.surface.functions import FUNCTIONS
from curvtui.engine.surface.parser import parse
from curvtui.engine.surface.surface import Surface
from curvtui.engine.surface.tape import Tape

from .formulas import MP_OPERATIONS, POINTS, Delicate, Formula, Undefined, exact, formulas, written

XY = ("x", "y")


def worked_out(tape: Tape, at: dict[str, float]) -> list[mpf]:
    return [mpf(output) for output in tape.on([mpf(at[name]) for name in XY], MP_OPERATIONS)]


def differences(tree: Formula, at: dict[str, float]) -> tuple[list[mpf], list[mpf]]:
    """The gradient, and the Hessian's upper triangle, by central differences with a step of 1e-30."""
    h = mpf(10) ** -30

    def f(dx: int, dy: int) -> mpf:
        return exact(tree, {"x": mpf(at["x"]) + dx * h, "y": mpf(at["y"]) + dy * h})

    centre = f(0, 0)
    gradient = [(f(1, 0) - f(-1, 0)) / (2 * h), (f(0, 1) - f(0, -1)) / (2 * h)]
    mixed = (f(1, 1) - f(1, -1) - f(-1, 1) + f(-1, -1)) / (4 * h**2)
    return gradient, [
        (f(1, 0) - 2 * centre + f(-1, 0)) / h**2,
        mixed,
        (f(0, 1) - 2 * centre + f(0, -1)) / h**2,
    ]


@given(formulas(leaves=7), POINTS)
@settings(derandomize=True, deadline=None, max_examples=220)
def test_rules_agree_with_finite_differences(tree: Formula, at: dict[str, float]) -> None:
    tape = hessian_tape(value_tape(parse(written(tree)), XY), XY)
    with mp.workdps(120):
        try:
            gradient, hessian = differences(tree, at)
            found = worked_out(tape, at)
        except (Delicate, Undefined, ZeroDivisionError):
            return
        # Two of the tape's constants are floats where the formula's are exact: e and log(2) or log(10).
        for got, expected in zip(found[1:], [*gradient, *hessian], strict=True):
            assert abs(got - expected) <= 1e-8 * (1 + abs(expected)), (written(tree), got, expected)


@given(formulas(leaves=7), POINTS)
@settings(derandomize=True, deadline=None, max_examples=150)
def test_floats_follow_the_exact_tape(tree: Formula, at: dict[str, float]) -> None:
    tape = hessian_tape(value_tape(parse(written(tree)), XY), XY)
    results = []
    for bits in (250, 38, 40, 41):
        with mp.workprec(bits):
            try:
                exact(tree, at)
                results.append(worked_out(tape, at))
            except (Delicate, Undefined, ZeroDivisionError):
                return
    floats = tape.at([at[name] for name in XY])
    for position, found in enumerate(floats):
        expected, *rounded = (result[position] for result in results)
        tolerance = max(abs(other - expected) for other in rounded) + 1e-12 * abs(expected)
        if abs(expected) < 1e300:
            assert abs(found - expected) <= tolerance + mpf(10) ** -300, (written(tree), found, expected)


ARGUMENT = "x*y + x**2/3 - y/5"


def _sympy_functions() -> dict[str, Callable[..., Any]]:
    """Each function of the grammar in SymPy's own terms, on an argument where it is smooth."""
    half = sympy.Rational(1, 2)
    return {
        "sqrt": sympy.sqrt,
        "cbrt": lambda u: u ** sympy.Rational(1, 3),
        "exp": sympy.exp,
        "log": sympy.log,
        "log2": lambda u: sympy.log(u, 2),
        "log10": lambda u: sympy.log(u, 10),
        "sin": sympy.sin,
        "cos": sympy.cos,
        "tan": sympy.tan,
        "asin": sympy.asin,
        "acos": sympy.acos,
        "atan": sympy.atan,
        "atan2": lambda u: sympy.atan2(u, 1 + u**2),
        "sinh": sympy.sinh,
        "cosh": sympy.cosh,
        "tanh": sympy.tanh,
        "abs": lambda u: u,
        "sign": lambda u: sympy.Integer(1),
        "heaviside": lambda u: sympy.Integer(1),
        "floor": lambda u: sympy.Integer(0),
        "ceil": lambda u: sympy.Integer(1),
        "min": lambda u: u**2,
        "max": lambda u: sympy.sqrt(u),
        "sigmoid": lambda u: 1 / (1 + sympy.exp(-u)),
        "softplus": lambda u: sympy.log(1 + sympy.exp(u)),
        "relu": lambda u: u,
        "powi": lambda u: u**-3,
        "pow": lambda u: u ** (u + half),
        "half power": lambda u: u ** sympy.Rational(3, 2),
        "power": lambda u: u ** sympy.Rational(7, 3),
        "base": lambda u: 2**u,
        "quotient": lambda u: (1 + u) / (2 + u**2),
    }


WRITTEN = {
    "atan2": "atan2({0}, 1 + ({0})**2)",
    "heaviside": "heaviside({0}, 0.5)",
    "min": "min({0}, ({0})**2)",
    "max": "max(sqrt({0}), {0}, ({0})**2)",
    "powi": "({0})**-3",
    "pow": "({0})**({0} + 1/2)",
    "half power": "({0})**1.5",
    "power": "({0})**(7/3)",
    "base": "2**({0})",
    "quotient": "(1 + {0})/(2 + ({0})**2)",
}


def test_every_function_is_held_against_sympy() -> None:
    assert set(FUNCTIONS) <= set(_sympy_functions())


@pytest.mark.parametrize("name", _sympy_functions())
def test_derivatives_agree_with_sympy(name: str) -> None:
    x, y = sympy.symbols("x y")
    u = x * y + x**2 / 3 - y / 5
    # Multiplied by y and added to x*y, so that every term of the product rule counts.
    function = y * _sympy_functions()[name](u) + x * y
    formula = f"y*{WRITTEN.get(name, name + '({0})').format(ARGUMENT)} + x*y"
    surface = Surface.from_formula(formula)
    for px, py in ((0.7, 0.45), (1.1, 0.6), (0.9, -0.02)):
        at = {x: sympy.Rational(px), y: sympy.Rational(py)}
        first = [sympy.diff(function, a) for a in (x, y)]
        second = [[sympy.diff(entry, a) for a in (x, y)] for entry in first]
        expected = [float(entry.subs(at).evalf(50)) for entry in (function, *first, *second[0], *second[1])]
        hessian = surface.hessian_at((px, py))
        found = [surface.value_at((px, py)), *surface.gradient_at((px, py)), *hessian[0], *hessian[1]]
        np.testing.assert_allclose(found, expected, rtol=2e-13, atol=2e-15, err_msg=formula)


@pytest.mark.parametrize(
    ("formula", "at", "gradient", "hessian"),
    [
        ("abs(x)", 0.0, 0.0, 0.0),
        ("abs(x)", -0.0, 0.0, 0.0),
        ("abs(x)", 2.0, 1.0, 0.0),
        ("abs(x)", -2.0, -1.0, 0.0),
        ("relu(x)", 0.0, 0.0, 0.0),
        ("relu(x)", 1e-300, 1.0, 0.0),
        ("relu(x)", -1e-300, 0.0, 0.0),
        ("max(x, 0)", 0.0, 0.5, 0.0),
        ("max(0, x)", 0.0, 0.5, 0.0),
        ("min(x, 0)", 0.0, 0.5, 0.0),
        ("max(x, -x)", 0.0, 0.0, 0.0),
        ("min(x, -x)", 0.0, 0.0, 0.0),
        ("max(2*x, x**2)", 2.0, 3.0, 1.0),
        ("min(2*x, x**2)", 2.0, 3.0, 1.0),
        ("max(2*x, x**2)", 3.0, 6.0, 2.0),
        ("min(2*x, x**2)", 3.0, 2.0, 0.0),
        ("max(x, x, x)", 3.0, 1.0, 0.0),
        ("sign(x)", 0.0, 0.0, 0.0),
        ("floor(x)", 2.0, 0.0, 0.0),
        ("ceil(x)", 2.0, 0.0, 0.0),
        ("heaviside(x, 1)", 0.0, 0.0, 0.0),
        ("x*abs(x)", 0.0, 0.0, 0.0),
        ("abs(x)**3", 0.0, 0.0, 0.0),
        ("x*heaviside(x, 0.5)", 0.0, 0.5, 0.0),
        ("sqrt(x)", 0.0, math.nan, math.nan),
        ("cbrt(x)", 0.0, math.nan, math.nan),
        ("x**1.5", 0.0, 0.0, math.nan),
        ("x**2.5", 0.0, 0.0, 0.0),
        ("asin(x)", 1.0, math.nan, math.nan),
        ("x**0", 0.0, 0.0, 0.0),
        ("x**1", 0.0, 1.0, 0.0),
        ("x**2", 0.0, 0.0, 2.0),
        ("x**-1", 0.0, math.nan, math.nan),
        ("log(x)", -1.0, math.nan, math.nan),
        ("log(x)", 0.0, math.nan, math.nan),
    ],
)
def test_at_kinks_and_edges(formula: str, at: float, gradient: float, hessian: float) -> None:
    surface = Surface.from_formula(formula)
    np.testing.assert_equal(surface.gradient_at((at,))[0], gradient)
    np.testing.assert_equal(surface.hessian_at((at,))[0][0], hessian)
    np.testing.assert_equal(surface.gradient(np.array([[at]]))[0, 0], gradient)
    np.testing.assert_equal(surface.hessian(np.array([[at]]))[0, 0, 0], hessian)


FAR = [0.001, 0.5, 1.0, 3.0, 17.0, 36.0, 40.0, 100.0, 344.0, 349.5, 350.5, 353.9, 600.0, 700.0]


@pytest.mark.parametrize("function", ["sigmoid", "softplus", "tanh"])
def test_far_out_nothing_cancels(function: str) -> None:
    surface = Surface.from_formula(f"{function}(x)")
    judge = {"sigmoid": lambda u: 1 / (1 + mp.exp(-u)), "softplus": lambda u: mp.log1p(mp.exp(u)), "tanh": mp.tanh}
    points = np.array([[side * u] for u in FAR for side in (-1.0, 1.0)])
    arrays = (surface.value(points), surface.gradient(points)[:, 0], surface.hessian(points)[:, 0, 0])
    for row, (u,) in enumerate(points.tolist()):
        with mp.workdps(1000):
            s, t = judge["sigmoid"](mpf(u)), mp.tanh(mpf(u))
            expected = {
                "sigmoid": (s, s * (1 - s), s * (1 - s) * (1 - 2 * s)),
                "softplus": (judge["softplus"](mpf(u)), s, s * (1 - s)),
                "tanh": (t, 1 - t**2, -2 * t * (1 - t**2)),
            }[function]
            exact_values = [float(value) for value in expected]
        scalars = (surface.value_at((u,)), surface.gradient_at((u,))[0], surface.hessian_at((u,))[0][0])
        for order, value in enumerate(exact_values):
            if abs(value) > 1e-306:
                assert scalars[order] == pytest.approx(value, rel=1e-12, abs=0), (u, order)
                assert arrays[order][row] == pytest.approx(value, rel=1e-12, abs=0), (u, order)


@given(formulas(leaves=9), POINTS)
@settings(derandomize=True, deadline=None, max_examples=100)
def test_the_hessian_is_symmetric_in_the_order_of_differentiation(tree: Formula, at: dict[str, float]) -> None:
    """Mixed derivatives taken in either order agree: x first in one tape, y first in the other."""
    value = value_tape(parse(written(tree)), XY)
    one, other = hessian_tape(value, XY), hessian_tape(value, ("y", "x"))
    with mp.workdps(60):
        try:
            exact(tree, at)
            mixed = worked_out(one, at)[4], worked_out(other, at)[4]
        except (Delicate, Undefined, ZeroDivisionError):
            return
        assert abs(mixed[0] - mixed[1]) <= 1e-12 * (1 + abs(mixed[0])), written(tree)


def test_gradient_and_hessian_tapes_share_value_and_gradient() -> None:
    value = value_tape(parse("exp(x)*sin(y)/(1 + x**2)"), XY)
    point = (0.3, 0.8)
    gradient, hessian = gradient_tape(value, XY).at(point), hessian_tape(value, XY).at(point)
    assert gradient[0] == value.at(point)[0]
    assert hessian[:3] == gradient


def test_polynomial_derivatives_have_no_needless_work() -> None:
    tape = gradient_tape(value_tape(parse("x**4 + y**4 - 4*x*y + 1"), XY), XY)
    assert len(tape.instructions) == 14
    assert tape.at((2.0, 1.0)) == (10.0, 28.0, -4.0)


def test_a_long_formula_is_differentiated_without_recursion() -> None:
    terms = "+".join(f"sin({n}*x)*y" for n in range(1, 700))
    tape = hessian_tape(value_tape(parse(terms), XY), XY)
    with quiet():
        value, along_x, along_y, xx, xy, yy = tape.at((0.0, 2.0))
    assert (value, along_y, xx, yy) == (0.0, 0.0, 0.0, 0.0)
    assert along_x == 2.0 * xy == 2.0 * sum(range(1, 700))
