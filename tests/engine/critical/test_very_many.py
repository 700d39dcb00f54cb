"""Very many critical points, or regions: bounded work, and what time does not reach is said to be open."""

import numpy as np
import pytest

from curvtui.engine.critical.analysis import Verdict, analyse_box
from curvtui.engine.critical.boxes import boxes_of
from curvtui.engine.critical.budget import Budget, Clock
from curvtui.engine.critical.field import Field
from curvtui.engine.critical.found import Reason
from curvtui.engine.critical.leftovers import regions
from curvtui.engine.critical.search import search, start_of
from curvtui.engine.surface.surface import open_surface


@pytest.mark.parametrize("reason", [Reason.BUDGET, Reason.UNDEFINED])
def test_regions_on_a_line_are_few_and_cover_everything(reason):
    # As around 0 of sin(1/x): ever closer to each other.
    low = 1.0 / np.arange(1.0, 20_001.0)
    boxes = np.stack([-low, low * (1.0 + 1e-6)])[np.newaxis]
    found = regions(boxes, [reason] * len(low), ((0.0, 2.0),))
    assert 100 < len(found) <= 1000
    assert {each.reason for each in found} == {reason}
    ends = np.array([each.box[0] for each in found])
    place = np.searchsorted(ends[np.argsort(ends[:, 0])][:, 0], low, "right") - 1
    assert (ends[np.argsort(ends[:, 0])][place, 1] >= boxes[0, 1]).all()
    assert np.sum(ends[:, 1] - ends[:, 0]) < 0.05


def test_regions_without_time_cover_everything():
    random = np.random.default_rng(2)
    corners = random.uniform(0.0, 1.0, (2, 3000))
    boxes = np.stack([-corners, corners + 0.02], axis=1)
    found = regions(boxes, [Reason.NON_SMOOTH] * 3000, ((0.0, 1.1), (0.0, 1.1)), stop=lambda: True)
    around = boxes_of(*[each.box for each in found])
    middle = (corners + 0.01)[:, :, np.newaxis]
    low, high = -around[:, 0, np.newaxis], around[:, 1, np.newaxis]
    inside = np.all((middle >= low) & (middle <= high), axis=0)
    assert inside.any(axis=1).all()
    assert len(found) <= 1000


def test_time_is_kept_for_what_is_found():
    field = Field(open_surface("sin(x)*sin(y)", ((-300, 300), (-300, 300))))
    start, sides = start_of(field)
    clock = Clock(Budget(600.0))
    found = search(field, start, sides, clock, seconds_a_root=1.0)
    assert found.roots.shape[2] > 0
    assert found.unfinished.shape[2] > 0
    assert clock.stopped


def test_a_caller_who_needs_long_for_each_point_gets_few():
    surface = open_surface("sin(x**3)", ((-100.0, 100.0),))
    analysis = analyse_box(surface, budget=Budget(20.0, seconds_a_point=0.02))
    assert 0 < len(analysis.points) < 20_000
    assert analysis.completeness.verdict is Verdict.BUDGET_REACHED
