"""Verdicts on hand-derived points, and their invariance under scaling of f and of x."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.curvature.second_derivative_test import (
    Verdict,
    ViewScale,
    is_critical,
    second_derivative_test,
    undecidable_curvature,
)
from curvtui.engine.curvature.spectrum import spectrum


def judge(hessian, gradient_norm=0.0, value=1.0, length=2.0):
    return second_derivative_test(value, gradient_norm, spectrum(np.array(hessian, float)), length)


@pytest.mark.parametrize(
    ("hessian", "verdict", "words"),
    [
        ([[12, -4], [-4, 12]], Verdict.MINIMUM, "positive (8, 16)"),
        ([[-2, 0], [0, -6]], Verdict.MAXIMUM, "negative (-6, -2)"),
        ([[0, -4], [-4, 0]], Verdict.SADDLE, "both signs (-4, 4)"),
        ([[0, 0], [0, 0]], Verdict.DEGENERATE, "zero Hessian"),
        ([[2, 0], [0, 0]], Verdict.DEGENERATE, "(0, 2); no maximum"),
        ([[-2, 0], [0, 0]], Verdict.DEGENERATE, "(-2, 0); no minimum"),
        ([[2]], Verdict.MINIMUM, "second derivative is positive (2)"),
        ([[-2]], Verdict.MAXIMUM, "second derivative is negative (-2)"),
        ([[0]], Verdict.DEGENERATE, "inflection"),
        ([[1, 0, 0], [0, -1, 0], [0, 0, 0]], Verdict.SADDLE, "(-1, 0, 1)"),
    ],
)
def test_critical_points(hessian, verdict, words):
    judgement = judge(hessian)
    assert judgement.verdict is verdict
    assert words in judgement.sentence
    assert judgement.sentence.endswith(".")


def test_a_slope_is_not_critical_and_its_size_is_told():
    judgement = judge([[2, 0], [0, 2]], gradient_norm=13.5)
    assert judgement.verdict is Verdict.NOT_CRITICAL
    assert "13.5" in judgement.sentence
    assert judge([[0, 0], [0, 0]], gradient_norm=1e-30, value=0).verdict is Verdict.NOT_CRITICAL


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_non_finite_numbers_are_undefined(bad):
    assert judge([[1, 0], [0, 1]], value=bad).verdict is Verdict.UNDEFINED
    assert judge([[1, 0], [0, 1]], gradient_norm=bad).verdict is Verdict.UNDEFINED
    assert judge([[bad, 0], [0, 1]]).verdict is Verdict.UNDEFINED


def test_a_gradient_below_the_rounding_of_the_value_is_zero():
    # Next to 1e8 a change of 1e-9 over the whole view is not representable.
    assert is_critical(1e8, 1e-9, 0.0, 2.0)
    assert not is_critical(1.0, 1e-9, 0.0, 2.0)


powers = st.integers(-200, 200)
hessians = st.sampled_from(
    [
        [[12.0, -4.0], [-4.0, 12.0]],
        [[0.0, -4.0], [-4.0, 0.0]],
        [[3.0, 0.0], [0.0, 0.0]],
        [[-1.0, 0.0], [0.0, -1e-3]],
    ]
)
gradients = st.sampled_from([0.0, 1e-9, 3e-7, 1e-5, 0.3, 20.0])


@settings(max_examples=150, deadline=None, derandomize=True)
@given(hessians, gradients, st.floats(-50, 50), powers)
def test_multiplying_the_function_changes_no_verdict(hessian, gradient, value, power):
    factor = 10.0**power
    plain = judge(hessian, gradient, value)
    scaled = judge(factor * np.array(hessian), factor * gradient, factor * value)
    assert scaled.verdict is plain.verdict


@settings(max_examples=150, deadline=None, derandomize=True)
@given(hessians, gradients, st.floats(-50, 50), st.integers(-90, 90))
def test_stretching_the_variables_with_the_view_changes_no_verdict(hessian, gradient, value, power):
    stretch = 10.0**power
    plain = judge(hessian, gradient, value, length=2.0)
    scaled = judge(np.array(hessian) / stretch**2, gradient / stretch, value, length=2.0 * stretch)
    assert scaled.verdict is plain.verdict


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.floats(1e-9, 1), powers, st.integers(-60, 60))
def test_undecidable_curvature_scales_like_a_hessian(gradient, power, stretch_power):
    factor, stretch = 10.0**power, 10.0**stretch_power
    plain = undecidable_curvature(gradient, 5.0, ViewScale(2.0, 30.0))
    c = factor / stretch**2
    if not 1e-250 < c < 1e250:
        return
    scaled = undecidable_curvature(factor * gradient / stretch, 5.0 * c, ViewScale(2.0 * stretch, 30.0 * c))
    assert scaled == pytest.approx(plain * c, rel=1e-9)


def test_undecidable_curvature_is_nothing_where_the_gradient_vanishes():
    assert undecidable_curvature(0.0, 5.0, ViewScale(2.0, 30.0)) == 0
    assert undecidable_curvature(1.0, 0.0, ViewScale(2.0, 30.0)) == 0
