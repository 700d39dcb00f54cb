"""The stability limit of every method with a preconditioner, against the fate of its steps on a parabola."""

import numpy as np
import pytest

from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.optimizers.oracle import Oracle

SHARPNESS = 2.0
HUGE = 1e6


class Parabola:
    """f = x²·SHARPNESS/2 plus, for a frame of reference, nothing else."""

    box = ((-1.0, 1.0),)

    def gradient_at(self, x):
        return (SHARPNESS * x[0],)


def growth(name, lr, given, settle=1000, steps=2000):
    """The factor on |x| a step, once transients are gone, with x tiny against ε."""
    optimizer = OPTIMIZERS[name]
    values = optimizer.values({**given, "lr": lr})
    oracle, sizes = Oracle(Parabola()), []
    state = optimizer.init(np.array([1e-150]), values)
    for index in range(steps):
        oracle.begin(index)
        state = optimizer.step(state, oracle, values)
        sizes.append(abs(state.x[0]))
    if not sizes[-1] < 1.0:  # so far out that ε no longer dominates
        return np.inf, state, values
    # The largest of a few points stands for the envelope of an oscillation.
    return (max(sizes[-10:]) / max(sizes[settle - 10 : settle])) ** (1.0 / (steps - settle)), state, values


CASES = [
    ("adam", {}),
    ("adam", {"beta1": 0.0}),
    ("adam", {"beta1": 0.5, "weight_decay": 0.7}),
    ("amsgrad", {}),
    ("amsgrad", {"beta1": 0.3, "weight_decay": 0.7}),
    ("adamw", {"weight_decay": 0.0}),
    ("adamw", {"weight_decay": 0.02 / HUGE}),
    ("adamw", {"weight_decay": 0.02 / HUGE, "beta1": 0.4}),
    ("nadam", {"momentum_decay": 1.0}),
    ("nadam", {"momentum_decay": 0.0}),
    ("nadam", {"momentum_decay": 0.0, "beta1": 0.6, "weight_decay": 0.7}),
    ("nadam", {"momentum_decay": 1.0, "weight_decay": 0.02 / HUGE, "decoupled_weight_decay": 1.0}),
    ("radam", {"beta2": 0.9}),
    ("radam", {"beta2": 0.95, "weight_decay": 0.7}),
    ("radam", {"beta2": 0.9, "weight_decay": 0.02 / HUGE, "decoupled_weight_decay": 1.0}),
    ("radam", {"beta2": 0.5}),
    ("adamax", {}),
    ("adamax", {"beta1": 0.2, "weight_decay": 0.7}),
    ("rmsprop", {}),
    ("rmsprop", {"momentum": 0.9}),
    ("rmsprop", {"momentum": 0.5, "centered": 1.0, "weight_decay": 0.7}),
    ("adagrad", {}),
    ("adagrad", {"initial_accumulator_value": HUGE, "weight_decay": 0.7}),
    ("adadelta", {}),
    ("adadelta", {"weight_decay": 0.7}),
]


@pytest.mark.parametrize(("name", "given"), CASES, ids=[f"{name}-{len(given)}" for name, given in CASES])
def test_steps_grow_above_the_limit_and_shrink_below_it(name, given):
    # An ε far above the gradients makes P constant, and so the method linear, with a sharp limit.
    stability = OPTIMIZERS[name].stability
    given = {**given, "eps": HUGE}
    _, state, values = growth(name, 1e-9, given, settle=900, steps=1000)
    penalty = stability.penalty(values) if stability.penalty else 0.0
    sharpness = (SHARPNESS + penalty) / stability.preconditioner(state, values)[0]
    critical = 0.0
    for _ in range(60):  # the limit itself depends on lr where decay is decoupled
        critical = stability.limit({**values, "lr": critical}) / sharpness
    for factor, stable in ((0.99, True), (1.01, False)):
        factor_a_step, _, _ = growth(name, critical * factor, given)
        assert bool(factor_a_step < 1.0) is stable, factor_a_step
    assert set(OPTIMIZERS[name].values()) >= set(given)


@pytest.mark.parametrize("name", ["adam", "amsgrad", "adamw", "radam", "adamax"])
@pytest.mark.parametrize("slopes", [[3.0, -1.0, 0.5], [0.1, 5.0, 2.0, 1.0, 0.3, 0.2, 1.0, -1.0, 0.1]])
def test_a_step_is_the_rate_times_the_first_moment_over_the_preconditioner(name, slopes):
    class Slopes:
        def gradient_at(self, x):
            return (slopes[int(oracle.step)],)

    optimizer = OPTIMIZERS[name]
    values = optimizer.values({"lr": 0.3, "beta1": 0.6, "beta2": 0.9, "eps": 0.2, "weight_decay": 0.0})
    oracle, state = Oracle(Slopes()), optimizer.init(np.array([2.0]), values)
    for index in range(len(slopes)):
        oracle.begin(index)
        before, state = state, optimizer.step(state, oracle, values)
        wanted = 0.3 * state.first_moment / optimizer.stability.preconditioner(state, values)
        np.testing.assert_allclose(before.x - state.x, wanted, rtol=1e-10)


def test_every_preconditioned_method_is_among_the_cases():
    has = {name for name, each in OPTIMIZERS.items() if each.stability and each.stability.preconditioner}
    assert {name for name, _ in CASES} >= has & {
        "adam", "amsgrad", "adamw", "nadam", "radam", "adamax", "rmsprop", "adagrad", "adadelta",
    }  # fmt: skip


def test_a_falling_learning_rate_is_part_of_adagrads_preconditioner():
    adagrad = OPTIMIZERS["adagrad"]
    values = adagrad.values({"lr": 1.0, "lr_decay": 0.5})
    oracle = Oracle(Parabola())
    state = adagrad.init(np.array([1.0]), values)
    for index in range(4):
        oracle.begin(index)
        before, state = state, adagrad.step(state, oracle, values)
    gradient = SHARPNESS * before.x
    np.testing.assert_allclose(
        before.x - state.x, gradient / adagrad.stability.preconditioner(state, values), rtol=1e-12
    )


@pytest.mark.parametrize("name", sorted({name for name, _ in CASES}))
def test_before_the_first_step_there_is_no_preconditioner(name):
    optimizer = OPTIMIZERS[name]
    values = optimizer.values()
    assert np.isnan(optimizer.stability.preconditioner(optimizer.init(np.ones(2), values), values)).all()


@pytest.mark.parametrize("name", sorted({name for name, _ in CASES}))
@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e308, 0.0])
def test_a_state_that_is_not_finite_has_some_preconditioner_and_no_warning(name, bad):
    optimizer = OPTIMIZERS[name]
    values = optimizer.values({"eps": 0.0, "weight_decay": 0.1})
    state = optimizer.init(np.array([bad]), values)
    for index in range(3):
        oracle = Oracle(Parabola())
        oracle.begin(index)
        state = optimizer.step(state, oracle, values)
    assert optimizer.stability.preconditioner(state, values).shape == (1,)
