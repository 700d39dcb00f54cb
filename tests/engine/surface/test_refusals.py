"""Everything that is not a formula: refused at once, at the right column, with nothing executed."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from curvtui.engine.surface.errors import FormulaError
from curvtui.engine.surface.model import Model
from curvtui.engine.surface.parser import MAX_DEPTH
from curvtui.engine.surface.tokens import MAX_LENGTH


def refusal(text: str) -> FormulaError:
    """The error for a formula; checks what holds for every error."""
    started = time.process_time()
    with pytest.raises(FormulaError) as caught:
        Model(text, {})
    assert time.process_time() - started < 1.0
    check(caught.value, text)
    return caught.value


def check(error: FormulaError, text: str) -> None:
    assert error.message
    assert error.message == str(error)
    assert error.message.isprintable()
    assert len(error.message) < 400
    assert error.column is None or 1 <= error.column <= len(text) + 1
    excerpt = error.excerpt()
    assert all(line.isprintable() for line in excerpt.split("\n"))
    if error.column is not None and error.text:
        shown, caret = excerpt.split("\n")
        assert caret.strip() == "^"
        under = shown[len(caret) - 1 :][:1]
        meant = text[error.column - 1 : error.column]
        assert under == (meant if meant.isascii() and meant.isprintable() else under)


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("", None, "empty"),
        ("    ", None, "empty"),
        ("x.real", 2, "attributes"),
        ("x + (1).real", 8, "attributes"),
        ("x + y.__class__", 6, "attributes"),
        ("x[0]", 2, "square brackets"),
        ("[x]", 1, "square brackets"),
        ("{x}", 1, "braces"),
        ("x + 'a'", 5, "quotes"),
        ('"x"', 1, "quotes"),
        ("x < y", 3, "comparisons"),
        ("x >= y", 3, "comparisons"),
        ("x == y", 3, "'='"),
        ("x != y", 3, "'!'"),
        ("f = x", 3, "'='"),
        ("x if y else 1", 3, "'if'"),
        ("x and y", 3, "'and'"),
        ("not x", 1, "'not'"),
        ("x in y", 3, "'in'"),
        ("lambda x: x", 1, "'lambda'"),
        ("[i for i in x]", 1, "square brackets"),
        ("max(i for i in x)", 7, "'for'"),
        ("max(*x)", 5, "stands where"),
        ("max(**x)", 5, "stands where"),
        ("heaviside(x, at=1)", 16, "'='"),
        ("(x := 2)", 4, "':'"),
        ("x: 2", 2, "':'"),
        ("x & y", 3, "bit operators"),
        ("x | y", 3, "'|'"),
        ("~x", 1, "bit operators"),
        ("x << 2", 3, "comparisons"),
        ("x % 2", 3, "'%'"),
        ("x @ y", 3, "'@'"),
        ("x // y", 3, "floor"),
        ("x; y", 2, "';'"),
        ("x # y", 3, "comments"),
        ("x \\ y", 3, "\\"),
        ("x!", 2, "'!'"),
        ("√x", 1, "sqrt"),
        ("await x", 1, "'await'"),
        ("None", 1, "'None'"),
        ("x + True", 5, "'True'"),
        ("yield", 1, "'yield'"),
        ("import os", 1, "'import'"),
        ("_x", 1, "a name starts with a letter"),
        ("x\ty", 2, "U+0009"),
        ("x\n+ y", 2, "U+000A"),
        ("x\r", 2, "U+000D"),
        ("x\0", 2, "U+0000"),
        ("\x1b[31mx", 1, "U+001B"),
        ("\x1b]0;title\x07x", 1, "U+001B"),
        ("x + \x7f", 5, "U+007F"),
        ("x\u0085", 2, "U+0085"),
        ("x\u009b2J", 2, "U+009B"),
        ("x \u202e+ y", 3, "U+202E"),
        ("x\u2066", 2, "U+2066"),
        ("x\u200b", 2, "U+200B"),
        ("\ufeffx", 1, "U+FEFF"),
        ("x\u00a0+ y", 2, "U+00A0"),
        ("x + ﬁ", 5, "U+FB01"),
        ("х + 1", 1, "U+0445"),
        ("x + ∞", 5, "U+221E"),
        ("x + \U0001f600", 5, "U+1F600"),
        ("x + \ud800", 5, "U+D800"),
        ("x + ١", 5, "U+0661"),
        ("x +", 4, "ends"),
        ("x + ", 4, "ends"),
        ("sin(x", 4, "never closed"),
        ("((x)", 1, "never closed"),
        ("x)", 2, "closes nothing"),
        ("x, y", 2, "outside"),
        ("(x, y)", 3, "outside"),
        ("()", 2, "stands where"),
        ("x * / y", 5, "stands where"),
        ("* x", 1, "stands where"),
        ("x ** * y", 6, "stands where"),
        ("sin(x,)", 7, "stands where"),
        ("2x", 2, "2x needs a '*'"),
        ("x y", 3, "x y needs a '*'"),
        ("2(x+1)", 2, "needs a '*'"),
        ("(x)(y)", 4, "needs a '*'"),
        ("x(y+1)", 2, "x( needs a '*'"),
        ("pi(x)", 3, "needs a '*'"),
        ("x 2", 3, "needs a '*'"),
        ("1.2.3*x", 4, "needs a '*'"),
        ("0x10*x", 2, "needs a '*'"),
        ("1j*x", 2, "needs a '*'"),
        ("sin x", 1, "brackets"),
        ("sin", 1, "brackets"),
        ("sin()", 1, "takes 1 argument"),
        ("x + sin(x, y)", 5, "takes 1 argument"),
        ("atan2(x)", 1, "takes 2 arguments"),
        ("min(x)", 1, "takes 2 to 64 arguments"),
        ("x + sine(x)", 5, "did you mean 'sin'?"),
        ("Sin(x)", 1, "did you mean 'sin'?"),
        ("eval(x)", 1, "unknown name 'eval'"),
        ("x + qqqq(x)", 5, "known functions"),
        ("9**9**9**9*x", 7, "exponent too large"),
        ("9**(9**(9**9))*x", 9, "exponent too large"),
        ("x**(10**9)", 5, "exponent too large"),
        ("x**1001", 4, "exponent too large"),
        ("x**-1001", 4, "exponent too large"),
        ("2**x**1e9", 7, "exponent too large"),
        ("x**y**9999999999", 7, "exponent too large"),
        ("((10**300)**300)**300*x", 2, "too many digits"),
        ("x + 1e309", 5, "not finite"),
        ("x*1e999999999", 3, "not finite"),
        ("x*1e-999999999", 3, "too close to zero"),
        ("1e308*10*x", 1, "not finite"),
        ("x + exp(1000)", 5, "not finite"),
        ("x + log(0)", 5, "not finite"),
        ("x + log(-1)", 5, "not finite"),
        ("x + sqrt(-1)", 5, "not finite"),
        ("x + asin(2)", 5, "not finite"),
        ("x*(0**-1)", 4, "not finite"),
        ("x/0", 3, "division by zero"),
        ("x/(1-1)", 4, "division by zero"),
        ("x + 1/0.0", 7, "division by zero"),
    ],
)
def test_refused(text: str, column: int | None, says: str) -> None:
    error = refusal(text)
    assert says in error.message
    if column is not None:
        assert error.column == column, error.message


@pytest.mark.parametrize("call", ["__import__('os').system('touch {}')", "open('{}', 'w')", "exec(\"open('{}','w')\")"])
def test_nothing_is_executed(call: str, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    for text in (call, f"x + {call}", f"sin({call})"):
        refusal(text.format(trace))
    assert not trace.exists()


BOMBS = {
    "brackets": ("(" * 100_000 + "x" + ")" * 100_000, "too long"),
    "terms": ("x+" * 500_000 + "x", "too long"),
    "letters": ("x" * 1_000_000, "too long"),
    "escapes": ("\x1b" * 1_000_000, "too long"),
    "short brackets": ("(" * 4_900 + "x" + ")" * 4_900, "nested too deeply"),
    "open brackets": ("(" * 9_999, "nested too deeply"),
    "calls": ("sin(" * 1_900 + "x" + ")" * 1_900, "nested too deeply"),
    "negations": ("-(" * 3_000 + "x" + ")" * 3_000, "nested too deeply"),
    "powers": ("**".join(["x"] * 3_000), "nested too deeply"),
    "negative powers": ("**-".join(["x"] * 2_000), "nested too deeply"),
    "superscripts": ("x" + "²" * 9_000, "too many digits"),
    "padded superscripts": ("x" + "⁰" * 9_000 + "¹", "too many digits"),
    "arguments": ("max(" + "x," * 4_000 + "x)", "takes 2 to 64"),
    "digits": ("9" * 9_000 + "*x", "too many digits"),
    "decimals": ("x*0." + "1" * 9_000, "too many digits"),
    "name": ("a" * 9_000, "name at column 1 is too long"),
    "names": ("+".join(f"a{i}" for i in range(1_500)), "at most two"),
    "product": ("x*(" + "*".join(["(7**300)"] * 200) + ")", "not finite"),
    "fractions": ("x+(" + "+".join(f"1/{10**100 + 7**i}" for i in range(80)) + ")", "too many digits"),
    "tower": ("x*" + "(9**" * 15 + "9" + ")" * 15, "exponent too large"),
    "factors": ("x" + "*2**1000" * 900, "too many digits"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_are_refused_quickly(bomb: str) -> None:
    text, says = BOMBS[bomb]
    assert says in refusal(text).message


def test_long_chains_of_signs_and_terms_are_accepted() -> None:
    for text, expected in (("-" * 9_001 + "x", -0.5), ("x" + "+x" * 4_999, 2500.0), ("x" + "*1" * 4_999, 0.5)):
        started = time.process_time()
        assert Model(text, {}).value.at((0.5,)) == (expected,)
        assert time.process_time() - started < 1.0


def accepted(text: str) -> bool:
    try:
        Model(text, {})
    except FormulaError:
        return False
    return True


def called_from_depth(depth: int, text: str) -> Model:
    return Model(text, {}) if depth == 0 else called_from_depth(depth - 1, text)


@pytest.mark.parametrize("level", ["({})", "1+2*-sin({})**2", "x**({})", "1+2*-min(1,-({})**-x)/3"])
def test_the_deepest_formula_fits_the_stack_of_a_busy_caller(level: str) -> None:
    text, deeper = "x", level.format("x")
    while accepted(deeper):
        text, deeper = deeper, level.format(deeper)
    assert "nested too deeply" in refusal(deeper).message
    model = called_from_depth(250, text)
    assert len(model.pretty_formula()) > 0
    assert len(model.hessian.at((0.5,))) == 3


def test_the_limits_are_inclusive() -> None:
    assert Model("(" * MAX_DEPTH + "x" + ")" * MAX_DEPTH, {}).variables == ("x",)
    refusal("(" * (MAX_DEPTH + 1) + "x" + ")" * (MAX_DEPTH + 1))
    assert Model("x" + " " * (MAX_LENGTH - 1), {}).variables == ("x",)
    refusal("x" + " " * MAX_LENGTH)
    assert Model("x**1000 + x**-1000", {}).variables == ("x",)


@pytest.mark.parametrize("text", ["x + é + y", "x²·π − \x1b", "x" * 30 + " + " * 30 + "$ + " + "y" * 100])
def test_excerpt_points_at_the_character(text: str) -> None:
    error = refusal(text)
    shown, caret = error.excerpt(40).split("\n")
    assert error.column is not None
    assert len(shown) <= 42
    assert len(caret) - 1 < len(shown)
    pointed = shown[len(caret) - 1]
    assert pointed in (text[error.column - 1], "�")


def test_excerpt_by_eye() -> None:
    assert refusal("x + sine(y)").excerpt() == "  x + sine(y)\n      ^"
    assert refusal("x +").excerpt() == "  x +\n     ^"
    assert refusal("").excerpt() == ""


ALPHABET = "xyab019.eE_+-*/^(),  =<>!|&~%@;:'\"\\#[]{}²⁻π·√\t\n\x1b\u202e\u200bé∞١"
PIECES = ["sin(", "max(", "**", "//", "1e", "e9", "9**9", "atan2(", "lambda", " if ", "x", "pi", "((", "))", "__", "0x"]
VALID = [
    "x**4 + y**4 - 4*x*y + 1",
    "-exp(cos(2*pi*x)/2) + 20 - 20.0*exp(-0.2*sqrt(x**2/2 + y**2/2))",
    "max(x, y, 1e-3) + atan2(y, x)**2 / (1 + abs(x))",
    "(1-x)**2 + a*(y-x**2)**2",
]


def survives(text: str) -> None:
    started = time.process_time()
    try:
        model = Model(text, {}, default=1.5)
        model.value.at((0.5,) * len(model.inputs))
        model.gradient.at((0.5,) * len(model.inputs))
        model.pretty_formula()
    except FormulaError as error:
        check(error, text)
    assert time.process_time() - started < 1.0


@given(st.one_of(st.text(), st.text(alphabet=ALPHABET), st.lists(st.sampled_from(PIECES)).map("".join)))
@example("x" + "\ud800")
@settings(derandomize=True, deadline=None, max_examples=400)
def test_any_text_is_a_formula_or_a_formula_error(text: str) -> None:
    survives(text)


@given(
    st.sampled_from(VALID),
    st.lists(
        st.tuples(
            st.integers(0, 70),
            st.integers(0, 4),
            st.one_of(st.text(alphabet=ALPHABET, max_size=3), st.sampled_from(PIECES)),
            st.integers(1, 12),
        ),
        min_size=1,
        max_size=4,
    ),
)
@settings(derandomize=True, deadline=None, max_examples=400)
def test_damaged_formulas_are_formulas_or_formula_errors(text: str, damage: list[tuple[int, int, str, int]]) -> None:
    for at, removed, inserted, times in damage:
        text = text[:at] + inserted * times + text[at + removed :]
    survives(text)
