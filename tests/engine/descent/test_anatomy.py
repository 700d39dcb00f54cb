import math
import warnings

import numpy as np
import pytest

from curvtui.engine.descent.anatomy import anatomy_of
from curvtui.engine.descent.run import Run
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.optimizers.oracle import Evaluations
from curvtui.engine.optimizers.schedule import parse_schedule
from curvtui.engine.surface.surface import Surface, open_surface

SQUARES = Surface.from_formula("(x**2 - y)**2 + (x - 1)**2")
SURFACES = {
    "rosenbrock": (open_surface("rosenbrock"), (-1.2, 1.0)),
    "himmelblau": (open_surface("himmelblau"), (1.0, 1.0)),
    "saddle": (Surface.from_formula("x**2 - y**2 + 0.1*y**4"), (0.5, 0.1)),
    "one": (Surface.from_formula("(x**2 - 1)**2"), (1.7,)),
}
every = pytest.mark.parametrize("name", list(OPTIMIZERS))


def run_of(name, surface=SQUARES, start=(0.5, -0.4), values=None, **options):
    return Run(surface, RunSettings(name, values or {}, **options), start)


def leaves(state):
    return [leaf for part in state for leaf in (leaves(part) if isinstance(part, tuple) else [part])]


def same_bits(one, other):
    assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(leaves(one), leaves(other), strict=True))


def central(surface, x, h=1e-6):
    """∇f by central differences."""
    unit = np.eye(len(x))
    return np.array([(surface.value_at(x + h * e) - surface.value_at(x - h * e)) / (2 * h) for e in unit])


def curvature(surface, x, h=1e-4):
    """H by central differences of values only."""
    moves, f = np.eye(len(x)) * h, surface.value_at
    mixed = [[f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b) for b in moves] for a in moves]
    return np.array(mixed) / (4 * h * h)


@pytest.mark.parametrize("place", SURFACES)
@every
def test_a_step_taken_apart_is_the_step_that_comes_and_leaves_the_run_alone(name, place):
    surface, start = SURFACES[place]
    noise = 0.05 if place == "himmelblau" else 0.0
    try:
        run, untouched = (Run(surface, RunSettings(name, noise=noise, seed=2), start) for _ in range(2))
    except ValueError:
        assert name == "gauss_newton"
        return
    for _ in range(6):
        before = run.position, run.length, run.evaluations, run.version, run.key, run.segments
        x, value = run.x.copy(), run.value
        anatomy = anatomy_of(run)
        assert (run.position, run.length, run.evaluations, run.version, run.key, run.segments) == before
        assert (anatomy.position, anatomy.method) == (run.position, name)
        spent = run.evaluations
        run.step()
        untouched.step()
        same_bits(run.state, untouched.state)
        assert run.evaluations == untouched.evaluations
        np.testing.assert_array_equal(anatomy.x, x)
        np.testing.assert_array_equal(anatomy.reached, run.x)
        np.testing.assert_array_equal(anatomy.update, run.x - x)
        assert anatomy.cost == Evaluations(*(a - b for a, b in zip(run.evaluations, spent, strict=True)))
        assert anatomy.actual == run.value - value
        # Against differences of values.
        slope = central(surface, x)
        size = 1.0 + np.abs(slope).max()
        np.testing.assert_allclose(anatomy.gradient, slope, atol=1e-6 * size)
        matrix, step = curvature(surface, x), anatomy.update
        length = float(np.linalg.norm(step))
        assert anatomy.linear == pytest.approx(float(slope @ step), abs=1e-6 * size * (length + 1e-12))
        bend = 1e-5 * (1.0 + np.abs(matrix).max()) * length * length
        expected = float(slope @ step + 0.5 * step @ matrix @ step)
        assert anatomy.quadratic == pytest.approx(expected, abs=1e-6 * size * length + bend + 1e-12)
        if anatomy.newton is not None:
            assert np.abs(matrix @ anatomy.newton + slope).max() <= 1e-4 * size * (1.0 + np.abs(anatomy.newton).max())
        if anatomy.from_gradient is not None:
            np.testing.assert_allclose(anatomy.from_gradient + anatomy.from_memory, step, rtol=1e-12, atol=1e-14)
        if length and np.linalg.norm(slope) > 1e-3:
            cosine = -float(step @ slope) / length / float(np.linalg.norm(slope))
            assert anatomy.cosine == pytest.approx(cosine, abs=1e-4)


def test_the_models_word_is_right_to_second_order():
    run = run_of("gd", values={"lr": 1e-4})
    anatomy = anatomy_of(run)
    assert abs(anatomy.actual - anatomy.quadratic) < 1e-3 * abs(anatomy.actual - anatomy.linear)


def test_momentums_parts_by_hand():
    run = run_of("momentum", values={"lr": 0.01, "momentum": 0.8, "dampening": 0.25, "weight_decay": 0.5})
    assert anatomy_of(run).from_gradient is None  # nothing is remembered yet
    run.step(4)
    anatomy, buffer = anatomy_of(run), run.state.momentum_buffer
    np.testing.assert_allclose(anatomy.from_memory, -0.01 * 0.8 * buffer, rtol=1e-12)
    np.testing.assert_allclose(anatomy.from_gradient, -0.01 * 0.75 * (run.gradient + 0.5 * run.x), rtol=1e-12)
    (shown,) = anatomy.buffers
    assert shown.name == "momentum_buffer"
    np.testing.assert_array_equal(shown.before, buffer)
    np.testing.assert_allclose(shown.after, 0.8 * buffer + 0.75 * (run.gradient + 0.5 * run.x), rtol=1e-14)


def test_nesterovs_parts_by_hand():
    run = run_of("nesterov", values={"lr": 0.01, "momentum": 0.8})
    run.step(4)
    anatomy = anatomy_of(run)
    np.testing.assert_allclose(anatomy.from_memory, -0.01 * 0.64 * run.state.momentum_buffer, rtol=1e-12)
    np.testing.assert_allclose(anatomy.from_gradient, -0.01 * 1.8 * run.gradient, rtol=1e-12)


def test_adams_parts_by_hand():
    run = run_of("adam", values={"lr": 0.03, "beta1": 0.7, "beta2": 0.9, "eps": 1e-3})
    run.step(3)
    anatomy, m, v, g = anatomy_of(run), run.state.first_moment, run.state.second_moment, run.gradient
    scale = np.sqrt((0.9 * v + 0.1 * g * g) / (1 - 0.9**4)) + 1e-3
    np.testing.assert_allclose(anatomy.from_gradient, -0.03 * 0.3 * g / (1 - 0.7**4) / scale, rtol=1e-12)
    np.testing.assert_allclose(anatomy.from_memory, -0.03 * 0.7 * m / (1 - 0.7**4) / scale, rtol=1e-12)
    np.testing.assert_allclose(anatomy.preconditioner, (1 - 0.7**4) * scale, rtol=1e-12)
    after = {each.name: each.after for each in anatomy.buffers}
    assert set(after) == {"first_moment", "second_moment"}
    np.testing.assert_allclose(anatomy.update, -0.03 * after["first_moment"] / anatomy.preconditioner, rtol=1e-12)


@pytest.mark.parametrize("name", ["gd", "newton", "rprop", "adagrad", "bfgs", "line_search_gd", "signgd"])
def test_a_method_without_momentum_has_no_parts(name):
    run = run_of(name)
    run.step(3)
    anatomy = anatomy_of(run)
    assert anatomy.from_gradient is None
    assert anatomy.from_memory is None


def test_newtons_step_is_newtons_step():
    anatomy = anatomy_of(run_of("newton", start=(1.5, 2.0)))
    np.testing.assert_allclose(anatomy.update, anatomy.newton, rtol=1e-12)
    matrix = np.array(SQUARES.hessian_at((1.5, 2.0)))
    np.testing.assert_allclose(matrix @ anatomy.newton, -anatomy.gradient, rtol=1e-12)


@pytest.mark.parametrize(
    ("formula", "start", "model"),
    [
        ("x**2 + y**2", (1.0, 1.0), "minimum"),
        ("-x**2 - y**2", (1.0, 1.0), "maximum"),
        ("x**2 - y**2", (1.0, 1.0), "saddle"),
        ("x**2 + y", (1.0, 1.0), "singular"),
        ("x + y", (1.0, 1.0), "singular"),
        ("(x + y)**2", (1.0, 1.0), "singular"),
        ("sqrt(x) + y**2", (0.0, 1.0), "undefined"),
    ],
)
def test_what_the_quadratic_model_has(formula, start, model):
    anatomy = anatomy_of(run_of("gd", Surface.from_formula(formula), start))
    assert anatomy.model == model
    assert (anatomy.newton is None) == (model in ("singular", "undefined"))


def test_noise_and_clipping_are_seen():
    run = run_of("gd", values={"lr": 0.1}, noise=0.5, clip=0.3, clip_value=0.25, seed=8)
    for _ in range(4):
        anatomy = anatomy_of(run)
        np.testing.assert_allclose(anatomy.update, -0.1 * anatomy.seen, rtol=1e-12, atol=1e-15)
        assert np.abs(anatomy.seen).max() <= 0.25
        assert np.linalg.norm(anatomy.seen) <= 0.3 * (1 + 1e-12)
        np.testing.assert_allclose(anatomy.gradient, central(SQUARES, run.x), atol=1e-6)
        run.step()
    clean = anatomy_of(run_of("gd"))
    np.testing.assert_array_equal(clean.seen, clean.gradient)


def test_the_schedules_factor_is_in_the_step():
    run = run_of("gd", values={"lr": 0.02}, schedule=parse_schedule("exponential:gamma=0.5"))
    run.step(3)
    anatomy = anatomy_of(run)
    assert (anatomy.scheduled, anatomy.schedule_factor, anatomy.values["lr"]) == (True, 0.125, 0.0025)
    np.testing.assert_allclose(anatomy.update, -0.0025 * run.gradient, rtol=1e-12)
    assert not anatomy_of(run_of("gd")).scheduled


def test_a_change_is_in_the_next_step():
    run = run_of("adam", values={"lr": 0.02})
    run.step(5)
    run.change(RunSettings("gd", {"lr": 0.01}))
    np.testing.assert_allclose(anatomy_of(run).update, -0.01 * run.gradient, rtol=1e-12)
    assert anatomy_of(run).buffers == ()


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("line_search_gd", {}),
        ("line_search_gd", {"line_search": 1.0}),
        ("line_search_gd", {"lr": 1e3}),
        ("bfgs", {}),
        ("conjugate_gradient", {}),
        ("lbfgs", {"line_search": 1.0}),
    ],
)
@pytest.mark.parametrize("noise", [0.0, 0.2])
def test_a_line_searchs_probes_are_points_with_their_values(name, values, noise):
    surface, start = SURFACES["rosenbrock"]
    run = run_of(name, surface, start, values, noise=noise)
    for _ in range(8):
        anatomy = anatomy_of(run)
        assert anatomy.probes
        for probe in anatomy.probes:
            value = surface.value_at(probe.point.tolist())
            assert probe.value == value or (probe.value == math.inf and not math.isfinite(value))
            assert probe.step_size > 0.0
        taken = [probe for probe in anatomy.probes if probe.taken]
        if np.any(anatomy.update):
            assert len(taken) == 1
            np.testing.assert_array_equal(taken[0].point, anatomy.reached)
        else:
            assert not taken
        run.step()


def test_armijos_probes_by_hand():
    run = run_of("line_search_gd", Surface.from_formula("x**2"), (1.0,), {"lr": 4.0})
    # From 1 along −2: 4 → −7, 2 → −3, 1 → −1 (no lower), ½ → 0.
    probes = anatomy_of(run).probes
    assert [(each.step_size, each.point.tolist(), each.value, each.taken) for each in probes] == [
        (4.0, [-7.0], 49.0, False),
        (2.0, [-3.0], 9.0, False),
        (1.0, [-1.0], 1.0, False),
        (0.5, [0.0], 0.0, True),
    ]


def test_a_trust_regions_trial_by_hand():
    surface = Surface.from_formula("x**4 + y**2")
    anatomy = anatomy_of(run_of("trust_region", surface, (1.0, 0.0), {"radius": 0.25}))
    trial = anatomy.trial
    # The model 1 + 4p + 6p² has its minimum at p = −1/3, beyond the radius.
    np.testing.assert_allclose(trial.point, [0.75, 0.0], rtol=1e-12)
    assert trial.radius == 0.25
    assert trial.predicted == pytest.approx(1.0 - 0.375, rel=1e-12)
    assert trial.actual == pytest.approx(1.0 - 0.75**4, rel=1e-12)
    assert trial.ratio == pytest.approx((1.0 - 0.75**4) / 0.625)
    assert trial.accepted
    np.testing.assert_array_equal(anatomy.reached, trial.point)


@pytest.mark.parametrize(("name", "values"), [("trust_region", {"radius": 5.0}), ("damped_newton", {})])
def test_a_rejected_trial_is_shown_and_moves_nothing(name, values):
    surface = Surface.from_formula("sqrt(1 + x**2)")
    anatomy = anatomy_of(run_of(name, surface, (2.0,), values))
    trial = anatomy.trial
    # Newton's step from x leads to −x³: uphill for |x| > 1.
    assert not trial.accepted
    assert trial.actual == pytest.approx(math.sqrt(5.0) - surface.value_at(trial.point.tolist()))
    assert trial.actual < 0.0 < trial.predicted
    assert (trial.radius is None) == (name == "damped_newton")
    assert not np.any(anatomy.update)
    assert (anatomy.linear, anatomy.quadratic, anatomy.actual) == (0.0, 0.0, 0.0)
    assert math.isnan(anatomy.cosine)


@pytest.mark.parametrize("base", [0.0, 1.0, 2.0, 3.0, 4.0])
def test_sams_two_gradients(base):
    run = run_of("sam", values={"lr": 0.01, "rho": 0.2, "base": base})
    run.step(3)
    anatomy = anatomy_of(run)
    ascent = anatomy.ascent
    np.testing.assert_allclose(ascent.gradient, anatomy.gradient, rtol=1e-14)
    np.testing.assert_allclose(
        ascent.point, run.x + 0.2 * anatomy.gradient / np.linalg.norm(anatomy.gradient), rtol=1e-12
    )
    np.testing.assert_allclose(ascent.worst_gradient, central(SQUARES, ascent.point), atol=1e-6)
    assert anatomy.cost.gradient == 2
    if base == 0.0:
        np.testing.assert_allclose(anatomy.update, -0.01 * ascent.worst_gradient, rtol=1e-12)
    # Momentum, Nesterov and both Adams remember, and their buffers are shown by name.
    assert (anatomy.from_memory is None) == (base == 0.0)
    assert bool(anatomy.buffers) == (base != 0.0)


@every
def test_the_step_that_ends_a_run_can_be_taken_apart(name):
    surface = Surface.from_formula("(exp(x) - 2)**2 + y**2")
    run = run_of(name, surface, (300.0, 1e3))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(40):
            anatomy = anatomy_of(run)
            if not run.step():
                assert not math.isfinite(anatomy.actual)
                break
            np.testing.assert_array_equal(anatomy.reached, run.x)
        assert anatomy_of(run).position == run.position


@every
@pytest.mark.parametrize(
    ("formula", "start"),
    [
        ("x**4 + y**4", (1e77, 1.0)),
        ("1e300*(x**2 + x*y)", (1e3, 1e4)),
        ("1e-300*(x**2 + y**2)", (1e-10, 1.0)),
        ("log(x) + y", (1e-300, 1.0)),
        ("log(x) + y", (-1.0, 1.0)),
        ("sqrt(x) + y", (0.0, 0.0)),
        ("exp(x) + y**2", (709.0, 1.0)),
        ("x**2", (1e150,)),
        ("x**2", (0.0,)),
    ],
)
def test_numbers_at_the_edge_raise_and_warn_nothing(name, formula, start):
    surface = Surface.from_formula(formula)
    values = {"lr": 1e200} if "lr" in RunSettings(name).values else {}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for given in ({}, values):
            try:
                run = run_of(name, surface, start, given)
            except ValueError:
                return
            for _ in range(3):
                anatomy = anatomy_of(run)
                assert math.isnan(anatomy.cosine) or -1.0 - 1e-12 <= anatomy.cosine <= 1.0 + 1e-12
                run.step()
