"""Formulas written out: the plain form can be typed back, the pretty one never changes the meaning."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.surface.compile import value_tape
from curvtui.engine.surface.errors import FormulaError
from curvtui.engine.surface.model import Model
from curvtui.engine.surface.notation import plain_sympy, pretty
from curvtui.engine.surface.parser import parse
from curvtui.engine.surface.symbolic import to_sympy

from .formulas import POINTS, Delicate, Formula, formulas, spelled, truth, written


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x**4 + y**4 - 4*x*y + 1", "x⁴ + y⁴ − 4xy + 1"),
        ("100*(y - x**2)**2", "100(y − x²)²"),
        ("(1-x)**2 + 100*(y-x^2)^2", "(1 − x)² + 100(y − x²)²"),
        ("w1*w2", "w1·w2"),
        ("2*w1*w2", "2w1·w2"),
        ("x*w1", "x·w1"),
        ("x/(y*z)", "x/(yz)"),
        ("x/y*z", "x/y·z"),
        ("x/y/z", "x/y/z"),
        ("x/(y/z)", "x/(y/z)"),
        ("x*(y/z)", "x·(y/z)"),
        ("x - (y - z)", "x − (y − z)"),
        ("x - y - z", "x − y − z"),
        ("(x + y)*z", "(x + y)·z"),
        ("-x**2", "−x²"),
        ("(-x)**2", "(−x)²"),
        ("-(x + y)", "−(x + y)"),
        ("-(x*y)", "−(xy)"),
        ("x*-y", "x·−y"),
        ("2*-x", "2·−x"),
        ("2*3*x", "2·3x"),
        ("x*2", "x·2"),
        ("x**-2", "x⁻²"),
        ("x**2.0", "x²"),
        ("x**2.5", "x^2.5"),
        ("x**(1/2)", "x^(1/2)"),
        ("x**-y", "x^(−y)"),
        ("x**y**2", "x^(y²)"),
        ("(x**y)**2", "(x^y)²"),
        ("(x**2)**3", "(x²)³"),
        ("2**x*y", "2^x·y"),
        ("x**y*z", "x^y·z"),
        ("x**2*y", "x²y"),
        ("3*x**y", "3x^y"),
        ("2*e3", "2·e3"),
        ("2*E5*x", "2·E5·x"),
        ("2*e*x", "2e·x"),
        ("2*pi*x", "2π·x"),
        ("p*i", "p·i"),
        ("sqrt(x)", "√x"),
        ("sqrt(x + 1)", "√(x + 1)"),
        ("sqrt(x)**2", "(√x)²"),
        ("sqrt(x**2)", "√(x²)"),
        ("3*sqrt(2)*x", "3√2·x"),
        ("1/sqrt(x)", "1/√x"),
        ("abs(x)*abs(y)", "|x|·|y|"),
        ("2*abs(x - y)", "2|x − y|"),
        ("abs(2*abs(x)*3)", "abs(2|x|·3)"),
        ("4*sin(x)**2", "4sin(x)²"),
        ("max(x, y, 1)", "max(x, y, 1)"),
        ("ln(x)", "log(x)"),
        ("exp(-x**2)", "exp(−x²)"),
        ("1e-3*x", "1e-3x"),
    ],
)
def test_pretty(text: str, shown: str) -> None:
    assert pretty(parse(text)) == shown


PRODUCT = re.compile(
    r"(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<word>[a-z]+\d*)|(?P<raised>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)|(?P<other>.)"
)


def with_signs(shown: str) -> str:
    """Read a pretty formula as a person does, and put a * between neighbours: 4xy is 4*x*y."""
    parts: list[str] = []
    operand = False  # whether what stands to the left could be a factor
    for match in PRODUCT.finditer(shown):
        piece, kind = match.group(), match.lastgroup
        if kind == "word" and set(piece) <= set("xyzab"):
            piece = "*".join(piece)
        starts = kind in ("number", "word") or piece in "π("
        called = piece == "(" and bool(parts) and parts[-1][:1].isalpha() and len(parts[-1]) > 2
        if starts and operand and not called:
            parts.append("*")
        parts.append(piece)
        operand = kind in ("number", "word", "raised") or piece in "π)"
    return "".join(parts)


def test_the_reader_of_these_tests() -> None:
    assert with_signs("4xy + 2(x − y)³x") == "4*x*y + 2*(x − y)³*x"
    assert with_signs("2sin(x)²·cos(y)") == "2*sin(x)²·cos(y)"


def value(text: str, at: dict[str, float]) -> float:
    return value_tape(parse(text), tuple(at)).at(tuple(at.values()))[0]


@given(formulas(leaves=10), POINTS)
@settings(derandomize=True, deadline=None, max_examples=250)
def test_pretty_never_changes_the_meaning(tree: Formula, at: dict[str, float]) -> None:
    shown = pretty(parse(written(tree)))
    if "|" in shown or "√" in shown:
        return
    try:
        expected, tolerance = truth(tree, at)
    except Delicate:
        return
    found = value(with_signs(shown), at)
    if expected is None:
        assert math.isnan(found), shown
    else:
        assert abs(found - expected) <= tolerance, (written(tree), shown)


NAMES = st.sampled_from([("name", name) for name in ("x", "y", "w1", "e3", "p", "i", "E2")])
NUMBERS = st.sampled_from([("number", digits) for digits in ("2", "10", "0.5", "1e3")])
ARITHMETIC = st.recursive(
    st.one_of(NAMES, NUMBERS),
    lambda part: st.one_of(
        st.tuples(st.sampled_from(["add", "sub", "mul", "mul", "div", "pow"]), part, part),
        st.tuples(st.just("neg"), part),
        st.tuples(st.just("call"), st.sampled_from(["sqrt", "abs"]), part),
        st.tuples(st.just("pow"), part, st.sampled_from([("number", "2"), ("neg", ("number", "3"))])),
    ),
    max_leaves=8,
)


def test_pretty_tells_different_formulas_apart() -> None:
    """Among all formulas two operations deep, those that look the same are worth the same."""
    at = {"x": 1.37, "y": 0.61}
    atoms: list[Formula] = [("name", "x"), ("name", "y"), ("number", "2")]

    def deeper(parts: list[Formula]) -> list[Formula]:
        pairs = [(operation, a, b) for operation in ("sub", "mul", "div", "pow") for a in parts for b in parts]
        alone = [("neg", a) for a in parts] + [("call", f, a) for f in ("sqrt", "abs") for a in parts]
        return parts + alone + pairs

    worth: dict[str, float] = {}
    for tree in deeper(deeper(atoms)):
        parsed = parse(written(tree))
        found = value_tape(parsed, ("x", "y")).at(tuple(at.values()))[0]
        assert worth.setdefault(pretty(parsed), found) == pytest.approx(found, rel=1e-12, nan_ok=True), tree
    assert len(worth) > 5_000


@given(ARITHMETIC, st.randoms(use_true_random=False))
@settings(derandomize=True, deadline=None, max_examples=100)
def test_spellings_with_longer_names_mean_the_same(tree: Formula, rng) -> None:
    parsed = parse(written(tree))
    again = parse(spelled(tree, rng))
    at = {"x": 1.37, "y": 0.61, "w1": 2.3, "e3": 0.77, "p": 1.9, "i": 0.43, "E2": 1.21}
    names, point = tuple(at), tuple(at.values())
    assert value_tape(again, names).at(point) == pytest.approx(value_tape(parsed, names).at(point), nan_ok=True)


def test_the_contract_of_the_running_example() -> None:
    model = Model("x**4 + y**4 - 4*x*y + 1", {})
    assert model.gradient_text() == ("4*x**3 - 4*y", "-4*x + 4*y**3")
    assert model.hessian_text() == (("12*x**2", "-4"), ("-4", "12*y**2"))
    assert model.gradient_text(plain=False) == ("4x³ − 4y", "−4x + 4y³")
    assert model.hessian_text(plain=False) == (("12x²", "−4"), ("−4", "12y²"))
    assert model.pretty_formula() == "x⁴ + y⁴ − 4xy + 1"


def test_decimals_stay_decimals() -> None:
    model = Model("0.26*x**2 - 0.48*x*y + 0.26*y**2", {})
    assert model.gradient_text() == ("0.52*x - 0.48*y", "-0.48*x + 0.52*y")
    assert model.hessian_text() == (("0.52", "-0.48"), ("-0.48", "0.52"))
    assert Model("x**2/4 + y", {}).gradient_text() == ("x/2", "1")
    assert Model("0.1*x**2/3", {}).gradient_text() == ("x/15",)


@pytest.mark.parametrize(
    ("text", "gradient"),
    [
        ("sqrt(x**2)", "sign(x)"),
        ("(x**2)**1.5", "x**2*sign(x) + 2*x*abs(x)"),
        ("E*x + e*x", "E + e"),
        ("relu(x)", "heaviside(x, 0)"),
        ("softplus(x)", "sigmoid(x)"),
        ("abs(x)", "sign(x)"),
        ("e**x", "exp(x)"),
        ("pi*x", "pi"),
        ("sqrt(-x**2)", "undefined"),
    ],
)
def test_gradients_in_the_words_of_the_grammar(text: str, gradient: str) -> None:
    model = Model(text, {"E": 2.0} if "E" in text else {})
    assert model.gradient_text() == (gradient,)
    assert "Dirac" not in str(model.hessian_text())


FUNCTIONS_OF_U = [
    "sqrt(u)", "cbrt(u)", "exp(u)", "log(u)", "log2(u)", "log10(u)", "sin(u)", "cos(u)", "tan(u)", "asin(u/9)",
    "acos(u/9)", "atan(u)", "atan2(u, x)", "sinh(u)", "cosh(u)", "tanh(u)", "abs(u)", "sign(u)*u", "floor(u)*u",
    "ceil(u)*y", "min(u, x, y)", "max(u, x, y)", "sigmoid(u)", "softplus(u)", "relu(u)", "u**u", "u**-3", "u**(1/3)",
    "u**1.5", "heaviside(u, 0.5)*u**2", "2**u", "e**-u", "u/(1 + u)", "sqrt(u**2)", "0.1*u/0.3", "1e-9*u + 0.25*u**2",
]  # fmt: skip


@pytest.mark.parametrize("function", FUNCTIONS_OF_U)
def test_derivatives_written_out_read_back_as_the_derivatives(function: str) -> None:
    model = Model(re.sub(r"\bu\b", "(x*y + 0.3)", f"({function})*x + y/2"), {})
    at = {"x": 1.3, "y": 0.7}
    point = tuple(at.values())
    expected = model.hessian.at(point)
    rows = model.hessian_text()
    texts = [model.formula, *model.gradient_text(), rows[0][0], rows[0][1], rows[1][1]]
    for text, number in zip(texts, expected, strict=True):
        assert value(text, at) == pytest.approx(number, rel=1e-11, abs=1e-13), text
    for plain, shown in zip(model.gradient_text(), model.gradient_text(plain=False), strict=True):
        if "|" not in shown and "√" not in shown:
            assert value(with_signs(shown), at) == pytest.approx(value(plain, at), rel=1e-12), shown


@given(formulas(leaves=5), POINTS)
@settings(derandomize=True, deadline=None, max_examples=80)
def test_plain_text_of_random_formulas_reads_back(tree: Formula, at: dict[str, float]) -> None:
    text = written(tree)
    try:
        model = Model(text, {})
        expected, tolerance = truth(tree, at)
    except (Delicate, FormulaError):
        return
    if expected is None:
        return
    for decimals in (False, True):
        shown = plain_sympy(to_sympy(model.tree), decimals)
        if shown in ("undefined",) or re.search(r"\b(oo|I)\b", shown):
            continue
        found = value(shown, at)
        assert abs(found - expected) <= 10 * tolerance + 1e-12 * abs(expected), (text, shown)


def test_what_is_too_deep_to_write_is_said() -> None:
    text = "x"
    for _ in range(39):
        text = f"1+2*-({text})**2"
    model = Model(text, {})

    def from_depth(depth: int) -> tuple[str, ...]:
        return model.gradient_text() if depth == 0 else from_depth(depth - 1)

    with pytest.raises(FormulaError, match="too deeply nested to be written out"):
        from_depth(700)


def test_a_tower_of_powers_is_written_at_once() -> None:
    assert len(pretty(parse("**".join(["x"] * 40)))) < 200
