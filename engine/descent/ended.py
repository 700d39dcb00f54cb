"""A run that can't go on: which step led out, and why."""

import math

from ..optimizers.optimizer import Need
from .extent import is_far
from .judgement import Judgement, Status, point_text
from .run import Run
from .segment import Ending
from .stable_rate import too_large


def judge_ended(run: Run) -> Judgement:
    """Judge a run whose next point, or its start, is not finite."""
    ending = run.ending
    assert ending is not None
    if ending.position == 0:
        return _nowhere(ending)
    last = f"the last finite point is {point_text(run.x)} at step {run.position}, f = {run.value:.4g}"
    step = f"step {ending.position} leads to {point_text(ending.x)}"
    coordinates = ending.x.tolist()
    far = is_far(run)
    if not all(map(math.isfinite, run.gradient.tolist())) and not far:
        why = f"the gradient is undefined at {point_text(run.x)}: {step}; {last}"
        return Judgement(Status.UNDEFINED, why)
    if Need.HESSIAN in run.settings.method.needs and any(map(math.isnan, coordinates)):
        curvature = run.report.spectrum
        what = f"undefined at {point_text(run.x)}"
        if math.isfinite(curvature.norm):
            spectrum = f"λ_min = {curvature.smallest:.3g}, λ_max = {curvature.sharpness:.3g}"
            what = f"singular at {point_text(run.x)} ({spectrum})"
        return Judgement(Status.UNDEFINED, f"the Hessian is {what}: no step exists; {last}")
    if not far and all(map(math.isfinite, coordinates)) and math.isnan(ending.value):
        return Judgement(Status.UNDEFINED, f"left the domain: {step}, where f is undefined; {last}")
    return Judgement(Status.DIVERGED, f"diverged: {step}, where f overflows; {last}; {_reason(run, ending)}")


def _nowhere(ending: Ending) -> Judgement:
    """A run whose start is no point to step from."""
    if not all(map(math.isfinite, ending.x.tolist())):
        return Judgement(Status.UNDEFINED, f"the start {point_text(ending.x)} is no point: it is not finite")
    if math.isinf(ending.value):
        return Judgement(Status.DIVERGED, f"f overflows at the start {point_text(ending.x)}")
    return Judgement(Status.UNDEFINED, f"f is undefined at the start {point_text(ending.x)}")


def _reason(run: Run, ending: Ending) -> str:
    """Why a run went out: too long steps, or a function without a floor."""
    if run.position > 0 and ending.value != math.inf:
        before = float(run.surface.value_at(run.iterate(run.position - 1).tolist()))
        if run.value < before:
            return "f still fell: it seems unbounded below along this path"
    return too_large(run)
