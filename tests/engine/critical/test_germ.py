import random
import re

import numpy as np
import pytest

from curvtui.engine.critical.exact import exact_point
from curvtui.engine.critical.germ import Germ, classify
from curvtui.engine.surface.surface import Surface

from .germs import CATALOGUE, Known, function_of, random_product, sectors_by_sampling


def at_origin(formula: str, **options: object) -> Germ:
    surface = Surface.from_formula(formula)
    return classify(surface, (0.0,) * surface.dimension, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("known", CATALOGUE, ids=lambda known: known.formula)
def test_kinds_of_the_catalogue(known: Known) -> None:
    germ = at_origin(known.formula)
    assert (germ.kind, germ.sectors, germ.index) == (known.kind, known.sectors, 1 - known.sectors)
    assert germ.proved
    assert germ.isolated
    assert germ.kernel
    assert germ.leading


@pytest.mark.parametrize("known", CATALOGUE[::3], ids=lambda known: known.formula)
def test_the_catalogue_agrees_with_signs_on_a_small_square(known: Known) -> None:
    sectors, sign = sectors_by_sampling(function_of(known.formula))
    assert sectors == known.sectors
    if sectors == 0:
        assert known.kind.endswith("minimum" if sign > 0 else "maximum")


@pytest.mark.parametrize("seed", range(60))
def test_products_of_known_curves(seed: int) -> None:
    known = random_product(random.Random(seed))
    germ = at_origin(known.formula)
    assert (germ.kind, germ.sectors, germ.index, germ.proved, germ.isolated) == (
        known.kind,
        known.sectors,
        1 - known.sectors,
        True,
        True,
    ), known


@pytest.mark.parametrize("seed", range(60, 72))
def test_random_products_agree_with_signs_on_a_small_square(seed: int) -> None:
    known = random_product(random.Random(seed))
    sectors, _ = sectors_by_sampling(function_of(known.formula))
    germ = at_origin(known.formula)
    assert germ.sectors == sectors == known.sectors


def replaced(formula: str, x: str, y: str) -> str:
    """The formula in other variables."""
    return re.sub(r"\b[xy]\b", lambda name: f"({x if name[0] == 'x' else y})", formula)


MOVED = [
    ("x - 1/3", "y + sqrt(2)", (1 / 3, -(2**0.5))),
    ("x - 0.37", "y + 1.21", (0.37, -1.21)),
    ("3*x/5 - 4*y/5", "4*x/5 + 3*y/5", (0.0, 0.0)),
    ("x - y**2", "2*y + x**2", (0.0, 0.0)),
    ("sin(x)", "y - pi/4", (0.0, 0.7853981633974483)),
    ("x + y - 3", "x - 2*y", (2.0, 1.0)),
    ("x*cos(1) - y*sin(1)", "x*sin(1) + y*cos(1)", (0.0, 0.0)),
]
"""Coordinates x and y in terms of others, and where both are 0."""


@pytest.mark.parametrize(("x", "y", "point"), MOVED)
def test_the_kind_does_not_depend_on_coordinates(x: str, y: str, point: tuple[float, float]) -> None:
    for known in CATALOGUE[:: 14 if "cos(1)" in x else 4]:
        if "0.3" in known.formula or "30" in known.formula or "20" in known.formula:
            continue
        moved = replaced(known.formula, x, y)
        germ = classify(Surface.from_formula(moved), point)
        turned = classify(Surface.from_formula(f"-3*({moved})/7"), point)
        if "cos(1)" in x and not germ.proved:
            # Irrational coefficients may make the numbers too long; that is said, not hidden.
            assert germ.sectors in (None, known.sectors)
            continue
        assert (germ.kind, germ.sectors, germ.proved) == (known.kind, known.sectors, True), (known, germ.sentence)
        assert (turned.kind, turned.sectors, turned.proved) == (_upside_down(known), known.sectors, True)


def _upside_down(known: Known) -> str:
    other = {"minimum": "maximum", "maximum": "minimum"}
    return " ".join(other.get(word, word) for word in known.kind.split())


ONE_VARIABLE = [
    ("x**4", "degenerate minimum", 1, 4),
    ("-x**6 + x**7", "degenerate maximum", -1, 6),
    ("x**3", "inflection", 0, 3),
    ("x - sin(x)", "inflection", 0, 3),
    ("cos(x) + x**2/2 - x**4/24", "degenerate maximum", -1, 6),
    ("x**2 - x**3", "minimum", 1, 2),
    ("cos(x)", "maximum", -1, 2),
    ("exp(x) - 1 - x - x**2/2", "inflection", 0, 3),
    ("x**5 - 2*x**9", "inflection", 0, 5),
    ("x**40", "degenerate minimum", 1, 40),
]


@pytest.mark.parametrize(("formula", "kind", "index", "order"), ONE_VARIABLE)
def test_one_variable(formula: str, kind: str, index: int, order: int) -> None:
    germ = at_origin(formula)
    assert (germ.kind, germ.index, germ.order, germ.proved, germ.sectors) == (kind, index, order, True, None)
    assert germ.kernel == (((1.0,),) if order > 2 else ())


@pytest.mark.parametrize(
    ("formula", "kind", "index"),
    [("x**2 + y**2", "minimum", 1), ("x*y - x**2", "saddle", -1), ("cos(x)*cos(y)", "maximum", 1)],
)
def test_where_the_hessian_decides(formula: str, kind: str, index: int) -> None:
    germ = at_origin(formula)
    assert (germ.kind, germ.index, germ.proved, germ.kernel) == (kind, index, True, ())


CURVES = [
    ("x**2 + 0*y", (0.5, 0.25), "x = 1/2"),
    ("(x*y - 1)**2", (1.0, 1.0), "xy = 1"),
    ("(x*y - 1)**2", (0.7, 1 / 0.7), "xy = 1"),
    ("(x**2 + y**2 - 1)**2", (0.6, 0.8), "x² + y² = 1"),
    ("(x**2 + y**2 - 1)**2", (0.6123724356957945, 0.7905694150420949), "x² + y² = 1"),
    ("cos(x**2 + y**2)", (1.7724538509055159, 0.0), "x² + y² = π"),
    ("exp(-(x - y)**2)", (0.0, 0.0), "x − y = 0"),
    ("x**2*exp(y)", (0.0, 1.0), "x = 0"),
    ("x**2*y**2", (0.0, 0.0), ""),
    ("x*y**3", (0.0, 0.0), ""),
    ("sin(x - y**2)**3", (0.0, 0.0), ""),
    ("(y + x*y - x**2)**2*(1 + x)", (0.0, 0.0), ""),
    ("(y*(1 + x) - x**2)**2 + (y*(1 + x) - x**2)**3", (0.0, 0.0), ""),
    ("y**2 + 2*y*sin(x) + sin(x)**2", (0.0, 0.0), None),
    ("y**2*(1 + x)**2 - 2*x**2*y*(1 + x) + x**4", (0.0, 0.0), ""),
]


@pytest.mark.parametrize(("formula", "point", "equation"), CURVES)
def test_curves_of_critical_points(formula: str, point: tuple[float, float], equation: str | None) -> None:
    surface = Surface.from_formula(formula)
    if equation == "x = 1/2":
        surface = Surface.from_formula("(x - 0.5)**2 + 0*y")
    germ = classify(surface, point)
    if equation is None:  # no part of the formula shows it; at least nothing false is said
        assert germ.kind == "degenerate"
        assert germ.isolated is not True
        return
    assert (germ.kind, germ.isolated, germ.index, germ.proved) == ("degenerate", False, None, True)
    assert equation in germ.sentence
    for distance in (1e-3, 1e-2):  # another critical point is near indeed
        assert _smallest_slope(surface, point, distance) < 1e-9


def _smallest_slope(surface: Surface, point: tuple[float, float], distance: float) -> float:
    """The smallest gradient on a circle, by Newton's method on its derivative along the circle, from many angles."""
    angles = np.linspace(0.0, 2 * np.pi, 721)
    for _ in range(8):
        circle = np.asarray(point) + distance * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
        size = np.linalg.norm(surface.gradient(circle), axis=-1)
        best = angles[np.argmin(size)]
        step = angles[1] - angles[0]
        angles = np.linspace(best - 2 * step, best + 2 * step, 201)
    return float(np.min(size))


def test_a_winding_number_confirms_or_contradicts() -> None:
    assert "confirms" in at_origin("x**3 - 3*x*y**2", winding=-2).sentence
    germ = at_origin("x**3 - 3*x*y**2", winding=-1)
    assert (germ.kind, germ.proved, germ.index) == ("degenerate", False, None)
    assert "−2" in germ.sentence
    assert "−1" in germ.sentence


@pytest.mark.parametrize(
    ("formula", "word"),
    [
        ("abs(x)**3 + y**2", "abs"),
        ("sqrt(x**2 + y**2)", "root"),
        ("max(x, y)**2 + x**2", "max"),
        ("exp(-1/(x**2 + y**2))", "not defined"),
        ("cbrt(x)**4 + y**2", "cbrt"),
        ("relu(x)**2 + y**2", "relu"),
    ],
)
def test_what_has_no_taylor_expansion_is_left_undecided(formula: str, word: str) -> None:
    germ = at_origin(formula)
    assert (germ.kind, germ.proved) == ("degenerate", False)
    assert word in germ.sentence


def test_a_point_that_is_not_critical_is_never_decided() -> None:
    surface = Surface.from_formula("x + x**3 + y**2")
    germ = classify(surface, (0.0, 0.0))
    assert not germ.proved


def test_without_exact_coordinates_nothing_is_proved_but_the_kind_is_seen() -> None:
    for formula, kind, index in (
        ("(cos(x) - x)**4 + y**4", "degenerate minimum", 1),
        ("-(cos(x) - x)**4 - y**6", "degenerate maximum", 1),
        ("(cos(x) - x)**3 - 3*(cos(x) - x)*y**2", "monkey saddle", -2),
        ("(cos(x) - x)**3 + y**2", "degenerate saddle", 0),
        ("(y - (cos(x) - x)**2)*(y - 3*(cos(x) - x)**2)", "degenerate saddle", -1),
    ):
        surface = Surface.from_formula(formula)
        point = (0.7390851332151607, 0.0)
        germ = classify(surface, point)
        assert (germ.kind, germ.proved, germ.index) == ("degenerate", False, None)
        assert f"a {kind}" in germ.sentence
        assert "not proved" in germ.sentence
        germ = classify(surface, point, winding=index)
        assert (germ.kind, germ.proved, germ.index) == (kind, False, index)
        assert classify(surface, point, winding=index - 1).kind == "degenerate"


def test_stopping_leaves_it_undecided() -> None:
    germ = at_origin("x**4 + y**4", stop=lambda: True)
    assert (germ.kind, germ.proved) == ("degenerate", False)


def test_the_words() -> None:
    assert at_origin("y**2 + x**4").sentence == (
        "The Hessian is singular along (1, 0), so the second-derivative test fails; once the square is completed f "
        "changes by y² + x⁴: positive in every direction, so a degenerate minimum."
    )
    assert at_origin("(y - x**2)*(y - 3*x**2)").leading == "(y − 2x²)² − x⁴"
    assert at_origin("(x + y)**2 + (x - y)**4").leading == "(y + x)² + 16x⁴"
    assert at_origin("cos(x) + x**2/2 + y**4").leading == "x⁴/24 + y⁴"
    surface = Surface.from_formula("sin(x)*(1 - sin(x)) + y**4")
    point = exact_point(surface, (1.5707963267948966, 0.0))
    assert classify(surface, (1.5707963267948966, 0.0), exact=point).leading == "(x − π/2)²/2 + y⁴"


def test_parameters_are_the_floats_that_they_are() -> None:
    # 0.1 is no tenth in binary, and cos(3.141592653589793) is not -1 to the last digit: no false zeros.
    surface = Surface.from_formula("(a - 0.1)*x**2 + x**4 + y**2", parameters={"a": 0.1})
    assert classify(surface, (0.0, 0.0)).kind == "minimum"
    surface = Surface.from_formula("(1 + cos(a))*x**2 - x**4 + y**2", parameters={"a": 3.141592653589793})
    assert classify(surface, (0.0, 0.0)).kind == "minimum"
    surface = Surface.from_formula("(1 + cos(pi))*x**2 - x**4 + y**2")
    assert classify(surface, (0.0, 0.0)).kind == "degenerate saddle"
