"""The drawings of fields, models, curvature and sections, compared with golden text.

Run as a program, this file writes the texts anew: look at them.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from curvtui.engine.curvature.local_model import local_model
from curvtui.engine.sampling.curvature_map import curvature_map
from curvtui.engine.sampling.profiles import profiles
from curvtui.engine.surface.presets import PRESETS
from curvtui.engine.surface.surface import Surface
from curvtui.tui.drawing.cells import Cells, ColourDepth
from curvtui.tui.drawing.curvature_ground import curvature_ground
from curvtui.tui.drawing.field_layer import field_data, field_layer, field_legend
from curvtui.tui.drawing.glyphs import GLYPH_SETS
from curvtui.tui.drawing.layer import Layer, LegendEntry
from curvtui.tui.drawing.level_lines import line_layer, traced
from curvtui.tui.drawing.look import Look
from curvtui.tui.drawing.model_layer import ModelData, model_layer, model_legend
from curvtui.tui.drawing.sections_page import SectionsData, sections_page
from curvtui.tui.drawing.viewport import Viewport
from curvtui.tui.themes import load_theme
from curvtui.tui.views import FieldStyle, Ground

GOLDEN = Path(__file__).parent / "golden_views"
WIDTH, HEIGHT = 60, 18
PLAIN = {name: Look(load_theme("dark"), glyphs, ColourDepth.NONE) for name, glyphs in GLYPH_SETS.items()}

QUARTIC = Surface.from_preset(PRESETS["quartic"])
BARRIER = Surface.from_preset(PRESETS["log_barrier"])
DOUBLE_WELL = Surface.from_formula("x**4 - 3*x**2 + x")


def view_of(surface: Surface) -> Viewport:
    (x0, x1), (y0, y1) = surface.box
    return Viewport(x0, x1, y0, y1, WIDTH, HEIGHT)


def text(layers: list[Layer], entries: tuple[LegendEntry, ...]) -> str:
    cells = Cells.blank(layers[0].chars.shape[1], layers[0].chars.shape[0])
    for layer in layers:
        cells = cells.overlay(layer.chars, layer.fg)
    return "\n".join([cells.text(), "", *(f"{entry.glyph} {entry.text}" for entry in entries)])


def field(surface: Surface, style: FieldStyle, look: Look) -> str:
    view = view_of(surface)
    return text([field_layer(view, field_data(surface, view, style), style, look)], field_legend(style, look))


def downhill(look: Look) -> str:
    return field(QUARTIC, FieldStyle.DOWNHILL, look)


def uphill(look: Look) -> str:
    return field(BARRIER, FieldStyle.UPHILL, look)


def streams(look: Look) -> str:
    return field(QUARTIC, FieldStyle.STREAMLINES, look)


def model(surface: Surface, at: tuple[float, ...], view: Viewport, look: Look) -> str:
    data = ModelData(local_model(surface, np.array(at), 0.05), (-0.5, 0.0, 0.5, 1.0, 2.0, 4.0))
    return text([model_layer(view, data, look)], model_legend(data, look))


def model_bowl(look: Look) -> str:
    return model(QUARTIC, (1.2, 0.7), view_of(QUARTIC), look)


def model_saddle(look: Look) -> str:
    return model(QUARTIC, (0.3, 0.5), view_of(QUARTIC), look)


def model_curve(look: Look) -> str:
    return model(DOUBLE_WELL, (1.6,), Viewport(-2.0, 2.0, -4.0, 6.0, WIDTH, HEIGHT), look)


def model_undefined(look: Look) -> str:
    return model(BARRIER, (-1.0, -1.0), view_of(BARRIER), look)


def ground(surface: Surface, which: Ground, look: Look) -> str:
    view = view_of(surface)
    drawn = curvature_ground(which, curvature_map(surface, *view.centres()), look)
    # As without colours: letters tell the bands apart, and of the lines only that of 0 is drawn.
    others = frozenset(k for k, (level, _) in enumerate(drawn.lines) if level != 0)
    lines = line_layer(traced(drawn.lines, view).without(others), view, drawn.inks, look.glyphs)
    return text([drawn.texture, lines], drawn.legend)


def signs(look: Look) -> str:
    return ground(QUARTIC, Ground.SIGNS, look)


def smallest(look: Look) -> str:
    return ground(QUARTIC, Ground.SMALLEST, look)


def largest(look: Look) -> str:
    return ground(Surface.from_preset(PRESETS["peaks"]), Ground.LARGEST, look)


def condition(look: Look) -> str:
    return ground(Surface.from_preset(PRESETS["rosenbrock"]), Ground.CONDITION, look)


def slope(look: Look) -> str:
    return ground(BARRIER, Ground.SLOPE, look)


def sections(surface: Surface, at: tuple[float, ...], width: int, height: int, look: Look, selected: int = 0) -> str:
    found = profiles(surface, at, surface.box, other=tuple(-0.5 for _ in at))
    data = SectionsData(found, (), at, surface.variables, selected=selected)
    return sections_page(data, width, height, look).text()


def sections_large(look: Look) -> str:
    return sections(QUARTIC, (0.3, 0.8), 100, 24, look, 1)


def sections_small(look: Look) -> str:
    return sections(QUARTIC, (0.3, 0.8), 44, 12, look, 3)


def sections_curve(look: Look) -> str:
    return sections(DOUBLE_WELL, (1.6,), 40, 10, look)


Scene = Callable[[Look], str]
SCENES: dict[str, Scene] = {
    scene.__name__: scene
    for scene in (
        downhill,
        uphill,
        streams,
        model_bowl,
        model_saddle,
        model_curve,
        model_undefined,
        signs,
        smallest,
        largest,
        condition,
        slope,
        sections_large,
        sections_small,
        sections_curve,
    )
}
ALL = [f"{scene}.{glyphs}" for scene in SCENES for glyphs in GLYPH_SETS]


def drawn(name: str) -> str:
    scene, glyphs = name.split(".")
    return SCENES[scene](PLAIN[glyphs]) + "\n"


@pytest.mark.parametrize("name", ALL)
def test_the_drawing_is_the_golden_one(name):
    assert drawn(name) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("scene", SCENES)
def test_ascii_is_ascii(scene):
    assert drawn(f"{scene}.ascii").isascii()


def test_no_golden_file_is_left_over():
    assert {file.stem for file in GOLDEN.iterdir()} == set(ALL)


if __name__ == "__main__":
    for each in ALL:
        (GOLDEN / f"{each}.txt").write_text(drawn(each), encoding="utf-8")
