import json
import math
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.descent import history
from curvtui.engine.descent.loop import run_to
from curvtui.engine.descent.replay import run_from_dict, run_to_dict
from curvtui.engine.descent.run import Run
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.optimizers.hyperparameter import SettingError
from curvtui.engine.optimizers.optimizer import RateScale
from curvtui.engine.optimizers.oracle import Evaluations
from curvtui.engine.optimizers.schedule import parse_schedule
from curvtui.engine.surface.surface import Surface

QUARTIC = Surface.from_formula("x**4 + y**4 - 4*x*y + 1")
START = [0.5, -0.4]
every = pytest.mark.parametrize("name", list(OPTIMIZERS))


SQUARES = Surface.from_formula("(x**2 - y)**2 + (x - 1)**2")


def run_of(name="adam", surface=None, **options):
    surface = surface or surface_for(name)
    method = OPTIMIZERS[name]
    own = method.hyperparameter("lr") is None or method.rate_scale is RateScale.FACTOR
    values = options.pop("values", {} if own else {"lr": 0.02})
    if method.hyperparameter("lr") is None:
        options.pop("schedule", None)
    return Run(surface, RunSettings(name, values, **options), START)


def surface_for(name):
    return SQUARES if name == "gauss_newton" else QUARTIC


def leaves(state):
    return [leaf for part in state for leaf in (leaves(part) if isinstance(part, tuple) else [part])]


def noisy(name):
    return run_of(name, noise=0.3, clip=2.0, clip_value=1.5, seed=5, schedule=parse_schedule("exponential:gamma=0.99"))


def same(one, other):
    assert one.position == other.position
    assert all(np.array_equal(a, b) for a, b in zip(leaves(one.state), leaves(other.state), strict=True))
    assert (one.value, one.gradient_norm, one.evaluations) == (
        other.value,
        other.gradient_norm,
        other.evaluations,
    )
    assert all(np.array_equal(a, b) for a, b in zip(one.path, other.path, strict=True))


@every
def test_back_and_forth_is_the_identity(name):
    run, straight = noisy(name), noisy(name)
    straight.step(40)
    run.step(40)
    for position in (39, 0, 17, 40, 3):
        run.jump(position)
        assert run.position == position
        np.testing.assert_array_equal(run.x, straight.path.iterates[position])
    run.step(37)
    same(run, straight)
    assert run.length == 40


@every
def test_a_saved_run_is_made_again_bit_for_bit(name):
    run = noisy(name)
    run.step(10)
    run.change(RunSettings("momentum", {"lr": 0.01}, noise=0.1, seed=9))
    run.step(10)
    run.change(run.settings.with_values(lr="0.005"))
    run.step(5)
    run.back(7)
    again = run_from_dict(surface_for(name), json.loads(json.dumps(run_to_dict(run))))
    same(run, again)
    assert again.length == 25
    run.step(7)
    again.step(7)
    same(run, again)


@pytest.mark.parametrize("limit", [4, 16])
def test_a_thinned_history_recomputes_what_it_left_out(monkeypatch, limit):
    whole = noisy("adam")
    whole.step(300)
    monkeypatch.setattr(history, "MOST_RECORDS", limit)
    monkeypatch.setattr(history, "FEWEST_RECORDS", limit)
    run = noisy("adam")
    run.step(100)
    run.change(RunSettings("gd", {"lr": 0.01}, noise=0.1))
    run.back(100)
    run.change(noisy("adam").settings.with_values(lr=0.5))
    run.change(noisy("adam").settings)
    run.step(300)
    assert run.record_stride >= 300 // limit
    assert len(run.path.steps) <= limit + 1
    for position in (299, 1, 150, 151, 300):
        run.jump(position)
        np.testing.assert_array_equal(run.x, whole.path.iterates[position])
        assert run.evaluations.gradient == position
        assert run.path.steps[-1] == position
        assert run.path.values[-1] == run.value == whole.path.values[position]
    np.testing.assert_array_equal(run.path.iterates, whole.path.iterates[run.path.steps])
    run.back(123)
    np.testing.assert_array_equal(run.full_path.iterates[-1], whole.x)


def test_a_change_is_an_event_that_stepping_back_undoes():
    run = run_of("gd", values={"lr": 0.1})
    run.step(5)
    before = run.settings
    run.change(run.settings.with_values(lr=0.01))
    run.step(3)
    assert [(each.start, each.settings.values["lr"]) for each in run.segments] == [(0, 0.1), (5, 0.01)]
    run.back(4)
    assert run.settings == before
    run.step()
    assert run.settings.values["lr"] == 0.01
    run.change(before)
    assert run.length == 5
    assert len(run.segments) == 1


def test_a_change_in_the_past_replaces_the_future():
    run, direct = noisy("adam"), noisy("adam")
    run.step(20)
    run.back(10)
    direct.step(10)
    for each in (run, direct):
        each.change(RunSettings("gd", {"lr": 0.03}))
        each.step(15)
    same(run, direct)
    assert run.path.steps.tolist() == list(range(26))


@pytest.mark.parametrize("limit", [4, 1000])
def test_going_on_from_where_the_optimizer_changed_makes_the_same_steps(monkeypatch, limit):
    monkeypatch.setattr(history, "MOST_RECORDS", limit)
    monkeypatch.setattr(history, "FEWEST_RECORDS", limit)
    run = noisy("adam")
    run.step(11)
    run.change(RunSettings("momentum", {"lr": 0.01}))
    run.step(10)
    end = run.x
    for position in (11, 10, 12):
        run.jump(0)
        run.jump(position)
        run.step(21 - position)
        np.testing.assert_array_equal(run.x, end)


def test_changes_replaced_at_one_position_leave_no_trace():
    run, plain = run_of("momentum"), run_of("momentum")
    run.step(6)
    run.change(RunSettings("adam"))
    assert run.state.step == 0
    run.change(RunSettings("gd"))
    run.change(plain.settings)
    run.step(4)
    plain.step(10)
    same(run, plain)


def test_a_change_keeps_the_buffers_unless_the_optimizer_changes():
    run = run_of("momentum")
    run.step(6)
    buffer = run.state.momentum_buffer
    run.change(run.settings.with_values(lr=0.5))
    assert run.state.momentum_buffer is buffer
    run.change(RunSettings("nesterov"))
    assert not run.state.momentum_buffer.any()


def test_the_schedules_clock_runs_on_until_the_schedule_changes():
    run = run_of("gd", values={"lr": 1e-3}, schedule=parse_schedule("step:size=10,gamma=0.5"))
    run.step(15)
    run.change(run.settings.with_values(lr=2e-3))
    assert run.values_now["lr"] == 1e-3
    run.change(RunSettings("gd", {"lr": 2e-3}, schedule=parse_schedule("warmup:steps=4,start=0.5")))
    assert run.schedule_factor == 0.5
    run.step(4)
    assert run.schedule_factor == 1.0


def test_a_change_at_the_start_begins_anew():
    run = run_of("gd")
    run.change(RunSettings("adam"))
    assert run.settings.optimizer == "adam"
    run.step(3)
    assert run.state.step == 3
    run.restart()
    assert (run.position, run.length, run.settings.optimizer) == (0, 0, "adam")


@every
def test_a_branch_shares_the_past_and_nothing_else(name):
    run = noisy(name)
    run.step(30)
    branch = run.branch(12)
    assert (branch.position, branch.length) == (12, 12)
    branch.change(replace(branch.settings, noise=0.5))
    branch.step(5)
    assert (run.position, run.length) == (30, 30)
    twin = run.branch(12)
    twin.step(18)
    same(run, twin)


def test_a_path_handed_out_never_changes():
    run = run_of()
    run.step(20)
    path = run.path
    kept = path.iterates.copy()
    run.back(10)
    run.change(RunSettings("gd", {"lr": 0.3}))
    run.step(20)
    np.testing.assert_array_equal(path.iterates, kept)
    with pytest.raises(ValueError, match="read-only"):
        path.values[0] = 1.0


def test_evaluations_are_those_up_to_the_position():
    run = run_of("newton", values={})
    run.step(3)
    assert run.evaluations == Evaluations(gradient=3, hessian=3)
    run.back(2)
    assert run.evaluations == Evaluations(gradient=1, hessian=1)


def test_value_and_gradient_are_exact_also_in_a_noisy_run():
    run = noisy("adam")
    run.step(7)
    assert run.value == QUARTIC.value_at(run.x.tolist())
    assert run.gradient.tolist() == list(QUARTIC.gradient_at(run.x.tolist()))


def test_a_step_to_nowhere_ends_the_run_and_keeps_the_past():
    run = Run(Surface.from_formula("log(x) + x**2"), RunSettings("gd", {"lr": 0.9}), [0.5])
    assert run.step(10) < 10
    assert run.ended
    assert math.isnan(run.ending.value)
    assert np.isfinite(run.path.values).all()
    length = run.length
    assert run.step(5) == 0
    run.change(run.settings.with_values(lr=1e-3))
    assert not run.ended
    assert run.step(5) == 5
    assert run.length == length + 5


@pytest.mark.parametrize("start", [[math.nan], [math.inf], [-1.0], [1e308]])
def test_a_start_that_is_no_point_of_the_domain(start):
    run = Run(Surface.from_formula("log(x) + x**2"), RunSettings("gd"), start)
    assert run.ended
    assert run.step(3) == 0


def test_a_start_of_the_wrong_size_is_refused():
    with pytest.raises(ValueError, match="2 numbers"):
        Run(QUARTIC, RunSettings("gd"), [1.0])


def test_advance_stops_at_the_deadline():
    run = run_of()
    assert run.advance(10**9, time.perf_counter()) == 1
    assert run.advance(50, math.inf) == 50


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("sbjcr"), st.integers(0, 30)), max_size=12))
def test_any_sequence_of_moves_agrees_with_its_own_replay(moves):
    run = noisy("adam")
    for move, number in moves:
        if move == "s":
            run.step(number)
        elif move == "b":
            run.back(number)
        elif move == "j":
            run.jump(number)
        elif move == "c":
            name = ("gd", "adam", "momentum")[number % 3]
            run.change(RunSettings(name, {"lr": 0.001 * (1 + number)}, noise=0.1 * (number % 2)))
        else:
            run.restart()
        assert 0 <= run.position <= run.length
    same(run, run_from_dict(QUARTIC, run_to_dict(run)))


@pytest.mark.parametrize("bad", [{}, {"segments": []}, {"segments": [{}], "start": [0, 0]}, {"start": 3}])
def test_data_that_is_no_run_is_refused(bad):
    with pytest.raises(SettingError):
        run_from_dict(QUARTIC, bad)


def test_run_to_makes_exactly_the_steps_asked_for():
    outcome = run_to(QUARTIC, RunSettings("gd", {"lr": 0.1}), [1.0, 1.0], 25)
    assert outcome.path.iterates.shape == (26, 2)
    assert outcome.run.position == 25
    last = run_to(QUARTIC, RunSettings("adam"), START, 25, record="last")
    np.testing.assert_array_equal(last.path.iterates, [run_to(QUARTIC, RunSettings("adam"), START, 25).run.x])
    assert last.path.steps.tolist() == [25]


def test_run_to_keeps_every_iterate_where_a_run_thins_them():
    outcome = run_to(QUARTIC, RunSettings("gd"), START, history.MOST_RECORDS + 10)
    assert len(outcome.path.values) == history.MOST_RECORDS + 11
    assert len(outcome.run.path.values) < 9000


def test_a_tolerance_ends_an_exact_run_but_no_noisy_one():
    exact = run_to(QUARTIC, RunSettings("gd", {"lr": 0.05}), START, 500, tol=1e-3)
    assert exact.path.gradient_norms[-1] <= 1e-3 < exact.path.gradient_norms[-2]
    assert run_to(QUARTIC, RunSettings("gd", {"lr": 0.05}), [1.0, 1.0], 9, tol=1e-3).run.position == 0
    assert run_to(QUARTIC, RunSettings("gd", {"lr": 0.05}, noise=0.1), [1.0, 1.0], 9, tol=1e9).run.position == 9
    last = run_to(QUARTIC, RunSettings("gd", {"lr": 0.05}), START, 500, tol=1e-3, record="last")
    assert last.run.position == exact.run.position


@every
def test_a_step_made_aside_is_the_step_that_comes(name):
    run, untouched = noisy(name), noisy(name)
    for each in (run, untouched):
        each.step(7)
    key = run.key
    trace = run.trace()
    assert run.key == key
    assert run.position == 7
    same(run, untouched)
    run.step()
    untouched.step()
    same(run, untouched)
    assert all(np.array_equal(a, b) for a, b in zip(leaves(trace.state), leaves(run.state), strict=True))
    assert trace.evaluations == run.evaluations
    # What was asked is what was counted; the residuals' sweep is told as the gradient that it counts as.
    asked = [call.kind for call in trace.calls]
    before = run.checkpoint(7).evaluations
    for kind, now, then in zip(run.evaluations._fields, run.evaluations, before, strict=True):
        assert asked.count(kind) == now - then


def test_a_step_made_aside_from_another_state():
    run = run_of("momentum", values={"lr": 0.1, "momentum": 0.5})
    run.step(3)
    emptied = run.state._replace(momentum_buffer=np.zeros(2))
    np.testing.assert_allclose(run.trace(emptied).state.x, run.x - 0.1 * run.gradient, rtol=1e-15)
    np.testing.assert_array_equal(run.trace().state.x, run.trace(run.state).state.x)


@pytest.mark.parametrize("limit", [4, 1000])
def test_what_was_known_at_each_position_can_be_asked_for(monkeypatch, limit):
    monkeypatch.setattr(history, "MOST_RECORDS", limit)
    monkeypatch.setattr(history, "FEWEST_RECORDS", limit)
    run = noisy("adam")
    known = []

    def go(count):
        for _ in range(count):
            known.append((run.position, run.state, run.evaluations, dict(run.values_now), run.settings))
            run.step()

    go(8)
    run.change(RunSettings("momentum", {"lr": 0.01}, parse_schedule("exponential:gamma=0.9")))
    go(6)
    run.change(run.settings.with_values(lr=0.02))
    go(9)
    for place in (run.length, 3):
        run.jump(place)
        before = run.key
        for position, state, evaluations, values, then in known:
            found = run.checkpoint(position)
            assert found.position == position
            assert found.evaluations == evaluations
            assert all(np.array_equal(a, b) for a, b in zip(leaves(found.state), leaves(state), strict=True))
            assert dict(run.values_at(position)) == values
            assert run.settings_at(position) == then
        assert run.key == before
    assert run.checkpoint(-5).position == 0
    assert run.checkpoint(10**9).position == run.length


def test_a_key_tells_runs_and_what_became_of_them():
    run, other = run_of(), run_of()
    keys = {run.key, other.key}
    for act in (
        lambda: run.step(3),
        lambda: run.back(1),
        lambda: run.jump(0),
        lambda: run.step(),
        lambda: run.change(run.settings.with_values(lr=0.5)),
        lambda: run.restart(),
    ):
        act()
        assert run.key not in keys
        keys.add(run.key)
    branch = run.branch()
    assert branch.key not in keys
    before = run.key
    branch.step(2)
    assert run.key == before
    for nothing in (lambda: run.jump(run.position), lambda: run.change(run.settings), lambda: run.back(0)):
        nothing()
        assert run.key == before
