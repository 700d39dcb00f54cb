"""Drawings compared with golden text files; run as a program, this file writes them anew: look at them."""

from collections.abc import Callable
from pathlib import Path

import contourpy
import numpy as np
import pytest

from curvtui.engine.surface.surface import Surface, open_surface
from curvtui.tui.drawing.bands import compose, value_bands
from curvtui.tui.drawing.braille import DotCanvas
from curvtui.tui.drawing.cells import Cells, ColourDepth
from curvtui.tui.drawing.curves import Series
from curvtui.tui.drawing.glyphs import GLYPH_SETS, GlyphSet
from curvtui.tui.drawing.look import Look
from curvtui.tui.drawing.overlay import Marks, Trail
from curvtui.tui.drawing.plots import CurveMark, contour_map, curve
from curvtui.tui.drawing.relief import draw_relief
from curvtui.tui.drawing.relief_marks import lay_over_relief
from curvtui.tui.drawing.terrain import terrain
from curvtui.tui.themes import load_theme
from curvtui.tui.views import Camera

THEME = load_theme("dark")
GOLDEN = Path(__file__).parent / "golden"
Scene = Callable[[GlyphSet], Cells]


def quartic(glyphs: GlyphSet) -> Cells:
    box, levels = ((-2.0, 2.0), (-2.0, 2.0)), [0.0, 1.0, 4.0, 10.0]
    nodes = np.linspace(-2, 2, 61)
    x, y = np.meshgrid(nodes, nodes)
    generator = contourpy.contour_generator(nodes, nodes, x**4 + y**4 - 4 * x * y + 1)
    lines = [(level, generator.lines(level)) for level in levels]
    frame = contour_map(lines, box, 48, 18, list(range(4)), glyphs=glyphs)
    path = DotCanvas(frame.viewport)
    path.polyline(np.array([1.5, 0.2, -0.4, -1.0]), np.array([-1.8, -1.2, -0.8, -1.0]))
    cells = frame.cells.overlay(path.chars(glyphs), 0xFFFFFF, frame.left, frame.top)
    for glyph, point in ((glyphs.minimum, (1, 1)), (glyphs.saddle, (0, 0)), (glyphs.iterate, (-1, -1))):
        column, row = frame.viewport.cell(*point)
        cells = cells.write(frame.left + column, frame.top + row, glyph)
    return cells


def half_undefined(glyphs: GlyphSet) -> Cells:
    line, box = np.array([[1.0, -1e9], [1.0, 1e9]]), ((-1.0, 3.0), (1e8, 3e8))
    frame = contour_map([(0.0, [line])], box, 36, 10, [1], glyphs=glyphs)
    xs, _ = frame.viewport.centres()
    values = np.where(xs > 0, xs, np.nan)[None, :] * np.ones((frame.viewport.rows, 1))
    return compose(frame, value_bands(values, [], np.array([0])), glyphs)


def loss(glyphs: GlyphSet) -> Cells:
    steps = np.arange(121.0)
    values = 10.0 ** (-steps / 30) * (1.2 + np.cos(steps / 5))
    marks = [CurveMark(60.0, float(values[60]), glyphs.iterate, 3)]
    return curve([Series(steps, values, 1)], 44, 11, True, marks, horizontals=[(1e-3, 2)], title="loss", glyphs=glyphs)


def sine(glyphs: GlyphSet) -> Cells:
    steps = np.linspace(-6, 6, 300)
    return curve([Series(steps, np.sin(steps), 1), Series(steps, 0.2 * steps, 2)], 40, 10, glyphs=glyphs)


def tiny(glyphs: GlyphSet) -> Cells:
    return curve([Series(np.arange(5.0), np.array([4.0, 2.0, 1.0, 0.5, 0.3]), 1)], 12, 4, glyphs=glyphs)


def wires(glyphs: GlyphSet) -> Cells:
    land = terrain(open_surface("himmelblau"), ((-5.0, 5.0), (-5.0, 5.0)))
    look = Look(THEME, glyphs, ColourDepth.NONE)
    relief = draw_relief(land, Camera(305.0, 35.0), 72, 32, look)
    path = np.array([(-4.5, 4.0), (-1.0, 3.5), (1.0, 1.0), (3.0, 2.0)])
    minima = tuple(("minimum", x, y) for x, y in ((3.0, 2.0), (-2.805, 3.131), (-3.779, -3.283), (3.584, -1.848)))
    return lay_over_relief(relief, Marks((Trail(path, (), (3.0, 2.0)),), (-4.5, 4.0), (1.0, -4.5), minima), look)


def small_relief(glyphs: GlyphSet) -> Cells:
    land = terrain(Surface.from_formula("sqrt(4 - x**2 - y**2)"), ((-2.0, 2.0), (-2.0, 2.0)))
    return draw_relief(land, Camera(30.0, 25.0), 30, 12, Look(THEME, glyphs, ColourDepth.NONE)).cells


def faces(glyphs: GlyphSet) -> Cells:
    land = terrain(open_surface("rosenbrock"), ((-2.0, 2.0), (-1.0, 3.0)))
    return draw_relief(land, Camera(250.0, 30.0), 44, 20, Look(THEME, glyphs, ColourDepth.TRUECOLOR)).cells


_DRAWINGS = (quartic, half_undefined, loss, sine, tiny, wires, small_relief, faces)
SCENES: dict[str, Scene] = {scene.__name__: scene for scene in _DRAWINGS}
ALL = [f"{scene}.{glyphs}" for scene in SCENES for glyphs in GLYPH_SETS]


def drawn(name: str) -> str:
    scene, glyphs = name.split(".")
    return SCENES[scene](GLYPH_SETS[glyphs]).text() + "\n"


@pytest.mark.parametrize("name", ALL)
def test_the_drawing_is_the_golden_one(name):
    assert drawn(name) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def test_no_golden_file_is_left_over():
    assert {file.stem for file in GOLDEN.iterdir()} == set(ALL)


if __name__ == "__main__":
    for each in ALL:
        (GOLDEN / f"{each}.txt").write_text(drawn(each), encoding="utf-8")
