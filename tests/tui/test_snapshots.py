"""Whole screens, compared with accepted ones; ``pytest --snapshot-update`` accepts them anew: look at them."""

import pytest

from .driving import press, settled, until, write


@pytest.fixture
def app(new_app):
    return new_app(start=(1.1, -1.3))


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 60)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_first_screen(snap_compare, app, size):
    assert snap_compare(app, terminal_size=size, run_before=settled)


@pytest.mark.parametrize("theme", ["light", "cividis"])
def test_a_step_in_another_theme(snap_compare, new_app, theme):
    async def step(pilot):
        await settled(pilot)
        await press(pilot, "n", "n", "n", "a")
        await settled(pilot)

    app = new_app(start=(1.1, -1.3), theme=theme)
    assert snap_compare(app, terminal_size=(80, 24), run_before=step)


def test_the_formula_editor_with_an_error(snap_compare, app):
    async def type_a_wrong_formula(pilot):
        await settled(pilot)
        await press(pilot, "e")
        field = pilot.app.screen.query_one("#formula")
        field.cursor_blink = False
        await write(pilot, "x*y + sine(x)")
        await until(pilot, lambda: "sine" in str(pilot.app.screen.query_one("#error").content))

    assert snap_compare(app, terminal_size=(100, 30), run_before=type_a_wrong_formula)
