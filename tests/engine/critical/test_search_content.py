"""What the search says where time is short, f is flat, or rounding hides it: true words, and something to show."""

import math

import numpy as np
import pytest

from curvtui.engine.critical.analysis import Verdict, analyse_box
from curvtui.engine.critical.boxes import boxes_of
from curvtui.engine.critical.budget import Budget
from curvtui.engine.critical.critical_point import Kind
from curvtui.engine.critical.field import Field
from curvtui.engine.critical.found import Reason
from curvtui.engine.critical.newton import newton_step
from curvtui.engine.critical.valley import valley_points
from curvtui.engine.surface.surface import open_surface


def square(low, high):
    return ((low, high), (low, high))


def analysed(formula, box, boxes=20_000_000):
    return analyse_box(open_surface(formula, box), budget=Budget(60.0, boxes))


def test_partial_results_where_critical_points_are_on_the_axes_only():
    """sin(x² − y²) and the decay have independent gradients off the axes: no corner of the view has anything."""
    analysis = analysed("0.5+(sin(x**2-y**2)**2-0.5)/(1+0.001*(x**2+y**2))**2", square(-100, 100), 60_000)
    assert analysis.completeness.verdict is Verdict.BUDGET_REACHED
    assert len(analysis.points) >= 4
    for each in analysis.points:
        assert min(map(abs, each.point)) == 0.0


def test_partial_results_are_true_and_tiles_are_done_with():
    analysis = analysed("sin(x)*sin(y)", square(-500, 500), 50_000)
    assert len(analysis.points) > 1000
    for each in analysis.points:
        steps = [x / (math.pi / 2) for x in each.point]
        assert [round(step) for step in steps] == pytest.approx(steps, abs=1e-9)
        assert round(steps[0]) % 2 == round(steps[1]) % 2
        assert each.kind is Kind.SADDLE if round(steps[0]) % 2 == 0 else each.kind is not Kind.SADDLE
    # Every critical point is listed or in a region: those of a row next to the middle.
    listed = {tuple(round(x / (math.pi / 2)) for x in each.point) for each in analysis.points}
    regions = [region.box for region in analysis.completeness.unresolved]
    for i in range(-317, 318):
        for j in (-1, 0, 1, 2):
            if (i - j) % 2 == 0 and (i, j) not in listed:
                x, y = i * math.pi / 2, j * math.pi / 2
                assert any(a <= x <= b and c <= y <= d for (a, b), (c, d) in regions)


def test_a_flat_point_that_cancellation_hides_is_decided():
    """cos x + x²/2 = 1 + x⁴/24 − …: the gradient near 0 is less than its rounding."""
    analysis = analysed("cos(x) + x**2/2 + y**4", square(-2, 2), 200_000)
    (point,) = analysis.points
    assert (point.point, point.kind, point.certified) == ((0.0, 0.0), Kind.DEGENERATE_MINIMUM, True)
    assert analysis.completeness.verdict is Verdict.COMPLETE


def test_rounding_is_noticed_where_cutting_is_no_use():
    field = Field(open_surface("cos(x) + x**2/2 + y**2", square(-2, 2)))
    around = boxes_of(*[((-h, 2 * h), (-h, 2 * h)) for h in (0.5, 0.1, 1e-8, 1e-9)])
    assert newton_step(field, around).hidden.tolist() == [False, False, True, True]
    regular = Field(open_surface("sin(3*x) + x*y + exp(y)", square(-2, 2)))
    places = np.random.default_rng(0).uniform(-1.0, 1.0, (2, 200))
    wide = np.stack([-(places - 1e-6), places + 1e-6], axis=1)
    assert not newton_step(regular, wide).hidden.any()


def test_the_tail_of_a_peak_is_no_valley():
    """Easom's function: a minimum at (π, π), hidden in a view of which most is flat to the last digit."""
    formula = "-cos(x)*cos(y)*exp(-(x-pi)**2-(y-pi)**2)"
    analysis = analysed(formula, square(-100, 100), 60_000)
    best = min(analysis.points, key=lambda each: each.value)
    assert best.kind is Kind.MINIMUM
    assert best.point == pytest.approx((math.pi, math.pi), abs=1e-15)
    assert best.is_global_minimum
    for region in analysis.completeness.unresolved:
        if region.reason is Reason.CURVE:
            nearest = math.hypot(*(max(low - math.pi, math.pi - high, 0.0) for low, high in region.box))
            assert nearest > 3.0 or analysis.completeness.verdict is Verdict.BUDGET_REACHED


def test_valley_points_settle_on_curves_only():
    boxes = boxes_of(((0.9, 1.2), (-0.1, 0.2)), ((-0.8, -0.5), (0.6, 0.9)))
    view = np.array([4.0, 4.0])
    ring = valley_points(Field(open_surface("(x**2+y**2-1)**2", square(-2, 2))), boxes, view)
    assert ring.found.all()
    assert np.hypot(*ring.points) == pytest.approx([1.0, 1.0], abs=1e-9)
    tail = Field(open_surface("exp(-x**2-y**2)", square(-30, 30)))
    assert not valley_points(tail, boxes_of(((3.0, 6.0), (0.0, 3.0))), np.array([60.0, 60.0])).found.any()


@pytest.mark.parametrize(
    ("formula", "box"),
    [
        ("-sin(x)*sin(x**2/pi)**8 - sin(y)*sin(2*y**2/pi)**8", square(0.5, 2.9)),
    ],
)
def test_points_of_high_order_are_no_curves(formula, box):
    """f = g(x) + h(y), neither constant on an interval: all critical points are isolated."""
    analysis = analysed(formula, box)
    reasons = {region.reason for region in analysis.completeness.unresolved}
    assert reasons <= {Reason.DEGENERATE, Reason.BOUNDARY}
    for region in analysis.completeness.unresolved:
        assert max(high - low for low, high in region.box) < 1e-5
    assert sum(each.certified for each in analysis.points) >= 2
