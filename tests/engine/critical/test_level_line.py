import math

import pytest

from curvtui.engine.critical.closed_value import to_float
from curvtui.engine.critical.curves import is_flat
from curvtui.engine.critical.level_line import critical_curve
from curvtui.engine.surface.surface import Surface, open_surface


@pytest.mark.parametrize(
    ("formula", "point", "text"),
    [
        ("(x**2 + y**2 - 1)**2", (0.28, 0.9601), "x² + y² = 1"),
        ("(x*y - 1)**2*exp(x)", (1.5001, 2 / 3), "xy = 1"),
        ("sin(x + 2*y)", (math.pi / 4, math.pi / 8 + 1e-5), "x + 2y = π/2"),
        ("exp(-(y - x**2)**4) + 3", (0.7, 0.4900001), "y − x² = 0"),
        ("(x**3 - x - 1)**2 + 0*y", (1.32472, 0.3), "x³ − x = 1"),
        ("log(1 + (y - sin(x))**2)", (1.0, math.sin(1.0)), "y − sin(x) = 0"),
    ],
)
def test_curves_near_a_point(formula: str, point: tuple[float, float], text: str) -> None:
    surface = Surface.from_formula(formula)
    found = critical_curve(surface, point, radius=1e-3)
    assert found is not None
    assert found.text == text


@pytest.mark.parametrize(
    ("formula", "point"),
    [
        ("x**2 + y**2", (0.0, 0.0)),
        ("x**4 + y**4", (0.0, 0.0)),
        ("(x**2 + y**2 - 1)**2", (0.0, 0.0)),
        ("(x**2 + y**2 - 1)**2 + x**6/1000", (0.6, 0.8)),
        ("(x*y - 1)**2 + (x - 1)**4", (1.0, 1.0)),
        ("(x**2 + y**2)**2", (0.0, 0.0)),
        ("x + y", (0.5, 0.5)),
    ],
)
def test_no_curve(formula: str, point: tuple[float, float]) -> None:
    assert critical_curve(Surface.from_formula(formula), point, radius=1e-4) is None


def test_presets_have_none_at_their_minima() -> None:
    for name in ("quartic", "rosenbrock", "booth"):
        assert critical_curve(open_surface(name), (1.0, 1.0)) is None


def test_flatness_is_about_one_level_only() -> None:
    surface = Surface.from_formula("cos(x**2 + y**2) + 0*x")
    tape = surface.model.value
    found = critical_curve(surface, (math.sqrt(math.pi), 0.0))
    assert found is not None
    assert to_float(found.level) == math.pi
    assert is_flat(tape, (), found.register, found.level)
    assert not is_flat(tape, (), found.register, 3)


def test_parameters_count() -> None:
    surface = Surface.from_formula("(x**2 + y**2 - a)**2", parameters={"a": 0.25})
    found = critical_curve(surface, (0.3, 0.4), radius=1e-6)
    assert found is not None
    assert found.text == "x² + y² = 1/4"
    assert critical_curve(surface.with_parameters(a=0.26), (0.3, 0.4), radius=1e-6) is None
