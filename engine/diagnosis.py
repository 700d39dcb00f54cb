"""From what a run shows to why it does so and what to try: symptom, cause, remedy."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .arrays import Array
from .curvature.second_derivative_test import Verdict
from .descent.evidence import WINDOW, Evidence, evidence_of
from .descent.status import Status

__all__ = ["Diagnosis", "Evidence", "diagnose", "evidence_of"]


@dataclass(frozen=True)
class Diagnosis:
    """One finding: what is seen, why it happens, what to try, and the numbers behind it."""

    symptom: str
    cause: str
    remedy: str
    evidence: dict[str, float | None]


def diagnose(evidence: Evidence) -> list[Diagnosis]:
    """Return one or two findings, the most pressing first; a single "healthy" if nothing is wrong."""
    found = [
        finding
        for check in (_divergence, _saddle, _sharp_minimum, _oscillation, _plateau, _slow)
        if (finding := check(evidence)) is not None
    ]
    if found and found[0].symptom in ("saddle", "oscillation"):
        # A run that sits, or turns back all the time, has also a flat loss: that is no finding of its own.
        found = [finding for finding in found if finding.symptom != "plateau"]
    return found[:2] or [_healthy(evidence)]


def _divergence(evidence: Evidence) -> Diagnosis | None:
    broken = evidence.status in (Status.DIVERGED, Status.UNDEFINED)
    growing = _rising(evidence) and ((evidence.load or 0.0) > 1.0 or evidence.far_above)
    if not (broken or growing):
        return None
    numbers = evidence.numbers()
    if evidence.status is Status.UNDEFINED:
        return Diagnosis(
            "divergence",
            "a step led to where the function or a derivative is undefined",
            "start elsewhere, shorten the steps with a lower learning rate, or clip the gradient",
            numbers,
        )
    falling = len(evidence.values) > 1 and evidence.values[-1] < evidence.values[-2]
    if falling and not growing and not evidence.explodes:
        return Diagnosis(
            "divergence",
            "f keeps falling along the path, without a lower bound in sight: there is no minimum this way",
            "choose a function that is bounded below, or start in another valley",
            numbers,
        )
    rate = evidence.stable_rate
    if rate is not None and evidence.learning_rate is not None and evidence.learning_rate > rate:
        cause = (
            f"the learning rate {evidence.learning_rate:.6g} is unstable: "
            f"at the start's curvature it must stay below {rate:.4g}"
        )
        remedy = f"lower the learning rate below {rate:.3g}, or clip the gradient"
        return Diagnosis("divergence", cause, remedy, numbers)
    return Diagnosis(
        "divergence",
        "the steps are too long for the walls that they meet",
        "clip the gradient, lower the learning rate, or warm it up",
        numbers,
    )


def _saddle(evidence: Evidence) -> Diagnosis | None:
    if evidence.status is not Status.STALLED or not evidence.lambda_min < 0:
        return None
    if evidence.kind not in (Verdict.SADDLE, Verdict.MAXIMUM, Verdict.DEGENERATE):
        return None
    remedy = "add gradient noise, or momentum, or a larger learning rate; nudge the start off the ridge"
    if evidence.optimizer in ("newton", "gauss_newton"):
        remedy = "Newton's steps seek any critical point: saddle_free_newton and damped_newton leave this one"
    place = "a ridge" if evidence.kind is Verdict.DEGENERATE else f"a {evidence.kind.value}"
    return Diagnosis(
        "saddle",
        f"it sits at {place}: the gradient vanishes ({evidence.gradient_norm:.2g}), "
        f"yet a direction curves down (λ_min = {evidence.lambda_min:.4g})",
        remedy,
        evidence.numbers(),
    )


def _oscillation(evidence: Evidence) -> Diagnosis | None:
    if evidence.noise > 0 or evidence.status in (Status.DIVERGED, Status.UNDEFINED):
        return None
    share = _reversals(evidence.points)
    if share < 0.5:
        return None
    falling = bool(evidence.values[-1] < evidence.values[0])
    manner = "while f still falls" if falling else "and f does not fall"
    bound = f": at {_share(evidence.load)}" if evidence.load is not None and evidence.load > 0.05 else ""
    if evidence.learning_rate is None or (evidence.load is None and evidence.lambda_max <= 0):
        remedy = "a kink or a narrow valley: another method, or smoothing, helps more than shorter steps"
    else:
        remedy = f"lower the learning rate{_to_best(evidence, below=True)}, or let a schedule lower it"
    return Diagnosis(
        "oscillation",
        f"{share:.0%} of the last steps turn back across the valley, {manner}{bound}",
        remedy,
        evidence.numbers(),
    )


def _sharp_minimum(evidence: Evidence) -> Diagnosis | None:
    load = evidence.load
    if evidence.status is not Status.CONVERGED or load is None or not evidence.lambda_min > 0 or load <= 0.9:
        return None
    return Diagnosis(
        "sharp minimum",
        f"the minimum is {'too' if load > 1 else 'nearly too'} sharp for this learning rate "
        f"(λ_max = {evidence.lambda_max:.4g}, {_share(load)}); sharp minima tend to generalise worse",
        "gradient noise, sharpness-aware steps (SAM) or regularisation lead to flatter ones",
        evidence.numbers(),
    )


def _plateau(evidence: Evidence) -> Diagnosis | None:
    if evidence.status is Status.STALLED:
        return Diagnosis(
            "plateau",
            f"the point does not move (‖∇f‖ = {evidence.gradient_norm:.2g}), and it is no minimum",
            "raise the learning rate, or add momentum or noise",
            evidence.numbers(),
        )
    if not _is_flat(evidence) or evidence.lambda_min > 0:
        return None
    known = math.isfinite(evidence.lambda_min)
    curve = f"λ_min = {evidence.lambda_min:.3g}" if known else "no curvature to go by"
    return Diagnosis(
        "plateau",
        f"f changed by less than 0.1 % in the last {len(evidence.values) - 1} steps, "
        f"and this is no valley floor ({curve})",
        "raise the learning rate, add momentum or noise, or scale coordinates as adam does",
        evidence.numbers(),
    )


def _slow(evidence: Evidence) -> Diagnosis | None:
    if evidence.status is not Status.RUNNING or evidence.noise > 0 or len(evidence.values) < 3:
        return None
    load = evidence.load
    ratio = evidence.lambda_max / evidence.lambda_min if evidence.lambda_min > 0 else math.nan
    if load is not None and 0 < load < 0.05 and _pace(evidence) > 0.9:
        rate = evidence.critical_rate or math.nan
        return Diagnosis(
            "slow",
            f"the learning rate {evidence.learning_rate:.4g} is {load:.1%} of the stable limit ({rate:.3g})",
            f"raise the learning rate{_to_best(evidence, below=False)}, "
            "warming up if the start is steep, or add momentum",
            evidence.numbers(),
        )
    if ratio > 30.0 and _pace(evidence) > 0.9:
        return Diagnosis(
            "slow",
            f"the valley curves {ratio:.3g} times more across than along: "
            "a step that is stable across hardly moves along",
            "add momentum, scale coordinates (adam), or use curvature (newton)",
            evidence.numbers(),
        )
    return None


def _healthy(evidence: Evidence) -> Diagnosis:
    if evidence.status is Status.CONVERGED:
        cause, remedy = "it has arrived: the gradient vanishes and f curves down nowhere", "nothing to do"
    elif evidence.load is not None and 0.0 <= evidence.load <= 1.0:
        cause = f"it moves well, at {_share(evidence.load)} for this sharpness"
        remedy = "let it run"
    else:
        cause, remedy = "nothing unusual in the last steps", "let it run"
    return Diagnosis("healthy", cause, remedy, evidence.numbers())


def _rising(evidence: Evidence) -> bool:
    """Whether f rose in most of the last steps, and over all of them."""
    values = evidence.values
    if len(values) < 4:
        return False
    rises = sum(bool(after > before) for before, after in pairwise(values))
    return rises > 0.75 * (len(values) - 1) and bool(values[-1] > values[0])


def _reversals(points: Array) -> float:
    """The share of steps that point back against the step before (an angle over 120°)."""
    steps = np.diff(points, axis=0)
    if len(steps) < 4:
        return 0.0
    with np.errstate(all="ignore"):
        largest = np.max(np.abs(steps), axis=1, keepdims=True)
        unit = steps / largest
        unit /= np.sqrt(np.sum(unit * unit, axis=1, keepdims=True))
        cosines = np.sum(unit[1:] * unit[:-1], axis=1)
    moved = np.isfinite(cosines)
    return float(np.mean(cosines[moved] < -0.5)) if np.count_nonzero(moved) >= 3 else 0.0


def _is_flat(evidence: Evidence) -> bool:
    values = evidence.values
    if len(values) <= WINDOW or evidence.status is not Status.RUNNING or evidence.noise > 0:
        return False
    scale = max(abs(float(values[0])), evidence.gradient_norm * evidence.extent)
    return abs(float(values[-1] - values[0])) <= 1e-3 * scale


def _pace(evidence: Evidence) -> float:
    """The mean factor by which f's steps of descent shrink: near 1 means that there is far to go still."""
    values = evidence.values
    early, late = float(values[0] - values[1]), float(values[-2] - values[-1])
    if not (early > 0 and late > 0):
        return 0.0
    return float((late / early) ** (1.0 / (len(values) - 2)))


def _to_best(evidence: Evidence, below: bool) -> str:
    """The best constant learning rate of gradient descent here, as words, where it lies on the advised side."""
    if evidence.optimizer != "gd" or not evidence.lambda_min > 0 or evidence.learning_rate is None:
        return ""
    best = 2.0 / (evidence.lambda_max + evidence.lambda_min)
    if (best < evidence.learning_rate) is not below:
        return ""
    return f" towards {best:.3g}, the best constant one here"


def _share(load: float) -> str:
    """A load as words: percents of the stability limit, or many times it."""
    if load > 2:
        return f"{load:.3g} times the stability limit"
    return f"{load:.0%} of the stability limit" if load >= 0.01 else f"{load:.1g} of the stability limit"
