"""Measure the installed plotext, so that the choice between its major versions 5 and 6 rests on figures.

Run it with the interpreter of an environment that has plotext 5, then of one that has plotext 6; it needs
nothing else. Only documented functions are called. The rows:

- import: fresh interpreters, median, the interpreter's own start taken off;
- map: 12 closed level lines of 400 vertices in braille on 100x35 cells, then of 120 (thinned);
- curve: 1,000 points and 160 points (two a column) on 80x20 cells;
- alignment: the largest distance, in braille dots, between where a point should light and where it does;
- repeat: whether building the same figure twice gives the same text;
- infinities: what a non-finite value does.
"""

import importlib.metadata
import math
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

Polyline = tuple[list[float], list[float]]

VERSION = importlib.metadata.version("plotext")
MAJOR = int(VERSION.split(".")[0])


def rings(count: int, vertices: int) -> list[Polyline]:
    """Return concentric closed lines inside [-2, 2]²."""
    lines = []
    for ring in range(1, count + 1):
        radius = 1.9 * ring / count
        angles = [2 * math.pi * k / (vertices - 1) for k in range(vertices)]
        lines.append(([radius * math.cos(a) for a in angles], [radius * math.sin(a) for a in angles]))
    return lines


def draw_5(lines: list[Polyline], width: int, height: int, half: float, joined: bool = True) -> Callable[[], str]:
    """Prepare a plotext 5 figure of lines over [-half, half]² and return its build function."""
    import plotext

    plotext.clear_figure()
    plotext.limit_size(False, False)
    plotext.plot_size(width, height)
    plotext.xlim(-half, half)
    plotext.ylim(-half, half)
    for k, (xs, ys) in enumerate(lines):
        (plotext.plot if joined else plotext.scatter)(xs, ys, marker="braille", color=16 + k)
    return plotext.build


def draw_6(lines: list[Polyline], width: int, height: int, half: float, joined: bool = True) -> Callable[[], str]:
    """Prepare a plotext 6 figure of lines over [-half, half]² and return its build function."""
    import plotext

    plotext.terminal.limit(False, False)
    figure = plotext.figure
    figure.clear()
    figure.plot_size(width, height)
    for axis in (0, 1):
        figure.ruler(axis, 0).lim(-half, half).alignment(lim="edge")
    for k, (xs, ys) in enumerate(lines):
        figure.draw(figure.signal(xs, ys, marker=plotext.marker("braille", 16 + k)).lines(joined))
    return lambda: str(figure.build().string())


draw = draw_5 if MAJOR == 5 else draw_6


def milliseconds(work: Callable[[], object], repeats: int = 9) -> float:
    """Return the median time of a call, after one that is not counted."""
    work()
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1e3)
    return statistics.median(times)


def import_cost() -> float:
    """Return the milliseconds that a fresh interpreter takes longer with the import."""

    def fresh(code: str) -> float:
        return milliseconds(lambda: subprocess.run([sys.executable, "-c", code], check=True), 7)

    return fresh("import plotext") - fresh("pass")


def alignment_error() -> float:
    """Return the largest error in dots over single points on a frameless 40x20 canvas over [-1, 1]²."""
    import plotext

    columns, rows, worst = 40, 20, 0.0
    for k in range(12):
        x, y = -0.97 + 0.161 * k, 0.93 - 0.157 * k
        build = draw([([x], [y])], columns, rows, 1.0, joined=False)
        if MAJOR == 5:
            plotext.frame(False)
            plotext.xticks([])
            plotext.yticks([])
        else:
            plotext.figure.axes(False)
            for axis in (0, 1):
                plotext.figure.ruler(axis, 0).frequency(0)
        for row, line in enumerate(plotext.uncolorize(build()).split("\n")):
            for column, char in enumerate(line):
                bits = ord(char) - 0x2800
                if not 0 < bits < 256:
                    continue
                bit = bits.bit_length() - 1
                dx, dy = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))[bit]
                error_x = column * 2 + dx + 0.5 - (x + 1) / 2 * columns * 2
                error_y = row * 4 + dy + 0.5 - (1 - y) / 2 * rows * 4
                worst = max(worst, abs(error_x), abs(error_y))
    return worst


def survives(value: float) -> str:
    """Return what a value in the middle of a curve does, in a process of its own: it may abort or hang."""
    code = (
        "import runpy; inf, nan = float('inf'), float('nan'); "
        f"runpy.run_path({__file__!r})['draw']([([0.0, 1.0, 2.0], [0.0, {value!r}, 1.0])], 40, 10, 2.0)()"
    )
    try:
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=5, check=False)
    except subprocess.TimeoutExpired:
        return "not done after 5 s"
    if done.returncode < 0:
        return f"kills the process with signal {-done.returncode}"
    return "drawn" if done.returncode == 0 else "raises " + done.stderr.strip().splitlines()[-1]


def main() -> None:
    """Print the table."""
    build = draw(rings(3, 50), 60, 20, 2.0)
    same = build() == build()
    curve = [0.9 * math.exp(-k / 300) for k in range(1000)]
    steps = [k / 500 for k in range(1000)]
    map_ms = "map 100x35, 12 lines of {}, ms"
    rows = {
        "plotext": VERSION,
        "import, ms": f"{import_cost():.0f}",
        map_ms.format(400): f"{milliseconds(lambda: draw(rings(12, 400), 100, 35, 2.0)()):.1f}",
        map_ms.format(120): f"{milliseconds(lambda: draw(rings(12, 120), 100, 35, 2.0)()):.1f}",
        "map 75x32, axes only, ms": f"{milliseconds(lambda: draw([], 75, 32, 2.0)()):.1f}",
        "curve of 1000, ms": f"{milliseconds(lambda: draw([(steps, curve)], 80, 20, 2.0)()):.1f}",
        "curve of 160, ms": f"{milliseconds(lambda: draw([(steps[::6], curve[::6])], 80, 20, 2.0)()):.1f}",
        "alignment error, dots": f"{alignment_error():.2f}",
        "same text when built twice": str(same),
    }
    rows |= {repr(value): survives(value) for value in (math.inf, math.nan, 1e9, 1e308)}
    for name, value in rows.items():
        print(f"{name:34} {value}")


if __name__ == "__main__":
    main()
