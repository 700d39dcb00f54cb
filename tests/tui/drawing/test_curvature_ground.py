"""Curvature grounds: each sign its colour and glyph, levels symmetric about 0, distinctions without colour."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from curvtui.engine.sampling.curvature_map import CurvatureMap, CurvatureSign, curvature_map, curvature_signs
from curvtui.engine.surface.presets import PRESETS
from curvtui.engine.surface.surface import Surface
from curvtui.tui.drawing.cells import DEFAULT, ColourDepth
from curvtui.tui.drawing.curvature_ground import curvature_ground
from curvtui.tui.drawing.curvature_levels import MEASURED, measured, round_levels
from curvtui.tui.drawing.look import Look
from curvtui.tui.drawing.palette import lightness, nearest_8bit, pack, to_oklab
from curvtui.tui.themes import load_theme, theme_names
from curvtui.tui.views import Ground

from .looks import ASCII, BRAILLE, LOOKS, NUMBERS

GROUNDS = (Ground.SIGNS, Ground.SMALLEST, Ground.LARGEST, Ground.CONDITION, Ground.SLOPE)
PEAKS = Surface.from_preset(PRESETS["peaks"])
XS, YS = np.linspace(-3, 3, 40), np.linspace(3, -3, 20)
REACH = np.linspace(-1, 1, 5)
FOUND = curvature_map(PEAKS, XS, YS)


def at_depth(depth, theme="dark", glyphs=BRAILLE.glyphs):
    return Look(load_theme(theme), glyphs, ColourDepth(depth))


@pytest.mark.parametrize("ground", [Ground.VALUES, Ground.BASINS])
def test_what_is_no_curvature_is_refused(ground):
    with pytest.raises(ValueError, match="no curvature map"):
        curvature_ground(ground, FOUND, BRAILLE)


@pytest.mark.parametrize("depth", ["truecolor", "256"])
def test_each_sign_has_a_background_of_its_own(depth):
    drawn = curvature_ground(Ground.SIGNS, FOUND, at_depth(depth))
    grounds = {
        kind: set(drawn.bands.bg[kind == FOUND.signs].tolist())
        for kind in (CurvatureSign.POSITIVE, CurvatureSign.INDEFINITE, CurvatureSign.NEGATIVE)
    }
    assert all(len(colours) == 1 for colours in grounds.values())
    shown = [colours.pop() for colours in grounds.values()]
    if depth == "256" and not (drawn.texture.chars != " ").any():
        shown = [nearest_8bit(colour) for colour in shown]
    assert len(set(shown)) == 3


@pytest.mark.parametrize("theme", theme_names())
@pytest.mark.parametrize("depth", ["truecolor", "256", "16", "none"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_bands_are_told_apart_by_colour_or_by_texture(ground, depth, theme):
    look = at_depth(depth, theme)
    drawn = curvature_ground(ground, FOUND, look)
    textured = bool((drawn.texture.chars != " ").any())
    if depth in ("16", "none"):
        assert textured
        assert set(drawn.bands.bg.ravel().tolist()) == {DEFAULT}
    if ground is Ground.SIGNS:
        parts = [kind == FOUND.signs for kind in np.unique(FOUND.signs)]
    else:
        edges = (-math.inf, *drawn.levels, math.inf)
        values = measured(ground, FOUND)
        parts = [(values >= low) & (values < high) for low, high in pairwise(edges)]
    parts = [part for part in parts if part.any()]
    if textured:
        marks = [set(drawn.texture.chars[part].tolist()) - {" "} for part in parts]
        assert all(len(mark) <= 1 for mark in marks)
        seen = [next(iter(mark)) for mark in marks if mark]
        assert len(seen) == len(set(seen)) > 1
    else:
        colours = [set(drawn.bands.bg[part].tolist()) for part in parts]
        assert all(len(colour) == 1 for colour in colours)
        lab = to_oklab([colour.pop() for colour in colours])
        apart = np.sqrt(((lab[:, None] - lab[None]) ** 2).sum(axis=-1)) + np.eye(len(lab))
        assert apart.min() > 0.02


@pytest.mark.parametrize("ground", [Ground.SMALLEST, Ground.LARGEST])
def test_diverging_levels_are_symmetric_about_an_exact_zero(ground):
    drawn = curvature_ground(ground, FOUND, BRAILLE)
    assert 0.0 in drawn.levels
    assert list(drawn.levels) == sorted(drawn.levels)
    values = measured(ground, FOUND)
    for level in drawn.levels:
        assert -level in drawn.levels or not values.min() < -level < values.max()
    assert sum(level > 0 for level in drawn.levels) <= 4
    # No band holds both signs: what curves down has another hue than what curves up.
    down, up = set(drawn.bands.bg[values < 0].tolist()), set(drawn.bands.bg[values > 0].tolist())
    assert not down & up


@pytest.mark.parametrize("ground", [Ground.SIGNS, Ground.SMALLEST, Ground.LARGEST])
def test_the_drawn_line_is_where_an_eigenvalue_vanishes(ground):
    drawn = curvature_ground(ground, FOUND, BRAILLE)
    lines = dict(drawn.lines)[0.0]
    assert lines
    ink = drawn.inks[[level for level, _ in drawn.lines].index(0.0)]
    assert ink == pack(BRAILLE.theme.ui.foreground)
    for line in lines:
        for x, y in line[:: max(1, len(line) // 7)].tolist():
            # Within a cell of the grid the eigenvalue has either sign.
            around = np.stack(np.meshgrid(x + REACH * 0.16, y + REACH * 0.32), axis=-1)
            low, high = np.moveaxis(np.linalg.eigvalsh(PEAKS.hessian(around)), -1, 0)
            both = {Ground.SIGNS: low * high, Ground.SMALLEST: low, Ground.LARGEST: high}[ground]
            assert both.min() < 0 < both.max()


def test_one_signed_eigenvalues_have_no_line_and_one_hue():
    found = curvature_map(Surface.from_formula("x**2*(1 + x**2) + 5*y**2"), XS, YS)
    drawn = curvature_ground(Ground.SMALLEST, found, BRAILLE)
    assert not dict(drawn.lines).get(0.0)
    assert min(drawn.levels, default=1) > 0
    assert [entry.text for entry in drawn.legend] == ["λ_min > 0"]
    dome = curvature_map(Surface.from_formula("-x**2*(1 + x**2) - 5*y**2"), XS, YS)
    assert [e.text for e in curvature_ground(Ground.LARGEST, dome, BRAILLE).legend] == ["λ_max < 0"]


@pytest.mark.parametrize("ground", [Ground.CONDITION, Ground.SLOPE])
def test_sequential_bands_part_the_values_at_round_levels(ground):
    drawn = curvature_ground(ground, FOUND, BRAILLE)
    assert 3 <= len(drawn.levels) <= 8
    assert len(drawn.texts) == len(set(drawn.texts)) == len(drawn.levels)
    assert len(drawn.colours.bands) == len(drawn.levels) + 1 == len(drawn.colours.lines) + 1
    values = measured(ground, FOUND)
    band = np.searchsorted(drawn.levels, values, side="right")
    assert (drawn.bands.bg == drawn.colours.bands[band]).all()


@pytest.mark.parametrize("ground", MEASURED)
def test_a_grounds_own_lines_part_its_bands(ground):
    # Traced on a grid of their own, they must run where the bands of the cells meet: between two cells of
    # different bands the line of a level between their values.
    xs, ys = np.linspace(-3, 3, 161), np.linspace(-3, 3, 121)
    fine = curvature_map(PEAKS, xs, ys)
    drawn = curvature_ground(ground, FOUND, BRAILLE, fine)
    assert [level for level, _ in drawn.lines] == list(drawn.levels)
    assert len(drawn.inks) == len(drawn.levels) == len(drawn.colours.lines)
    values, wide, high = measured(ground, FOUND), XS[1] - XS[0], YS[0] - YS[1]
    missed = crossed = 0
    for level, lines in drawn.lines:
        points = np.concatenate(lines)
        rows, columns = np.nonzero((values[:, 1:] >= level) != (values[:, :-1] >= level))
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            near = (np.abs(points[:, 0] - XS[column] - wide / 2) <= 0.55 * wide) & (
                np.abs(points[:, 1] - YS[row]) <= 0.1 * high + 0.05
            )
            crossed += 1
            missed += not near.any()
    assert crossed > 100
    # κ has ridges sharper than the grid, where an eigenvalue passes through 0.
    assert missed <= (0.1 if ground is Ground.CONDITION else 0.0) * crossed


@pytest.mark.parametrize("theme", theme_names())
@pytest.mark.parametrize("ground", MEASURED)
def test_a_grounds_own_lines_stand_out_from_both_bands(ground, theme):
    drawn = curvature_ground(ground, FOUND, at_depth("truecolor", theme))
    for k, level in enumerate(drawn.levels):
        for band in drawn.colours.bands[k : k + 2]:
            apart = float(lightness(drawn.inks[k : k + 1])[0] - lightness(np.array([band]))[0])
            assert abs(apart) > (0.15 if level else 0.1), (level, apart)


def test_more_levels_are_more_bands():
    counts = [len(curvature_ground(Ground.SLOPE, FOUND, BRAILLE, count=count).levels) for count in (8, 12, 16)]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_shares_are_written_in_the_legend():
    drawn = curvature_ground(Ground.SIGNS, FOUND, BRAILLE)
    shares = [int(entry.text.split()[-2]) for entry in drawn.legend if entry.text.endswith("%")]
    assert abs(sum(shares) - 100) <= 2
    assert {entry.text.split()[0] for entry in drawn.legend} >= {"convex", "saddle-like", "concave"}


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("depth", ["truecolor", "none"])
def test_undefined_regions_are_marked_and_ascii_is_ascii(ground, depth):
    barrier = curvature_map(Surface.from_preset(PRESETS["log_barrier"]), np.linspace(-1, 3, 30), np.linspace(3, -1, 12))
    drawn = curvature_ground(ground, barrier, at_depth(depth, glyphs=ASCII.glyphs))
    assert (drawn.bands.undefined == (barrier.signs == CurvatureSign.UNDEFINED)).all()
    assert (drawn.texture.chars[drawn.bands.undefined] == " ").all()
    written = "".join(drawn.texture.chars.ravel().tolist()) + "".join(e.glyph + e.text for e in drawn.legend)
    assert (written + "".join(drawn.texts)).isascii()


@settings(max_examples=150, deadline=None, derandomize=True)
@given(arrays(np.float64, st.integers(0, 40), elements=st.floats(allow_nan=True)), st.integers(0, 9))
def test_round_levels_are_few_ascending_and_inside(values, most):
    levels = round_levels(np.abs(values), most)
    assert len(levels) <= most
    assert list(levels) == sorted(set(levels))
    usable = np.abs(values[np.isfinite(values) & (values != 0)])
    if levels:
        assert usable.min() < levels[0] <= levels[-1] < usable.max()


def test_round_levels_by_hand():
    assert round_levels(np.geomspace(1e-3, 1e3, 100), 8) == (0.01, 0.1, 1.0, 10.0, 100.0)
    assert round_levels(np.geomspace(0.9, 11.0, 1000), 4) == (1.0, 2.0, 5.0, 10.0)
    assert round_levels(np.geomspace(0.9, 11.0, 1000), 3) == (1.0, 3.0, 10.0)
    assert round_levels(np.full(5, 3.0), 8) == ()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    arrays(np.float64, (3, 5), elements=st.sampled_from(NUMBERS)),
    arrays(np.float64, (3, 5), elements=st.sampled_from(NUMBERS)),
    st.sampled_from(GROUNDS),
    st.sampled_from(list(LOOKS.values())),
)
def test_any_numbers(first, second, ground, look):
    low, high = np.minimum(first, second), np.maximum(first, second)
    axes = np.arange(5.0), np.arange(3.0)[::-1]
    found = CurvatureMap(axes, low, high, np.abs(high), np.abs(low), curvature_signs(low, high))
    drawn = curvature_ground(ground, found, look)
    assert drawn.bands.bg.shape == drawn.texture.chars.shape == (3, 5)
    assert all(math.isfinite(level) for level in drawn.levels)
