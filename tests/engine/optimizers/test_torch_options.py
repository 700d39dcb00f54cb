"""Paths against torch.optim under random hyperparameters, recorded in reference/torch_options.json.

The file is made by reference/make_torch_options.py; what it does not give has torch's default.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from curvtui.engine.descent.run import Run
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.optimizers.oracle import Oracle
from curvtui.engine.surface.surface import Surface

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "torch_options.json").read_text(encoding="utf-8"))
STEPS = np.array(REFERENCE["steps"])
ROWS = REFERENCE["rows"]
METHODS = list(dict.fromkeys(row["optimizer"] for row in ROWS))


@dataclass(frozen=True)
class Five:
    """½ xᵀAx + ¼ Σ w x⁴ in five variables."""

    matrix: Any
    weights: Any

    def gradient(self, x):
        return x @ self.matrix + self.weights * x**3

    def gradient_at(self, x):
        return tuple(self.gradient(np.array(x)).tolist())


FIVE = Five(np.array(REFERENCE["five"]["matrix"]), np.array(REFERENCE["five"]["weights"]))


def of(name, five):
    return [row for row in ROWS if row["optimizer"] == name and (row["surface"] == "five") is five]


@pytest.mark.parametrize("name", METHODS)
def test_formulas_descend_as_with_torch(name):
    for row in of(name, five=False):
        run = Run(Surface.from_formula(row["surface"]), RunSettings(name, row["given"]), row["start"])
        for step, point in zip(STEPS, row["points"], strict=False):
            run.step(int(step) - run.position)
            np.testing.assert_allclose(run.x, point, rtol=1e-12, atol=1e-13, err_msg=f"{row['given']} {step}")


@pytest.mark.parametrize("name", [name for name in METHODS if name != "lbfgs"])
def test_a_batch_with_hyperparameters_of_its_own_for_each_particle_descends_as_with_torch(name):
    # (A memory's size can't differ within a batch: L-BFGS has rows of formulas alone.)
    rows, optimizer = of(name, five=True), OPTIMIZERS[name]
    assert len(rows) == 4
    each = [optimizer.values(row["given"]) for row in rows]
    values = {key: np.array([[one[key]] for one in each]) for key in each[0]}
    oracle = Oracle(FIVE)
    state = optimizer.init(np.array([row["start"] for row in rows]), values)
    for index in range(STEPS[-1]):
        oracle.begin(index)
        state = optimizer.step(state, oracle, values)
        for particle, row in enumerate(rows):
            if index + 1 in STEPS[: len(row["points"])]:
                wanted = row["points"][int(np.searchsorted(STEPS, index + 1))]
                np.testing.assert_allclose(state.x[particle], wanted, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("name", METHODS)
def test_every_hyperparameter_is_tried(name):
    tried = {key for row in ROWS if row["optimizer"] == name for key in row["given"]}
    assert tried == {each.name for each in OPTIMIZERS[name].hyperparameters}
