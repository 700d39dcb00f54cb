"""The list of critical points: golden text, what fits at which width, the chosen one in sight."""

import math
from dataclasses import replace

import pytest

from curvtui.engine.critical.critical_point import Kind
from curvtui.tui.drawing.critical_page import GLYPHS, CriticalData, PointRow, critical_page
from curvtui.tui.drawing.overlay import MARK_KINDS

from .looks import ASCII, BRAILLE, LOOKS, NUMBERS, SIZES, colour_of, sound, ui


def row(kind, place, value, eigenvalues, index, *, exact=(), certified=True, lowest=False, kappa=None):
    sizes = [abs(each) for each in eigenvalues]
    ratio = max(sizes) / min(sizes) if min(sizes) else math.nan
    return PointRow(kind, place, exact, value, eigenvalues, kappa or ratio, index, certified, lowest)


def data(rows, sentence, *others, chosen=None, proved=True):
    return CriticalData(tuple(rows), chosen, sentence, others, proved)


def text(given, width, height, look=BRAILLE):
    cells = critical_page(given, width, height, look)
    sound(cells, width, height, look)
    return [line.rstrip() for line in cells.text().rstrip().splitlines()]


QUARTIC = data(
    [
        row("minimum", (-1.0, -1.0), -1.0, (8.0, 16.0), 1, lowest=True),
        row("minimum", (1.0, 1.0), -1.0, (8.0, 16.0), 1, lowest=True),
        row("saddle", (0.0, 0.0), 1.0, (-4.0, 4.0), -1),
    ],
    "3 critical points, all in view, proved; index sum +1+1−1 = +1 = border's winding",
    "global minimum in view: −1 at (−1, −1), (1, 1), proved",
    "convexity in view: not convex, proved: at (0, 0) the Hessian has the eigenvalue −4",
)


def test_the_running_example():
    assert text(QUARTIC, 60, 10) == [
        " ● min    (−1, −1) −1 +1 λ 8, 16 κ 2 ★",
        " ● min    (1, 1)   −1 +1 λ 8, 16 κ 2 ★",
        " ✕ saddle (0, 0)    1 −1 λ −4, 4 κ 1",
        "3 critical points, all in view, proved; index sum +1+1−1 =",
        "+1 = border's winding",
        "global minimum in view: −1 at (−1, −1), (1, 1), proved",
        "convexity in view: not convex, proved: at (0, 0) the Hessian",
        "has the eigenvalue −4",
    ]


def test_where_there_is_room_everything_that_is_proved_is_told_in_full():
    long = replace(QUARTIC, others=("a " * 60 + "end", "b " * 60 + "end"))
    assert "end" not in " ".join(text(long, 40, 19))
    assert " ".join(text(long, 40, 24)[5:]).split() == [*["a"] * 60, "end", *["b"] * 60, "end"]


def test_in_ascii():
    assert text(QUARTIC, 60, 6, ASCII) == [
        " v min    (-1, -1) -1 +1 l 8, 16 k 2 *",
        " v min    (1, 1)   -1 +1 l 8, 16 k 2 *",
        " x saddle (0, 0)    1 -1 l -4, 4 k 1",
        "3 critical points, all in view, proved; index sum +1+1-1 =",
        "+1 = border's winding",
        "global minimum in view: -1 at (-1, -1), (1, 1), proved",
    ]


def test_where_it_is_narrow_the_mark_alone_tells_the_kind():
    assert text(QUARTIC, 34, 5)[:3] == [
        " ● (−1, −1) −1 +1 λ 8, 16 κ 2 ★",
        " ● (1, 1)   −1 +1 λ 8, 16 κ 2 ★",
        " ✕ (0, 0)    1 −1 λ −4, 4 κ 1",
    ]
    # What is left out first is κ, then the eigenvalues, then the index; what was proved stays.
    assert text(QUARTIC, 28, 5)[0] == " ● (−1, −1) −1 +1 λ 8, 16 ★"
    assert text(QUARTIC, 24, 5)[0] == " ● (−1, −1) −1 +1 ★"
    assert text(QUARTIC, 16, 5)[0] == " ● (−1, −1) −1 ★"


HIMMELBLAU = data(
    [
        row("minimum", (3.0, 2.0), 0.0, (25.72, 82.28), 1, lowest=True),
        row("minimum", (3.5844283, -1.8481265), 0.0, (29.62, 104.9), 1, lowest=True),
        row("minimum", (-3.7793103, -3.283186), 0.0, (70.57, 133.9), 1, lowest=True),
        row("minimum", (-2.8051181, 3.1313125), 0.0, (52.81, 80.6), 1, lowest=True),
        row("saddle", (3.3851542, 0.0738519), 13.311932, (-12.86, 98.22), -1),
        row("saddle", (0.0866775, 2.8842547), 67.719208, (-39.0, 75.48), -1),
        row("saddle", (-3.073026, -0.0813530), 104.01544, (-54.0, 77.15), -1),
        row("saddle", (-0.1279613, -1.9537150), 178.33724, (-49.37, 9.03), -1),
        row("maximum", (-0.2708446, -0.9230386), 181.61652, (-46.79, -16.5), 1),
    ],
    "9 critical points, all in view, proved; index sum +5−4 = +1 = border's winding",
    "global minimum in view: 0 at (3, 2), (3.58443, −1.84813), (−3.77931, −3.28319) and 1 more, proved",
)


def test_nine_points_of_three_kinds():
    assert text(HIMMELBLAU, 44, 13) == [
        " ● min    (3, 2)                 0 +1 ★",
        " ● min    (3.584, −1.848)        0 +1 ★",
        " ● min    (−3.779, −3.283)       0 +1 ★",
        " ● min    (−2.805, 3.131)        0 +1 ★",
        " ✕ saddle (3.385, 0.07385)   13.31 −1",
        " ✕ saddle (0.08668, 2.884)   67.72 −1",
        " ✕ saddle (−3.073, −0.08135)   104 −1",
        " ✕ saddle (−0.128, −1.954)   178.3 −1",
        " ▲ max    (−0.2708, −0.923)  181.6 +1",
        "9 critical points, all in view, proved;",
        "index sum +5−4 = +1 = border's winding",
        "global minimum in view: 0 at (3, 2),",
        "(3.58443, −1.84813), (−3.77931, −3.28319)…",
    ]


def test_fewer_digits_where_it_is_narrow():
    assert text(HIMMELBLAU, 34, 12)[4:7] == [
        " ✕ (3.385, 0.07385)   13.31 −1",
        " ✕ (0.08668, 2.884)   67.72 −1",
        " ✕ (−3.073, −0.08135)   104 −1",
    ]
    assert text(HIMMELBLAU, 28, 12)[4:7] == [
        " ✕ (3.39, 0.0739)   13.3",
        " ✕ (0.0867, 2.88)   67.7",
        " ✕ (−3.07, −0.0814)  104",
    ]


MONKEY = data(
    [row("monkey saddle", (0.0, 0.0), 0.0, (0.0, 0.0), -2, exact=("0", "0"))],
    "1 critical point, the only one in view, proved; index sum −2 = border's winding",
)


def test_a_degenerate_point_has_its_own_mark_and_no_condition_number():
    assert text(MONKEY, 60, 6)[0] == " ✢ monkey saddle (0, 0) 0 −2 λ 0, 0"
    assert text(MONKEY, 60, 6, ASCII)[0] == " * monkey saddle (0, 0) 0 -2 l 0, 0"


def test_none():
    none = data([], "no critical points: there are none in view, proved; winding of the border 0")
    assert text(none, 44, 5) == [
        "no critical points: there are none in view,",
        "proved; winding of the border 0",
    ]
    assert text(none, 44, 1) == ["no critical points: there are none in view,"]


def test_what_is_incomplete_is_not_green():
    sentence = (
        "1 critical point, the only one in view, proved, except for 1 open region; index sum +1 = border's winding"
    )
    rows = [row("maximum", (0.0, 0.0), 1.0, (-4.0, -4.0), 1)]
    for proved, colour in ((False, "muted"), (True, "success")):
        cells = critical_page(data(rows, sentence, proved=proved), 60, 6, BRAILLE)
        assert colour_of(cells, "1 critical point") == ui(colour)
    assert text(data(rows, sentence, "open region: a curve", proved=False), 44, 6) == [
        " ▲ max (0, 0) 1 +1 λ −4, −4 κ 1",
        "1 critical point, the only one in view,",
        "proved, except for 1 open region; index sum",
        "+1 = border's winding",
        "open region: a curve",
    ]


def test_what_is_not_proved_has_a_question_mark():
    rows = [
        row("degenerate", (0.5, 0.0), 0.0, (0.0, 2.0), None, certified=False),
        row("minimum", (1.0, 0.0), 0.0, (1.0, 2.0), 1, lowest=True),
    ]
    shown = text(data(rows, "2 critical points so far", proved=False), 60, 6)
    assert shown[0] == " ✢ degenerate (0.5, 0) 0    λ 0, 2     ?"
    assert shown[1] == " ● min        (1, 0)   0 +1 λ 1, 2 κ 2 ★"


def test_the_numbers_of_every_row_are_in_columns():
    rows = [
        row("minimum", (-0.3016, 0.0), -1.0, (4.46, 532.0), 1, lowest=True),
        row("saddle", (0.0, 0.0), 12.5, (-4.0, 4.0), -1, certified=False),
        row("monkey saddle", (1.0, 1.0), 13.0, (0.0, 0.0), -2),
    ]
    assert text(data(rows, "3 critical points"), 70, 4)[:3] == [
        " ● min           (−0.3016, 0)   −1 +1 λ 4.46, 532 κ 119 ★",
        " ✕ saddle        (0, 0)       12.5 −1 λ −4, 4     κ 1   ?",
        " ✢ monkey saddle (1, 1)         13 −2 λ 0, 0",
    ]


def test_fewer_digits_make_room_for_the_eigenvalues():
    rows = [row("saddle", (0.0123456, 2.0), 12.3456, (-4.0, 4.0), -1)]
    shown = [text(data(rows, "1"), width, 2)[0] for width in (43, 42, 40, 37, 36)]
    assert shown == [
        " ✕ saddle (0.01235, 2) 12.35 −1 λ −4, 4 κ 1",
        " ✕ saddle (0.0123, 2) 12.3 −1 λ −4, 4 κ 1",
        " ✕ saddle (0.01235, 2) 12.35 −1 λ −4, 4",
        " ✕ saddle (0.0123, 2) 12.3 −1 λ −4, 4",
        " ✕ saddle (0.01235, 2) 12.35 −1",
    ]


def test_why_is_told_in_the_list_where_the_panel_of_the_point_is_small():
    why = "Saddle: zero gradient, and the Hessian has eigenvalues of both signs (−4, 4)."
    given = replace(QUARTIC, chosen=2, verdict=why)
    assert text(given, 32, 10)[6:] == [
        "Saddle: zero gradient, and the",
        "Hessian has eigenvalues of both",
        "signs (−4, 4).",
    ]
    assert why not in " ".join(text(given, 60, 12))
    for height in range(1, 12):
        text(given, 32, height)


def test_exact_coordinates_are_shown_as_people_write_them():
    given = data([row("minimum", (math.sqrt(0.5), 0.0), 0.0, (1.0, 2.0), 1, exact=("√2/2", "0"))], "1 critical point")
    assert "(√2/2, 0)" in text(given, 44, 5)[0]
    long = ("123456789/987654321", "0")
    given = data([row("minimum", (0.125, 0.0), 0.0, (1.0, 2.0), 1, exact=long)], "1 critical point")
    assert "(0.125, 0)" in text(given, 44, 5)[0]


def many(count, chosen):
    rows = [row("minimum", (float(i), 0.0), float(i), (1.0, 2.0), 1) for i in range(count)]
    return data(rows, f"{count} critical points, all in view, proved", chosen=chosen)


@pytest.mark.parametrize(
    ("chosen", "first", "at"), [(None, 0, None), (0, 0, 0), (2, 0, 2), (220, 217, 3), (439, 434, 5), (440, 434, 6)]
)
def test_of_many_points_those_around_the_chosen_one_are_shown(chosen, first, at):
    shown = text(many(441, chosen), 44, 8)
    assert len(shown) == 8
    assert [int(line.split("(")[1].split(",")[0]) for line in shown[:7]] == list(range(first, first + 7))
    assert [i for i, line in enumerate(shown) if line.startswith("›")] == ([] if at is None else [at])
    assert shown[7] == "441 critical points, all in view, proved"


@pytest.mark.parametrize("chosen", [0, 7, 20])
@pytest.mark.parametrize("height", range(2, 12))
def test_the_chosen_point_is_in_sight_at_every_height(chosen, height):
    shown = text(many(21, chosen), 44, height)
    (arrow,) = [line for line in shown if line.startswith("›")]
    assert f"({chosen}, 0)" in arrow
    assert "21 critical points" in shown[min(height, 12) - 1]


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_every_kind_has_a_mark_and_a_word(look):
    assert set(GLYPHS) == {kind.value for kind in Kind}
    assert set(GLYPHS.values()) == set(MARK_KINDS)
    rows = [row(kind.value, (0.0, float(i)), 0.0, (1.0, 2.0), 0) for i, kind in enumerate(Kind)]
    shown = text(data(rows, "points"), 70, 12, look)
    words = [line[3:].split("(")[0].strip() for line in shown[: len(rows)]]
    assert len(set(words)) == len(words)
    assert [line[1] for line in shown[: len(rows)]] == [getattr(look.glyphs, GLYPHS[kind.value]) for kind in Kind]


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_it_is_drawn_at_every_size(look, width, height):
    for given in (QUARTIC, HIMMELBLAU, MONKEY, many(441, 220), data([], "searching the view …", proved=False)):
        sound(critical_page(given, width, height, look), width, height, look)
    for number in NUMBERS:
        rows = [
            row("saddle", (number,) * n, number, (number,) * n, None, certified=False, lowest=True, kappa=number)
            for n in (1, 2)
        ]
        for one in rows:
            sound(critical_page(data([one], "x" * 300, "y" * 300, chosen=0), width, height, look), width, height, look)
