"""The local model over a picture: letters where steps end, contours that touch, numbers in the legend."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.curvature.local_model import StepKind, local_model
from curvtui.engine.surface.surface import Surface
from curvtui.tui.drawing.model_layer import CONIC_SHARE, ModelData, model_layer, model_legend, step_letter
from curvtui.tui.drawing.palette import pack
from curvtui.tui.drawing.viewport import Viewport

from .looks import ASCII, BRAILLE, LOOKS, NUMBERS, THEME

VIEW = Viewport(-2.0, 2.0, -2.0, 2.0, 60, 30)
BOWL = Surface.from_formula("x**2 + 4*y**2")


def data_of(surface, at, rate=0.1, levels=(0.5, 1.0, 2.0, 4.0)):
    return ModelData(local_model(surface, np.array(at), rate), levels)


def where(layer, character):
    rows, columns = np.nonzero(layer.chars == character)
    return list(zip(columns.tolist(), rows.tolist(), strict=True))


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_the_steps_letters_stand_at_their_ends(look):
    data = data_of(BOWL, (1.5, 1.0))
    layer = model_layer(VIEW, data, look)
    for kind in StepKind:
        end = data.local.model.point + data.local.step(kind).displacement
        assert VIEW.cell(*end.tolist()) in where(layer, step_letter(kind, look.glyphs))
    ((column, row),) = where(layer, "N")
    assert layer.fg[row, column] == pack(THEME.map.newton)


def test_letters_tell_the_steps_apart():
    for look in LOOKS.values():
        assert len({step_letter(kind, look.glyphs) for kind in StepKind}) == len(StepKind)


def test_axes_and_conic_are_as_long_as_the_curvature_says():
    # λ 2 and 8: the axis along x is twice as long, and has the share of the view that is meant.
    layer = model_layer(VIEW, data_of(BOWL, (0.0, 0.0), levels=()), BRAILLE)
    a, b = where(layer, "a"), where(layer, "b")
    assert {row for _, row in a} == {15}
    assert {column for column, _ in b} == {30}
    half = (max(column for column, _ in a) - min(column for column, _ in a)) / 2
    assert half == pytest.approx(CONIC_SHARE * 60, abs=1)
    # A row is two columns high.
    assert max(row for _, row in b) - min(row for _, row in b) == pytest.approx(half / 2, abs=1)
    inks = set(layer.fg[layer.chars != " "].tolist())
    assert inks == {pack(THEME.map.minimum)}


def test_a_saddle_has_both_colours():
    layer = model_layer(VIEW, data_of(Surface.from_formula("x**2 - y**2"), (0.0, 0.0), levels=()), BRAILLE)
    assert set(layer.fg[layer.chars != " "].tolist()) == {pack(THEME.map.minimum), pack(THEME.map.maximum)}


def test_the_contours_of_a_quadratic_are_its_own_level_lines():
    surface = Surface.from_formula("x**2 + y**2")
    layer = model_layer(VIEW, data_of(surface, (0.0, 1.9), rate=None, levels=(1.0,)), BRAILLE)
    rows, columns = np.nonzero(layer.fg == pack(THEME.map.momentum))
    assert len(rows) > 30
    xs, ys = VIEW.centres()
    radii = np.hypot(xs[columns], ys[rows])
    assert np.abs(radii - 1).max() < 0.12


def test_levels_far_from_the_points_value_are_left_out():
    levels = tuple(float(level) for level in range(1, 16))
    surface = Surface.from_formula("x**2 + y**2")
    few = model_layer(VIEW, data_of(surface, (0.5, 0.0), None, levels), BRAILLE)
    xs, ys = VIEW.centres()
    rows, columns = np.nonzero(few.fg == pack(THEME.map.momentum))
    radii = np.hypot(xs[columns], ys[rows])
    # f is 0.25 there: the levels 1 and 2 are the nearest above.
    assert radii.max() < math.sqrt(2) + 0.1


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_the_legend_tells_the_models_error(look):
    legend = model_legend(data_of(Surface.from_formula("x**4 + y**2"), (1.0, 0.0)), look)
    texts = {entry.glyph: entry.text for entry in legend}
    # Newton's step is −1/3 in x: −2/3 foretold, 16/81 − 1 happens.
    assert f"{look.glyphs.minus}0.67" in texts["N"]
    assert f"{-1 + 16 / 81 + 2 / 3:.2g}".replace("-", look.glyphs.minus) in texts["N"]
    assert "20 %" in texts["N"]
    assert "up" in texts["a"]
    if look is ASCII:
        assert all((entry.glyph + entry.text).isascii() for entry in legend)


def test_data_of_one_model_and_the_same_levels_are_equal():
    local = local_model(BOWL, np.array((1.0, 1.0)))
    assert ModelData(local, (1.0,)) == ModelData(local, (1.0,))
    assert ModelData(local, (1.0,)) != ModelData(local, (2.0,))
    assert ModelData(local, (1.0,)) != ModelData(local_model(BOWL, np.array((1.0, 2.0))), (1.0,))


def test_where_f_is_undefined_there_is_no_model():
    data = data_of(Surface.from_formula("log(x) + y"), (-1.0, 0.0))
    assert (model_layer(VIEW, data, BRAILLE).chars == " ").all()
    (entry,) = model_legend(data, BRAILLE)
    assert "undefined" in entry.text


def test_the_curves_tangent_and_parabola():
    view = Viewport(-2.0, 2.0, -1.0, 3.0, 60, 30)
    surface = Surface.from_formula("x**4")
    layer = model_layer(view, data_of(surface, (1.0,), levels=()), BRAILLE)
    xs, ys = view.centres()
    for colour, curve in (
        (THEME.map.momentum, lambda x: 1 + 4 * (x - 1) + 6 * (x - 1) ** 2),
        (THEME.map.gradient, lambda x: 4 * x - 3),
    ):
        rows, columns = np.nonzero((layer.fg == pack(colour)) & (layer.chars != " "))
        assert len(rows) > 10
        low, high = curve(xs[columns] - 1 / 30), curve(xs[columns] + 1 / 30)
        near = np.minimum(np.abs(ys[rows] - low), np.abs(ys[rows] - high)) < 0.5
        assert near.mean() > 0.9
    texts = [entry.text for entry in model_legend(data_of(surface, (1.0,)), BRAILLE)]
    radius = (1 + 16) ** 1.5 / 12
    assert any(f"{radius:.3g}" in text for text in texts)


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize(("columns", "rows"), [(1, 1), (2, 1), (1, 9), (7, 4), (200, 2)])
def test_any_size(look, columns, rows):
    view = Viewport(-2.0, 2.0, -2.0, 2.0, columns, rows)
    for at in ((0.0, 0.0), (1.9, -1.9), (50.0, 50.0)):
        layer = model_layer(view, data_of(BOWL, at), look)
        assert layer.chars.shape == layer.fg.shape == (rows, columns)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.tuples(*[st.sampled_from(NUMBERS)] * 5), st.sampled_from(list(LOOKS.values())))
def test_any_numbers(numbers, look):
    class Wild:
        """A surface of one quadratic with any coefficients, finite or not."""

        def value(self, x):
            return np.full(np.shape(x)[:-1], numbers[0])

        def gradient(self, x):
            return np.array([numbers[1], numbers[2]])

        def hessian(self, x):
            return np.array([[numbers[3], numbers[4]], [numbers[4], numbers[1]]])

    data = ModelData(local_model(Wild(), np.array([0.5, 0.5]), 0.1), (0.0, 1.0))
    model_layer(VIEW, data, look)
    model_legend(data, look)
