import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curvtui.engine.optimizers.oracle import Evaluations, Oracle, clipped, norm
from curvtui.engine.optimizers.randomness import CounterStream
from curvtui.engine.surface.surface import Surface

SURFACE = Surface.from_formula("x**2 + 3*x*y - y**3")
POINT = np.array([0.5, -0.25])
GRADIENT = [2 * 0.5 + 3 * -0.25, 3 * 0.5 - 3 * 0.0625]


def test_every_call_is_answered_and_counted():
    oracle = Oracle(SURFACE)
    assert float(oracle.value(POINT)) == SURFACE.value_at([0.5, -0.25])
    np.testing.assert_allclose(oracle.gradient(POINT), GRADIENT)
    np.testing.assert_allclose(oracle.hessian(POINT), [[2, 3], [3, 1.5]])
    np.testing.assert_allclose(oracle.hessian_vector(POINT, np.array([1.0, 2.0])), [8, 6])
    assert oracle.evaluations == Evaluations(1, 1, 1, 1)


def test_a_batch_counts_once_a_particle_and_answers_like_points():
    oracle = Oracle(SURFACE)
    batch = np.array([[0.5, -0.25], [1.0, 2.0]])
    np.testing.assert_allclose(oracle.gradient(batch)[0], GRADIENT)
    np.testing.assert_allclose(oracle.hessian_vector(batch, np.ones((2, 2)))[0], [5, 4.5])
    assert oracle.value(batch).shape == (2,)
    assert oracle.evaluations == Evaluations(1, 1, 0, 1)


def test_a_trace_holds_the_questions_and_the_answers():
    trace = []
    oracle = Oracle(SURFACE, trace=trace)
    oracle.gradient(POINT)
    oracle.value(POINT)
    assert [call.kind for call in trace] == ["gradient", "value"]
    np.testing.assert_allclose(trace[0].answer, GRADIENT)


def test_noise_comes_first_and_then_the_clip():
    noisy, both = Oracle(SURFACE, noise=5.0, seed=3), Oracle(SURFACE, noise=5.0, clip=0.5, seed=3)
    plain, short = noisy.gradient(POINT), both.gradient(POINT)
    assert math.isclose(np.linalg.norm(short), 0.5)
    np.testing.assert_allclose(short / 0.5, plain / np.linalg.norm(plain))


def test_components_are_cut_before_the_norm_is():
    # The gradient here is (0.25, 1.3125).
    assert Oracle(SURFACE, clip_value=0.5).gradient(POINT).tolist() == [0.25, 0.5]
    assert Oracle(SURFACE, clip_value=0.1).gradient(np.array([POINT, -POINT])).tolist() == [[0.1, 0.1], [-0.1, -0.1]]
    both = Oracle(SURFACE, clip_value=0.25, clip=0.1).gradient(POINT)
    np.testing.assert_allclose(both, [0.1 / math.sqrt(2)] * 2)
    noisy = Oracle(SURFACE, noise=100.0, seed=3, clip_value=0.5).gradient(POINT)
    np.testing.assert_allclose(np.abs(noisy), 0.5)
    assert np.isnan(Oracle(SURFACE, clip_value=0.5).gradient(np.array([math.nan, 0.0]))).any()


def test_noise_depends_on_step_and_call_and_nothing_else():
    oracle = Oracle(SURFACE, noise=1.0, seed=3)
    drawn = {}
    for step in (0, 1, 2**40):
        oracle.begin(step)
        drawn[step] = [oracle.gradient(POINT).tolist() for _ in range(3)]
    assert len({tuple(each) for calls in drawn.values() for each in calls}) == 9
    oracle.begin(1)
    assert oracle.gradient(POINT).tolist() == drawn[1][0]


def test_the_words_of_a_seed_are_pinned():
    # NumPy promises raw Philox words for ever; from them every noisy run in every saved file follows.
    stream = CounterStream(seed=7)
    words = np.random.Philox(counter=[0, 1, 0, 0], key=[7, 5]).random_raw(4)
    radius = math.sqrt(-2 * math.log(((int(words[0]) >> 11) + 1) * 2.0**-53))
    angle = 2 * math.pi * (int(words[1]) >> 11) * 2.0**-53
    expected = [radius * math.cos(angle), radius * math.sin(angle)]
    np.testing.assert_allclose(stream.normal((2,), 5, 1), expected, rtol=1e-14)


def test_normal_variates_are_standard_normal():
    drawn = CounterStream(1).normal((40_000, 3), 0, 1)
    assert abs(drawn.mean()) < 0.01
    assert abs(drawn.std() - 1) < 0.01
    assert abs((drawn**4).mean() - 3) < 0.1
    assert np.abs(np.corrcoef(drawn.T) - np.eye(3)).max() < 0.02
    signs = CounterStream(1).rademacher((40_000, 2), 0, 1)
    assert set(np.unique(signs)) == {-1.0, 1.0}
    assert abs(signs.mean()) < 0.02
    uniform = CounterStream(1).uniform((40_000, 1), 0, 1)
    assert 0 <= uniform.min() < uniform.max() < 1
    assert abs(uniform.var() - 1 / 12) < 0.002


@given(st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=4), st.floats(1e-100, 1e100))
def test_a_clipped_gradient_is_no_longer_than_the_limit_and_points_the_same_way(gradient, limit):
    with np.errstate(all="ignore"):
        short = clipped(np.array(gradient), limit)
        assert float(norm(short)[0]) <= limit * (1 + 1e-12)
        if math.hypot(*gradient) <= limit:
            assert short.tolist() == gradient
        np.testing.assert_allclose(clipped(np.array([gradient]), limit)[0], short, rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize("seed", [0, 2**53])
def test_any_declared_seed_works(seed):
    assert np.isfinite(Oracle(SURFACE, noise=1.0, seed=seed).gradient(POINT)).all()
