"""Learning-rate bounds against gradient descent itself on quadratics."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.curvature.spectrum import spectrum
from curvtui.engine.curvature.stability import contractions, stability, stability_limit

eigenvalues = st.lists(st.floats(0.01, 100), min_size=1, max_size=4)


def test_quadratic_of_the_worksheet():
    # 10x² + y²: H = diag(20, 2), κ = 10.
    s = stability(spectrum(np.diag([20.0, 2.0])))
    assert s.limit == pytest.approx(0.1)
    assert s.best_rate == pytest.approx(2 / 22)
    assert s.best_contraction == pytest.approx(9 / 11)


@pytest.mark.parametrize(("hessian", "limit"), [(np.diag([-4.0, 4.0]), 0.5), (np.diag([0.0, 4.0]), 0.5)])
def test_only_positive_definite_hessians_have_a_best_rate(hessian, limit):
    s = stability(spectrum(hessian))
    assert s.limit == limit
    assert s.best_rate is None
    assert s.best_contraction is None


def test_no_upward_curvature_sets_no_limit():
    assert stability(spectrum(np.diag([-3.0, -1.0]))).limit == math.inf
    assert stability(spectrum(np.zeros((2, 2)))).limit == math.inf


def test_undefined_hessian():
    s = stability(spectrum(np.full((2, 2), np.nan)))
    assert math.isnan(s.limit)
    assert s.best_rate is None


@pytest.mark.parametrize("sharpness", [5e-324, 1e-308, 1e308])
def test_extreme_sharpness_neither_raises_nor_becomes_zero(sharpness):
    assert stability_limit(sharpness) > 0
    assert stability(spectrum(np.diag([1e308, 1e308]))).best_rate == pytest.approx(1e-308)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(eigenvalues)
def test_descent_is_stable_below_the_limit_and_not_above(values):
    s = stability(spectrum(np.diag(values)))
    start = np.ones(len(values))

    def after(rate, steps=200):
        x = start.copy()
        for _ in range(steps):
            x = x - rate * np.array(values) * x
        return np.abs(x).max()

    assert after(0.99 * s.limit) <= 1
    assert after(1.05 * s.limit) > 1


@settings(max_examples=60, deadline=None, derandomize=True)
@given(eigenvalues)
def test_best_rate_contracts_as_promised_and_no_other_rate_does_better(values):
    s = stability(spectrum(np.diag(values)))
    promised = max(contractions(np.array(values), s.best_rate))
    assert promised == pytest.approx(s.best_contraction, abs=1e-12)
    for factor in (0.5, 0.9, 0.99, 1.01, 1.1):
        assert max(contractions(np.array(values), factor * s.best_rate)) >= promised - 1e-12


def test_contractions_by_hand():
    np.testing.assert_allclose(contractions(np.array([2.0, 20.0, -2.0]), 0.1), [0.8, 1.0, 1.2])
    assert np.isnan(contractions(np.array([math.nan]), 0.1)).all()
