"""Spectra against hand-derived eigenpairs, and the defining equations over random matrices."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from curvtui.engine.curvature.spectrum import eigenpairs, spectrum

entries = st.floats(-1e3, 1e3, allow_nan=False)
matrices = st.integers(1, 4).flatmap(lambda n: arrays(np.float64, (n, n), elements=entries))


def test_quartic_minimum_by_hand():
    s = spectrum(np.array([[12.0, -4.0], [-4.0, 12.0]]))
    np.testing.assert_allclose(s.eigenvalues, [8, 16], rtol=1e-14)
    np.testing.assert_allclose(s.eigenvectors, np.array([[1, 1], [1, -1]]) / math.sqrt(2), rtol=1e-14)
    assert (s.determinant, s.trace) == (128.0, 24.0)
    assert s.condition_number == pytest.approx(2, rel=1e-14)
    assert s.sharpness == pytest.approx(16, rel=1e-14)
    assert s.positive_definite


def test_diagonal_matrix_is_exact():
    s = spectrum(np.array([[20.0, 0.0], [0.0, 2.0]]))
    assert s.eigenvalues.tolist() == [2, 20]
    assert s.eigenvectors.tolist() == [[0, 1], [1, 0]]
    assert (s.determinant, s.trace, s.condition_number) == (40, 22, 10)


def test_condition_number_leaves_zero_eigenvalues_out():
    s = spectrum(np.diag([0.0, 1e-13, -2.0, 8.0]))
    assert s.condition_number == 4
    assert s.signs == (-1, 0, 0, 1)


def test_saddle_has_condition_number_of_magnitudes():
    s = spectrum(np.array([[0.0, -4.0], [-4.0, 0.0]]))
    assert s.signs == (-1, 1)
    assert s.condition_number == pytest.approx(1)
    assert s.determinant == -16
    assert not s.positive_definite


def test_zero_matrix_has_no_condition_number():
    s = spectrum(np.zeros((2, 2)))
    assert s.signs == (0, 0)
    assert math.isnan(s.condition_number)
    assert (s.determinant, s.trace, s.sharpness) == (0, 0, 0)


def test_one_variable():
    s = spectrum(np.array([[-3.0]]))
    assert (s.eigenvalues.tolist(), s.eigenvectors.tolist()) == ([-3], [[1]])
    assert (s.determinant, s.trace, s.condition_number, s.signs) == (-3, -3, 1, (-1,))


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_non_finite_entries_give_nan_throughout(bad):
    s = spectrum(np.array([[1.0, bad], [bad, 2.0]]))
    assert not s.defined
    assert s.signs == ()
    assert np.isnan(s.eigenvalues).all()
    assert np.isnan(s.eigenvectors).all()
    assert all(map(math.isnan, (s.determinant, s.trace, s.condition_number, s.sharpness, s.smallest)))
    assert not s.positive_definite


@pytest.mark.parametrize("scale", [1e-300, 1e-200, 1e200, 1e307])
def test_extreme_magnitudes_keep_their_spectrum(scale):
    s = spectrum(scale * np.array([[12.0, -4.0], [-4.0, 12.0]]))
    np.testing.assert_allclose(s.eigenvalues, [8 * scale, 16 * scale], rtol=1e-13)
    assert s.condition_number == pytest.approx(2, rel=1e-13)
    assert s.signs == (1, 1)


def test_arrays_are_read_only():
    s = spectrum(np.eye(2))
    with pytest.raises(ValueError, match="read-only"):
        s.eigenvalues[0] = 5


def test_floor_counts_small_eigenvalues_as_zero():
    assert spectrum(np.diag([1e-4, 1.0])).signs == (1, 1)
    assert spectrum(np.diag([1e-4, 1.0]), floor=1e-3).signs == (0, 1)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(matrices)
def test_defining_equations(matrix):
    s = spectrum(matrix)
    symmetric = (matrix + matrix.T) / 2
    values, rows = s.eigenvalues, s.eigenvectors
    scale = max(1.0, np.abs(symmetric).max())
    assert (np.diff(values) >= 0).all()
    np.testing.assert_allclose(rows @ symmetric, values[:, np.newaxis] * rows, atol=1e-10 * scale)
    np.testing.assert_allclose(rows @ rows.T, np.eye(len(values)), atol=1e-12)
    assert s.trace == pytest.approx(values.sum(), abs=1e-10 * scale)
    for row in rows:
        assert row[np.argmax(np.round(np.abs(row), 9))] > 0


@settings(max_examples=60, deadline=None, derandomize=True)
@given(matrices)
def test_the_sign_of_an_eigenvector_does_not_depend_on_its_computation(matrix):
    _, rows = eigenpairs(matrix)
    _, doubled = eigenpairs(4 * matrix)
    np.testing.assert_array_equal(rows, doubled)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(arrays(np.float64, (5, 2, 2), elements=entries), st.integers(0, 4))
def test_batch_equals_loop_and_nan_stays_in_its_matrix(batch, hole):
    batch[hole, 0, 1] = np.nan
    values, rows = eigenpairs(batch)
    for k, matrix in enumerate(batch):
        one_values, one_rows = eigenpairs(matrix)
        np.testing.assert_array_equal(values[k], one_values)
        np.testing.assert_array_equal(rows[k], one_rows)
        assert np.isnan(values[k]).all() == (k == hole)
