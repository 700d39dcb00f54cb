"""The program on a real pseudo-terminal: what only shows there."""

import os
import re
import signal
import termios
from contextlib import suppress

import pytest

from .pty_terminal import LIMIT, PtyTerminal

PROGRAM = ("-m", "curvtui.tui.cli")
READY = "λ₁"
"""Is on the screen as soon as the panels are."""

ALTERNATE, CURSOR, PASTE, MICE = "1049", "25", "2004", {"1000", "1002", "1003", "1006", "1015", "1016"}


@pytest.fixture
def terminal(tmp_path):
    opened = []

    def start(*words, program=PROGRAM, **options):
        opened.append(PtyTerminal(*program, *words, home=tmp_path, **options))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


def assert_restored(terminal):
    """The terminal is as the shell left it: its own screen, cursor, no mouse, no paste marks, no colour, cooked."""
    assert ALTERNATE not in terminal.modes
    assert CURSOR in terminal.modes
    assert PASTE not in terminal.modes
    assert not MICE & terminal.modes
    assert terminal.screen.cursor.attrs == terminal.screen.default_char
    now = termios.tcgetattr(terminal.handle)
    assert now[:4] == terminal.before[:4]
    assert b"Traceback" not in terminal.written


def test_start_step_resize_and_quit(terminal):
    run = terminal()
    run.until(READY)
    assert ALTERNATE in run.modes
    assert MICE & run.modes
    run.send("n", "n")
    run.until("iterate 2")
    run.resize(80, 24)
    run.until(lambda: "iterate 2" in run.text() and "? help" in run.text() and "╯" in run.text())
    run.send("b")
    run.until("iterate 1")
    run.resize(140, 45)
    run.until(lambda: run.screen.display[44].strip() and "curvtui" in run.screen.display[0])
    run.send("q")
    assert run.wait() == 0
    assert_restored(run)


def test_every_kind_of_key_arrives_from_a_terminal(terminal):
    run = terminal("bowl", "--start", "1", "1", "--lr", "0.001")
    run.until(READY)
    for key, shown in [
        ("N", "iterate 10"),
        ("B", "iterate 0"),
        ("end", "iterate 10"),
        ("home", "iterate 0"),
        (">", "50/s"),
        ("<", "20/s"),
        ("]", "lr 0.002"),
        ("[", "lr 0.001"),
        ("shift+right", "cursor "),
        ("enter", "iterate 0"),
        ("left", "cursor "),
        ("space", "running"),
        ("space", "paused"),
        ("?", "Step through time"),
    ]:
        run.send(key)
        run.until(shown)
    run.send("escape")
    run.until(lambda: "Step through time" not in run.text())
    box = run.screen.display[0].split("[")[-1]
    for key in ("+", "-", "-", "="):
        run.send(key)
        run.until(lambda box=box: run.screen.display[0].split("[")[-1] != box)
        box = run.screen.display[0].split("[")[-1]
    run.send("ctrl+p")
    run.until("find a command")
    run.send("escape")
    run.until(lambda: "find a command" not in run.text())
    run.send("ctrl+q")
    assert run.wait() == 0
    assert_restored(run)


def test_the_mouse_clicks_and_zooms(terminal):
    run = terminal()
    run.until(READY)
    run.send("n")
    run.until("iterate 1")
    run.send("\x1b[<0;20;10M\x1b[<0;20;10m")
    run.until("iterate 0")
    run.send("\x1b[<64;20;10M")
    run.until(lambda: "[−2, 2] × [−2, 2]" not in run.text())
    run.send("q")
    assert run.wait() == 0


def test_ctrl_c_is_no_end_and_without_the_mouse_none_is_asked_for(terminal):
    run = terminal("--no-mouse")
    run.until(READY)
    run.send("ctrl+c")
    run.until("quit")
    run.send("n")
    run.until("iterate 1")
    run.send("q")
    assert run.wait() == 0
    assert_restored(run)
    assert not any(f"\x1b[?{mode}h".encode() in run.written for mode in MICE)


@pytest.mark.parametrize(("number", "at"), [(signal.SIGTERM, "play"), (signal.SIGHUP, "dialog")])
def test_a_signal_ends_the_program_and_restores_the_terminal(terminal, tmp_path, number, at):
    run = terminal("--lr", "1e-6")
    run.until(READY)
    if at == "play":
        run.send(">", ">", ">", ">", ">", "space")
        run.until("running")
    if at == "dialog":
        run.send("e")
        run.until("parameters")
    run.process.send_signal(number)
    assert run.wait() in (128 + number, -number)
    assert_restored(run)
    assert (tmp_path / "state" / "curvtui" / "session.json").is_file()


def test_a_closed_terminal_ends_the_program_while_it_plays(terminal):
    run = terminal("--lr", "1e-6")
    run.until(READY)
    run.send("space")
    run.until("running")
    run.hang_up()
    run.process.wait(LIMIT)


DEAF_PARENT = """
import signal, subprocess, sys
signal.signal(signal.SIGHUP, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-m", "curvtui.tui.cli"])
open("child", "w").write(str(child.pid))
sys.exit(child.wait())
"""


def test_a_closed_terminal_ends_the_program_even_where_no_signal_comes(terminal, tmp_path):
    # The hangup goes to the parent, which does not pass it on: only the end of the input tells.
    run = terminal(program=("-c", DEAF_PARENT))
    run.until(READY)
    run.hang_up()
    try:
        assert run.process.wait(LIMIT) == 128 + signal.SIGHUP
    finally:
        with suppress(ProcessLookupError):
            os.kill(int((tmp_path / "child").read_text()), signal.SIGKILL)


COLOUR = re.compile(rb"\x1b\[[0-9;]*m")


def colour_codes(data):
    """All codes that set a colour in what was written to a terminal."""
    codes = set()
    for sequence in COLOUR.findall(data):
        parts = sequence[2:-1].decode().split(";")
        codes |= {part for part in parts if part in ("38", "48") or re.fullmatch(r"[349][0-7]|10[0-7]", part)}
    return codes


def test_without_colour_no_colour_is_sent(terminal):
    # --color none goes the same way; test_ascii.py looks at what is sent from every dialog then.
    run = terminal(environment={"NO_COLOR": "1"})
    run.until(READY)
    run.send("n", "space", "space", "f")
    run.until("Rosenbrock")
    run.send("escape")
    run.until(lambda: "enter choose" not in run.text())
    run.send("t")
    run.until("enter choose")
    run.send("down", "down", "enter")
    run.until(lambda: "enter choose" not in run.text())
    run.send("q")
    assert run.wait() == 0
    assert colour_codes(run.written) == set()
    assert b"m" in b"".join(COLOUR.findall(run.written))


def test_colours_are_of_the_depth_that_was_asked_for(terminal):
    # An option against what the environment says; the other depths come by the environment below.
    run = terminal("--color", "truecolor", environment={"TERM": "screen", "COLORTERM": ""})
    run.until(READY)
    run.send("n")
    run.until("iterate 1")
    run.send("q")
    assert run.wait() == 0
    assert set(re.findall(rb"[34]8;([0-9]);", run.written)) == {b"2"}


TERMS = {
    "dumb": "none",
    "linux": "16",
    "screen": "256",
}


@pytest.mark.parametrize(("term", "depth"), TERMS.items())
def test_every_terminal_gets_what_it_can_show(terminal, term, depth):
    # No COLORTERM: SSH does not forward it.
    run = terminal(environment={"TERM": term, "COLORTERM": ""}, columns=80, rows=24)
    run.until("iterate 0")
    run.send("p")
    run.until("weight_decay")
    run.send("escape")
    run.until(lambda: "weight_decay" not in run.text())
    run.send("q")
    assert run.wait() == 0
    assert_restored(run)
    codes = colour_codes(run.written)
    assert bool(codes) == (depth != "none")
    assert ("38" in codes or "48" in codes) == (depth == "256")
    assert set(re.findall(rb"[34]8;([0-9]);", run.written)) <= {b"5"}


def test_with_ascii_glyphs_every_byte_is_ascii_and_foreign_text_can_do_nothing(terminal, tmp_path):
    folder = tmp_path / "config" / "curvtui" / "themes"
    folder.mkdir(parents=True)
    (folder / "x\x1b]0;evil\x07\u6f22.toml").write_text("[broken", encoding="utf-8")
    run = terminal("--glyphs", "ascii", columns=80, rows=24)
    run.until("iterate 0")
    run.send("t")
    run.until("TOML")
    run.send("escape")
    run.until(lambda: "- theme -" not in run.text())
    run.send("e")
    run.until("parameters")
    run.send("\u6f22\u00e9")
    run.until("??e")
    run.send("escape")
    run.until(lambda: "parameters" not in run.text())
    run.send("q")
    assert run.wait() == 0
    assert run.written.isascii()
    assert b"\x1b]0;evil" not in run.written


def test_a_session_is_resumed(terminal):
    run = terminal("rosenbrock", "--optimizer", "adam")
    run.until(READY)
    run.send("N", "b")
    run.until("iterate 9")
    run.send("q")
    assert run.wait() == 0
    run = terminal("--resume")
    run.until("rosenbrock")
    run.until("iterate 9")
    run.send("n")
    run.until("iterate 10")
    run.send("q")
    assert run.wait() == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("sine(x)",), "did you mean 'sin'?"),
        (("x\x1b]0;evil\x07",), "not accepted"),
    ],
)
def test_what_is_not_understood_is_said_without_a_screen(terminal, words, sentence):
    run = terminal(*words)
    assert run.wait() == 2
    assert sentence in run.text()
    assert b"Traceback" not in run.written
    assert b"\x1b" not in run.written


def test_critical_points_in_a_terminal(terminal):
    run = terminal(columns=120, rows=40)
    run.until("3 critical points, all in view, proved")
    run.send("v", "c")
    run.until("›● min    (−1, −1)")
    run.send("c", "c")
    run.until("›✕ saddle (0, 0)")
    run.until("Saddle: zero gradient")
    run.send("enter", "v", "n")
    run.until("stopped at the saddle (0, 0)")
    run.send("+", "+", "+", "+", "+", "+")
    run.until("1 critical point, the only one in view")
    run.send("q")
    assert run.wait() == 0
    assert_restored(run)


@pytest.mark.parametrize("end", ["signal", "hangup"])
def test_the_program_ends_and_resizes_while_the_view_is_searched(terminal, end):
    # So many oscillations that the whole two seconds are spent on them.
    run = terminal("sin(1/x)*y^2", "--box", "-1", "1", "-1", "1")
    run.until("searching the view")
    run.resize(80, 24)
    run.until(lambda: "? help" in run.text() and "╯" in run.text())
    run.send("c", "+")
    run.until("still being searched")
    if end == "signal":
        run.process.send_signal(signal.SIGTERM)
        assert run.wait() in (128 + signal.SIGTERM, -signal.SIGTERM)
        assert_restored(run)
    else:
        run.hang_up()
        assert run.process.wait(LIMIT) == 128 + signal.SIGHUP
