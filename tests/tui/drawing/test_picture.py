import math
from itertools import pairwise

import numpy as np
import pytest

from curvtui.engine.sampling.levels import LevelMethod
from curvtui.engine.surface.surface import Surface, open_surface
from curvtui.tui.drawing.drawn import draw_picture
from curvtui.tui.drawing.picture import Scene
from curvtui.tui.views import Ground, MapStyle

from .looks import ASCII, BRAILLE, LOOKS, SIZES, sound

every = pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)


def picture_of(surface, width=60, height=24, look=BRAILLE, complete=True, **options):
    opened = open_surface(surface) if isinstance(surface, str) else surface
    picture = draw_picture(Scene(opened, options.pop("view", opened.box), **options), width, height, look, complete)
    sound(picture.cells, width, height, look)
    return picture


def plot_area(picture, array):
    view = picture.viewport
    return array[picture.top : picture.top + view.rows, picture.left : picture.left + view.columns]


def test_the_view_is_what_is_shown():
    view = ((-1.0, 0.5), (0.25, 1.75))
    picture = picture_of("quartic", view=view)
    port = picture.viewport
    assert ((port.x0, port.x1), (port.y0, port.y1)) == view
    assert 40 < port.columns < 60
    assert 18 < port.rows < 24
    assert picture.complete


@every
def test_the_running_example_shows_both_valleys_and_the_pass(look):
    picture = picture_of("quartic", 75, 32, look, through=(1.0,))
    view = picture.viewport
    assert any(level == pytest.approx(1.0, abs=1e-12) for level in picture.levels.values)
    assert 8 <= len(picture.levels.values) <= 16
    bands = plot_area(picture, picture.cells.bg)

    def band(x, y):
        column, row = view.cell(x, y)
        return int(bands[row, column])

    assert band(1, 1) == band(-1, -1) != band(1.9, -1.9)
    assert band(1, 1) != band(0.01, -0.01)
    column, row = view.cell(0.0, 0.0)
    lines = plot_area(picture, picture.cells.chars) != " "
    assert lines[row - 1 : row + 2, column - 1 : column + 2].any(), "the level through the saddle crosses there"


def test_values_outside_the_domain_are_hatched():
    for look in LOOKS.values():
        picture = picture_of("log(x) + 0*y", 60, 20, look, view=((-2.0, 2.0), (-1.0, 1.0)))
        chars = plot_area(picture, picture.cells.chars)
        half = picture.viewport.columns // 2
        assert (chars[:, : half - 1] == look.glyphs.hatch).all()
        assert not (chars[:, half + 1 :] == look.glyphs.hatch).any()


def test_the_first_picture_has_the_bands_already_and_does_without_plotext(monkeypatch):
    whole = picture_of("himmelblau")
    monkeypatch.setattr("curvtui.tui.drawing.map_picture.contour_map", None)
    draft = picture_of("himmelblau", complete=False)
    assert not draft.complete
    assert (draft.viewport, draft.left, draft.top, draft.levels) == (
        whole.viewport,
        whole.left,
        whole.top,
        whole.levels,
    )
    assert np.array_equal(plot_area(draft, draft.cells.bg), plot_area(whole, whole.cells.bg))
    axes = whole.cells.chars.copy()
    plot_area(whole, axes)[:] = " "
    assert (axes != " ").any()
    around = draft.cells.chars.copy()
    plot_area(draft, around)[:] = " "
    assert not (around[:, : draft.left] != " ").any()
    assert not (around[-2:, : draft.left + draft.viewport.columns] != " ").any()


def test_a_curve_is_as_high_as_its_values():
    picture = picture_of("parabola", 60, 20)
    view = picture.viewport
    assert (view.x0, view.x1) == (-10, 10)
    assert view.y0 < 0 < 100 < view.y1
    assert view.y1 - view.y0 < 130
    chars = plot_area(picture, picture.cells.chars) != " "
    for x in (-8.0, -3.0, 0.0, 5.0):
        column, row = view.cell(x, x * x)
        assert chars[max(0, row - 1) : row + 2, column].any()
    assert not chars[: view.rows // 3, view.columns // 2].any(), "above the vertex there is nothing"


def test_axes_carry_the_variables_names():
    assert "w1" in picture_of("neuron").cells.text()
    assert "w2" in picture_of("neuron").cells.text()
    assert "t" in picture_of("t**2").cells.text()


@pytest.mark.parametrize("method", LevelMethod)
def test_levels_can_be_placed_in_every_way(method):
    levels = picture_of("rosenbrock", style=MapStyle(method=method)).levels.values
    assert 8 <= len(levels) <= 16
    assert all(low < high for low, high in pairwise(levels))


@every
@pytest.mark.parametrize("complete", [False, True])
def test_pictures_are_drawn_at_every_size(look, complete):
    for surface in ("quartic", "parabola"):
        for width, height in SIZES:
            if width and height:
                picture_of(surface, width, height, look, complete)


HARD = [
    "0*x + 0*y", "1e300*(x**2 + y**2)", "1e-300*(x**2 + y**2)", "exp(1000*x) + y", "1/(x*y)", "log(-1 - x**2 - y**2)",
    "x/(x*y - x*y)", "1e308*x*y", "sign(x) + floor(y)", "x**201*y**201", "0*x", "1e308*x", "1/x", "log(-1 - x**2)",
    "exp(1e3*x)", "tan(x)",
]  # fmt: skip


@every
@pytest.mark.parametrize("formula", HARD)
def test_hard_surfaces_are_drawn(look, formula):
    picture_of(formula, 50, 16, look)
    picture_of(formula, 8, 4, look)


@pytest.mark.parametrize(
    "side", [(1.0, 1.0 + 1e-12), (-1e150, 1e150), (1e149, 1e150), (-1e-150, 1e-150), (1e8, 1e8 + 1)]
)
def test_any_view_is_drawn(side):
    for formula in ("x**2 + y**2", "x*y", "sin(x) + y"):
        picture_of(Surface.from_formula(formula), view=(side, side), look=ASCII)
    for formula in ("x**2", "sin(x)"):
        picture = picture_of(Surface.from_formula(formula), view=(side,), look=ASCII)
        assert math.isfinite(picture.viewport.height)


def test_the_same_scene_is_drawn_alike():
    one, two = (picture_of("peaks") for _ in range(2))
    for mine, other in zip(one.cells._arrays(), two.cells._arrays(), strict=True):
        assert np.array_equal(mine, other)


@pytest.mark.parametrize("ground", [Ground.VALUES, Ground.CONDITION, Ground.SIGNS])
def test_a_map_samples_its_ground_once_at_the_cells_and_once_for_its_lines(ground, monkeypatch):
    asked = []

    def counted(method):
        original = getattr(Surface, method)

        def sampling(self, points):
            answer = original(self, points)
            asked.append((method, answer.shape))
            return answer

        monkeypatch.setattr(Surface, method, sampling)

    counted("grid")
    counted("hessian")
    surface = open_surface("himmelblau")
    picture = draw_picture(Scene(surface, surface.box, MapStyle(ground=ground)), 90, 30, BRAILLE)
    cells = picture.viewport.rows, picture.viewport.columns
    method = "grid" if ground is Ground.VALUES else "hessian"
    shapes = [shape[:2] for name, shape in asked if name == method]
    assert len(shapes) == 2
    assert shapes.count(cells) == 1
    assert min(next(shape for shape in shapes if shape != cells)) > 60
