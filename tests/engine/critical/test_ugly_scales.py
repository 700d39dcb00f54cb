"""Formulas whose values, squares or products leave the range of floats: an answer, and no warning (they are errors)."""

import pytest

from curvtui.engine.critical.analysis import analyse_box
from curvtui.engine.critical.budget import Budget
from curvtui.engine.surface.surface import open_surface


@pytest.mark.parametrize("half", [2.0, 1e150])
@pytest.mark.parametrize(
    "formula", ["1e300*x**2 + 1e-300*y**2", "x**500 + y**500", "1e300*(x**2 + y**2 - 1)**2", "exp(exp(x*y))"]
)
def test_nothing_is_warned_of(formula, half):
    analysis = analyse_box(open_surface(formula, ((-half, half), (-half, half))), budget=Budget(60.0, boxes=20_000))
    for each in analysis.points:
        assert all(-half <= at <= half for at in each.point)
