import math
import time

import numpy as np
import pytest

from curvtui.tui.drawing.loss_page import LossData, loss_page, plotted
from curvtui.tui.drawing.palette import pack

from .looks import ASCII, BRAILLE, LOOKS, NUMBERS, SIZES, THEME, sound


def data_of(values, position=None, norms=None, floor=None, show_gradient=False):
    values = np.asarray(values, dtype=float)
    steps = np.arange(float(len(values)))
    norms = np.abs(values) if norms is None else np.asarray(norms, dtype=float)
    at = len(values) - 1 if position is None else position
    return LossData(steps, values, norms, (len(values),), at, floor, show_gradient)


DECAY = 10.0 ** -np.linspace(0, 4, 60)


@pytest.mark.parametrize(
    ("values", "floor", "title", "log", "first"),
    [
        ([4.0, 2.0, 1.0], None, "loss, log", True, 4.0),
        ([4.0, 0.0, 1.0], None, "loss", False, 4.0),
        ([4.0, 2.0, -1.0], None, "loss", False, 4.0),
        ([4.0, 2.0, 0.0], 0.0, "loss, log", True, 4.0),
        ([4.0, 2.0, -1.0], -1.0, "loss above the minimum, log", True, 5.0),
        ([4.0, 2.0, 1.0], 0.5, "loss above the minimum, log", True, 3.5),
        ([4.0, 2.0, 1.0], 1.5, "loss, log", True, 4.0),
        ([math.nan, math.nan], None, "loss", False, math.nan),
        ([math.inf, 1.0], None, "loss, log", True, math.inf),
        ([1e308, -1e308], -1e308, "loss above the minimum, log", True, math.inf),
    ],
)
def test_the_axis_suits_the_values(values, floor, title, log, first):
    shown = plotted(data_of(values, floor=floor))
    assert (shown.title, shown.log) == (title, log)
    assert shown.ys[0] == first or (math.isnan(shown.ys[0]) and math.isnan(first))


def test_the_gradients_norm_instead():
    shown = plotted(data_of([-1.0, -2.0], norms=[3.0, 0.0], floor=-5.0, show_gradient=True))
    assert (shown.title, shown.log, shown.ys.tolist()) == ("gradient norm, log", True, [3.0, 0.0])


def test_the_panel_names_what_it_shows():
    assert "loss, log" in loss_page(data_of(DECAY), 44, 10, BRAILLE).text()
    assert "gradient norm, log" in loss_page(data_of(DECAY, show_gradient=True), 44, 10, BRAILLE).text()
    assert "10⁻⁴" in loss_page(data_of(DECAY), 44, 12, BRAILLE).text()
    assert "1e-4" in loss_page(data_of(DECAY), 44, 12, ASCII).text()


def lit(cells, colour):
    """The columns in which a colour draws something."""
    drawn = (cells.fg == pack(colour)) & (cells.chars != " ")
    return np.flatnonzero(drawn.any(axis=0))


def test_what_was_stepped_back_over_is_pale():
    colours = THEME.curves
    half = loss_page(data_of(DECAY, position=29), 64, 12, BRAILLE)
    past, ahead = lit(half, colours.loss), lit(half, colours.reference)
    assert past.min() < past.max() <= ahead.min() + 1
    assert ahead.max() > past.max() + 10
    whole = loss_page(data_of(DECAY), 64, 12, BRAILLE)
    assert not len(lit(whole, colours.reference))
    assert lit(whole, colours.loss).max() >= ahead.max() - 1
    assert len(lit(loss_page(data_of(DECAY, show_gradient=True), 64, 12, BRAILLE), colours.gradient))


def test_the_mark_follows_the_position():
    places = []
    for position in (0, 20, 40, 59):
        marked = lit(loss_page(data_of(DECAY, position=position), 64, 12, BRAILLE), THEME.curves.mark)
        assert len(marked) == 1
        places.append(int(marked[0]))
    assert places == sorted(set(places))


def test_a_thinned_run_marks_the_last_record_before_its_position():
    steps = np.arange(0.0, 1000.0, 8.0)
    data = LossData(steps, 2.0 + steps, steps + 1, (), 1000, None, False)
    marked = lit(loss_page(data, 64, 12, BRAILLE), THEME.curves.mark)
    assert len(marked) == 1
    assert marked[0] > 50


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_it_is_drawn_at_every_size(look, width, height):
    for values in ([1.0], DECAY, NUMBERS, [math.nan] * 3, [1e308, -1e308], [5e-324, 1e-320], [0.0, 0.0]):
        for show_gradient in (False, True):
            for floor in (None, 0.0, -1e308):
                data = data_of(values, 0, floor=floor, show_gradient=show_gradient)
                sound(loss_page(data, width, height, look), width, height, look)


def test_a_long_run_is_drawn_as_fast_as_a_short_one():
    values = 1.0 + np.random.default_rng(0).random(16_384)
    loss_page(data_of(values), 44, 10, BRAILLE)
    began = time.perf_counter()
    loss_page(data_of(values), 44, 10, BRAILLE)
    assert time.perf_counter() - began < 0.5
