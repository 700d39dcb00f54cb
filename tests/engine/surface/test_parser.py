"""The grammar: what a formula's text means."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.surface.compile import value_tape
from curvtui.engine.surface.functions import ALIASES, FUNCTIONS
from curvtui.engine.surface.model import Model
from curvtui.engine.surface.parser import parse
from curvtui.engine.surface.syntax import Call, Chain, Constant, Name, Negation, Number, Power, free_names

from .formulas import POINTS, Delicate, formulas, spelled, truth, written

X, Y, Z = 0.7, 1.9, 1.3


def value(text: str, **at: float) -> float:
    """The value of a formula with every name given; free of any rule on variables and parameters."""
    names = {"x": X, "y": Y, "z": Z, **at}
    return value_tape(parse(text), tuple(names)).at(tuple(names.values()))[0]


@given(formulas(leaves=12), POINTS, st.randoms(use_true_random=False))
@settings(derandomize=True, deadline=None, max_examples=250)
def test_random_formulas_mean_what_they_say(tree, at, rng: random.Random) -> None:
    try:
        expected, tolerance = truth(tree, at)
    except Delicate:
        return
    for text in (written(tree), spelled(tree, rng)):
        found = value(text, **at)
        if expected is None:
            assert math.isnan(found), text
        else:
            assert abs(found - expected) <= tolerance, (text, found, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-x**2", -(X**2)),
        ("(-x)**2", X**2),
        ("2**-x", 2**-X),
        ("2**-x*y", 2**-X * Y),
        ("2**-x**2", 2 ** -(X**2)),
        ("x/y/z", (X / Y) / Z),
        ("x/y*z", (X / Y) * Z),
        ("x/(y*z)", X / (Y * Z)),
        ("x-y-z", (X - Y) - Z),
        ("x-(y-z)", X - (Y - Z)),
        ("x-y+z", (X - Y) + Z),
        ("x**y**z", X ** (Y**Z)),
        ("(x**y)**z", (X**Y) ** Z),
        ("x^y^z", X ** (Y**Z)),
        ("x+y*z", X + Y * Z),
        ("x*y**2", X * Y**2),
        ("-x*y", -X * Y),
        ("x*-y", X * -Y),
        ("x/-y", X / -Y),
        ("x--y", X + Y),
        ("x-+-y", X + Y),
        ("--x", X),
        ("---x", -X),
        ("+x", X),
        ("+-+x", -X),
        ("-2**2*x", -4 * X),
        ("--2**2*x", 4 * X),
        ("x^2", X**2),
        ("x²", X**2),
        ("x⁻²", X**-2),
        ("x¹⁰", X**10),
        ("-x²", -(X**2)),
        ("2*x²", 2 * X**2),
        ("(x+y)³", (X + Y) ** 3),
        ("x²²", X**22),
        ("x·y", X * Y),
        ("x×y⋅z∙2", X * Y * Z * 2),
        ("x−y", X - Y),
        ("x÷y", X / Y),
        ("π*x", math.pi * X),
        ("pi*x + e", math.pi * X + math.e),
        ("e**x", math.exp(X)),
        ("2*(3+x)*4", 2 * (3 + X) * 4),
        ("((((x))))", X),
        ("  x  +  y  ", X + Y),
        ("sin (x)", math.sin(X)),
        ("sin(x)**2", math.sin(X) ** 2),
        ("-sin(x)^2", -(math.sin(X) ** 2)),
    ],
)
def test_precedence_and_spellings(text: str, expected: float) -> None:
    assert value(text) == pytest.approx(expected, rel=4e-16, abs=0)


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("7", Fraction(7)),
        ("007", Fraction(7)),
        ("1.", Fraction(1)),
        (".5", Fraction(1, 2)),
        ("0.1", Fraction(1, 10)),
        ("1e3", Fraction(1000)),
        ("1E3", Fraction(1000)),
        ("1.5e+2", Fraction(150)),
        ("25e-2", Fraction(1, 4)),
        ("1_000", Fraction(1000)),
        ("1_0.5", Fraction(21, 2)),
        ("0.0", Fraction(0)),
        ("0e99999", Fraction(0)),
        ("123456789.123456789", Fraction(123456789123456789, 10**9)),
        ("1e-300", Fraction(1, 10**300)),
        ("1.7976931348623157e308", Fraction("1.7976931348623157e308")),
        ("5e-324", Fraction("5e-324")),
    ],
)
def test_numbers_are_exact(text: str, exact: Fraction) -> None:
    node = parse(text)
    assert isinstance(node, Number)
    assert node.value == exact


@given(st.floats(min_value=0, allow_nan=False, allow_infinity=False))
@settings(derandomize=True, deadline=None, max_examples=200)
def test_every_float_written_by_python_reads_back(number: float) -> None:
    assert value(repr(number)) == number


SPELLINGS = {
    "Abs": abs,
    "ln": math.log,
    "Min": min,
    "Max": max,
    "arcsin": math.asin,
    "arccos": math.acos,
    "arctan": math.atan,
    "arctan2": math.atan2,
    "ceiling": math.ceil,
}


@pytest.mark.parametrize("alias", sorted(ALIASES))
def test_aliases_are_the_function(alias: str) -> None:
    arguments = (0.35, 0.95)[: FUNCTIONS[ALIASES[alias]].least]
    text = f"{alias}({', '.join(map(str, arguments))})"
    assert value(text) == pytest.approx(SPELLINGS[alias](*arguments), rel=1e-15)


def test_every_function_of_the_contract_is_there() -> None:
    named = (
        "sqrt cbrt exp log log2 log10 sin cos tan asin acos atan atan2 sinh cosh tanh abs sign floor ceil min max "
        "sigmoid softplus relu"
    )
    assert set(named.split()) <= set(FUNCTIONS)


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=64))
@settings(derandomize=True, deadline=None, max_examples=60)
def test_min_and_max_take_many_arguments(numbers: list[int]) -> None:
    arguments = ", ".join(map(str, numbers))
    assert value(f"min({arguments})") == min(numbers)
    assert value(f"max({arguments})") == max(numbers)


def test_tree_shape_and_columns() -> None:
    tree = parse("-x**2 + 3*sin(y)")
    match tree:
        case Chain(Negation(Power(Name("x", 2), Number() as two, 2), 1), (("+", product),), 1):
            assert two.value == 2
        case _:
            pytest.fail(repr(tree))
    assert product == Chain(Number(Fraction(3), "3", 9), (("*", Call("sin", (Name("y", 15),), 11)),), 9)
    assert parse("pi") == Constant("pi", 1)
    assert free_names(parse("y + x*y + b")) == {"y": 1, "x": 5, "b": 11}


def test_a_long_sum_is_flat() -> None:
    tree = parse("+".join(["x"] * 4000))
    assert isinstance(tree, Chain)
    assert len(tree.rest) == 3999
    assert value("+".join(["x"] * 4000), x=0.5) == 2000.0


def test_the_formula_is_kept_as_typed() -> None:
    assert Model("  x^2 + y*0 ", {}).formula == "x^2 + y*0"
