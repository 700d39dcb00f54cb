"""Clusters of touching boxes, against comparing each with each."""

import numpy as np
import pytest

from curvtui.engine.critical.clusters import clusters, hulls


def _one_by_one(boxes):
    count = boxes.shape[2]
    labels = np.arange(count)
    for i in range(count):
        for j in range(i):
            if np.all(np.minimum(boxes[:, :, i], boxes[:, :, j]).sum(axis=1) >= 0.0):
                labels[labels == labels[i]] = labels[j]
    return labels


@pytest.mark.parametrize("dimension", [1, 2, 3])
@pytest.mark.parametrize(("smallest", "cubes"), [(-1.5, True), (-9.0, True), (-2.0, False), (-9.0, False)])
def test_clusters_are_what_comparing_each_with_each_gives(dimension, smallest, cubes):
    random = np.random.default_rng(5)
    low = random.uniform(-1.0, 1.0, (dimension, 100))
    sides = 10.0 ** random.uniform(smallest, -0.8, (1 if cubes else dimension, 100)) * np.ones((dimension, 1))
    boxes = np.stack([-low, low + sides], axis=1)
    found, expected = clusters(boxes), _one_by_one(boxes)
    assert len(set(found)) == len(set(expected)) == len(set(zip(found, expected, strict=True)))


def test_slivers_far_apart_are_not_one_cluster():
    """Boxes that a Newton step made 1e-15 of the view thin, at isolated points of a line."""
    x = np.repeat(np.sqrt(np.arange(1.0, 60.0)), 2)
    y = np.tile([0.0, 1e-4], 59)
    boxes = np.stack([np.stack([-x, x + 1e-15]), np.stack([-y, y + 1e-4])])
    assert len(set(clusters(boxes))) == 59


def test_hulls():
    boxes = np.array([[[0.0, -1.0, -5.0], [1.0, 2.0, 6.0]], [[0.0, -1.0, 2.0], [1.0, 3.0, 3.0]]])
    around = hulls(boxes, clusters(boxes))
    assert around[:, :, 0].tolist() == [[0.0, 2.0], [0.0, 3.0]]
    assert around[:, :, 1].tolist() == [[-5.0, 6.0], [2.0, 3.0]]
