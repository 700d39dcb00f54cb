"""What is particular to single methods of the adaptive family."""

import math

import numpy as np
import pytest

from curvtui.engine.descent.run import Run
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.optimizers.moments import blended
from curvtui.engine.optimizers.oracle import Oracle
from curvtui.engine.surface.surface import Surface

SLOPE = Surface.from_formula("3*x - y")


def moves(name, given, steps, surface=SLOPE, start=(0.0, 0.0)):
    run = Run(surface, RunSettings(name, given), start)
    run.step(steps)
    return np.diff(run.path.iterates, axis=0)


@pytest.mark.parametrize("name", ["adam", "amsgrad", "adamw", "adamax"])
def test_on_a_slope_every_step_has_the_rates_length(name):
    given = {"lr": 0.1, "eps": 0.0, "weight_decay": 0.0}
    np.testing.assert_allclose(moves(name, given, 50) / [-0.1, 0.1], 1.0, rtol=1e-10)


def test_on_a_slope_adagrads_steps_shorten_as_one_over_the_root():
    taken = moves("adagrad", {"lr": 0.1, "eps": 0.0}, 50)
    np.testing.assert_allclose(taken[:, 1], 0.1 / np.sqrt(np.arange(1, 51)), rtol=1e-12)


def test_on_a_slope_rmsprops_steps_begin_ten_times_as_long():
    taken = moves("rmsprop", {"lr": 0.1, "eps": 0.0}, 2000)
    assert taken[0, 1] == pytest.approx(1.0)
    assert taken[-1, 1] == pytest.approx(0.1)


def test_centred_rmsprop_stays_finite_where_the_variance_is_rounded_away():
    # v − ḡ² of a constant slope is rounding alone, of either sign.
    run = Run(Surface.from_formula("0.1*x"), RunSettings("rmsprop", {"lr": 1e-9, "centered": "true"}), [0.3])
    run.step(6000)
    assert run.position == 6000
    assert not run.ended


def test_centring_that_is_switched_on_later_starts_from_an_empty_mean():
    run = Run(SLOPE, RunSettings("rmsprop", {"lr": 0.1}), [0.0, 0.0])
    run.step(5)
    assert not run.state.grad_avg.any()
    run.change(run.settings.with_values(centered="true"))
    run.step()
    np.testing.assert_allclose(run.state.grad_avg, [0.03, -0.01])


@pytest.mark.parametrize("beta2", [0.999, 0.9, 0.6, 0.5])
def test_radam_makes_plain_steps_until_the_average_is_longer_than_five(beta2):
    taken = moves("radam", {"lr": 0.1, "eps": 0.0, "beta2": beta2}, 40)
    for step in range(1, 41):
        longest = 2 / (1 - beta2) - 1
        length = longest - 2 * step * beta2**step / (1 - beta2**step)
        if length <= 5:
            np.testing.assert_allclose(taken[step - 1], [-0.3, 0.1])
        else:
            share = (length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)
            np.testing.assert_allclose(taken[step - 1], 0.1 * math.sqrt(share) * np.array([-1, 1]))


@pytest.mark.parametrize(("name", "share"), [("adam", 1.0), ("amsgrad", 0.001)])
def test_amsgrad_remembers_a_cliff_that_adam_forgets(name, share):
    # One slope of 1000 and then slopes of 1, with a memory of a few steps.
    class Cliff:
        slopes = iter([1000.0] + 200 * [1.0])

        def gradient_at(self, x):
            return (next(Cliff.slopes),)

    optimizer = OPTIMIZERS[name]
    values = optimizer.values({"lr": 0.1, "beta1": 0.5, "beta2": 0.5})
    oracle, state = Oracle(Cliff()), optimizer.init(np.zeros(1), values)
    for _ in range(200):
        before, state = state, optimizer.step(state, oracle, values)
    # The largest mean square is (1 − β₂)·1000² = 1000²/2.
    wanted = 0.1 if share == 1.0 else 0.1 * share * math.sqrt(2.0)
    assert float((before.x - state.x)[0]) == pytest.approx(wanted, rel=1e-6)


def test_adamws_decay_is_not_scaled_by_the_gradients():
    # On a flat surface nothing but the decay moves: by lr·weight_decay of x a step.
    flat = Surface.from_formula("0*x")
    run = Run(flat, RunSettings("adamw", {"lr": 0.1, "weight_decay": 0.5}), [2.0])
    run.step(3)
    np.testing.assert_allclose(run.x, [2.0 * 0.95**3], rtol=1e-14)


@pytest.mark.parametrize("name", ["nadam", "radam"])
def test_decoupled_decay_is_adamws(name):
    flat = Surface.from_formula("0*x")
    given = {"lr": 0.1, "weight_decay": 0.5, "decoupled_weight_decay": "true"}
    run = Run(flat, RunSettings(name, given), [2.0])
    run.step(3)
    np.testing.assert_allclose(run.x, [2.0 * 0.95**3], rtol=1e-14)
    assert not Run(flat, RunSettings(name, given), [2.0]).state.first_moment.any()


def test_adadeltas_first_step_is_the_root_of_its_epsilon():
    taken = moves("adadelta", {"lr": 1.0, "eps": 1e-6, "rho": 0.75}, 1)
    np.testing.assert_allclose(taken[0], np.array([-1, 1]) * 1e-3 / math.sqrt(0.25), rtol=1e-5)


def test_a_mean_without_memory_is_the_new_value_exactly():
    # From the far end of lerp, 1e16 + 1·(1 − 1e16) would be 0 or 2.
    assert blended(np.array([1e16]), np.array([1.0]), 0.0).tolist() == [1.0]
    assert blended(np.array([1.0]), np.array([1e16]), 1.0).tolist() == [1.0]
    both = blended(np.array([[1e16], [1.0]]), np.array([[1.0], [1e16]]), np.array([[0.0], [1.0]]))
    assert both.tolist() == [[1.0], [1.0]]
