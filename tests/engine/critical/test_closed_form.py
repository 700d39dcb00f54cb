import math
import random
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from curvtui.engine.critical import closed_functions as closed
from curvtui.engine.critical.closed_form import PI, ClosedForm, E, Number, OpenError, divide, is_zero, power, sign
from curvtui.engine.critical.closed_functions import OutsideError
from curvtui.engine.critical.closed_text import text
from curvtui.engine.critical.closed_value import to_float

SQRT = {n: closed.sqrt(n) for n in (2, 3, 5, 6, 7, 10)}


def test_radicals_multiply_exactly() -> None:
    assert SQRT[2] * SQRT[2] == 2
    assert SQRT[2] * SQRT[3] == SQRT[6]
    assert closed.sqrt(8) == 2 * SQRT[2]
    assert closed.sqrt(Fraction(4, 9)) == Fraction(2, 3)
    assert closed.root(Fraction(1, 2), Fraction(1, 3)) * closed.root(4, Fraction(1, 3)) == closed.root(
        2, Fraction(1, 3)
    )
    assert power(closed.root(5, Fraction(1, 7)), 7) == 5
    assert divide(1, 1 + SQRT[2]) == SQRT[2] - 1
    assert is_zero(divide(1, SQRT[2] + SQRT[3] + SQRT[5]) * (SQRT[2] + SQRT[3] + SQRT[5]) - 1)


def test_nested_roots_cancel() -> None:
    assert closed.sqrt(3 + 2 * SQRT[2]) == 1 + SQRT[2]
    assert closed.sqrt(5 - 2 * SQRT[6]) == SQRT[3] - SQRT[2]
    nested = closed.sqrt(1 + SQRT[2])
    assert nested * nested == 1 + SQRT[2]
    assert is_zero(divide(1, nested) * nested - 1)


def test_functions_invert_each_other() -> None:
    assert closed.exp(closed.log(2)) == 2
    assert closed.exp(closed.log(12) * Fraction(1, 2)) == 2 * SQRT[3]
    assert closed.log(closed.exp(Fraction(3, 2))) == Fraction(3, 2)
    assert closed.log(Fraction(8, 3)) == 3 * closed.log(2) - closed.log(3)
    assert closed.exp(1) == E
    assert closed.atan(1) == PI * Fraction(1, 4)
    assert closed.asin(SQRT[3] * Fraction(-1, 2)) == PI * Fraction(-1, 3)
    assert closed.tan(PI * Fraction(5, 12)) == 2 + SQRT[3]
    assert closed.tanh(0) == 0
    assert closed.sigmoid(0) == Fraction(1, 2)


@pytest.mark.parametrize("twelfths", range(-30, 31))
def test_sines_of_parts_of_pi(twelfths: int) -> None:
    angle = PI * Fraction(twelfths, 12)
    assert to_float(closed.sin(angle)) == pytest.approx(math.sin(math.pi * twelfths / 12), abs=1e-14)
    assert to_float(closed.cos(angle)) == pytest.approx(math.cos(math.pi * twelfths / 12), abs=1e-14)


@pytest.mark.parametrize("angle", [Fraction(1, 3), 1, -2, SQRT[2], PI * Fraction(1, 7), 1 + PI * Fraction(3, 2)])
def test_sine_and_cosine_belong_together(angle: Number) -> None:
    s, c = closed.sin(angle), closed.cos(angle)
    assert to_float(s) == pytest.approx(math.sin(to_float(angle)), abs=1e-14)
    assert to_float(c) == pytest.approx(math.cos(to_float(angle)), abs=1e-14)
    assert is_zero(s * s + c * c - 1)
    assert is_zero(divide(c * c, s * s) + 1 - divide(1, s * s))
    assert closed.sin(-angle) == -s
    assert closed.cos(-angle) == c


def test_signs_need_as_many_digits_as_it_takes() -> None:
    # 99/70 and 665857/470832 are convergents of the square root of 2.
    for p, q in ((99, 70), (665857, 470832), (2783759575796352, 1968415275187105)):
        assert sign(SQRT[2] - Fraction(p, q)) == (1 if 2 * q * q > p * p else -1)
    assert sign(PI - Fraction(314159265358979323846264338327950288419716939937510, 10**50)) == 1
    assert sign(closed.sin(Fraction(22)) - closed.sin(22 - 7 * PI) * -1) == 0


def test_what_is_too_close_to_tell_is_left_open() -> None:
    # Equal, but not as polynomials in the constants that are named.
    with pytest.raises(OpenError):
        sign(closed.tanh(1) - divide(closed.sinh(1), closed.cosh(1)))


@pytest.mark.parametrize(
    "compute",
    [lambda: closed.sqrt(-1), lambda: closed.log(0), lambda: closed.asin(2), lambda: closed.tan(PI * Fraction(1, 2))],
)
def test_outside_the_domain(compute: Any) -> None:
    with pytest.raises(OutsideError):
        compute()


def test_bounded_work() -> None:
    with pytest.raises(OpenError):
        power(Fraction(3, 7), 10**7)
    many: Number = 1
    for n in range(1, 200):
        many = many + closed.sin(n)
    with pytest.raises(OpenError):
        power(many, 2)


VALUES: list[tuple[Number, Any]] = [
    (Fraction(3, 7), lambda: mpf(3) / 7),
    (2, lambda: mpf(2)),
    (SQRT[2], lambda: mp.sqrt(2)),
    (closed.root(3, Fraction(2, 3)), lambda: mpf(3) ** (mpf(2) / 3)),
    (PI, lambda: +mp.pi),
    (closed.exp(Fraction(-1, 2)), lambda: mp.exp(-0.5)),
    (closed.log(3), lambda: mp.log(3)),
    (closed.sin(1), lambda: mp.sin(1)),
    (closed.cos(1), lambda: mp.cos(1)),
    (closed.atan(Fraction(1, 2)), lambda: mp.atan(0.5)),
    (closed.sqrt(1 + SQRT[5]), lambda: mp.sqrt(1 + mp.sqrt(5))),
]


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.integers(0, 10**6))
def test_arithmetic_against_mpmath(seed: int) -> None:
    rng = random.Random(seed)
    exact, compute = rng.choice(VALUES)
    with mp.workdps(50):
        approximate = compute()
        for _ in range(rng.randint(1, 4)):
            other, other_compute = rng.choice(VALUES)
            operation = rng.choice("+-*/")
            value = other_compute()
            if operation == "+":
                exact, approximate = exact + other, approximate + value
            elif operation == "-":
                exact, approximate = exact - other, approximate - value
            elif operation == "*":
                exact, approximate = exact * other, approximate * value
            else:
                exact, approximate = divide(exact, other), approximate / value
        assert to_float(exact) == pytest.approx(float(approximate), rel=1e-13, abs=1e-25)
        if abs(approximate) > mpf(10) ** -20:
            assert sign(exact) == mp.sign(approximate)
        else:
            assert is_zero(exact)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (-3, "−3"),
        (Fraction(1, 3), "1/3"),
        (Fraction(-123, 1000), "−0.123"),
        (SQRT[2] * Fraction(1, 2), "√2/2"),
        (SQRT[2] - 1, "√2 − 1"),
        (Fraction(1, 2) + SQRT[5] * Fraction(1, 2), "1/2 + √5/2"),
        (PI * Fraction(3, 4), "3π/4"),
        (divide(2, PI), "2/π"),
        (E, "e"),
        (closed.exp(Fraction(-1, 2)), "e^(−1/2)"),
        (closed.log(2), "log 2"),
        (closed.root(2, Fraction(2, 3)), "∛4"),
        (-closed.sin(1) * 2, "−2·sin(1)"),
        (closed.sqrt(1 + SQRT[2]), "√(1 + √2)"),
    ],
)
def test_texts(value: Number, written: str) -> None:
    assert text(value) == written


def test_equal_sums_are_equal_and_hash_alike() -> None:
    a, b = SQRT[2] + PI, PI + SQRT[2]
    assert a == b
    assert hash(a) == hash(b)
    assert isinstance(a, ClosedForm)
    assert a.key == ClosedForm(dict(reversed(list(a.terms.items())))).key
