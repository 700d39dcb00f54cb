"""The explorer on a screen while its view is searched for critical points, and after."""

import threading

import pytest

from curvtui.engine.critical import analysis
from curvtui.engine.surface.surface import open_surface
from curvtui.tui import survey
from curvtui.tui.pages import Page
from curvtui.tui.widgets.map_view import MapView

from .driving import DEADLINE, drawn, press, resized, running, settled, text_of, toasts, until


class Searches:
    """Stands for the engine: each search waits until it is let go or given up, and is then done for real."""

    def __init__(self):
        self.views, self.given_up = [], []
        self._go_on = threading.Event()
        self._search = analysis.analyse_box

    def __call__(self, surface, view, budget, cancelled):
        self.views.append(view)
        while not self._go_on.wait(0.005):
            if cancelled():
                self.given_up.append(view)
                break
        return self._search(surface, view, budget, cancelled)

    def let_go(self):
        """Let every search come to its end, those under way and those to come."""
        self._go_on.set()


@pytest.fixture
def searches(monkeypatch):
    """Searches that do not end by themselves; after the test none of them is left."""
    monkeypatch.setattr(survey, "SECONDS", 3600.0)
    before = set(threading.enumerate())
    made = Searches()
    monkeypatch.setattr(analysis, "analyse_box", made)
    yield made
    for thread in set(threading.enumerate()) - before:
        if thread.name == "background":
            thread.join(DEADLINE)
            assert not thread.is_alive(), "a search went on when nobody wanted it any more"


def panel(app):
    return text_of(app.query_one("#critical"))


def flowing(app):
    """The panel's text with its line breaks taken out."""
    return " ".join(panel(app).split())


async def test_the_points_are_found_by_themselves(new_app):
    app = new_app("peaks", (0.5, 0.5))
    async with running(app):
        shown = text_of(app.query_one(MapView))
        kinds = {point.kind.value for point in app.explorer.analysis.points}
        assert {"minimum", "maximum", "saddle"} <= kinds
        glyphs = app.look.glyphs
        for kind in kinds:
            assert getattr(glyphs, kind) in shown


async def test_open_regions_are_outlined_on_the_map(new_app):
    app = new_app("circle_valley", (0.5, 0.5))
    async with running(app):
        view = app.query_one(MapView)
        assert len(view._marks.regions) == 1
        assert "1 open region" in flowing(app)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)], ids=str)
async def test_v_shows_the_list_and_c_goes_through_it(new_app, size):
    app = new_app()
    async with running(app, size) as pilot:
        await press(pilot, "v")
        await settled(pilot)
        assert app.explorer.page is Page.CRITICAL
        lines = panel(app).splitlines()
        assert "(−1, −1)" in lines[0]
        assert "(1, 1)" in lines[1]
        assert "(0, 0)" in lines[2]
        assert "3 critical points, all in view, proved; index sum +1+1−1 = +1 = border's winding" in flowing(app)
        for row in (0, 1, 2, 0):
            await press(pilot, "c")
            lines = panel(app).splitlines()
            assert [line[0] == "›" for line in lines[:3]] == [i == row for i in range(3)]
        assert app.explorer.cursor == (-1.0, -1.0)
        await press(pilot, "v")
        assert app.explorer.page is Page.MAP


@pytest.mark.parametrize(("size", "where"), [((120, 40), "#curvature"), ((80, 24), "#critical")], ids=str)
async def test_why_the_chosen_point_is_of_its_kind_is_told_in_full(new_app, size, where):
    app = new_app()
    async with running(app, size) as pilot:
        await press(pilot, "v", "c", "c", "c")
        told = " ".join(text_of(app.query_one(where)).split())
        assert "Saddle: zero gradient, and the Hessian has eigenvalues of both signs (−4, 4). So even the" in told
        other = "#critical" if where == "#curvature" else "#curvature"
        assert "So even the" not in " ".join(text_of(app.query_one(other)).split())


async def test_the_list_says_what_else_is_proved(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "v", "c", "c", "c")
        await settled(pilot)
        assert "global minimum in view: −1 at (−1, −1), (1, 1), proved" in flowing(app)
        assert "convexity in view: not convex, proved" in flowing(app)
        await press(pilot, "n")
        assert "›" not in panel(app)


async def test_a_long_list_follows_the_chosen_point(new_app):
    app = new_app("himmelblau", (0.5, 0.5))
    async with running(app, (60, 20)) as pilot:
        await press(pilot, "v")
        for i in range(9):
            await press(pilot, "c")
            (line,) = [line for line in panel(app).splitlines() if line.startswith("›")]
            # As many digits as there is room for.
            x = float(line.replace("−", "-").split("(")[1].split(",")[0])
            assert x == pytest.approx(app.explorer.analysis.points[i].point[0], rel=2e-2)
        assert "9 critical points" in flowing(app)


async def test_enter_starts_at_the_chosen_point_and_the_run_says_where_it_stopped(new_app):
    app = new_app()
    async with running(app, (80, 24)) as pilot:
        await press(pilot, "c", "c", "c", "enter", "n")
        assert app.explorer.run.start.tolist() == [0.0, 0.0]
        assert "stopped at the saddle (0, 0):" in text_of(app.query_one("#optimizer"))


async def test_c_says_why_it_does_nothing(new_app, searches):
    app = new_app()
    async with running(app, searched=False) as pilot:
        await press(pilot, "c")
        assert toasts(app) == ["the critical points in view are still being searched for"]
        assert "searching the view" in panel(app)
        assert not app.explorer.at_cursor
        searches.let_go()
        await settled(pilot)
        await press(pilot, "c")
        assert app.explorer.cursor == (-1.0, -1.0)


async def test_c_says_that_there_are_none(new_app):
    app = new_app("x + y", (0.5, 0.5))
    async with running(app) as pilot:
        await press(pilot, "c")
        (toast,) = toasts(app)
        assert toast.startswith("no critical points: there are none in view, proved")
        assert not app.explorer.at_cursor


async def test_one_variable(new_app):
    app = new_app("wavy", (1.5,))
    async with running(app) as pilot:
        assert "12 critical points, all in view" in flowing(app)
        shown = text_of(app.query_one(MapView))
        assert app.look.glyphs.minimum in shown
        assert app.look.glyphs.maximum in shown
        await press(pilot, "c", "v", "enter")
        assert app.explorer.run.start.tolist() == [app.explorer.analysis.points[0].point[0]]


async def test_quitting_while_the_view_is_searched(new_app, searches):
    app = new_app()
    async with running(app, searched=False) as pilot:
        assert app.explorer.analysis is None
        assert len(searches.views) == 1
        await press(pilot, "q")
        await until(pilot, lambda: not app.is_running)
        await until(pilot, lambda: searches.given_up == searches.views)
    assert app.return_code == 0


async def test_resizing_while_the_view_is_searched_does_not_begin_anew(new_app, searches):
    app = new_app()
    async with running(app, searched=False) as pilot:
        for size in ((80, 24), (1, 1), (30, 5), (60, 20)):
            resized(app, size)
            await pilot.pause(0)
            await press(pilot, "v")
        await drawn(pilot)
        assert len(searches.views) == 1
        assert not searches.given_up
        resized(app, (80, 24))
        searches.let_go()
        await settled(pilot)
        await press(pilot, "v")
        assert "3 critical points" in flowing(app)
        for size in ((30, 5), (120, 40)):
            resized(app, size)
            await settled(pilot)
        await until(pilot, lambda: "3 critical points" in flowing(app))
        assert len(searches.views) == 1


async def test_another_view_surface_or_parameter_gives_up_the_search_before(new_app, searches):
    app = new_app(open_surface("(x - a)^2 + (y - 1)^2", default_parameter=1.0), (0.5, 0.5))
    explorer = app.explorer
    async with running(app, (80, 24), searched=False) as pilot:
        await until(pilot, lambda: searches.views)

        def change_the_parameter():
            explorer.change_settings({"a": "-1.5"})

        def open_another():
            explorer.open(open_surface("quartic"))

        for change in (lambda: explorer.zoom(2.0, (0.0, 0.0)), change_the_parameter, open_another, explorer.fit):
            before = list(searches.views)
            asked = (explorer.surface, explorer.view)
            app.attempt(change)
            if (explorer.surface, explorer.view) != asked:
                await until(pilot, lambda before=before: len(searches.views) == len(before) + 1)
                await until(pilot, lambda before=before: len(searches.given_up) == len(before))
            assert explorer.analysis is None
        assert len(searches.views) == 4
        searches.let_go()
        await settled(pilot)
        assert len(explorer.analysis.points) == 3


async def test_zooming_quickly_ends_with_the_last_view(new_app):
    app = new_app()
    told = []
    async with running(app) as pilot:
        take = app.explorer.take
        app.explorer.take = lambda each: (told.append(each.view), take(each))
        for key in ["plus"] * 10:
            await press(pilot, key)
        await settled(pilot)
        assert told[-1] == app.explorer.view
        assert app.explorer.analysis.box == app.explorer.view
        assert len(told) <= 10
        await press(pilot, "0")
        await settled(pilot)
        assert len(app.explorer.analysis.points) == 3


async def test_playing_while_the_view_is_searched(new_app, searches):
    app = new_app("quartic", (0.5, 0.5), lr=1e-7)
    app.explorer.speed = 500
    async with running(app, (80, 24), searched=False) as pilot:
        await press(pilot, "space")
        await until(pilot, lambda: app.explorer.run.position > 50)
        assert app.explorer.analysis is None
        await press(pilot, "space", "v", "v", "home")
        assert app.explorer.run.position == 0
        assert len(searches.views) == 1
        await press(pilot, "q")
        await until(pilot, lambda: not app.is_running)


async def test_an_answer_does_not_disturb_an_open_dialog(new_app, searches):
    app = new_app()
    async with running(app, searched=False) as pilot:
        await press(pilot, "p")
        assert len(app.screen_stack) == 2
        searches.let_go()
        await settled(pilot)
        assert len(app.screen_stack) == 2
        await press(pilot, "escape")
        assert "3 critical points" in panel(app)


async def test_a_search_that_fails_does_not_end_the_program(new_app, monkeypatch):
    failed = threading.Event()

    def fail(*given):
        failed.set()
        raise ZeroDivisionError

    monkeypatch.setattr(analysis, "analyse_box", fail)
    app = new_app()
    async with running(app, searched=False) as pilot:
        await until(pilot, failed.is_set)
        await press(pilot, "n", "c")
        assert app.explorer.run.position == 1
        assert app.explorer.analysis is None
        await press(pilot, "q")
        await until(pilot, lambda: not app.is_running)
    assert app.return_code == 0
