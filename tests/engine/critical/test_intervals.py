"""Interval arithmetic against mpmath, which shares no code with it."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from curvtui.engine.critical.interval import EMPTY, KINKED, PARTIAL, Interval, enclosed, interval, point
from curvtui.engine.critical.intervals import INTERVAL_OPERATIONS
from curvtui.engine.surface.array import ARRAY_OPERATIONS, quiet

mpmath.mp.dps = 60
PROPERTY = settings(derandomize=True, deadline=None, max_examples=30)


def _sigmoid(x):
    return 1 / (1 + mpmath.exp(-x))


def _real(function):
    """The function, or None where it is not real."""

    def on_reals(*arguments):
        try:
            value = function(*arguments)
        except (ZeroDivisionError, ValueError):
            return None
        return value if isinstance(value, mpmath.mpf) and mpmath.isfinite(value) else None

    return on_reals


def _power(x, y):
    if x == 0:
        return None if y < 0 else x**y
    return x**y if x > 0 or y == int(y) else None


UNARY = {
    "neg": lambda x: -x,
    "sqrt": mpmath.sqrt,
    "cbrt": lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)),
    "exp": mpmath.exp,
    "log": lambda x: mpmath.log(x) if x else None,
    "log2": lambda x: mpmath.log(x, 2) if x else None,
    "log10": lambda x: mpmath.log10(x) if x else None,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tan": mpmath.tan,
    "asin": mpmath.asin,
    "acos": mpmath.acos,
    "atan": mpmath.atan,
    "sinh": mpmath.sinh,
    "cosh": mpmath.cosh,
    "tanh": mpmath.tanh,
    "sech2": lambda x: mpmath.sech(x) ** 2,
    "abs": abs,
    "sign": mpmath.sign,
    "floor": mpmath.floor,
    "ceil": mpmath.ceil,
    "sigmoid": _sigmoid,
    "softplus": lambda x: mpmath.log1p(mpmath.exp(x)) if x < 100 else x + mpmath.exp(-x),
    "relu": lambda x: max(x, mpmath.mpf(0)),
}
BINARY = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y if y else None,
    "pow": _power,
    "atan2": mpmath.atan2,
    "min": min,
    "max": max,
    "heaviside": lambda x, y: y if x == 0 else mpmath.mpf(x > 0),
}

ends = st.one_of(
    st.floats(-10, 10),
    st.floats(-1.5, 1.5),
    st.sampled_from([0.0, 1.0, -1.0, 0.5, 2.0, math.pi, -math.pi, math.pi / 2, 1e-9, -1e-200, 1e-310, 5e-324]),
    st.floats(-800, 800),
    st.floats(-1e12, 1e12),
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300),
)
fractions = st.floats(0.0, 1.0)


def _box(first, second, narrow):
    low, high = min(first, second), max(first, second)
    if narrow:
        high = min(high, low + abs(low) * 1e-6 + 1e-12)
    return low, high


def _inside(box, fraction):
    low, high = box
    return min(max(low + fraction * (high - low), low), high)


def _check(name, value, result: Interval):
    low, high = mpmath.mpf(float(result.low[0])), mpmath.mpf(float(result.high[0]))
    assert not math.isnan(float(result.low[0]))
    assert not math.isnan(float(result.high[0]))
    if value is None:
        assert int(np.max(result.flags)) & PARTIAL, f"{name} is undefined in the box and that is not flagged"
    else:
        assert not int(np.max(result.flags)) & EMPTY
        assert low <= value <= high, f"{name}: {value} is not in [{low}, {high}]"


@pytest.mark.parametrize("name", sorted(UNARY))
@PROPERTY
@given(first=ends, second=ends, narrow=st.booleans(), fraction=fractions)
@example(first=0.0, second=0.0, narrow=False, fraction=0.0)
@example(first=1.0, second=1.0, narrow=False, fraction=0.0)
@example(first=math.pi, second=math.pi, narrow=False, fraction=0.0)
def test_unary_encloses(name, first, second, narrow, fraction):
    box = _box(first, second, narrow)
    with quiet():
        result = INTERVAL_OPERATIONS[name](interval(*box))
    for x in {_inside(box, fraction), *box}:
        if name in ("exp", "sinh", "cosh", "softplus", "sigmoid", "sech2") and abs(x) > 1e5:
            continue
        _check(name, _real(UNARY[name])(mpmath.mpf(x)), result)


@pytest.mark.parametrize("name", sorted(BINARY))
@PROPERTY
@given(ends=st.tuples(ends, ends, ends, ends), narrow=st.booleans(), at=st.tuples(fractions, fractions))
@example(ends=(0.0, 0.0, 0.0, 1.0), narrow=False, at=(0.0, 0.5))
@example(ends=(-1.0, 2.0, 2.0, 2.0), narrow=False, at=(0.0, 0.5))
@example(ends=(1e-200, 1e-200, 1e-200, 1e-200), narrow=False, at=(0.0, 0.5))
def test_binary_encloses(name, ends, narrow, at):
    a, b = _box(*ends[:2], narrow), _box(*ends[2:], narrow)
    if name == "heaviside":
        b = (0.5, 0.5)
    if name == "pow":
        a, b = tuple(min(max(e, -1e30), 1e30) for e in a), tuple(min(max(e, -8.0), 8.0) for e in b)
    with quiet():
        result = INTERVAL_OPERATIONS[name](interval(*a), interval(*b))
    for x in {_inside(a, at[0]), *a}:
        for y in {_inside(b, at[1]), *b}:
            _check(name, _real(BINARY[name])(mpmath.mpf(x), mpmath.mpf(y)), result)


@pytest.mark.parametrize("exponent", [-7, -2, -1, 0, 1, 2, 3, 4, 5, 8, 9, 16, 17, 30, 101])
@PROPERTY
@given(first=ends, second=ends, narrow=st.booleans(), fraction=fractions)
@example(first=0.0, second=1.0, narrow=False, fraction=0.5)
@example(first=-1.0, second=0.0, narrow=False, fraction=0.5)
def test_integer_power_encloses(exponent, first, second, narrow, fraction):
    box = _box(first, second, narrow)
    with quiet():
        result = INTERVAL_OPERATIONS["powi"](interval(*box), exponent)
    for x in {_inside(box, fraction), *box}:
        value = None if x == 0 and exponent < 0 else mpmath.mpf(x) ** exponent
        _check(f"powi {exponent}", value, result)


@pytest.mark.parametrize("name", sorted(UNARY))
@PROPERTY
@given(ends=st.tuples(ends, ends), at=st.tuples(fractions, fractions))
def test_inclusion_is_monotone(name, ends, at):
    outer = _box(*ends, False)
    inner = tuple(sorted(_inside(outer, fraction) for fraction in at))
    with quiet():
        wide, narrow = (INTERVAL_OPERATIONS[name](interval(*box)) for box in (outer, inner))
    if int(np.max(narrow.flags)) & EMPTY:
        return
    # By no more than the rounding: a library function need not be monotone in its last bits.
    slack = 1e-13 * np.maximum(np.abs(narrow.bounds), 1e-270)
    assert np.all(narrow.bounds <= wide.bounds + np.where(np.isfinite(slack), slack, 0.0))


@PROPERTY
@given(constant=st.fractions())
def test_constants_are_enclosed(constant):
    result = enclosed(constant)
    assert Fraction(float(result.low[0])) <= constant <= Fraction(float(result.high[0]))
    if Fraction(float(constant)) == constant:
        assert result.low[0] == result.high[0]


def test_pi_is_no_float():
    result = enclosed(math.pi)
    assert mpmath.mpf(float(result.low[0])) < mpmath.pi < mpmath.mpf(float(result.high[0]))


def test_constants_beyond_the_floats():
    assert np.isinf(enclosed(Fraction(10) ** 400).high[0])
    assert np.isinf(enclosed(-(Fraction(10) ** 400)).low[0])
    assert enclosed(Fraction(1, 10**400)).high[0] > 0


def test_every_operation_of_a_tape_has_one():
    assert set(INTERVAL_OPERATIONS) == set(ARRAY_OPERATIONS)


def test_even_powers_are_tight():
    square = INTERVAL_OPERATIONS["powi"](interval(-1.0, 2.0), 2)
    assert square.low[0] == 0.0
    assert square.high[0] == pytest.approx(4.0, rel=1e-15)
    fourth = INTERVAL_OPERATIONS["mul"](enclosed(Fraction(12)), INTERVAL_OPERATIONS["powi"](interval(-1.0, 2.0), 4))
    assert fourth.low[0] == 0.0


def test_a_product_with_zero_stays_zero_and_underflow_does_not():
    with quiet():
        assert INTERVAL_OPERATIONS["mul"](point(0.0), interval(-1.0, np.inf)).high[0] == 0.0
        assert INTERVAL_OPERATIONS["mul"](interval(0.0, 1.0), interval(3.0, 4.0)).low[0] == 0.0
        tiny = INTERVAL_OPERATIONS["mul"](interval(1e-200, 2e-200), interval(1e-200, 2e-200))
    assert tiny.low[0] <= 0.0 < tiny.high[0]


@pytest.mark.parametrize(
    ("name", "box"),
    [
        ("abs", (-1, 1)),
        ("sign", (0, 1)),
        ("relu", (-1, 0)),
        ("floor", (0.5, 1.5)),
        ("ceil", (1, 1.5)),
        ("sqrt", (0, 1)),
        ("cbrt", (-1, 1)),
        ("asin", (0, 1)),
        ("acos", (-1, 0)),
    ],
)
def test_kinks_are_flagged(name, box):
    with quiet():
        assert int(np.max(INTERVAL_OPERATIONS[name](interval(*box)).flags)) & KINKED


@pytest.mark.parametrize(
    ("name", "box", "flag"),
    [
        ("log", (-1, 1), PARTIAL),
        ("log", (-2, -1), EMPTY),
        ("sqrt", (-1, 1), PARTIAL),
        ("sqrt", (-2, -1), EMPTY),
        ("tan", (1, 2), PARTIAL),
        ("asin", (0.5, 1.5), PARTIAL),
        ("acos", (1.5, 2), EMPTY),
    ],
)
def test_domains_are_flagged(name, box, flag):
    with quiet():
        assert int(np.max(INTERVAL_OPERATIONS[name](interval(*box)).flags)) & flag


@pytest.mark.parametrize("name", ["sin", "sqrt", "exp", "abs", "floor", "log", "tan", "asin"])
def test_nothing_is_flagged_without_reason(name):
    with quiet():
        assert INTERVAL_OPERATIONS[name](interval(0.25, 0.75)).flags == 0


def test_branch_cut_of_the_angle():
    with quiet():
        crossing = INTERVAL_OPERATIONS["atan2"](interval(-1, 1), interval(-2, -1))
        right = INTERVAL_OPERATIONS["atan2"](interval(-1, 1), interval(1, 2))
    assert int(np.max(crossing.flags)) & KINKED
    assert right.flags == 0
    assert right.high[0] == pytest.approx(math.pi / 4)


def test_functions_are_as_accurate_as_is_assumed():
    """NumPy's functions, in bulk, so that its vector kernels are met: within half the margin that is added."""
    random = np.random.default_rng(5)
    near_pi = np.round(random.uniform(-50, 50, 60)) * (math.pi / 2) + random.uniform(-1e-6, 1e-6, 60)
    samples = np.concatenate([random.uniform(-10, 10, 100), near_pi, random.uniform(-1e8, 1e8, 40), [0.3] * 8])
    for name in ("sin", "cos", "tan", "exp", "sinh", "cosh", "tanh", "atan", "cbrt"):
        x = np.clip(samples, -700, 700) if name in ("exp", "sinh", "cosh") else samples
        values = ARRAY_OPERATIONS[name](x)
        for argument, value in zip(x.tolist(), values.tolist(), strict=True):
            exact = UNARY[name](mpmath.mpf(argument))
            assert abs(mpmath.mpf(value) - exact) <= 4 * mpmath.mpf(2) ** -52 * abs(exact), (name, argument)
    positive = np.concatenate([1.0 + random.uniform(-1e-3, 1e-3, 100), random.uniform(0, 100, 100)])
    for name in ("log", "log2", "log10", "sqrt"):
        for argument, value in zip(positive.tolist(), ARRAY_OPERATIONS[name](positive).tolist(), strict=True):
            exact = UNARY[name](mpmath.mpf(argument))
            assert abs(mpmath.mpf(value) - exact) <= 4 * mpmath.mpf(2) ** -52 * abs(exact), (name, argument)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.floats(0, 5), st.floats(0, 2), st.floats(0, 1))
def test_self_power_encloses_and_is_tight(low, width, share):
    high = low + width
    a = interval(np.array([low]), np.array([high]))
    found = INTERVAL_OPERATIONS["pow"](a, a)
    x = min(max(low + share * width, low), high)
    value = mpmath.mpf(x) ** mpmath.mpf(x)
    assert mpmath.mpf(float(found.low[0])) <= value <= mpmath.mpf(float(found.high[0]))
    assert found.low[0] >= 0.6922006275 or low > 2


def test_self_power_of_negative_numbers_is_known_at_integers_only():
    a = interval(np.array([-3.0, -1.7, -2.0]), np.array([-1.0, -1.2, 1.0]))
    found = INTERVAL_OPERATIONS["pow"](a, a)
    assert ((np.asarray(found.flags) & EMPTY) != 0).tolist() == [False, True, False]
    for value in (-1.0, 0.25, -1 / 27):
        assert found.low[0] <= value <= found.high[0]
    assert found.low[2] <= -1.0
    assert found.high[2] >= 1.0
