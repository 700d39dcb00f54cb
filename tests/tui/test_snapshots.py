"""Whole screens, compared with accepted ones; ``pytest --snapshot-update`` accepts them anew: look at them."""

import pytest

from .driving import press, settled, until, write


@pytest.fixture
def app(new_app):
    return new_app(start=(1.1, -1.3))


def test_the_first_screen(snap_compare, app):
    assert snap_compare(app, terminal_size=(120, 40), run_before=settled)


def test_the_first_screen_of_a_small_terminal(snap_compare, app):
    assert snap_compare(app, terminal_size=(80, 24), run_before=settled)


def test_the_formula_editor_with_an_error(snap_compare, app):
    async def type_a_wrong_formula(pilot):
        await settled(pilot)
        await press(pilot, "e")
        field = pilot.app.screen.query_one("#formula")
        field.cursor_blink = False
        await write(pilot, "x*y + sine(x)")
        await until(pilot, lambda: "sine" in str(pilot.app.screen.query_one("#error").content))

    assert snap_compare(app, terminal_size=(100, 30), run_before=type_a_wrong_formula)


def test_the_help(snap_compare, app):
    async def ask_for_help(pilot):
        await settled(pilot)
        await press(pilot, "question_mark")

    assert snap_compare(app, terminal_size=(100, 60), run_before=ask_for_help)
