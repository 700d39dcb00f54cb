"""What basins are made of: clusters, the order of refinement, batches that shrink."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.descent.basins.cloud import taken
from curvtui.engine.descent.basins.clusters import clusters
from curvtui.engine.descent.basins.refinement import Owners, chunks, level_cells, strides
from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.optimizers.oracle import Oracle
from curvtui.engine.optimizers.randomness import CounterStream, SharedStream
from curvtui.engine.surface.surface import open_surface


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(-5, 5)), min_size=1, max_size=30), st.floats(0.05, 2))
def test_gaps_below_the_link_never_part_and_wide_ones_always_do(rows, link):
    points = np.array(rows)
    number = clusters(points, link)
    distance = np.linalg.norm(points[:, None] - points[None], axis=-1)
    assert (number[:, None] == number[None])[distance < link].all()
    # The transitive closure of "within 2√2 links" by repeated squaring: nothing else may be joined.
    joined = distance <= 2 * np.sqrt(2) * link
    for _ in range(6):
        joined = joined @ joined
    assert joined[number[:, None] == number[None]].all()
    assert sorted(set(number.tolist())) == list(range(number.max() + 1))
    assert number[0] == 0


@pytest.mark.parametrize(("columns", "rows"), [(64, 40), (33, 7), (5, 90), (1, 1), (100, 1)])
def test_every_cell_is_begun_once_and_shows_the_nearest_that_is_known(columns, rows):
    owners, begun = Owners(columns, rows), []
    for stride in strides(columns):
        for part in chunks(level_cells(owners, stride), 50):
            owners.add(part, stride)
            begun.extend(part.tolist())
        assert (owners.of >= 0).all()
        assert owners.done.ravel()[owners.of].all()
        row, column = np.divmod(owners.of, columns)
        assert np.abs(column - np.arange(columns)).max() <= stride - 1
        assert rows < stride or np.abs(row - np.arange(rows)[:, None]).max() <= stride - 1
    assert sorted(begun) == list(range(columns * rows))
    np.testing.assert_array_equal(owners.of.ravel(), np.arange(columns * rows))


@pytest.mark.parametrize("name", sorted(OPTIMIZERS))
def test_the_rest_of_a_batch_goes_on_as_if_nobody_had_left(name):
    surface, optimizer = open_surface("rosenbrock"), OPTIMIZERS[name]
    values = optimizer.values({"lr": 1e-3} if optimizer.hyperparameter("lr") else {})
    starts = np.random.default_rng(1).uniform(-1.5, 1.5, (6, 2))
    kept = np.array([True, False, True, True, False, True])

    def walk(leaving):
        oracle, state = Oracle(surface, noise=0.1, particle=None), optimizer.init(starts, values)
        for step in range(8):
            if leaving and step == 4:
                state = taken(state, kept, 6)
            oracle.begin(step)
            state = optimizer.step(state, oracle, values)
        return state.x

    np.testing.assert_array_equal(walk(True), walk(False)[kept])


@pytest.mark.parametrize("draw", ["normal", "rademacher", "uniform"])
def test_a_shared_stream_gives_all_what_particle_0_gets(draw):
    alone = getattr(CounterStream(3), draw)((2,), 5, 1)
    together = getattr(SharedStream(3), draw)((4, 3, 2), 5, 1)
    assert together.shape == (4, 3, 2)
    assert (together == alone).all()
    assert not np.array_equal(getattr(SharedStream(3), draw)((4, 64), 6, 1)[0, :2], alone)
