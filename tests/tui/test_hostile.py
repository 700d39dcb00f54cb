"""Text from outside that means harm: none of its sequences reach the terminal, nothing moves, one sentence is said."""

import asyncio
import json
import re
import unicodedata
from types import SimpleNamespace

import pyte
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual import events
from textual.widgets import Input

from curvtui.engine.files import read_session, session_text
from curvtui.tui import start
from curvtui.tui.cli import main
from curvtui.tui.screens.picker import Choice, Picker
from curvtui.tui.session import refuse_to_overwrite

from .driving import drawn, press, running, toasts, until
from .wire import recorded, text_sent

PIECES = [
    *("\x1b[31;44m", "\x1b[2J", "\x1b[5;5H", "\x1b[?1049l", "\x9b2J", "\x1b", "\x07", "\x08\x08", "\x00", "\x7f"),
    *("\x1b]0;evil\x07", "\x1b]8;;http://evil\x1b\\", "\x1b]52;c;ZXZpbA==\x07", "\x1bP+q544e\x1b\\", "\x9d0;evil\x9c"),
    *("[/red]", "[bold]", "[@click=app.quit]", "[/]", "[", "$accent", "\\[", "{", "%s", "&amp;"),
    *("漢字", "ｆｘ", "👩\u200d💻", "🇩🇪", "e\u0301\u0323", "\u200b", "\u200d", "\ufeff", "\xad", "ﷺ"),
    *("\u202e", "\u2066", "\u200f", "שלום", "\n", "\r\n", "\t", "\u2028", "\x85", "\xa0", "\u3000", "\ud800", "\ue000"),
    *("x", "x^2", "sin(", " ", "/", "..", "~", "'", '"', "-", "=", "٣", "Ⅷ", "n" * 300, "漢" * 200),
]
hostile = st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join) | st.sampled_from(
    [piece * (10_000 // len(piece)) for piece in ("\x1b]0;evil\x07", "漢", "[/red]", "e\u0301", "x ")]
)
SETTINGS = settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],  # an app an example: shrinking would take minutes
)


def assert_harmless(text):
    """Nothing that a terminal would do something about, or that would rearrange a line."""
    for character in text:
        assert character.isprintable(), ascii(text)
        assert unicodedata.bidirectional(character) not in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI")


NOT_FOR_PYTE = re.compile(r"\x1b\[\?2026[hl]|\x1b\]22;[a-z]+\x07")


def assert_in_place(app, sent, marks=False):
    """What the terminal shows are the program's own cells, each row as wide as the screen, each frame closed.

    With ``marks`` there may be combining marks: those that a user types into a field.
    """
    assert_harmless(text_sent(sent))
    screen = pyte.Screen(*app.size)
    stream = pyte.Stream(screen)
    stream.feed(NOT_FOR_PYTE.sub("", "".join(sent)))
    rows = ["".join(part.text for part in strip) for strip in app.screen._compositor.render_strips(app.size)]
    for y, row in enumerate(rows):
        assert cell_len(row) == app.size.width, (y, row)
        if not marks:
            assert screen.display[y] == row
            assert not any(unicodedata.category(character)[0] in "MC" for character in row), ascii(row)
    for box in app.screen.query("#dialog"):
        for y in range(box.region.y + 1, box.region.bottom - 1):
            for x in (box.region.x, box.region.right - 1):
                assert screen.buffer[y][x].data == "│", (y, x, screen.display[y])


async def shown(pilot):
    await drawn(pilot)
    await pilot.pause(0.05)
    await drawn(pilot)


# Toasts, lists and fields.


@given(st.lists(hostile, min_size=8, max_size=8, unique=True))
@SETTINGS
def test_toasts_and_lists_show_it_and_stay_in_place(new_app, texts):
    async def play():
        with recorded() as sent:
            app = new_app()
            async with running(app, (80, 24), searched=False) as pilot:
                for text in texts[:4]:
                    app.complain(text)
                    await until(pilot, lambda: toasts(app))
                    await shown(pilot)
                    assert_in_place(app, sent)
                    app.clear_notifications()
                    await until(pilot, lambda: not toasts(app))
                picker = Picker("theme", [Choice(text, text) for text in texts], texts[0])
                app.push_screen(picker)
                await until(pilot, lambda: len(app.screen_stack) == 2)
                await press(pilot, "down", "down")
                await shown(pilot)
                assert_in_place(app, sent)
                await press(pilot, "escape", "n")
                assert app.explorer.run.position == 1

    asyncio.run(play())


@given(st.lists(hostile, min_size=5, max_size=5, unique=True))
@SETTINGS
def test_what_is_typed_or_pasted_into_a_field_stays_in_it(new_app, folders, monkeypatch, texts):
    monkeypatch.chdir(folders.state)

    async def play():
        with recorded() as sent:
            app = new_app()
            async with running(app, (80, 24), searched=False) as pilot:
                for key, field in (
                    ("e", "formula"),
                    ("e", "parameters"),
                    ("e", "box"),
                    ("w", "field-file"),
                    ("f", "filter"),
                ):
                    app.clear_notifications()
                    await until(pilot, lambda: not toasts(app))
                    await press(pilot, key)
                    await until(pilot, lambda: len(app.screen_stack) == 2)
                    entry = app.screen.query_one(f"#{field}", Input)
                    entry.focus()
                    entry.value = ""
                    await pilot.pause(0)
                    text = texts.pop()
                    app.post_message(events.Paste(text))
                    await shown(pilot)
                    assert_in_place(app, sent, marks=True)
                    said = [str(note.content) for note in app.screen.query("#error")]
                    for sentence in said:
                        assert_harmless(sentence.replace("\n", ""))
                        # A formula's error has the place in it above the sentence, and a caret.
                        assert len(sentence.splitlines()) in (0, 1, 3)
                    await press(pilot, "enter", "escape")
                    await until(pilot, lambda: len(app.screen_stack) == 1)
                    await shown(pilot)
                    assert_in_place(app, sent)
                await press(pilot, "n")
                assert app.explorer.run.position == 1

    asyncio.run(play())


def test_a_name_that_no_file_can_have_is_said_to_be_too_long(tmp_path):
    with pytest.raises(ValueError, match=r"^n{60}… is too long for the name of a file$"):
        refuse_to_overwrite(tmp_path / ("n" * 10_000))


# The command line.


def words(text):
    """A word as a shell can pass it."""
    return text.replace("\x00", "").replace("\ud800", "\udcff")


def assert_one_sentence(told):
    """One line, or three where the place in a formula is shown; nothing in them does anything."""
    assert told.startswith("curvtui: ")
    assert told.endswith("\n")
    lines = told[:-1].split("\n")
    assert len(lines) in (1, 3), told
    assert len(lines[0]) <= 520
    for line in lines:
        assert_harmless(line)


COMMANDS = [
    lambda text: ["run", text, "--steps", "1"],
    lambda text: ["run", f"x^2 + {text}", "--steps", "1"],
    lambda text: ["run", "quartic", "--param", f"{text}=1"],
    lambda text: ["run", "a*x^2", "--param", f"a={text}"],
    lambda text: ["run", "quartic", "--optimizer", text],
    lambda text: ["run", "quartic", "--schedule", text],
    lambda text: ["run", "quartic", "--schedule", f"step:{text}=1"],
    lambda text: ["run", "quartic", "--set", f"{text}=1"],
    lambda text: ["run", "quartic", "--set", f"lr={text}"],
    lambda text: ["run", "quartic", "--steps", text],
    lambda text: ["run", "quartic", "--steps", "1", "--start", text],
    lambda text: ["run", "quartic", f"--{text}"],
    lambda text: ["run", "quartic", "--steps", "1", "--output", f"no/such/folder/{text}"],
    lambda text: ["analyze", text, "--budget", "0.01"],
    lambda text: ["analyze", "quartic", "--box", text],
    lambda text: ["list", text],
    lambda text: ["quartic", text],
    lambda text: ["--color", text],
    lambda text: ["--theme", text],
    lambda text: ["--resume", text],
]


@pytest.fixture
def no_screen(monkeypatch, folders):
    """The command opens what it is asked to, and ends before there is a screen; a list of what was opened."""
    opened = []

    class App:
        return_code = 0

        def __init__(self, explorer, **options):
            opened.append(explorer)

        def run(self, **options):
            pass

    monkeypatch.chdir(folders.state)
    monkeypatch.setenv("XDG_STATE_HOME", str(folders.state))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folders.config))
    monkeypatch.setattr("curvtui.tui.app.CurvtuiApp", App)
    monkeypatch.setattr(start, "sys", SimpleNamespace(stdin=Tty(), stdout=Tty()))
    monkeypatch.setattr(start, "watch", lambda handle: None)
    monkeypatch.setattr(start, "prepare_textual", lambda depth: None)
    monkeypatch.setattr("gc.disable", lambda: None)
    return opened


class Tty:
    def isatty(self):
        return True

    def fileno(self):
        return 0


@given(st.sampled_from(COMMANDS), hostile.map(words))
@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_hostile_words_get_one_sentence_on_the_command_line(no_screen, capsys, command, text):
    code = main(command(text))
    out, told = capsys.readouterr()
    assert_harmless(out.replace("\n", ""))
    if code == 0:
        assert told == ""
    else:
        assert code in (1, 2)
        assert out == ""
        assert_one_sentence(told)


SESSION_PLACES = [
    ("kind",), ("schema",), ("surface", "name"), ("surface", "formula"), ("surface", "parameters", "a"),
    ("race", "clock"), ("race", "runners", 0, "run", "segments", 0, "optimizer"),
    ("race", "runners", 0, "run", "segments", 0, "hyperparameters"), ("view", 0, 0),
]  # fmt: skip


@given(
    st.sampled_from(SESSION_PLACES), hostile, st.booleans(), st.sampled_from(["session.json", "\u202e[red]漢\x1b[2J"])
)
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_a_hostile_session_is_resumed_or_refused_in_one_sentence(
    no_screen, new_app, folders, capsys, place, text, as_key, name
):
    data = json.loads(session_text(new_app("rosenbrock").explorer.session))
    at = data
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = {text: 1.0} if as_key else text
    path = folders.state / name
    path.write_text(json.dumps(data), encoding="utf-8")
    no_screen.clear()
    code = main(["--resume", str(path)])
    out, told = capsys.readouterr()
    assert out == ""
    if code:
        assert code == 2
        assert_one_sentence(told)
    else:
        # Nothing of it is left that could be shown.
        (explorer,) = no_screen
        assert_harmless(explorer.surface.name + explorer.surface.formula)
        assert read_session(session_text(explorer.session)).surface.formula == explorer.surface.formula
