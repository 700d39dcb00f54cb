"""Which critical point a place is: hand-made lists, hand-computed distances."""

import math

import pytest

from curvtui.engine.critical.analysis import Analysis, Completeness, Verdict
from curvtui.engine.critical.convexity import Convexity, ConvexityVerdict
from curvtui.engine.critical.critical_point import CriticalPoint, Kind
from curvtui.engine.critical.exact import exact_point
from curvtui.engine.critical.places import NEAR, destination, nearest, point_at, point_text
from curvtui.engine.surface.surface import open_surface

BOX = ((-3.0, 3.0), (-4.0, 4.0))
"""Its half diagonal is 5."""


def critical(*place, kind=Kind.MINIMUM, wide=0.0, **changed):
    plain = {
        "point": place,
        "value": 0.0,
        "kind": kind,
        "eigenvalues": (1.0,) * len(place),
        "eigenvectors": ((1.0, 0.0), (0.0, 1.0)),
        "condition_number": 1.0,
        "index": 1,
        "certified": True,
        "enclosure": tuple((x - wide, x + wide) for x in place),
        "gradient_norm": 0.0,
    }
    return CriticalPoint(**plain | changed)


def analysis_of(*points, box=BOX):
    surface = open_surface("x**2 + y**2" if len(box) == 2 else "x**2", box)
    shape = Convexity(ConvexityVerdict.UNDECIDED, None)
    return Analysis(surface, box, points, Completeness(Verdict.COMPLETE, (), 0, 0), None, shape, 0.0)


def test_the_nearest_point_and_how_far_it_is():
    a, b = critical(0.0, 0.0), critical(3.0, 4.0)
    found = analysis_of(a, b)
    assert nearest(found, (0.0, 0.0)) == (a, 0.0)
    assert nearest(found, (0.0, 1.0)) == (a, 1.0)
    assert nearest(found, (3.0, 2.0)) == (b, 2.0)
    assert nearest(found, (6.0, 8.0)) == (b, 5.0)


def test_of_no_points_none_is_near():
    assert nearest(analysis_of(), (0.0, 0.0)) is None
    assert point_at(analysis_of(), (0.0, 0.0)) is None
    assert destination(analysis_of(), (0.0, 0.0)) is None


def test_a_place_is_a_point_where_its_enclosure_holds_it():
    point = critical(1.0, -1.0, wide=0.25)
    found = analysis_of(point)
    assert point_at(found, (1.0, -1.0)) is point
    assert point_at(found, (1.25, -1.25)) is point
    assert point_at(found, (1.25, -1.26)) is None
    assert point_at(found, (0.74, -1.0)) is None


def test_rounding_does_not_make_another_place_of_it():
    found = analysis_of(critical(1.0, -1.0))
    assert point_at(found, (1.0 + 1e-15, -1.0 - 1e-15)) is found.points[0]
    assert point_at(found, (1.0 + 1e-10, -1.0)) is None


def test_no_number_is_no_place():
    found = analysis_of(critical(1.0, -1.0, wide=0.25))
    for x in ((math.nan, -1.0), (math.inf, -1.0), (1.0, -math.inf)):
        assert point_at(found, x) is None
    assert destination(found, (math.inf, -1.0)) is None
    assert destination(found, (math.nan, math.nan)) is None


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "the certified minimum (1, -1)"),
        ({"is_global_minimum": True}, "the certified minimum (1, -1), global in view"),
        ({"kind": Kind.SADDLE}, "the saddle (1, -1)"),
        ({"kind": Kind.MONKEY_SADDLE}, "the monkey saddle (1, -1)"),
        ({"kind": Kind.INFLECTION}, "the inflection point (1, -1)"),
        ({"certified": False, "kind": Kind.DEGENERATE}, "the degenerate critical point (1, -1), not proved"),
        ({"certified": False}, "the minimum (1, -1), not proved"),
    ],
)
def test_a_destination_is_named(changed, words):
    found = analysis_of(critical(1.0, -1.0, **changed))
    assert destination(found, (1.0, -1.0)) == words
    assert destination(found, (1.0, -1.0 + 2.0**-10)) == f"{words}, 0.00098 away"


def test_a_destination_is_within_a_share_of_the_view():
    found = analysis_of(critical(1.0, -1.0))
    reach = 5.0 * NEAR
    assert destination(found, (1.0, -1.0 + 0.99 * reach)) is not None
    assert destination(found, (1.0, -1.0 + 1.01 * reach)) is None
    assert destination(found, (1.0 + 0.8 * reach, -1.0 + 0.8 * reach)) is None


def test_coordinates_are_exact_where_they_are_known():
    surface = open_surface("x**4 - x**2 + y**2", BOX)
    exact = exact_point(surface, (math.sqrt(0.5), 0.0), (1e-9, 1e-9))
    found = analysis_of(critical(math.sqrt(0.5), 0.0, exact=exact))
    assert point_text(found.points[0]) == "(√2/2, 0)"
    assert destination(found, (math.sqrt(0.5), 0.0)) == "the certified minimum (√2/2, 0)"
    assert point_text(critical(1 / 3, -2.0)) == "(0.3333, -2)"


def test_one_variable():
    found = analysis_of(critical(2.0, wide=0.5), box=((-3.0, 3.0),))
    assert nearest(found, (0.0,)) == (found.points[0], 2.0)
    assert point_at(found, (2.5,)) is found.points[0]
    assert point_at(found, (2.6,)) is None
    assert destination(found, (2.0,)) == "the certified minimum (2)"
    assert destination(found, (1.0,)) is None
