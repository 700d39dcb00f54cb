import numpy as np
import pytest

from curvtui.engine.descent.run import Run
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.optimizers.linear_algebra import solve
from curvtui.engine.surface.surface import Surface


def test_one_step_lands_in_the_minimum_of_a_quadratic():
    run = Run(Surface.from_formula("3*x**2 + 0.8*x*y + y**2"), RunSettings("newton"), [2.5, -2.0])
    run.step()
    np.testing.assert_allclose(run.x, [0.0, 0.0], atol=1e-12)


def test_half_the_learning_rate_goes_half_the_way():
    run = Run(Surface.from_formula("3*x**2 + 0.8*x*y + y**2"), RunSettings("newton", {"lr": 0.5}), [2.5, -2.0])
    run.step()
    np.testing.assert_allclose(run.x, [1.25, -1.0], rtol=1e-14)


@pytest.mark.parametrize("n", [1, 2, 3, 6])
def test_solve_agrees_with_lapack_and_marks_what_is_singular(n):
    generator = np.random.default_rng(n)
    matrices, vectors = generator.normal(size=(4, n, n)), generator.normal(size=(4, n))
    matrices[2] = 0.0
    result = solve(matrices, vectors)
    for index in (0, 1, 3):
        np.testing.assert_allclose(result[index], np.linalg.solve(matrices[index], vectors[index]), rtol=1e-9)
    assert np.isnan(result[2]).all()
    np.testing.assert_array_equal(solve(np.zeros((n, n)), np.zeros(n)), np.zeros(n))


@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1e160, 1e300])
def test_solve_neither_overflows_nor_underflows(scale):
    matrix = scale * np.array([[0.0, 2.0], [3.0, 1.0]])
    np.testing.assert_allclose(solve(matrix, scale * np.array([2.0, 4.0])), [1.0, 1.0], rtol=1e-14)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_solve_survives_what_is_not_finite(bad):
    for n in (1, 2, 3):
        assert np.isnan(solve(np.full((n, n), bad), np.ones(n))).all()
