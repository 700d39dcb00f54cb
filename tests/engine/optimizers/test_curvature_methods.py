"""The methods that use second derivatives, against brute force and closed forms."""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.descent.replay import run_from_dict, run_to_dict
from curvtui.engine.descent.run import Run
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.optimizers.hyperparameter import SettingError
from curvtui.engine.optimizers.oracle import Oracle
from curvtui.engine.optimizers.quadratic_model import Model, within
from curvtui.engine.surface.surface import Surface

ROSENBROCK = Surface.from_formula("(1 - x)**2 + 100*(y - x**2)**2")
SADDLE = Surface.from_formula("x**2 - y**2 + y**4")


def run_of(name, surface=ROSENBROCK, start=(-1.2, 1.0), steps=0, **values):
    run = Run(surface, RunSettings(name, values), list(start))
    run.step(steps)
    return run


def solve_region(matrix, gradient, radius):
    eigenvalues, eigenvectors = np.linalg.eigh(matrix)
    model = Model(eigenvectors.T @ gradient, eigenvalues, eigenvectors)
    with np.errstate(all="ignore"):
        best = within(model, np.array([radius]))
        return best, model.vector(best.lengths), float(model.reduction(best.lengths)[0])


def best_on_a_grid(matrix, gradient, radius):
    """The least model value over a fine polar grid of the disc."""
    angles = np.linspace(0, 2 * math.pi, 1441)
    lengths = radius * np.linspace(0, 1, 301)[:, None]
    p = np.stack((lengths * np.cos(angles), lengths * np.sin(angles)), -1)
    return float(np.min(p @ gradient + 0.5 * np.einsum("...i,ij,...j->...", p, matrix, p)))


numbers = st.one_of(st.just(0.0), st.floats(-5, 5).map(lambda v: round(v, 3)))


@settings(max_examples=80, deadline=None)
@given(numbers, numbers, numbers, numbers, numbers, st.floats(0.05, 3))
def test_the_region_is_solved_as_brute_force_solves_it(a, b, c, g, h, radius):
    matrix, gradient = np.array([[a, b], [b, c]]), np.array([g, h])
    best, p, reduction = solve_region(matrix, gradient, radius)
    scale = radius * np.abs(gradient).max() + radius**2 * np.abs(matrix).max()
    assert np.linalg.norm(p) <= radius * (1 + 1e-9)
    assert -reduction <= best_on_a_grid(matrix, gradient, radius) + 1e-9 * scale
    # Moré and Sorensen's conditions prove the optimum: (H + μI)p = −g, H + μI ⪰ 0, μ(radius − ‖p‖) = 0.
    multiplier = float(best.multiplier[0])
    size = np.abs(matrix).max() + abs(multiplier) + 1e-300
    np.testing.assert_allclose(matrix @ p + multiplier * p, -gradient, atol=1e-8 * (size * radius + 1))
    assert multiplier >= -1e-12 * size
    assert np.linalg.eigvalsh(matrix)[0] + multiplier >= -1e-9 * size
    assert multiplier * (radius - np.linalg.norm(p)) <= 1e-6 * size * radius


@pytest.mark.parametrize("tiny", [0.0, 1e-320, 1e-200, 1e-30, 1e-14])
def test_the_hard_case_and_what_is_close_to_it(tiny):
    # λ = −2 has (almost) no part of the gradient: the rest of the radius goes along it.
    best, p, reduction = solve_region(np.diag([-2.0, 1.0]), np.array([tiny, 3.0]), 5.0)
    assert abs(p[1]) == pytest.approx(1.0, rel=1e-12)
    assert np.linalg.norm(p) == pytest.approx(5.0, rel=1e-9)
    assert reduction == pytest.approx(3.0 - 0.5 + 24.0, rel=1e-9)
    assert bool(best.hard[0]) is (tiny < 1e-300)
    assert p[0] * tiny <= 0 or tiny == 1e-320  # that is rounded to none


@pytest.mark.parametrize("n", [1, 4, 6])
def test_the_region_in_n_variables_and_in_a_batch(n):
    generator = np.random.default_rng(n)
    half = generator.normal(size=(7, n, n))
    matrices, gradients = half + np.swapaxes(half, 1, 2), generator.normal(size=(7, n))
    eigenvalues, eigenvectors = np.linalg.eigh(matrices)
    model = Model(np.einsum("...ij,...i->...j", eigenvectors, gradients), eigenvalues, eigenvectors)
    with np.errstate(all="ignore"):
        together = model.vector(within(model, np.full((7, 1), 0.7)).lengths)
    random = generator.normal(size=(4000, n))
    random *= 0.7 * generator.uniform(size=(4000, 1)) ** (1 / n) / np.linalg.norm(random, axis=1, keepdims=True)
    for matrix, gradient, p in zip(matrices, gradients, together, strict=True):
        _, alone, _ = solve_region(matrix, gradient, 0.7)
        np.testing.assert_allclose(p, alone, rtol=1e-9, atol=1e-12)
        others = random @ gradient + 0.5 * np.einsum("...i,ij,...j->...", random, matrix, random)
        assert p @ gradient + 0.5 * p @ matrix @ p <= others.min() + 1e-12


@pytest.mark.parametrize("name", ["trust_region", "damped_newton"])
def test_accepted_and_rejected_steps_both_show_in_the_state(name):
    run, seen = run_of(name, start=(-1.2, 1.0)), set()
    for _ in range(40):
        x, f = run.x, run.value
        run.step()
        state = run.state
        taken = bool(state.accepted.all())
        seen.add(taken)
        np.testing.assert_array_equal(run.x, state.trial if taken else x)
        assert run.value <= f
        if run.value > 1e-20:
            assert float(state.actual[0]) == f - ROSENBROCK.value_at(state.trial.tolist())
            p = state.trial - x
            model = -ROSENBROCK.gradient(x) @ p - 0.5 * p @ ROSENBROCK.hessian(x) @ p
            assert float(state.predicted[0]) == pytest.approx(model, rel=1e-6)
    assert seen == {True, False}
    np.testing.assert_allclose(run.x, [1.0, 1.0], atol=1e-12)


def test_the_radius_is_earned():
    run = run_of("trust_region", radius=0.1, max_radius=0.5)
    for _ in range(30):
        radius = float(run.state.radius[0])
        run.step()
        state = run.state
        length = np.linalg.norm(state.trial - run.iterate(run.position - 1))
        assert float(state.tried_radius[0]) == radius
        assert length <= radius * (1 + 1e-9)
        ratio = float(state.actual[0] / state.predicted[0])
        if run.value < 1e-12:
            break
        new = float(state.radius[0])
        assert new <= 0.5
        if ratio < 0.25:
            assert new == pytest.approx(0.25 * length)
        elif ratio > 0.75 and length > radius * (1 - 1e-10):
            assert new == min(2 * radius, 0.5)
        else:
            assert new == radius


@pytest.mark.parametrize("name", ["trust_region", "saddle_free_newton", "damped_newton"])
def test_saddles_are_left(name):
    near = run_of(name, SADDLE, (0.5, 1e-3), 60)
    assert near.value == pytest.approx(-0.25, abs=1e-9)
    assert run_of("newton", SADDLE, (0.5, 1e-3), 60).value == pytest.approx(0.0, abs=1e-12)


def test_a_trust_region_leaves_the_saddle_itself():
    run = run_of("trust_region", SADDLE, (0.0, 0.0), 1)
    assert run.state.hard_case.all()
    assert run_of("trust_region", SADDLE, (0.0, 0.0), 40).value == pytest.approx(-0.25, abs=1e-12)


def test_saddle_free_newton_is_newton_with_positive_curvatures():
    bowl = Surface.from_formula("3*x**2 + 0.8*x*y + y**2")
    np.testing.assert_allclose(run_of("saddle_free_newton", bowl, (2.5, -2), 1).x, [0, 0], atol=1e-14)
    run = run_of("saddle_free_newton", Surface.from_formula("x**2 - 3*y**2"), (1.0, 0.5), 1)
    np.testing.assert_allclose(run.x, [0.0, 1.0], atol=1e-14)
    damped = run_of("saddle_free_newton", Surface.from_formula("x**2 - 3*y**2"), (1.0, 0.5), 1, damping=2.0)
    np.testing.assert_allclose(damped.x, [1 - 2 / 4, 0.5 + 3 / 8], rtol=1e-14)


def test_damped_newtons_first_step_has_the_shift():
    run = run_of("damped_newton", Surface.from_formula("x**2 - 3*y**2"), (1.0, 0.5), 1, damping=1.0)
    # s = 1 + 6: (2 + 7)p = −2 and (−6 + 7)p = 3.
    np.testing.assert_allclose(run.state.trial, [1 - 2 / 9, 0.5 + 3], rtol=1e-14)
    assert float(run.state.shift[0]) == 7.0


def test_gauss_newton_solves_linear_least_squares_in_one_step():
    run = run_of("gauss_newton", Surface.from_formula("(2*x + y - 3)**2 + 4*(x - y)**2 + (x + 1)**2/2"), (5, -7), 1)
    rows = np.array([[2, 1], [2, -2], [math.sqrt(0.5), 0]])
    expected = np.linalg.lstsq(rows, np.array([3, 0, -math.sqrt(0.5)]), rcond=None)[0]
    np.testing.assert_allclose(run.x, expected, rtol=1e-13)
    assert run.gradient_norm < 1e-12
    # One residual, two variables: the shortest step to the line.
    line = run_of("gauss_newton", Surface.from_formula("(x + 2*y - 5)**2"), (0, 0), 1)
    np.testing.assert_allclose(line.x, [1, 2], rtol=1e-13)


def test_gauss_newton_goes_over_into_newton_where_the_residuals_vanish():
    x = np.array([1 + 1e-5, 1 - 2e-5])
    one, other = run_of("gauss_newton", start=x, steps=1), run_of("newton", start=x, steps=1)
    assert np.linalg.norm(one.x - other.x) < 2e-2 * np.linalg.norm(one.x - x)
    assert run_of("gauss_newton", steps=5).gradient_norm < 1e-12


def test_adahessians_estimate_of_the_diagonal_is_unbiased():
    surface, x = Surface.from_formula("x**2 + 5*x*y + 2*y**4"), np.full((20_000, 2), 0.5)
    method = OPTIMIZERS["adahessian"]
    oracle = Oracle(surface, seed=3)
    oracle.begin(0)
    state = method.step(method.init(x, method.values()), oracle, method.values())
    mean = state.hessian_diagonal.mean(axis=0)
    np.testing.assert_allclose(mean, [2.0, 6.0], atol=5 * 5 / math.sqrt(20_000))
    assert set(np.unique(state.hessian_diagonal[:, 0])) == {-3.0, 7.0}


def test_adahessian_by_hand_on_a_diagonal_hessian():
    run = run_of("adahessian", Surface.from_formula("x**2 + 5*y**2"), (1.0, 1.0), 2, lr=0.1, weight_decay=0.2)
    x, m = np.ones(2), np.zeros(2)
    for t in (1, 2):
        g = np.array([2, 10]) * x
        m = 0.9 * m + 0.1 * g
        x = x - 0.1 * (m / (1 - 0.9**t) / (np.array([2, 10]) + 1e-4) + 0.2 * x)
    np.testing.assert_allclose(run.x, x, rtol=1e-12)


@pytest.mark.parametrize("name", ["newton", "damped_newton", "saddle_free_newton", "trust_region", "adahessian"])
def test_a_missing_hessian_is_said_before_the_first_step(name):
    kink = Surface.from_formula("abs(x)**1.5 + y**2")
    with pytest.raises(SettingError, match=rf"^{name} can't step from \(0, 1\): it needs the Hessian, which is undef"):
        Run(kink, RunSettings(name), [0.0, 1.0])
    run = run_of("gd", kink, (0.0, 1.0), 3, lr=0.1)
    before = run.settings
    with pytest.raises(SettingError, match="Hessian"):
        run.change(RunSettings(name))
    assert (run.settings, run.length) == (before, 3)


def test_gauss_newton_refuses_what_is_no_sum_of_squares():
    with pytest.raises(SettingError, match="it needs a sum of squares, and the term at column"):
        Run(Surface.from_formula("x**4 + y**4 - 4*x*y + 1"), RunSettings("gauss_newton"), [0.5, 0.5])
    with pytest.raises(SettingError, match="negative multiple"):
        Run(Surface.from_formula("x**2 - y**2"), RunSettings("gauss_newton"), [0.5, 0.5])


def test_a_start_that_is_no_point_ends_the_run_and_refuses_nothing():
    assert Run(ROSENBROCK, RunSettings("newton"), [math.nan, 1.0]).ended
    assert Run(Surface.from_formula("log(x)"), RunSettings("gauss_newton"), [-1.0]).ended


def test_a_restart_that_is_refused_changes_nothing():
    run = run_of("gd", Surface.from_formula("abs(x)**1.5 + (x - 1)**2"), (0.0,), 3, lr=0.1)
    run.change(RunSettings("newton"))
    run.step()
    with pytest.raises(SettingError):
        run.restart()
    assert run.position == 4
    again = run_from_dict(run.surface, json.loads(json.dumps(run_to_dict(run))))
    assert again.x.tolist() == run.x.tolist()
