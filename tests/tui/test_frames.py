"""What a step costs: one update of the screen, one evaluation of what is shown, nothing for what nobody sees."""

import asyncio
import time

import pytest
from textual import events

from curvtui.engine.surface.surface import Surface
from curvtui.tui.widgets.loss_view import LossView
from curvtui.tui.widgets.map_view import MapView
from curvtui.tui.widgets.page_view import PageView

from .driving import DEADLINE, at_rest, drawn, press, running, text_of
from .wire import recorded


def counted(monkeypatch, owner, name):
    """Let a method count its calls by their first argument."""
    plain, calls = getattr(owner, name), []

    def counting(self, *arguments):
        calls.append((self, *arguments))
        return plain(self, *arguments)

    monkeypatch.setattr(owner, name, counting)
    return calls


async def patiently(condition):
    """Let the app go on until a condition is met, undisturbed."""
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end, "the condition is never met"
        await asyncio.sleep(0.005)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_key_is_answered_by_one_update_of_the_screen(new_app, monkeypatch, size):
    monkeypatch.setattr(LossView, "patience", DEADLINE)
    monkeypatch.setattr(LossView, "pause", 0.0)
    with recorded() as sent:
        app = new_app("rosenbrock", (-1.2, 1.0), lr=0.001)
        async with running(app, size) as pilot:
            # With the first step a panel gets higher, and the one below it lower, before it is drawn.
            await press(pilot, "n")
            await drawn(pilot)
            curve = app.query_one(LossView)
            for key in ("n", "n", "b", "n"):
                sent.clear()
                before = app.explorer.run.position
                app.post_message(events.Key(key, key))
                # Not by Pilot's pauses: they have the screen updated whatever it waits for.
                await patiently(lambda at=before: app.explorer.run.position != at)
                await patiently(lambda: curve.settled and at_rest(app) and not app._batch_count)
                assert len(updates := [each for each in sent if each]) == 1, (key, updates)


async def test_a_step_draws_rows_of_the_map_anew_only_where_they_differ(new_app, monkeypatch):
    app = new_app("rosenbrock", (-1.2, 1.0), lr=1e-6)
    async with running(app) as pilot:
        await press(pilot, "n")
        await drawn(pilot)
        rows = counted(monkeypatch, MapView, "render_line")
        await press(pilot, "n")
        await drawn(pilot)
        assert len(rows) <= 2


async def test_a_step_takes_the_hessian_at_the_new_iterate_once(new_app, monkeypatch):
    app = new_app("rosenbrock", (-1.2, 1.0), lr=0.001)
    async with running(app) as pilot:
        await press(pilot, "n")
        await drawn(pilot)
        asked = counted(monkeypatch, Surface, "hessian_at")
        await press(pilot, "n")
        await drawn(pilot)
        here = tuple(app.explorer.run.x.tolist())
        assert [tuple(point) for _, point in asked].count(here) == 1


async def test_showing_the_same_again_draws_nothing(new_app, monkeypatch):
    app = new_app("rosenbrock", (-1.2, 1.0), lr=0.001)
    async with running(app) as pilot:
        await press(pilot, "n")
        await drawn(pilot)
        pages = []
        for view in app.screen_stack[0].query(PageView):
            draw = view._draw
            view._draw = lambda *order, draw=draw, view=view: pages.append(view.id) or draw(*order)
        app.show_all()
        assert pages == []
        await press(pilot, "n")
        await drawn(pilot)
        assert sorted(pages) == sorted(set(pages)), "a page was drawn twice"


async def test_what_nobody_sees_is_not_worked_out_and_comes_up_to_date(new_app, monkeypatch):
    app = new_app("rosenbrock", (-1.2, 1.0), lr=0.001)
    async with running(app, (80, 24)) as pilot:
        # At this size the list of critical points is a page of its own.
        panel = app.query_one("#critical")
        assert not panel.in_sight
        calls = []
        monkeypatch.setattr("curvtui.tui.panels.critical_data", lambda explorer: calls.append(explorer))
        await press(pilot, "n")
        await drawn(pilot)
        assert calls == []
        monkeypatch.undo()
        await press(pilot, "v")
        await drawn(pilot)
        assert panel.in_sight
        assert "minimum" in text_of(panel)
