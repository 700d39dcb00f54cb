import math
from dataclasses import replace

import numpy as np
import pytest

from curvtui.engine.curvature.report import report_at
from curvtui.engine.surface.surface import Surface, open_surface
from curvtui.tui.drawing.curvature_page import CurvatureData, curvature_page
from curvtui.tui.drawing.page import wrapped

from .looks import ASCII, BLOCK, BRAILLE, LOOKS, NUMBERS, SIZES, colour_of, lines, sound, ui


def data_of(surface, point, load=None, limit=None):
    opened = open_surface(surface) if isinstance(surface, str) else surface
    return CurvatureData(report_at(opened, point), (surface, point), "iterate 3", load, limit)


def text(data, width, height, look):
    cells = curvature_page(data, width, height, look)
    sound(cells, width, height, look)
    return cells.text().rstrip("\n")


def test_a_minimum():
    # By hand: H = [[12, -4], [-4, 12]] has 8 along (1, 1) and 16 along (-1, 1); 2/16, 2/(8 + 16), 8/24.
    assert text(data_of("quartic", (1, 1), 0.48, 2.0), 44, 12, BRAILLE) == lines(
        "iterate 3  (1, 1)",
        "f −1   ‖∇f‖ 0",
        "H ⎡12  −4⎤  λ₁  8 ↗",
        "  ⎣−4  12⎦  λ₂ 16 ↖",
        "κ 2  det 128  trace 24",
        "gd η < 0.125  best 0.0833, ×0.33 a step",
        "η·λmax 0.48 / 2 ▕████░░░░░░░░░░░░▏ stable",
        "curves up in every direction: a bowl",
        "Minimum: zero gradient, and every eigenvalue",
        "of the Hessian is positive (8, 16).",
    )


def test_a_saddle_in_ascii():
    assert text(data_of("quartic", (0, 0), 0.12, 2.0), 44, 12, ASCII) == lines(
        "iterate 3  (0, 0)",
        "f 1   |grad f| 0",
        "H [ 0  -4]  l1 -4 /",
        "  [-4   0]  l2  4 \\",
        "kappa 1  det -16  trace 0",
        "gd lr < 0.5",
        "lr*lmax 0.12 / 2 [#...............] stable",
        "curves up one way and down another: a saddle",
        "Saddle: zero gradient, and the Hessian has",
        "eigenvalues of both signs (-4, 4).",
    )


WHY = (
    "Minimum: zero gradient, and every eigenvalue of the Hessian is positive (8, 16). "
    "This is the second-order sufficient condition of a strict minimum."
)


@pytest.mark.parametrize(
    ("height", "without"),
    [
        (12, []),
        (11, ["curves up in every direction"]),
        (10, ["curves up in every direction", "gd η <"]),
    ],
)
def test_why_a_point_is_of_its_kind_comes_before_what_it_implies(height, without):
    bare = data_of("quartic", (1, 1), 0.48, 2.0)
    told = " ".join(text(replace(bare, proved=WHY), 44, height, BRAILLE).split())
    assert WHY in told
    for words in ("κ 2", "η·λmax 0.48", "curves up in every direction", "gd η <"):
        assert (words in told) == (words not in without)
    # Where nothing is proved, nothing makes room.
    assert "curves up in every direction" in text(bare, 44, height, BRAILLE)


def test_the_short_form():
    # By hand: 15 ± √(144 + 16) = 2.35, 27.65; (2.35, 27.65)·1.95/27.65; ‖∇f‖ = hypot(6.5, −15.5) = 16.81.
    assert text(data_of("quartic", (0.5, -1.5), 1.95, 2.0), 44, 7, BLOCK) == lines(
        "iterate 3 (0.5, −1.5)",
        "f 9.125   ‖∇f‖ 16.8",
        "H [ 3  −4] λ₁ 2.35 →",
        "  [−4  27] λ₂ 27.6 ↑",
        "η·λmax 1.95 / 2 [██████████████] at the edge",
        "κ 11.8  not critical",
        "Not critical: the gradient's norm is 16.81,…",
    )


def test_outside_the_domain():
    assert text(data_of("log_barrier", (-1, 1)), 44, 10, BRAILLE) == lines(
        "iterate 3  (−1, 1)",
        "f undefined   ‖∇f‖ undefined",
        "H ⎡undefined  undefined⎤  λ₁ undefined",
        "  ⎣undefined  undefined⎦  λ₂ undefined",
        "κ undefined  det undefined  trace undefined",
        "gd η < undefined",
        "no curvature: the Hessian is undefined here",
        "Undefined: the value or a derivative is not",
        "a finite number here.",
    )


def test_one_variable():
    assert text(data_of("parabola", (-3,), 0.5, 2.0), 44, 10, BRAILLE).splitlines()[:5] == [
        "iterate 3  (−3)",
        "f 9   |f′| 6",
        "f″ 2  λ₁ 2",
        "κ 1  det 2  trace 2",
        "gd η < 1  best 0.5, ×0 a step",
    ]
    assert "f'' 2  l1 2" in text(data_of("parabola", (-3,)), 44, 10, ASCII)


def test_where_nothing_curves_up():
    assert "nothing curves up here" in text(data_of("-x**2 - y**2", (0.5, 0.5)), 60, 12, BRAILLE)


@pytest.mark.parametrize(
    ("load", "limit", "says", "filled", "colour"),
    [
        (0.0, 2.0, "η·λmax 0", None, "foreground"),
        (-3.0, 2.0, "η·λmax −3", None, "foreground"),
        (1e-9, 2.0, "stable", 0, "success"),
        (1.0, 2.0, "stable", 8, "success"),
        (1.89, 2.0, "stable", 15, "success"),
        (1.95, 2.0, "at the edge", 16, "warning"),
        (2.0, 2.0, "at the edge", 16, "warning"),
        (2.01, 2.0, "unstable", 16, "error"),
        (1e308, 1e-308, "unstable", 16, "error"),
        (1.0, 0.0, "unstable", 16, "error"),
        (1.0, -0.5, "unstable", 16, "error"),
        (0.5, None, "η·λmax 0.5", None, "foreground"),
        (math.inf, 2.0, "η·λmax ∞", None, "foreground"),
        (math.nan, 2.0, "η·λmax undefined", None, "foreground"),
    ],
)
def test_the_gauge(load, limit, says, filled, colour):
    cells = curvature_page(data_of("quartic", (1, 1), load, limit), 70, 12, BRAILLE)
    (row,) = (line for line in cells.text().splitlines() if line.startswith("η·λmax"))
    assert row.endswith(says)
    assert (row.count("█"), row.count("░")) == ((0, 0) if filled is None else (filled, 16 - filled))
    word = says if filled is not None else says.split()[-1]
    assert colour_of(cells, word if filled is None else f" {word}") == ui(colour)


def test_the_sign_of_an_eigenvalue_has_a_colour():
    cells = curvature_page(data_of("x**2 - 3*y**2", (0, 0)), 44, 12, BRAILLE)
    colours = {}
    for row, line in enumerate(cells.text().splitlines()):
        if "λ" in line:
            at = line.index("λ") + 3
            colours[line[at : at + 2]] = int(cells.fg[row, at + 1])
    assert colours == {"−6": ui("error"), " 2": ui("success")}
    flat = curvature_page(data_of("x**4", (0,)), 44, 12, BRAILLE)
    row = [line.startswith("f″") for line in flat.text().splitlines()].index(True)
    assert flat.text().splitlines()[row] == "f″ 0  λ₁ 0"
    assert flat.fg[row, 9] == ui("warning")


@pytest.mark.parametrize(("vector", "arrow"), [((1, 0), "→"), ((0, 1), "↑"), ((1, 1), "↗"), ((1, -1), "↖")])
def test_arrows_lie_along_the_eigenvectors(vector, arrow):
    a, b = vector
    surface = Surface.from_formula(f"5*({a}*x + {b}*y)**2 + 0.1*(x**2 + y**2)")
    first, second = text(data_of(surface, (0.3, 0.4)), 60, 12, BRAILLE).splitlines()[2:4]
    assert second.endswith(arrow)
    assert first.endswith({"→": "↑", "↑": "→", "↗": "↖", "↖": "↗"}[arrow])


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize("formula", ["a*x**2 + b*y", "a*x**4 + b*x", "log(x*y) + a*b", "a*exp(b*x + y)"])
def test_every_report_is_drawn_at_every_size(look, formula):
    surface = Surface.from_formula(formula, parameters={"a": 1.0, "b": 1.0})
    for value in NUMBERS:
        scaled = surface.with_parameters(a=value, b=value) if math.isfinite(value) else surface
        for point in ((value,) * surface.dimension, (1.0,) * surface.dimension):
            data = data_of(scaled, point, value, 2.0)
            for width, height in SIZES:
                sound(curvature_page(data, width, height, look), width, height, look)


def test_equal_keys_are_equal_data():
    one, same, other = (data_of("quartic", at, 0.5, 2.0) for at in ((1, 1), (1, 1), (1, 0)))
    assert one == same != other
    assert one.report is not same.report
    assert np.array_equal(one.report.hessian, same.report.hessian)


@pytest.mark.parametrize(
    ("words", "width", "most", "broken"),
    [
        ("", 10, 2, [""]),
        ("one", 10, 2, ["one"]),
        ("one two three", 7, 2, ["one two", "three"]),
        ("one two three", 7, 1, ["one tw…"]),
        ("one two three four", 9, 1, ["one two…"]),
        ("a-word-too-long for it", 6, 3, ["a-word-too-long", "for it"]),
        ("one two", 0, 1, ["…"]),
        ("at (0, 0), (1, −1), proved", 12, 4, ["at (0, 0),", "(1, −1),", "proved"]),
        ("at (1,  2) f(x, y) = (x, y, z)", 8, 6, ["at (1,", "2)", "f(x, y)", "= (x, y,", "z)"]),
    ],
)
def test_text_is_broken_at_blanks(words, width, most, broken):
    assert wrapped(words, width, most) == broken
    assert wrapped(words, width, most, "~") == [line.replace("…", "~") for line in broken]
