"""Portions of boxes: nothing is lost, the last tile is small and in the middle."""

import numpy as np
import pytest

from curvtui.engine.critical.boxes import boxes_of, point_boxes
from curvtui.engine.critical.field import Field
from curvtui.engine.critical.portions import chunk_size, cut, tiles
from curvtui.engine.surface.surface import open_surface


@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_tiles_are_a_partition_by_place(dimension):
    random = np.random.default_rng(1)
    boxes = point_boxes(random.uniform(-1.0, 3.0, (dimension, 1000)))
    found = tiles(boxes, np.ones(dimension), np.full(dimension, 4.0), 60)
    together = np.concatenate(found, axis=2)
    assert sorted(map(tuple, together[:, 1].T.tolist())) == sorted(map(tuple, boxes[:, 1].T.tolist()))
    assert found[-1].shape[2] <= 60
    assert np.max(np.abs(np.mean(found[-1][:, 1], axis=1) - 1.0)) < 1.0
    assert all(
        each.shape[2] <= sum(later.shape[2] for later in found[k + 1 :]) + 1 for k, each in enumerate(found[:-1])
    )


def test_cutting_keeps_the_area():
    view = boxes_of(((-1.0, 3.0), (0.0, 1.0)))
    parts = cut(view, np.array([4.0, 1.0]))
    sides = parts.sum(axis=1)
    assert 128 < parts.shape[2] <= 256
    assert np.sum(np.prod(sides, axis=0)) == pytest.approx(4.0)


def test_more_at_once_with_more_time_and_fewer_with_long_formulas():
    short = Field(open_surface("x**2 + y**2", ((-1, 1), (-1, 1))))
    long = Field(open_surface("+".join(f"sin({k}*x + y)" for k in range(1, 60)), ((-1, 1), (-1, 1))))
    assert chunk_size(long, 1.0) < chunk_size(long, 30.0) <= chunk_size(short, 30.0)
