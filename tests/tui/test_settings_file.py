"""The user's own settings: keys that are remapped, themes, and files that can't be understood."""

import pytest

from curvtui.tui.actions import ACTIONS
from curvtui.tui.widgets.key_bar import KeyBar

from .driving import FREE_KEYS, press, running, text_of, toasts, until


def configure(folders, text):
    (folders.config / "config.toml").write_text(text, encoding="utf-8")


async def test_a_key_can_be_given_to_another_action(new_app, folders):
    free = FREE_KEYS[0]
    configure(folders, f'[keys]\nstep = "{free},f5"\nback = "ctrl+b"\nplay = "n"\n')
    app = new_app(lr=1e-5)
    async with running(app) as pilot:
        bar = text_of(app.query_one(KeyBar))
        assert f" {free} step " in bar
        assert " ctrl+b back " in bar
        assert " n run " in bar
        await press(pilot, free, "f5")
        assert app.explorer.run.position == 2
        await press(pilot, "ctrl+b")
        assert app.explorer.run.position == 1
        await press(pilot, "n")
        assert app.explorer.playing
        await press(pilot, "n", "space", "b")
        assert not app.explorer.playing
        await press(pilot, "question_mark")
        helped = "\n".join(str(line.render()) for line in app.screen.query("Static"))
        assert f"{free}  f5" in helped


@pytest.mark.parametrize(("shown", "name"), [("<", "less_than_sign"), ("?", "question_mark"), ("+", "plus")])
async def test_a_key_can_be_written_as_it_is_shown(new_app, folders, shown, name):
    held = next(action.name for action in ACTIONS.values() if name in action.keys)
    configure(folders, f'[keys]\nstep = "{shown}"\n{held} = "f9"\n')
    app = new_app()
    async with running(app) as pilot:
        assert f" {shown} step " in text_of(app.query_one(KeyBar))
        await press(pilot, name)
        assert app.explorer.run.position == 1


async def test_the_theme_of_the_settings_file_is_used(new_app, folders):
    configure(folders, 'theme = "light"\n')
    app = new_app()
    async with running(app):
        assert app.look.theme.name == app.theme == "light"
        assert not toasts(app)
    app = new_app(theme="mono")
    async with running(app):
        assert app.look.theme.name == "mono"


BROKEN = {
    "not TOML": ("keys = [/ bad", "config.toml is not TOML"),
    "unknown table": ("[kyes]\nstep = 's'", "config.toml has no setting 'kyes'"),
    "unknown action": ("[keys]\nstpe = 's'", "there is no action 'stpe'"),
    "no text": ("[keys]\nstep = 3", "the key of step must be in quotes"),
    "clash": ("[keys]\nstep = 'b'", "'b' is given to both"),
    "no such theme": ("theme = 'nope'", "there is no theme 'nope'"),
    "hostile": ("theme = '[/ \\u202e'", "there is no theme"),
}


@pytest.mark.parametrize("broken", BROKEN)
async def test_a_broken_settings_file_is_a_toast_and_no_more(new_app, folders, broken):
    text, sentence = BROKEN[broken]
    configure(folders, text)
    app = new_app()
    async with running(app) as pilot:
        await until(pilot, lambda: toasts(app))
        assert sentence in toasts(app)[-1]
        await press(pilot, "n", "t", "escape", "question_mark", "escape")
        assert app.explorer.run.position == 1
        assert app.look.theme.name == "dark"


async def test_a_settings_file_that_is_no_text_is_a_toast(new_app, folders):
    (folders.config / "config.toml").write_bytes(b"\xff\xfe")
    app = new_app()
    async with running(app) as pilot:
        await until(pilot, lambda: toasts(app))
        assert "config.toml can't be read" in toasts(app)[-1]


async def test_a_broken_theme_of_the_settings_file_is_a_toast(new_app, folders):
    configure(folders, 'theme = "mine"')
    (folders.config / "themes").mkdir()
    (folders.config / "themes" / "mine.toml").write_text('name = "mine"\ntitle = "[/"\n', encoding="utf-8")
    app = new_app()
    async with running(app) as pilot:
        await until(pilot, lambda: toasts(app))
        assert "mine.toml: the file lacks dark" in toasts(app)[-1]
        assert app.look.theme.name == "dark"


HOSTILE = [
    "[/ bad",
    "[bold]x[/",
    "\x1b]0;evil\x07",
    "\x1b[31mred",
    "[@click=app.quit]q[/]",
    "\u202egnp.exe",
    "a" * 5000,
    "\n" * 99,
]


async def test_hostile_text_in_a_toast_is_shown_as_it_is(new_app):
    app = new_app()
    async with running(app) as pilot:
        for text in HOSTILE:
            app.complain(text)
        await until(pilot, lambda: len(toasts(app)) == len(HOSTILE))
        told = toasts(app)
        assert "[/ bad" in told
        assert "[bold]x[/" in told
        assert all(text.isprintable() and len(text) <= 500 for text in told)
        await press(pilot, "n")
        assert app.explorer.run.position == 1


async def test_folders_that_can_not_be_written_to_disturb_nobody(new_app, folders):
    folders.state.rmdir()
    folders.state.write_text("a file where a folder should be", encoding="utf-8")
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "n", "e", "enter", "q")
    assert app.return_code == 0
