"""A view inside a box that was searched: the same answer as a search of the view, in a fraction of the time."""

from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from curvtui.engine.critical.analysis import Verdict, analyse_box
from curvtui.engine.critical.budget import Budget
from curvtui.engine.critical.narrowed import narrowed
from curvtui.engine.surface.surface import Surface

AMPLE = Budget(30.0)
BOX = ((-3.0, 3.0), (-2.5, 3.5))
FORMULAS = (
    "(x**2 + y - 11)**2 + (x + y**2 - 7)**2",
    "sin(2*x)*cos(3*y) + x*y/4",
    "x**3*y - x*y**3",
    "x**4 + y**4",
    "(x - 1)**2 + (y + 1)**2",
)


@cache
def searched(formula, box=BOX):
    return analyse_box(Surface.from_formula(formula, box), budget=AMPLE)


shares = st.integers(0, 64).map(lambda n: n / 64)


@settings(derandomize=True, deadline=None, max_examples=25)
@given(st.sampled_from(FORMULAS), st.lists(shares, min_size=4, max_size=4))
def test_it_is_what_a_search_of_the_part_finds(formula, places):
    sides = [sorted(places[:2]), sorted(places[2:])]
    assume(all(a < b for a, b in sides))
    view = tuple(
        (low + a * (high - low), low + b * (high - low)) for (low, high), (a, b) in zip(BOX, sides, strict=True)
    )
    known = searched(formula)
    assert known.completeness.verdict is Verdict.COMPLETE
    part, whole = narrowed(known, known.surface, view, AMPLE), analyse_box(known.surface, view, AMPLE)
    if part is None:
        # A point is on the new border, or nearly.
        edges = [{low, high} for low, high in view]
        assert any(
            min(abs(t - e) for e in edge) < 1e-3 for p in known.points for t, edge in zip(p.point, edges, strict=True)
        )
        return
    assert part.box == whole.box == view
    assert [(each.kind, each.index, each.is_global_minimum) for each in part.points] == [
        (each.kind, each.index, each.is_global_minimum) for each in whole.points
    ]
    for mine, its in zip(part.points, whole.points, strict=True):
        assert mine.point == pytest.approx(its.point, abs=1e-9)
    assert part.completeness.index_sum == whole.completeness.index_sum
    assert part.completeness.boundary_winding == whole.completeness.boundary_winding
    assert part.global_minimum.value == pytest.approx(whole.global_minimum.value, abs=1e-9)
    assert part.global_minimum.certified is whole.global_minimum.certified
    assert part.convexity.verdict is whole.convexity.verdict


def test_a_point_on_the_new_border_wants_a_search():
    known = searched("(x - 1)**2 + (y + 1)**2")
    assert narrowed(known, known.surface, ((1.0, 2.0), (-2.0, 0.0))) is None


def test_a_degenerate_points_enclosure_must_be_small_in_the_new_view():
    known = searched("x**4 + y**4")
    (point,) = known.points
    width = max(high - low for low, high in point.enclosure)
    view = tuple((low - 10.0 * width, high + 10.0 * width) for low, high in point.enclosure)
    assert narrowed(known, known.surface, view) is None


@pytest.mark.parametrize(
    ("formula", "view"),
    [("(x**2 + y**2 - 1)**2", ((-0.5, 0.5), (-0.5, 0.5))), ("x**4 + y**4", ((-3.0, 3.5), (-1.0, 1.0)))],
)
def test_nothing_follows_from_a_list_that_is_open_or_of_another_place(formula, view):
    known = searched(formula)
    assert narrowed(known, known.surface, view) is None


def test_nothing_follows_for_other_parameters():
    known = analyse_box(Surface.from_formula("x**2 + a*y**2", BOX, {"a": 1.0}))
    other = known.surface.with_parameters(a=2.0)
    view = ((-1.0, 1.5), (-1.0, 1.5))
    assert narrowed(known, known.surface, view) is not None
    assert narrowed(known, other, view) is None


def test_where_f_jumps_or_ends_the_smallest_value_is_looked_for_everywhere():
    known = searched("x**(1/3) + y**2 + x", ((-1.0, 3.0), (-1.0, 2.0)))
    part = narrowed(known, known.surface, ((-0.5, 2.0), (-1.0, 1.0)))
    assert part is None or part.global_minimum.value == pytest.approx(0.0, abs=1e-9)
