"""The global minimum against published values and dense sampling."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.critical.analysis import analyse_box
from curvtui.engine.critical.boxes import boxes_of
from curvtui.engine.critical.budget import Budget, Clock
from curvtui.engine.critical.field import Field
from curvtui.engine.critical.global_minimum import global_minimum
from curvtui.engine.surface.surface import open_surface

AMPLE = Budget(60.0)


def square(low, high):
    return ((low, high), (low, high))


@pytest.mark.parametrize(
    ("formula", "box", "value", "points"),
    [
        ("rastrigin", square(-5, 6), 0.0, [(0, 0)]),
        ("himmelblau", square(-6, 6), 0.0, None),
        ("six_hump_camel", square(-3, 3), -1.031628453489877, None),
        ("ackley", square(-4, 5), 0.0, [(0, 0)]),
        ("goldstein_price", square(-2, 2), 3.0, [(0, -1)]),
        ("beale", square(-4, 4), 0.0, [(3, 0.5)]),
        # On the border: at a corner, and along an edge.
        ("x + y", square(-2, 3), -4.0, [(-2, -2)]),
        ("(x - 5)**2 + (y - 1)**2", square(-2, 3), 4.0, [(3, 1)]),
        ("x**2 - y**2", square(-1, 2), -4.0, [(0, 2)]),
        # On a curve, at kinks, at a jump, and at the edge of the domain.
        ("(x*y - 1)**2", square(-2, 2), 0.0, None),
        ("abs(x - 0.3) + abs(y)", square(-1, 1), 0.0, [(0.3, 0)]),
        ("sqrt(abs(sin(x) - y)) + x**2/9", square(-1, 2), 0.0, [(0, 0)]),
        ("floor(x) + y**2", square(-1.5, 2), -2.0, None),
        ("sqrt(x) + y**2", square(-1, 2), 0.0, [(0, 0)]),
        # Rounding makes 1e-8 of these zeros: their exact values count.
        ("sqrt(1 - x**2 - y**2)", square(-2, 2), 0.0, None),
        ("100*sqrt(abs(y - 0.01*x**2)) + 0.01*abs(x + 10)", ((-15, -5), (-3, 3)), 0.0, [(-10, 1)]),
        ("x**x + y**2", ((0, 2), (-1, 1)), 0.6922006275553463, [(0.36787944117144233, 0)]),
        ("x**4 - 4*x**3 + 6*x**2 - 4*x", ((-1, 3),), -1.0, [(1,)]),
    ],
)
def test_published_values_are_certified(formula, box, value, points):
    least = analyse_box(open_surface(formula, box), budget=AMPLE).global_minimum
    assert least is not None
    assert least.certified
    assert least.value == pytest.approx(value, rel=1e-9, abs=1e-9)
    assert least.lower_bound <= least.value
    if points is not None:
        assert any(least.point == pytest.approx(each, abs=1e-4) for each in points)


@pytest.mark.parametrize("formula", ["1/x + y**2", "log(x) + y**2", "-1/(x**2+y**2)"])
def test_unbounded_below_is_not_certified(formula):
    least = analyse_box(open_surface(formula, square(-1, 2)), budget=AMPLE).global_minimum
    assert least is not None
    assert not least.certified


def test_nowhere_defined():
    surface = open_surface("log(-1 - x**2) + y", square(-1, 2))
    assert analyse_box(surface, budget=AMPLE).global_minimum is None


@pytest.mark.parametrize("formula", ["himmelblau", "rastrigin", "sin(3*x)*cos(2*y) + 0.1*x"])
def test_without_the_search_the_result_is_the_same(formula):
    """From the whole box, and from what the search leaves: two ways to one value."""
    surface = open_surface(formula, square(-3, 4))
    field = Field(surface)
    whole = global_minimum(field, boxes_of(surface.box), Clock(AMPLE), Clock(AMPLE))
    assert whole is not None
    assert whole.certified
    assert whole.value == pytest.approx(analyse_box(surface, budget=AMPLE).global_minimum.value, rel=1e-8, abs=1e-8)


numbers = st.integers(-30, 30).map(lambda n: n / 10)


@settings(derandomize=True, deadline=None, max_examples=15)
@given(st.lists(numbers, min_size=8, max_size=8), st.sampled_from(["abs(x-0.3)", "exp(-x*y)", "sin(3*x)", "x*y**3"]))
def test_no_sample_is_below(c, extra):
    formula = (
        f"({c[0]})*x + ({c[1]})*y + ({c[2]})*x*y + ({c[3]})*sin(({c[4]})*x + ({c[5]})*y) + ({c[6]})*x**2*y + {extra}"
    )
    surface = open_surface(formula, square(-1.5, 2))
    least = analyse_box(surface, budget=AMPLE).global_minimum
    samples = np.stack(np.meshgrid(*[np.linspace(-1.5, 2, 300)] * 2), axis=-1)
    assert least.certified
    assert np.min(surface.value(samples)) >= least.lower_bound
    assert least.value == surface.value_at(least.point)


@pytest.mark.parametrize(
    "formula",
    [
        "sqrt(abs(sin(sqrt(abs(x**2 + y))))) + 0.01*(x + y)",  # rounding hides the kinks' values
        "x**2*sin(y)/y + 1/x",  # unbounded below
    ],
)
def test_no_time_is_lost_where_nothing_is_gained(formula):
    field = Field(open_surface(formula, square(-10, 10)))
    clock = Clock(Budget(60.0))
    global_minimum(field, boxes_of(field.surface.box), clock, Clock(Budget(0.2)))
    assert not clock.stopped
