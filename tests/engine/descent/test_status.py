"""The rows of `descent` in the project's source facts, and what else a run can come to."""

import math

import numpy as np
import pytest

from curvtui.engine.descent.run import Run
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.descent.status import Status, judge
from curvtui.engine.surface.surface import Surface

PARABOLA = ("x**2", ((-10, 10),))
CIRCLES = ("x**2 + y**2", ((-2, 2), (-2, 2)))
SADDLE = ("x**2 - y**2", ((-2, 2), (-2, 2)))
QUARTIC = ("x**4 + y**4 - 4*x*y + 1", ((-2, 2), (-2, 2)))
RASTRIGIN = ("20 + x**2 - 10*cos(2*pi*x) + y**2 - 10*cos(2*pi*y)", ((-5.12, 5.12), (-5.12, 5.12)))


def run_of(surface, start, steps, optimizer="gd", noise=0.0, seed=0, **values):
    formula, box = surface if isinstance(surface, tuple) else (surface, None)
    run = Run(Surface.from_formula(formula, box), RunSettings(optimizer, values, noise=noise, seed=seed), start)
    run.step(steps)
    return run


def status_of(*arguments, **options):
    return judge(run_of(*arguments, **options)).status


def test_a_parabola_contracts_by_0_8_a_step_and_is_within_0_01_after_31():
    run = run_of(PARABOLA, [10], 40, lr=0.1)
    x = run.path.iterates[:, 0]
    np.testing.assert_allclose(x[1:] / x[:-1], 0.8, rtol=1e-12)
    assert int(np.argmax(np.abs(x) < 0.01)) == 31


def test_half_the_limit_arrives_in_one_step():
    run = run_of(PARABOLA, [10], 1, lr=0.5)
    assert run.x[0] == 0.0
    assert judge(run).status is Status.CONVERGED


@pytest.mark.parametrize(("rate", "converges"), [(0.01, True), (0.99, True), (1.01, False), (1.1, False)])
def test_a_parabola_converges_exactly_below_two_over_lambda_max(rate, converges):
    run = run_of(PARABOLA, [10], 3000, lr=rate)
    judged = judge(run)
    assert judged.status is (Status.CONVERGED if converges else Status.DIVERGED)
    if not converges:
        assert "f rises" in judged.sentence or "overflows" in judged.sentence
        assert "above 2/λ_max = 1" in judged.sentence


@pytest.mark.parametrize(
    ("rate", "status"),
    [(0.01, Status.RUNNING), (0.1, Status.CONVERGED), (0.5, Status.CONVERGED),
     (0.9, Status.CONVERGED), (1.1, Status.DIVERGED)],
)  # fmt: skip
def test_five_learning_rates_on_circles(rate, status):
    run = run_of(CIRCLES, [5, 5], 100, lr=rate)
    assert judge(run).status is status
    signs = np.sign(run.path.iterates[:5, 0])
    assert (signs[1:] * signs[:-1] < 0).all() == (rate > 0.5)
    assert (run.path.values[1] == 0) == (rate == 0.5)


def test_a_start_beside_a_saddle_is_stuck_there():
    judged = judge(run_of(SADDLE, [1e-10, 1e-10], 100, lr=0.01))
    assert judged.status is Status.STALLED
    assert "near a saddle" in judged.sentence


def test_noise_leaves_the_saddle_and_no_gradient_test_ends_the_run():
    at_start = run_of(SADDLE, [0, 0], 0, noise=0.1, lr=0.01)
    assert at_start.gradient_norm == 0.0
    assert judge(at_start).status is Status.RUNNING
    for seed in range(5):
        run = run_of(SADDLE, [0, 0], 300, noise=0.1, seed=seed, lr=0.01)
        assert run.position == 300
        assert abs(run.x[1]) > 0.05
    judged = judge(run_of(SADDLE, [0, 0], 1000, noise=0.1, lr=0.01))
    assert judged.status is Status.DIVERGED
    assert "unbounded below" in judged.sentence


def test_the_line_y_equals_minus_x_leads_into_the_quartics_saddle():
    run = run_of(QUARTIC, [0.5, -0.5], 1000, lr=0.01)
    assert judge(run).status is Status.STALLED
    np.testing.assert_allclose(run.x, 0.0, atol=1e-9)
    noisy = run_of(QUARTIC, [0.5, -0.5], 2000, noise=0.01, lr=0.01)
    np.testing.assert_allclose(np.abs(noisy.x), 1.0, atol=0.05)
    assert noisy.x[0] * noisy.x[1] > 0
    assert judge(noisy).status is Status.RUNNING


def test_four_starts_reach_different_minima_of_rastrigin():
    ends = set()
    for start in ([0.1, 0.1], [1.5, 1.5], [-0.5, 2.0], [2.5, -1.0]):
        run = run_of(RASTRIGIN, start, 2000, lr=0.001)
        ends.add(tuple(np.round(run.x).astype(int)))
    assert len(ends) == 4


def test_newton_needs_one_step_where_gradient_descent_zigzags_and_noise_unsettles_it():
    quadratic = ("3*x**2 + 0.8*x*y + y**2", ((-3, 3), (-3, 3)))
    assert status_of(quadratic, [2.5, -2.0], 1, "newton") is Status.CONVERGED
    zigzag = run_of(quadratic, [2.5, -2.0], 10, lr=0.3).path.iterates
    steps = np.diff(zigzag, axis=0)
    assert (np.sum(steps[1:] * steps[:-1], axis=1)[:5] < 0).all()
    noisy = run_of(quadratic, [2.5, -2.0], 50, "newton", noise=1.0)
    assert np.linalg.norm(noisy.path.iterates[5:], axis=1).max() > 0.3


@pytest.mark.parametrize("scale", [1e-100, 1e-6, 1.0, 1e6, 1e100])
def test_the_judgement_does_not_depend_on_the_scale_of_f_or_of_the_view(scale):
    for x_scale in (1e-3, 1.0, 1e3):
        box = ((-2 * x_scale, 2 * x_scale),) * 2
        formula = f"{scale!r}*((x/{x_scale})**2 + 3*(y/{x_scale})**2)"
        rate = 0.1 * x_scale**2 / scale
        run = run_of((formula, box), [x_scale, x_scale], 300, lr=rate)
        assert judge(run).status is Status.CONVERGED
        run.jump(3)
        assert judge(run).status is Status.RUNNING


@pytest.mark.parametrize(
    ("formula", "start", "status", "words"),
    [
        ("-x**2 - y**2", [0, 0], Status.STALLED, "maximum"),
        ("x**3 - 3*x*y**2", [0, 0], Status.STALLED, "lower close by"),
        ("x**4 + y**4", [0, 0], Status.CONVERGED, "no lower value"),
        ("x**2 - y**4", [0, 0], Status.STALLED, "lower close by"),
        ("x**2 + y**4", [0, 0], Status.CONVERGED, "no lower value"),
        ("(x*y - 1)**2", [1, 1], Status.CONVERGED, "no lower value"),
        ("x**3", [0], Status.STALLED, "lower close by"),
        ("exp(x)", [0], Status.RUNNING, "step 0"),
        ("1e-9*x + 3", [0], Status.RUNNING, "step 0"),
    ],
)
def test_critical_points(formula, start, status, words):
    judged = judge(run_of(formula, start, 0))
    assert judged.status is status
    assert words in judged.sentence


@pytest.mark.parametrize(
    ("formula", "start", "options", "status", "words"),
    [
        ("sqrt(x)", [0.1], {"lr": 0.1}, Status.UNDEFINED, "left the domain"),
        ("log(x)", [1.0], {"lr": 2.0}, Status.UNDEFINED, "last finite point is (1) at step 0"),
        ("log(x)", [-1.0], {}, Status.UNDEFINED, "undefined at the start"),
        ("x**2", [math.inf], {}, Status.UNDEFINED, "not finite"),
        ("x**2", [1e200], {}, Status.DIVERGED, "overflows at the start"),
        ("(x + y)**2 + x", [1.0, 1.0], {"optimizer": "newton"}, Status.UNDEFINED, "Hessian is singular"),
        ("exp(x) + x", [1000.0], {}, Status.DIVERGED, "overflows at the start"),
        ("x**2", [10.0], {"lr": 1e200}, Status.DIVERGED, "overflows"),
        ("-exp(x)", [1.0], {"lr": 1.0}, Status.DIVERGED, "overflows"),
        ("-x**2", [1.0], {"lr": 0.1}, Status.DIVERGED, "unbounded below"),
        ("x**2", [1.0], {"lr": 1e-30}, Status.STALLED, "does not move"),
        ("x**2", [1.0], {"lr": 0.0}, Status.STALLED, "does not move"),
    ],
)
def test_ways_to_end(formula, start, options, status, words):
    run = run_of(formula, start, 10_000, **options)
    judged = judge(run)
    assert judged.status is status
    assert words in judged.sentence
    assert "\n" not in judged.sentence


def test_a_run_that_has_ended_is_running_again_one_step_earlier():
    run = run_of("sqrt(x)", [0.5], 100, lr=0.1)
    assert judge(run).status is Status.UNDEFINED
    run.back()
    assert judge(run).status is Status.RUNNING


def test_a_point_that_rests_between_bounces_is_not_stuck():
    # gd with lr = 1/λ·2 jumps from side to side for ever: it moves, so it neither stalls nor converges.
    assert status_of(PARABOLA, [1.0], 500, lr=1.0) is Status.RUNNING
