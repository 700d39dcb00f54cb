import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curvtui.engine.optimizers.hyperparameter import SettingError
from curvtui.engine.optimizers.schedule import CONSTANT, Schedule, parse_schedule, schedule_from_dict
from curvtui.engine.optimizers.schedules import SCHEDULES

COS = math.sqrt(0.5)


@pytest.mark.parametrize(
    ("text", "factors"),
    [
        ("constant", {0: 1, 1000: 1}),
        ("step:size=30,gamma=0.1", {0: 1, 29: 1, 30: 0.1, 59: 0.1, 60: 0.01}),
        ("exponential:gamma=0.9", {0: 1, 1: 0.9, 2: 0.81}),
        ("inverse_time:rate=0.5", {0: 1, 2: 0.5, 6: 0.25}),
        ("polynomial:steps=4,power=2", {0: 1, 1: 0.5625, 2: 0.25, 4: 0, 9: 0}),
        ("cosine:steps=4", {0: 1, 1: (1 + COS) / 2, 2: 0.5, 4: 0, 6: 0.5, 8: 1}),
        ("cosine:T_max=4,floor=0.2", {0: 1, 2: 0.6, 4: 0.2}),
        ("cosine_restarts:steps=4", {0: 1, 2: 0.5, 4: 1, 6: 0.5}),
        ("cosine_restarts:T_0=2,T_mult=2", {0: 1, 1: 0.5, 2: 1, 4: 0.5, 6: 1, 10: 0.5}),
        ("warmup:steps=4,start=0", {0: 0, 1: 0.25, 3: 0.75, 4: 1, 9: 1}),
        ("warmup:steps=2", {0: 1 / 3, 1: 2 / 3, 2: 1}),
        ("warmup:steps=10,then=cosine,steps=4", {5: 2 / 3, 10: 1, 12: 0.5, 14: 0}),
        ("warmup:steps=10,then=cosine:steps=4,floor=0.5", {10: 1, 14: 0.5}),
        ("warmup:steps=2,start=0,then=warmup,steps=2,start=0.5,then=step,size=1",
         {1: 0.5, 2: 0.5, 3: 0.75, 5: 0.1}),
        # Peak at 0.3·20 − 1 = 5, end at 19; divisor 25, then 10⁴ below the first rate.
        ("one_cycle:steps=20", {0: 0.04, 5: 1, 12: (1 + 4e-6) / 2, 19: 4e-6, 30: 4e-6}),
        ("one_cycle:steps=21,warm=0.2380952380952381", {2: 0.52}),
    ],
)  # fmt: skip
def test_factors(text, factors):
    schedule = parse_schedule(text)
    for step, factor in factors.items():
        assert schedule.factor(step) == pytest.approx(factor, rel=1e-12, abs=1e-15), step


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_survives_its_text_and_its_data(name):
    schedule = Schedule(name)
    longer = Schedule("warmup", {"steps": 3}, Schedule("warmup", {"steps": 2}, schedule))
    for each in (schedule, longer):
        assert parse_schedule(str(each)) == each
        assert schedule_from_dict(each.to_dict()) == each


@pytest.mark.parametrize("name", SCHEDULES)
@given(step=st.integers(0, 10**9), steps=st.integers(1, 10**6))
def test_every_factor_lies_between_0_and_1(name, step, steps):
    parameters = {each.name: each.default for each in SCHEDULES[name].hyperparameters}
    if "steps" in parameters:
        parameters["steps"] = steps
    assert 0.0 <= Schedule(name, parameters).factor(step) <= 1.0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("cosin", "there is no schedule 'cosin'; known are .*did you mean 'cosine'"),
        (
            "step:sise=3",
            "schedule step has no hyperparameter 'sise'; it has size, gamma .did you mean 'size'",
        ),
        ("step:gamma=2", r"gamma must lie in \(0, 1\]; 2 was given"),
        ("step:gamma", "reads NAME:key=value"),
        ("step:gamma=", "reads NAME:key=value"),
        ("step:gamma=x", "gamma must be a number"),
        ("step:gamma=0.1,gamma=0.2", "'gamma' twice"),
        ("step:then=cosine", "only warmup is followed"),
        ("warmup:then=cosin", "no schedule 'cosin'"),
        ("cosine:steps=0", "steps must be a whole number"),
        ("", "there is no schedule ''"),
    ],
)
def test_what_cannot_be_understood_gets_a_sentence(text, sentence):
    with pytest.raises(SettingError, match=sentence):
        parse_schedule(text)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("constant", 100),
        ("step:size=30", 120),
        ("exponential", 100),
        ("inverse_time", 100),
        ("polynomial:steps=40", 40),
        ("cosine:steps=70", 70),
        ("cosine_restarts:steps=10,multiplier=2", 70),
        ("warmup:steps=8", 16),
        ("warmup:steps=8,then=cosine,steps=70", 78),
        ("one_cycle:steps=50", 50),
    ],
)
def test_the_curve_to_draw_spans_the_schedules_own_length(text, length):
    schedule = parse_schedule(text)
    steps, factors = schedule.curve(points=31)
    assert (steps[0], steps[-1]) == (0, length) == (0, schedule.length)
    assert len(steps) <= 31
    assert np.all(np.diff(steps) > 0)
    assert factors.tolist() == [schedule.factor(int(step)) for step in steps]
    assert schedule.factors(4).tolist() == [schedule.factor(step) for step in range(4)]
    assert len(schedule.factors(0)) == 0


def test_a_schedule_of_any_length_has_a_curve():
    for text in ("cosine_restarts:steps=1e9,multiplier=1e6", "cosine:steps=1e300", "warmup:steps=1e18,then=cosine"):
        steps, factors = parse_schedule(text).curve()
        assert len(steps) == 200
        assert np.all((factors >= 0.0) & (factors <= 1.0))


def test_the_default_is_constant():
    assert CONSTANT.is_constant
    assert schedule_from_dict({}) == CONSTANT
