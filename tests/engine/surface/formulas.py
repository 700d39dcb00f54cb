"""Random formulas with an evaluator of their own, which shares nothing with the engine.

A formula is a nested tuple, written as text by :func:`written` or :func:`spelled`, and worked out by
:func:`exact` in mpmath at whatever precision is set. :func:`truth` adds how far double precision may be off.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from hypothesis import strategies as st
from mpmath import mp, mpf

Formula = tuple[Any, ...]

BINDING = {"add": 1, "sub": 1, "mul": 2, "div": 2, "neg": 3, "pow": 4}
SIGN = {"add": "+", "sub": "-", "mul": "*", "div": "/"}


class Undefined(Exception):
    """The formula has no real value at the point."""


class Delicate(Exception):
    """Rounding, overflow or a kink decides the answer here: no fair place to compare."""


def binding(formula: Formula) -> int:
    return BINDING.get(formula[0], 5)


def written(formula: Formula) -> str:
    """The formula in Python's notation with as few brackets as Python's precedence allows."""
    return spelled(formula, None)


def spelled(formula: Formula, rng: random.Random | None) -> str:
    """The same formula; with a random source also in other spellings, spaces and needless brackets."""

    def choose(*spellings: str) -> str:
        return spellings[0] if rng is None else rng.choice(spellings)

    def at_least(part: Formula, least: int) -> str:
        text = spelled(part, rng)
        needless = rng is not None and rng.random() < 0.15
        return f"({text})" if binding(part) < least or needless else text

    match formula:
        case ("number", digits):
            return str(digits)
        case ("name", name):
            return str(name)
        case ("constant", name):
            return choose(name, "π") if name == "pi" else str(name)
        case ("neg", inner):
            return choose("-", "−", "- ", "---", "-+") + at_least(inner, 3)
        case ("pow", base, exponent):
            superscript = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
            if rng is not None and exponent[0] == "number" and exponent[1].isdigit() and rng.random() < 0.3:
                return at_least(base, 5) + exponent[1].translate(superscript)
            return at_least(base, 5) + choose("**", "^", " ** ", "^ ") + at_least(exponent, 3)
        case ("call", function, *arguments):
            inside = choose(", ", ",", " , ").join(spelled(argument, rng) for argument in arguments)
            return f"{function}{choose('(', ' (', '( ')}{inside})"
        case (operation, left, right):
            sign = SIGN[operation]
            others = {"*": "·", "-": "−", "/": "÷"}
            shown = choose(sign, f" {sign} ", others.get(sign, sign))
            return at_least(left, BINDING[operation]) + shown + at_least(right, BINDING[operation] + 1)
    raise AssertionError(formula)


def _real(value: Any) -> mpf:
    if isinstance(value, mp.mpc) or not mp.isfinite(value):
        raise Undefined
    return value


def _away(u: mpf) -> mpf:
    """Refuse the argument at which the function has a kink."""
    if u == 0:
        raise Delicate
    return u


def _ordered(function: Callable[..., mpf]) -> Callable[..., mpf]:
    def choose(*arguments: mpf) -> mpf:
        if len(set(arguments)) < len(arguments):
            raise Delicate
        return function(*arguments)

    return choose


def _step(function: Callable[[mpf], mpf]) -> Callable[[mpf], mpf]:
    def stepwise(u: mpf) -> mpf:
        if abs(u - mp.nint(u)) < mpf(10) ** -9:
            raise Delicate
        return function(u)

    return stepwise


def _positive(function: Callable[[mpf], Any]) -> Callable[[mpf], mpf]:
    def logarithm(u: mpf) -> mpf:
        if u <= 0:
            raise Undefined
        return _real(function(u))

    return logarithm


def _power(base: mpf, exponent: mpf) -> mpf:
    if base == 0:
        raise Delicate
    if base < 0 and exponent != int(exponent):
        raise Undefined
    return _real(base**exponent)


EXACT: dict[str, Callable[..., mpf]] = {
    "neg": lambda u: -u,
    "add": lambda u, v: u + v,
    "sub": lambda u, v: u - v,
    "mul": lambda u, v: u * v,
    "div": lambda u, v: u / v,
    "pow": _power,
    "sqrt": lambda u: _real(mp.sqrt(_away(u))),
    "cbrt": lambda u: mp.sign(_away(u)) * mp.cbrt(abs(u)),
    "exp": mp.exp,
    "log": _positive(mp.log),
    "log2": _positive(lambda u: mp.log(u) / mp.log(2)),
    "log10": _positive(lambda u: mp.log(u) / mp.log(10)),
    "sin": mp.sin,
    "cos": mp.cos,
    "tan": mp.tan,
    "asin": lambda u: _real(mp.asin(u)),
    "acos": lambda u: _real(mp.acos(u)),
    "atan": mp.atan,
    "atan2": lambda u, v: mp.atan2(_away(u), _away(v)),
    "sinh": mp.sinh,
    "cosh": mp.cosh,
    "tanh": mp.tanh,
    "abs": lambda u: abs(_away(u)),
    "sign": lambda u: mp.sign(_away(u)),
    "floor": _step(mp.floor),
    "ceil": _step(mp.ceil),
    "min": _ordered(min),
    "max": _ordered(max),
    "sigmoid": lambda u: 1 / (1 + mp.exp(-u)),
    "softplus": lambda u: mp.log1p(mp.exp(u)) if u < 0 else u + mp.log1p(mp.exp(-u)),
    "relu": lambda u: max(_away(u), mpf(0)),
}


def exact(formula: Formula, at: Mapping[str, Any]) -> mpf:
    """The formula's value at mpmath's present precision."""
    match formula:
        case ("number", digits):
            return mpf(digits)
        case ("name", name):
            return +mpf(at[name])
        case ("constant", name):
            return +(mp.pi if name == "pi" else mp.e)
        case ("call", function, *arguments):
            values, operation = [exact(argument, at) for argument in arguments], function
        case (operation, *parts):
            values = [exact(part, at) for part in parts]
    try:
        result = EXACT[operation](*values)
    except ZeroDivisionError:
        raise Undefined from None
    if abs(result) > 1e250 or (result != 0 and abs(result) < 1e-250):
        raise Delicate
    return +result


def _with(operation: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *operands: operation(*(mpf(operand) for operand in operands))


def _heaviside(u: mpf, at_zero: mpf) -> mpf:
    return at_zero if u == 0 else mpf(u > 0)


MP_OPERATIONS = {
    **{name: _with(operation) for name, operation in EXACT.items()},
    "powi": _with(lambda u, n: u ** int(n)),
    "pow": _with(lambda u, v: u**v),
    "heaviside": _with(_heaviside),
    "sech2": _with(lambda u: mp.sech(u) ** 2),
}
"""A tape's operations in mpmath: no rounding worth speaking of, so only a wrong rule can make an error."""


class Truth(NamedTuple):
    """A formula's value (None outside its domain), and how far double precision may fairly miss it."""

    value: float | None
    tolerance: float


def truth(formula: Formula, at: Mapping[str, float]) -> Truth:
    """The value at 60 digits; the tolerance is what rounding to 40 bits does to it.

    Raises Delicate where rounding changes whether there is a value.
    """
    with mp.workdps(60):
        try:
            value = exact(formula, at)
        except Undefined:
            value = None
    worst = mpf(0)
    for bits in (38, 40, 41):
        with mp.workprec(bits):
            try:
                rounded = exact(formula, at)
            except Undefined:
                rounded = None
        if (rounded is None) != (value is None):
            raise Delicate
        if value is not None:
            worst = max(worst, abs(rounded - value))
    if value is None:
        return Truth(None, 0.0)
    return Truth(float(value), float(worst) + 1e-13 * abs(float(value)))


SMOOTH = [
    "sqrt",
    "cbrt",
    "exp",
    "log",
    "log2",
    "log10",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "sinh",
    "cosh",
    "tanh",
    "abs",
    "sigmoid",
    "softplus",
    "relu",
]
STEPS = ["sign", "floor", "ceil"]
PAIRS = ["min", "max", "atan2"]

NUMBERS = st.sampled_from(["0", "1", "2", "3", "7", "0.5", ".25", "1.5", "2.", "1e-1", "2.5E+0", "12", "0.1"])
ATOMS = st.one_of(
    st.sampled_from([("name", "x"), ("name", "y")]),
    st.sampled_from([("name", "x"), ("name", "y")]),
    st.tuples(st.just("number"), NUMBERS),
    st.sampled_from([("constant", "pi"), ("constant", "e")]),
)


def formulas(steps: bool = True, leaves: int = 8) -> st.SearchStrategy[Formula]:
    """Formulas in x and y, both of which are always named."""
    unary = SMOOTH + STEPS if steps else SMOOTH

    def larger(part: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
        exponents = st.sampled_from(["2", "3", "2.0", "0.5", "1.5", "4"])
        return st.one_of(
            st.tuples(st.sampled_from(["add", "sub", "mul", "div"]), part, part),
            st.tuples(st.sampled_from(["add", "sub", "mul"]), part, part),
            st.tuples(st.just("neg"), part),
            st.tuples(st.just("pow"), part, st.tuples(st.just("number"), exponents)),
            st.tuples(st.just("pow"), part, part),
            st.tuples(st.just("call"), st.sampled_from(unary), part),
            st.tuples(st.just("call"), st.sampled_from(PAIRS), part, part),
            st.tuples(st.just("call"), st.sampled_from(["min", "max"]), part, part, part),
        )

    both = ("mul", ("number", "0.5"), ("add", ("name", "x"), ("name", "y")))
    return st.recursive(ATOMS, larger, max_leaves=leaves).map(lambda tree: ("add", tree, both))


POINTS = st.fixed_dictionaries(
    {
        name: st.one_of(
            st.sampled_from([0.3719, 1.2345, -0.8317, 2.71, -1.913]),
            st.floats(-3, 3, allow_nan=False).map(lambda u: u if abs(u) > 1e-3 else u + 0.7123),
        )
        for name in ("x", "y")
    }
)


def ulps(a: float, b: float) -> float:
    """How many units in the last place lie between two floats; 0 where both are the same non-number."""
    if a == b or (math.isnan(a) and math.isnan(b)):
        return 0.0
    if not (math.isfinite(a) and math.isfinite(b)):
        return math.inf
    return abs(a - b) / math.ulp(max(abs(a), abs(b)))
