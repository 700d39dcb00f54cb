"""How much CPU the views beside the plain map take: fields, local models, curvature grounds, cross-sections.

    python tests/benchmarks/views.py [COLUMNS ROWS]

Milliseconds of CPU time, the best of five, for a plot area of that size (default 70 x 30).
"""

import sys
import time
from collections.abc import Callable

import numpy as np

from curvtui.engine.curvature.local_model import local_model
from curvtui.engine.sampling.curvature_map import curvature_map
from curvtui.engine.sampling.profiles import profiles
from curvtui.engine.surface.presets import PRESETS
from curvtui.engine.surface.surface import Surface
from curvtui.tui.drawing.cells import ColourDepth
from curvtui.tui.drawing.curvature_ground import curvature_ground
from curvtui.tui.drawing.field_layer import field_data, field_layer
from curvtui.tui.drawing.glyphs import BRAILLE
from curvtui.tui.drawing.look import Look
from curvtui.tui.drawing.model_layer import ModelData, model_layer
from curvtui.tui.drawing.sections_page import SectionsData, sections_page
from curvtui.tui.drawing.viewport import Viewport
from curvtui.tui.themes import load_theme
from curvtui.tui.views import FieldStyle, Ground

SURFACES = ("quartic", "himmelblau", "rosenbrock", "peaks", "beale", "goldstein_price", "rastrigin", "ackley")


def cpu_ms(work: Callable[[], object]) -> float:
    """Return the least milliseconds of CPU time of a call."""
    times = []
    for _ in range(5):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return 1e3 * min(times)


def works(surface: Surface, view: Viewport, look: Look) -> dict[str, Callable[[], object]]:
    """Return what is measured of a surface, by name."""
    point = np.array([low + 0.3 * (high - low) for low, high in surface.box])
    found = curvature_map(surface, *view.centres())
    streams = field_data(surface, view, FieldStyle.STREAMLINES)
    model = ModelData(local_model(surface, point, 0.01), (0.0, 1.0, 10.0, 100.0))
    data = SectionsData(profiles(surface, point, surface.box, point + 0.1), (), tuple(point.tolist()), ("x", "y"))
    return {
        "arrows": lambda: field_layer(view, field_data(surface, view, FieldStyle.DOWNHILL), FieldStyle.DOWNHILL, look),
        "trace": lambda: field_data(surface, view, FieldStyle.STREAMLINES),
        "streams": lambda: field_layer(view, streams, FieldStyle.STREAMLINES, look),
        "curvature": lambda: curvature_map(surface, *view.centres()),
        "signs": lambda: curvature_ground(Ground.SIGNS, found, look),
        "l_min": lambda: curvature_ground(Ground.SMALLEST, found, look),
        "kappa": lambda: curvature_ground(Ground.CONDITION, found, look),
        "model": lambda: local_model(surface, point, 0.01),
        "layer": lambda: model_layer(view, model, look),
        "profiles": lambda: profiles(surface, point, surface.box, point + 0.1),
        "sections": lambda: sections_page(data, 60, 30, look),
    }


def main() -> None:
    """Print the table."""
    columns, rows = (int(each) for each in sys.argv[1:3]) if len(sys.argv) > 2 else (70, 30)
    look = Look(load_theme("dark"), BRAILLE, ColourDepth.TRUECOLOR)
    header = ""
    for name in SURFACES:
        surface = Surface.from_preset(PRESETS[name])
        (x0, x1), (y0, y1) = surface.box
        measured = works(surface, Viewport(x0, x1, y0, y1, columns, rows), look)
        if not header:
            header = f"{columns} x {rows:<10}" + "".join(f"{each:>10}" for each in measured)
            print(header)
        print(f"{name:<15}" + "".join(f"{cpu_ms(work):10.1f}" for work in measured.values()))


if __name__ == "__main__":
    main()
