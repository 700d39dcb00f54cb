import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.critical.closed_value import to_float
from curvtui.engine.critical.exact import exact_point
from curvtui.engine.surface.presets import find_preset
from curvtui.engine.surface.surface import Surface, open_surface

FOUND = [
    ("x**4 + y**4 - 4*x*y + 1", (1.0, 1.0), ("1", "1"), "−1"),
    ("sin(x)*sin(y)", (math.pi / 2, -math.pi / 2), ("π/2", "−π/2"), "−1"),
    ("x**3 - 2*x + y**2 - y", (math.sqrt(2 / 3), 0.5), ("√6/3", "1/2"), None),
    ("sin(x) + x/2 + y**2", (2 * math.pi / 3, 0.0), ("2π/3", "0"), "π/3 + √3/2"),
    ("exp(x) - 2*x + y**2", (math.log(2), 0.0), ("log 2", "0"), "2 − 2·log 2"),
    ("x*log(x) + y**2", (math.exp(-1), 0.0), ("1/e", "0"), "−1/e"),
    ("x*exp(-x**2/2 - y**2/2)", (1.0, 0.0), ("1", "0"), "e^(−1/2)"),
    ("x**5/5 - 2*x + y**2", (2**0.25, 0.0), ("∜2", "0"), "−8∜2/5"),
    ("x**3/3 - x**2/2 - x + y**2", ((1 + math.sqrt(5)) / 2, 0.0), ("1/2 + √5/2", "0"), None),
    ("x**2*exp(-x)", (2.0,), ("2",), None),
    ("cos(x**2)", (math.sqrt(math.pi),), ("√π",), "−1"),
    ("(x - 0.123)**2", (0.123,), ("0.123",), "0"),
    ("x**2 - 2*pi*x/7", (math.pi / 7,), ("π/7",), None),
]


@pytest.mark.parametrize(("formula", "point", "coordinates", "value"), FOUND, ids=[row[0] for row in FOUND])
def test_found(formula: str, point: tuple[float, ...], coordinates: tuple[str, ...], value: str | None) -> None:
    found = exact_point(Surface.from_formula(formula), point)
    assert found is not None
    assert found.text == coordinates
    for exact, given_value in zip(found.coordinates, point, strict=True):
        assert to_float(exact) == pytest.approx(given_value, rel=1e-15, abs=1e-15)
    if value is not None:
        assert found.value_text == value


FALSE_FRIENDS = [
    ("x**2 - 2*0.3333333333*x", (0.3333333333,), "0.3333333333"),
    ("(x - 1.41421356237)**2", (1.41421356237,), "1.41421356237"),
    ("(x - 3.14159265359)**2", (3.14159265359,), "3.14159265359"),
    ("cos(x) - x**2/2 + 0*y", (0.0, 0.25), None),
]


@pytest.mark.parametrize(("formula", "point", "decimal"), FALSE_FRIENDS)
def test_false_friends(formula: str, point: tuple[float, ...], decimal: str | None) -> None:
    # With a radius that holds 1/3, √2 or π as well.
    found = exact_point(Surface.from_formula(formula), point, radius=1e-9)
    assert found is not None
    if decimal:
        assert found.coordinates == (Fraction(decimal),)


@pytest.mark.parametrize(
    ("formula", "point"),
    [
        ("x**3 - x + 1e-9*x**2", (0.5773502688563,)),  # near 1/√3
        ("x**4/4 - x**2/2 + 1e-13*x", (0.99999999999995,)),  # near 1
        ("sin(x) + 1e-13*x", (1.5707963267948966 + 1e-13,)),  # near π/2
        ("(cos(x) - x)**2", (0.7390851332151607,)),
        ("x**6/6 - x**2/2 - x", (1.1673039782614187,)),  # x⁵ = x + 1 has no solution in radicals
        ("(x - a)**2", (0.1,)),  # exactly the float 0.1, which is no tenth
    ],
)
def test_nothing_is_made_up(formula: str, point: tuple[float, ...]) -> None:
    surface = Surface.from_formula(formula, parameters={"a": 0.1} if "a" in formula.replace("tan", "") else {})
    found = exact_point(surface, point, radius=1e-8)
    assert found is None or ("(x - a)" in formula and found.coordinates == (Fraction(0.1),))


def test_far_candidates_are_found_within_a_large_radius() -> None:
    surface = Surface.from_formula("(x - 1/3)**4 + (y + sqrt(2))**4")
    found = exact_point(surface, (0.33335, -1.41417), radius=1e-4)
    assert found is not None
    assert found.text == ("1/3", "−√2")


def test_outside_the_radius_nothing_is_found() -> None:
    surface = Surface.from_formula("x**2 + y**2")
    assert exact_point(surface, (1e-3, 0.0), radius=1e-4) is None
    assert exact_point(surface, (1e-3, 0.0), radius=(1e-2, 1e-4)) is not None


def test_presets() -> None:
    for name, point, text in (
        ("quartic", (-1.0, -1.0), ("−1", "−1")),
        ("himmelblau", (3.0, 2.0), ("3", "2")),
        ("rosenbrock", (1.0, 1.0), ("1", "1")),
        ("booth", (1.0, 3.0), ("1", "3")),
    ):
        assert find_preset(name) is not None
        found = exact_point(open_surface(name), point)
        assert found is not None
        assert found.text == text
    assert exact_point(open_surface("himmelblau"), (-2.805118086952745, 3.131312518250573)) is None
    assert exact_point(open_surface("easom"), (math.pi, math.pi)) is not None


@settings(derandomize=True, deadline=None, max_examples=40)
@given(
    st.fractions(min_value=-3, max_value=3, max_denominator=60),
    st.integers(-5, 5),
    st.integers(2, 11).filter(lambda n: math.isqrt(n) ** 2 != n),
    st.integers(1, 4),
)
def test_known_critical_points_are_found(a: Fraction, b: int, c: int, d: int) -> None:
    # f' vanishes at a in x, and at (b ± √c)/d in y: the roots of d²y² − 2bdy + b² − c.
    formula = f"(x - ({a}))**2 + {d * d}*y**3/3 - ({b * d})*y**2 + ({b * b - c})*y"
    surface = Surface.from_formula(formula, [(-20, 20), (-20, 20)])
    point = (float(a), (b + math.sqrt(c)) / d)
    found = exact_point(surface, point)
    assert found is not None
    assert found.coordinates[0] == a
    assert to_float(found.coordinates[1]) == pytest.approx(point[1], rel=1e-14)


def test_stopping() -> None:
    assert exact_point(Surface.from_formula("x**2 + y**2"), (0.0, 0.0), stop=lambda: True) is None
