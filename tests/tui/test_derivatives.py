"""The dialog with the exact derivatives, when SymPy takes its time over them, or can't write them."""

import threading

import pytest

from curvtui.engine.surface.errors import FormulaError
from curvtui.engine.surface.model import Model
from curvtui.tui.screens import reading

from .driving import press, running, text_of, until


@pytest.fixture
def slow(monkeypatch):
    """SymPy does not get done before this is set; what it is asked in is remembered."""
    done = threading.Event()
    done.threads = []

    def gradient_text(model, plain=True):
        done.threads.append(threading.current_thread())
        done.wait(60)
        return ("2·x", "2·y")

    monkeypatch.setattr(Model, "gradient_text", gradient_text)
    yield done
    done.set()
    for thread in done.threads:
        thread.join(60)


def shown(app):
    return text_of(app.screen.query_one("#formulas"))


async def test_they_are_written_in_a_thread_that_does_not_keep_the_program(new_app, slow):
    app = new_app("x**2 + y**2")
    async with running(app) as pilot:
        await press(pilot, "d")
        await until(pilot, lambda: slow.threads)
        assert "SymPy is writing them" in shown(app)
        assert all(thread.daemon for thread in slow.threads)
        slow.set()
        await until(pilot, lambda: "∂f/∂x" in shown(app))
        assert "2·x" in shown(app)


async def test_they_are_given_up_after_a_while(new_app, slow, monkeypatch):
    monkeypatch.setattr(reading, "PATIENCE", 0.05)
    app = new_app("x**2 + y**2")
    async with running(app) as pilot:
        await press(pilot, "d")
        await until(pilot, lambda: "has not written them within" in shown(app))
        slow.set()
        await press(pilot, "escape", "n")
        assert app.explorer.run.position == 1


async def test_the_dialog_can_be_left_while_they_are_written(new_app, slow):
    app = new_app("x**2 + y**2")
    async with running(app) as pilot:
        await press(pilot, "d")
        await until(pilot, lambda: slow.threads)
        await press(pilot, "escape", "n")
        assert len(app.screen_stack) == 1
        slow.set()
        slow.threads[0].join(60)
        await press(pilot, "n")
        assert app.explorer.run.position == 2
    assert app.return_code in (0, None)


async def test_the_program_can_be_left_while_they_are_written(new_app, slow):
    app = new_app("x**2 + y**2")
    async with running(app) as pilot:
        await press(pilot, "d")
        await until(pilot, lambda: slow.threads)
        await press(pilot, "ctrl+q")
        await until(pilot, lambda: not app.is_running)
    assert not slow.is_set()
    assert app.return_code == 0


async def test_what_cannot_be_written_is_told(new_app, monkeypatch):
    def too_deep(model, plain=True):
        raise FormulaError("the derivatives are too deeply nested to be written out")

    monkeypatch.setattr(Model, "hessian_text", too_deep)
    app = new_app("x**2 + y**2")
    async with running(app) as pilot:
        await press(pilot, "d")
        await until(pilot, lambda: "too deeply nested" in shown(app))
