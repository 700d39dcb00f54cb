"""The panel of a race: ranks, counts, arrivals, at any width."""

import math

import pytest

from curvtui.tui.drawing.palette import pack
from curvtui.tui.drawing.race_page import RaceData, RunnerRow, race_page

from .looks import ASCII, BRAILLE, LOOKS, NUMBERS, SIZES, THEME, colour_of, sound, ui


def row_of(number=1, **changed):
    plain = {
        "number": number,
        "colour": number - 1,
        "name": "gd",
        "value": 0.5,
        "steps": 20,
        "work": 20.0,
        "arrival": None,
        "exact": True,
        "fastest": False,
        "selected": False,
        "hidden": False,
        "state": "",
    }
    return RunnerRow(**plain | changed)


def data_of(*rows, clock="steps"):
    return RaceData(rows, clock, 1e-3, "A adds a runner")


def shown(data, width=44, height=12, look=BRAILLE):
    cells = race_page(data, width, height, look)
    sound(cells, width, height, look)
    return [line.rstrip() for line in cells.text().rstrip().splitlines()]


THREE = (
    row_of(3, name="newton", value=0.0, work=100.0, arrival=5.0, fastest=True, selected=True),
    row_of(1, name="gd", value=4.06),
    row_of(2, name="adam", value=-4.56e-7, arrival=1234.0, exact=False),
)


def test_the_runners_stand_in_the_order_they_are_given_in():
    assert (
        shown(data_of(*THREE))[:4]
        == [
            "                     f steps    ∇f to tol",
            "›3 newton            0    20   100      5 ★",
            " 1 gd             4.06    20    20      -",
            " 2 adam      −4.56e−7    20    20  ≤1234",
        ]
        or shown(data_of(*THREE))[1:]
    )


def columns(line, heading, name):
    """The word that stands under a heading, both flush right."""
    end = heading.index(name) + len(name)
    return line[:end].split()[-1]


@pytest.mark.parametrize("look", [BRAILLE, ASCII], ids=["braille", "ascii"])
def test_each_number_stands_under_its_heading(look):
    heading, *rows = shown(data_of(*THREE), 50, 12, look)[:4]
    work = "∇f" if look is BRAILLE else "grads"
    assert [columns(row, heading, "steps") for row in rows] == ["20", "20", "20"]
    assert [columns(row, heading, work) for row in rows] == ["100", "20", "20"]
    minus, about = ("−", "≤") if look is BRAILLE else ("-", "<")
    assert [columns(row, heading, "to tol") for row in rows] == ["5", "-", f"{about}1234"]
    assert columns(rows[0], heading, " f ") == "0"
    assert f"{minus}4.56e{minus}7" in rows[2]
    assert rows[0].endswith("★" if look is BRAILLE else "*")
    assert [row[0] for row in rows] == ["›" if look is BRAILLE else ">", " ", " "]


def test_what_the_clock_makes_equal_is_left_out_first():
    names = ("momentum lr 0.01", "momentum lr 0.02")
    rows = [row_of(i + 1, name=name, work=777.0) for i, name in enumerate(names)]
    by_steps = shown(data_of(*rows), 40)
    assert "∇f" in by_steps[0]
    assert "steps" not in by_steps[0]
    assert "777" in by_steps[1]
    by_work = shown(data_of(*rows, clock="gradient evaluations"), 40)
    assert "steps" in by_work[0]
    assert "777" not in by_work[1]
    narrow = shown(data_of(*rows), 28)
    assert "777" not in narrow[1]
    assert "to tol" in narrow[0]


def test_the_clock_is_explained():
    text = " ".join(shown(data_of(*THREE), 60, 14))
    assert "in lockstep by steps" in text
    assert "to tol: steps until 0.1% of the way down is left" in text
    assert "A adds a runner" not in text
    assert "A adds a runner" in " ".join(shown(data_of(THREE[0]), 60, 14))
    text = " ".join(shown(data_of(*THREE, clock="gradient evaluations"), 60, 14))
    assert "in lockstep by gradient evaluations" in text
    assert "f counts 1/3" in text


@pytest.mark.parametrize("count", range(1, 9))
@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_up_to_eight_runners_all_have_a_line(count, look):
    rows = [row_of(i + 1, colour=7 - i, name="saddle_free_newton damping 1e-08") for i in range(count)]
    for width in (30, 34, 44, 62):
        cells = race_page(data_of(*rows), width, 10, look)
        sound(cells, width, 10, look)
        for i in range(count):
            assert cells.chars[1 + i, 1] == str(i + 1)
            assert cells.fg[1 + i, 1] == pack(THEME.curves.runs[7 - i])
            assert "saddle" in "".join(cells.chars[1 + i].tolist())


def test_a_long_name_ends_in_an_ellipsis():
    rows = [row_of(1, name="saddle_free_newton damping 1e-08")]
    assert "…" in shown(data_of(*rows), 40)[1]
    assert "~" in shown(data_of(*rows), 40, 12, ASCII)[1]
    assert "saddle_free_newton damping 1e-08" in shown(data_of(*rows), 90)[1]


def test_who_ended_or_is_hidden_is_told_by_a_word():
    rows = (row_of(1, state="diverged", value=math.inf), row_of(2, hidden=True, state="converged"))
    lines = shown(data_of(*rows), 60)
    assert "gd diverged" in lines[1]
    assert "gd hidden" in lines[2]
    cells = race_page(data_of(*rows), 60, 12, BRAILLE)
    assert colour_of(cells, "gd hidden") == ui("muted")
    assert cells.fg[2, 1] == pack(THEME.ui.muted), "what is drawn nowhere has no colour"


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0"), (7.0, "7"), (7.5, "7.5"), (9999, "9999"), (12345, "12.35k"), (123456, "123.5k"), (2.5e6, "2.5M")],
)
def test_counts_are_short(count, text):
    line = shown(data_of(row_of(work=float(count))), 60)[1]
    assert f" {text} " in line


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_it_is_drawn_at_every_size(look, width, height):
    for clock in ("steps", "gradient evaluations"):
        for first in NUMBERS:
            rows = [
                row_of(i + 1, value=first, name="n" * (9 * i + 1), state="diverged", selected=i == 2, work=10.0**i)
                for i in range(8)
            ]
            sound(race_page(data_of(*rows, clock=clock), width, height, look), width, height, look)
        sound(race_page(data_of(*THREE, clock=clock), width, height, look), width, height, look)
