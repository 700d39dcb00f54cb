"""Everything that a map can show: drawn on every kind of surface, in every look and size, without a blemish."""

from dataclasses import replace

import numpy as np
import pytest

from curvtui.engine.descent.basins.basins import basins
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.surface.surface import open_surface
from curvtui.tui.drawing.basins_ground import basins_ground
from curvtui.tui.drawing.cells import DEFAULT, ColourDepth
from curvtui.tui.drawing.drawn import draw_picture
from curvtui.tui.drawing.palette import standard_colours, xterm_colours
from curvtui.tui.drawing.picture import Scene
from curvtui.tui.views import PLAIN, Camera, FieldStyle, Ground, MapStyle

from .looks import ASCII, BLOCK, BRAILLE, SIZES, sound

SURFACES = ("himmelblau", "log(x) + sqrt(y)", "1/x + abs(y)", "0*x + 0*y + 3", "x**9*y**9*1e300", "floor(x) + y")
LOOKS = {
    f"{look.glyphs.name} {depth.value}": replace(look, depth=depth)
    for look, depth in zip(
        (BRAILLE, BRAILLE, BLOCK, ASCII),
        (ColourDepth.TRUECOLOR, ColourDepth.EIGHT_BIT, ColourDepth.STANDARD, ColourDepth.NONE),
        strict=True,
    )
}
STYLES = {
    **{ground.value: MapStyle(ground=ground) for ground in Ground},
    **{field.value: MapStyle(field=field) for field in FieldStyle},
    "lines only": MapStyle(lines_only=True),
    "in 3-D": MapStyle(camera=Camera()),
    "lines in 3-D": MapStyle(camera=Camera(40.0, 80.0), lines_only=True),
    "κ in 3-D": MapStyle(ground=Ground.CONDITION, camera=Camera()),
    "signs in 3-D": MapStyle(ground=Ground.SIGNS, camera=Camera(120.0, 50.0)),
    "basins in 3-D": MapStyle(ground=Ground.BASINS, camera=Camera(), lines_only=True),
    "κ, lines only": MapStyle(ground=Ground.CONDITION, lines_only=True),
    "signs, lines only": MapStyle(ground=Ground.SIGNS, lines_only=True),
    "all at once": MapStyle(ground=Ground.SMALLEST, field=FieldStyle.STREAMLINES, model=True, levels=16),
}


def scene_of(formula, style, columns=0, rows=0):
    surface = open_surface(formula)
    known = None
    if style.ground is Ground.BASINS and columns > 0:
        *_, known = basins(surface, RunSettings("gd", {"lr": 0.01}), surface.box, columns, rows, most=400)
    return Scene(surface, surface.box, style, basins=known)


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_every_view_of_every_surface_is_drawn(style, look):
    for formula in SURFACES:
        scene = scene_of(formula, style)
        picture = draw_picture(scene, 60, 24, look)
        sound(picture.cells, 60, 24, look)
        assert (picture.cells.chars != " ").any()


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_every_view_fits_every_size(style):
    for width, height in SIZES:
        if width and height:
            sound(draw_picture(scene_of("himmelblau", style), width, height, ASCII).cells, width, height, ASCII)


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_colours_are_those_that_the_terminal_has(style):
    for depth, palette in ((ColourDepth.EIGHT_BIT, xterm_colours()), (ColourDepth.STANDARD, standard_colours())):
        look = replace(BRAILLE, depth=depth)
        cells = draw_picture(scene_of("himmelblau", style), 60, 24, look).cells
        backgrounds = set(np.unique(cells.bg).tolist()) - {DEFAULT}
        if depth is ColourDepth.STANDARD:
            assert not backgrounds, "sixteen colours are too few for bands"
        elif style.camera is None and style.ground is Ground.VALUES:
            assert backgrounds <= set(palette.tolist())


def test_without_colour_only_characters_differ():
    look = replace(ASCII, depth=ColourDepth.NONE)
    for style in STYLES.values():
        cells = draw_picture(scene_of("himmelblau", style), 60, 24, look).cells
        assert (cells.bg == DEFAULT).all()


def test_every_style_looks_different_even_without_colour():
    look = replace(ASCII, depth=ColourDepth.NONE)
    texts = {}
    for name, style in STYLES.items():
        # Without colour there are lines only in any case, and signs have no other lines.
        if style not in (PLAIN, MapStyle(lines_only=True), MapStyle(ground=Ground.SIGNS, lines_only=True)):
            picture = draw_picture(scene_of("himmelblau", style), 60, 24, look)
            columns, rows = picture.viewport.columns, picture.viewport.rows
            if style.ground is Ground.BASINS:
                picture = draw_picture(scene_of("himmelblau", style, columns, rows), 60, 24, look)
            texts[name] = picture.cells.text()
    assert len(set(texts.values())) == len(texts)


@pytest.mark.parametrize("ground", [Ground.SIGNS, Ground.SMALLEST, Ground.BASINS])
def test_a_relief_has_the_same_classes_as_the_map_from_above(ground):
    # By characters, without colour: what stands in a cell is what its point of the world has on the map from above.
    look = replace(BRAILLE, depth=ColourDepth.NONE)
    style = MapStyle(ground=ground)
    flat = draw_picture(scene_of("himmelblau", style), 150, 80, look)
    scene = scene_of("himmelblau", style, flat.viewport.columns, flat.viewport.rows)
    flat = draw_picture(scene, 150, 80, look)
    relief = draw_picture(replace(scene, style=replace(style, camera=Camera(300.0, 55.0))), 90, 45, look)
    letters = {entry.glyph for entry in flat.explained.entries} - {look.glyphs.line}
    here = flat.cells.chars[flat.top : flat.top + flat.viewport.rows, flat.left : flat.left + flat.viewport.columns]
    same = total = 0
    for row in range(relief.viewport.rows):
        for column in range(relief.viewport.columns):
            mark = str(relief.cells.chars[row, column])
            point = relief.point_at(column, row)
            if mark not in letters or point is None:
                continue
            at = flat.viewport.cell(*point)
            around = here[max(0, at[1] - 2) : at[1] + 3, max(0, at[0] - 4) : at[0] + 5]
            total += 1
            same += mark in around
    assert total > 60
    assert same > 0.9 * total


def test_a_basin_has_one_letter_everywhere_and_the_legend_names_it():
    style = MapStyle(ground=Ground.BASINS)
    look = replace(BRAILLE, depth=ColourDepth.NONE)
    empty = draw_picture(scene_of("himmelblau", style), 70, 30, look)
    port = empty.viewport
    scene = scene_of("himmelblau", style, port.columns, port.rows)
    picture = draw_picture(scene, 70, 30, look)
    assert picture.viewport == port
    area = picture.cells.chars[picture.top : picture.top + port.rows, picture.left : picture.left + port.columns]
    known = scene.basins
    for letter, label in zip("ABCD", range(4), strict=True):
        where = area == letter
        assert where.any()
        assert (known.labels[where] == label).all()
    text = picture.cells.text()
    assert all(f"{letter} {look.glyphs.minimum} (" in text for letter in "ABCD")


def test_basins_of_another_size_show_the_nearest_start():
    scene = scene_of("himmelblau", MapStyle(ground=Ground.BASINS), 9, 7)
    look = replace(BRAILLE, depth=ColourDepth.NONE)
    picture = draw_picture(scene, 70, 30, look)
    port = picture.viewport
    area = picture.cells.chars[picture.top : picture.top + port.rows, picture.left : picture.left + port.columns]
    known = scene.basins
    rows, columns = np.nonzero(np.isin(area, list("ABCD")))
    assert len(rows) > 100
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        x, y = port.centre(column, row)
        nearest = (np.argmin(np.abs(known.starts[1] - y)), np.argmin(np.abs(known.starts[0] - x)))
        assert known.labels[nearest] == "ABCD".index(area[row, column])


def test_the_legend_of_basins_begins_with_the_greatest_shares():
    *_, known = basins(open_surface("x**4 + y**2"), RunSettings("gd", {"lr": 1.1}), ((-2.0, 2.0), (-2.0, 2.0)), 20, 10)
    ground = basins_ground(known, 20, 10, BRAILLE)
    assert known.diverged > 0.5
    assert ground.entries[0].text.startswith("diverged")
