import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from curvtui.engine.critical.closed_form import PI, Number, is_zero
from curvtui.engine.critical.closed_functions import sqrt
from curvtui.engine.critical.closed_value import to_float
from curvtui.engine.critical.jet import Jet, NotSmoothError, StoppedError, UndefinedError, expand
from curvtui.engine.surface.surface import Surface


def jet_of(formula: str, *point: Number, order: int = 4) -> Jet:
    surface = Surface.from_formula(formula)
    assert surface.dimension == len(point)
    return expand(surface.model.value, point, (), order)


def _softplus(x: Any) -> Any:
    return mp.log(1 + mp.exp(x))


UNARY: list[tuple[str, Any, Number]] = [
    ("sqrt(x)", mp.sqrt, Fraction(3, 2)),
    ("cbrt(x)", mp.cbrt, Fraction(3, 2)),
    ("cbrt(x)", lambda x: -mp.cbrt(-x), -8),
    ("exp(x)", mp.exp, Fraction(1, 2)),
    ("log(x)", mp.log, Fraction(5, 2)),
    ("log2(x)", lambda x: mp.log(x, 2), 3),
    ("log10(x)", lambda x: mp.log(x, 10), 3),
    ("sin(x)", mp.sin, PI * Fraction(1, 3)),
    ("sin(x)", mp.sin, 2),
    ("cos(x)", mp.cos, PI * Fraction(3, 4)),
    ("tan(x)", mp.tan, Fraction(1, 2)),
    ("asin(x)", mp.asin, Fraction(1, 3)),
    ("acos(x)", mp.acos, Fraction(-1, 2)),
    ("atan(x)", mp.atan, sqrt(3)),
    ("sinh(x)", mp.sinh, 1),
    ("cosh(x)", mp.cosh, Fraction(-2, 3)),
    ("tanh(x)", mp.tanh, Fraction(1, 4)),
    ("sigmoid(x)", lambda x: 1 / (1 + mp.exp(-x)), Fraction(1, 4)),
    ("softplus(x)", _softplus, Fraction(-3, 4)),
    ("x**2.5", lambda x: x ** mpf("2.5"), 2),
    ("x**-3", lambda x: x**-3, Fraction(-4, 3)),
    ("2**x", lambda x: mpf(2) ** x, 3),
    ("x**x", lambda x: x**x, Fraction(3, 2)),
    ("1/(1 + x**2)", lambda x: 1 / (1 + x * x), Fraction(1, 2)),
    ("abs(x)**3", lambda x: -(x**3), -2),
    ("relu(x)*x + max(x, 1) - min(x**2, 1)", lambda x: x * x + x - 1, 3),
    ("sign(x)*x + floor(x) + ceil(x)", lambda x: x + 1 + 2, Fraction(3, 2)),
    ("atan2(x, -2)", lambda x: mp.atan2(x, -2), 1),
    ("atan2(-1, x)", lambda x: mp.atan2(-1, x), Fraction(1, 3)),
    ("exp(sin(x)**2)/(2 + cos(3*x))", lambda x: mp.exp(mp.sin(x) ** 2) / (2 + mp.cos(3 * x)), Fraction(2, 7)),
]


@pytest.mark.parametrize(
    ("formula", "function", "at"), UNARY, ids=lambda value: value if isinstance(value, str) else ""
)
def test_coefficients_in_one_variable(formula: str, function: Any, at: Number) -> None:
    jet = jet_of(formula, at, order=6)
    with mp.workdps(60):
        expected = mp.taylor(function, _high_precision(at), 6)
    for k in range(7):
        assert to_float(jet.terms.get((k, 0), 0)) == pytest.approx(float(expected[k]), rel=1e-12, abs=1e-14), k


def _high_precision(value: Number) -> Any:
    if isinstance(value, int | Fraction):
        return mpf(value.numerator) / value.denominator
    known = {PI * Fraction(1, 3): mp.pi / 3, PI * Fraction(3, 4): 3 * mp.pi / 4, sqrt(3): mp.sqrt(3)}
    return known[value]


@pytest.mark.parametrize(
    "formula", ["exp(x*y)*sin(x - y)", "log(1 + x**2 + y**4)/(1 + y**2)", "(x + 2*y)**5 - x**y", "atan2(y, x)*sqrt(x)"]
)
def test_second_order_against_the_hessian(formula: str) -> None:
    surface = Surface.from_formula(formula)
    x, y = Fraction(3, 4), Fraction(-1, 2)
    jet = expand(surface.model.value, (x, y), (), 3)
    point = (float(x), float(y))
    hessian = surface.hessian_at(point)
    assert to_float(jet.constant) == pytest.approx(surface.value_at(point))
    for axis, slope in zip(((1, 0), (0, 1)), surface.gradient_at(point), strict=True):
        assert to_float(jet.terms[axis]) == pytest.approx(slope)
    assert 2 * to_float(jet.terms[2, 0]) == pytest.approx(hessian[0][0])
    assert to_float(jet.terms[1, 1]) == pytest.approx(hessian[0][1])
    assert 2 * to_float(jet.terms[0, 2]) == pytest.approx(hessian[1][1])


@settings(derandomize=True, deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(-9, 9)), min_size=1, max_size=6))
def test_polynomials_are_expanded_exactly_and_completely(terms: list[tuple[int, int, int]]) -> None:
    formula = " + ".join(f"({c})*x**{i}*y**{j}" for i, j, c in terms) + " + 0*x*y"
    jet = jet_of(formula, Fraction(1, 3), -2, order=9)
    assert jet.complete
    for x, y in ((Fraction(2, 5), Fraction(7, 3)), (Fraction(-1), Fraction(1, 9))):
        direct = sum(c * x**i * y**j for i, j, c in terms)
        expanded = sum(c * (x - Fraction(1, 3)) ** i * (y + 2) ** j for (i, j), c in jet.terms.items())
        assert expanded == direct


def test_what_is_cut_off_is_known_to_be() -> None:
    assert not jet_of("x**5 + y", 0, 0, order=4).complete
    assert jet_of("x**5 + y", 0, 0, order=5).complete
    assert not jet_of("sin(x)*y", 0, 0, order=9).complete
    assert jet_of("0*sin(x) + y", 0, 0).complete


def test_exact_zeros() -> None:
    jet = jet_of("sin(x)**2 + cos(x)**2 + 0*y", 1, 0, order=5)
    assert all(is_zero(c) for d, c in jet.terms.items() if d != (0, 0))
    jet = jet_of("cos(x) + x**2/2", 0, order=4)
    assert jet.terms == {(0, 0): 1, (4, 0): Fraction(1, 24)}
    jet = jet_of("sin(x) - x/2", PI * Fraction(1, 3), order=1)
    assert (1, 0) not in jet.terms


@pytest.mark.parametrize(
    ("formula", "error"),
    [
        ("abs(x)", NotSmoothError),
        ("sqrt(x)", NotSmoothError),
        ("max(x, -x)", NotSmoothError),
        ("floor(x)", NotSmoothError),
        ("cbrt(x)", NotSmoothError),
        ("x**1.5", NotSmoothError),
        ("relu(x)", NotSmoothError),
        ("asin(1 + x)", NotSmoothError),
        ("atan2(x, x - 1)", NotSmoothError),
        ("1/x", UndefinedError),
        ("log(x - 1)", UndefinedError),
        ("sqrt(x - 1)", UndefinedError),
        ("sin(x)/x", UndefinedError),
        ("atan2(x, x)", UndefinedError),
    ],
)
def test_no_expansion(formula: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        jet_of(formula, 0)


def test_stopped() -> None:
    surface = Surface.from_formula("x**2 + sin(x)")
    with pytest.raises(StoppedError):
        expand(surface.model.value, (0,), (), 3, stop=lambda: True)


def test_a_float_constant_of_a_tape_is_pi_or_e_only() -> None:
    assert jet_of("x*pi + e", 0).terms == {(0, 0): jet_of("e + x", 0).constant, (1, 0): PI}
    assert to_float(jet_of("3.141592653589793*x", 0).terms[1, 0] - PI) == pytest.approx(-1.2246e-16, rel=1e-3)
    assert math.pi - 3.141592653589793 == 0.0
