"""The command as a process of its own: what it imports, how it ends, and what its pipes see."""

import json
import os
import re
import resource
import signal
import subprocess
import sys

import pytest

from .answers import ENDLESS_SYMPY

COMMAND = (sys.executable, "-m", "curvtui.tui.cli")


def process(*words, code=None, **options):
    """Run the command (or Python ``code``) to its end, without a terminal."""
    start = COMMAND if code is None else (sys.executable, "-c", code)
    options = {"capture_output": True, "stdin": subprocess.DEVNULL, "timeout": 60, **options}
    return subprocess.run([*start, *words], check=False, **options)


HEAVY = ("numpy", "textual", "sympy", "rich", "plotext", "contourpy", "platformdirs", "asyncio")


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["run", "--help"], ["list", "--help"], ["--colour"], []])
def test_quick_answers_import_nothing_heavy(words):
    code = (
        "import sys; from curvtui.tui.cli import main; main(sys.argv[1:]);"
        f"sys.exit(str([name for name in {HEAVY} if name in sys.modules]))"
    )
    done = process(*words, code=code)
    assert done.stderr.decode().splitlines()[-1] == "[]"


def test_listing_surfaces_imports_no_mathematics():
    code = (
        "import sys; from curvtui.tui.cli import main; main(['list', 'surfaces', '--json']);"
        f"sys.exit(str([name for name in {HEAVY} if name in sys.modules]))"
    )
    assert process(code=code).stderr == b"[]\n"


@pytest.mark.parametrize("words", [["--help"], ["--version"]])
def test_help_and_version_answer_well_under_a_fifth_of_a_second(words):
    def seconds():
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert process(*words).returncode == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(seconds() for _ in range(3)) < 0.2


def test_a_run_without_json_does_without_sympy():
    code = "import sys; from curvtui.tui.cli import main; main(sys.argv[1:]); sys.exit('sympy' in sys.modules)"
    assert process("run", "rosenbrock", "--steps", "3", code=code).returncode == 0
    assert process("run", "rosenbrock", "--steps", "3", "--csv", code=code).returncode == 0


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["run", "-x**2", "--box", "-1e-3", "1e-3", "--steps", "1"], 0, b""),
        (["run", "sin(x"], 2, b"curvtui: the '(' at column 4 is never closed\n  sin(x\n     ^\n"),
        (["run", "x**2", "-o", "/proc/none/x"], 1, b"curvtui: /proc/none/x can't be written: "),
        (["rosenbrock"], 2, b"curvtui: the explorer needs a terminal; 'curvtui run' works without one\n"),
        (["analyze", "x**2"], 0, b""),
        (["analyze", "x", "--budget", "nan"], 2, b"curvtui: argument --budget: a finite number is needed"),
    ],
)
def test_exit_codes(words, code, says):
    done = process(*words)
    assert done.returncode == code
    assert done.stderr.startswith(says)
    assert bool(done.stdout) == (code == 0)
    assert bool(done.stderr) == (code != 0)
    assert b"Traceback" not in done.stderr


def test_the_installed_command_is_this_one():
    from importlib.metadata import entry_points

    (entry,) = entry_points(group="console_scripts", name="curvtui")
    assert entry.value == "curvtui.tui.cli:main"


def test_an_interrupted_run_says_nothing():
    code = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where the tests run in the background
from curvtui.engine.descent import loop
run_to = loop.run_to
def interrupted(*words, **options):
    os.kill(os.getpid(), signal.SIGINT)
    return run_to(*words, **options)
loop.run_to = interrupted
from curvtui.tui.cli import main
sys.exit(main(sys.argv[1:]))
"""
    done = process("run", "quartic", "--steps", "10000000", "--record", "last", code=code)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


@pytest.mark.parametrize(
    "words", [["list", "surfaces"], ["run", "quartic", "--steps", "5000", "--csv"], ["--help"], ["--version"]]
)
def test_a_reader_that_goes_away_is_no_reason_for_a_traceback(words):
    reader, writer = os.pipe()
    os.close(reader)
    try:
        # Unbuffered, argparse itself would meet the broken pipe, and keep quiet about it.
        buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
        done = process(*words, capture_output=False, stdout=writer, stderr=subprocess.PIPE, env=buffered)
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_full_disk_is_told_of():
    with open("/dev/full", "wb") as full:
        done = process("list", "surfaces", capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 1
    assert re.fullmatch(rb"curvtui: .*[Nn]o space left on device.*\n", done.stderr)


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_the_output_fits_every_encoding(encoding):
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    if encoding == "ascii":
        data = json.loads(process("run", "quartic", "--steps", "1", "--json", env=environment).stdout)
        assert "‖∇f‖" in data["sentence"]
    text = process("run", "quartic", "--steps", "1", env=environment)
    assert (text.returncode, text.stderr) == (0, b"")
    assert ("‖∇f‖" if encoding == "utf-8" else "??f? = ") in text.stdout.decode(encoding)
    refused = process("run", "é", env=environment)
    assert refused.returncode == 2
    assert b"Traceback" not in refused.stderr


def test_two_processes_give_the_same_numbers():
    words = ["run", "peaks", "--optimizer", "adam", "--noise", "0.3", "--seed", "7", "--csv"]
    one, two = (process(*words, env={**os.environ, "PYTHONHASHSEED": seed}).stdout for seed in "12")
    assert one == two
    assert one.count(b"\n") == 102


def test_sympy_that_never_ends_does_not_keep_the_program():
    code = f"{ENDLESS_SYMPY}\nsys.exit(main(['run', 'x*y', '--steps', '1', '--json']))"
    done = process(code=code, timeout=30)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["surface"]["gradient"] == ["y", "x"]


def test_a_closed_standard_output_ends_it_with_an_error():
    done = process("list", "themes", capture_output=False, stderr=subprocess.PIPE, preexec_fn=lambda: os.close(1))
    assert done.returncode == 1
    assert done.stderr == b"curvtui: there is no standard output to write to\n"


def test_signals_are_left_as_they_were():
    code = "import signal, sys; from curvtui.tui.cli import main; main(['--version']);" + (
        "sys.exit(signal.getsignal(signal.SIGPIPE) != signal.SIG_IGN)"
    )
    assert process(code=code).returncode == 0
    assert signal.getsignal(signal.SIGPIPE) == signal.SIG_IGN
