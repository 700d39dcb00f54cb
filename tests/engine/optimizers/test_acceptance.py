"""Rules that only some steps show: when a step is taken, a push made, a damping changed; each by its formula."""

import numpy as np
import pytest

from curvtui.engine.descent.run import Run
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.surface.surface import Surface

WAVY = Surface.from_formula("sin(3*x)*cos(2*y) + x**2/4 + y**2/4 + x*y/9")
STARTS = np.random.default_rng(7).uniform(-2, 2, (12, 2))


def steps(name, surface, start, count, **values):
    """States after each step."""
    run = Run(surface, RunSettings(name, values), start)
    for _ in range(count):
        before = run.state
        run.step()
        yield before, run.state


@pytest.mark.parametrize("accept", [0.0, 0.1, 0.24])
def test_a_trust_region_takes_a_step_that_keeps_its_share_of_the_promise(accept):
    ratios = []
    for start in STARTS:
        for before, after in steps("trust_region", WAVY, start, 6, accept=accept, radius=2.0):
            if float(after.predicted[0]) > 1e-9:
                ratios.append(float(after.actual[0] / after.predicted[0]))
                assert bool(after.accepted[0]) is (ratios[-1] > accept)
                np.testing.assert_array_equal(after.x, after.trial if after.accepted[0] else before.x)
    assert any(0.0 < each < 0.24 for each in ratios)


def test_dampings_follow_nielsens_rule():
    middling = 0
    for start in STARTS:
        for before, after in steps("damped_newton", WAVY, start, 6, damping=0.1):
            if float(after.predicted[0]) > 1e-9:
                ratio = float(after.actual[0] / after.predicted[0])
                factor = max(1 / 3, 1 - (2 * ratio - 1) ** 3) if ratio > 0 else float(before.growth[0])
                assert float(after.damping[0]) == pytest.approx(factor * float(before.damping[0]), rel=1e-9)
                middling += 0.05 < ratio < 0.9
    assert middling > 5


@pytest.mark.parametrize("wait", [1, 3])
def test_pushes_come_as_soon_as_the_wait_is_over(wait):
    flat = Surface.from_formula("1e-9*x")
    pushed = [bool(after.perturbation.any()) for _, after in steps("perturbed_gd", flat, [0.5], 7, wait=wait)]
    assert pushed == [index % wait == 0 for index in range(7)]


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0])
def test_adahessian_divides_by_a_power_of_the_curvature(power):
    run = Run(Surface.from_formula("4*x**2"), RunSettings("adahessian", {"hessian_power": power, "eps": 0.0}), [1.0])
    run.step()
    assert run.x[0] == pytest.approx(1.0 - 0.15 * 8.0 / 8.0**power)


@pytest.mark.parametrize(
    ("formula", "normal", "level"),
    [
        ("(0.1*x + 0.2*y - 1)**2 + (0.3*x + 0.6*y - 3)**2", (1.0, 2.0), 10.0),
        ("(0.1*x + 0.3*y - 1)**2 + (0.7*x + 2.1*y - 7)**2", (1.0, 3.0), 10.0),
    ],
)
def test_gauss_newton_of_residuals_that_say_the_same_goes_straight_to_their_line(formula, normal, level):
    """The second singular value is rounding, some 1e-17; the shortest step to the line is what is asked for."""
    start, n = np.array([5.0, -3.0]), np.array(normal)
    run = Run(Surface.from_formula(formula), RunSettings("gauss_newton"), start)
    run.step(1)
    assert run.x == pytest.approx(start + n * (level - n @ start) / (n @ n), rel=1e-12)
