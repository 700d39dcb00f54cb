"""Many points at once against one at a time."""

import numpy as np
import pytest

from curvtui.engine.curvature.criticalities import criticalities
from curvtui.engine.curvature.report import report_at, view_scale
from curvtui.engine.curvature.second_derivative_test import Verdict
from curvtui.engine.surface.surface import open_surface

NAMES = ["himmelblau", "rosenbrock", "flat_bowl", "circle_valley", "monkey_saddle", "kink", "log_barrier", "wavy"]
NEAR = {"himmelblau": (3, 2), "rosenbrock": (1, 1), "circle_valley": (0.6, 0.8), "log_barrier": (1, 1)}


@pytest.mark.parametrize("name", NAMES)
def test_the_verdicts_are_those_of_single_reports(name):
    surface = open_surface(name)
    centre = np.array(NEAR.get(name, (0,) * surface.dimension), dtype=float)
    draw = np.random.default_rng(0)
    distance = 10.0 ** draw.uniform(-12, 1, (300, 1))
    points = centre + distance * draw.normal(size=(300, surface.dimension))
    points = np.concatenate((points, [centre, centre + 1e6]))
    found = criticalities(points, surface.gradient(points), surface.hessian(points), view_scale(surface), surface.box)
    verdicts = {Verdict.NOT_CRITICAL: False, Verdict.UNDEFINED: False}
    for index, point in enumerate(points):
        report = report_at(surface, point)
        assert found.critical[index] == verdicts.get(report.verdict, True), point
        if found.critical[index]:
            assert tuple(found.signs[index]) == report.spectrum.signs
    if name in NEAR or name in ("flat_bowl", "monkey_saddle"):
        assert 0.05 < found.critical.mean() < 0.95
