"""Verdicts on hand-derived points, and their invariance under scaling of f and of x."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.curvature.second_derivative_test import (
    Verdict,
    ViewScale,
    criticality,
    second_derivative_test,
)
from curvtui.engine.curvature.spectrum import spectrum


def judge(hessian, gradient_norm=0.0, value=1.0, length=2.0):
    """Judge a point whose gradient has this norm, the same share of it along every axis."""
    matrix = np.array(hessian, float)
    gradient = np.full(len(matrix), gradient_norm / math.sqrt(len(matrix)))
    plain = spectrum(matrix)
    critical = criticality((0.0,) * len(matrix), gradient, plain, ViewScale(length)).critical
    return second_derivative_test(value, gradient_norm, plain, critical)


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


def near(hessian, gradient, view, point=(0.0, 0.0)):
    return criticality(point, np.array(gradient, float), spectrum(np.array(hessian, float)), view)


def test_every_direction_is_held_against_its_own_curvature():
    # x**2 + 1e-6*y**2 at (0, 0.2): far from its minimum, though the gradient is 1e-7 of the largest eigenvalue.
    narrow = [[2.0, 0.0], [0.0, 2e-6]]
    assert not near(narrow, [0.0, 4e-7], ViewScale(2.8, 2.0)).critical
    assert near(narrow, [0.0, 4e-14], ViewScale(2.8, 2.0)).critical


def test_a_displacement_makes_small_curvatures_undecidable():
    # (x*y - 1)**2 at (1 + d, 1): d off the valley floor, where the curvature along it is about 2d.
    d = 1e-8
    hessian = [[2.0, 2.0 + 4 * d], [2.0 + 4 * d, 2.0 + 4 * d]]
    found = near(hessian, [2 * d, 2 * d], ViewScale(2.8, 8.0))
    assert found.critical
    assert found.floor > abs(np.linalg.eigvalsh(hessian)[0])


def test_the_floor_is_nothing_where_the_gradient_vanishes():
    assert near([[2.0, 0.0], [0.0, 1e-3]], [0.0, 0.0], ViewScale(2.0, 30.0)).floor == 0


def test_the_rounding_of_the_point_is_no_distance():
    # At 1e9 neighbouring numbers lie 1e-7 apart: no iterate can come closer to the minimum than that.
    assert near([[2.0, 0.0], [0.0, 2.0]], [2e-7, 0.0], ViewScale(0.1), point=(1e9, 0.0)).critical


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_gradient_that_is_not_finite_is_not_zero(bad):
    assert not near([[2.0, 0.0], [0.0, 2.0]], [bad, 0.0], ViewScale(1.0)).critical


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
