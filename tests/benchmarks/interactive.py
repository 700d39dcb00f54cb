"""What a user of a terminal feels: time to the first map, milliseconds and bytes a key, load while running.

    python tests/benchmarks/interactive.py

Runs the program under a real pseudo-terminal of 120x40 cells in truecolour. The reference in the same run is a
bare Textual app that shows one line of text.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tui"))

from pty_terminal import PtyTerminal

CURVTUI = ["-m", "curvtui.tui.cli"]
BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("bare text")
Bare().run()
"""
MAP = "⠒"
"""A piece of a contour line: the first map is on the screen."""


def seconds_to(words: list[str], text: str, home: Path) -> float:
    """Return the median time from the start until a text is on the screen."""
    times = []
    for _ in range(9):
        began = time.perf_counter()
        terminal = PtyTerminal(*words, home=home)
        terminal.until(text)
        times.append(time.perf_counter() - began)
        terminal.close()
    return statistics.median(times)


def silence(terminal: PtyTerminal, seconds: float) -> None:
    """Read until nothing has come for some time."""
    while terminal.read(seconds):
        pass


def key_cost(terminal: PtyTerminal, key: str, presses: int) -> tuple[float, float]:
    """Return the median milliseconds to the last byte, and bytes, of a key."""
    times, sizes = [], []
    for _ in range(presses):
        before, began = len(terminal.written), time.perf_counter()
        terminal.send(key)
        last = began
        while terminal.read(0.2):
            last = time.perf_counter()
        times.append(1e3 * (last - began))
        sizes.append(len(terminal.written) - before)
    return statistics.median(times), statistics.median(sizes)


def processor_seconds(pid: int) -> float:
    """Return the processor time that a process has used (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def playback(terminal: PtyTerminal, seconds: float) -> tuple[float, float]:
    """Return processor load in percent, and bytes a second, while a run plays."""
    terminal.send("space")
    began, before, used = time.perf_counter(), len(terminal.written), processor_seconds(terminal.process.pid)
    while time.perf_counter() - began < seconds:
        terminal.read(0.05)
    taken = time.perf_counter() - began
    load = 100 * (processor_seconds(terminal.process.pid) - used) / taken
    rate = (len(terminal.written) - before) / taken
    terminal.send("space")
    silence(terminal, 0.3)
    return load, rate


def main() -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        bare = seconds_to(["-c", BARE], "bare text", home)
        first = seconds_to(CURVTUI, MAP, home)
        print(f"bare Textual app, first text    {bare:6.3f} s")
        print(f"curvtui, first map              {first:6.3f} s   {first / bare:.2f} times")
        terminal = PtyTerminal(*CURVTUI, "rosenbrock", home=home)
        terminal.until(MAP)
        silence(terminal, 0.6)
        print(f"first screen                    {len(terminal.written):6,} bytes")
        print(f"\n{'key':<8}{'ms':>6}{'bytes':>8}")
        for key, presses in (("n", 25), ("b", 10), ("N", 10), ("right", 10), ("+", 5), ("-", 5)):
            milliseconds, size = key_cost(terminal, key, presses)
            print(f"{key:<8}{milliseconds:6.0f}{size:8,.0f}")
        print(f"\n{'playback':<12}{'load':>6}{'bytes/s':>10}")
        for pace, faster in (("20/s", 0), ("200/s", 3), ("1,000/s", 2)):
            for _ in range(faster):
                key_cost(terminal, ">", 1)
            load, rate = playback(terminal, 5.0)
            print(f"{pace:<12}{load:5.0f}%{rate:10,.0f}")
        terminal.close()


if __name__ == "__main__":
    main()
