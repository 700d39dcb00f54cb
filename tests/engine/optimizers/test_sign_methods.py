"""Methods that look at signs, which torch's paths don't cover, against their papers by hand."""

import math

import numpy as np
import pytest

from curvtui.engine.descent.run import Run
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.optimizers.schedule import parse_schedule
from curvtui.engine.surface.surface import Surface

PARABOLA = Surface.from_formula("x**2")


def path(name, given, start, steps, surface=PARABOLA, **options):
    run = Run(surface, RunSettings(name, given, **options), [start])
    run.step(steps)
    return run.path.iterates[:, 0]


def test_lion_follows_chen_et_al():
    lr, beta1, beta2, decay = 0.3, 0.6, 0.8, 0.1
    x, mean, wanted = 0.7, 0.0, [0.7]
    for _ in range(12):
        slope = 2 * x
        x = x - lr * (math.copysign(1, beta1 * mean + (1 - beta1) * slope) + decay * x)
        mean = beta2 * mean + (1 - beta2) * slope
        wanted.append(x)
    given = {"lr": lr, "beta1": beta1, "beta2": beta2, "weight_decay": decay}
    np.testing.assert_allclose(path("lion", given, 0.7, 12), wanted, rtol=1e-13)


def test_lions_defaults_are_its_authors():
    assert RunSettings("lion").values == {"lr": 1e-4, "beta1": 0.9, "beta2": 0.99, "weight_decay": 0.0}


def test_sign_descent_steps_by_its_rate_and_rests_where_it_is_flat():
    np.testing.assert_allclose(path("signgd", {"lr": 0.25}, 0.5, 3), [0.5, 0.25, 0.0, 0.0])
    # (1 − 0.5·0.4)·1 − 0.5 = 0.3, then 0.8·0.3 − 0.5.
    given = {"lr": 0.5, "weight_decay": 0.4}
    np.testing.assert_allclose(path("signgd", given, 1.0, 2), [1.0, 0.3, -0.26], rtol=1e-14)


def test_rprop_grows_shrinks_and_rests():
    # Steps 0.5, 0.6 and past the minimum; halved to 0.3 and at rest; back by 0.3; on by 0.36.
    wanted = [1.0, 0.5, -0.1, -0.1, 0.2, 0.2, 0.05]
    np.testing.assert_allclose(path("rprop", {"lr": 0.5}, 1.0, 6), wanted, atol=1e-15)


def test_rprops_step_sizes_stay_in_their_bounds():
    slope = Surface.from_formula("3*x")
    given = {"lr": 1.0, "step_max": 2.0, "eta_plus": 1.5}
    np.testing.assert_allclose(-np.diff(path("rprop", given, 0.0, 4, slope)), [1.0, 1.5, 2.0, 2.0])
    given = {"lr": 0.5, "step_min": 0.4}
    assert path("rprop", given, 0.1, 3)[-1] == pytest.approx(0.1 - 0.5 + 0.4)


def test_a_schedule_acts_on_rprops_first_step_size_only():
    warm = parse_schedule("warmup:steps=10,start=0.5")
    np.testing.assert_allclose(path("rprop", {"lr": 1.0}, 9.0, 2, schedule=warm), [9.0, 8.5, 7.9])
