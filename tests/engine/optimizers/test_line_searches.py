"""Line searches and the methods that live by them: the conditions, the known step counts, torch's decisions."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.descent.run import Run
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.optimizers.line_rules import Probe, cubic_minimum
from curvtui.engine.optimizers.linear_algebra import fused
from curvtui.engine.surface.surface import Surface

ROSENBROCK = Surface.from_formula("(1 - x)**2 + 100*(y - x**2)**2")
HIMMELBLAU = Surface.from_formula("(x**2 + y - 11)**2 + (x + y**2 - 7)**2")


def run_of(name, surface=ROSENBROCK, start=(-1.2, 1.0), steps=0, noise=0.0, **values):
    run = Run(surface, RunSettings(name, values, noise=noise), list(start))
    run.step(steps)
    return run


@pytest.mark.parametrize("search", [0, 1])
@pytest.mark.parametrize("surface", [ROSENBROCK, HIMMELBLAU])
def test_every_accepted_step_of_line_search_gd_meets_its_conditions(search, surface):
    run = run_of("line_search_gd", surface, line_search=search)
    for _ in range(40):
        x, f, g = run.x, run.value, run.gradient
        if run.gradient_norm < 1e-6:
            break  # differences of f are rounding from here on
        run.step()
        state = run.state
        t = float(state.step_size[0])
        assert state.accepted.all()
        np.testing.assert_allclose(run.x, x - t * g, rtol=1e-13)
        assert run.value <= f - 1e-4 * t * (g @ g)
        if search:
            assert abs(run.gradient @ g) <= 0.9 * (g @ g)
        else:
            # Backtracking takes the first trial that is good enough, and tries 1, ½, ¼, …
            np.testing.assert_array_equal(state.probe_steps, 0.5 ** np.arange(len(state.probe_steps)))
            refused = zip(state.probe_steps[:-1], state.probe_values[:-1], strict=True)
            assert all(not value <= f - 1e-4 * s * (g @ g) for s, value in refused)


@pytest.mark.parametrize(("name", "c2"), [("bfgs", 0.9), ("conjugate_gradient", 0.1)])
@pytest.mark.parametrize("surface", [ROSENBROCK, HIMMELBLAU])
def test_accepted_steps_meet_the_strong_wolfe_conditions(name, c2, surface):
    run, accepted = run_of(name, surface), 0
    for _ in range(15):
        f, g = run.value, run.gradient
        run.step()
        if run.state.accepted.all():
            accepted += 1
            d, t = run.state.direction, float(run.state.step_size[0])
            assert g @ d < 0
            assert run.value <= f + 1e-4 * t * (g @ d)
            assert abs(run.gradient @ d) <= -c2 * (g @ d)
    assert accepted >= 8


def test_the_probes_are_what_was_evaluated_and_counted():
    run = run_of("bfgs")
    values = gradients = 1
    for _ in range(12):
        x = run.x
        run.step()
        state = run.state
        values += len(state.probe_steps)
        gradients += len(state.probe_steps)
        for t, value in zip(state.probe_steps.tolist(), state.probe_values.tolist(), strict=True):
            assert value == pytest.approx(ROSENBROCK.value_at((x + t * state.direction).tolist()), rel=1e-9)
    assert run.evaluations == (values, gradients, 0, 0)


def test_what_cannot_descend_stays_says_so_and_asks_again():
    # −‖∇f‖² is no slope of f here: the noise is far stronger than f.
    run = run_of("line_search_gd", Surface.from_formula("1e-9*x**2"), [1.0], 30, noise=1.0)
    path = run.path.iterates[:, 0]
    assert not run.state.accepted.all() or (np.diff(path) == 0).any()
    assert run.position == 30
    rest = run_of("bfgs", Surface.from_formula("x**2"), [0.0], 3)
    assert (rest.x == 0).all()
    assert not rest.state.accepted.any()
    assert rest.state.probe_steps.size == 0
    assert rest.evaluations == (3, 3, 0, 0)


def test_a_probe_outside_the_domain_is_come_back_from():
    for name in ("bfgs", "conjugate_gradient", "line_search_gd"):
        run = run_of(name, Surface.from_formula("x - log(x)"), [0.01], 60)
        assert not run.ended
        np.testing.assert_allclose(run.x, [1.0], rtol=1e-4)


@given(st.floats(-3, 3), st.floats(0.1, 3), st.floats(-2, 2), st.floats(0.2, 3))
def test_the_cubic_is_minimized_where_it_is_a_parabola(centre, curvature, left, width):
    def at(t):
        return Probe(t, curvature * (t - centre) ** 2, 2 * curvature * (t - centre), 0)

    minimum = cubic_minimum(at(left + width), at(left), -10.0, 10.0)
    assert minimum == pytest.approx(centre, abs=1e-6)
    assert cubic_minimum(at(left), at(left + width), centre + 1, centre + 2) == centre + 1


def quadratic(n, seed=0):
    """A random convex quadratic in n of the letters that formulas may use, and its matrix."""
    generator = np.random.default_rng(seed)
    half = generator.normal(size=(n, n))
    return half @ half.T + 0.5 * np.eye(n)


class Parabola:
    """½ xᵀAx in n variables."""

    def __init__(self, matrix):
        self.matrix = matrix
        self.box = ((-2.0, 2.0),) * len(matrix)

    def value(self, x):
        return 0.5 * np.einsum("...i,ij,...j->...", x, self.matrix, x)

    def gradient(self, x):
        return x @ self.matrix

    def value_at(self, x):
        return float(self.value(np.array(x)))

    def gradient_at(self, x):
        return tuple(self.gradient(np.array(x)).tolist())

    def hessian_at(self, x):
        return tuple(map(tuple, self.matrix.tolist()))


@pytest.mark.parametrize("n", [2, 3, 5])
@pytest.mark.parametrize("seed", [0, 1])
def test_conjugate_gradients_solve_a_quadratic_in_n_exact_searches(n, seed):
    start = np.random.default_rng(seed + 9).uniform(-1, 1, n)
    run = run_of("conjugate_gradient", Parabola(quadratic(n, seed)), start, c2=1e-9)
    before = run.gradient_norm
    run.step(n - 1)
    assert run.gradient_norm > 1e-4 * before
    run.step()
    assert run.gradient_norm < 1e-6 * before
    # Directions of exact searches are conjugate: d₁ᵀA d₀ = 0.
    other = run_of("conjugate_gradient", Parabola(quadratic(n, seed)), start, 1, c2=1e-9)
    first = other.state.direction
    other.step()
    second = other.state.direction
    cosine = first @ quadratic(n, seed) @ second / np.linalg.norm(first) / np.linalg.norm(second)
    assert abs(cosine) < 1e-5


def test_a_direction_is_polak_and_ribieres():
    run, kept = run_of("conjugate_gradient", steps=1, restart=1000), 0
    for _ in range(8):
        before, g, d = run.state.previous_gradient, run.gradient, run.state.direction
        run.step()
        beta = max(0.0, g @ (g - before) / (before @ before))
        if (-g + beta * d) @ g >= 0:
            beta = 0.0  # it would not descend
        assert float(run.state.beta[0]) == pytest.approx(beta, rel=1e-9)
        np.testing.assert_allclose(run.state.direction, -g + beta * d, rtol=1e-9)
        kept += beta > 0
    assert kept >= 5


def test_conjugate_gradients_restart_as_asked():
    run = run_of("conjugate_gradient", steps=0, restart=3)
    restarted = []
    for _ in range(9):
        run.step()
        restarted.append(bool(run.state.restarted[0]))
    assert [restarted[0], restarted[3], restarted[6]] == [True] * 3
    assert not all(restarted)


def test_bfgs_learns_the_inverse_hessian_and_converges_superlinearly():
    matrix = quadratic(3)
    exact = run_of("bfgs", Parabola(matrix), [1.0, -0.7, 0.4], 4, c2=1e-9)
    # n exact searches on a quadratic: B = A⁻¹ (Nocedal and Wright, theorem 6.4).
    np.testing.assert_allclose(exact.state.inverse_hessian, np.linalg.inv(matrix), rtol=1e-4, atol=1e-5)
    run = run_of("bfgs", steps=60)
    errors = np.linalg.norm(run.path.iterates - 1.0, axis=1)
    errors = errors[: np.argmax(errors < 1e-12) + 1]
    assert errors[-1] < 1e-12
    assert errors[-1] / errors[-2] < errors[-4] / errors[-5] / 10


def test_bfgs_satisfies_the_secant_equation():
    run = run_of("bfgs", steps=5)
    x, g = run.x, run.gradient
    run.step()
    assert run.state.updated.all()
    np.testing.assert_allclose(run.state.inverse_hessian @ (run.gradient - g), run.x - x, rtol=1e-8)


TURNING = [
    "sam",
    "gradient_flow",
    "line_search_gd",
    "barzilai_borwein",
    "conjugate_gradient",
    "newton",
    "damped_newton",
    "saddle_free_newton",
    "trust_region",
    "bfgs",
]


@pytest.mark.parametrize("name", TURNING)
def test_turned_axes_turn_the_path(name):
    c, s = math.cos(0.7), math.sin(0.7)
    u, v = f"({c!r}*x + {s!r}*y)", f"({c!r}*y - {s!r}*x)"
    plain = run_of(name, Surface.from_formula("x**4 + 3*y**2 + x*y + y**3/5"), [0.8, -0.5], 12)
    turned_start = [c * 0.8 + s * 0.5, s * 0.8 - c * 0.5]
    turned = run_of(name, Surface.from_formula(f"{u}**4 + 3*{v}**2 + {u}*{v} + {v}**3/5"), turned_start, 12)
    x, y = turned.path.iterates.T
    np.testing.assert_allclose(np.stack((c * x + s * y, c * y - s * x), 1), plain.path.iterates, rtol=1e-6, atol=1e-8)


def test_lbfgs_remembers_no_more_than_it_may_and_survives_a_change_of_size():
    run = run_of("lbfgs", history_size=3, lr=0.1, steps=8)
    assert run.state.ro.shape == (3,)
    assert (run.state.ro > 0).all()
    rows = run.state.old_stps
    run.change(run.settings.with_values(history_size=5))
    run.step()
    assert run.state.ro.shape == (5,)
    np.testing.assert_array_equal(run.state.old_stps[1:4], rows)
    run.change(run.settings.with_values(history_size=1))
    run.step(5)
    assert run.state.ro.shape == (1,)


def test_lbfgs_rests_where_torchs_tolerance_says_so():
    run = run_of("lbfgs", Surface.from_formula("x**2 + y**2"), [1e-8, 0.0], 3)
    assert run.x.tolist() == [1e-8, 0.0]
    assert not run.state.accepted.any()


@settings(max_examples=200)
@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_fused_multiply_add_rounds_once(a, b, c):
    from fractions import Fraction

    exact = Fraction(a) * Fraction(b) + Fraction(c)
    with np.errstate(all="ignore"):
        result = float(fused(np.array([a]), np.array([b]), np.array([c]))[0])
    # Tiny products lose their last bits below the smallest number: they may be off by that much.
    assert abs(Fraction(result) - exact) <= Fraction(math.ulp(float(exact))) * Fraction(501, 1000) + Fraction(1e-300)
