"""Mirror symmetry of formulas: proved where it is there, against values; and what follows at a border."""

import numpy as np
import pytest

from curvtui.engine.critical.analysis import analyse_box
from curvtui.engine.critical.budget import Budget
from curvtui.engine.critical.field import Field
from curvtui.engine.critical.found import Reason
from curvtui.engine.critical.symmetry import is_even, is_on_axis
from curvtui.engine.surface.surface import open_surface

KEANE = "-sin(x-y)**2*sin(x+y)**2/sqrt(x**2+y**2)"


def square(low, high):
    return ((low, high), (low, high))


@pytest.mark.parametrize(
    ("formula", "even"),
    [
        (KEANE, (True, True)),
        ("x**2 + y**4 - cos(x*y)", (True, True)),
        ("x*y", (False, False)),
        ("x**2*y + sin(x)", (False, False)),
        ("exp(x)*y**2", (False, True)),
        ("exp(-x*y) + exp(x*y)", (True, True)),
        ("tan(x)*x**3 - abs(y)/(1 + y**2)", (True, True)),
        ("(x - y)**3 - (x + y)**3", (True, False)),
        ("max(x, -x) + min(y, 1)", (True, False)),
        ("(y - x)*(x + y)", (True, True)),
        ("x - y + (y + x)", (False, True)),
        ("2**x + y**2", (False, True)),
        ("1/x + y**-2", (False, True)),
    ],
)
def test_symmetry_is_what_values_say(formula, even):
    surface = open_surface(formula, square(-2, 2))
    points = np.random.default_rng(0).uniform(0.1, 1.5, (50, 2))
    for variable in range(2):
        mirrored = points.copy()
        mirrored[:, variable] *= -1.0
        same = np.allclose(surface.value(points), surface.value(mirrored), rtol=1e-12, atol=1e-12)
        assert is_even(surface.model.value, variable) == even[variable]
        assert same or not even[variable]


def test_points_on_an_axis_that_is_the_border_are_in_view():
    """Keane's function in [0, 10]²: sin⁴(t)/t on both axes is largest where tan t = 4t, nowhere in closed form."""
    analysis = analyse_box(open_surface(KEANE, square(0, 10)), budget=Budget(60.0))
    assert Reason.BOUNDARY not in {region.reason for region in analysis.completeness.unresolved}
    on_axis = sorted(each.point[0] for each in analysis.points if each.point[1] == 0.0)
    assert len(on_axis) == 3
    assert np.tan(on_axis) == pytest.approx([4.0 * t for t in on_axis], rel=1e-9)


def test_a_point_beside_the_axis_is_not_on_it():
    field = Field(open_surface("(x**2 - 1e-12)**2 + y**2", square(-2, 2)))
    assert not is_on_axis(field, ((0.9e-6, 1.1e-6), (-1e-9, 1e-9)), 0)
    assert is_on_axis(field, ((-1e-9, 1e-9), (-1e-9, 1e-9)), 0)
