"""f = g(u): the critical points of u, and the lines on which g has no slope, against what is known of both."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.critical.analysis import Verdict, analyse_box
from curvtui.engine.critical.budget import Budget
from curvtui.engine.critical.critical_point import Kind
from curvtui.engine.critical.search import Reason
from curvtui.engine.surface.surface import Surface

AMPLE = Budget(30.0)
BOX = ((-2.0, 2.0), (-1.75, 2.25))
FLIPPED = {
    Kind.MINIMUM: Kind.MAXIMUM,
    Kind.MAXIMUM: Kind.MINIMUM,
    Kind.DEGENERATE_MINIMUM: Kind.DEGENERATE_MAXIMUM,
    Kind.DEGENERATE_MAXIMUM: Kind.DEGENERATE_MINIMUM,
}


def analysed(formula, box=BOX):
    return analyse_box(Surface.from_formula(formula, box), budget=AMPLE)


def covered(analysis, point):
    regions = analysis.completeness.unresolved
    return any(all(low <= t <= high for t, (low, high) in zip(point, region.box, strict=True)) for region in regions)


@pytest.mark.parametrize("inner", ["x**3/3 - x + y**2", "x**4 + y**6", "x*y"])
@pytest.mark.parametrize("outer", ["exp({})", "2 - tanh({}/3)", "exp(-300*exp({}))", "cbrt({} + 40)"])
def test_a_strictly_monotone_function_keeps_or_flips_every_kind(inner, outer):
    plain, through = analysed(inner), analysed(outer.format(f"({inner})"))
    assert through.completeness.verdict is plain.completeness.verdict is Verdict.COMPLETE
    falling = outer[0] == "2" or "-300" in outer
    expected = {each.point: FLIPPED.get(each.kind, each.kind) if falling else each.kind for each in plain.points}
    assert {each.point: each.kind for each in through.points} == pytest.approx(expected)
    assert through.completeness.index_sum == plain.completeness.index_sum
    assert through.completeness.boundary_winding in (None, plain.completeness.boundary_winding)


def test_rings_are_proved_and_the_centre_is_a_point():
    analysis = analysed("cos(x**2 + y**2)")
    assert analysis.completeness.verdict is Verdict.EXCEPT_UNRESOLVED
    (point,) = analysis.points
    assert (point.point, point.kind, point.certified) == ((0.0, 0.0), Kind.DEGENERATE_MAXIMUM, True)
    assert {region.reason for region in analysis.completeness.unresolved} == {Reason.CURVE}
    for angle in np.linspace(0.0, 2.0 * math.pi, 97):
        for squared in (math.pi, 2.0 * math.pi):
            at = math.sqrt(squared) * np.array([math.cos(angle), math.sin(angle)])
            if all(low <= t <= high for t, (low, high) in zip(at, BOX, strict=True)):
                assert covered(analysis, at)
    assert not covered(analysis, (0.0, 0.0))
    proved = [region for region in analysis.completeness.unresolved if region.proved]
    for region in proved:
        corners = [math.hypot(x, y) for x in (*region.box[0], 0.0) for y in (*region.box[1], 0.0)]
        assert any(min(corners) ** 2 < k * math.pi < max(corners) ** 2 for k in (1, 2))
    assert len(proved) > 0.8 * len(analysis.completeness.unresolved)


INNER = {
    "(x - 0.3)**2 + {}*(y + 0.2)**2": lambda k: (0.3, -0.2),
    "x*y + {}*x": lambda k: (0.0, -float(k)),
    "x + {}*y": lambda k: None,
    "x**2 - {}*y": lambda k: None,
}
"""Parts of a formula, and where their gradient vanishes."""
OUTER = {
    "cos({0})": [k * math.pi for k in range(-12, 13)],
    "({0})**2": [0.0],
    "({0} - 0.5)**3": [0.5],
    "exp(-({0})**2)": [0.0],
    "({0})**3 - 3*({0})": [-1.0, 1.0],
    "1/(1 + ({0})**2)": [0.0],
}
"""What is done to them, and where that has no slope."""


@settings(derandomize=True, deadline=None, max_examples=5)
@given(st.sampled_from(list(INNER)), st.integers(1, 5), st.sampled_from(list(OUTER)))
def test_all_that_is_critical_is_listed_or_in_a_region(inner, factor, outer):
    part = inner.format(factor)
    analysis = analysed(outer.format(part))
    assert all(each.certified for each in analysis.points)
    middle = INNER[inner](factor)
    critical = [] if middle is None else [middle]
    u = Surface.from_formula(part, BOX)
    low, high = np.array(BOX).T
    for level in OUTER[outer]:
        places = np.random.default_rng(factor).uniform(low, high, (60, 2))
        for _ in range(40):
            slopes = u.gradient(places)
            places = places - ((u.value(places) - level) / np.sum(slopes**2, axis=1))[:, np.newaxis] * slopes
        critical += places[np.abs(u.value(places) - level) < 1e-12].tolist()
    for at in critical:
        inside = all(a + 1e-9 < t < b - 1e-9 for t, (a, b) in zip(at, BOX, strict=True))
        near = min((math.dist(at, each.point) for each in analysis.points), default=1.0) < 1e-5
        assert not inside or near or covered(analysis, at)


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("sqrt(x**2 + y**2)", Reason.NON_SMOOTH),
        ("log(x**2 + y**2)", Reason.UNDEFINED),
        ("sin(x**2 + y**2)/(x**2 + y**2)", Reason.UNDEFINED),
    ],
)
def test_where_g_has_a_kink_or_a_hole_the_point_is_no_critical_one(formula, reason):
    analysis = analysed(formula)
    assert not any(math.hypot(*each.point) < 0.1 for each in analysis.points)
    here = [
        region.reason
        for region in analysis.completeness.unresolved
        if all(low <= 0.0 <= high for low, high in region.box)
    ]
    assert reason in here


def test_underflow_hides_no_proof():
    analysis = analysed("exp(-1000*(x**2 + y**2))")
    assert analysis.completeness.verdict is Verdict.COMPLETE
    assert [each.kind for each in analysis.points] == [Kind.MAXIMUM]
