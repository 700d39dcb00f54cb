import json
import math

import pytest

from curvtui.engine.descent.run import Run
from curvtui.engine.descent.settings import RunSettings, settings_from_dict
from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.optimizers.hyperparameter import SettingError
from curvtui.engine.optimizers.schedule import parse_schedule
from curvtui.engine.surface.surface import Surface


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_settings_survive_a_file(name):
    rated = OPTIMIZERS[name].hyperparameter("lr") is not None
    schedule = parse_schedule("warmup:then=cosine" if rated else "constant")
    given = RunSettings(name, {"lr": 0.1} if rated else {}, schedule, 0.5, 2.0, 17, 0.25)
    assert settings_from_dict(json.loads(json.dumps(given.to_dict()))) == given
    assert settings_from_dict(RunSettings(name).to_dict()) == RunSettings(name)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"optimizer": "sgdd"}, "no optimizer 'sgdd'"),
        ({"values": {"lr": -1}}, "lr must be zero or positive"),
        ({"noise": -1}, "noise must be zero or positive; -1 was given"),
        ({"noise": float("nan")}, "noise must be"),
        ({"clip": 0}, "clip must be positive; 0 was given"),
        ({"clip_value": -1}, "clip_value must be positive; -1 was given"),
        ({"seed": 1.5}, "seed must be a whole number"),
    ],
)
def test_bad_settings_get_a_sentence(options, sentence):
    with pytest.raises(SettingError, match=sentence):
        RunSettings(**options)


@pytest.mark.parametrize(
    "bad",
    [{"optimizer": 3}, {"hyperparameters": [1]}, {"schedule": "cosine"}, {"clip": "x"}, {"noise": "x"},
     {"clip_value": "1"},
     {"seed": None}, {"hyperparameters": {"lr": [1]}}, {"schedule": {"name": 3}},
     {"schedule": {"parameters": 3}}, {"schedule": {"name": "warmup", "then": 5}}],
)  # fmt: skip
def test_a_broken_file_gets_a_sentence(bad):
    with pytest.raises(SettingError):
        settings_from_dict(bad)


def test_both_kinds_of_clipping_reach_the_steps():
    surface = Surface.from_formula("3*x + y")
    run = Run(surface, RunSettings("gd", {"lr": 1.0}, clip_value=2.0), [0.0, 0.0])
    run.step()
    assert run.x.tolist() == [-2.0, -1.0]
    run.change(RunSettings("gd", {"lr": 1.0}, clip=0.5))
    run.step()
    assert math.hypot(run.x[0] + 2.0, run.x[1] + 1.0) == pytest.approx(0.5)


def test_a_difference_in_words():
    before = RunSettings("gd", {"lr": 0.1})
    assert before.with_values(lr="0.05").changed_from(before) == "lr 0.1 → 0.05"
    assert RunSettings("adam").changed_from(before) == "gd → adam"
    assert RunSettings("gd", {"lr": 0.1}, clip_value=2.0).changed_from(before) == "clip_value none → 2.0"
    assert RunSettings("gd", {"lr": 0.1}, clip=1.0).changed_from(before) == "clip none → 1.0"
