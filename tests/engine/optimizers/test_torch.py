"""Paths against torch.optim's own, recorded in reference/torch_trajectories.json."""

import json
from pathlib import Path

import numpy as np
import pytest

from curvtui.engine.descent.run import Run
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.optimizers.hyperparameter import SettingError
from curvtui.engine.surface.surface import Surface

REFERENCE = Path(__file__).parents[1] / "reference" / "torch_trajectories.json"
ROWS = json.loads(REFERENCE.read_text(encoding="utf-8"))["rows"]


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['optimizer']}-{row['surface'][:9]}" for row in ROWS])
def test_sixty_steps_agree_with_torch(row):
    given = dict(row["hyperparameters"])
    if "betas" in given:
        given["beta1"], given["beta2"] = given.pop("betas")
    run = Run(Surface.from_formula(row["surface"]), RunSettings(row["optimizer"], given), row["start"])
    run.step(len(row["path"]) - 1)
    np.testing.assert_allclose(run.path.iterates, row["path"], rtol=1e-12, atol=1e-15)


def test_defaults_are_torchs():
    assert OPTIMIZERS["gd"].values() == {"lr": 1e-3, "weight_decay": 0.0}
    assert OPTIMIZERS["momentum"].values() == {
        "lr": 1e-3,
        "momentum": 0.9,
        "dampening": 0.0,
        "weight_decay": 0.0,
    }
    assert OPTIMIZERS["adam"].values() == {
        "lr": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.0,
    }  # fmt: skip
    assert OPTIMIZERS["newton"].values() == {"lr": 1.0}


@pytest.mark.parametrize(
    ("name", "given", "sentence"),
    [
        ("nesterov", {"nesterov": "false"}, "nesterov always has nesterov=true"),
        ("nesterov", {"dampening": 0.5}, "nesterov always has dampening=0"),
        ("momentum", {"nesterov": True}, "momentum always has nesterov=false"),
        ("adam", {"amsgrad": "true"}, "adam always has amsgrad=false"),
        ("lbfgs", {"max_iter": "20"}, "lbfgs always has max_iter=1"),
        ("lbfgs", {"max_iter": "many"}, "max_iter must be a number; 'many' was given"),
    ],
)
def test_an_option_that_the_method_has_settled_takes_no_other_value(name, given, sentence):
    with pytest.raises(SettingError, match=sentence):
        OPTIMIZERS[name].values(given)


def by_hand(rule, steps=3):
    """Iterates of f = x² from 1 under a rule (x, g, k, memory) as torch's documentation states it."""
    x, memory, path = 1.0, {}, [1.0]
    for k in range(1, steps + 1):
        x = rule(x, 2.0 * x, k, memory)
        path.append(x)
    return path


def _dampened(x, g, k, memory):
    g += 0.3 * x
    memory["b"] = g if k == 1 else 0.8 * memory["b"] + (1 - 0.25) * g
    return x - 0.1 * memory["b"]


def _nesterov(x, g, k, memory):
    g += 0.3 * x
    memory["b"] = g if k == 1 else 0.8 * memory["b"] + g
    return x - 0.1 * (g + 0.8 * memory["b"])


def _adam(x, g, k, memory):
    g += 0.3 * x
    m = memory["m"] = 0.7 * memory.get("m", 0.0) + 0.3 * g
    v = memory["v"] = 0.95 * memory.get("v", 0.0) + 0.05 * g * g
    return x - 0.1 * (m / (1 - 0.7**k)) / ((v / (1 - 0.95**k)) ** 0.5 + 0.01)


@pytest.mark.parametrize(
    ("name", "given", "rule"),
    [
        ("gd", {"weight_decay": 0.3}, lambda x, g, k, memory: x - 0.1 * (g + 0.3 * x)),
        ("momentum", {"momentum": 0.8, "dampening": 0.25, "weight_decay": 0.3}, _dampened),
        ("nesterov", {"momentum": 0.8, "weight_decay": 0.3}, _nesterov),
        ("adam", {"beta1": 0.7, "beta2": 0.95, "eps": 0.01, "weight_decay": 0.3}, _adam),
    ],
)
def test_the_other_hyperparameters_act_as_documented(name, given, rule):
    run = Run(Surface.from_formula("x**2"), RunSettings(name, {"lr": 0.1, **given}), [1.0])
    run.step(3)
    np.testing.assert_allclose(run.path.iterates[:, 0], by_hand(rule), rtol=1e-13)
