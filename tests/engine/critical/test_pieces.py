"""Large regions in pieces: they cover every box, do not overlap, are few, and follow the line."""

import math

import numpy as np
import pytest

from curvtui.engine.critical.analysis import analyse_box
from curvtui.engine.critical.boxes import boxes_of
from curvtui.engine.critical.budget import Budget
from curvtui.engine.critical.clusters import clusters
from curvtui.engine.critical.pieces import MOST_PIECES, pieces
from curvtui.engine.critical.search import Reason
from curvtui.engine.surface.surface import open_surface


@pytest.mark.parametrize("dimension", [2, 3])
@pytest.mark.parametrize("largest", [-3.0, -1.0, 0.3])
def test_pieces_cover_all_boxes_without_overlap(dimension, largest):
    random = np.random.default_rng(3)
    low = random.uniform(-1.0, 1.0, (dimension, 300))
    boxes = np.stack([-low, low + 10.0 ** random.uniform(-12.0, largest, (dimension, 300))], axis=1)
    ranks = random.integers(0, 3, 300)
    found, kinds = pieces(boxes, ranks, 4, 0)
    assert found.shape[2] == len(kinds) <= MOST_PIECES
    for _ in range(20):
        share = random.uniform(0.0, 1.0, boxes[:, 0].shape)
        points = -boxes[:, 0] * (1.0 - share) + boxes[:, 1] * share
        points = np.clip(points, -boxes[:, 0], boxes[:, 1])
        inside = np.all(
            (points[:, :, None] >= -found[:, 0][:, None]) & (points[:, :, None] <= found[:, 1][:, None]), axis=0
        )
        assert inside.any(axis=1).all()
    for k in range(found.shape[2]):
        common = np.minimum(found[:, :, k : k + 1], found).sum(axis=1)
        common[:, k] = 0.0
        assert np.all(np.min(common, axis=0) <= 1e-12)


def test_the_gravest_reason_wins_and_else_the_largest():
    low = np.array([[0.0, 0.0, 0.9, 0.9], [0.0, 0.0, 0.9, 0.9]])
    sides = np.array([0.01, 0.005, 0.01, 0.005])
    boxes = np.stack([-low, low + sides], axis=1)
    found, kinds = pieces(boxes, np.array([1, 0, 1, 2]), 3, 0)
    order = np.argsort(found[0, 1])
    assert kinds[order].tolist() == [0, 1]
    assert found[0, 1][order].tolist() == pytest.approx([0.01, 0.91])


def _unresolved(formula, half):
    analysis = analyse_box(open_surface(formula, ((-half, half), (-half, half))), budget=Budget(60.0))
    return analysis.completeness.unresolved


def test_kink_lines_are_followed():
    """|sin x|·|sin y|: kinks where x or y is a multiple of π, and nothing else in the box but minima there."""
    found = _unresolved("abs(sin(x)*cos(y)*exp(abs(1 - sqrt(x**2 + y**2)/pi)))", 10.0)
    assert {region.reason for region in found} == {Reason.NON_SMOOTH}
    assert sum(math.prod(high - low for low, high in region.box) for region in found) < 0.5 * 400.0
    for x, y in [(math.pi, 5.0), (-2 * math.pi, -7.3), (8.8, math.pi / 2), (math.pi, 0.0), (-3.2, 5 * math.pi / 2)]:
        assert any(all(lo <= at <= hi for at, (lo, hi) in zip((x, y), each.box, strict=True)) for each in found)
    for x, y in [(4.7, 3.1), (-1.5, 0.1), (7.9, -6.2)]:
        assert not any(all(lo <= at <= hi for at, (lo, hi) in zip((x, y), each.box, strict=True)) for each in found)


def test_valley_floors_are_followed():
    found = _unresolved("(x/2 - sin(3*y))**2", 2.0)
    assert {region.reason for region in found} == {Reason.CURVE}
    assert 10 < len(found) <= 200
    assert sum(math.prod(high - low for low, high in region.box) for region in found) < 0.35 * 16.0
    for t in np.linspace(-0.99, 0.99, 41):
        y = 2.0 * t
        x = 2.0 * math.sin(3.0 * y)
        assert any(all(lo <= at <= hi for at, (lo, hi) in zip((x, y), each.box, strict=True)) for each in found)
    assert len(set(clusters(boxes_of(*[each.box for each in found])))) == 1


def test_isolated_degenerate_points_on_a_line_are_no_curve():
    """cos(y²) is flat at y = 0 to the fourth order: 15 points of the line are critical, the others are not."""
    analysis = analyse_box(open_surface("sin(x**2) + cos(y**2)", ((-5, 5), (-1, 1))), budget=Budget(60.0))
    assert analysis.completeness.unresolved == ()
    degenerate = sorted(each.point[0] for each in analysis.points if each.kind.value.startswith("degenerate"))
    roots = [math.sqrt(math.pi / 2 + k * math.pi) for k in range(8)]
    expected = sorted([0.0, *[r for r in roots if r < 5], *[-r for r in roots if r < 5]])
    assert degenerate == pytest.approx(expected, abs=1e-12)
