import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from curvtui.tui.drawing.glyphs import ASCII, BLOCK, BRAILLE, GLYPH_SETS
from curvtui.tui.drawing.numbers import interval, number, point, roundest, typeset

every = pytest.mark.parametrize("glyphs", GLYPH_SETS.values(), ids=GLYPH_SETS)


@pytest.mark.parametrize(
    ("value", "digits", "braille", "ascii_"),
    [
        (0.0, 4, "0", "0"),
        (-0.0, 4, "0", "0"),
        (-0.99914, 4, "−0.9991", "-0.9991"),
        (12.0, 3, "12", "12"),
        (1234.5678, 6, "1234.57", "1234.57"),
        (123456.0, 3, "1.23e5", "1.23e5"),
        (1.2e-7, 4, "1.2e−7", "1.2e-7"),
        (-1e100, 4, "−1e100", "-1e100"),
        (5e-324, 4, "4.941e−324", "4.941e-324"),
        (math.inf, 4, "∞", "inf"),
        (-math.inf, 4, "−∞", "-inf"),
        (math.nan, 4, "undefined", "undefined"),
        (1 / 3, 17, "0.33333333333333331", "0.33333333333333331"),
    ],
)
def test_numbers_by_hand(value, digits, braille, ascii_):
    assert number(value, BRAILLE, digits) == number(value, BLOCK, digits) == braille
    assert number(value, ASCII, digits) == ascii_


@given(st.floats(allow_nan=False), st.integers(1, 17))
def test_a_number_reads_back_to_its_digits(value, digits):
    text = number(value, BRAILLE, digits)
    assert float(number(value, ASCII, digits)) == float(f"{value:.{digits}g}")
    assert text.replace("−", "-").replace("∞", "inf") == number(value, ASCII, digits)


def test_points():
    assert point((0.98201, -0.9731), BRAILLE) == "(0.982, −0.9731)"
    assert point([1e9], ASCII, 3) == "(1e9)"
    assert point((math.nan, -math.inf), ASCII) == "(undefined, -inf)"


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (-2.0, 2.0, "[−2, 2]"),
        (0.0, 5.12, "[0, 5.12]"),
        (1.0, 1.00001, "[1, 1.00001]"),
        (1.0, 1.0 + 1e-12, "[1, 1.000000000001]"),
        (1e8, 1e8 + 1, "[100000000, 100000001]"),
    ],
)
def test_intervals_by_hand(low, high, text):
    assert interval(low, high, BRAILLE) == text


@given(st.floats(-1e150, 1e150), st.floats(-1e150, 1e150))
def test_the_ends_of_an_interval_are_told_apart(low, high):
    assume(low < high)
    first, last = interval(low, high, ASCII)[1:-1].split(", ")
    assert first != last
    assert float(first) < float(last)


@pytest.mark.parametrize(
    ("sentence", "braille", "ascii_"),
    [
        ("λ_min = -4, ‖∇f‖ = 1e-05", "λ_min = −4, ‖∇f‖ = 1e−5", "l_min = -4, |grad f| = 1e-5"),
        ("f = -0.5 at (-1, -2)", "f = −0.5 at (−1, −2)", "f = -0.5 at (-1, -2)"),
        ("half-diagonals, x-y, -x", "half-diagonals, x-y, -x", "half-diagonals, x-y, -x"),
        ("2-3 and (1)-4", "2-3 and (1)-4", "2-3 and (1)-4"),
        ("-inf", "−inf", "-inf"),
        ("f ≤ ½·x² … η → ∞, 3×", "f ≤ ½·x² … η → ∞, 3×", "f <= 1/2*x^2 ~ lr -> inf, 3x"),
        ("1e+100 and 2e-010", "1e100 and 2e−10", "1e100 and 2e-10"),
        ("字", "字", "?"),
    ],
)
def test_sentences_by_hand(sentence, braille, ascii_):
    assert typeset(sentence, BRAILLE) == braille
    assert typeset(sentence, ASCII) == ascii_


@given(st.text(max_size=30))
def test_plain_sentences_are_ascii(sentence):
    assert typeset(sentence, ASCII).isascii()


# The roundest number of an interval.


def places(value):
    """How many decimals a number needs; negative where it ends in zeros."""
    _, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    return -exponent if any(digits) else -math.inf


def fewest_places(low, high):
    """By brute force: the fewest decimals with which a number lies between two others."""
    for decimals in range(-160, 330):
        unit = Fraction(10) ** -decimals
        if math.floor(Fraction(high) / unit) * unit >= Fraction(low):
            return decimals
    raise AssertionError


ends = st.floats(-1e6, 1e6) | st.floats(-1e-3, 1e-3) | st.floats(-1e150, 1e150)


@given(ends, ends)
def test_the_roundest_number_lies_in_the_interval(low, high):
    assume(low < high)
    assert low <= roundest(low, high) <= high


@given(ends, st.floats(1e-9, 10.0))
def test_the_roundest_number_has_the_fewest_digits(low, relative):
    high = low + relative * abs(low)
    assume(low < high and not low <= 0 <= high and abs(low) > 1e-100)
    assert places(roundest(low, high)) <= fewest_places(low, high)


@given(st.floats(1e-6, 1e6), st.floats(1e-6, 1.0))
def test_the_mirror_image_is_as_round(low, relative):
    high = low * (1 + relative)
    assert roundest(-high, -low) == -roundest(low, high)


@pytest.mark.parametrize(
    ("low", "high", "round_"),
    [
        (-1.0, 2.0, 0.0),
        (0.0, 1.0, 0.0),
        (0.28, 0.32, 0.3),
        (0.68, 0.72, 0.7),
        (0.47, 0.56, 0.5),
        (0.13, 0.19, 0.15),
        (0.21, 0.26, 0.25),
        (-0.36, -0.27, -0.3),
        (119.0, 121.0, 120.0),
        (99.95, 100.04, 100.0),
        (1e8 + 0.2, 1e8 + 1.3, 1e8 + 1),
        (1.0000000000000002, 1.0000000000000009, 1.0000000000000004),
        (1.2e150, 1.7e150, 1.5e150),
        (3.3e-200, 3.9e-200, 3.5e-200),
    ],
)
def test_roundest_by_hand(low, high, round_):
    assert low <= round_ <= high
    assert roundest(low, high) == round_


@pytest.mark.parametrize(("low", "high"), [(1.0, 1.0), (2.0, 1.0), (math.nan, 1.0), (1.0, math.inf), (-math.inf, 0.0)])
def test_what_is_no_interval_gives_its_lower_end(low, high):
    got = roundest(low, high)
    assert got == low or (math.isnan(got) and math.isnan(low))


@given(st.floats(), st.floats())
def test_any_two_numbers_give_a_number(low, high):
    assert isinstance(roundest(low, high), float)


@every
def test_every_set_writes_every_number(glyphs):
    for value in (0.0, -1e-300, 1e308, math.inf, -math.inf, math.nan):
        assert number(value, glyphs)
        assert glyphs is not ASCII or number(value, glyphs).isascii()
