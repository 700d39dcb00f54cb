"""Everything about a box, on surfaces whose critical points are known by hand or from the literature."""

import json
import math
from collections import Counter

import numpy as np
import pytest

from curvtui.engine.critical.analysis import Verdict, analyse_box
from curvtui.engine.critical.boxes import boxes_of
from curvtui.engine.critical.budget import Budget
from curvtui.engine.critical.closed_value import to_float
from curvtui.engine.critical.clusters import clusters
from curvtui.engine.critical.critical_point import Kind
from curvtui.engine.critical.search import Reason
from curvtui.engine.surface.surface import open_surface

AMPLE = Budget(60.0)


def analysed(formula, box=None):
    return analyse_box(open_surface(formula, box), budget=AMPLE)


def square(low, high):
    return ((low, high), (low, high))


def kinds(analysis):
    return dict(Counter(each.kind.value for each in analysis.points))


@pytest.mark.parametrize(
    ("formula", "box", "minima", "maxima", "saddles"),
    [
        ("rastrigin", square(-5, 6), 144, 121, 264),
        ("himmelblau", square(-6, 6), 4, 1, 4),
        ("six_hump_camel", square(-3, 3), 6, 2, 7),
        ("sin(x)*sin(y)", square(-5, 6), 8, 8, 9),
        ("quartic", square(-2, 2), 2, 0, 1),
        ("double_well", square(-2, 2), 2, 0, 1),
        ("rosenbrock", square(-2, 2), 1, 0, 0),
        ("bowl", square(-2, 2), 1, 0, 0),
        ("x + y", square(-2, 2), 0, 0, 0),
    ],
)
def test_known_lists_are_complete(formula, box, minima, maxima, saddles):
    analysis = analysed(formula, box)
    counted = kinds(analysis)
    assert (counted.get("minimum", 0), counted.get("maximum", 0), counted.get("saddle", 0)) == (minima, maxima, saddles)
    assert len(analysis.points) == minima + maxima + saddles
    assert all(each.certified for each in analysis.points)
    assert analysis.completeness.verdict is Verdict.COMPLETE
    assert analysis.completeness.unresolved == ()
    assert analysis.completeness.index_sum == minima + maxima - saddles
    assert analysis.completeness.boundary_winding == minima + maxima - saddles


def test_points_of_the_running_example():
    first, second, saddle = analysed("quartic").points
    assert [first.point, second.point, saddle.point] == [(-1.0, -1.0), (1.0, 1.0), (0.0, 0.0)]
    assert saddle.eigenvalues == pytest.approx((-4.0, 4.0))
    assert first.eigenvalues == pytest.approx((8.0, 16.0))
    assert first.condition_number == pytest.approx(2.0)
    assert (first.index, saddle.index) == (1, -1)
    assert first.is_global_minimum
    assert second.is_global_minimum
    assert not saddle.is_global_minimum
    assert "both signs" in saddle.sentence


def test_points_are_polished_and_enclosed():
    """At multiples of π/2, compared to the last bits."""
    for each in analysed("sin(x)*sin(y)", square(-5, 6)).points:
        for coordinate, (low, high) in zip(each.point, each.enclosure, strict=True):
            exact = round(coordinate / (math.pi / 2)) * math.pi / 2
            assert low <= coordinate <= high
            assert high - low < 1e-14
            assert coordinate == pytest.approx(exact, rel=4e-16, abs=1e-300)


@pytest.mark.parametrize(
    ("formula", "box", "kind", "index"),
    [
        ("x**4 + y**4", square(-1, 1.3), Kind.DEGENERATE_MINIMUM, 1),
        ("monkey_saddle", square(-2, 2), Kind.MONKEY_SADDLE, -2),
        ("x**3 - 3*x*y**2", ((-0.7, 2.9), (-1.3, 0.4)), Kind.MONKEY_SADDLE, -2),
        ("x**3*y - x*y**3", square(-2, 2), Kind.DEGENERATE_SADDLE, -3),
        ("(y - x**2)*(y - 3*x**2)", square(-2, 2), Kind.DEGENERATE_SADDLE, -1),
        ("(x-1)**4 + (y-1)**4", square(-2, 2), Kind.DEGENERATE_MINIMUM, 1),
        ("x**4 - 4*x**3 + 6*x**2 - 4*x + y**4 - 4*y**3 + 6*y**2 - 4*y", square(-2, 2.1), Kind.DEGENERATE_MINIMUM, 1),
        ("x**2 + y**3", square(-1, 2), Kind.DEGENERATE, 0),
        ("x**3", ((-1, 2),), Kind.INFLECTION, 0),
        ("-x**4", ((-1, 2),), Kind.DEGENERATE_MAXIMUM, -1),
    ],
)
def test_degenerate_points_are_decided(formula, box, kind, index):
    analysis = analysed(formula, box)
    (point,) = analysis.points
    if kind is not Kind.DEGENERATE:
        assert point.kind is kind
    assert point.index == index
    assert point.certified
    assert analysis.completeness.verdict is Verdict.COMPLETE
    assert analysis.completeness.boundary_winding == index
    assert point.decided_by is not None


@pytest.mark.parametrize(
    ("formula", "box", "curves", "points"),
    [
        ("(x**2 + y**2 - 1)**2", square(-2, 2), 1, {"maximum": 1}),
        ("(x*y - 1)**2", square(-2, 2), 2, {"saddle": 1}),
        ("x**2 + 0*y", square(-2, 2), 1, {}),
        ("(x + y)**2", square(-2, 2.5), 1, {}),
        ("x**2*y**2", square(-2, 2), 1, {}),
        ("sin(x + y)", square(-3, 3.3), 4, {}),
        ("3 + 0*x + 0*y", square(-1, 1), 1, {}),
    ],
)
def test_curves_of_critical_points_are_recognised(formula, box, curves, points):
    analysis = analysed(formula, box)
    assert analysis.completeness.verdict is Verdict.EXCEPT_UNRESOLVED
    assert {region.reason for region in analysis.completeness.unresolved} == {Reason.CURVE}
    around = boxes_of(*[region.box for region in analysis.completeness.unresolved])
    assert len(set(clusters(around))) == curves
    assert kinds(analysis) == points
    assert analysis.global_minimum is not None
    assert analysis.global_minimum.certified


@pytest.mark.parametrize(
    ("formula", "reason", "place"),
    [
        ("sqrt(x**2 + y**2)", Reason.NON_SMOOTH, (0, 0)),
        ("abs(x) + y**2", Reason.NON_SMOOTH, (0, 0)),
        ("max(x, -x) + y**2", Reason.NON_SMOOTH, (0, 0)),
        ("1/(x**2 + y**2)", Reason.UNDEFINED, (0, 0)),
        ("y**2 + log(x - 1) - 3*x", Reason.UNDEFINED, (1, 0)),
    ],
)
def test_other_open_regions_are_explained(formula, reason, place):
    analysis = analysed(formula, square(-2, 2.2))
    regions = [region for region in analysis.completeness.unresolved if region.reason is reason]
    assert any(all(low <= at <= high for at, (low, high) in zip(place, region.box, strict=True)) for region in regions)
    assert analysis.completeness.verdict is Verdict.EXCEPT_UNRESOLVED


@pytest.mark.parametrize("box", [square(-3, 2), ((-3, 2), (0, 2)), ((2, 3), (-1, 4))])
def test_a_point_on_the_border_is_in_the_box(box):
    analysis = analysed("(x-2)**2 + (y-2)**2", box)
    assert [each.point for each in analysis.points] == [(2.0, 2.0)]
    assert analysis.completeness.verdict is Verdict.COMPLETE
    assert analysis.completeness.boundary_winding is None


@pytest.mark.parametrize("gap", [1e-9, 1e-13])
def test_a_point_just_outside_is_not_in_the_box(gap):
    analysis = analysed("(x-2)**2 + (y-1)**2", ((-1, 2 - gap), (0, 3)))
    assert analysis.points == ()
    assert analysis.completeness.verdict is Verdict.COMPLETE
    assert analysis.completeness.boundary_winding == 0
    inside = analysed("(x-2)**2 + (y-1)**2", ((-1, 2 + gap), (0, 3)))
    assert len(inside.points) == 1


def test_the_border_in_closed_form():
    """π as a float is a little less than π: the maximum at (π/2, π/2) is inside, the saddles but (0, 0) are not."""
    analysis = analysed("sin(x)*sin(y)", square(0, math.pi))
    assert sorted(each.kind.value for each in analysis.points) == ["maximum", "saddle"]


def test_a_point_whose_side_is_open_is_listed_and_said_to_be_so():
    """The root of cos x = x lies within an ulp of the box's end, and has no closed form."""
    root = 0.7390851332151607
    analysis = analysed("sin(x) - x**2/2", ((-1, root),))
    assert len(analysis.points) == 1
    assert [region.reason for region in analysis.completeness.unresolved] == [Reason.BOUNDARY]
    assert analysis.completeness.verdict is Verdict.EXCEPT_UNRESOLVED


def test_points_are_sorted_by_value_then_place():
    points = analysed("himmelblau", square(-6, 6)).points
    assert [(p.value, p.point) for p in points] == sorted((p.value, p.point) for p in points)


def test_budget_reached_is_said_and_everything_listed_is_right():
    surface = open_surface("cos(x)*cos(2*y) + x*y/1000", square(-500, 500))
    analysis = analyse_box(surface, budget=Budget(60.0, boxes=20_000))
    assert analysis.completeness.verdict is Verdict.BUDGET_REACHED
    assert Reason.BUDGET in {region.reason for region in analysis.completeness.unresolved}
    for each in analysis.points:
        assert np.abs(surface.gradient(np.array(each.point))).max() < 1e-9


def test_cancelled_at_once():
    calls = 0

    def cancelled():
        nonlocal calls
        calls += 1
        return True

    analysis = analyse_box(open_surface("rastrigin"), budget=AMPLE, cancelled=cancelled)
    assert calls
    assert analysis.completeness.verdict is Verdict.BUDGET_REACHED
    assert analysis.points == ()


def test_another_box_and_parameters():
    surface = open_surface("(1-x)**2 + a*(y-x**2)**2", parameters={"a": 100.0})
    (point,) = analyse_box(surface.with_parameters(a=3.0), square(-1.5, 1.7), AMPLE).points
    assert point.point == (1.0, 1.0)
    assert point.eigenvalues == pytest.approx(np.linalg.eigvalsh([[26.0, -12.0], [-12.0, 6.0]]))


def test_one_variable():
    analysis = analysed("sin(x) + x/3", ((-7, 9),))
    exact = sorted(
        x for k in range(-2, 3) for x in (2 * math.pi * k + math.acos(-1 / 3), 2 * math.pi * k - math.acos(-1 / 3))
    )
    assert sorted(p.point[0] for p in analysis.points) == pytest.approx([x for x in exact if -7 < x < 9], rel=1e-15)
    assert analysis.completeness.index_sum == analysis.completeness.boundary_winding


def test_everything_is_plain_data():
    analysis = analysed("quartic")
    json.dumps([[p.point, p.value, p.eigenvalues, p.eigenvectors, p.enclosure, p.index] for p in analysis.points])


@pytest.mark.parametrize("scale", ["1e-200", "1e-30", "1e30", "1e150"])
def test_the_scale_of_f_does_not_matter(scale):
    analysis = analysed(f"{scale}*(x**4 + y**4 - 4*x*y + 1)", square(-2, 2))
    assert kinds(analysis) == {"minimum": 2, "saddle": 1}
    assert all(each.certified for each in analysis.points)
    assert analysis.completeness.verdict is Verdict.COMPLETE
    assert analysis.global_minimum is not None
    assert analysis.global_minimum.certified


@pytest.mark.parametrize("scale", [1e-60, 1e-9, 1e9, 1e60])
def test_the_scale_of_the_box_does_not_matter(scale):
    analysis = analysed(f"(x/{scale})**4 + (y/{scale})**4 - 4*x*y/{scale}/{scale}", square(-2 * scale, 2.1 * scale))
    assert kinds(analysis) == {"minimum": 2, "saddle": 1}
    assert analysis.completeness.verdict is Verdict.COMPLETE


@pytest.mark.parametrize("gap", [1e-3, 1e-5, 1e-7, 1e-10])
def test_points_close_to_each_other_are_told_apart(gap):
    analysis = analysed(f"(x**2 - {gap}**2)**2 + y**2", square(-2, 2.1))
    assert sorted(each.point for each in analysis.points) == pytest.approx([(-gap, 0.0), (0.0, 0.0), (gap, 0.0)])
    assert analysis.completeness.verdict is Verdict.COMPLETE


@pytest.mark.parametrize(
    "formula", ["x**2 + 1e-14*y**2", "1e-12*x**2 + 2*x*y + 2e12*y**2", "(x + y)**2 + 1e-9*(x - y)**2"]
)
def test_very_unequal_curvatures(formula):
    (point,) = analysed(formula, square(-2, 2.1)).points
    assert point.kind is Kind.MINIMUM
    assert point.point == (0.0, 0.0)


@pytest.mark.parametrize(
    ("formula", "size"), [("x**6*(sin(1/x)+2) + y**6*(sin(1/y)+2)", 1.0), ("sin(x)*sin(y)", 500.0)]
)
def test_a_budget_that_runs_out_still_lists_certified_points(formula, size):
    analysis = analyse_box(open_surface(formula, square(-size, size)), budget=Budget(60.0, 70_000))
    assert analysis.completeness.verdict is Verdict.BUDGET_REACHED
    assert any(region.reason is Reason.BUDGET for region in analysis.completeness.unresolved)
    assert sum(each.certified for each in analysis.points) > 100
    places = {each.point for each in analysis.points}
    assert len(places) == len(analysis.points)


def test_a_cancelled_analysis_claims_nothing():
    polls = iter(range(10**9))
    analysis = analyse_box(open_surface("rastrigin"), cancelled=lambda: next(polls) > 12)
    assert analysis.completeness.verdict is Verdict.BUDGET_REACHED
    assert [region.box for region in analysis.completeness.unresolved] == [analysis.box]


def test_regular_points_have_exact_coordinates():
    analysis = analyse_box(open_surface("x**3 - 3*x*y**2 + sqrt(2)*(x**2 + y**2)", ((-3, 3), (-3, 3))))
    exact = {each.exact.text for each in analysis.points if each.exact is not None}
    # grad = (3x² − 3y² + 2√2 x, −6xy + 2√2 y): zero at 0, at x = −2√2/3, y = 0, and at x = √2/3, y² = x² + 2√2x/3.
    assert exact == {("0", "0"), ("−2√2/3", "0"), ("√2/3", "√6/3"), ("√2/3", "−√6/3")}
    for each in analysis.points:
        assert each.exact is not None
        assert each.point == pytest.approx([float(to_float(x)) for x in each.exact.coordinates], abs=1e-14)


def test_many_terms_do_not_hide_the_points():
    random = np.random.default_rng(5)
    terms = [
        f"{c:.3f}*sin({a:.3f}*x+{b:.3f}*y+{d:.3f})"
        for a, b, c, d in random.uniform([-2, -2, 0.2, 0], [2, 2, 1, 6], (30, 4))
    ]
    surface = open_surface("+".join(terms), ((-2, 2), (-2, 2)))
    analysis = analyse_box(surface, budget=Budget(60.0))
    proof = analysis.completeness
    assert proof.verdict is Verdict.COMPLETE
    assert proof.index_sum == proof.boundary_winding
    assert len(analysis.points) >= 5
