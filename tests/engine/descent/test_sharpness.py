import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.descent import history, sharpness
from curvtui.engine.descent.run import Run
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.descent.sharpness import MEMORY, StabilityRecord, contractions, load_at, modes_at
from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.optimizers.schedule import parse_schedule
from curvtui.engine.surface.surface import Surface, open_surface

BOWL = Surface.from_formula("0.5*(x**2 + 9*y**2)")
TILTED = Surface.from_formula("2*x**2 + y**2 + x*y + x - y")
ROSENBROCK = open_surface("rosenbrock")


def run_of(surface, name, start=(1.0, 0.7), **values):
    return Run(surface, RunSettings(name, values), start)


def measured(run):
    return contractions(run, run.trace().state.x)


# The load at one place.


def test_loads_by_hand():
    run = run_of(BOWL, "gd", lr=0.1)
    assert load_at(run, run.checkpoint(0)) == pytest.approx(0.1 * 9 / 2)
    run = run_of(BOWL, "momentum", lr=0.1, momentum=0.5)
    assert load_at(run, run.checkpoint(0)) == pytest.approx(0.1 * 9 / 3)
    run = run_of(BOWL, "gd", lr=0.1, weight_decay=4.0)
    assert load_at(run, run.checkpoint(0)) == pytest.approx(0.9 / (2 - 0.4))
    assert math.isnan(load_at(run_of(BOWL, "newton"), run_of(BOWL, "newton").checkpoint(0)))
    run = run_of(BOWL, "gd", lr=0.1, weight_decay=40.0)
    assert load_at(run, run.checkpoint(0)) == math.inf


def test_adams_load_by_hand():
    run = run_of(BOWL, "adam", lr=0.01, beta1=0.5, beta2=0.75, eps=0.0)
    assert math.isnan(load_at(run, run.checkpoint(0)))  # nothing has been seen yet
    run.step()
    # After one step √v̂ = |g| = (1, 6.3) and P = (1 − β₁)√v̂.
    sharpest = max(1.0 / (0.5 * 1.0), 9.0 / (0.5 * 6.3))
    assert load_at(run, run.checkpoint(1)) == pytest.approx(0.01 * sharpest / ((2 + 1) / 0.5))


def test_the_directions_are_eigenvectors_of_the_preconditioned_hessian():
    run = run_of(TILTED, "rmsprop", lr=0.01, weight_decay=0.3)
    run.step(5)
    modes = modes_at(run, run.state, run.settings, run.values_now)
    p = np.sqrt(run.state.square_avg) + run.settings.values["eps"]
    matrix = (np.array([[4.0, 1.0], [1.0, 2.0]]) + 0.3 * np.eye(2)) / p[:, None]
    for value, direction in zip(modes.eigenvalues, modes.directions.T, strict=True):
        np.testing.assert_allclose(matrix @ direction, value * direction, rtol=1e-12)
    assert modes.eigenvalues[0] < modes.eigenvalues[1] == modes.sharpness


# The load over time.


def fresh(run):
    """The loads of all positions, from a run made anew."""
    again = Run(run.surface, run.segments[0].settings, run.start)
    for segment in run.segments[1:]:
        again.step(segment.start - again.position)
        again.change(segment.settings)
    again.step(run.length - again.position)
    return again


def agrees(record, run):
    path = record.path(run)
    other = fresh(run)
    expected = [load_at(other, other.checkpoint(position)) for position in range(run.length + 1)]
    if path is None:
        assert np.all(~np.isfinite(expected))
        return
    assert path.steps[0] == 0
    assert path.steps[-1] == run.length
    assert np.all(np.diff(path.steps) > 0)
    np.testing.assert_array_equal(path.loads, np.array(expected)[path.steps.astype(int)])


CHANGES = [
    RunSettings("gd", {"lr": 1e-3}),
    RunSettings("gd", {"lr": 2e-4, "weight_decay": 0.1}),
    RunSettings("adam", {"lr": 0.02}),
    RunSettings("newton"),
    RunSettings("momentum", {"lr": 5e-4}, parse_schedule("exponential:gamma=0.9")),
    RunSettings("rmsprop", {"lr": 0.01}, noise=0.2),
]
acts = st.one_of(
    st.tuples(st.just("step"), st.integers(1, 12)),
    st.tuples(st.just("back"), st.integers(1, 15)),
    st.tuples(st.just("change"), st.integers(0, len(CHANGES) - 1)),
    st.tuples(st.just("restart"), st.just(0)),
)


@pytest.mark.parametrize("most", [4, 256])
@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.lists(acts, min_size=1, max_size=8))
def test_the_record_is_what_a_new_run_has_at_each_place(most, sequence):
    run, record = Run(ROSENBROCK, CHANGES[0], (-1.0, 1.0)), StabilityRecord(most)
    agrees(record, run)
    for kind, number in sequence:
        if kind == "step":
            run.step(number)
        elif kind == "back":
            run.back(number)
        elif kind == "restart":
            run.restart()
        else:
            run.change(CHANGES[number])
        agrees(record, run)


def test_another_run_gets_a_record_of_its_own():
    record = StabilityRecord()
    one, other = run_of(BOWL, "gd", lr=0.1), run_of(TILTED, "gd", lr=0.1)
    for run in (one, other, one.branch(), one):
        run.step(3)
        agrees(record, run)


def test_a_long_run_is_measured_at_few_places_and_each_once(monkeypatch):
    monkeypatch.setattr(history, "MOST_RECORDS", 64)
    monkeypatch.setattr(history, "FEWEST_RECORDS", 64)
    asked = []
    true = sharpness.load_at

    def counted(run, checkpoint):
        asked.append(checkpoint.position)
        return true(run, checkpoint)

    monkeypatch.setattr(sharpness, "load_at", counted)
    run, record = run_of(ROSENBROCK, "adam", (-1.0, 1.0)), StabilityRecord(16)
    for _ in range(100):
        run.step(7)
        path = record.path(run)
        assert len(path.steps) <= 18
    # A look costs at most the new end and the places that have become due since.
    assert len(asked) <= 2 * 100 + 17
    seen = len(asked)
    record.path(run)
    assert len(asked) == seen
    agrees(record, run)


@pytest.mark.parametrize("name", ["newton", "bfgs", "signgd", "trust_region"])
def test_no_limit_no_record(name):
    run = run_of(ROSENBROCK, name, (-1.0, 1.0))
    run.step(3)
    assert StabilityRecord().path(run) is None


def test_where_the_hessian_is_undefined_the_load_is_unknown():
    run = run_of(Surface.from_formula("sqrt(x) + y**2"), "gd", (0.0, 1.0), lr=0.1)
    assert math.isnan(load_at(run, run.checkpoint(0)))
    assert StabilityRecord().path(run) is None


# Contraction in each eigen-direction.


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.floats(1e-3, 0.6), st.sampled_from([0.0, 0.3, 2.0]), st.integers(0, 5))
def test_gradient_descent_on_a_quadratic_contracts_as_predicted(rate, decay, steps):
    run = run_of(TILTED, "gd", (1.3, -2.1), lr=rate, weight_decay=decay)
    run.step(steps)
    eigenvalues = np.linalg.eigvalsh([[4.0, 1.0], [1.0, 2.0]])
    for found, eigenvalue in zip(measured(run), eigenvalues, strict=True):
        factor = 1.0 - rate * (eigenvalue + decay)
        assert found.eigenvalue == pytest.approx(eigenvalue)
        assert found.predicted == pytest.approx(abs(factor), abs=1e-12)
        assert found.turns == (found.predicted > 1e-9 and factor < 0) or abs(factor) < 1e-9
        assert found.steps == 1
        if found.measured is not None and abs(factor) > 1e-6:
            assert found.measured == pytest.approx(abs(factor), rel=1e-6)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        # Rates at which the modes do not swing, so that one window tells the rate.
        ("momentum", {"lr": 0.002, "momentum": 0.5}),
        ("momentum", {"lr": 0.002, "momentum": 0.5, "dampening": 0.3}),
        ("momentum", {"lr": 0.002, "momentum": 0.5, "weight_decay": 3.0}),
        ("nesterov", {"lr": 0.002, "momentum": 0.5}),
        ("nesterov", {"lr": 0.002, "momentum": 0.5, "weight_decay": 3.0}),
    ],
)
def test_with_a_buffer_the_measured_rate_tends_to_the_predicted(name, values):
    run = run_of(TILTED, name, (1.3, -2.1), **values)
    run.step(60)
    found = measured(run)
    assert [each.steps for each in found] == [MEMORY, MEMORY]
    for each in found:
        assert not each.waves
        assert each.measured == pytest.approx(each.predicted, rel=1e-6)


def test_a_swinging_mode_is_told_and_right_on_average():
    run = run_of(BOWL, "momentum", lr=0.05, momentum=0.81)
    run.step(40)
    found = measured(run)
    assert [each.waves for each in found] == [True, True]
    assert [each.predicted for each in found] == pytest.approx([0.9, 0.9])
    rates = []
    for _ in range(200):
        rates.append(measured(run)[1].measured)
        run.step()
    assert math.exp(np.mean(np.log(rates))) == pytest.approx(0.9, abs=0.01)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("adamw", {"weight_decay": 2e-6}),
        ("adam", {"weight_decay": 0.5}),
        ("nadam", {"weight_decay": 2e-6, "decoupled_weight_decay": 1.0, "momentum_decay": 10.0}),
        ("radam", {"weight_decay": 2e-6, "decoupled_weight_decay": 1.0}),
        ("rmsprop", {"weight_decay": 0.5, "momentum": 0.5}),
        ("adagrad", {"weight_decay": 0.5}),
    ],
)
def test_an_adaptive_method_contracts_towards_where_gradient_and_decay_balance(name, values):
    # An ε beside which the second moment is nothing keeps the preconditioner as it is.
    if OPTIMIZERS[name].hyperparameter("beta1") is not None:
        values = {**values, "beta1": 0.5}
    # Slow enough that no mode swings.
    rate = 4e3 if name == "rmsprop" else 2e4
    run = run_of(TILTED, name, (1.3, -2.1), lr=rate, eps=1e6, **values)
    run.step(60)
    for each in measured(run):
        assert each.predicted < 1.0
        assert each.measured == pytest.approx(each.predicted, rel=1e-4)


def test_the_window_does_not_reach_beyond_a_change():
    run = run_of(TILTED, "momentum", lr=0.01, momentum=0.5)
    run.step(20)
    assert measured(run)[0].steps == MEMORY
    run.change(run.settings.with_values(lr=0.02))
    run.step(2)
    assert measured(run)[0].steps == 3
    run.back(2)
    assert measured(run)[0].steps == 1


@pytest.mark.parametrize("name", list(OPTIMIZERS))
@pytest.mark.parametrize(
    ("formula", "start"),
    [
        ("x**4 + y**4", (1e77, 1.0)),
        ("1e300*(x**2 + x*y)", (1e3, 1e4)),
        ("sqrt(x) + y", (1e-300, 1.0)),
        ("x - y", (0.0, 0.0)),
    ],
)
def test_numbers_at_the_edge_raise_and_warn_nothing(name, formula, start):
    surface = Surface.from_formula(formula)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            run = Run(surface, RunSettings(name), start)
        except ValueError:
            return
        record = StabilityRecord()
        for _ in range(3):
            for each in measured(run):
                for number in (each.predicted, each.measured):
                    assert number is None or 0.0 <= number < math.inf
            record.path(run)
            run.step()
