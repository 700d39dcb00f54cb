"""Curvature over a grid against LAPACK, hand-made quadratics and finite differences."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.curvature.spectrum import spectrum
from curvtui.engine.sampling.curvature_map import CurvatureSign, curvature_map, curvature_signs, eigenvalues_2x2
from curvtui.engine.surface.presets import PRESETS
from curvtui.engine.surface.surface import Surface

XS, YS = np.linspace(-2, 2, 9), np.linspace(1.5, -1.5, 7)
entries = st.one_of(st.floats(-1e3, 1e3), st.sampled_from([0.0, 1.0, -1.0, 1e150, -1e-150, 1e300, -1e300, 1e-300]))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(entries, entries, entries)
def test_eigenvalues_are_those_of_lapack(a, b, d):
    matrix = np.array([[a, b], [b, d]])
    low, high = eigenvalues_2x2(matrix)
    size = np.abs(matrix).max() or 1.0
    expected = np.linalg.eigvalsh(matrix / size)
    assert low <= high
    np.testing.assert_allclose([low / size, high / size], expected, atol=1e-14)


def test_a_small_eigenvalue_keeps_its_digits():
    # λ = 1 + 1e-12 ± 1 of [[1, 1], [1, 1 + ε]] lies at ε/2 for small ε.
    low, high = eigenvalues_2x2(np.array([[1.0, 1.0], [1.0, 1.0 + 2.0**-40]]))
    assert low == pytest.approx(2.0**-41, rel=1e-9)
    assert high == pytest.approx(2.0, rel=1e-9)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_hessians_that_are_not_finite_have_no_eigenvalues(bad):
    values = eigenvalues_2x2(np.array([[[1.0, bad], [bad, 1.0]], [[bad, 0.0], [0.0, 1.0]], [[2.0, 0.0], [0.0, 3.0]]]))
    np.testing.assert_array_equal(values, [[math.nan, math.nan, 2.0], [math.nan, math.nan, 3.0]])


@pytest.mark.parametrize(
    ("low", "high", "sign"),
    [
        (1.0, 2.0, CurvatureSign.POSITIVE),
        (-1.0, 2.0, CurvatureSign.INDEFINITE),
        (-2.0, -1.0, CurvatureSign.NEGATIVE),
        (0.0, 3.0, CurvatureSign.TROUGH),
        (1e-14, 3.0, CurvatureSign.TROUGH),
        (-1e-14, 3.0, CurvatureSign.TROUGH),
        (-3.0, 1e-14, CurvatureSign.RIDGE),
        (0.0, 0.0, CurvatureSign.PLANE),
        (1e-300, 1e-300, CurvatureSign.POSITIVE),
        (math.nan, math.nan, CurvatureSign.UNDEFINED),
    ],
)
def test_signs(low, high, sign):
    assert curvature_signs(np.array([low]), np.array([high])).tolist() == [sign]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.floats(-9, 9), st.floats(-9, 9), st.floats(-9, 9))
def test_a_quadratic_is_the_same_everywhere(a, b, d):
    surface = Surface.from_formula(f"{a}*x**2/2 + {b}*x*y + {d}*y**2/2")
    found = curvature_map(surface, XS, YS)
    expected = np.linalg.eigvalsh([[a, b], [b, d]])
    assert found.smallest.shape == (7, 9)
    np.testing.assert_allclose(found.smallest, expected[0], atol=1e-12)
    np.testing.assert_allclose(found.largest, expected[1], atol=1e-12)
    x, y = np.meshgrid(XS, YS)
    np.testing.assert_allclose(found.slope, np.hypot(a * x + b * y, b * x + d * y), atol=1e-12)


@pytest.mark.parametrize("name", ["peaks", "himmelblau", "rastrigin", "log_barrier"])
def test_a_map_agrees_with_the_spectrum_point_by_point(name):
    surface = Surface.from_preset(PRESETS[name])
    xs, ys = (np.linspace(*side, count) for side, count in zip(surface.box, (11, 8), strict=True))
    found = curvature_map(surface, xs, ys)
    for j, y in enumerate(ys.tolist()):
        for i, x in enumerate(xs.tolist()):
            one = spectrum(np.array(surface.hessian_at((x, y))))
            if not one.defined:
                assert found.signs[j, i] == CurvatureSign.UNDEFINED
                assert math.isnan(found.smallest[j, i])
                continue
            values = (found.smallest[j, i], found.largest[j, i])
            np.testing.assert_allclose(values, one.eigenvalues, rtol=1e-9, atol=1e-12 * one.norm)
            assert (found.signs[j, i] == CurvatureSign.POSITIVE) == one.positive_definite
            if not any(one.zero):
                assert found.condition[j, i] == pytest.approx(one.condition_number, rel=1e-6)


def test_the_condition_number_where_an_eigenvalue_vanishes():
    found = curvature_map(Surface.from_formula("x**2 + y**4"), [1.0], [0.0, 1.0])
    assert found.condition[:, 0].tolist() == [math.inf, 6.0]
    assert found.signs[:, 0].tolist() == [CurvatureSign.TROUGH, CurvatureSign.POSITIVE]
    flat = curvature_map(Surface.from_formula("x + y"), [0.0], [0.0])
    assert math.isnan(flat.condition[0, 0])
    assert flat.slope[0, 0] == pytest.approx(math.sqrt(2))
