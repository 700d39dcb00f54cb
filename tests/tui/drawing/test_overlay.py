import math

import numpy as np
import pytest

from curvtui.engine.surface.surface import open_surface
from curvtui.tui.drawing.cells import DEFAULT, Cells, ColourDepth
from curvtui.tui.drawing.drawn import draw_picture
from curvtui.tui.drawing.look import Look
from curvtui.tui.drawing.overlay import MARK_KINDS, Marks, Trail, finite, in_picture, lay_over
from curvtui.tui.drawing.palette import lightness, pack, to_oklab
from curvtui.tui.drawing.picture import Picture, Scene
from curvtui.tui.drawing.ramps import seen_on
from curvtui.tui.drawing.relief_marks import lay_over_relief
from curvtui.tui.drawing.viewport import Viewport
from curvtui.tui.themes import load_theme, theme_names
from curvtui.tui.views import Camera, MapStyle

from .looks import ASCII, BRAILLE, LOOKS, NUMBERS, THEME, lines, sound

EMPTY = np.empty((0, 2))


def picture_of(columns=9, rows=5, left=2, top=1):
    """A blank map of the box ±4.5 by ±2.5: a cell a unit, with a border for axes."""
    view = Viewport(-columns / 2, columns / 2, -rows / 2, rows / 2, columns, rows)
    return Picture(Cells.blank(columns + left + 1, rows + top + 1, bg=0x101010), view, left, top, None, True)


def trail_of(path=EMPTY, iterate=None, number=None, colour=0):
    return Trail(np.asarray(path, dtype=float).reshape(-1, 2), (), iterate, number, colour)


def drawn(look=BRAILLE, path=EMPTY, picture=None, iterate=None, trails=None, **marks):
    """The picture with one run that is alone on it, or with several trails."""
    picture = picture or picture_of()
    trails = (trail_of(path, iterate),) if trails is None else tuple(trails)
    cells = lay_over(picture, Marks(trails, **marks), look)
    sound(cells, picture.cells.width, picture.cells.height, look)
    return cells


def where(cells, glyph):
    """The (column, row) of each cell with a glyph."""
    return [(int(c), int(r)) for r, c in zip(*np.nonzero(cells.chars == glyph), strict=True)]


def test_nothing_to_show_leaves_the_picture_as_it_is():
    picture = picture_of()
    cells = drawn(picture=picture)
    for mine, theirs in zip(cells._arrays(), picture.cells._arrays(), strict=True):
        assert np.array_equal(mine, theirs)
        assert mine is not theirs


def test_marks_stand_where_their_points_are():
    landmarks = tuple((kind, x, 2.0) for kind, x in zip(MARK_KINDS, (-4.0, -2.0, 0.0, 2.0), strict=True))
    marks = {"start": (-3.0, -1.0), "iterate": (4.0, 0.0), "cursor": (1.0, -2.0), "landmarks": landmarks}
    path = [(-3, -1), (-3, 0.9), (4, 0)]
    assert drawn(ASCII, path, **marks).text() == lines(
        "",
        "  v x ^ *",
        "   .\\_.",
        "   |  '\"--@",
        "   o",
        "       +",
        "",
    )
    cells = drawn(BRAILLE, path, **marks)
    glyphs = BRAILLE.glyphs
    assert where(cells, glyphs.minimum) == [(2, 1)]
    assert where(cells, glyphs.saddle) == [(4, 1)]
    assert where(cells, glyphs.maximum) == [(6, 1)]
    assert where(cells, glyphs.degenerate) == [(8, 1)]
    assert where(cells, glyphs.start) == [(3, 4)]
    assert where(cells, glyphs.iterate) == [(10, 3)]
    assert where(cells, glyphs.cursor) == [(7, 5)]


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_each_mark_has_its_colour_and_is_bold(look):
    for kind in (*MARK_KINDS, "start", "iterate"):
        marks = {"landmarks": ((kind, 0.0, 0.0),)} if kind in MARK_KINDS else {kind: (0.0, 0.0)}
        cells = drawn(look, **marks)
        assert where(cells, getattr(look.glyphs, kind)) == [(6, 3)]
        assert cells.fg[3, 6] == pack(getattr(THEME.map, kind))
        assert cells.bg[3, 6] == 0x101010
        assert bool(cells.bold[3, 6])


def test_what_matters_more_lies_above():
    landmark = (("minimum", 0.0, 0.0),)
    assert drawn(landmarks=landmark).chars[3, 6] == "●"
    assert drawn(landmarks=landmark, start=(0.0, 0.0)).chars[3, 6] == "○"
    assert drawn(landmarks=landmark, start=(0.0, 0.0), iterate=(0.0, 0.0)).chars[3, 6] == "◆"


def test_the_cursor_shows_what_it_stands_on():
    bare = drawn(cursor=(0.0, 0.0))
    assert bare.chars[3, 6] == "+"
    assert bare.bg[3, 6] == pack(THEME.map.cursor)
    on = drawn(iterate=(0.0, 0.0), cursor=(0.0, 0.0))
    assert on.chars[3, 6] == "◆"
    assert on.bg[3, 6] == pack(THEME.map.cursor)
    colourless = drawn(Look(THEME, BRAILLE.glyphs, ColourDepth.NONE), iterate=(0.0, 0.0), cursor=(0.0, 0.0))
    assert colourless.chars[3, 6] == "+", "without colour nothing else would tell the cursor"


def test_a_path_is_a_line_without_gaps():
    cells = drawn(path=[(-4, 0), (4, 0)])
    assert all(character != " " for character in cells.chars[3, 2:11].tolist())
    assert set(cells.fg[3, 2:11].tolist()) == {pack(THEME.map.path)}
    assert not (cells.chars[[0, 1, 2, 4, 5, 6]] != " ").any()


def test_a_path_stays_inside_the_plot_area():
    cells = drawn(path=[(-100, -70), (100, 70), (1e308, -1e308), (math.nan, 0), (-1e308, 1e308)])
    assert (cells.chars[1:6, 2:11] != " ").any()
    outside = cells.chars.copy()
    outside[1:6, 2:11] = " "
    assert not (outside != " ").any()


def test_steps_on_a_curve_are_beads():
    cells = drawn(path=[(-4, 0), (0, 2), (4, 0), (100, 100)], joined=False)
    assert where(cells, "•") == [(6, 1), (2, 3), (10, 3)]
    assert len(where(drawn(ASCII, path=[(0, 0)], joined=False), "O")) == 1


@pytest.mark.parametrize(
    ("iterate", "arrow", "place"),
    [
        ((100.0, 0.0), "→", (10, 3)),
        ((-100.0, 0.0), "←", (2, 3)),
        ((0.0, 100.0), "↑", (6, 1)),
        ((0.0, -100.0), "↓", (6, 5)),
        ((100.0, 50.0), "↗", (10, 1)),
        ((-100.0, -50.0), "↙", (2, 5)),
        ((1e308, 1e308), None, (10, 1)),
        ((-1e308, 0.0), "←", (2, 3)),
    ],
)
def test_an_arrow_points_to_an_iterate_outside(iterate, arrow, place):
    cells = drawn(iterate=iterate)
    ((row, column),) = np.argwhere(cells.chars != " ").tolist()
    assert (column, row) == place
    assert cells.chars[row, column] in BRAILLE.glyphs.arrows
    assert arrow is None or cells.chars[row, column] == arrow
    assert cells.fg[row, column] == pack(THEME.map.iterate)
    assert not (drawn(start=iterate, cursor=iterate).chars != " ").any(), "only the iterate is pointed out"


def test_points_on_the_border_are_inside():
    for x in (-4.5, 4.5):
        for y in (-2.5, 2.5):
            assert where(drawn(iterate=(x, y)), "◆") == [(2 if x < 0 else 10, 1 if y > 0 else 5)]


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize("size", [(1, 1, 0, 0), (1, 5, 1, 1), (3, 1, 0, 2), (40, 12, 5, 1)])
def test_any_numbers_are_drawn_at_any_size(look, size):
    points = [(x, y) for x in NUMBERS for y in NUMBERS]
    picture = picture_of(*size)
    drawn(look, points, picture)
    drawn(look, points, picture, joined=False)
    for x, y in points:
        if finite(x, y):
            drawn(look, EMPTY, picture, start=(x, y), iterate=(x, y), cursor=(x, y), landmarks=(("saddle", x, y),))


def test_points_of_a_curve_are_lifted_onto_it():
    points, values = np.array([[1.0], [2.0]]), np.array([5.0, math.nan])
    np.testing.assert_array_equal(in_picture(points, values, 1), [[1, 5], [2, math.nan]])
    plane = np.array([[1.0, 2.0], [3.0, 4.0]])
    np.testing.assert_array_equal(in_picture(plane, values, 2), plane)


def test_only_finite_points_are_points():
    assert finite(1.0, -2.0) == (1.0, -2.0)
    for x, y in ((math.nan, 0.0), (0.0, math.inf), (-math.inf, math.nan)):
        assert finite(x, y) is None


# Several runs.

COLOURLESS = Look(THEME, BRAILLE.glyphs, ColourDepth.NONE)


def test_each_runner_has_its_number_and_its_colour():
    trails = [trail_of([(-4, 2 - i), (4, 2 - i)], (4.0, 2.0 - i), i + 1, i) for i in range(5)]
    cells = drawn(trails=trails)
    for i in range(5):
        assert where(cells, str(i + 1)) == [(10, 1 + i)]
        assert set(cells.fg[1 + i, 2:11].tolist()) == {pack(THEME.curves.runs[i])}
    assert not where(cells, BRAILLE.glyphs.iterate)


def test_the_last_trail_lies_on_top():
    here, there = [(-4, 0), (4, 0)], [(0, -2), (0, 2)]
    for first, second in ((here, there), (there, here)):
        cells = drawn(trails=[trail_of(first, (0.0, 0.0), 1, 0), trail_of(second, (0.0, 0.0), 2, 1)])
        assert cells.chars[3, 6] == "2"
        assert cells.fg[3, 6] == pack(THEME.curves.runs[1])


def test_without_colour_the_numbers_stand_along_the_paths():
    wide = picture_of(60, 5, 0, 0)
    path = np.stack((np.linspace(-29, 29, 200), np.zeros(200)), axis=1)
    trails = [trail_of(path, (29.0, 0.0), 3, 2)]
    places = where(drawn(COLOURLESS, picture=wide, trails=trails), "3")
    assert len(places) >= 4
    assert len(where(drawn(BRAILLE, picture=wide, trails=trails), "3")) == 1, "with colour only the iterate has it"
    gaps = np.diff(sorted(column for column, _ in places))
    assert (gaps <= 15).all()
    alone = drawn(COLOURLESS, picture=wide, trails=[trail_of(path, (29.0, 0.0))])
    assert not where(alone, "3")


def test_a_runner_outside_is_pointed_out_in_its_colour():
    cells = drawn(trails=[trail_of(EMPTY, (100.0, 0.0), 1, 4), trail_of(EMPTY, (-100.0, 0.0), 2, 6)])
    assert cells.chars[3, 10] == "→"
    assert cells.fg[3, 10] == pack(THEME.curves.runs[4])
    assert cells.chars[3, 2] == "←"
    assert cells.fg[3, 2] == pack(THEME.curves.runs[6])


@pytest.mark.parametrize("look", [*LOOKS.values(), COLOURLESS], ids=[*LOOKS, "colourless"])
@pytest.mark.parametrize("size", [(1, 1, 0, 0), (40, 12, 5, 1)])
def test_races_of_any_numbers_are_drawn_at_any_size(look, size):
    points = [(x, y) for x in NUMBERS for y in NUMBERS]
    for joined in (True, False):
        trails = [trail_of(points, points[i], i + 1, i) for i in range(8) if finite(*points[i])]
        drawn(look, picture=picture_of(*size), trails=trails, joined=joined)


@pytest.mark.parametrize("theme", theme_names())
@pytest.mark.parametrize("depth", [ColourDepth.TRUECOLOR, ColourDepth.EIGHT_BIT])
@pytest.mark.parametrize("camera", [None, Camera(305.0, 60.0)], ids=["map", "relief"])
def test_every_runners_path_is_seen_on_every_band(theme, depth, camera):
    look = Look(load_theme(theme), BRAILLE.glyphs, depth)
    surface = open_surface("himmelblau")
    picture = draw_picture(Scene(surface, surface.box, MapStyle(camera=camera)), 60, 24, look)
    x = np.linspace(-4.9, 4.9, 50)
    seen = 0
    for number in range(1, 9):
        trail = trail_of(np.stack((x, 4.5 * np.cos(0.3 * number + x)), axis=1), number=number, colour=number - 1)
        cells = (lay_over if camera is None else lay_over_relief)(picture, Marks((trail,)), look)
        muted = cells.fg == pack(look.theme.ui.muted)
        changed = ((cells.fg != picture.cells.fg) | (cells.chars != picture.cells.chars)) & ~muted
        ground = np.where(cells.bg == DEFAULT, pack(look.theme.ui.background), cells.bg)[changed]
        apart = np.abs(lightness(cells.fg[changed]) - lightness(ground.astype(np.int32)))
        assert (apart > 0.2).all()
        seen += int(changed.sum())
    assert seen > 400


def test_a_path_keeps_its_colour_where_that_can_be_seen_and_its_hue_where_not():
    ink = pack("#2fa04f")
    dark, near = pack("#101010"), pack("#3f8f5f")
    on_dark, on_near = seen_on(ink, np.array([dark, near], dtype=np.int32), "#101010").tolist()
    assert on_dark == ink
    before, after = to_oklab(ink), to_oklab(on_near)
    assert abs(after[0] - to_oklab(near)[0]) > 0.2
    assert math.atan2(after[2], after[1]) == pytest.approx(math.atan2(before[2], before[1]), abs=0.1)
