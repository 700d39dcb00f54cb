import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curvtui.tui.drawing.bars import HeaderData, KeyHint, StatusData, arranged, header, hint_at, key_bar, status

from .looks import ASCII, BRAILLE, LOOKS, NUMBERS, SIZES, colour_of, sound, ui

QUARTIC = HeaderData(
    "quartic", "x⁴ + y⁴ − 4xy + 1", "x**4 + y**4 - 4*x*y + 1", ("x", "y"), (), ((-2.0, 2.0), (-2.0, 2.0))
)
BANANA = HeaderData(
    "rosenbrock", "(1 − x)² + a(y − x²)²", "(1 - x)**2 + a*(y - x**2)**2", ("x", "y"), (("a", 100.0),),
    ((-2.0, 2.0), (-1.0, 3.0)),
)  # fmt: skip


def text(cells, width, height, look):
    sound(cells, width, height, look)
    return cells.text()


def headed(data, width, look):
    return text(header(data, width, 1, look), width, 1, look)


def test_the_header():
    assert headed(QUARTIC, 80, BRAILLE) == (
        " curvtui  quartic  f(x,y) = x⁴ + y⁴ − 4xy + 1".ljust(62) + "[−2, 2] × [−2, 2]"
    )
    assert headed(BANANA, 90, ASCII) == (
        " curvtui  rosenbrock  f(x,y) = (1 - x)**2 + a*(y - x**2)**2  a = 100".ljust(72) + "[-2, 2] x [-1, 3]"
    )


def test_a_narrow_header_shortens_the_formula_first():
    wide, narrower, narrow = (headed(BANANA, width, BRAILLE) for width in (84, 66, 24))
    assert "(y − x²)²  a = 100" in wide
    assert "a(…  a = 100 " in narrower or "…  a = 100" in narrower
    assert narrower.endswith("[−2, 2] × [−1, 3]")
    assert narrow.startswith(" curvtui  rosenbrock")
    assert narrow.endswith("…")


def test_what_was_typed_is_plain_in_ascii():
    typed = HeaderData("formula", "x²·y", "x²·y − π³ ÷ 2", ("x", "y"), (), ((0.0, 1.0), (0.0, 1.0)))
    assert headed(typed, 80, ASCII).startswith(" curvtui  formula  f(x,y) = x^2*y - pi^3 / 2 ")


def test_one_variable_has_one_interval():
    data = HeaderData("exponential", "exp(x)", "exp(x)", ("x",), (), ((1.0, 1.0 + 1e-9),))
    assert headed(data, 80, BRAILLE).endswith(" [1, 1.000000001]")


def status_text(width, look=BRAILLE, **changed):
    data = {
        "playing": False, "speed": 20, "cursor": (0.5, -1.25), "value": 3.25, "method": "auto",
        "levels": (-1.0, 30.0, 12),
    } | changed  # fmt: skip
    return text(status(StatusData(**data), width, 1, look), width, 1, look)


def test_the_status_line():
    left, right = " paused, 20/s  + (0.5, −1.25)  f 3.25", "12 levels by auto, −1 … 30"
    assert status_text(90) == left + right.rjust(89 - len(left))
    left, right = " paused, 20/s  + (0.5, -1.25)  f 3.25", "12 levels by auto, -1 to 30"
    assert status_text(90, ASCII) == left + right.rjust(89 - len(left))
    assert status_text(60, playing=True, speed=10_000).startswith(" running 10,000/s  + (0.5, −1.25)")
    assert status_text(50) == " paused, 20/s  + (0.5, −1.25)  f 3.25"
    assert status_text(90, levels=None) == " paused, 20/s  + (0.5, −1.25)  f 3.25"
    assert "f undefined" in status_text(90, value=math.nan)
    assert "f ∞" in status_text(90, value=math.inf)
    assert "+ (1)  f" in status_text(90, cursor=(1.0,))


def test_playback_shows_by_colour_and_by_word():
    playing, paused = (status(StatusData(on, 20, (0.0,), 1.0, "auto", None), 60, 1, BRAILLE) for on in (True, False))
    assert colour_of(playing, "running") == ui("success")
    assert colour_of(paused, "paused") == ui("muted")


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_bar_is_drawn_at_every_size(look, width, height):
    hints = tuple(KeyHint("k" * n, "label" * n, "act") for n in range(1, 6))
    sound(key_bar(hints, width, height, look), width, height, look)
    sound(key_bar((), width, height, look), width, height, look)
    for data in (QUARTIC, BANANA):
        sound(header(data, width, height, look), width, height, look)
    for value in NUMBERS:
        sound(
            header(HeaderData("n" * 30, "", "", ("x",), (("a", value),), ((value, value),)), width, height, look),
            width,
            height,
            look,
        )
        shown = StatusData(True, 1, (value, value), value, "auto", (value, value, 3))
        sound(status(shown, width, height, look), width, height, look)


HINTS = tuple(
    KeyHint(key, label, label)
    for key, label in [("n", "step"), ("b", "back"), ("space", "run"), ("f", "surface"), ("?", "help")]
)


def test_the_key_bar():
    assert text(key_bar(HINTS, 60, 1, BRAILLE), 60, 1, BRAILLE) == " n step  b back  space run  f surface  ? help"
    assert text(key_bar(HINTS, 30, 2, BRAILLE), 30, 2, BRAILLE) == " n step  b back  space run\n f surface  ? help"


def test_what_does_not_fit_goes_but_quit_and_help_last():
    hints = (*HINTS[:-2], KeyHint("q", "quit", "quit"), HINTS[-1])
    assert text(key_bar(hints, 30, 1, BRAILLE), 30, 1, BRAILLE) == " n step  q quit  ? help"
    assert text(key_bar(hints, 18, 1, BRAILLE), 18, 1, BRAILLE) == " q quit  ? help"
    assert text(key_bar(hints, 12, 1, BRAILLE), 12, 1, BRAILLE) == " ? help"
    assert text(key_bar(HINTS, 10, 1, BRAILLE), 10, 1, BRAILLE) == " ? help"
    assert text(key_bar(HINTS, 4, 1, BRAILLE), 4, 1, BRAILLE) == " ? …"


hints_drawn = st.lists(
    st.builds(KeyHint, st.text("abc", min_size=1, max_size=6), st.text("xyz", min_size=1, max_size=9), st.text("pq")),
    min_size=1, max_size=12,
)  # fmt: skip


@given(hints_drawn, st.integers(1, 90), st.integers(1, 3))
def test_a_click_finds_what_is_drawn_under_it(hints, width, lines):
    rows = arranged(hints, width, lines)
    assert len(rows) <= lines
    assert rows[-1][-1] == hints[-1]
    kept = [hint for row in rows for hint in row]
    assert kept[:-2] == hints[: max(0, len(kept) - 2)]
    assert kept[-2:] == hints[len(hints) - len(kept[-2:]) :]
    drawn = key_bar(tuple(hints), width, lines, BRAILLE).chars
    for line, row in enumerate(rows):
        column = 0
        for hint in row:
            size = len(hint.key) + len(hint.label) + 3
            for at in (column, column + size - 1):
                assert hint_at(hints, at, line, width, lines) is hint
            shown = "".join(drawn[line, column : column + size].tolist())
            assert shown == f" {hint.key} {hint.label} " or column + size > width
            column += size
        assert hint_at(hints, column, line, width, lines) is None
        assert column <= width or len(row) == 1
    assert hint_at(hints, 0, len(rows), width, lines) is None
