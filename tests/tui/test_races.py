"""Races and the anatomy of a step, by the keys a user presses, at three sizes."""

import math

import pytest
from textual.widgets import Input

from curvtui.engine.descent.race import MOST_RUNNERS, Clock
from curvtui.tui.explorer import Explorer
from curvtui.tui.pages import Curve, Page
from curvtui.tui.screens.fields import Fields
from curvtui.tui.screens.picker import Picker
from curvtui.tui.session import load_session, write_session
from curvtui.tui.snapshot.contest import race_data, runner_name
from curvtui.tui.snapshot.step import step_data

from .driving import press, running, settled, shown, toasts, until, write

SIZES = [(120, 40), (80, 24), (60, 20)]
at_every_size = pytest.mark.parametrize("size", SIZES, ids=str)


def visible(app):
    screen = app.screen_stack[0]
    return {id_ for id_ in ("curvature", "step", "race") if screen.query_one(f"#{id_}").region.area}


def numbers(app):
    return [each.number for each in app.explorer.race.runners]


def names(app):
    return [each.run.settings.optimizer for each in app.explorer.race.runners]


def selected(app):
    race = app.explorer.race
    return race.runners[race.selected].number


async def add(pilot, name):
    await press(pilot, "A")
    await until(pilot, lambda: isinstance(pilot.app.screen, Picker))
    await write(pilot, name)
    await press(pilot, "enter")
    await until(pilot, lambda: len(pilot.app.screen_stack) == 1)


async def fill(pilot, field, text):
    entry = pilot.app.screen.query_one(f"#field-{field}", Input)
    entry.focus()
    entry.value = ""
    await pilot.pause(0)
    await write(pilot, text)
    await pilot.pause(0)


@at_every_size
async def test_a_takes_the_next_step_apart(new_app, size):
    app = new_app("bowl", (1.0, 1.0), lr=0.01)
    async with running(app, size) as pilot:
        await press(pilot, "a")
        await settled(pilot)
        assert visible(app) == {"step"}
        text = shown(app, "step")
        assert "step 0 → 1  gd" in text
        assert "(−0.2, −0.02)" in text
        assert "−3.64" in text
        # In a small terminal the panel takes the map's place.
        assert "Δ" in shown(app, "map") or size == (60, 20)
        await press(pilot, "n")
        assert "step 1 → 2" in shown(app, "step")
        await press(pilot, "b")
        assert "step 0 → 1" in shown(app, "step")
        await press(pilot, "a")
        assert visible(app) == (set() if size == (60, 20) else {"curvature"})
        assert "Δ" not in shown(app, "map")


async def test_the_anatomy_of_a_run_that_ended_says_why(new_app):
    app = new_app(lr=5.0)
    async with running(app) as pilot:
        await press(pilot, "a", "N", "N")
        assert "there is no next step: diverged" in " ".join(shown(app, "step").split())
        await press(pilot, "b")
        assert " → " in shown(app, "step").splitlines()[0]


@at_every_size
async def test_runners_are_added_from_the_list(new_app, size):
    app = new_app()
    async with running(app, size) as pilot:
        await press(pilot, "n", "n", "n")
        await add(pilot, "adam")
        assert names(app) == ["gd", "adam"]
        assert app.explorer.page is Page.RACE
        assert visible(app) == {"race"}
        assert [each.run.position for each in app.explorer.race.runners] == [3, 3]
        text = shown(app, "race")
        assert "›2 adam" in text
        assert " 1 gd" in text
        await press(pilot, "n", "b", "b")
        assert [each.run.position for each in app.explorer.race.runners] == [2, 2]
        await press(pilot, "s")
        assert visible(app) == (set() if size == (60, 20) else {"curvature"})
        await press(pilot, "s")
        assert visible(app) == {"race"}


@at_every_size
async def test_several_values_of_one_setting_race(new_app, size):
    app = new_app()
    async with running(app, size) as pilot:
        await press(pilot, "V")
        assert isinstance(app.screen, Fields)
        await fill(pilot, "lr", "0.01, 0.03 fast")
        assert "lr must be a number; 'fast' was given" in str(app.screen.query_one("#error").content)
        await fill(pilot, "lr", "0.01, 0.03")
        await press(pilot, "enter")
        assert [each.run.settings.values["lr"] for each in app.explorer.race.runners] == [0.02, 0.01, 0.03]
        assert "gd lr 0.03" in shown(app, "race")


async def test_two_settings_at_once_are_refused(new_app):
    app = new_app(optimizer="momentum")
    async with running(app) as pilot:
        await press(pilot, "V")
        await fill(pilot, "lr", "0.01 0.03")
        await fill(pilot, "momentum", "0.5 0.7")
        assert "one setting at a time" in str(app.screen.query_one("#error").content)
        await press(pilot, "enter")
        assert isinstance(app.screen, Fields)
        await press(pilot, "escape")
        assert numbers(app) == [1]


@at_every_size
async def test_a_branch_goes_on_from_here_with_other_settings(new_app, size):
    app = new_app()
    async with running(app, size) as pilot:
        await press(pilot, "n", "n", "n", "n", "b", "u")
        assert isinstance(app.screen, Fields)
        for field, text, sentence in (
            ("lr", "-1", "lr must be zero or positive; -1 was given"),
            ("lr", "0.02", ""),
            ("optimizer", "adm", "adm"),
            ("optimizer", "adam", ""),
            ("optimizer", "gd", ""),
            ("noise", "loud", "noise must be a number; 'loud' was given"),
            ("noise", "0", ""),
            ("schedule", "slower", "slower"),
            ("schedule", "constant", ""),
        ):
            await fill(pilot, field, text)
            assert sentence in str(app.screen.query_one("#error").content), (field, text)
        await fill(pilot, "lr", "0.001")
        await press(pilot, "enter")
        race = app.explorer.race
        assert numbers(app) == [1, 2]
        old, new = (each.run for each in race.runners)
        assert [run.iterate(k).tobytes() for run in (old, new) for k in range(4)][:4] == [
            new.iterate(k).tobytes() for k in range(4)
        ]
        assert (old.settings_at(3).values["lr"], new.settings_at(3).values["lr"]) == (0.02, 0.001)
        await press(pilot, "n")
        assert old.position == new.position == 4
        assert old.x.tolist() != new.x.tolist()


async def test_a_branch_that_changes_nothing_is_refused(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "n", "u", "enter")
        await until(pilot, lambda: toasts(app))
        assert "a branch needs other settings" in toasts(app)[-1]
        assert numbers(app) == [1]


@at_every_size
async def test_runners_are_selected_hidden_recoloured_and_removed(new_app, size):
    app = new_app()
    async with running(app, size) as pilot:
        for name in ("adam", "momentum"):
            await add(pilot, name)
        await press(pilot, "N")
        race = app.explorer.race
        for key in ("1", "3", "2"):
            await press(pilot, key)
            assert selected(app) == int(key)
            assert f"›{key} " in shown(app, "race")
        await press(pilot, "M")
        assert [each.number for each in race.shown()] == [1, 3]
        assert "adam hidden" in shown(app, "race") or "adam hid" in shown(app, "race")
        await press(pilot, "M", "S")
        assert [each.number for each in race.shown()] == [2]
        await press(pilot, "S")
        assert len(race.shown()) == 3
        colours = [each.colour for each in race.runners]
        await press(pilot, "C")
        assert [each.colour for each in race.runners][::2] == colours[::2]
        assert race.runners[1].colour not in colours
        await press(pilot, "x")
        assert numbers(app) == [1, 3]
        await press(pilot, "2")
        await until(pilot, lambda: toasts(app))
        assert "there is no runner 2" in toasts(app)[-1]
        await press(pilot, "x", "x")
        await until(pilot, lambda: "the last runner can't be removed" in toasts(app))
        assert len(numbers(app)) == 1


async def test_the_clock_is_switched(new_app):
    app = new_app("rosenbrock", (-1.2, 1.0), lr=0.001)
    async with running(app) as pilot:
        await add(pilot, "newton")
        await press(pilot, "y")
        race = app.explorer.race
        assert race.clock is Clock.WORK
        assert "in lockstep by gradient evaluations" in shown(app, "race")
        await press(pilot, "N")
        gd, newton = race.runners
        assert gd.run.position == 10
        # Newton's step costs a gradient and a Hessian: 1 + 2 · 2 gradients.
        assert (newton.run.position, newton.work) == (2, 10.0)
        await settled(pilot)
        assert "over gradient evaluations" in shown(app, "loss")
        await press(pilot, *"b" * 10)
        assert (gd.run.position, newton.run.position) == (0, 0)
        await press(pilot, "y")
        assert race.clock is Clock.STEPS


async def test_back_over_everything_and_forward_again(new_app):
    app = new_app(optimizer="adam", lr=0.1, noise=0.1)
    async with running(app) as pilot:
        await press(pilot, "n", "n")
        await add(pilot, "rprop")
        await press(pilot, "n", "right_square_bracket", "n", "1", "left_square_bracket", "n")
        runs = [each.run for each in app.explorer.race.runners]
        there = [(run.position, run.x.tobytes(), run.settings) for run in runs]
        await press(pilot, *"b" * 5)
        assert [run.position for run in runs] == [0, 0]
        await press(pilot, *"n" * 5)
        assert [(run.position, run.x.tobytes(), run.settings) for run in runs] == there
        await press(pilot, "home", "end")
        assert [(run.position, run.x.tobytes(), run.settings) for run in runs] == there


async def test_the_ninth_runner_is_refused(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "V")
        await fill(pilot, "lr", "0.001 0.002 0.003 0.004 0.005 0.006 0.007 0.008")
        await press(pilot, "enter")
        await until(pilot, lambda: toasts(app))
        assert "a race has at most 8 runners" in toasts(app)[-1]
        assert numbers(app) == [1]
        await press(pilot, "V")
        await fill(pilot, "lr", "0.001 0.002 0.003 0.004 0.005 0.006 0.007")
        await press(pilot, "enter")
        assert numbers(app) == list(range(1, MOST_RUNNERS + 1))
        await add(pilot, "adam")
        assert numbers(app) == list(range(1, MOST_RUNNERS + 1))
        assert all(f" {number} " in f" {shown(app, 'race')}".replace("›", " ") for number in range(1, 9))
        await press(pilot, "C", "x")
        await add(pilot, "adam")
        assert names(app)[-1] == "adam"


async def test_another_surface_leaves_no_runner_that_can_not_step_on_it(new_app):
    app = new_app("rosenbrock", (-1.2, 1.0), lr=0.001)
    async with running(app) as pilot:
        await add(pilot, "gauss_newton")
        await press(pilot, "1", "N", "f")
        await write(pilot, "quartic")
        await press(pilot, "enter")
        await settled(pilot)
        assert app.explorer.surface.name == "quartic"
        assert "gauss_newton" not in names(app)
        await press(pilot, "n")
        assert all(each.run.surface is app.explorer.surface for each in app.explorer.race.runners)
        assert app.explorer.run.position == 1


async def test_a_session_with_a_race_goes_on(new_app, folders):
    app = new_app(noise=0.1)
    async with running(app) as pilot:
        await add(pilot, "adam")
        await add(pilot, "trust_region")
        await press(pilot, "N", "M", "2", "C", "y", "n", "q")
    path = folders.state / "session.json"
    again = Explorer.from_session(load_session(path, asked_for=True))
    old = app.explorer.race
    assert again.race.clock is Clock.WORK
    assert again.race.selected == old.selected == 1
    for mine, theirs in zip(again.race.runners, old.runners, strict=True):
        assert (mine.number, mine.colour, mine.muted) == (theirs.number, theirs.colour, theirs.muted)
        assert mine.run.full_path.iterates.tobytes() == theirs.run.full_path.iterates.tobytes()
    write_session(again, folders.state / "again.json")
    assert (folders.state / "again.json").read_text() == path.read_text()
    app = new_app(explorer=again)
    async with running(app) as pilot:
        await press(pilot, "s")
        assert "›2 adam" in shown(app, "race")
        await press(pilot, "n")


@at_every_size
async def test_keys_while_a_race_plays(new_app, size):
    app = new_app(lr=1e-4)
    async with running(app, size) as pilot:
        await add(pilot, "adam")
        await add(pilot, "newton")
        await press(pilot, "space")
        assert app.explorer.playing
        before = app.explorer.race.position
        keys = "1 M M 2 S S C y a s g g g m plus 0 3 right_square_bracket greater_than_sign x y tab escape"
        for key in keys.split():
            await press(pilot, key)
            assert app.is_running
        await until(pilot, lambda: app.explorer.race.position > before + 3)
        await press(pilot, "b")
        assert not app.explorer.playing
        assert numbers(app) == [1, 2]
        await settled(pilot)
        await press(pilot, "q")
    assert app.return_code == 0


async def test_runners_that_diverge_let_the_others_go_on(new_app):
    app = new_app(lr=5.0)
    async with running(app) as pilot:
        await add(pilot, "adam")
        await press(pilot, "N", "N", "N")
        gd, adam = app.explorer.race.runners
        assert gd.run.ended
        assert gd.run.position < adam.run.position == 30
        lines = shown(app, "race").splitlines()
        assert "2 adam" in lines[1], "the one that ended comes last"
        assert "1 gd div" in lines[2]
        await settled(pilot)
        for page in ("1", "a", "g", "g", "s", "y", "n", "b", "y", "home", "end", "space"):
            await press(pilot, page)
            await settled(pilot)
        assert all(math.isfinite(each.run.value) for each in app.explorer.race.runners)


# What is shown, against hand-computed values.


def test_the_rows_are_the_runs_own(new_app):
    explorer = new_app("bowl", (1.0, 1.0), lr=0.01).explorer
    explorer.add_values("lr", ["0.05", "0.09"])
    explorer.step(2)
    rows = race_data(explorer, "").rows
    # f = 10 x² + y²: after two steps x = (1 - 20 lr)², y = (1 - 2 lr)².
    expected = {}
    for number, rate in ((1, 0.01), (2, 0.05), (3, 0.09)):
        expected[number] = 10 * (1 - 20 * rate) ** 4 + (1 - 2 * rate) ** 4
    assert [row.number for row in rows] == sorted(expected, key=expected.get) == [2, 3, 1]
    for row in rows:
        assert row.value == pytest.approx(expected[row.number], rel=1e-12)
        assert (row.steps, row.work, row.arrival, row.fastest) == (2, 2.0, None, False)
    assert [row.name for row in rows] == ["gd lr 0.05", "gd lr 0.09", "gd lr 0.01"]
    explorer.race.select(2)
    explorer.step(200)
    rows = {row.number: row for row in race_data(explorer, "").rows}
    # f falls below a thousandth of 11: (1 - 2 lr)^(2k) < 0.011 once x is gone, k > log 0.011 / (2 log(1 - 2 lr)).
    arrival = math.ceil(math.log(0.011) / (2 * math.log(0.9)))
    assert rows[2].arrival == arrival
    assert rows[2].selected
    assert [number for number, row in rows.items() if row.fastest] == [
        min(rows, key=lambda number: rows[number].arrival)
    ]


def test_names_tell_in_what_runners_differ(new_app):
    explorer = new_app(optimizer="momentum").explorer
    explorer.add_values("momentum", ["0.5"])
    explorer.add_runner("adam")
    assert [runner_name(explorer.race, number) for number in (1, 2, 3)] == [
        "momentum momentum 0.9",
        "momentum momentum 0.5",
        "adam",
    ]
    explorer.add_values("seed", ["7"])
    assert runner_name(explorer.race, 3) == "adam seed 0"
    assert runner_name(explorer.race, 4) == "adam seed 7"


def test_there_is_no_anatomy_where_there_is_no_step(new_app):
    explorer = new_app(lr=5.0).explorer
    assert step_data(explorer, 3.0).anatomy.position == 0
    explorer.step(50)
    data = step_data(explorer, 3.0)
    assert (data.anatomy, data.magnification) == (None, 1.0)
    assert data.why.startswith("there is no next step: diverged")


def test_curves_go_round(new_app):
    explorer = new_app().explorer
    assert [explorer.next_curve() for _ in range(3)] == [Curve.GRADIENT, Curve.STABILITY, Curve.LOSS]
