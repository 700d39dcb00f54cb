"""ASCII, and no colour: every cell of every screen and dialog is ASCII, and neither more nor a colour is sent."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from curvtui.tui.output import TerminalModel
from curvtui.tui.sanitize import safe_cells

from .driving import press, running, toasts, until, write
from .wire import colour_codes, recorded

DIALOGS = {
    (60, 20): ("e", "o", "question_mark"),
    (80, 24): ("f", "e", "o", "p", "A", "V", "z", "i", "w", "t", "d", "u", "question_mark", "ctrl+p"),
}
PAGES = ("a", "s", "v", "X", "g")


def cells_of(app):
    """All characters on the screen, dialogs and toasts included, row by row."""
    return ["".join(part.text for part in strip) for strip in app.screen._compositor.render_strips(app.size)]


async def assert_ascii(pilot, where):
    await pilot.pause(0)
    for row in cells_of(pilot.app):
        assert row.isascii(), (where, row)


@pytest.mark.parametrize(("size", "depth"), [((60, 20), "256"), ((80, 24), "none")], ids=str)
async def test_every_cell_of_every_screen_is_ascii(new_app, tmp_path, monkeypatch, size, depth):
    # Sessions are written where the program is.
    monkeypatch.chdir(tmp_path)
    titles = set()
    with recorded(depth, "ascii") as sent:
        app = new_app(glyphs="ascii", depth=depth)
        async with running(app, size) as pilot:
            await assert_ascii(pilot, "first")
            await press(pilot, "n", "n")
            for key in PAGES:
                await press(pilot, key)
                await assert_ascii(pilot, key)
            app.complain("a toast: [x] is wrong")
            await until(pilot, lambda: toasts(app))
            await assert_ascii(pilot, "toast")
            for key in DIALOGS[size]:
                await press(pilot, key)
                await until(pilot, lambda: len(app.screen_stack) == 2)
                titles |= {str(box.border_title) for box in app.screen.query("#dialog")}
                if key in "ep":
                    # Errors have a colour of their own.
                    await write(pilot, "sine(x) + 1")
                await pilot.pause(0.02)
                await assert_ascii(pilot, key)
                await press(pilot, "escape")
                await until(pilot, lambda: len(app.screen_stack) == 1)
    # The command palette is Textual's own, and has no title.
    assert len(titles) == len(set(DIALOGS[size]) - {"ctrl+p"})
    data = "".join(sent)
    assert data.isascii()
    assert "\x1b[1m" in data or "\x1b[1;" in data
    assert bool(colour_codes(data)) == (depth != "none")


@given(st.text(max_size=30))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_whatever_is_written_keeps_its_width_and_is_ascii(text):
    kept = safe_cells(text, ascii_only=True)
    assert all(" " <= character <= "~" for character in kept)
    # One character at a time: what belongs together in a terminal's eyes is no business of a cell.
    assert len(kept) == sum(cell_len(character) for character in text)
    assert safe_cells(text, ascii_only=False).isprintable() or not text


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=20))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_no_text_among_cells_can_do_anything_to_the_terminal(text):
    model = TerminalModel()
    sent = model.rewrite(f"\x1b[?2026h\x1b[3;5Hbefore\x1b]0;{text}\x07{text.replace(chr(27), '')}\x1b[?2026l")
    assert "\x1b]" not in sent
    assert "\x07" not in sent
    assert not any("\x80" <= character < "\xa0" for character in sent)
    assert "before" in sent


def test_titles_and_clipboards_outside_of_cells_pass():
    assert TerminalModel().rewrite("\x1b]52;c;aGk=\x07").endswith("\x1b]52;c;aGk=\x07")
    assert TerminalModel().rewrite("\x07") == "\x07"


def test_box_drawing_and_accents_become_what_they_look_like():
    assert safe_cells("╭─é│…漢↑", ascii_only=True) == "+-e|~??^"
    assert safe_cells("╭─é漢", ascii_only=False) == "╭─é漢"
    model = TerminalModel(ascii_only=True)
    assert "+--+" in model.rewrite("\x1b[1;1H╭──╮")
