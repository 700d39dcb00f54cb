import math
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from curvtui.tui.drawing.glyphs import ASCII, BRAILLE
from curvtui.tui.drawing.ticks import linear_ticks, log_ticks, nice_step, power_of_ten


@pytest.mark.parametrize(
    ("low", "high", "labels", "offset"),
    [
        (-2, 2, "-2 -1 0 1 2", ""),
        (-500, 500, "-400 -200 0 200 400", ""),
        (-1e8, 1e8, "-1e8 -5e7 0 5e7 1e8", ""),
        (0, 1e-9, "0 2e-10 4e-10 6e-10 8e-10 1e-9", ""),
        (0.0, 0.3, "0.00 0.05 0.10 0.15 0.20 0.25 0.30", ""),
        (1 - 5e-13, 1 + 5e-13, "-4e-13 -2e-13 0 2e-13 4e-13", "- 1"),
        (-1 - 1e-9, -1 + 1e-9, "-1e-9 -5e-10 0 5e-10", "+ 1"),
        (1e8, 1e8 + 10, "0 2 4 6 8 10", "- 100000000"),
        (-1e308, 1e308, "-1e308 -5e307 0 5e307 1e308", ""),
        (0, 1e-300, "0 2e-301 4e-301 6e-301 8e-301 1e-300", ""),
    ],
)
def test_labels_of_typical_boxes(low, high, labels, offset):
    ticks = linear_ticks(low, high, 6, ASCII)
    assert " ".join(ticks.labels) == labels
    assert ticks.offset == offset


def test_a_minus_sign_and_superscripts_where_there_are_any():
    assert linear_ticks(-2, 0, 2, BRAILLE).labels[0] == "−2"
    assert power_of_ten(-12, BRAILLE) == "10⁻¹²"
    assert power_of_ten(-12, ASCII) == "1e-12"


@given(st.floats(-1e6, 1e6), st.floats(1e-9, 1e7), st.integers(2, 12))
def test_labels_say_where_ticks_are(low, span, count):
    high = low + span
    assume(high - low > 1e-13 * max(abs(low), abs(high)))
    ticks = linear_ticks(low, high, count, ASCII)
    assert 2 <= len(ticks.labels) <= 2 * count + 4
    offset = Fraction(0)
    if ticks.offset:
        sign, number = ticks.offset.split()
        offset = Fraction(number) * (1 if sign == "-" else -1)
    for position, label in zip(ticks.positions, ticks.labels, strict=True):
        assert low <= position <= high
        assert abs(Fraction(label) + offset - Fraction(position)) <= Fraction(span) / 10**5 + Fraction(
            math.ulp(position)
        )
    assert list(ticks.positions) == sorted(set(ticks.positions))
    assert len(set(ticks.labels)) == len(ticks.labels)
    assert ticks.width <= 11


@given(st.floats(allow_nan=True, allow_infinity=True), st.floats(allow_nan=True, allow_infinity=True))
def test_any_range_survives(low, high):
    ticks = linear_ticks(low, high, 5, BRAILLE)
    assert all(low <= position <= high for position in ticks.positions)


@given(st.floats(1e-200, 1e200), st.integers(1, 20))
def test_nice_steps_are_one_two_or_five(span, count):
    step = nice_step(span, count)
    mantissa = step / 10 ** math.floor(math.log10(step) + 1e-9)
    assert min(abs(mantissa - nice) for nice in (1, 2, 5)) < 1e-6
    assert span / step <= count * (1 + 1e-6)


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (-2, 1, "1e-2 1e-1 1e0 1e1"),
        (-300, 300, "1e-200 1e0 1e200"),
        (-16, 0.3, "1e-15 1e-10 1e-5 1e0"),
        (-0.1, 0.2, "0.8 1.0 1.2 1.4"),
    ],
)
def test_logarithmic_labels(low, high, labels):
    ticks = log_ticks(low, high, 4, ASCII)
    assert " ".join(ticks.labels) == labels
    for position, label in zip(ticks.positions, ticks.labels, strict=True):
        assert position == pytest.approx(math.log10(float(label)), abs=1e-9)


@given(st.floats(-320, 308), st.floats(0, 600), st.integers(2, 8))
def test_any_logarithmic_range_survives(low, span, count):
    high = min(low + span, 308.25)
    ticks = log_ticks(low, high, count, BRAILLE)
    assert len(ticks.labels) <= 2 * count + 2
    assert all(low - 1e-6 <= position <= high + 1e-6 for position in ticks.positions)
