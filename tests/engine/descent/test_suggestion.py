"""The learning rate that the explorer begins with."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.descent.run import Run
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.descent.status import Status, judge
from curvtui.engine.descent.suggestion import suggested_rate
from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.optimizers.optimizer import RateScale
from curvtui.engine.surface.presets import PRESETS, preset_named
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


@pytest.mark.parametrize("name", ["gd", "momentum", "nesterov", "adam"])
@pytest.mark.parametrize("preset", [preset for preset in PRESETS.values() if preset.minima], ids=lambda each: each.name)
def test_it_suits_every_preset_that_has_a_minimum(name, preset):
    surface = Surface.from_preset(preset)
    rate = suggested_rate(surface, name, preset.start)
    assert f"{rate:e}"[:8] in ("1.000000", "2.000000", "5.000000")
    run = Run(surface, RunSettings(name, {"lr": rate}), preset.start)
    begin = run.value
    run.step(300)
    assert not run.ended
    assert judge(run).status in (Status.RUNNING, Status.CONVERGED)
    assert run.value < begin
    reach = [high - low for low, high in surface.box]
    points = run.path.iterates
    assert all(
        low - side <= points[:, i].min() for i, ((low, _), side) in enumerate(zip(surface.box, reach, strict=True))
    )
    assert all(
        points[:, i].max() <= high + side for i, ((_, high), side) in enumerate(zip(surface.box, reach, strict=True))
    )


sizes = st.floats(-8, 8).map(lambda exponent: 10.0**exponent)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.sampled_from(["gd", "momentum", "nesterov"]), sizes, sizes)
def test_on_a_bowl_of_any_steepness_it_is_stable(name, along, across):
    surface = Surface.from_formula("a*x**2 + b*y**2", parameters={"a": along, "b": across})
    rate = suggested_rate(surface, name, (1.0, -1.5))
    limit = OPTIMIZERS[name].stability.limit(OPTIMIZERS[name].values({"lr": rate}))
    assert rate * 2 * max(along, across) < limit
    run = Run(surface, RunSettings(name, {"lr": rate}), (1.0, -1.5))
    run.step(400)
    assert run.value < along + 2.25 * across
    assert judge(run).status is not Status.DIVERGED


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.sampled_from(list(OPTIMIZERS)),
    st.sampled_from(["a*x**2 + y", "log(x*y) + a", "exp(a*x) + y", "a/x", "0*x + 0*y", "a*abs(x)"]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(),
)
def test_any_surface_from_anywhere_gets_a_rate_or_none(name, formula, size, place):
    names = {"a": size} if "a" in formula.replace("abs", "") else {}
    surface = Surface.from_formula(formula, parameters=names)
    rate = suggested_rate(surface, name, (place,) * surface.dimension)
    if rate is not None:
        assert math.isfinite(rate)
        assert rate >= 0
        RunSettings(name, {"lr": rate})
    assert (rate is None) == (OPTIMIZERS[name].hyperparameter("lr") is None)
