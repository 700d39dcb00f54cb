import math
import time

import numpy as np
import pytest

from curvtui.tui.drawing.loss_page import LossData, RunCurve, Stability, loss_page, plotted
from curvtui.tui.drawing.palette import pack

from .looks import ASCII, BRAILLE, LOOKS, NUMBERS, SIZES, THEME, sound


def run_of(values, position=None, norms=None, number=None, colour=0, xs=None):
    values = np.asarray(values, dtype=float)
    xs = np.arange(float(len(values))) if xs is None else np.asarray(xs, dtype=float)
    norms = np.abs(values) if norms is None else np.asarray(norms, dtype=float)
    at = xs[-1] if position is None else position
    return RunCurve(xs, values, norms, (len(values),), float(at), number, colour)


def data_of(values, position=None, norms=None, floor=None, show_gradient=False):
    return LossData((run_of(values, position, norms),), floor, "gradient norm" if show_gradient else "loss")


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
    (ys,) = shown.ys
    assert ys[0] == first or (math.isnan(ys[0]) and math.isnan(first))


def test_the_gradients_norm_instead():
    shown = plotted(data_of([-1.0, -2.0], norms=[3.0, 0.0], floor=-5.0, show_gradient=True))
    assert (shown.title, shown.log, shown.ys[0].tolist()) == ("gradient norm, log", True, [3.0, 0.0])


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
    data = LossData((RunCurve(steps, 2.0 + steps, steps + 1, (), 1000.0),), None, "loss")
    marked = lit(loss_page(data, 64, 12, BRAILLE), THEME.curves.mark)
    assert len(marked) == 1
    assert marked[0] > 50


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_it_is_drawn_at_every_size(look, width, height):
    for values in ([1.0], DECAY, NUMBERS, [math.nan] * 3, [1e308, -1e308], [5e-324, 1e-320], [0.0, 0.0]):
        for show_gradient in (False, True):
            for floor in (None, -1e308):
                data = data_of(values, 0, floor=floor, show_gradient=show_gradient)
                sound(loss_page(data, width, height, look), width, height, look)


def test_a_long_run_is_drawn_as_fast_as_a_short_one():
    values = 1.0 + np.random.default_rng(0).random(16_384)
    loss_page(data_of(values), 44, 10, BRAILLE)
    began = time.process_time()
    loss_page(data_of(values), 44, 10, BRAILLE)
    assert time.process_time() - began < 0.5


# Several runs.


def race_of(*runs, **changed):
    return LossData(runs, None, "loss", **changed)


def marked(cells, glyph):
    """The (column, row) of each bold cell with a glyph."""
    return [(int(c), int(r)) for r, c in zip(*np.nonzero((cells.chars == glyph) & cells.bold), strict=True)]


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_each_runner_has_its_colour_and_its_number_at_its_place(look):
    runs = [run_of(DECAY ** (1 + i), number=i + 1, colour=7 - i) for i in range(8)]
    cells = loss_page(race_of(*runs), 64, 24, look)
    rows = []
    for i in range(8):
        ((_, row),) = marked(cells, str(i + 1))
        rows.append(row)
        assert len(lit(cells, THEME.curves.runs[7 - i])) > 10
    assert rows == sorted(set(rows)), "the faster runs lie lower"
    assert not marked(cells, look.glyphs.iterate)


def test_runs_of_different_lengths_share_one_axis():
    long, short = run_of(DECAY, number=1), run_of(5 * DECAY[:16], number=2, colour=1)
    cells = loss_page(race_of(long, short), 64, 14, BRAILLE)
    ends = [lit(cells, THEME.curves.runs[i]).max() for i in range(2)]
    ((first, _),), ((second, _),) = marked(cells, "1"), marked(cells, "2")
    assert ends == [first, second]
    left = lit(cells, THEME.curves.runs[0]).min()
    assert (second - left) / (first - left) == pytest.approx(15 / 59, abs=0.03)


def test_over_work_a_costly_runner_reaches_further():
    cheap = run_of(DECAY, number=1, xs=np.arange(60.0))
    costly = run_of(DECAY[:21], number=2, colour=1, xs=5.0 * np.arange(21.0))
    cells = loss_page(race_of(cheap, costly, over="gradient evaluations"), 64, 14, BRAILLE)
    assert "loss, log, over gradient evaluations" in cells.text()
    ((first, _),), ((second, _),) = marked(cells, "1"), marked(cells, "2")
    assert second > first
    assert "100" in cells.text().splitlines()[-1]


def test_a_runner_that_ended_in_a_number_out_of_range_leaves_the_others_alone():
    ended = run_of([4.0, 2.0, math.inf, math.nan], number=2, colour=1)
    cells = loss_page(race_of(run_of(DECAY, number=1), ended), 64, 14, BRAILLE)
    assert len(marked(cells, "1")) == 1
    assert not marked(cells, "2"), "there is no place for a value that is no number"
    assert len(lit(cells, THEME.curves.runs[1]))


@pytest.mark.parametrize("curve", ["loss", "gradient norm", "stability"])
def test_nobody_to_show_is_an_empty_panel(curve):
    data = LossData((), None, curve)
    for width, height in SIZES:
        sound(loss_page(data, width, height, BRAILLE), width, height, BRAILLE)


# The stability.


def stability_of(loads, position=None):
    loads = np.asarray(loads, dtype=float)
    return Stability(
        np.arange(float(len(loads))), loads, (len(loads),), len(loads) - 1.0 if position is None else position
    )


def strip(loads, width=60, height=9, look=BRAILLE, position=None):
    return loss_page(LossData((), None, "stability", stability=stability_of(loads, position)), width, height, look)


def test_a_high_panel_shows_both_and_a_low_one_the_loss():
    data = LossData((run_of(DECAY),), None, "loss", stability=stability_of(np.linspace(0.2, 1.4, 60)))
    high, low = loss_page(data, 60, 16, BRAILLE).text(), loss_page(data, 60, 10, BRAILLE).text()
    assert "loss, log" in high.splitlines()[0]
    assert "η·λmax over its limit: stable below 1" in high
    assert "loss, log" in low
    assert "λmax" not in low


@pytest.mark.parametrize(
    ("load", "colour"), [(0.5, "success"), (0.94, "success"), (0.97, "warning"), (1.01, "error"), (math.inf, "error")]
)
def test_the_strip_takes_the_colour_of_where_the_run_stands(load, colour):
    cells = strip([0.3, 0.4, load])
    assert len(lit(cells, getattr(THEME.ui, colour)))
    assert len(marked(cells, BRAILLE.glyphs.iterate)) == 1


def test_the_edge_is_a_dashed_line_that_a_rising_load_crosses():
    cells = strip(np.linspace(0.2, 1.8, 60), height=12)
    (edge,) = {int(row) for row in np.argwhere((cells.chars == "┄") & (cells.fg == pack(THEME.ui.warning)))[:, 0]}
    rows = np.nonzero(((cells.chars >= "⠁") & (cells.chars <= "⣿")).any(axis=1))[0]
    assert rows.min() < edge < rows.max()
    ((_, row),) = marked(cells, BRAILLE.glyphs.iterate)
    assert row < edge


def test_loads_far_beyond_the_limit_do_not_squeeze_the_rest_flat():
    text = strip([0.5, 0.9, 1e300, math.inf], height=12).text()
    assert "10" in text
    assert "e" not in text.splitlines()[1]
    assert text == strip([0.5, 0.9, 10.0, 10.0], height=12).text()
    assert strip([0.5, -1e300]).text() == strip([0.5, -1.0]).text()


def test_a_method_without_a_limit_says_so():
    text = loss_page(LossData((run_of(DECAY),), None, "stability"), 60, 9, BRAILLE).text()
    assert "no stability limit is known for this method" in text


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_races_and_stability_are_drawn_at_every_size(look, width, height):
    runs = [run_of(NUMBERS, 0, number=i + 1, colour=i) for i in range(8)]
    for loads in ([], [math.nan] * 3, [math.inf, -math.inf], NUMBERS, [1.0]):
        for curve in ("loss", "stability"):
            data = LossData(tuple(runs), None, curve, "gradient evaluations", stability_of(loads, 0.0))
            sound(loss_page(data, width, height, look), width, height, look)
