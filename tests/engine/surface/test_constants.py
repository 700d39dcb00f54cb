"""Constant parts: folded exactly, refused while they are still cheap."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest

from curvtui.engine.surface.compile import constant_exponent, is_total
from curvtui.engine.surface.constants import MAX_BITS, check_constants
from curvtui.engine.surface.errors import FormulaError
from curvtui.engine.surface.parser import parse


def column(text: str) -> int | None:
    with pytest.raises(FormulaError) as caught:
        check_constants(parse(text), text)
    assert caught.value.text == text
    return caught.value.column


@pytest.mark.parametrize(
    "text",
    [
        "x + 2**1000",
        "x*2**-1000",
        "x**1000",
        "x**-1000",
        "x**(2000/2)",
        "x**(10**3)",
        "2**x",
        "1e308*x*10",
        "x*1e308*1e308",
        "x/(x-x)",
        "x/(1e-300)",
        "x + log(2)/sqrt(2)",
        "(-8)**3*x",
        "(-2)**-3*x",
        "0**0*x",
        "2**0.5*x",
        "1/3**100*x",
        "min(1, 2)*x + heaviside(0, 1)",
        "x + exp(-1000)",
        "x**exp(-1000)",
        "sin(1e308)*x",
        "1e154*1e154*x",
        "x" + "+0.1" * 2_000,
    ],
)
def test_accepted(text: str) -> None:
    check_constants(parse(text), text)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("x + 10**309", 5),
        ("x + 1e200*1e200", 5),
        ("x + -(1e308*10)", 7),
        ("x - 1e308 + (1e308 + 1e308)", 14),
        ("x**1000.5", 4),
        ("x**(500 + 501)", 5),
        ("x**exp(7)", 4),
        ("x + 2**(x/(1-1))", 12),
        ("x/0", 3),
        ("x/sin(0)", 3),
        ("x/exp(-1000)", 3),
        ("x/(1e-300**2)", 4),
        ("x/(pi - pi)", 4),
        ("x + 0**-1", 5),
        ("x + (-8)**(1/3)", 5),
        ("x + (-1)**0.5", 5),
        ("x + atan2(sqrt(0-1), 2)", 11),
        ("x + log10(0)", 5),
        ("x + cosh(1000)", 5),
        ("x + e**1000", 5),
        ("x*(7**999)", 4),
    ],
)
def test_refused_at(text: str, at: int) -> None:
    assert column(text) == at


def test_size_not_time_decides() -> None:
    # Each factor is small; together they would be a number of a million digits.
    started = time.process_time()
    column("x + (1/3**600)" + "*(1/3**600)" * 20)
    column("x + (" + "+".join(f"1/{10**50 + n}" for n in range(150)) + ")")
    column(f"x + 1/{2**31 - 1}**1000")
    assert time.process_time() - started < 0.5
    assert 2**MAX_BITS < (2**31) ** 1000


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2", 2),
        ("2.0", 2),
        ("-3", -3),
        ("1/2", Fraction(1, 2)),
        ("-(1/2)", Fraction(-1, 2)),
        ("6/3", 2),
        ("2*3", 6),
        ("0.5", Fraction(1, 2)),
        ("x", None),
        ("pi", None),
        ("1/x", None),
        ("sin(1)", None),
    ],
)
def test_constant_exponents(text: str, value: Fraction | int | None) -> None:
    assert constant_exponent(parse(text)) == value


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("x**2 + y", True),
        ("exp(x)*tanh(y)/3", True),
        ("max(x, abs(y)) + sigmoid(x)", True),
        ("x/(1+1)", True),
        ("x**0", True),
        ("cbrt(x)", True),
        ("1/x", False),
        ("x**-1", False),
        ("x**0.5", False),
        ("x**y", False),
        ("2**x", False),
        ("log(x)", False),
        ("sqrt(x**2)", False),
        ("tan(x)", False),
        ("asin(x)", False),
        ("3 + cos(atan2(y, x))", False),
    ],
)
def test_which_formulas_have_a_value_everywhere(text: str, total: bool) -> None:
    assert is_total(parse(text)) is total
