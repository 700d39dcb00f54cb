"""The learning rate that the explorer begins with."""

import math

import pytest

from curvtui.engine.descent.run import Run
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.descent.suggestion import suggested_rate
from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.optimizers.optimizer import RateScale
from curvtui.engine.surface.presets import preset_named
from curvtui.engine.surface.surface import Surface

FIRST_ORDER = [
    "gd", "momentum", "nesterov", "adagrad", "adadelta", "rmsprop", "adam", "amsgrad", "adamw", "nadam", "radam",
    "adamax", "rprop", "lion", "signgd",
]  # fmt: skip
STEEP = Surface.from_formula("200*x**2 + 30*y**2", box=((-2, 2), (-2, 2)))
WIDE = Surface.from_formula("(200*x**2 + 30*y**2)/10000", box=((-200, 200), (-200, 200)))


@pytest.mark.parametrize("preset", ["quartic", "bowl", "himmelblau", "rosenbrock", "beale", "rastrigin"])
@pytest.mark.parametrize("name", FIRST_ORDER)
def test_a_suggested_rate_leads_down(name, preset):
    surface, start = Surface.from_preset(preset_named(preset)), preset_named(preset).start
    run = Run(surface, RunSettings(name, {"lr": suggested_rate(surface, name, start)}), start)
    begin = run.value
    run.step(200)
    assert not run.ended
    assert run.value < begin - 0.05 * abs(begin)


@pytest.mark.parametrize("name", FIRST_ORDER)
def test_a_rate_is_one_two_or_five_times_a_power_of_ten(name):
    rate = suggested_rate(STEEP, name, (1.0, 1.0))
    assert f"{rate:e}"[:8] in ("1.000000", "2.000000", "5.000000")


@pytest.mark.parametrize("name", FIRST_ORDER)
def test_a_rate_has_the_scale_that_the_method_declares(name):
    # WIDE is STEEP with x in units a hundred times smaller: the curvature over 10⁴.
    steep, wide = suggested_rate(STEEP, name, (1.0, 1.0)), suggested_rate(WIDE, name, (100.0, 100.0))
    ratio = {RateScale.GRADIENT: 1e4, RateScale.LENGTH: 100.0, RateScale.FACTOR: 1.0}
    scale = OPTIMIZERS[name].rate_scale
    if scale is RateScale.EITHER:
        assert steep == suggested_rate(STEEP, "gd", (1.0, 1.0))
        assert wide == suggested_rate(WIDE, "adam", (100.0, 100.0))
    else:
        assert wide / steep == pytest.approx(ratio[scale])


def test_a_length_is_a_fiftieth_of_the_half_diagonal():
    assert suggested_rate(STEEP, "adam", (1.0, 1.0)) == 0.05 < 0.02 * math.hypot(2, 2)
    assert suggested_rate(STEEP, "rmsprop", (1.0, 1.0)) < 0.05 < suggested_rate(STEEP, "adagrad", (1.0, 1.0))
