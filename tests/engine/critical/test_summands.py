"""Sums g(x) + h(y): their critical points are the pairs of those of g and h."""

from collections import Counter

import numpy as np
import pytest

from curvtui.engine.critical import analysis as analysis_module
from curvtui.engine.critical.analysis import Verdict, analyse_box
from curvtui.engine.critical.budget import Budget
from curvtui.engine.surface.surface import open_surface

AMPLE = Budget(60.0)


def square(low, high):
    return ((low, high), (low, high))


@pytest.mark.parametrize(
    ("formula", "box", "kinds"),
    [
        ("x**20 + y**20", square(-1, 1.3), {"degenerate minimum": 1}),
        ("-(x**20 + y**2)", square(-1, 1.3), {"degenerate maximum": 1}),
        ("(x - 1)**6 + (y**2 - 2)**4", square(-2, 2), {"degenerate minimum": 2, "degenerate saddle": 1}),
        ("x**3 + y**5 - x**4", square(-2, 2), {"degenerate saddle": 2}),
        ("y**6 - x**4", square(-2, 2), {"degenerate saddle": 1}),
        # sin⁶ is flat at its zeros k/2: maxima of -sin⁶ of order 6, between them minima.
        (
            "-sin(2*pi*x)**6 - sin(2*pi*y)**6",
            square(-0.1, 1.1),
            {"degenerate maximum": 9, "degenerate saddle": 12, "minimum": 4},
        ),
    ],
)
def test_isolated_points_of_high_order_are_proved(formula, box, kinds):
    analysis = analyse_box(open_surface(formula, box), budget=AMPLE)
    assert analysis.completeness.verdict is Verdict.COMPLETE
    assert Counter(each.kind.value for each in analysis.points) == kinds
    assert all(each.certified and each.exact for each in analysis.points if each.decided_by)
    assert analysis.completeness.index_sum == analysis.completeness.boundary_winding
    for each in analysis.points:
        circle = np.linspace(0.0, 2.0 * np.pi, 720, endpoint=False)
        around = np.array(each.point) + 0.05 * np.stack([np.cos(circle), np.sin(circle)], axis=1)
        above = np.sign(analysis.surface.value(around) - each.value)
        if each.kind.value.endswith("minimum"):
            assert (above > 0).all()
        elif each.kind.value.endswith("maximum"):
            assert (above < 0).all()
        elif each.decided_by:
            assert np.count_nonzero(above != np.roll(above, 1)) == 2 * each.decided_by.sectors


@pytest.mark.parametrize(
    "formula", ["rastrigin", "sin(3*x) + cos(2*y) - y/3", "x**4 - 2*x**2 + y**3 - y", "1/x + x + y**2"]
)
def test_the_same_as_the_search_finds(formula, monkeypatch):
    surface = open_surface(formula, square(-1.9, 2.3))
    pairs = analyse_box(surface, budget=AMPLE)
    monkeypatch.setattr(analysis_module, "separated", lambda surface: None)
    searched = analyse_box(surface, budget=AMPLE)
    assert len(pairs.points) == len(searched.points) > 0
    found = [
        sorted(analysis.points, key=lambda each: tuple(round(x, 9) for x in each.point))
        for analysis in (pairs, searched)
    ]
    for one, other in zip(*found, strict=True):
        assert one.kind is other.kind
        assert one.index == other.index
        assert one.is_global_minimum is other.is_global_minimum
        assert np.allclose((*one.point, one.value), (*other.point, other.value), rtol=1e-12, atol=1e-12)
    assert pairs.completeness.verdict is searched.completeness.verdict
    if searched.global_minimum is not None and searched.global_minimum.certified:
        assert np.isclose(pairs.global_minimum.value, searched.global_minimum.value, rtol=1e-9)


@pytest.mark.parametrize(
    ("formula", "least"), [("tan(x) + y**2", None), ("x - floor(x) + y**2", 0.0), ("sqrt(x) + y", -2.0)]
)
def test_where_a_part_jumps_or_ends_the_minimum_is_looked_for_everywhere(formula, least):
    analysis = analyse_box(open_surface(formula, square(-2, 2)), budget=Budget(2.0))
    found = analysis.global_minimum
    if least is None:
        assert not found.certified
    else:
        assert found.value == pytest.approx(least, abs=1e-6)


def test_a_huge_box_costs_two_of_one_variable():
    """Beyond |x| = 10π the slope 2x has the last word: 125 critical points an axis, of 10⁶ waves that fit."""
    analysis = analyse_box(open_surface("rastrigin", square(-500, 500)), budget=AMPLE)
    assert analysis.completeness.verdict is Verdict.COMPLETE
    assert len(analysis.points) == 125**2
    assert analysis.completeness.index_sum == analysis.completeness.boundary_winding == 1


def test_a_search_that_is_out_of_time_proves_nothing():
    analysis = analyse_box(open_surface("rastrigin"), budget=Budget(0.0))
    assert analysis.completeness.verdict is Verdict.BUDGET_REACHED


@pytest.mark.parametrize(
    ("formula", "regular", "open_at"),
    [
        # g = |x² - 1| has a maximum and two kinks, h a minimum and a kink.
        ("abs(x**2 - 1) + y**2", {(0.0, 0.0): "saddle"}, [(-1.0, 0.0), (1.0, 0.0)]),
        ("abs(x) + max(y, -2*y)", {}, [(0.0, 0.0)]),
    ],
)
def test_kinks_of_one_part_stay_open_only_where_the_other_is_critical(formula, regular, open_at):
    analysis = analyse_box(open_surface(formula, square(-1.6, 1.9)), budget=AMPLE)
    assert {each.point: each.kind.value for each in analysis.points} == regular
    left = analysis.completeness.unresolved
    assert analysis.completeness.verdict is Verdict.EXCEPT_UNRESOLVED
    assert {region.reason.value for region in left} == {"non-smooth"}
    assert len(left) == len(open_at)
    for place in open_at:
        (found,) = [r for r in left if all(a <= x <= b for x, (a, b) in zip(place, r.box, strict=True))]
        assert all(b - a < 1e-6 for a, b in found.box)


def test_a_flat_stretch_of_one_part_is_a_curve():
    analysis = analyse_box(open_surface("relu(x)**2 + y**2", square(-1.6, 1.9)), budget=AMPLE)
    assert all(region.box[1][0] <= 0.0 <= region.box[1][1] for region in analysis.completeness.unresolved)
    assert "curve" in {region.reason.value for region in analysis.completeness.unresolved}
    assert analysis.global_minimum.certified
    assert analysis.global_minimum.value == 0.0


def test_the_minimum_at_a_kink_of_both_parts_is_found():
    formula = "abs(x**5 - 3*x**4 + 4*x**3 + 2*x**2 - 10*x - 4) + abs(y**5 - 3*y**4 + 4*y**3 + 2*y**2 - 10*y - 4)"
    analysis = analyse_box(open_surface(formula, square(-10, 10)), budget=AMPLE)
    assert analysis.global_minimum.certified
    assert analysis.global_minimum.value == pytest.approx(0.0, abs=1e-12)
