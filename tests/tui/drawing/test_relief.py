import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.sampling.levels import LevelMethod
from curvtui.engine.surface.surface import Surface, open_surface
from curvtui.tui.drawing.cells import DEFAULT, ColourDepth
from curvtui.tui.drawing.horizon import sight
from curvtui.tui.drawing.look import Look
from curvtui.tui.drawing.overlay import MARK_KINDS, Marks, Trail
from curvtui.tui.drawing.palette import pack
from curvtui.tui.drawing.projection import TALL, projection
from curvtui.tui.drawing.relief import draw_relief
from curvtui.tui.drawing.relief_marks import lay_over_relief, stand
from curvtui.tui.drawing.step_marks import Arrow, StepMarks
from curvtui.tui.drawing.terrain import terrain, terrain_of
from curvtui.tui.drawing.wires import mesh
from curvtui.tui.views import Camera

from .looks import ASCII, BLOCK, BRAILLE, LOOKS, NUMBERS, SIZES, THEME, sound

SQUARE = ((-1.0, 1.0), (-1.0, 1.0))
every = pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
CAMERAS = [Camera(0, 0), Camera(305, 35), Camera(90, 90), Camera(200, 10), Camera(45, 60)]


def land_of(formula, view=((-2.0, 2.0), (-2.0, 2.0)), **options):
    surface = open_surface(formula) if formula.isidentifier() else Surface.from_formula(formula)
    return terrain(surface, view, **options)


def hills(seed, holes=False, n=121):
    """A terrain of a few waves, on request with holes in it."""
    rng = np.random.default_rng(seed)
    x, y = np.meshgrid(*[np.linspace(-1, 1, n)] * 2)
    waves = sum(
        rng.normal() * np.sin(a * x + b * y + c)
        for a, b, c in zip(rng.uniform(-7, 7, 4), rng.uniform(-7, 7, 4), rng.uniform(0, 6, 4), strict=True)
    )
    if holes:
        waves[np.hypot(x - rng.uniform(-0.6, 0.6), y - rng.uniform(-0.6, 0.6)) < 0.35] = np.nan
    return terrain_of(waves, SQUARE, method=LevelMethod.LINEAR)


def bilinear(land, u, v):
    """The terrain's height by the textbook's formula, NaN beside it."""
    m = land.pieces
    inside = (np.abs(u) <= 1) & (np.abs(v) <= 1)
    a, b = (np.where(inside, u, 0) + 1) * m / 2, (np.where(inside, v, 0) + 1) * m / 2
    i, j = np.minimum(a.astype(int), m - 1), np.minimum(b.astype(int), m - 1)
    a, b, h = a - i, b - j, land.heights
    height = (
        (1 - a) * (1 - b) * h[j, i] + a * (1 - b) * h[j, i + 1] + (1 - a) * b * h[j + 1, i] + a * b * h[j + 1, i + 1]
    )
    return np.where(inside, height, np.nan)


def axes_of(camera):
    """The three directions of the screen in space, from the definition of azimuth and elevation."""
    a, e = math.radians(camera.azimuth), math.radians(camera.elevation)
    toward = np.array([math.cos(e) * math.cos(a), math.cos(e) * math.sin(a), math.sin(e)])
    right = np.array([-math.sin(a), math.cos(a), 0.0])
    return right, np.cross(toward, right), toward


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("holes", [False, True])
def test_each_dot_shows_what_its_ray_meets_first(seed, holes):
    land = hills(seed, holes)
    camera = [Camera(305, 35), Camera(77, 12), Camera(180, 55), Camera(0, 80), Camera(222, 4), Camera(131, 25)][seed]
    screen = projection(camera, SQUARE, land.scale, 22, 11)
    seen = sight(land, screen)
    right, up, toward = axes_of(camera)
    rows, columns = seen.covered.shape
    x = (np.arange(columns) + 0.5 + screen.viewport.x0 - screen.middle[0]) / screen.scale
    y = (screen.viewport.y1 - np.arange(rows) - 0.5 - screen.middle[1]) / screen.scale
    origin = y[:, None, None] * up + x[None, :, None] * right
    depths = np.linspace(-2.6, 2.6, 1800)
    truth = np.full(seen.covered.shape, np.inf)
    below = np.zeros(seen.covered.shape, dtype=bool)
    for row in range(rows):
        points = origin[row][:, None, :] - depths[None, :, None] * toward
        gap = points[..., 2] / TALL - bilinear(land, points[..., 0], points[..., 1])
        crossed = np.sign(gap[:, 1:]) * np.sign(gap[:, :-1]) <= 0
        first = np.argmax(crossed, axis=1)
        met = crossed.any(axis=1)
        truth[row, met] = depths[first[met]]
        below[row, met] = gap[np.arange(columns), first][met] < 0
    both = seen.covered & np.isfinite(truth)
    # Dots whose ray grazes a crest, or ends at the rim, may fall either way.
    assert (seen.covered == np.isfinite(truth)).mean() > 0.98
    assert both.sum() > 200
    assert (np.abs(seen.depth[both] - truth[both]) < 0.02).mean() > 0.97
    assert (seen.under == below)[both].mean() > 0.97


@pytest.mark.parametrize("seed", range(4))
def test_marks_are_seen_where_nothing_is_before_them(seed):
    land = hills(seed)
    camera = [Camera(305, 35), Camera(77, 12), Camera(180, 50), Camera(20, 25)][seed]
    relief = draw_relief(land, camera, 70, 35, BRAILLE)
    points = np.random.default_rng(seed).uniform(-0.98, 0.98, (400, 2))
    places = stand(relief, points)
    toward = axes_of(camera)[2]
    steps = np.linspace(0.0, 3.0, 1500)[1:]
    line = points[:, None, :] + steps[:, None] * toward[:2]
    gap = (bilinear(land, *points.T)[:, None] + steps * toward[2] / TALL) - bilinear(land, line[..., 0], line[..., 1])
    gap = np.nan_to_num(gap, nan=0.0)
    # Clearly hidden: the terrain passes well from one side of the ray to the other.
    hidden = (gap.max(axis=1) > 0.03) & (gap.min(axis=1) < -0.03)
    free = (gap[:, 5:] >= 0).all(axis=1) | (gap[:, 5:] <= 0).all(axis=1)
    assert hidden.sum() > 10
    assert free.sum() > 100
    assert places.seen[free].mean() > 0.97
    assert places.seen[hidden].mean() < 0.06


@pytest.mark.parametrize("seed", range(4))
def test_wires_are_drawn_where_nothing_is_before_them_and_nowhere_else(seed):
    land = hills(seed)
    camera = [Camera(305, 35), Camera(77, 18), Camera(180, 50), Camera(20, 25)][seed]
    screen = projection(camera, SQUARE, land.scale, 70, 35)
    wires = mesh(land, screen, sight(land, screen), 8)
    nodes = np.linspace(-1, 1, 121)
    # Points on the wires, off the crossings and off the rim; a ray from each to the viewer.
    i, j = (part.ravel() for part in np.meshgrid(np.arange(8, 113, 8), np.arange(4, 117, 8)))
    h, u, v = land.heights[j, i], nodes[i], nodes[j]
    i, j, h, u, v = (part[np.isfinite(h)] for part in (i, j, h, u, v))
    toward = axes_of(camera)[2]
    steps = np.linspace(0.0, 3.0, 1200)[1:]
    x, y = u[:, None] + steps * toward[0], v[:, None] + steps * toward[1]
    gap = np.nan_to_num(h[:, None] + steps * toward[2] / TALL - bilinear(land, x, y), nan=0.0)
    hidden = (gap.max(axis=1) > 0.04) & (gap.min(axis=1) < -0.04)
    free = (gap[:, 8:] >= 0).all(axis=1) | (gap[:, 8:] <= 0).all(axis=1)
    places, view = screen.place(u, v, h), screen.viewport
    columns, rows = np.floor(places.x - view.x0), np.floor(view.y1 - places.y)
    drawn = np.stack((wires.columns, wires.rows, 400 * wires.tag))[:, wires.seen].T
    # Of the wires' dots the nearest in place and in height: another wire may be drawn at the same dot.
    mine = np.stack((columns, rows, 400 * h)).T
    nearest = np.array([np.abs(drawn - one).max(axis=1).min() for one in mine])
    assert hidden.sum() > 10
    assert free.sum() > 60
    assert (nearest[free] <= 2).mean() > 0.97
    assert (nearest[hidden] <= 1).mean() < 0.04


def test_a_cell_knows_its_point_of_the_world():
    relief = draw_relief(land_of("himmelblau"), Camera(305, 40), 70, 35, BRAILLE)
    places = stand(relief, np.random.default_rng(1).uniform(-1.8, 1.8, (60, 2)))
    found = 0
    for x, y in zip(places.x[places.seen], places.y[places.seen], strict=True):
        cell = relief.viewport.cell(x, y)
        point = relief.point_at(*cell)
        assert point is not None
        back = stand(relief, np.array([point]))
        found += relief.viewport.cell(float(back.x[0]), float(back.y[0])) == cell
    assert found > 0.9 * places.seen.sum() > 20
    assert relief.point_at(0, 0) is None
    assert relief.point_at(-1, 500) is None


@every
@pytest.mark.parametrize("depth", ColourDepth)
def test_every_size_and_depth_is_drawn(look, depth):
    look = Look(THEME, look.glyphs, depth)
    land = land_of("quartic")
    for width, height in SIZES:
        if width and height:
            for camera in CAMERAS[:2]:
                sound(draw_relief(land, camera, width, height, look).cells, width, height, look)


HARD = [
    "0*x + 0*y", "1e300*(x**2 + y**2)", "1e-300*(x**2 + y**2)", "exp(1000*x) + y", "1/(x*y)", "log(-1 - x**2 - y**2)",
    "x/(x*y - x*y)", "1e308*x*y", "sign(x) + floor(y)", "x**201*y**201", "1/x + 0*y", "tan(9*x*y)", "sqrt(x*y)",
    "log(x**2 + y**2)", "sin(1000*x*y)",
]  # fmt: skip


@every
@pytest.mark.parametrize("formula", HARD)
def test_hard_surfaces_are_drawn(look, formula):
    path = np.array([(a, b) for a in NUMBERS for b in (0.5, math.nan, -1.0)])
    marks = Marks((Trail(path, (), (0.5, 0.5)),), (1.0, -1.0), (-1.0, 0.0), (("minimum", 0.1, 0.1),))
    # How levels are placed has nothing to do with the glyphs.
    for method in (LevelMethod.AUTO, LevelMethod.LOG) if look is BRAILLE else (LevelMethod.AUTO,):
        land = land_of(formula, method=method)
        for camera in CAMERAS:
            relief = draw_relief(land, camera, 50, 16, look)
            sound(lay_over_relief(relief, marks, look), 50, 16, look)


@pytest.mark.parametrize("side", [(1.0, 1.0 + 1e-12), (-1e150, 1e150), (-1e-150, 1e-150), (1e8, 1e8 + 1)])
def test_any_view_is_drawn(side):
    for formula in ("x**2 + y**2", "x*y"):
        relief = draw_relief(land_of(formula, (side, side)), Camera(), 60, 20, ASCII)
        sound(lay_over_relief(relief, Marks(start=(side[0], side[1])), ASCII), 60, 20, ASCII)


values = st.sampled_from([*NUMBERS, 2.0, -7.0, 3e-5])


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(values, min_size=25, max_size=25), st.floats(-400, 400), st.floats(0, 90))
def test_any_values_are_drawn(numbers, azimuth, elevation):
    land = terrain_of(np.array(numbers).reshape(5, 5), SQUARE)
    for look in (BRAILLE, Look(THEME, ASCII.glyphs, ColourDepth.NONE)):
        sound(draw_relief(land, Camera(azimuth, elevation), 40, 16, look).cells, 40, 16, look)


def test_the_same_is_drawn_alike_and_a_full_turn_changes_nothing():
    land = land_of("peaks")
    one, two, turned = (draw_relief(land, Camera(a, 30), 60, 24, BRAILLE).cells for a in (40.0, 40.0, 400.0))
    for other in (two, turned):
        for mine, theirs in zip(one._arrays(), other._arrays(), strict=True):
            assert np.array_equal(mine, theirs)


def test_what_is_undefined_is_left_open():
    relief = draw_relief(land_of("log(x) + 0*y"), Camera(270, 90), 60, 30, BRAILLE)
    shown = relief.seen.u[relief.seen.covered]
    assert shown.min() > -0.02
    assert shown.max() > 0.98


def test_the_sides_of_a_pole_are_not_joined():
    land = land_of("1/x + 0*y")
    assert land.open_patches()[:, 59:61].all()
    assert not land.open_patches()[:, :50].any()


def test_faces_need_colours_and_lines_only_has_none():
    land = land_of("himmelblau")
    for depth, coloured in zip(ColourDepth, (True, True, False, False), strict=True):
        look = Look(THEME, BRAILLE.glyphs, depth)
        assert (draw_relief(land, Camera(), 60, 24, look).cells.bg != DEFAULT).any() == coloured
        assert not (draw_relief(land, Camera(), 60, 24, look, lines_only=True).cells.bg != DEFAULT).any()


def test_low_is_dark_and_high_is_light():
    relief = draw_relief(land_of("x + 0*y"), Camera(270, 90), 60, 30, BRAILLE)
    row = relief.cells.bg[15]
    lit = row[row != DEFAULT]
    brightness = [sum((int(c) >> shift) & 255 for shift in (0, 8, 16)) for c in lit]
    assert brightness[-1] > 2 * brightness[0]


def place_of(cells, glyph):
    rows, columns = np.nonzero(cells.chars == glyph)
    return list(zip(columns.tolist(), rows.tolist(), strict=True))


RIDGE = "exp(-8*x**2) + 0*y"


@every
def test_what_is_behind_a_ridge_is_grey_and_what_is_before_it_is_not(look):
    relief = draw_relief(land_of(RIDGE), Camera(0, 20), 60, 28, look)
    behind, before = (-0.7, 0.0), (1.5, 0.0)
    for point, colour in ((behind, THEME.ui.muted), (before, THEME.map.iterate)):
        cells = lay_over_relief(relief, Marks((Trail(np.empty((0, 2)), (), point),)), look)
        ((column, row),) = place_of(cells, look.glyphs.iterate)
        assert cells.fg[row, column] == pack(colour)
        place = stand(relief, np.array([point]))
        assert (column, row) == relief.viewport.cell(float(place.x[0]), float(place.y[0]))


def test_a_path_over_a_ridge_follows_the_terrain():
    relief = draw_relief(land_of(RIDGE), Camera(270, 20), 60, 28, BRAILLE, lines_only=True)
    path = np.array([(-1.5, 0.0), (1.5, 0.0)])
    cells = lay_over_relief(relief, Marks((Trail(path, ()),)), BRAILLE)
    ink = pack(THEME.map.path)
    top = np.nonzero((cells.fg == ink).any(axis=1))[0][0]
    crest = stand(relief, np.array([(0.0, 0.0)]))
    assert top == relief.viewport.cell(float(crest.x[0]), float(crest.y[0]))[1]


def test_without_colour_a_path_is_told_from_the_wires():
    look = Look(THEME, BLOCK.glyphs, ColourDepth.NONE)
    relief = draw_relief(land_of("x**2 + y**2"), Camera(305, 50), 60, 28, look)
    path = np.array([(-1.5, 0.0), (1.0, 0.5)])
    assert len(place_of(lay_over_relief(relief, Marks((Trail(path, ()),)), look), look.glyphs.bead)) > 10
    runners = tuple(Trail(path + k, (), None, k + 1, k) for k in range(2))
    chars = set(lay_over_relief(relief, Marks(runners), look).chars.ravel().tolist())
    assert {"1", "2"} <= chars


@every
def test_everything_that_can_lie_on_a_map_lies_on_a_relief(look):
    relief = draw_relief(land_of("0.1*(x**2 + y**2)"), Camera(305, 60), 90, 40, look)
    landmarks = tuple((kind, x, 1.5) for kind, x in zip(MARK_KINDS, (-1.5, -0.5, 0.5, 1.5), strict=True))
    step = StepMarks(
        (Arrow("step", (0.0, 0.0), (0.7, -0.7)),), ((0.5, 0.5, True),), (0.0, 0.0, 0.4), (-1.0, -1.0), (0.9, 0.2)
    )
    marks = Marks((), (-1.5, -1.5), (1.0, -1.5), landmarks, (((0.1, 0.3), (0.1, 0.3)),), step=step)
    cells = lay_over_relief(relief, marks, look)
    for name in (*MARK_KINDS, "start", "cursor", "bead"):
        assert place_of(cells, getattr(look.glyphs, name)), name
    assert place_of(cells, "t")
    assert pack(THEME.map.step) in cells.fg


def test_an_iterate_outside_the_view_is_pointed_at():
    relief = draw_relief(land_of("x**2 + y**2"), Camera(270, 35), 60, 28, BRAILLE)
    for point, arrow in (((9.0, 0.0), "→"), ((-9.0, 0.0), "←"), ((0.0, 9.0), "↑"), ((0.0, -9.0), "↓")):
        cells = lay_over_relief(relief, Marks((Trail(np.empty((0, 2)), (), point),)), BRAILLE)
        assert place_of(cells, arrow), arrow


def test_the_axes_say_what_they_show():
    text = draw_relief(land_of("neuron", ((-3.0, 5.0), (7.0, 9.0))), Camera(305, 35), 80, 36, BRAILLE).cells.text()
    for word in ("w1", "w2", "−3", "5", "7", "9", "f", "305°"):
        assert word in text
