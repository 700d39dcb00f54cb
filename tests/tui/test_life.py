"""From start to end: playback on the clock, quitting at bad moments, sizes of all kinds at any moment."""

import threading
from types import SimpleNamespace

import pytest
from textual import events
from textual.geometry import Size

from curvtui.tui.widgets.loss_view import LossView
from curvtui.tui.widgets.map_view import MapView

from .driving import CHARACTERS, DEADLINE, press, running, settled, text_of, until, write

SIZES = [(10, 3), (40, 12), (200, 60), (60, 20), (1, 1), (80, 24), (3, 30), (120, 40)]


def resize(pilot, width, height):
    """Tell the app of a new size without waiting for what it makes of it."""
    size = Size(width, height)
    pilot.app._driver._size = size
    pilot.app.post_message(events.Resize(size, size))


# Playback.


async def test_playback_follows_the_clock(new_app, monkeypatch):
    clock = SimpleNamespace(now=100.0, perf_counter=lambda: clock.now)
    monkeypatch.setattr("curvtui.tui.app.time", SimpleNamespace(perf_counter=lambda: clock.now, monotonic=lambda: 0.0))
    app = new_app(lr=1e-6)
    async with running(app) as pilot:
        await press(pilot, "space")
        await until(pilot, lambda: app.explorer.run.position == 1)
        for passed, position in [(0.125, 3), (0.125, 6), (0.0625, 7), (0.0625, 8)]:
            clock.now += passed
            await until(pilot, lambda position=position: app.explorer.run.position == position)
        assert "step 8 " in text_of(app.query_one("#optimizer"))
        await press(pilot, "space")
        clock.now += 100.0
        await press(pilot, "space")
        # A pause does not count: the first frame after it makes its one step, and the next nothing.
        await until(pilot, lambda: app.explorer.run.position == 9)
        await pilot.pause(0.1)
        assert app.explorer.run.position == 9


async def test_playback_pauses_by_itself_at_a_minimum(new_app):
    app = new_app("quadratic", (1.5, -1.0), lr=0.2)
    app.explorer.playback.speed = 200
    async with running(app) as pilot:
        await press(pilot, "space")
        await until(pilot, lambda: not app.explorer.playing)
        await pilot.pause(0)
        assert "paused" in text_of(app.query_one("#status"))
        assert "space run" in text_of(app.query_one("#keys"))
        assert "converged" in text_of(app.query_one("#optimizer"))


async def test_keys_work_while_a_run_plays_at_full_speed(new_app):
    app = new_app("rosenbrock", (-1.2, 1.0), optimizer="adam", lr=1e-6)
    app.explorer.playback.speed = 10_000
    async with running(app) as pilot:
        await press(pilot, "space", "plus", "g", "m", "f", "escape", "space", "right", "tab")
        await until(pilot, lambda: app.explorer.run.position > 500)
        await press(pilot, "space", "home")
        assert app.explorer.run.position == 0
        await settled(pilot)


# Quitting.


async def test_quitting_while_a_run_plays(new_app):
    app = new_app(lr=1e-6)
    app.explorer.playback.speed = 10_000
    async with running(app) as pilot:
        await press(pilot, "space")
        await until(pilot, lambda: app.explorer.run.position > 100)
        await press(pilot, "q")
    assert app.return_code == 0


@pytest.mark.parametrize("view", [MapView, LossView])
async def test_quitting_while_something_is_drawn(new_app, monkeypatch, view):
    begun, go_on = threading.Event(), threading.Event()
    draft = view.draft

    def slow(self, order):
        begun.set()
        assert go_on.wait(DEADLINE)
        return draft(self, order)

    monkeypatch.setattr(view, "draft", slow)
    app = new_app()
    try:
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await until(pilot, begun.is_set)
            await press(pilot, "n", "plus", "q")
            await until(pilot, lambda: not app.is_running)
    finally:
        go_on.set()
    assert app.return_code == 0
    assert app.explorer.run.position == 1


async def test_quitting_before_the_first_drawing(new_app):
    app = new_app()
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await press(pilot, "q")
    assert app.return_code == 0


@pytest.mark.parametrize("key", ["q", "n", "space", "f", "e", "d", "t", "question_mark", "escape"])
async def test_keys_typed_after_the_one_that_quits_do_nothing(new_app, key):
    app = new_app()
    async with running(app, (80, 24)) as pilot:
        app.post_message(events.Key("q", "q"))
        app.post_message(events.Key(key, CHARACTERS.get(key, key)))
        await until(pilot, lambda: not app.is_running)
    assert app.return_code == 0
    assert app.explorer.run.position == 0


async def test_a_drawing_that_fails_does_not_end_the_program(new_app, monkeypatch):
    def fail(self, order):
        raise ZeroDivisionError

    monkeypatch.setattr(LossView, "draft", fail)
    app = new_app()
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await press(pilot, "n", "n", "q")
    assert app.return_code == 0


# Sizes.


# Those that have room for the usual panels are where all other tests start.
@pytest.mark.parametrize("size", [(10, 3), (40, 12), (1, 1), (3, 30), (200, 60)], ids=str)
async def test_the_program_starts_and_steps_at_any_size(new_app, size):
    app = new_app()
    async with running(app, size) as pilot:
        await press(pilot, "n", "right", "plus", "tab", "f", "escape", "question_mark", "escape")
        await settled(pilot)
        assert app.explorer.run.position == 1


async def test_a_new_size_is_drawn_in_full(new_app):
    app = new_app()
    async with running(app, (60, 20)) as pilot:
        for size in SIZES:
            resize(pilot, *size)
            await until(pilot, lambda size=size: app.size == size)
            await settled(pilot)
            view = app.query_one(MapView)
            if min(view.room) > 0:
                cells = view.picture.cells
                assert (cells.width, cells.height) == view.room
        assert "◆" in text_of(app.query_one(MapView))


async def test_resizing_while_a_run_plays_and_dialogs_are_open(new_app):
    app = new_app(lr=1e-6)
    app.explorer.playback.speed = 500
    async with running(app) as pilot:
        for number, size in enumerate(SIZES):
            resize(pilot, *size)
            if not app.explorer.playing:
                await press(pilot, "space")
            await press(pilot, "feopitdw"[number % 8])
            resize(pilot, *SIZES[number - 3])
            await write(pilot, "1")
            await press(pilot, "escape")
        resize(pilot, 120, 40)
        if app.explorer.playing:
            await press(pilot, "space")
        await until(pilot, lambda: app.query_one("#header").size.width == 120)
        await settled(pilot)
        assert len(app.screen_stack) == 1
        assert "curvtui" in text_of(app.query_one("#header"))


async def test_a_storm_of_sizes_ends_with_the_last(new_app):
    app = new_app()
    async with running(app) as pilot:
        for number in range(60):
            resize(pilot, 20 + 3 * number % 150, 5 + number % 50)
        resize(pilot, 100, 30)
        await until(pilot, lambda: app.size == (100, 30))
        await settled(pilot)
        assert app.query_one(MapView).picture.cells.width == app.query_one(MapView).room[0]
