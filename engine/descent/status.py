"""How a run stands at its current position: an enumeration, and a sentence with the numbers."""

import math
from itertools import pairwise

import numpy as np

from ..arrays import Array
from ..curvature.second_derivative_test import Verdict
from .at_rest import judge_at_rest
from .ended import judge_ended
from .extent import FAR, half_diagonal
from .judgement import Judgement, Status, point_text, steps_text
from .run import Run
from .stable_rate import sharpness_limit, too_large

__all__ = ["STILL", "Judgement", "Status", "judge"]

STILL = 10
"""A run that has not moved for this many steps does not move any more."""


def judge(run: Run) -> Judgement:
    """Return how the run stands at its position, from what can be seen there and just before."""
    return run.once(_judged)


def _judged(run: Run) -> Judgement:
    if run.ended:
        return judge_ended(run)
    extent = half_diagonal(run.surface.box)
    if run.settings.noise > 0:
        noisy = f"{_here(run)}; the gradients are noisy, so they are no stopping test"
        return _outward(run, extent) or Judgement(Status.RUNNING, noisy)
    report = run.report
    if report.verdict not in (Verdict.NOT_CRITICAL, Verdict.UNDEFINED):
        return judge_at_rest(run, report, extent)
    return _outward(run, extent) or _unmoved(run) or Judgement(Status.RUNNING, _here(run))


def _here(run: Run) -> str:
    return f"step {run.position} at {point_text(run.x)}: f = {run.value:.6g}, ‖∇f‖ = {run.gradient_norm:.3g}"


def _unmoved(run: Run) -> Judgement | None:
    position = run.position
    if position < STILL or not np.array_equal(run.iterate(position - 1), run.x):
        return None
    if not np.array_equal(run.iterate(position - STILL), run.x):
        return None
    return Judgement(
        Status.STALLED,
        f"does not move any more at {point_text(run.x)} after {steps_text(position)} although "
        f"‖∇f‖ = {run.gradient_norm:.3g}: {_why_still(run)}",
    )


def _why_still(run: Run) -> str:
    values = run.values_now
    if values.get("lr") == 0.0:
        return "the learning rate is 0"
    if run.schedule_factor < 1e-9:
        return f"the schedule has brought the learning rate down to {values['lr']:.3g}"
    if run.settings.clip is not None and run.settings.clip < 1e-9 * run.gradient_norm:
        return f"gradients are clipped to {run.settings.clip:.3g}"
    if values.get("weight_decay", run.settings.weight_decay):
        return "weight decay pulls as hard as the gradient, or steps are smaller than the rounding of the point"
    if not np.all(getattr(run.state, "accepted", True)):
        return "no trial step leads to a lower value"
    return "a step is smaller than the rounding of the point"


def _outward(run: Run, extent: float) -> Judgement | None:
    if run.position == 0:
        return None
    centre = [(low + high) / 2.0 for low, high in run.surface.box]
    distance = math.dist(run.x.tolist(), centre)
    if distance <= 3.0 * extent:
        return None
    before = run.iterate(run.position - 1)
    if math.dist(before.tolist(), centre) >= distance:
        return None
    rising = run.value > float(run.surface.value_at(before.tolist()))
    if distance <= FAR * extent and not (rising and _exploding(run)):
        return None
    if not rising and _slowing(run, before):
        return None
    far = f"{distance / extent:.3g} half-diagonals from the centre"
    where = f"step {run.position} is at {point_text(run.x)}, {far}"
    if rising:
        return Judgement(Status.DIVERGED, f"diverged: {where}, and f rises ({run.value:.4g}); {too_large(run)}")
    return Judgement(
        Status.DIVERGED,
        f"diverged: {where}, and f still falls ({run.value:.4g}) at a growing pace; "
        "it seems unbounded below along this path",
    )


def _slowing(run: Run, before: Array) -> bool:
    """Whether steps get shorter: a run far outside the view may be on its way to a minimum there."""
    if run.position < 2:
        return True
    earlier = run.iterate(run.position - 2)
    return math.dist(run.x.tolist(), before.tolist()) < math.dist(before.tolist(), earlier.tolist())


def _exploding(run: Run) -> bool:
    """Whether f has risen in each of the last eight steps and the learning rate is beyond the limit."""
    if run.position < 8:
        return False
    points = [run.iterate(run.position - back) for back in range(8, -1, -1)]
    values = [float(run.surface.value_at(point.tolist())) for point in points]
    limit = sharpness_limit(run)
    sharpness = run.values_now.get("lr", 0.0) * run.report.spectrum.sharpness
    return all(a < b for a, b in pairwise(values)) and limit is not None and sharpness > limit
