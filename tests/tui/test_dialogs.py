"""The dialogs: what they show while one types, what they do on enter, and that escape changes nothing."""

import pytest
from textual import events
from textual.command import CommandPalette
from textual.widgets import Input, OptionList

from curvtui.engine.surface.presets import PRESETS
from curvtui.engine.surface.surface import open_surface
from curvtui.tui.explorer import Explorer
from curvtui.tui.screens.picker import Picker
from curvtui.tui.session import load_session

from .driving import CHARACTERS, drawn, press, running, settled, text_of, toasts, until, write


def said(app, note):
    return str(app.screen.query_one(f"#{note}").content)


def refused(app):
    """What a form says against its answer, if there is a form."""
    return "".join(str(note.content) for note in app.screen.query("#error"))


def names_in(app):
    """The names in a picker's list, top to bottom."""
    options = app.screen.query_one(OptionList)
    prompts = [str(options.get_option_at_index(i).prompt) for i in range(options.option_count)]
    return [prompt.lstrip("› ").split()[0] for prompt in prompts]


def highlighted(app):
    return names_in(app)[app.screen.query_one(OptionList).highlighted]


def value_of(app, field):
    return app.screen.query_one(f"#{field}", Input).value


async def fill(pilot, field, text):
    """Put text into a field of the dialog that is open."""
    entry = pilot.app.screen.query_one(f"#{field}", Input)
    entry.focus()
    entry.value = ""
    await pilot.pause(0)
    await write(pilot, text)


def looks(app):
    """What a user would miss if it changed."""
    explorer = app.explorer
    return (
        explorer.surface,
        explorer.view,
        explorer.run.settings,
        explorer.run.position,
        explorer.run.length,
        explorer.cursor,
        explorer.page,
        len(explorer.race.runners),
        app.look,
        app.theme,
        text_of(app.screen_stack[0].query_one("#header")),
    )


DIALOGS = ("f", "e", "o", "p", "i", "w", "t", "d", "A", "V", "u", "question_mark", "ctrl+p")
KINDS = ("f", "e", "w", "d", "ctrl+p")
"""One dialog of each class: a list, the editor, fields, something to read, the palette."""


@pytest.mark.parametrize(("typed", "dialogs"), [("", KINDS), ("1+zz", DIALOGS)], ids=["nothing", "something"])
async def test_escape_leaves_every_dialog_and_changes_nothing(new_app, typed, dialogs):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "n", "n", "b")
        before = looks(app)
        for key in dialogs:
            await press(pilot, key)
            await until(pilot, lambda: len(app.screen_stack) == 2)
            await write(pilot, typed)
            await press(pilot, "down", "escape")
            if typed and isinstance(app.screen, CommandPalette):
                await press(pilot, "escape")
            await until(pilot, lambda: len(app.screen_stack) == 1)
            assert looks(app) == before, key
        await press(pilot, "n")
        assert app.explorer.run.position == 2


@pytest.mark.parametrize("key", KINDS)
async def test_ctrl_q_quits_from_every_dialog(new_app, key):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, key, "ctrl+q")
    assert app.return_code == 0


async def type_ahead(pilot, *keys):
    """Press keys without waiting for what they do."""
    for key in keys:
        pilot.app.post_message(events.Key(key, CHARACTERS.get(key, key)))
    for _ in range(9):
        await pilot.pause(0)


@pytest.mark.parametrize(
    "ahead", [("enter", "enter"), ("enter", "escape"), ("escape", "escape"), ("escape", "enter")], ids="-".join
)
async def test_keys_that_are_typed_ahead_leave_a_dialog_once(new_app, ahead, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    app = new_app()
    async with running(app, (80, 24)) as pilot:
        for key in KINDS:
            await type_ahead(pilot, key, *ahead)
            await press(pilot, "escape", "escape")
            await until(pilot, lambda: len(app.screen_stack) == 1)
        before = app.explorer.run.position
        await press(pilot, "n")
        assert app.explorer.run.position == before + 1


@pytest.mark.parametrize("key", ["f", "w"])
async def test_quitting_right_after_a_dialog(new_app, key, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    app = new_app()
    async with running(app, (80, 24)) as pilot:
        await type_ahead(pilot, key, "enter", "q")
        await press(pilot, "escape", "q")
        await until(pilot, lambda: not app.is_running)
    assert app.return_code == 0


async def test_paging_through_the_palette_before_its_list_is_there(new_app):
    app = new_app()
    async with running(app) as pilot:
        for key in ("ctrl+p", "pageup", "pagedown", "up", "down", "z", "z", "z", "pagedown", "pageup"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        for _ in range(9):
            await pilot.pause(0)
        await press(pilot, "escape", "escape", "ctrl+p", "pagedown", "escape", "escape", "n")
        assert app.explorer.run.position == 1


async def test_a_dialog_that_changes_the_run_pauses_it(new_app):
    app = new_app(lr=1e-5)
    async with running(app) as pilot:
        for key in ("f", "e", "o", "p", "i", "w"):
            await press(pilot, "space")
            assert app.explorer.playing
            await press(pilot, key)
            assert not app.explorer.playing, key
            await press(pilot, "escape")


# Pickers.


async def test_a_picker_begins_with_what_is_there(new_app):
    app = new_app("himmelblau", (0.0, 0.0))
    async with running(app) as pilot:
        await press(pilot, "f")
        assert names_in(app) == list(PRESETS)
        assert highlighted(app) == "himmelblau"
        assert PRESETS["himmelblau"].formula in said(app, "detail")


async def test_a_picker_filters_by_name_and_title(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "f")
        await write(pilot, "rosen")
        assert names_in(app) == ["rosenbrock"]
        await press(pilot, *["backspace"] * 5)
        assert names_in(app) == list(PRESETS)
        await write(pilot, "SADDLE")
        assert names_in(app)[0] == "saddle"
        assert "monkey_saddle" in names_in(app)
        assert all("saddle" in f"{n} {PRESETS[n].title}".lower() for n in names_in(app))


async def test_a_picker_without_a_match_says_so_and_stays(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "f")
        await write(pilot, "zzz")
        assert "nothing matches" in said(app, "detail")
        await press(pilot, "enter", "down", "up", "pagedown")
        assert isinstance(app.screen, Picker)
        await press(pilot, "escape")
        assert app.explorer.surface.name == "quartic"


async def test_the_arrows_move_through_the_list(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "f", "down", "down", "up")
        names = list(PRESETS)
        assert highlighted(app) == names[names.index("quartic") + 1]
        assert PRESETS[highlighted(app)].formula in said(app, "detail")
        await press(pilot, *["pagedown"] * 9)
        assert highlighted(app) == names[-1]
        await press(pilot, *["pageup"] * 9)
        assert highlighted(app) == names[0]
        await press(pilot, "enter")
        assert app.explorer.surface.name == names[0]


async def test_a_click_chooses_from_the_list(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "f")
        name = names_in(app)[2]
        await pilot.click(OptionList, offset=(4, 2))
        await until(pilot, lambda: len(app.screen_stack) == 1)
        assert app.explorer.surface.name == name


async def test_every_preset_opens_and_steps(new_app):
    app = new_app()
    async with running(app, (80, 24)) as pilot:
        for name in PRESETS:
            app.explorer.open(open_surface(name))
            await press(pilot, "n", "right")
            # Their analyses are looked at in test_analyze.py.
            await drawn(pilot)
            assert app.explorer.surface.name == name
            assert app.explorer.run.position == 1
            assert f" {name} " in text_of(app.query_one("#header"))
        assert not toasts(app)


# The theme.


async def test_a_theme_is_shown_while_it_is_highlighted_and_escape_takes_it_back(new_app):
    app = new_app()
    async with running(app) as pilot:
        before = app.look.theme.name
        await press(pilot, "t", "down")
        preview = highlighted(app)
        assert preview != before
        assert app.look.theme.name == app.theme == preview
        await press(pilot, "escape")
        assert app.look.theme.name == app.theme == before


async def test_a_theme_of_the_users_own_can_be_chosen(new_app, folders):
    (folders.config / "themes").mkdir()
    text = dark_theme_text().replace('name = "dark"', 'name = "mine"')
    (folders.config / "themes" / "mine.toml").write_text(text, encoding="utf-8")
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "t")
        await write(pilot, "mine")
        await press(pilot, "enter")
        assert app.look.theme.name == "mine"


async def test_a_broken_theme_is_told_of_and_the_others_are_offered(new_app, folders):
    (folders.config / "themes").mkdir()
    (folders.config / "themes" / "[red].toml").write_text("name = [/", encoding="utf-8")
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "t")
        await until(pilot, lambda: toasts(app))
        assert "[red].toml: this is not TOML" in toasts(app)[-1]
        assert "light" in names_in(app)
        assert "[red]" not in names_in(app)


def dark_theme_text():
    from importlib import resources

    return resources.files("curvtui.themes").joinpath("dark.toml").read_text(encoding="utf-8")


# The formula editor.

WRONG_FORMULAS = [
    ("sine(x)", 1, "did you mean 'sin'?"),
    ("x**2 + 2x", 9, "'*'"),
    ("x**2 + )", 8, ""),
    ("(x + y", 1, ""),
    ("x**(10**9)", 5, ""),
    ("x.real", 2, ""),
]


async def test_what_is_wrong_is_shown_under_the_caret_while_typing(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "e")
        for formula, column, words in WRONG_FORMULAS:
            await fill(pilot, "formula", formula)
            text, caret, sentence = said(app, "error").split("\n", 2)
            assert words in sentence
            assert text.index(formula) + column - 1 == caret.index("^"), formula
            assert said(app, "preview") == ""
            await press(pilot, "enter")
            assert len(app.screen_stack) == 2
        assert app.explorer.surface.name == "quartic"


async def test_the_error_is_on_the_screen_under_the_formula(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "e")
        await fill(pilot, "formula", "x*y + foo(y)")
        await pilot.pause()
        note = app.screen.query_one("#error")
        text, caret = (note.render_line(y).text for y in (0, 1))
        assert text.index("foo") == caret.index("^")


HOSTILE = ["", "3", "a+b+c", "x\x1b]0;evil\x07", "\u202ex", "[/ bad", "9**9**9**9", "x" * 5000]


async def test_hostile_formulas_are_refused_in_words(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "e")
        for formula in HOSTILE:
            await fill(pilot, "formula", "x*y")
            assert said(app, "error") == ""
            app.screen.query_one("#formula", Input).value = formula
            await until(pilot, lambda: said(app, "error"))
            assert said(app, "error").replace("\n", "").isprintable()
            await press(pilot, "enter")
            assert len(app.screen_stack) == 2


async def test_the_old_surface_stays_until_enter(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "n", "e")
        header = text_of(app.screen_stack[0].query_one("#header"))
        await fill(pilot, "formula", "x**2 + 3*y**2")
        assert said(app, "preview") == "f(x, y) = x² + 3y²"
        assert app.explorer.surface.name == "quartic"
        assert text_of(app.screen_stack[0].query_one("#header")) == header
        await press(pilot, "enter")
        assert app.explorer.surface.formula == "x**2 + 3*y**2"
        assert "x² + 3y²" in text_of(app.query_one("#header"))


async def test_parameters_and_box_are_taken_over(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "e")
        await fill(pilot, "formula", "a*x**2 + y**2")
        assert "with a = 1" in said(app, "preview")
        await fill(pilot, "parameters", "a=2.5")
        await fill(pilot, "box", "-1 1, -3 3")
        assert "with a = 2.5" in said(app, "preview")
        await press(pilot, "enter")
        assert dict(app.explorer.surface.parameters) == {"a": 2.5}
        assert app.explorer.view == ((-1.0, 1.0), (-3.0, 3.0))
        await press(pilot, "e")
        assert value_of(app, "parameters") == "a=2.5"
        assert value_of(app, "box") == "-1 1 -3 3"


async def test_what_is_wrong_with_parameters_and_box_is_said(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "e")
        for field, text, sentence in [
            ("parameters", "a", "parameters are written a=1 b=2; 'a' is not"),
            ("parameters", "a=two", "parameters are written a=1 b=2; 'a=two' is not"),
            ("box", "one two", "the box takes numbers"),
            ("box", "1 2 3", "the box takes two numbers a variable; 3 were given"),
            ("box", "2 1 0 1", "2"),
            ("box", "0 nan 0 1", "nan"),
            ("box", "0 0 0 1", "0"),
        ]:
            await fill(pilot, field, text)
            assert sentence in said(app, "error")
            await press(pilot, "enter")
            assert len(app.screen_stack) == 2
            await fill(pilot, field, "")
            assert said(app, "error") == ""


async def test_a_formula_of_one_variable_gives_the_old_box_up(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "e")
        await fill(pilot, "formula", "x**2 - cos(3*x)")
        await press(pilot, "enter", "n")
        await settled(pilot)
        assert app.explorer.view == ((-2.0, 2.0),)
        assert app.explorer.run.position == 1


async def test_earlier_formulas_come_back_in_this_session_and_the_next(new_app):
    app = new_app()
    async with running(app) as pilot:
        for formula in ("x**2 + y**2", "x*y"):
            await press(pilot, "e")
            await fill(pilot, "formula", formula)
            await press(pilot, "enter")
        await press(pilot, "e", "up")
        assert value_of(app, "formula") == "x**2 + y**2"
        await press(pilot, "up", "up")
        assert value_of(app, "formula") == "x**2 + y**2"
        await press(pilot, "down")
        assert value_of(app, "formula") == "x*y"
    later = new_app()
    async with running(later) as pilot:
        await press(pilot, "e", "up")
        assert value_of(later, "formula") == "x*y"
        await press(pilot, "up", "enter")
        assert later.explorer.surface.formula == "x**2 + y**2"


# Settings.


async def test_what_is_wrong_with_a_setting_is_said_while_typing(new_app):
    app = new_app()
    async with running(app) as pilot:
        before = app.explorer.run.settings
        await press(pilot, "p")
        for field, text, sentence in [
            ("lr", "fast", "lr must be a number; 'fast' was given"),
            ("lr", "-1", "lr must be zero or positive; -1 was given"),
            ("schedule", "slowly", "slowly"),
            ("noise", "-1", "noise must be zero or positive; -1 was given"),
            ("clip", "0", "clip must be positive; 0 was given"),
            ("seed", "1.5", "seed must be a whole number; '1.5' was given"),
        ]:
            await fill(pilot, f"field-{field}", text)
            assert sentence in said(app, "error")
            await press(pilot, "enter")
            assert len(app.screen_stack) == 2
            assert app.explorer.run.settings is before
            await fill(pilot, f"field-{field}", "constant" if field == "schedule" else "1")
            assert said(app, "error") == ""
        await press(pilot, "enter")
        assert len(app.screen_stack) == 1
        assert app.explorer.run.settings.clip == app.explorer.run.settings.noise == 1.0


async def test_settings_have_a_line_of_help_and_arrows_between_them(new_app):
    app = new_app(optimizer="adam")
    async with running(app) as pilot:
        await press(pilot, "p")
        names = [entry.id.removeprefix("field-") for entry in app.screen.query(Input)]
        assert names[:3] == ["lr", "beta1", "beta2"]
        assert names[-5:] == ["schedule", "noise", "clip", "clip_value", "seed"]
        helps = []
        for name in names:
            assert app.focused.id == f"field-{name}"
            helps.append(said(app, "help"))
            await press(pilot, "down")
        assert len(set(helps)) == len(names)
        assert all(helps)
        await press(pilot, "up")
        assert app.focused.id == "field-seed"


async def test_the_surfaces_parameters_can_be_set(new_app):
    app = new_app(open_surface("a*x**2 + y**2", None, {"a": 2.0}), (1.0, 1.0))
    async with running(app) as pilot:
        await press(pilot, "n", "p")
        await fill(pilot, "field-a", "5")
        await press(pilot, "enter")
        assert "a = 5" in text_of(app.query_one("#header"))
        assert app.explorer.run.position == 0


async def test_settings_that_are_left_as_they_are_leave_the_run_alone(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "N", "b", "p", "enter")
        assert (app.explorer.run.position, app.explorer.run.length) == (9, 10)


# Jumping.


async def test_i_goes_to_an_iterate(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "N", "i")
        assert "from 0 to 10" in said(app, "help")
        await write(pilot, "3")
        await press(pilot, "enter")
        assert "step 3 of 10" in text_of(app.query_one("#optimizer"))


async def test_an_iterate_that_is_not_there_is_refused(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "N", "i")
        for typed in ("11", "-1", "three", "1.5", "", "9" * 30):
            await fill(pilot, "field-iterate", typed)
            assert "must be a whole number from 0 to 10" in said(app, "error")
            await press(pilot, "enter")
            assert len(app.screen_stack) == 2
        await press(pilot, "escape")
        assert app.explorer.run.position == 10


# The session.


async def test_a_session_is_written_where_the_user_says(new_app, tmp_path):
    app = new_app(optimizer="adam", noise=0.1)
    target = tmp_path / "mine.json"
    async with running(app) as pilot:
        await press(pilot, "N", "b", "plus", "w")
        assert value_of(app, "field-file") == "quartic.json"
        await fill(pilot, "field-file", str(target))
        await press(pilot, "enter")
        await until(pilot, lambda: toasts(app))
        assert "written to mine.json" in toasts(app)[-1]
    resumed = new_app(explorer=Explorer.from_session(load_session(target, asked_for=True)))
    async with running(resumed) as pilot:
        assert "step 9 of 10" in text_of(resumed.query_one("#optimizer"))
        assert resumed.explorer.view == app.explorer.view
        assert (resumed.explorer.run.x == app.explorer.run.x).all()
        await press(pilot, "n")
        assert (resumed.explorer.run.x == app.explorer.run.iterate(10)).all()


async def test_a_session_that_can_not_be_written_is_told_of(new_app, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    app = new_app()
    told = []
    monkeypatch.setattr(app, "complain", told.append)
    async with running(app) as pilot:
        for name in ("~nobodyofthatname/s.json", "/", ".", "n" * 300, "/dev/null/s.json"):
            await press(pilot, "w")
            app.screen.query_one("#field-file", Input).value = name
            await press(pilot, "enter")
            # What is no file name, or somebody else's file, is refused in the form; the rest when it is written.
            await until(pilot, lambda: told or refused(app))
            assert len((told.pop() if told else refused(app)).split()) > 5
            await press(pilot, "escape")
        await press(pilot, "n")
        assert app.explorer.run.position == 1


@pytest.mark.parametrize("name", ["", "  ", "a\0b"])
async def test_a_session_needs_a_file_name(new_app, name):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "w")
        app.screen.query_one("#field-file", Input).value = name
        await until(pilot, lambda: said(app, "error") == "a file name is needed")
        await press(pilot, "enter")
        assert len(app.screen_stack) == 2


async def test_a_session_that_goes_on_where_the_last_one_ended(new_app, folders):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "N", "q")
    session = load_session(folders.state / "session.json", asked_for=False)
    assert session.run.position == 10
    assert (session.run.x == app.explorer.run.x).all()
