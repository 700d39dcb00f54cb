"""Where f is nearly flat, or not defined at a point: no point that is not there, and an end to the search."""

import pytest

from curvtui.engine.critical.analysis import Verdict, analyse_box
from curvtui.engine.critical.budget import Budget
from curvtui.engine.critical.critical_point import Kind
from curvtui.engine.critical.curve_proofs import _passes
from curvtui.engine.critical.field import Field
from curvtui.engine.critical.leftovers import Region
from curvtui.engine.critical.level_line import CriticalCurve
from curvtui.engine.critical.search import Reason
from curvtui.engine.surface.surface import Surface, open_surface

AMPLE = Budget(30.0)
SQUARE = ((-2.0, 2.0), (-2.0, 2.0))


@pytest.mark.parametrize(
    ("formula", "kind", "index"),
    [
        ("(y - x**2)**2 + x**8", Kind.DEGENERATE_MINIMUM, 1),
        ("(y - x**2)**2 - x**8", Kind.DEGENERATE_SADDLE, -1),
        ("(y - x**2)**2 + x**7", Kind.DEGENERATE_SADDLE, 0),
    ],
)
def test_on_a_valley_floor_that_is_almost_flat_there_is_one_point(formula, kind, index):
    analysis = analyse_box(Surface.from_formula(formula, SQUARE), budget=AMPLE)
    (point,) = analysis.points
    assert (point.point, point.kind, point.index, point.certified) == ((0.0, 0.0), kind, index, True)
    assert not any(region.proved for region in analysis.completeness.unresolved)


@pytest.mark.parametrize(
    ("formula", "proved"),
    [
        ("x**2*y**2", True),
        ("x**2*y", True),
        ("(x**2 + y**2 - 1)**2*(x - y)**2", True),
        ("(x*y - 1)**2", True),
        ("(x - y)**2 + 1e-20*x**4", False),
    ],
)
def test_a_curve_is_called_proved_where_the_formula_shows_it(formula, proved):
    analysis = analyse_box(Surface.from_formula(formula, SQUARE), budget=AMPLE)
    curves = [region for region in analysis.completeness.unresolved if region.reason is Reason.CURVE]
    assert any(region.proved for region in curves) is proved


@pytest.mark.parametrize(
    ("formula", "box", "points"),
    [
        ("sin(x)/x", ((-10.0, 10.0),), 4),
        ("x/(exp(x) - 1)", ((-3.0, 3.0),), 0),
        ("(1 - cos(x))/x**2", ((-5.0, 5.0),), 0),
    ],
)
def test_a_removable_hole_is_one_small_region(formula, box, points):
    analysis = analyse_box(Surface.from_formula(formula, box), budget=AMPLE)
    assert analysis.completeness.verdict is Verdict.EXCEPT_UNRESOLVED
    (region,) = analysis.completeness.unresolved
    ((low, high),) = region.box
    assert (region.reason, low <= 0.0 <= high) == (Reason.UNDEFINED, True)
    assert high - low < 1e-3 * (box[0][1] - box[0][0])
    assert len(analysis.points) == points


@pytest.mark.parametrize(
    ("formula", "kind", "ordinal"),
    [
        ("x**100", Kind.DEGENERATE_MINIMUM, "100th"),
        ("x**101", Kind.INFLECTION, "101st"),
        ("x**22", Kind.DEGENERATE_MINIMUM, "22nd"),
    ],
)
def test_a_power_of_high_order_is_a_point_and_no_curve(formula, kind, ordinal):
    analysis = analyse_box(Surface.from_formula(formula, ((-2.0, 2.0),)), budget=AMPLE)
    (point,) = analysis.points
    assert (point.point, point.kind, point.certified) == ((0.0,), kind, True)
    assert f"the {ordinal} " in point.sentence
    assert Reason.CURVE not in {region.reason for region in analysis.completeness.unresolved}


def test_a_pole_that_changes_sign_is_no_curve():
    """1/(x - 1) lies on both sides of every level about its pole, and is on none of them there."""
    surface = open_surface("(1/(x - 1) + y)**2")
    field = Field(surface)
    tape = surface.model.value
    region = Region(((0.5, 1.6), (-0.1, 0.1)), Reason.CURVE)
    first = len(tape.inputs) + len(tape.constants)
    registers = range(first, first + len(tape.instructions))
    assert not any(_passes(field, region, CriticalCurve(k, 0, "")) for k in registers)
    through = Region(((-0.5, 0.5), (0.5, 2.5)), Reason.CURVE)
    assert any(_passes(field, through, CriticalCurve(k, 0, "")) for k in registers)
