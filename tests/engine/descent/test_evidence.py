"""The sharpness that a method's limit is held against."""

import numpy as np
import pytest

from curvtui.engine.descent.evidence import evidence_of
from curvtui.engine.descent.run import Run
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.surface.surface import Surface

BOWL = Surface.from_formula("3*x**2 + x*y + 2*y**2")
HESSIAN = np.array([[6.0, 1.0], [1.0, 4.0]])


@pytest.mark.parametrize("decay", [0.0, 5.0])
def test_sharpness_is_the_largest_eigenvalue_of_the_preconditioned_hessian(decay):
    run = Run(BOWL, RunSettings("adam", {"lr": 0.1, "weight_decay": decay}), [1.0, -0.3])
    run.step(3)
    method = run.settings.method
    scale = method.stability.preconditioner(run.state, run.settings.values)
    matrix = np.diag(1.0 / scale) @ (HESSIAN + decay * np.eye(2))
    evidence = evidence_of(run)
    assert evidence.sharpness == pytest.approx(max(np.linalg.eigvals(matrix).real))
    assert evidence.limit == pytest.approx(38.0)
    assert evidence.load == pytest.approx(0.1 * evidence.sharpness / 38.0)


@pytest.mark.parametrize("name", ["adam", "rmsprop", "adagrad", "adadelta", "radam"])
def test_before_the_first_step_no_load_is_claimed(name):
    assert evidence_of(Run(BOWL, RunSettings(name), [1.0, -0.3])).load is None


def test_decoupled_decay_lowers_adamws_limit():
    run = Run(BOWL, RunSettings("adamw", {"lr": 0.1, "weight_decay": 5.0}), [1.0, -0.3])
    run.step()
    assert evidence_of(run).limit == pytest.approx((2 - 0.5) * 1.9 / 0.1)
