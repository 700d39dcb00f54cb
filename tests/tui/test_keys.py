"""Every key of the explorer, pressed, and what the user sees of it."""

import pytest
from textual import events
from textual.command import CommandPalette

from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.sampling.levels import LevelMethod
from curvtui.engine.surface.presets import PRESETS
from curvtui.engine.surface.surface import open_surface
from curvtui.tui.actions import ACTIONS, KEY_BAR
from curvtui.tui.screens.fields import Fields
from curvtui.tui.screens.formula import FormulaEditor
from curvtui.tui.screens.picker import Picker
from curvtui.tui.screens.reading import Derivatives, Help
from curvtui.tui.widgets.key_bar import KeyBar
from curvtui.tui.widgets.loss_view import LossView
from curvtui.tui.widgets.map_view import MapView

from .driving import press, running, settled, shown, text_of, toasts, until, write


def cell_of(app, point):
    return app.query_one(MapView).picture.viewport.cell(*point)


def fractions(app, point):
    """Where a point lies in the view, from 0 to 1 along each axis."""
    return [(c - low) / (high - low) for c, (low, high) in zip(point, app.explorer.view, strict=True)]


@pytest.fixture
def performed(monkeypatch):
    """The names of the actions that ran, which then do nothing."""
    names = []
    monkeypatch.setattr("curvtui.tui.app.CurvtuiApp.action_perform", lambda app, name: names.append(name))
    return names


async def test_every_key_in_the_table_reaches_its_action(new_app, performed):
    app = new_app()
    async with running(app) as pilot:
        for action in ACTIONS.values():
            for key in action.keys:
                if action.name == "palette":
                    continue  # Textual has this key itself, and does the same: see below
                performed.clear()
                await press(pilot, key)
                assert performed == [action.name], key


def test_no_two_actions_share_a_key():
    keys = [key for action in ACTIONS.values() for key in action.keys]
    assert len(keys) == len(set(keys))


def test_the_keys_are_those_that_were_promised():
    promised = "n N b B space less_than_sign greater_than_sign r left right up down h j k l shift+left shift+right "
    promised += "shift+up shift+down H J K L enter f e o p plus minus 0 tab t q ctrl+q question_mark ctrl+p "
    promised += "home end i d g m w left_square_bracket right_square_bracket ctrl+l "
    promised += "a s A V u x M S C y 1 2 3 4 5 6 7 8"
    assert set(promised.split()) <= {key for action in ACTIONS.values() for key in action.keys}


# Time.


async def test_steps_forward_and_back(new_app):
    app = new_app()
    async with running(app) as pilot:
        for keys, position, length in [("n", 1, 1), ("N", 10, 10), ("nnb", 1, 2), ("NnB", 1, 11)]:
            await press(pilot, "r", *keys)
            assert (app.explorer.run.position, app.explorer.run.length) == (position, length)
            of = f" of {length}" if length > position else ""
            assert f"step {position}{of} " in shown(app, "optimizer")
            assert f"iterate {position} " in shown(app, "curvature")


async def test_home_and_end_go_to_the_ends_of_the_run(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "n", "n", "n", "home")
        assert "step 0 of 3" in shown(app, "optimizer")
        await press(pilot, "end")
        assert "step 3 " in shown(app, "optimizer")


async def test_restart_goes_to_the_start_and_forgets_the_rest(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "N", "r")
        assert "step 0 " in shown(app, "optimizer")
        assert " of " not in shown(app, "optimizer")


async def test_space_runs_and_pauses(new_app):
    app = new_app(lr=1e-4)
    async with running(app) as pilot:
        assert "space run" in shown(app, "keys")
        await press(pilot, "space")
        assert "running 20/s" in shown(app, "status")
        assert "space pause" in shown(app, "keys")
        await until(pilot, lambda: app.explorer.run.position >= 3)
        await press(pilot, "space")
        assert "paused, 20/s" in shown(app, "status")
        there = app.explorer.run.position
        await pilot.pause(0.1)
        assert app.explorer.run.position == there


async def test_a_run_that_ended_says_so_instead_of_running(new_app):
    app = new_app(lr=5.0)
    async with running(app) as pilot:
        await press(pilot, "N", "N", "space")
        await until(pilot, lambda: toasts(app))
        assert "the run has ended: diverged" in toasts(app)[-1]
        assert "paused" in shown(app, "status")


async def test_slower_and_faster(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "greater_than_sign")
        assert "50/s" in shown(app, "status")
        await press(pilot, *["greater_than_sign"] * 12)
        assert "10,000/s" in shown(app, "status")
        await press(pilot, *["less_than_sign"] * 14)
        assert "paused, 1/s" in shown(app, "status")


# The cursor and the start.

CELLS = {
    "left": (("left", "h"), (-1, 0)),
    "right": (("right", "l"), (1, 0)),
    "up": (("up", "k"), (0, -1)),
    "down": (("down", "j"), (0, 1)),
    "far left": (("shift+left", "H"), (-8, 0)),
    "far right": (("shift+right", "L"), (8, 0)),
    "far up": (("shift+up", "K"), (0, -4)),
    "far down": (("shift+down", "J"), (0, 4)),
}


async def test_the_cursor_moves_by_cells(new_app):
    app = new_app(start=(0.3, 0.4))
    async with running(app) as pilot:
        for way, (keys, (right, down)) in CELLS.items():
            for key in keys:
                before = cell_of(app, app.explorer.cursor)
                await press(pilot, key)
                after = cell_of(app, app.explorer.cursor)
                assert (after[0] - before[0], after[1] - before[1]) == (right, down), way
                assert shown(app, "curvature").startswith("cursor ")
            x, y = (f"{c:.4g}".replace("-", "−") for c in app.explorer.cursor)
            assert f"({x}, {y})" in shown(app, "status")


async def test_the_cursor_stops_at_the_maps_edge(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, *["L"] * 12, *["K"] * 12)
        view = app.query_one(MapView).picture.viewport
        assert cell_of(app, app.explorer.cursor) == (view.columns - 1, 0)


@pytest.mark.parametrize("start", [(1e308, -1e308), (1e300, 3.0)])
async def test_a_cursor_far_out_of_sight_comes_back(new_app, start):
    app = new_app(start=start)
    async with running(app) as pilot:
        await press(pilot, "left", "down", "H")
        assert cell_of(app, app.explorer.cursor) is not None


async def test_in_one_variable_the_cursor_moves_along_the_axis(new_app):
    app = new_app("parabola", (1.0,))
    async with running(app) as pilot:
        await press(pilot, "up", "down")
        assert app.explorer.cursor[0] == pytest.approx(1.0, abs=0.1)
        await press(pilot, "right", "enter")
        assert app.explorer.cursor[0] > 1.0
        assert app.explorer.run.start.tolist() == list(app.explorer.cursor)


async def test_enter_starts_a_run_at_the_cursor(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "n", "L", "K")
        place = app.explorer.cursor
        await press(pilot, "enter")
        assert tuple(app.explorer.run.start.tolist()) == place
        assert "step 0 " in shown(app, "optimizer")
        assert "iterate 0 " in shown(app, "curvature")


async def test_enter_is_refused_where_the_surface_is_undefined(new_app):
    app = new_app("log(x) + y**2", (0.5, 0.5))
    async with running(app) as pilot:
        await press(pilot, *["H"] * 9, "enter")
        await until(pilot, lambda: toasts(app))
        assert "no finite value there" in toasts(app)[-1]
        assert app.explorer.run.start.tolist() == [0.5, 0.5]


async def test_a_click_on_the_map_starts_a_run_there(new_app):
    app = new_app()
    async with running(app) as pilot:
        picture = app.query_one(MapView).picture
        assert await pilot.click(MapView, offset=(1 + picture.left + 20, 1 + picture.top + 10))
        assert cell_of(app, app.explorer.run.start.tolist()) == (20, 10)
        assert app.explorer.cursor == tuple(app.explorer.run.start.tolist())


async def test_a_click_beside_the_plot_changes_nothing(new_app):
    app = new_app()
    async with running(app) as pilot:
        for offset in ((0, 0), (1, 1), (40, 39 - 3)):
            await pilot.click(MapView, offset=offset)
        assert app.explorer.run.start.tolist() == [0.5, -1.5]


@pytest.mark.parametrize(("event", "closer"), [(events.MouseScrollUp, True), (events.MouseScrollDown, False)])
async def test_the_wheel_zooms_about_the_mouse(new_app, event, closer):
    app = new_app()
    async with running(app) as pilot:
        view = app.query_one(MapView)
        x, y = 1 + view.picture.left + 50, 1 + view.picture.top + 5
        point = view.picture.viewport.centre(50, 5)
        pointed = fractions(app, point)
        screen_x, screen_y = view.region.x + x, view.region.y + y
        view.post_message(event(view, x, y, 0, 0, 0, False, False, False, screen_x, screen_y))
        await until(pilot, lambda: app.explorer.view != app.explorer.surface.box)
        await settled(pilot)
        (x0, x1), _ = app.explorer.view
        assert (x1 - x0 < 4) is closer
        # What is under the mouse stays there, to within the cell that it may be anywhere in.
        assert fractions(app, point) == pytest.approx(pointed, abs=1 / 32)


# The surface and the optimizer.


async def test_f_chooses_another_surface(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "n", "f")
        assert isinstance(app.screen, Picker)
        await write(pilot, "rosen")
        await press(pilot, "enter")
        await settled(pilot)
        assert app.explorer.surface.name == "rosenbrock"
        assert "rosenbrock" in shown(app, "header")
        assert app.query_one(MapView).picture.viewport.x0 == app.explorer.view[0][0]
        assert "step 0 " in shown(app, "optimizer")


async def test_e_opens_a_formula(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "e")
        assert isinstance(app.screen, FormulaEditor)
        await write(pilot, "3x")  # it takes the place of what was there
        await press(pilot, "backspace")
        await write(pilot, "*x^2 + y**2")
        await press(pilot, "enter")
        assert app.explorer.surface.value_at((2.0, 1.0)) == 13.0
        assert "3x² + y²" in shown(app, "header")


async def test_d_shows_the_exact_derivatives(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "d")
        assert isinstance(app.screen, Derivatives)
        formulas = app.screen.query_one("#formulas")
        await until(pilot, lambda: "∂²f/∂x∂y" in str(formulas.content))
        text = str(formulas.content)
        assert "4x³ − 4y" in text
        assert "12y²" in text
        await press(pilot, "d")
        assert app.screen is app.screen_stack[0]


async def test_o_chooses_another_optimizer(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "n", "o")
        assert isinstance(app.screen, Picker)
        await write(pilot, "newton")
        await press(pilot, "enter", "n")
        assert "newton " in shown(app, "optimizer")
        assert app.explorer.run.position == 2


async def test_p_sets_the_learning_rate(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "p")
        assert isinstance(app.screen, Fields)
        await write(pilot, "0.005")
        await press(pilot, "enter")
        assert app.explorer.run.settings.values["lr"] == 0.005
        assert "lr 0.005" in shown(app, "optimizer")


async def test_brackets_scale_the_learning_rate(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "right_square_bracket")
        assert "lr 0.05" in shown(app, "optimizer")
        await press(pilot, "left_square_bracket", "left_square_bracket")
        assert "lr 0.01" in shown(app, "optimizer")


# The view.


@pytest.mark.parametrize("key", ["plus", "equals_sign"])
async def test_zoom_in_out_and_fit(new_app, key):
    app = new_app(start=(0.0, 0.0))
    async with running(app) as pilot:
        assert "[−2, 2] × [−2, 2]" in shown(app, "header")
        await press(pilot, key)
        await settled(pilot)
        assert "[−1.333, 1.333]" in shown(app, "header")
        assert app.query_one(MapView).picture.viewport.x1 == pytest.approx(4 / 3)
        await press(pilot, "minus", "minus")
        assert "[−3, 3] × [−3, 3]" in shown(app, "header")
        await press(pilot, "0")
        await settled(pilot)
        assert "[−2, 2] × [−2, 2]" in shown(app, "header")
        assert app.query_one(MapView).picture.viewport.x1 == 2.0


async def test_m_places_the_levels_another_way(new_app):
    app = new_app()
    async with running(app) as pilot:
        seen = set()
        for _ in range(4):
            await press(pilot, "m")
            way = app.explorer.sight.style.method
            seen.add(way)
            if way is not LevelMethod.AUTO:
                await until(pilot, lambda way=way: f" levels by {way.value}" in shown(app, "status"))
        assert seen == set(LevelMethod)


async def test_g_goes_through_loss_gradient_norm_and_stability(new_app):
    app = new_app()
    async with running(app, (120, 48)) as pilot:
        await press(pilot, "n")
        for key, titles in (
            # The panel is high enough for two: the stability lies under the other two.
            ("n", ("loss", "λmax over its limit")),
            ("g", ("gradient norm, log", "λmax over its limit")),
            ("g", ("λmax over its limit",)),
            ("g", ("loss", "λmax over its limit")),
        ):
            await press(pilot, key)
            await settled(pilot)
            text = text_of(app.query_one(LossView))
            assert all(title in text for title in titles)
            assert ("loss" in text, "gradient norm" in text) == ("loss" in titles, len(titles[0]) == 18)


async def test_keys_work_whatever_panel_has_the_focus(new_app):
    app = new_app()
    async with running(app) as pilot:
        for count, panel in enumerate(("map", "curvature", "critical", "optimizer", "loss"), 1):
            app.query_one(f"#{panel}").focus()
            await press(pilot, "n", "right")
            assert app.explorer.run.position == count
            assert app.explorer.at_cursor


async def test_t_chooses_another_theme(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "t")
        await write(pilot, "light")
        await press(pilot, "enter")
        assert app.look.theme.name == app.theme == "light"
        await settled(pilot)
        assert app.query_one(MapView)._drawn.look.theme.name == "light"


# The program.


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_quit_leaves_with_zero_and_remembers_the_session(new_app, folders, key):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "n", key)
    assert app.return_code == 0
    assert (folders.state / "session.json").is_file()


async def test_ctrl_c_says_how_to_quit(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "ctrl+c")
        await until(pilot, lambda: toasts(app))
        assert "quit" in toasts(app)[-1]
        await press(pilot, "n")
        assert app.explorer.run.position == 1


async def test_ctrl_l_draws_the_whole_screen_again(new_app):
    app = new_app()
    async with running(app) as pilot:
        before = shown(app, "map")
        await press(pilot, "ctrl+l")
        await settled(pilot)
        assert shown(app, "map") == before


async def test_the_help_names_every_action(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "question_mark")
        assert isinstance(app.screen, Help)
        text = "\n".join(str(line.render()) for line in app.screen.query("Static"))
        for action in ACTIONS.values():
            # The eight keys that select a runner share a line.
            assert ("select a runner" if action.name.startswith("runner_") else action.help) in text
            assert action.group in text
            assert action.name in text
        await press(pilot, "question_mark")
        assert app.screen is app.screen_stack[0]


async def test_the_palette_finds_actions_surfaces_and_optimizers(new_app):
    app = new_app()
    async with running(app) as pilot:
        titles = {command.title.lower() for command in app.get_system_commands(app.screen)}
        helps = {action.help.lower() for action in ACTIONS.values() if action.name != "palette"}
        assert helps | {f"surface {name}" for name in PRESETS} | {f"optimizer {name}" for name in OPTIMIZERS} <= titles
        for words, met in [
            ("surface himmel", lambda: app.explorer.surface.name == "himmelblau"),
            ("optimizer newton", lambda: app.explorer.run.settings.optimizer == "newton"),
            ("ten steps", lambda: app.explorer.run.position == 10),
        ]:
            await press(pilot, "ctrl+p")
            await until(pilot, lambda: isinstance(app.screen, CommandPalette))
            await write(pilot, words)
            palette = app.screen
            await until(pilot, lambda palette=palette: palette.query_one("CommandList").option_count)
            await press(pilot, "enter")
            await until(pilot, lambda: not isinstance(app.screen, CommandPalette))
            await until(pilot, met)


async def test_a_click_in_the_key_bar_does_what_its_key_does(new_app, performed):
    app = new_app()
    async with running(app) as pilot:
        bar = app.query_one(KeyBar)
        lines = text_of(bar).split("\n")
        for names in KEY_BAR:
            label = f" {ACTIONS[names[-1]].label} "
            row = next(y for y, line in enumerate(lines) if label in line)
            column = lines[row].index(label) + 1
            performed.clear()
            await pilot.click(bar, offset=(column, row))
            assert performed == [names[-1]]


async def test_a_click_after_the_last_key_does_nothing(new_app, performed):
    app = new_app()
    async with running(app) as pilot:
        await pilot.click(KeyBar, offset=(118, 1))
        assert performed == []


async def test_a_narrow_key_bar_keeps_the_help(new_app):
    app = new_app()
    async with running(app, (40, 12)):
        assert "? help" in shown(app, "keys")
        assert "n step" in shown(app, "keys")


async def test_a_surface_that_is_given_to_the_app_is_on_its_screen(new_app):
    app = new_app(open_surface("a*x**2 + y**2", None, {"a": 3.0}), (1.0, 1.0))
    async with running(app):
        assert "a = 3" in shown(app, "header")
