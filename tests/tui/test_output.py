"""The driver's layer: whatever it leaves out, the terminal shows what Textual meant."""

import re

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from curvtui.tui.output import TerminalModel

WIDTH, HEIGHT = 16, 5
BEGIN, END = "\x1b[?2026h", "\x1b[?2026l"


class Screen(pyte.Screen):
    """pyte's screen, which also blanks the other half of a wide character that is written over, as terminals do."""

    def draw(self, data):
        for character in data:
            x, line = self.cursor.x, self.buffer[self.cursor.y]
            size = cell_len(character)
            if size and 0 < x < WIDTH and line[x].data == "":
                line[x - 1] = line[x - 1]._replace(data=" ")
            if size and x + size < WIDTH and line[x + size].data == "":
                line[x + size] = line[x + size]._replace(data=" ")
            super().draw(character)


class Terminal:
    """A terminal emulator that knows nothing of the layer."""

    def __init__(self):
        self.screen = Screen(WIDTH, HEIGHT)
        self.stream = pyte.Stream(self.screen)
        # As Textual's driver does: the last column's text does not wrap.
        self.stream.feed("\x1b[?7l")

    def feed(self, data):
        self.stream.feed(data)

    def cells(self, colours=True):
        """Every cell as it looks: of a blank, only what shows on one."""
        return [[look(self.screen.buffer[y][x], colours) for x in range(WIDTH)] for y in range(HEIGHT)]


def look(cell, colours):
    fg, bg = (cell.fg, cell.bg) if colours else ("default", "default")
    drawn = cell.underscore, cell.strikethrough, cell.reverse
    if cell.data == " ":
        return " ", bg, fg if any(drawn) else "", *drawn
    return cell.data, bg, fg, cell.bold, cell.italics, cell.blink, *drawn


def move(row, column):
    return f"\x1b[{row + 1};{column + 1}H"


COLOURS = st.one_of(
    st.integers(30, 37),
    st.integers(90, 97),
    st.integers(40, 47),
    st.integers(100, 107),
    st.sampled_from([39, 49]),
    st.builds("{};5;{}".format, st.sampled_from([38, 48]), st.integers(0, 3)),
    st.builds("{};2;{};0;{}".format, st.sampled_from([38, 48]), st.integers(0, 2), st.integers(0, 2)),
)
ATTRIBUTES = st.sampled_from([1, 3, 4, 5, 7, 9, 22, 23, 24, 25, 27, 29])
RESET = st.sampled_from(["", "0", "00"])
STYLES = st.lists(st.one_of(COLOURS, ATTRIBUTES, RESET), min_size=1, max_size=4).map(
    lambda codes: f"\x1b[{';'.join(map(str, codes))}m"
)
NARROW, WIDE, MARK = "  ab─█⠿λ", "漢字", "\u0301"


@st.composite
def spans(draw, row=None, above=0, marks=True):
    """A move and some styled text that stays on its line, as Textual writes spans; ``above`` the last rows."""
    column = draw(st.integers(0, WIDTH - 1))
    line = draw(st.integers(0, HEIGHT - 1 - above)) if row is None else row
    parts = [move(line, column)]
    left = WIDTH - column
    for _ in range(draw(st.integers(1, 4))):
        parts += [draw(STYLES)] * draw(st.integers(0, 1))
        text = draw(st.text(NARROW + WIDE, max_size=8))
        while cell_len(text) > left:
            text = text[:-1]
        left -= cell_len(text)
        if text and marks and draw(st.integers(0, 5)) == 0 and text[-1] not in " 漢字":
            text += MARK
        parts.append(text)
    parts += ["\x1b[0m"] * draw(st.integers(0, 1))
    return "".join(parts)


PASSING = st.sampled_from(
    ["\x1b[?25l", "\x1b[?1003h", "\x1b]0;title\x07", "\x1b[>1u", "\x1b[?2026$p", "\x1b]22;pointer\x1b\\"]
)
CLEARING = st.sampled_from(["\x1b[2J", "\x1b[1;1H\x1b[J", "\x1b[3;4H\x1b[K", "\x1b[2;2H\x1b[4P", "\x1b[2;3H\x1b[3X"])


@st.composite
def updates(draw):
    """One write of Textual's: spans, each perhaps ended by a newline, often between sync marks."""
    pieces = draw(
        st.lists(
            st.one_of(spans(), spans(), spans(above=1).map("{}\n".format), PASSING, CLEARING.map("\x1b[0m{}".format)),
            max_size=6,
        )
    )
    body = "".join(pieces)
    # As all that Textual writes: no style outlives it, and what follows a newline or a clearing begins with a move.
    body += "\x1b[0m" + move(draw(st.integers(0, HEIGHT - 1)), draw(st.integers(0, WIDTH - 1)))
    return f"{BEGIN}{body}{END}" if draw(st.booleans()) else body


@st.composite
def pictures(draw):
    """An update that writes no cell twice."""
    rows = draw(st.lists(st.integers(0, HEIGHT - 1), unique=True, min_size=1))
    return BEGIN + "".join(draw(spans(row=row, marks=False)) for row in rows) + END


@given(st.lists(updates(), max_size=8))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_the_terminal_shows_what_it_would_without_the_layer(sent):
    plain, thrifty, model = Terminal(), Terminal(), TerminalModel()
    for data in sent:
        plain.feed(data)
        thrifty.feed(model.rewrite(data))
        assert thrifty.cells() == plain.cells()
        assert (thrifty.screen.cursor.y, thrifty.screen.cursor.x) == (plain.screen.cursor.y, plain.screen.cursor.x)


@given(st.lists(updates(), max_size=8))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_without_colours_none_is_sent_and_the_rest_is(sent):
    plain, thrifty, model = Terminal(), Terminal(), TerminalModel(colours=False)
    for data in sent:
        plain.feed(data)
        rewritten = model.rewrite(data)
        for codes in re.findall(r"\x1b\[([0-9;]*)m", rewritten):
            assert not re.search(r"(^|;)([34][0-9]|9[0-7]|10[0-7])(;|$)", codes)
        thrifty.feed(rewritten)
        assert thrifty.cells(colours=False) == plain.cells(colours=False)
    assert all(cell[1] == "default" for row in thrifty.cells() for cell in row)


@given(st.lists(updates(), max_size=4), pictures())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_what_is_there_already_is_not_sent_again(sent, picture):
    model = TerminalModel()
    for data in sent:
        model.rewrite(data)
    model.rewrite(picture)
    assert model.rewrite(picture) == ""


@given(st.lists(updates(), max_size=8))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_it_is_never_much_longer_than_what_textual_wrote(sent):
    model = TerminalModel()
    for data in sent:
        assert len(model.rewrite(data)) <= len(data) + 16


@given(st.lists(updates(), max_size=4), pictures())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_what_was_forgotten_is_sent_in_full(sent, picture):
    model, plain, fresh = TerminalModel(), Terminal(), Terminal()
    for data in sent:
        model.rewrite(data)
    model.forget()
    plain.feed(picture)
    fresh.feed(model.rewrite(picture))
    assert fresh.cells() == plain.cells()


@given(st.text(st.sampled_from("\x1b[]?;0123456789mHhlJK\n\r\x07\\ab λ漢\u0301\ud7ff"), max_size=60))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_any_text_at_all_passes_without_an_error(data):
    model = TerminalModel()
    model.rewrite(data)
    model.rewrite(data)


def test_one_changed_cell_costs_a_few_bytes():
    model = TerminalModel()
    line = "\x1b[38;2;1;2;3m" + "x" * WIDTH + "\x1b[0m"
    model.rewrite("".join(move(y, 0) + line for y in range(HEIGHT)))
    changed = "".join(move(y, 0) + (line.replace("xxxx", "xxyx", 1) if y == 2 else line) for y in range(HEIGHT))
    # The move, the cell (its style still holds), and the cursor to where Textual wants it.
    assert model.rewrite(changed) == f"{move(2, 2)}y{move(4, WIDTH)}"


def test_a_change_of_colour_is_sent_as_such():
    model = TerminalModel()
    model.rewrite(f"{move(0, 0)}\x1b[31mabc")
    assert model.rewrite(f"{move(0, 0)}\x1b[31mab\x1b[32mc") == f"{move(0, 2)}\x1b[32mc"


def test_the_colour_of_a_blank_is_left_as_it_is():
    model = TerminalModel()
    sent = model.rewrite(f"{move(0, 0)}\x1b[31ma\x1b[32m \x1b[31mb")
    assert sent == f"{move(0, 0)}\x1b[0;31ma b"


def test_an_update_of_nothing_sends_nothing():
    model = TerminalModel()
    model.rewrite(f"{move(1, 1)}ab{move(0, 0)}")
    assert model.rewrite(f"{BEGIN}{move(1, 1)}ab{move(0, 0)}{END}") == ""
    assert model.rewrite("") == ""


@pytest.mark.parametrize("sequence", ["\x1b[?1049l", "\x1b[2J", "\x1b[?25h"])
def test_what_is_not_known_finds_the_style_that_was_asked_for(sequence):
    # Styles are sent late; an erasure, or the shell after the end, would go on with one that is over.
    terminal, model = Terminal(), TerminalModel()
    terminal.feed(model.rewrite(f"{move(0, 0)}\x1b[1;31;44mab\x1b[0m"))
    terminal.feed(model.rewrite(sequence))
    attributes = terminal.screen.cursor.attrs
    assert (attributes.fg, attributes.bg, attributes.bold) == ("default", "default", False)
