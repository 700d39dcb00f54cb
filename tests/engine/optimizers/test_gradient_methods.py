"""SAM, perturbed gradient descent, Barzilai–Borwein and the gradient flow, by hand and in closed form."""

import math

import numpy as np
import pytest

from curvtui.engine.descent.run import Run
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.optimizers.oracle import Oracle
from curvtui.engine.optimizers.perturbed_gd import in_unit_ball
from curvtui.engine.optimizers.sam import BASES
from curvtui.engine.surface.surface import Surface

QUARTIC = Surface.from_formula("x**4 + y**4 - 4*x*y + 1")
SADDLE = Surface.from_formula("x**2 - y**2 + y**4")


def run_of(name, surface=QUARTIC, start=(0.5, -0.4), steps=0, noise=0.0, **values):
    run = Run(surface, RunSettings(name, values, noise=noise), list(start))
    run.step(steps)
    return run


def test_sam_steps_by_the_gradient_at_the_worst_point():
    run = run_of("sam", steps=1, lr=0.1, rho=0.2)
    x = np.array([0.5, -0.4])
    g = QUARTIC.gradient(x)
    worst = QUARTIC.gradient(x + 0.2 * g / np.linalg.norm(g))
    np.testing.assert_allclose(run.x, x - 0.1 * worst, rtol=1e-14)
    np.testing.assert_allclose(run.state.gradient, g, rtol=1e-14)
    np.testing.assert_allclose(run.state.worst_gradient, worst, rtol=1e-14)
    assert run.evaluations.gradient == 2


@pytest.mark.parametrize("base", [each.name for each in BASES])
def test_sam_without_a_radius_is_its_base(base):
    run = run_of("sam", steps=20, lr=0.02, rho=0.0, base=base, weight_decay=0.1)
    plain = run_of(base, steps=20, lr=0.02, weight_decay=0.1)
    np.testing.assert_array_equal(run.x, plain.x)


def test_both_gradients_of_sam_have_the_same_noise():
    linear = Surface.from_formula("3*x + y")
    run = run_of("sam", linear, (0.0, 0.0), 1, noise=0.5, lr=0.1)
    np.testing.assert_array_equal(run.state.gradient, run.state.worst_gradient)
    assert run.state.gradient.tolist() != [3.0, 1.0]


def test_another_base_of_sam_starts_with_empty_buffers():
    run = run_of("sam", steps=5, lr=0.02, base="momentum")
    run.change(run.settings.with_values(base="adam"))
    run.step(3)
    assert run.state.base_state.step == 3
    assert run.state.step == 8


def test_sam_at_a_critical_point_stays():
    assert run_of("sam", Surface.from_formula("x**2 + y**2"), (0.0, 0.0), 2, lr=0.1).x.tolist() == [0.0, 0.0]


def test_a_perturbation_comes_only_when_the_gradient_is_small_and_the_wait_is_over():
    run = run_of("perturbed_gd", SADDLE, (0.0, 0.0), lr=0.01, radius=1e-4, threshold=1e-2, wait=7)
    pushes = []
    for _ in range(40):
        small = run.gradient_norm <= 1e-2
        x = run.x
        run.step()
        push = run.state.perturbation
        if push.any():
            pushes.append(run.position)
            assert small
            assert np.linalg.norm(push) <= 1e-4
            np.testing.assert_allclose(run.x, x + push - 0.01 * SADDLE.gradient(x + push), rtol=1e-12)
        else:
            np.testing.assert_allclose(run.x, x - 0.01 * SADDLE.gradient(x), rtol=1e-12)
    assert pushes == [1, 8, 15, 22, 29, 36]
    assert run.evaluations.gradient == 46


def test_perturbed_gd_leaves_the_saddle_that_gd_stays_on():
    assert run_of("gd", SADDLE, (0.5, 0.0), 2000, lr=0.05).value == pytest.approx(0.0)
    assert run_of("perturbed_gd", SADDLE, (0.5, 0.0), 2000, lr=0.05).value == pytest.approx(-0.25, abs=1e-3)


@pytest.mark.parametrize("n", [1, 2, 5])
def test_perturbations_are_uniform_in_the_ball(n):
    oracle = Oracle(QUARTIC, seed=1)
    points = in_unit_ball(oracle, (20_000, n))
    radius = np.linalg.norm(points, axis=1)
    assert radius.max() <= 1 + 1e-12
    assert abs(np.mean(radius < 0.5) - 0.5**n) < 0.02
    assert np.abs(points.mean(axis=0)).max() < 0.02


@pytest.mark.parametrize(("form", "second"), [("long", 0), ("short", 1), ("alternate", 1)])
def test_barzilai_borweins_steps_by_hand(form, second):
    bowl = Surface.from_formula("10*x**2 + y**2")
    run = run_of("barzilai_borwein", bowl, (1.0, 1.0), 1, form=form, initial_step=0.01)
    np.testing.assert_allclose(run.x, [0.8, 0.98], rtol=1e-14)
    s = np.array([-0.2, -0.02])
    y = np.array([20.0, 2.0]) * s
    sizes = {"long": s @ s / (s @ y), "short": s @ y / (y @ y), "alternate": s @ s / (s @ y)}
    run.step()
    assert float(run.state.step_size[0]) == pytest.approx(sizes[form], rel=1e-12)
    s, y = run.state.displacement, np.array([20.0, 2.0]) * run.state.displacement
    run.step()
    expected = s @ y / (y @ y) if second else s @ s / (s @ y)
    assert float(run.state.step_size[0]) == pytest.approx(expected, rel=1e-12)
    run.step(60)
    assert run.gradient_norm < 1e-8


def test_barzilai_borwein_descends_where_the_curvature_is_negative():
    run = run_of("barzilai_borwein", Surface.from_formula("-x**2"), [1.0], 3)
    assert (np.diff(run.path.values) < 0).all()


def test_the_flow_of_a_quadratic_in_closed_form():
    matrix = np.array([[6.0, 0.8], [0.8, 2.0]])
    run = run_of("gradient_flow", Surface.from_formula("3*x**2 + 0.8*x*y + y**2"), (2.0, -1.5), lr=0.3)
    eigenvalues, eigenvectors = np.linalg.eigh(matrix)
    for k in range(1, 12):
        run.step()
        decay = eigenvectors @ np.diag(np.exp(-eigenvalues * 0.3 * k)) @ eigenvectors.T
        np.testing.assert_allclose(run.x, decay @ [2.0, -1.5], atol=1e-9)
        assert float(run.state.remaining[0]) == 0.0
    assert float(run.state.time[0]) == pytest.approx(3.3)


@pytest.mark.parametrize(
    ("formula", "start", "exact"),
    [
        ("x**4/4", 2.0, lambda t: 2 / math.sqrt(1 + 8 * t)),
        ("-x**2/2", 0.1, lambda t: 0.1 * math.exp(t)),
        ("exp(x)", 0.0, lambda t: -math.log1p(t)),
        ("500*x**2", 1.0, lambda t: math.exp(-1000 * t)),
    ],
)
def test_flows_in_one_variable(formula, start, exact):
    run = run_of("gradient_flow", Surface.from_formula(formula), [start], 4, lr=0.5)
    for k, (x,) in enumerate(run.path.iterates):
        assert x == pytest.approx(exact(0.5 * k), abs=1e-9)


def test_the_flow_is_the_limit_of_gradient_descent_and_does_not_depend_on_the_cut():
    whole = run_of("gradient_flow", steps=1, lr=1.0).x
    np.testing.assert_allclose(run_of("gradient_flow", steps=16, lr=1 / 16).x, whole, atol=1e-9)
    errors = [np.linalg.norm(run_of("gd", steps=k, lr=1 / k).x - whole) for k in (1000, 2000)]
    assert errors[1] < 0.52 * errors[0] < 1e-3


def test_a_flow_that_is_too_stiff_says_what_is_left():
    run = run_of("gradient_flow", Surface.from_formula("1e6*x**2 + y**2"), (1.0, 1.0), 1, lr=10.0)
    left = float(run.state.remaining[0])
    assert 0 < left < 10
    assert float(run.state.kept[0] + run.state.rejected[0]) == 2000
    assert run.x[1] == pytest.approx(math.exp(-2 * (10 - left)), abs=1e-9)


def test_inner_steps_are_counted():
    state = run_of("gradient_flow", steps=1, lr=0.7)
    inner = int(state.state.kept[0] + state.state.rejected[0])
    assert state.evaluations.gradient == 1 + 6 * inner


def test_no_method_beyond_the_first_order_family_needs_lone_points():
    assert all(optimizer.batched for optimizer in OPTIMIZERS.values())
