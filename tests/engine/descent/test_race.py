import math
import time
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.descent.race import MOST_RUNNERS, TOLERANCE, Clock, Race, RaceError, Runner, work
from curvtui.engine.descent.run import Run
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.optimizers.hyperparameter import SettingError
from curvtui.engine.optimizers.oracle import Evaluations
from curvtui.engine.surface.surface import Surface, open_surface

ROSENBROCK = open_surface("rosenbrock")
BOWL = Surface.from_formula("x**2 + 4*y**2")
START = (-1.2, 1.0)
GD, ADAM = RunSettings("gd", {"lr": 1e-3}), RunSettings("adam", {"lr": 0.05})
DIVERGES = RunSettings("gd", {"lr": 1.0})
FIELD = [
    GD,
    ADAM,
    RunSettings("sam", {"lr": 1e-3}),
    RunSettings("newton"),
    RunSettings("line_search_gd"),
    RunSettings("trust_region"),
    RunSettings("adahessian", noise=0.1, seed=4),
    DIVERGES,
]


def race_of(*field, clock=Clock.STEPS, surface=ROSENBROCK, start=START):
    race = Race(Run(surface, field[0], start))
    for each in field[1:]:
        race.add(each)
    race.clock = clock
    return race


def stands(race):
    """Where all runners are, to the bit."""
    return [(r.number, r.run.position, tuple(r.run.x.tolist()), r.run.evaluations) for r in race.runners]


def dearest(race):
    costs = [r.work_at(at + 1) - r.work_at(at) for r in race.runners for at in range(r.run.length)]
    return max(costs, default=0.0)


# Work.


def test_work_by_hand():
    assert work(Evaluations(value=3, gradient=2), 2) == 3.0
    assert work(Evaluations(gradient=1, hessian=1), 2) == 5.0
    assert work(Evaluations(gradient=1, hessian=1), 5) == 11.0
    assert work(Evaluations(hessian_vector=2), 7) == 4.0


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_no_step_is_for_nothing(name):
    # Else a runner would go on for ever within one tick of the clock of work.
    for point in ((0.0, 0.0), (1.0, 1.0)):
        run = Run(BOWL, RunSettings(name), point)
        for _ in range(4):
            before = work(run.evaluations, 2)
            run.step()
            assert work(run.evaluations, 2) >= before + 1.0


# Lockstep.


def test_by_steps_all_stand_at_one_place_but_those_that_ended():
    race = race_of(*FIELD)
    for count in (1, 1, 7, 40):
        assert race.step(count) == count
        for runner in race.runners:
            assert runner.run.ended or runner.run.position == race.position
    assert race.position == 49
    assert race.runners[-1].run.ended
    alone = Run(ROSENBROCK, FIELD[1], START)
    alone.step(49)
    np.testing.assert_array_equal(race.runners[1].run.x, alone.x)


def test_by_work_nobody_is_ahead_by_more_than_a_step():
    race = race_of(*FIELD, clock=Clock.WORK)
    for tick in range(1, 60):
        race.step()
        active = [runner for runner in race.runners if not runner.run.ended]
        spent = [runner.work for runner in active]
        assert max(spent) - min(spent) <= dearest(race)
        assert min(spent) >= tick
        # Nobody was let go on once it had done the others' work.
        assert all(r.work_at(r.run.position - 1) < math.floor(min(spent)) + 1 for r in active)
    assert race.runners[0].run.position > 2 * race.runners[2].run.position - 3 > 50


@pytest.mark.parametrize("clock", Clock)
def test_a_deadline_leaves_all_together(clock):
    race = race_of(*FIELD[:6], clock=clock)
    for _ in range(5):
        made = race.advance(10_000, time.perf_counter())
        assert made >= 1
        if clock is Clock.STEPS:
            assert {runner.run.position for runner in race.runners} == {race.position}
        else:
            spent = [runner.work for runner in race.runners]
            assert max(spent) - min(spent) <= dearest(race)


@pytest.mark.parametrize("clock", Clock)
def test_how_ticks_are_bundled_changes_nothing(clock):
    one, other = race_of(*FIELD, clock=clock), race_of(*FIELD, clock=clock)
    assert one.step(45) == 45
    for _ in range(45):
        other.step()
    assert stands(one) == stands(other)


@pytest.mark.parametrize("clock", Clock)
def test_when_all_have_ended_nothing_moves(clock):
    race = race_of(DIVERGES, RunSettings("momentum", {"lr": 1.0}), clock=clock)
    race.step(1000)
    assert race.ended
    before = stands(race)
    assert race.step(3) == 0
    assert stands(race) == before
    race.back()
    assert not race.ended


# Back and forth.


@pytest.mark.parametrize("clock", Clock)
@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    field=st.lists(st.sampled_from(FIELD), min_size=2, max_size=4),
    moves=st.lists(st.integers(-9, 9), min_size=1, max_size=8),
)
def test_back_undoes_steps(clock, field, moves):
    race = race_of(*field, clock=clock)
    seen = [stands(race)]
    at = 0
    for move in moves:
        if move > 0:
            for _ in range(move):
                if race.ended:
                    break
                race.step()
                at += 1
                if at < len(seen):
                    assert stands(race) == seen[at]
                else:
                    seen.append(stands(race))
        elif move < 0:
            race.back(-move)
            at = max(0, at + move)
            assert stands(race) == seen[at]
    race.back(at)
    assert stands(race) == seen[0]
    race.jump(race.length)
    assert stands(race) == seen[-1]


@settings(max_examples=15, deadline=None, derandomize=True)
@given(
    field=st.lists(st.sampled_from(FIELD[:7]), min_size=2, max_size=4),
    targets=st.lists(st.integers(-3, 60), min_size=1, max_size=5),
)
def test_by_work_a_jump_leads_to_a_place_that_steps_lead_to(field, targets):
    race = race_of(*field, clock=Clock.WORK)
    seen = [stands(race)]
    for _ in range(25):
        race.step()
        seen.append(stands(race))
    for target in targets:
        race.jump(target)
        assert stands(race) in seen
        position = max(0, min(target, race.length))
        assert race.position >= position
        index = seen.index(stands(race))
        # It is the first of them at which somebody was there.
        assert target >= race.length or all(max(at for _, at, *_ in each) < position for each in seen[:index])
        if index < 25:
            race.step()
            assert stands(race) == seen[index + 1]


@settings(max_examples=6, deadline=None, derandomize=True)
@given(st.lists(st.integers(-5, 90), min_size=4, max_size=6))
def test_by_steps_a_jump_leads_to_that_step(targets):
    race, straight = race_of(*FIELD), race_of(*FIELD)
    race.step(60)
    straight.step(60)
    for target in targets:
        race.jump(target)
        for runner, other in zip(race.runners, straight.runners, strict=True):
            assert runner.run.position == max(0, min(target, other.run.length))
            np.testing.assert_array_equal(runner.run.x, other.run.path.iterates[runner.run.position])
    race.jump(60)
    assert stands(race) == stands(straight)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.lists(st.booleans(), min_size=1, max_size=6))
def test_the_clock_can_be_changed_at_any_time(switches):
    race = race_of(*FIELD[:6])
    for switch in switches:
        if switch:
            race.switch_clock()
        race.step(3)
        if race.clock is Clock.STEPS:
            assert {runner.run.position for runner in race.runners} == {race.position}
        else:
            spent = [runner.work for runner in race.runners]
            assert max(spent) - min(spent) <= dearest(race)


# Coming and going.


@pytest.mark.parametrize("clock", Clock)
def test_who_comes_later_catches_up_and_then_all_goes_on_as_if_it_had_been_there(clock):
    whole, late = race_of(*FIELD[:4], clock=clock), race_of(*FIELD[:3], clock=clock)
    whole.step(30)
    late.step(30)
    before = stands(late)
    runner = late.add(FIELD[3])
    assert runner.run.position == 0
    late.catch_up(runner, math.inf)
    assert stands(late)[:3] == before
    assert stands(late) == stands(whole)
    for race in (whole, late):
        race.step(9)
    assert stands(late) == stands(whole)


@pytest.mark.parametrize("clock", Clock)
def test_who_has_not_caught_up_does_so_with_the_next_steps(clock):
    race = race_of(*FIELD[:3], clock=clock)
    race.step(50)
    runner = race.add(FIELD[3])
    before = stands(race)
    race.advance(5, time.perf_counter())
    assert stands(race)[:3] == before[:3]  # the others wait
    assert 0 < runner.run.position < 50
    race.step()
    whole = race_of(*FIELD[:4], clock=clock)
    whole.step(51)
    assert stands(race) == stands(whole)


def test_catching_up_alone_is_nothing():
    for clock in Clock:
        race = race_of(GD, clock=clock)
        race.step(3)
        race.catch_up(race.runners[0], math.inf)
        assert race.position == 3


def test_a_branch_shares_the_past_and_races_its_own_future():
    race = race_of(ADAM)
    race.step(20)
    future = race.run.path
    race.back(12)
    branch = race.branch(RunSettings("adam", {"lr": 0.2}))
    assert race.runners[race.selected] is branch
    assert branch.run.position == branch.run.length == 8
    original = race.runners[0].run
    assert original.length == 20
    race.step(12)
    assert original.position == branch.run.position == 20
    np.testing.assert_array_equal(original.path.iterates, future.iterates)
    np.testing.assert_array_equal(branch.run.path.iterates[:9], future.iterates[:9])
    assert np.all(np.any(branch.run.path.iterates[9:] != future.iterates[9:], axis=1))
    # What becomes of the one is nothing to the other.
    original.change(GD)
    race.select(1)
    race.remove()
    np.testing.assert_array_equal(race.run.iterate(5), future.iterates[5])
    assert race.run.length == 20


def test_a_branch_from_an_end_goes_on():
    race = race_of(DIVERGES)
    race.step(100)
    assert race.ended
    race.branch(RunSettings("gd", {"lr": 1e-9, "weight_decay": 0.0}))
    assert not race.run.ended
    assert race.runners[0].run.ended


def test_a_refused_branch_or_runner_changes_nothing():
    race = race_of(GD, ADAM, surface=Surface.from_formula("abs(x)**1.5 + sin(x*y)"))
    race.step(3)
    before = stands(race), race.selected, race.key
    for refused in (race.add, race.branch):
        with pytest.raises(SettingError):
            refused(RunSettings("gauss_newton"))
    assert (stands(race), race.selected, race.key) == before


def test_a_ninth_is_refused():
    race = race_of(*[GD] * MOST_RUNNERS)
    before = race.key
    for refused in (race.add, race.branch, lambda _: race.join(Run(ROSENBROCK, GD, START))):
        with pytest.raises(RaceError, match="at most 8 runners"):
            refused(GD)
    assert race.key == before


def test_the_last_one_stays_and_strangers_are_not_selected():
    race = race_of(GD)
    with pytest.raises(RaceError, match="last runner"):
        race.remove()
    for number in (0, 2, 9, -1):
        with pytest.raises(RaceError, match="no runner"):
            race.select(number)
    assert race.selected == 0


DEEDS = ["add", "branch", "remove", "recolour", "mute", "solo", "step", "back", "select", "clock", "new"]


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 8)), max_size=30))
def test_whatever_is_done_the_race_is_in_order(sequence):
    race = race_of(GD)
    for deed, number in sequence:
        try:
            match deed:
                case "add":
                    race.catch_up(race.add(FIELD[number % 6]), math.inf)
                case "branch":
                    race.branch(FIELD[number % 6])
                case "step":
                    race.step(number)
                case "back":
                    race.back(number)
                case "select":
                    race.select(number)
                case "clock":
                    race.switch_clock()
                case "new":
                    race.replace_runs(lambda run: Run(BOWL, run.settings, START))
                case "mute":
                    race.toggle_muted()
                case "solo":
                    race.toggle_solo()
                case _:
                    getattr(race, deed)()
        except RaceError:
            pass
        numbers = [runner.number for runner in race.runners]
        colours = [runner.colour for runner in race.runners]
        assert numbers == sorted(set(numbers))
        assert set(numbers) <= set(range(1, 9))
        assert len(set(colours)) == len(colours)
        assert set(colours) <= set(range(8))
        assert 0 <= race.selected < len(race.runners)
        assert race.run is race.runners[race.selected].run
        assert race.solo is None or race.solo in numbers
        assert race.solo is None or [runner.number for runner in race.shown()] == [race.solo]
        standings = race.standings(None)
        assert sorted(each.runner.number for each in standings) == numbers


def test_on_another_surface_who_cannot_run_is_left_out():
    race = race_of(GD, RunSettings("gauss_newton"), ADAM, surface=ROSENBROCK)
    race.step(5)
    race.select(2)
    race.toggle_solo()
    other = Surface.from_formula("sin(x) + cos(y)")
    before = stands(race)
    with pytest.raises(SettingError):  # the selected runner's own objection
        race.replace_runs(lambda run: Run(other, run.settings, START))
    assert stands(race) == before
    race.select(3)
    reasons = race.replace_runs(lambda run: Run(other, run.settings, START))
    assert len(reasons) == 1
    assert reasons[0].startswith("runner 2 is left out: gauss_newton")
    assert [(runner.number, runner.run.position) for runner in race.runners] == [(1, 0), (3, 0)]
    assert race.runners[race.selected].number == 3
    assert race.solo is None
    assert len(race.shown()) == 2


@pytest.mark.parametrize("clock", Clock)
def test_restarted_it_is_a_new_race(clock):
    race, new = race_of(*FIELD, clock=clock), race_of(*FIELD, clock=clock)
    race.step(20)
    race.restart()
    assert stands(race) == stands(new)
    assert race.length == 0
    race.step(11)
    new.step(11)
    assert stands(race) == stands(new)


# Standings.


def brute(race, floor, tolerance):
    """Arrivals by looking at every single step."""
    curves = {}
    for runner in race.runners:
        run = Run(runner.run.surface, runner.run.settings, runner.run.start)
        curve = [(run.value, work(run.evaluations, 2))]
        while run.position < runner.run.position:
            run.step()
            curve.append((run.value, work(run.evaluations, 2)))
        curves[runner.number] = curve
    start = curves[race.runners[0].number][0][0]
    lowest = min(value for curve in curves.values() for value, _ in curve)
    goal_floor = lowest if floor is None else min(floor, lowest)
    arrivals = {}
    for number, curve in curves.items():
        share = [(value - goal_floor) <= tolerance * (start - goal_floor) * (1 + 1e-12) for value, _ in curve]
        arrivals[number] = (share.index(True), curve[share.index(True)][1]) if any(share) else None
    return arrivals, {number: curve[-1][0] for number, curve in curves.items()}


@pytest.mark.parametrize("clock", Clock)
@pytest.mark.parametrize("floor", [None, 0.0])
@settings(max_examples=15, deadline=None, derandomize=True)
@given(
    field=st.lists(st.sampled_from([*FIELD[:6], RunSettings("bfgs"), RunSettings("gd", {"lr": 2e-3})]), min_size=2,
                   max_size=4),
    steps=st.integers(5, 60), tolerance=st.sampled_from([TOLERANCE, 0.05, 0.5]),
)  # fmt: skip
def test_standings_are_what_a_look_at_every_step_finds(clock, floor, field, steps, tolerance):
    race = race_of(*field, clock=clock)
    race.step(steps)
    arrivals, values = brute(race, floor, tolerance)
    standings = race.standings(floor, tolerance)
    assert [each.value for each in standings] == sorted(values.values())
    key = 1 if clock is Clock.WORK else 0
    best = min((each[key] for each in arrivals.values() if each is not None), default=None)
    for each in standings:
        expected = arrivals[each.runner.number]
        assert each.value == values[each.runner.number]
        if expected is None:
            assert each.arrival is None
            assert not each.fastest
        else:
            assert each.arrival == (*expected, True)
            assert each.fastest == (expected[key] == best)


def test_nobody_arrives_where_nobody_descends():
    race = race_of(GD, DIVERGES)
    assert [each.arrival for each in race.standings(None)] == [None, None]
    ascending = race_of(RunSettings("gd", {"lr": 0.9}), RunSettings("gd", {"lr": 0.7}), surface=BOWL, start=(0.1, 1.0))
    ascending.step(5)
    assert [each.arrival for each in ascending.standings(None)] == [None, None]


def test_at_the_known_floor_all_have_arrived():
    race = race_of(GD, ADAM, start=(1.0, 1.0))
    assert [each.arrival for each in race.standings(0.0)] == [(0, 0.0, True)] * 2
    assert all(each.fastest for each in race.standings(0.0))


def test_the_ended_come_last():
    race = race_of(DIVERGES, GD)
    race.step(100)
    assert [each.runner.number for each in race.standings(0.0)] == [2, 1]
    assert race.standings(0.0)[1].arrival is None


@pytest.mark.parametrize("clock", Clock)
@pytest.mark.parametrize("floor", [None, 0.0, -1e308])
@pytest.mark.parametrize(
    ("formula", "start"), [("log(x)", (-1.0,)), ("1/x", (0.0,)), ("1e308*x", (1.0,)), ("exp(x)", (700.0,))]
)
def test_values_at_the_edge_are_ranked_all_the_same(clock, floor, formula, start):
    surface = Surface.from_formula(formula)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        race = race_of(GD, ADAM, RunSettings("momentum", {"lr": 1.0}), surface=surface, start=start, clock=clock)
        race.step(20)
        standings = race.standings(floor)
        race.back(3)
        race.jump(0)
    assert sorted(each.runner.number for each in standings) == [1, 2, 3]
    if not math.isfinite(race.run.value):
        assert all(each.arrival is None for each in standings)


def test_of_takes_what_it_is_given():
    runners = [Runner(Run(BOWL, GD, START), 3, 5, muted=True), Runner(Run(BOWL, ADAM, START), 7, 1)]
    race = Race.of(runners, Clock.WORK)
    assert (race.selected, race.clock, race.solo) == (0, Clock.WORK, None)
    assert [runner.number for runner in race.shown()] == [7]
    added = race.add(GD)
    assert (added.number, added.colour, race.selected) == (1, 0, 0)
