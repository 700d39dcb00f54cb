"""Convexity against functions that are known to be, or not to be, convex."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.critical.analysis import analyse_box
from curvtui.engine.critical.boxes import boxes_of
from curvtui.engine.critical.budget import Budget
from curvtui.engine.critical.convexity import ConvexityVerdict
from curvtui.engine.critical.expanded_hessian import definite_by_expansion
from curvtui.engine.critical.field import Field
from curvtui.engine.surface.surface import open_surface

AMPLE = Budget(60.0)
STRICT, CONVEX, NOT, OPEN = ConvexityVerdict


def square(low, high):
    return ((low, high), (low, high))


def verdict(formula, box):
    return analyse_box(open_surface(formula, box), budget=AMPLE).convexity


@pytest.mark.parametrize(
    ("formula", "box", "expected"),
    [
        ("x**2 + y**2", square(-2, 2), STRICT),
        ("quadratic", square(-2, 2), STRICT),
        ("exp(x) + exp(-y) + x*y/9", square(-1, 1), STRICT),
        ("x**2", ((-1, 2),), STRICT),
        ("exp(x)", ((-3, 3),), STRICT),
        # Entries that vary by hundreds over the box, but together: a term of rank one.
        ("x**2 + y**2 + (0.5*(x + 2*y))**2 + (0.5*(x + 2*y))**4", square(-5, 10), STRICT),
        ("0.1*(x**2 + y**2) + (x - y)**4", square(-3, 3), STRICT),
        ("x**4 + y**4", square(-1, 1.3), CONVEX),
        ("x**4", ((-1, 2),), CONVEX),
        ("x**2 + 0*y", square(-1, 2), CONVEX),
        ("x + y", square(-1, 2), CONVEX),
        ("(x + y)**2", square(-1, 2), CONVEX),
        ("x*y", square(-1, 2), NOT),
        ("x**3", ((-1, 2),), NOT),
        ("quartic", square(-2, 2), NOT),
        ("rosenbrock", square(-2, 2), NOT),
        ("-x**2 - y**2", square(-2, 2), NOT),
        ("cos(x) + y**2", square(-0.2, 0.1), NOT),
    ],
)
def test_known(formula, box, expected):
    assert verdict(formula, box).verdict is expected


@pytest.mark.parametrize(
    "formula",
    ["floor(x) + y**2", "sign(x) + y", "1/x + y**2", "sqrt(x) + y**2", "-abs(x) + y**2", "min(x, y)", "x - relu(y)"],
)
def test_convexity_is_not_claimed_across_kinks_jumps_and_holes(formula):
    assert verdict(formula, square(-2, 2.1)).verdict in (NOT, OPEN)


def test_on_a_part_of_the_surface():
    assert verdict("cos(x)", ((2.0, 4.0),)).verdict is STRICT
    assert verdict("rosenbrock", square(0.999, 1.001)).verdict is STRICT


def test_the_witness_is_the_running_examples_saddle():
    witness = verdict("quartic", square(-2, 2)).witness
    assert witness.point == (0.0, 0.0)
    assert witness.eigenvalue == pytest.approx(-4.0)


numbers = st.integers(-30, 30).map(lambda n: n / 10)


@settings(derandomize=True, deadline=None, max_examples=25)
@given(st.lists(numbers, min_size=6, max_size=6))
def test_against_midpoints_and_finite_differences(c):
    formula = f"({c[0]})*x**2 + ({c[1]})*x*y + ({c[2]})*y**2 + ({c[3]})*x**4 + exp(({c[4]})*x + ({c[5]})*y)"
    surface = open_surface(formula, square(-1, 1))
    found = analyse_box(surface, budget=AMPLE).convexity
    random = np.random.default_rng(0)
    a, b = random.uniform(-1, 1, (2, 4000, 2))
    gap = 0.5 * surface.value(a) + 0.5 * surface.value(b) - surface.value(0.5 * a + 0.5 * b)
    size = np.max(np.abs(surface.value(a)))
    if found.verdict in (STRICT, CONVEX):
        assert np.min(gap) >= -1e-12 * size
    elif found.verdict is NOT:
        point, h = np.array(found.witness.point), 1e-3
        _, vectors = np.linalg.eigh(surface.hessian(point))
        step = h * vectors[:, 0]
        second = (surface.value(point + step) - 2 * surface.value(point) + surface.value(point - step)) / h**2
        assert second == pytest.approx(found.witness.eigenvalue, rel=1e-2, abs=1e-6 * size)
        assert found.witness.eigenvalue < 0


@settings(max_examples=40, deadline=None, derandomize=True)
@given(*[st.floats(-2, 2)] * 4, st.floats(-1, 1), st.floats(0.01, 1.5))
def test_definite_boxes_have_no_other_hessian(a, b, x, y, c, half):
    """(x + ay)⁴ + b(y − x²)² + c(x² + y²): against eigenvalues at many points of the box."""
    surface = open_surface(f"(x + ({a})*y)**4 + ({b})*(y - x**2)**2 + ({c})*(x**2 + y**2)", square(-5, 5))
    box = ((x - half, x + half), (y - half, y + half))
    (proved,) = definite_by_expansion(Field(surface), boxes_of(box))
    points = np.stack([axis.ravel() for axis in np.meshgrid(*(np.linspace(*side, 15) for side in box))], axis=-1)
    least = float(np.min(np.linalg.eigvalsh(surface.hessian(points))))
    assert not proved or least > 0.0


def test_the_expansion_decides_boxes_that_are_not_tiny():
    field = Field(open_surface("x**2 + y**2 + (x + 2*y)**4", square(-5, 5)))
    assert definite_by_expansion(field, boxes_of(((3.0, 3.05), (2.0, 2.05)))).all()
