"""Bytes on the wire and processor time of what a user does at 120x40: against textual-plotext, in the same run.

    python tests/benchmarks/frames.py [--rival PYTHON] [--alone]

The rival is a small app of textual-plotext that shows the same level lines, path and loss curve, and adds the
same steps. textual-plotext needs plotext 5, so it has an environment of its own: PYTHON is its interpreter; without
the option one is made in a temporary folder, from the package index. --alone leaves the rival out.

Steps and notches are medians of the bytes, and means of the processor time, of the key presses; the search for
critical points in the background is part of a notch, but not of one while the key is held, the last column.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tui"))

from interactive import processor_seconds, silence
from pty_terminal import KEYS, PtyTerminal

from curvtui.engine.descent.basins.basins import basins
from curvtui.engine.descent.run import Run
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.sampling.grid import grid
from curvtui.engine.sampling.levels import contour_levels
from curvtui.engine.sampling.lines import contour_lines
from curvtui.engine.surface.surface import open_surface
from curvtui.tui.drawing.cells import ColourDepth
from curvtui.tui.drawing.glyphs import BRAILLE
from curvtui.tui.drawing.look import Look
from curvtui.tui.drawing.relief import draw_relief
from curvtui.tui.drawing.terrain import terrain
from curvtui.tui.themes import load_theme
from curvtui.tui.views import Camera

SURFACE = "rosenbrock"
READY = "quit"
STEPS, NOTCHES = 30, 12

RIVAL = """
import json, sys
from textual.app import App
from textual.containers import Horizontal
from textual_plotext import PlotextPlot

data = json.load(open(sys.argv[1]))

class Rival(App):
    BINDINGS = [("n", "step"), ("plus", "zoom"), ("ctrl+l", "whole")]
    steps, half = 1, 2.0

    def compose(self):
        with Horizontal():
            yield PlotextPlot(id="map")
            yield PlotextPlot(id="curve")

    def on_mount(self):
        self.draw(); self.draw_map()

    def draw_map(self):
        plot = self.query_one("#map").plt
        plot.clear_data()
        for xs, ys in data["lines"]:
            plot.plot(xs, ys, marker="braille")
        xs, ys = data["path"][0][: self.steps], data["path"][1][: self.steps]
        plot.plot(xs, ys, marker="braille")
        plot.xlim(-self.half, self.half); plot.ylim(1 - self.half, 1 + self.half)
        plot.title("quit")
        self.query_one("#map").refresh()

    def draw(self):
        plot = self.query_one("#curve").plt
        plot.clear_data()
        plot.plot(data["losses"][: self.steps], marker="braille")
        self.query_one("#curve").refresh()

    def action_step(self):
        self.steps += 1
        self.draw(); self.draw_map()

    def action_zoom(self):
        self.half /= 1.5
        self.draw_map()

    def action_whole(self):
        self.refresh(repaint=True, layout=True)

Rival().run()
"""


def rival_data() -> dict[str, object]:
    """Return the level lines, the path and the losses that both programs show."""
    surface = open_surface(SURFACE)
    fine = grid(surface, surface.box, 161, 104)
    levels = contour_levels(fine.values).values
    lines = [line.T.tolist() for _, each in contour_lines(*fine.axes, fine.values, levels) for line in each]
    run = Run(surface, RunSettings("gd", {"lr": 0.001}), (-1.2, 1.0))
    run.step(200)
    path = run.path
    return {"lines": lines, "path": path.iterates.T.tolist(), "losses": path.values.tolist()}


def press(terminal: PtyTerminal, key: str, count: int) -> tuple[float, float]:
    """Return the median bytes and the mean milliseconds of processor time of a key."""
    sizes = []
    used = processor_seconds(terminal.process.pid)
    for _ in range(count):
        before = len(terminal.written)
        terminal.send(key)
        silence(terminal, 0.35)
        sizes.append(len(terminal.written) - before)
    return statistics.median(sizes), 1e3 * (processor_seconds(terminal.process.pid) - used) / count


def held(terminal: PtyTerminal, key: str, count: int) -> float:
    """Return the milliseconds of processor time of a notch while a key is held: no search comes in between."""
    used = processor_seconds(terminal.process.pid)
    for _ in range(count):
        terminal.send(key)
        until = time.perf_counter() + 0.12
        while time.perf_counter() < until:
            terminal.read(0.02)
    spent = 1e3 * (processor_seconds(terminal.process.pid) - used) / count
    silence(terminal, 0.6)
    return spent


def whole_screen(terminal: PtyTerminal) -> int:
    """Return the bytes of the whole screen, sent again."""
    before = len(terminal.written)
    terminal.send("ctrl+l")
    silence(terminal, 0.6)
    return len(terminal.written) - before


def measured(words: list[str], home: Path, keys: tuple[str, ...], first: tuple[str, ...] = ()) -> list[float]:
    """Return the bytes of a whole screen, and bytes and milliseconds of each key."""
    terminal = PtyTerminal(*words, home=home)
    terminal.until(READY)
    silence(terminal, 1.5)
    for key in first:
        press(terminal, key, 1)
    row: list[float] = [whole_screen(terminal)]
    for key in keys:
        press(terminal, key, 3)
        row += press(terminal, key, STEPS if key == "n" else NOTCHES // 2)
    if "ctrl+right" in keys:
        row.append(held(terminal, "ctrl+right", 2 * NOTCHES))
    terminal.close()
    return row


def rival_python(folder: Path) -> str:
    """Make an environment with textual-plotext, and return its interpreter."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = str(folder / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "-q", "textual-plotext==1.0.1"], check=True)
    return python


def basin_seconds() -> float:
    """Return the processor time of basins of 100 x 70 starts x 200 steps of adam."""
    surface = open_surface("himmelblau")
    began = time.process_time()
    for _ in basins(surface, RunSettings("adam", {"lr": 0.1}), surface.box, 100, 70, most=200):
        pass
    return time.process_time() - began


def relief_ms() -> float:
    """Return the median processor time of a frame in 3-D of 70 x 35 cells, in milliseconds."""
    surface = open_surface("himmelblau")
    look = Look(load_theme("dark"), BRAILLE, ColourDepth.TRUECOLOR)
    times = []
    for turn in range(24):
        began = time.process_time()
        draw_relief(terrain(surface, surface.box), Camera(15.0 * turn, 35.0), 70, 35, look)
        times.append(time.process_time() - began)
    return 1e3 * statistics.median(times)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rival", default=None)
    parser.add_argument("--alone", action="store_true")
    arguments = parser.parse_args()
    KEYS.setdefault("ctrl+right", "\x1b[1;5C")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        keys = ("n", "ctrl+right", "+")
        heads = f"{'step':>8}{'ms':>6}{'pan':>9}{'ms':>6}{'zoom':>9}{'ms':>6}{'held':>6}"
        print(f"{'120x40, all panels':<26}{'screen':>9}{heads}")
        rows = {
            "curvtui truecolour": (["--color", "truecolor"], ()),
            "curvtui 256 colours": (["--color", "256"], ()),
            "curvtui 256, lines only": (["--color", "256"], ("I",)),
            "curvtui no colour": (["--color", "none"], ()),
        }
        for name, (options, first) in rows.items():
            words = ["-m", "curvtui.tui.cli", SURFACE, "--lr", "0.001", *options]
            cells = measured(words, home, keys, first)
            step, pan, zoom = _pairs(cells[:-1])
            numbers = f"{step[0]:>8,.0f}{step[1]:>6.0f}{pan[0]:>9,.0f}{pan[1]:>6.0f}{zoom[0]:>9,.0f}{zoom[1]:>6.0f}"
            print(f"{name:<26}{cells[0]:>9,.0f}{numbers}{cells[-1]:>6.0f}")
        if not arguments.alone:
            python = arguments.rival or rival_python(home / "rival")
            (home / "rival.json").write_text(json.dumps(rival_data()))
            (home / "rival.py").write_text(RIVAL)
            cells = _rival_row(python, home)
            step, zoom = _pairs(cells)
            print(
                f"{'textual-plotext, no panels':<26}{cells[0]:>9,.0f}{step[0]:>8,.0f}{step[1]:>6.0f}{'':>15}"
                f"{zoom[0]:>9,.0f}{zoom[1]:>6.0f}"
            )
    print(f"\nbasins, 100 x 70 starts x 200 steps of adam   {basin_seconds():6.2f} s of processor time")
    print(f"3-D frame, 70 x 35 cells                      {relief_ms():6.1f} ms of processor time")


def _pairs(cells: list[float]) -> list[tuple[float, float]]:
    return list(zip(cells[1::2], cells[2::2], strict=True))


def _rival_row(python: str, home: Path) -> list[float]:
    """Measure the rival with its own interpreter."""
    mine, sys.executable = sys.executable, python
    try:
        return measured([str(home / "rival.py"), str(home / "rival.json")], home, ("n", "+"))
    finally:
        sys.executable = mine


if __name__ == "__main__":
    main()
