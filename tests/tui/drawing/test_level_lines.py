"""Level lines on the raster, their numbers, the colour bar and the legend."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.sampling.levels import LevelMethod, Levels
from curvtui.engine.surface.surface import Surface, open_surface
from curvtui.tui.drawing.bands import lines_alone, map_colours
from curvtui.tui.drawing.braille import DotCanvas
from curvtui.tui.drawing.cells import DEFAULT, ColourDepth
from curvtui.tui.drawing.colour_bar import bar_width, colour_bar
from curvtui.tui.drawing.contours import contours, level_texts, lines_of_f
from curvtui.tui.drawing.drawn import draw_picture
from curvtui.tui.drawing.layer import LegendEntry
from curvtui.tui.drawing.legend import legend, legend_rows
from curvtui.tui.drawing.level_lines import line_layer, traced
from curvtui.tui.drawing.palette import lightness, pack, standard_colours, xterm_colours
from curvtui.tui.drawing.picture import Scene
from curvtui.tui.drawing.reduced import greys, rising, standing_out
from curvtui.tui.drawing.viewport import Viewport
from curvtui.tui.themes import load_theme, theme_names
from curvtui.tui.views import PLAIN, Camera, FieldStyle, Ground, MapStyle

from .looks import ASCII, BRAILLE, THEME

PORT = Viewport(-2.0, 2.0, -1.0, 3.0, 30, 12)
POINTS = st.lists(st.tuples(st.floats(-2, 2), st.floats(-1, 3)), min_size=1, max_size=40)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(POINTS, max_size=4))
def test_all_levels_at_once_light_what_each_alone_does(lines):
    lines = [np.array(line) for line in lines]
    layer = line_layer(
        traced([(float(k), [line]) for k, line in enumerate(lines)], PORT), PORT, _inks(4), BRAILLE.glyphs
    )
    lit = np.zeros_like(layer.chars, dtype=bool)
    for line in lines:
        canvas = DotCanvas(PORT)
        canvas.polyline(line[:, 0], line[:, 1])
        lit |= canvas.chars(BRAILLE.glyphs) != " "
    # The two ways may round to neighbouring dots on the way between two points, never by more.
    mine = layer.chars != " "
    for here, there in ((mine, lit), (lit, mine)):
        for row, column in np.argwhere(here & ~there):
            assert there[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2].any()


def _inks(count):
    return np.arange(1, count + 1, dtype=np.int32)


def test_a_shared_cell_is_the_higher_levels():
    flat = np.array([[-2.0, 1.1], [2.0, 1.1]])
    layer = line_layer(traced([(0.0, [flat]), (1.0, [flat])], PORT), PORT, _inks(2), BRAILLE.glyphs)
    assert set(layer.fg[layer.chars != " "].tolist()) == {2}


def test_no_lines_are_blank():
    for lines in ([], [(0.0, [])], [(0.0, [np.empty((0, 2))])]):
        assert (line_layer(traced(lines, PORT), PORT, _inks(1), BRAILLE.glyphs).chars == " ").all()


@settings(derandomize=True, deadline=None, max_examples=25)
@given(st.floats(0.2, 3.0), st.floats(0.2, 3.0), st.floats(-0.5, 0.5), st.floats(-1.0, 1.0), st.floats(-1.0, 1.0))
def test_between_cells_of_different_bands_there_is_a_line(a, b, c, p, q):
    surface = open_surface(f"{a!r}*(x-{p!r})**2 + {b!r}*(y-{q!r})**2 + {c!r}*x*y")
    picture = draw_picture(Scene(surface, ((-2.0, 2.0), (-2.0, 2.0)), PLAIN), 60, 24, BRAILLE)
    port = picture.viewport
    area = (slice(picture.top, picture.top + port.rows), slice(picture.left, picture.left + port.columns))
    bands, lit = picture.cells.bg[area], picture.cells.chars[area] != " "
    near = np.zeros_like(lit)
    for row, column in np.argwhere(lit):
        near[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2] = True
    apart = np.zeros_like(lit)
    apart[:, 1:] |= bands[:, 1:] != bands[:, :-1]
    apart[1:, :] |= bands[1:, :] != bands[:-1, :]
    assert not (apart & ~near).any()


WAVES = (
    "sin(2*x + {a})*cos(3*y + {b}) + {c}*x",
    "(x**2 + y - {a})**2 + (x + y**2 - {b})**2 + {c}*x",
    "exp({c}*x*y) + ({a} - 1)*y**2 + {b}*x",
    "{a}*x**4 - {b}*x**2*y + y**2*({c} + 1)",
)


@settings(derandomize=True, deadline=None, max_examples=24)
@given(st.sampled_from(WAVES), *[st.floats(0.2, 2.0)] * 3, st.sampled_from(LevelMethod), st.integers(8, 16))
def test_every_level_line_separates_its_values_dot_by_dot(wave, a, b, c, method, count):
    # Of a dot below a level and its neighbour above it, one is lit or next to one that is; and no dot is lit
    # where values lie on one side only. Told at every dot of the screen, from the surface itself.
    surface = Surface.from_formula(wave.format(a=a, b=b, c=c), ((-2.0, 2.0), (-2.0, 2.0)))
    scene = Scene(surface, surface.box, MapStyle(method=method, levels=count))
    port = Viewport(-2.0, 2.0, -2.0, 2.0, 60, 28)
    found = contours(scene, port)
    xs = port.x0 + (np.arange(120) + 0.5) / 120 * port.width
    ys = port.y1 - (np.arange(112) + 0.5) / 112 * port.height
    values = surface.grid((xs, ys))
    missed = astray = crossed = drawn = 0
    for level, lines in lines_of_f(found, scene.style, BRAILLE):
        lit = dots_of(line_layer(traced([(level, lines)], port), port, _inks(1), BRAILLE.glyphs))
        above = values >= level
        for axis in (0, 1):
            change = np.diff(above.astype(np.int8), axis=axis) != 0
            beside = around(lit, 1)
            near = beside[:-1] | beside[1:] if axis == 0 else beside[:, :-1] | beside[:, 1:]
            missed += int((change & ~near).sum())
            crossed += int(change.sum())
        inner = lit[3:-3, 3:-3]
        astray += int((inner & ~(around(above, 2) & around(~above, 2))[3:-3, 3:-3]).sum())
        drawn += int(inner.sum())
    assert crossed > 100
    assert missed <= 0.004 * crossed
    assert astray <= 0.004 * drawn


def dots_of(layer):
    """The dots of a layer of braille, (4 rows, 2 columns)."""
    patterns = np.where(layer.chars == " ", 0, layer.chars.view(np.int32).reshape(layer.chars.shape) - 0x2800)
    dots = np.zeros((4 * patterns.shape[0], 2 * patterns.shape[1]), dtype=bool)
    for bit, (column, row) in enumerate([(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]):
        dots[row::4, column::2] = patterns >> bit & 1
    return dots


def around(dots, reach):
    """The dots with all that are at most so far from one."""
    padded = np.pad(dots, reach)
    parts = [
        padded[down : down + dots.shape[0], right : right + dots.shape[1]]
        for down in range(2 * reach + 1)
        for right in range(2 * reach + 1)
    ]
    return np.logical_or.reduce(parts)


def test_numbers_stand_on_their_own_lines():
    surface = open_surface("quartic")
    picture = draw_picture(Scene(surface, surface.box), 90, 40, BRAILLE)
    port = picture.viewport
    found = 0
    for row in range(port.rows):
        text = "".join(picture.cells.chars[picture.top + row, picture.left : picture.left + port.columns].tolist())
        for word in text.replace("⠀", " ").split():
            number = word.strip("".join(chr(0x2800 + k) for k in range(256))).replace("−", "-")
            try:
                value = float(number)
            except ValueError:
                continue
            found += 1
            column = text.index(word) + len(word) // 2
            level = min(picture.levels.values, key=lambda each: abs(each - value))
            assert value == pytest.approx(level, rel=0.06)
            around = [surface.value_at(port.centre(column + i, row + j)) for i in (-2, 0, 2) for j in (-1, 0, 1)]
            assert min(around) <= level <= max(around)
    assert found >= 6


def test_the_colour_bar_rises_like_the_bands():
    texts = [str(k) for k in range(12)]
    colours = map_colours(THEME.map.ramp, 12, THEME.ui.background, 0.4)
    bar = colour_bar(texts, colours, 30, BRAILLE)
    assert (bar.width, bar.height) == (bar_width(texts), 30)
    ground = bar.bg[:, 1].tolist()
    assert list(dict.fromkeys(ground)) == colours.bands[::-1].tolist()
    order = [int(word) for word in bar.text().replace("─", " ").split()]
    assert order == sorted(order, reverse=True)
    assert order == list(range(11, -1, -1))


@pytest.mark.parametrize("rows", [0, 1, 5, 6, 9, 14, 80])
def test_a_colour_bar_of_any_height_writes_no_number_over_another(rows):
    texts = [f"{k}.5" for k in range(16)]
    bar = colour_bar(texts, lines_alone(THEME.map.ramp, 16, THEME.ui.background, ColourDepth.NONE), rows, ASCII)
    assert bar.height == rows
    assert all(word in texts for word in bar.text().replace("-", " ").split())


@pytest.mark.parametrize("name", theme_names())
@pytest.mark.parametrize("levels", [8, 12, 16])
def test_with_256_colours_bands_still_rise_and_lines_stand_out(name, levels):
    theme = load_theme(name)
    colours = map_colours(theme.map.ramp, levels, theme.ui.background, theme.map.band_strength, ColourDepth.EIGHT_BIT)
    palette = set(xterm_colours().tolist())
    assert set(colours.bands.tolist()) | set(colours.lines.tolist()) <= palette
    assert (np.diff(lightness(colours.bands)) > 0).all()
    for grounds in (colours.bands[:-1], colours.bands[1:]):
        assert (np.abs(lightness(colours.lines) - lightness(grounds)) > 0.15).all()


@pytest.mark.parametrize("name", theme_names())
def test_with_16_colours_there_are_lines_alone_that_can_be_seen(name):
    theme = load_theme(name)
    colours = map_colours(theme.map.ramp, 12, theme.ui.background, 0.4, ColourDepth.STANDARD)
    assert (colours.bands == DEFAULT).all()
    assert set(colours.lines.tolist()) <= set(standard_colours().tolist())
    assert (np.abs(lightness(colours.lines) - lightness(pack(theme.ui.background))) >= 0.2).all()
    assert (np.diff(lightness(colours.lines)) >= 0).all()


def test_rising_is_the_cheapest_rising_choice():
    palette = np.array([0x000000, 0x444444, 0x888888, 0xCCCCCC, 0xFFFFFF], dtype=np.int32)
    assert rising(palette[[1, 3]], palette).tolist() == palette[[1, 3]].tolist()
    assert rising(palette[[2, 2]], palette, 0.01).tolist() in (palette[[1, 2]].tolist(), palette[[2, 3]].tolist())
    assert rising(palette[[2] * 9], palette).tolist() == palette[[2] * 9].tolist(), "too few colours to rise"
    assert len(rising(palette[:0], palette)) == 0
    assert greys(np.array([0x808080, 0xFF0000])).tolist() == [0x808080]
    chosen = standing_out(palette[[0]], (palette[[0]],), palette)
    assert abs(float(lightness(chosen)[0]) - 0.0) >= 0.2


def test_the_legend_says_what_fits_and_that_there_is_more():
    entries = tuple(LegendEntry(glyph, 1, f"meaning {glyph}") for glyph in "ABCD")
    assert legend(entries, 60, 1, BRAILLE).text() == "A meaning A  B meaning B  C meaning C  D meaning D"
    assert legend(entries, 30, 1, BRAILLE).text() == "A meaning A  B meaning B  …"
    assert legend(entries, 30, 2, BRAILLE).text().split("\n") == [
        "A meaning A  B meaning B",
        "C meaning C  D meaning D",
    ]
    for width in range(40):
        for rows in range(1, 3):
            assert legend(entries, width, rows, ASCII).width == width


def test_only_maps_that_show_more_than_values_have_a_legend():
    assert legend_rows(PLAIN, 60, 40) == legend_rows(MapStyle(lines_only=True, levels=9), 60, 40) == 0
    assert legend_rows(MapStyle(field=FieldStyle.UPHILL), 60, 40) > 0
    assert legend_rows(MapStyle(field=FieldStyle.UPHILL), 60, 8) == 0


def test_a_legend_has_rows_enough_on_a_small_terminal():
    # The map beside the panels of a terminal of 80 x 24 has 44 x 19 cells.
    assert legend_rows(MapStyle(field=FieldStyle.UPHILL), 44, 19) == 1
    assert legend_rows(MapStyle(ground=Ground.SIGNS), 44, 19) >= 2
    for style in (MapStyle(model=True), MapStyle(ground=Ground.BASINS)):
        assert legend_rows(style, 44, 19) >= 3
        assert legend_rows(style, 230, 19) == 1, "more than that only takes rows from the map"
    for height in range(12, 60):
        assert legend_rows(MapStyle(ground=Ground.BASINS, model=True), 30, height) <= height // 4


def test_an_entry_longer_than_a_row_is_cut_between_words():
    entries = (LegendEntry("A", 1, "first"), LegendEntry("B", 1, "a very long sentence"), LegendEntry("C", 1, "last"))
    assert legend(entries, 14, 3, BRAILLE).text().split("\n") == ["A first", "B a very …", "C last"]
    assert legend(entries, 14, 2, BRAILLE).text().split("\n") == ["A first", "B a very …"]
    assert legend(entries[:2], 14, 2, BRAILLE).text().split("\n") == ["A first", "B a very …"]
    assert legend(entries[1:2], 3, 1, BRAILLE).text() == "…"


WORDS = st.lists(st.text("abcdefg", min_size=1, max_size=9), min_size=1, max_size=6).map(" ".join)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.lists(WORDS, max_size=8), st.integers(1, 60), st.integers(1, 4))
def test_a_legend_says_all_or_ends_in_one_ellipsis(texts, width, rows):
    text = legend(tuple(LegendEntry("#", 1, each) for each in texts), width, rows, BRAILLE).text()
    said = " ".join(text.split())
    whole = " ".join(f"# {each}" for each in texts)
    if said != whole:
        last = text.rstrip().split("\n")[-1]
        assert last.count("…") == 1
        assert last.endswith("…")
        # Nothing after what is left out, and nothing that was not to be said.
        parts = [part.strip() for part in said.split("…")]
        at = 0
        for part in parts:
            at = whole.index(part, at) + len(part)


def test_short_numbers_are_short():
    from curvtui.tui.drawing.numbers import short_number

    texts = {320.4: "320", 3.14159: "3.1", 0.00002: "2e−5", -0.07: "−0.07", 1e5: "1e5", 0.0: "0", 99999.0: "100000"}
    for value, text in texts.items():
        assert short_number(value, BRAILLE.glyphs, 2) == text
    assert short_number(math.inf, ASCII.glyphs, 2) == "inf"


def test_deep_in_a_zoom_levels_are_told_apart_by_their_distance_from_the_lowest():
    surface = open_surface("3 + x**2 + y**2")
    picture = draw_picture(Scene(surface, ((1.0, 1.0 + 1e-11), (2.0, 2.0 + 1e-11))), 90, 30, BRAILLE)
    texts = level_texts(picture.levels, BRAILLE)
    assert texts[0].startswith("8")
    assert all(text.startswith("+") and "e−1" in text for text in texts[1:])
    assert len(set(texts)) == len(texts)
    assert level_texts(Levels((), LevelMethod.LINEAR), BRAILLE) == []


@pytest.mark.parametrize("style", [PLAIN, MapStyle(camera=Camera())], ids=["map", "relief"])
@pytest.mark.parametrize("width", [50, 74, 110])
def test_deep_in_a_zoom_both_axes_say_what_their_labels_count_from(style, width):
    # The fourth minimum of Himmelblau's function; between labels there is no room for ten digits.
    x, y, side = 3.584428340330, -1.848126526964, 1e-10
    view = ((x - 1.3 * side, x + side), (y - 1.3 * side, y + side))
    text = draw_picture(Scene(open_surface("himmelblau"), view, style), width, 26, BRAILLE).cells.text()
    offsets = dict(re.findall(r"([xy]) ([−+] \d\.\d+)", text))
    signed = {name: -float(offset.replace("−", "-").replace(" ", "")) for name, offset in offsets.items()}
    assert signed["x"] == pytest.approx(x, abs=2 * side)
    assert signed["y"] == pytest.approx(y, abs=2 * side)
    assert re.search(r"−1(\.3)?e−10", text)


def test_the_vertical_axis_has_its_name_below_a_label_that_is_in_its_place():
    view = ((3.0 - 1.3e-9, 3.0 + 1e-9), (2.0 - 1.4e-9, 2.0 + 0.55e-9))
    for height in range(12, 40):
        text = draw_picture(Scene(open_surface("himmelblau"), view), 74, height, BRAILLE).cells.text()
        assert "y − 2" in text
        assert "x − 3" in text
