import math

import numpy as np
import pytest

from curvtui.tui.drawing.bands import compose, lines_alone, map_colours, value_bands
from curvtui.tui.drawing.cells import DEFAULT, ColourDepth, to_strips
from curvtui.tui.drawing.glyphs import ASCII, BRAILLE
from curvtui.tui.drawing.palette import lightness, pack
from curvtui.tui.drawing.plots import contour_map
from curvtui.tui.drawing.ramps import ramp_colours
from curvtui.tui.themes import load_theme, theme_names

SQUARE = ((-2.0, 2.0), (-2.0, 2.0))


def test_values_fall_into_the_band_between_their_levels():
    values = np.array([[-math.inf, -1.0, 0.0, 0.5], [1.0, 7.0, math.inf, math.nan]])
    bands = value_bands(values, [0.0, 1.0], np.array([10, 20, 30]))
    assert bands.bg.tolist() == [[10, 10, 20, 20], [30, 30, 30, DEFAULT]]
    assert bands.undefined.tolist() == [[False] * 4, [False, False, False, True]]


def test_no_levels_are_one_band():
    assert (value_bands(np.zeros((2, 3)), [], np.array([5])).bg == 5).all()


def test_undefined_cells_are_hatched_even_without_colour():
    frame = contour_map([], SQUARE, 40, 14, [], glyphs=ASCII)
    xs, ys = frame.viewport.centres()
    values = np.where(xs < 0, np.nan, xs)[None, :] + 0 * ys[:, None]
    cells = compose(frame, value_bands(values, [-1.0, 0.0], np.array([1, 2, 3])), ASCII)
    area = cells.chars[frame.top : frame.top + frame.viewport.rows, frame.left :]
    assert ((area == "%") == (xs < 0)[None, :]).all()
    assert "%%%" in "".join(segment.text for segment in to_strips(cells, ColourDepth.NONE)[3])


def test_lines_lie_over_hatching_and_axes_keep_their_background():
    line = np.array([[-2.0, 0.1], [2.0, 0.1]])
    frame = contour_map([(0.0, [line])], SQUARE, 40, 14, [0xFF])
    undefined = np.full((frame.viewport.rows, frame.viewport.columns), math.nan)
    cells = compose(frame, value_bands(undefined, [], np.array([5])), BRAILLE)
    row = frame.top + frame.viewport.cell(0.0, 0.1)[1]
    assert BRAILLE.hatch not in cells.chars[row]
    assert (cells.chars[frame.top + 1, frame.left :] == BRAILLE.hatch).all()
    assert (cells.bg == DEFAULT).all()
    painted = compose(frame, value_bands(np.zeros_like(undefined), [], np.array([5])), BRAILLE)
    assert (painted.bg[:, : frame.left] == DEFAULT).all()
    assert (painted.bg[-2:] == DEFAULT).all()
    assert (frame.cells.bg == DEFAULT).all()


def test_bands_of_another_size_are_clipped():
    frame = contour_map([], SQUARE, 40, 14, [])
    for shape in ((3, 5), (99, 99), (0, 0)):
        cells = compose(frame, value_bands(np.zeros(shape), [], np.array([5])), BRAILLE)
        assert (cells.bg == 5).sum() == min(shape[0], frame.viewport.rows) * min(shape[1], frame.viewport.columns)


@pytest.mark.parametrize("depth", [ColourDepth.TRUECOLOR, ColourDepth.EIGHT_BIT, ColourDepth.STANDARD])
@pytest.mark.parametrize("name", theme_names())
def test_what_is_drawn_of_a_ramp_rises_in_lightness_at_every_depth(name, depth):
    theme = load_theme(name)
    few = depth is ColourDepth.STANDARD
    for levels in range(1, 17):
        drawn = map_colours(theme.map.ramp, levels, theme.ui.background, theme.map.band_strength, depth)
        alone = lines_alone(theme.map.ramp, levels, theme.ui.background, depth)
        apart = np.abs(lightness(alone.lines) - lightness(pack(theme.ui.background)))
        assert (apart > 0.23).all(), (name, levels, depth)
        for each in (alone.lines,) if few else (drawn.bands, alone.lines):
            # Sixteen colours have fewer lightnesses than there may be levels.
            assert (np.diff(lightness(each)) >= (0.0 if few else 1e-9)).all(), (name, levels, depth)
        assert few == (drawn.bands == DEFAULT).all()


def test_every_theme_parts_lines_from_bands_and_bands_from_each_other():
    for name in theme_names():
        theme = load_theme(name)
        for levels in (1, 8, 16):
            colours = map_colours(theme.map.ramp, levels, theme.ui.background, theme.map.band_strength)
            assert len(colours.lines) == levels
            assert len(colours.bands) == levels + 1
            assert (np.diff(lightness(colours.bands)) > 0).all(), name
            below, above = lightness(colours.bands[:-1]), lightness(colours.bands[1:])
            for ground in (below, above):
                assert (np.abs(lightness(colours.lines) - ground) > 0.15).all(), (name, levels)
    assert (ramp_colours(load_theme("dark").map.ramp, 3) >= 0).all()
