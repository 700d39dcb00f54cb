"""How much CPU a frame of the relief takes while it turns, and how many cells a turn changes.

    python tests/benchmarks/relief.py

For each preset and size: sampling the terrain (once a view), then the median of 36 frames, 10 degrees apart:
drawing, in faces and in wires alone, laying a path of 500 steps with its marks over it, and the cells that
differ from the frame before.
"""

import statistics
import time
from collections.abc import Callable
from itertools import pairwise

import numpy as np

from curvtui.engine.surface.surface import Surface, open_surface
from curvtui.tui.drawing.cells import Cells, ColourDepth
from curvtui.tui.drawing.glyphs import BRAILLE
from curvtui.tui.drawing.look import Look
from curvtui.tui.drawing.overlay import Marks, Trail
from curvtui.tui.drawing.relief import draw_relief
from curvtui.tui.drawing.relief_marks import lay_over_relief
from curvtui.tui.drawing.terrain import terrain
from curvtui.tui.themes import load_theme
from curvtui.tui.views import Camera

SURFACES = ("rosenbrock", "himmelblau", "rastrigin", "quartic", "monkey_saddle", "peano", "ackley",
            "1/x + 0*y", "sqrt(4 - x**2 - y**2)", "sin(1000*x*y)")  # fmt: skip
SIZES = ((70, 35), (120, 45), (200, 60))
AZIMUTHS = range(0, 360, 10)


def cpu_ms(work: Callable[[], object]) -> float:
    """Return the milliseconds of CPU of one call."""
    began = time.process_time()
    work()
    return 1e3 * (time.process_time() - began)


def changed(before: Cells, after: Cells) -> float:
    """Return the share of cells that look different."""
    differs = (before.chars != after.chars) | (before.fg != after.fg) | (before.bg != after.bg)
    return float(differs.mean())


def measure(name: str, surface: Surface, width: int, height: int) -> str:
    """Return one line of the table."""
    look = Look(load_theme("dark"), BRAILLE, ColourDepth.TRUECOLOR)
    sampling = statistics.median(cpu_ms(lambda: terrain(surface, surface.box)) for _ in range(9))
    land = terrain(surface, surface.box)
    columns = []
    for lines_only in (False, True):
        draw_relief(land, Camera(0.0, 35.0), width, height, look, lines_only=lines_only)
        times = [
            cpu_ms(lambda a=a, o=lines_only: draw_relief(land, Camera(a, 35.0), width, height, look, lines_only=o))
            for a in AZIMUTHS
        ]
        columns += [statistics.median(times), max(times)]
    angles = np.linspace(0, 9, 500)
    (x0, x1), (y0, y1) = surface.box
    spiral = np.stack([(x0 + x1) / 2 + (x1 - x0) / 20 * angles * np.cos(angles) / 2,
                       (y0 + y1) / 2 + (y1 - y0) / 20 * angles * np.sin(angles) / 2], axis=1)  # fmt: skip
    marks = Marks((Trail(spiral, (), tuple(spiral[-1].tolist())),), tuple(spiral[0].tolist()), (x0, y0))
    reliefs = [draw_relief(land, Camera(a, 35.0), width, height, look) for a in AZIMUTHS]
    laying = statistics.median(cpu_ms(lambda r=r: lay_over_relief(r, marks, look)) for r in reliefs)
    share = statistics.median(changed(a.cells, b.cells) for a, b in pairwise(reliefs))
    shown = "".join(f"{ms:8.1f}" for ms in (sampling, *columns, laying))
    return f"{name[:22]:<23}{width:>4} x {height:<3}{shown}{100 * share:8.0f}"


def main() -> None:
    """Print the table."""
    print(f"{'CPU, ms':<33}{'terrain':>8}{'faces':>8}{'worst':>8}{'wires':>8}{'worst':>8}{'marks':>8}{'% new':>8}")
    for name in SURFACES:
        for width, height in SIZES:
            print(measure(name, open_surface(name), width, height))


if __name__ == "__main__":
    main()
