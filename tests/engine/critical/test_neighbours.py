"""Groups of boxes that may touch, against a look at every pair."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.critical.neighbours import apart


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.integers(0, 60), st.integers(1, 3), st.floats(1e-6, 0.5), st.integers(0, 10**6))
def test_boxes_of_different_groups_do_not_touch(count, dimension, width, seed):
    random = np.random.default_rng(seed)
    low = np.round(random.uniform(-1, 1, (dimension, count)), 1)  # many share an end exactly
    high = low + width * random.integers(0, 2, (dimension, count))
    labels = apart(np.stack([-low, high], axis=1))
    touching = np.all((low[:, :, None] <= high[:, None, :]) & (low[:, None, :] <= high[:, :, None]), axis=0)
    assert not np.any(touching & (labels[:, None] != labels[None, :]))


def test_points_on_a_grid_are_told_apart():
    x, y = np.meshgrid(np.arange(40.0), np.arange(30.0))
    low = np.stack([x.ravel(), y.ravel()])
    labels = apart(np.stack([-low, low + 1e-12], axis=1))
    assert len(set(labels.tolist())) == 1200
