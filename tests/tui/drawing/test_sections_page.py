"""The sections' panel: layouts, headings, the point marked, the parabola kept inside the plot."""

import math

import numpy as np
import pytest

from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.sampling.profiles import profiles
from curvtui.engine.surface.presets import PRESETS
from curvtui.engine.surface.surface import Surface
from curvtui.tui.drawing.palette import pack
from curvtui.tui.drawing.sections_page import LEAST_HEIGHT, LEAST_WIDTH, SectionsData, heading, layout, sections_page
from curvtui.tui.explorer import Explorer
from curvtui.tui.snapshot.sections import sections_data

from .looks import ASCII, BRAILLE, LOOKS, SIZES, THEME, colour_of, sound

QUARTIC = Surface.from_preset(PRESETS["quartic"])


def data_of(surface=QUARTIC, at=(0.3, 0.8), other=(-1.0, -1.0), selected=0, at_cursor=False):
    found = profiles(surface, at, surface.box, other)
    return SectionsData(found, (at,), at, surface.variables, selected=selected, at_cursor=at_cursor)


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_any_size(width, height, look):
    for data in (data_of(), data_of(at=(50.0, 50.0)), data_of(at=(math.nan, 0.0), other=None)):
        sound(sections_page(data, width, height, look), width, height, look)


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize(
    "formula", ["log(x) + y", "1e300*x**4 - y", "1/x + y", "3 + 0*x + 0*y", "x**3", "sqrt(x)", "1e-300*x"]
)
def test_any_surface(formula, look):
    surface = Surface.from_formula(formula)
    for x in (0.0, 0.5, -0.5):
        at = (x,) * surface.dimension
        sound(sections_page(data_of(surface, at, other=(1.0,) * surface.dimension), 90, 30, look), 90, 30, look)


@pytest.mark.parametrize("count", range(1, 8))
@pytest.mark.parametrize(("width", "height"), [(20, 6), (44, 11), (56, 22), (80, 24), (120, 38), (200, 55), (30, 60)])
def test_a_layout_shows_as_many_plots_as_have_room(count, width, height):
    across, down = layout(count, width, height)
    if across * down > 1:
        assert width / across >= LEAST_WIDTH
        assert height / down >= LEAST_HEIGHT
    room = max(1, (width // LEAST_WIDTH)) * max(1, (height // LEAST_HEIGHT))
    assert across * down >= min(count, room)
    assert (across - 1) * down < count
    assert across * (down - 1) < count


def test_all_sections_are_there_where_there_is_room():
    text = sections_page(data_of(), 120, 36, BRAILLE).text()
    for title in ("along x", "along y", "along −∇f →", "along λ₁ −0.806 ↗", "along λ₂ 9.57 ↖", "iterate to start ↙"):
        assert title in text
    assert "/6" not in text


@pytest.mark.parametrize("selected", range(6))
def test_where_there_is_room_for_one_the_selected_one_is_shown(selected):
    data = data_of(selected=selected)
    text = sections_page(data, 44, 12, BRAILLE).text()
    assert text.startswith(f"{selected + 1}/6 {heading(data.profiles[selected], data, BRAILLE.glyphs)}")


def test_the_selected_title_stands_out():
    cells = sections_page(data_of(selected=1), 120, 36, BRAILLE)
    assert colour_of(cells, "along y") == pack(THEME.ui.accent)
    assert colour_of(cells, "along x") == pack(THEME.ui.foreground)
    bold = np.argwhere(cells.bold & (cells.chars == "y"))
    assert len(bold)


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_the_point_and_the_other_one_are_marked(look):
    data = data_of(Surface.from_formula("x**2 + y**2"), (1.0, 0.5), (-1.0, -0.5), selected=5)
    cells = sections_page(data, 44, 12, look)
    assert (cells.chars == look.glyphs.iterate).sum() == 1
    assert look.glyphs.start in cells.text()
    cursor = sections_page(data_of(at_cursor=True), 44, 12, look)
    assert look.glyphs.cursor in [
        c for c, ink in zip(cursor.chars.ravel(), cursor.fg.ravel(), strict=True) if ink == pack(THEME.map.cursor)
    ]


def test_the_parabola_has_its_own_colour_and_does_not_squash_f():
    # At 1.9, x⁴'s parabola reaches down to −61: f alone sets the scale.
    data = data_of(Surface.from_formula("x**4"), (1.9,), None)
    cells = sections_page(data, 60, 20, BRAILLE)
    inks = set(cells.fg[cells.chars != " "].tolist())
    assert {pack(THEME.curves.loss), pack(THEME.map.momentum)} <= inks
    assert "−20" not in cells.text()


def test_ascii_headings_write_the_direction_in_numbers():
    data = data_of(Surface.from_formula("x**2 + y**2"), (1.0, 1.0), (0.0, 0.0))
    texts = [heading(profile, data, ASCII.glyphs) for profile in data.profiles]
    assert texts[2] == "along -grad f (-0.71, -0.71)"
    assert all(text.isascii() for text in texts)


def test_the_explorers_sections_go_through_the_point_that_its_panels_speak_of():
    explorer = Explorer(QUARTIC, RunSettings("gd", {"lr": 0.02}), (1.5, 0.5))
    assert sections_data(explorer).point == (1.5, 0.5)
    # The start to itself is no line.
    assert len(sections_data(explorer).profiles) == 5
    explorer.step(3)
    data = sections_data(explorer, 7)
    assert data.point == explorer.here != (1.5, 0.5)
    assert (data.source, data.other, data.selected, data.at_cursor) == ("iterate", "start", 1, False)
    ends = np.array(data.point) + data.profiles[-1].other * data.profiles[-1].direction
    np.testing.assert_allclose(ends, (1.5, 0.5))
    explorer.place_cursor((0.0, 1.0))
    data = sections_data(explorer)
    assert (data.point, data.source, data.other, data.at_cursor) == ((0.0, 1.0), "cursor", "iterate", True)
    assert sections_data(explorer) == data
    explorer.step()
    assert sections_data(explorer) != data
