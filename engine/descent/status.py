"""How a run stands at its current position: an enumeration, and a sentence with the numbers."""

import math
from collections.abc import Mapping, Sequence
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ..arrays import Array
from ..curvature.report import PointReport, report_at
from ..curvature.second_derivative_test import Verdict
from ..optimizers.optimizer import Need
from .run import Run
from .segment import Ending
from .settings import RunSettings

FAR = 100.0
"""Beyond this many half-diagonals from the view's centre, and moving outward, a run has diverged."""
STILL = 10
"""A run that has not moved for this many steps does not move any more."""
_EPS = float(np.finfo(np.float64).eps)


class Status(Enum):
    """How a run stands; the value is the word in files and on the command line."""

    RUNNING = "running"
    CONVERGED = "converged"
    STALLED = "stalled"
    DIVERGED = "diverged"
    UNDEFINED = "undefined"


class Judgement(NamedTuple):
    """A status and the sentence that says what, where and why."""

    status: Status
    sentence: str


class Curvature(NamedTuple):
    """The Hessian's spectrum at a point: eigenvalues ascending, ``(n,)``, eigenvectors in columns."""

    eigenvalues: Array
    eigenvectors: Array

    @property
    def smallest(self) -> float:
        """λ_min, NaN where the Hessian is undefined."""
        return float(self.eigenvalues[0])

    @property
    def largest(self) -> float:
        """λ_max, NaN where the Hessian is undefined."""
        return float(self.eigenvalues[-1])

    @property
    def norm(self) -> float:
        """‖H‖, the largest |λ|."""
        return float(np.max(np.abs(self.eigenvalues)))


def curvature_of(run: Run) -> Curvature:
    """Return the eigenvalues and eigenvectors of the Hessian at the run's position."""
    matrix = np.array(run.surface.hessian_at(run.x.tolist()), dtype=np.float64)
    if not np.all(np.isfinite(matrix)):
        return Curvature(np.full(len(matrix), np.nan), np.full(matrix.shape, np.nan))
    values, vectors = np.linalg.eigh(matrix)
    return Curvature(values + 0.0, vectors)  # -0.0 reads badly


def point_text(x: Sequence[float] | Array) -> str:
    """Return a point as text, four significant digits a coordinate, a long one shortened."""
    numbers = [f"{float(each):.4g}" for each in x]
    return f"({', '.join(numbers if len(numbers) <= 6 else [*numbers[:5], '…'])})"


def steps_text(count: int) -> str:
    """Return ``1 step`` or ``7 steps``."""
    return f"{count} step" if count == 1 else f"{count} steps"


def half_diagonal(box: Sequence[tuple[float, float]]) -> float:
    """Return L, half the diagonal of the view: the length that distances are measured against."""
    return math.hypot(*(high - low for low, high in box)) / 2.0


def judge(run: Run) -> Judgement:
    """Return how the run stands at its position, from what can be seen there and just before."""
    if run.ended:
        return _ended(run)
    extent = half_diagonal(run.surface.box)
    if run.settings.noise > 0:
        noisy = f"{_here(run)}; the gradients are noisy, so they are no stopping test"
        return _outward(run, extent) or Judgement(Status.RUNNING, noisy)
    report = report_at(run.surface, run.x)
    if report.verdict not in (Verdict.NOT_CRITICAL, Verdict.UNDEFINED):
        return _critical(run, report, extent)
    return _outward(run, extent) or _unmoved(run) or Judgement(Status.RUNNING, _here(run))


def _here(run: Run) -> str:
    return f"step {run.position} at {point_text(run.x)}: f = {run.value:.6g}, ‖∇f‖ = {run.gradient_norm:.3g}"


def _critical(run: Run, report: PointReport, extent: float) -> Judgement:
    where = f"at {point_text(run.x)} after {steps_text(run.position)}"
    spectrum = report.spectrum
    smallest, largest = spectrum.smallest + 0.0, spectrum.sharpness + 0.0
    numbers = f"λ_min = {smallest:.4g}, λ_max = {largest:.4g}, ‖∇f‖ = {run.gradient_norm:.3g}"
    if report.verdict is Verdict.MINIMUM:
        return Judgement(Status.CONVERGED, f"converged to a minimum {where}: f = {run.value:.6g}, {numbers}")
    if -1 in spectrum.signs:
        kind = report.verdict.value if report.verdict is not Verdict.DEGENERATE else "ridge"
        return Judgement(
            Status.STALLED,
            f"stuck near a {kind} {where}: the gradient vanishes but f falls along a curvature of "
            f"{smallest:.4g} ({numbers}); noise or a nudge would let it leave",
        )
    lower, flat = _lower_nearby(run, report, extent)
    if lower is not None:
        return Judgement(
            Status.STALLED,
            f"stuck {where}: the gradient vanishes and a direction has no curvature ({numbers}), "
            f"but f is lower close by at {point_text(lower)}",
        )
    if flat and not any(spectrum.signs):
        return Judgement(
            Status.STALLED,
            f"on a plateau {where}: f = {run.value:.6g} is flat here in every direction, "
            "and nothing says that it is a minimum",
        )
    return Judgement(
        Status.CONVERGED,
        f"converged {where}: f = {run.value:.6g}, a direction has no curvature ({numbers}), "
        "no lower value was found close by",
    )


def _lower_nearby(run: Run, report: PointReport, extent: float) -> tuple[Array | None, bool]:
    """A clearly lower point around a degenerate one, and whether f is the same at all points tried.

    They lie in the directions that the Hessian says nothing about, at three distances; from each, one Newton
    step in the other directions follows the floor of a bent valley, which may fall though its tangent rises.
    """
    spectrum = report.spectrum
    signs = np.array(spectrum.signs)
    kernel, regular = spectrum.eigenvectors[signs == 0], spectrum.eigenvectors[signs != 0]
    if len(kernel) == 2:
        angles = np.arange(24) * (math.pi / 12.0) + 0.1
        directions = np.stack((np.cos(angles), np.sin(angles)), axis=1) @ kernel
    else:
        directions = np.concatenate((kernel, -kernel))
    radii = np.repeat(np.array([1e-3, 1e-2, 1e-1]) * extent, len(directions))
    points = run.x + radii[:, np.newaxis] * np.tile(directions, (3, 1))
    if len(regular):
        with np.errstate(all="ignore"):
            slopes = run.surface.gradient(points) @ regular.T
            bent = points - (slopes / spectrum.eigenvalues[signs != 0]) @ regular
        points, radii = np.concatenate((points, bent)), np.tile(radii, 2)
    with np.errstate(all="ignore"):
        values = np.asarray(run.surface.value(points), dtype=np.float64)
    rounding = 16.0 * _EPS * (abs(run.value) + float(np.max(np.abs(values[np.isfinite(values)]), initial=0.0)))
    # What the gradient's residue alone explains is no evidence, neither is rounding.
    lower = values < run.value - 2.0 * run.gradient_norm * radii - rounding
    flat = bool(np.all(np.abs(values[: len(directions) * 2] - run.value) <= rounding))
    return (points[int(np.argmin(np.where(lower, values, np.inf)))] if lower.any() else None), flat


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
        return Judgement(Status.DIVERGED, f"diverged: {where}, and f rises ({run.value:.4g}); {_too_large(run)}")
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
    sharpness = run.values_now.get("lr", 0.0) * curvature_of(run).largest
    return all(a < b for a, b in pairwise(values)) and limit is not None and sharpness > limit


def sharpness_limit(run: Run) -> float | None:
    """Return the bound on learning rate times λ_max, None where it is unknown or needs a preconditioner."""
    return limit_of(run.settings, run.values_now)


def limit_of(settings: RunSettings, values: Mapping[str, float]) -> float | None:
    """Return the bound on learning rate times λ_max with these hyperparameters, None as for `sharpness_limit`."""
    stability = settings.method.stability
    if stability is None or stability.preconditioner is not None:
        return None
    # With the modifier, lr·(λ + weight_decay) stays below the method's bound.
    return float(stability.limit(values)) - values.get("lr", 0.0) * settings.weight_decay


def _too_large(run: Run) -> str:
    rate, stable = run.values_now.get("lr"), stable_rate(run)
    if rate is None or stable is None:
        return "the steps are too long"
    if rate > stable:
        limit = sharpness_limit(run)
        return f"the learning rate {rate:.6g} is above {limit:.3g}/λ_max = {stable:.4g} at the start"
    return f"the learning rate {rate:.6g} was too large on the way"


def stable_rate(run: Run) -> float | None:
    """Return the learning rate that is just stable at the run's start, None where it is unknown.

    At the start, not where the run is: what has exploded is surrounded by curvature that nobody meant to meet.
    """
    limit = sharpness_limit(run)
    matrix = np.array(run.surface.hessian_at(run.start.tolist()), dtype=np.float64)
    if limit is None or not np.all(np.isfinite(matrix)):
        return None
    largest = float(np.linalg.eigvalsh(matrix)[-1])
    return limit / largest if largest > 0 else None


def _ended(run: Run) -> Judgement:
    ending = run.ending
    assert ending is not None
    if ending.position == 0:
        return _nowhere(ending)
    last = f"the last finite point is {point_text(run.x)} at step {run.position}, f = {run.value:.4g}"
    step = f"step {ending.position} leads to {point_text(ending.x)}"
    coordinates = ending.x.tolist()
    far = _is_far(run)
    if not all(map(math.isfinite, run.gradient.tolist())) and not far:
        why = f"the gradient is undefined at {point_text(run.x)}: {step}; {last}"
        return Judgement(Status.UNDEFINED, why)
    if Need.HESSIAN in run.settings.method.needs and any(map(math.isnan, coordinates)):
        curvature = curvature_of(run)
        what = f"undefined at {point_text(run.x)}"
        if math.isfinite(curvature.norm):
            spectrum = f"λ_min = {curvature.smallest:.3g}, λ_max = {curvature.largest:.3g}"
            what = f"singular at {point_text(run.x)} ({spectrum})"
        return Judgement(Status.UNDEFINED, f"the Hessian is {what}: no step exists; {last}")
    if not far and all(map(math.isfinite, coordinates)) and math.isnan(ending.value):
        return Judgement(Status.UNDEFINED, f"left the domain: {step}, where f is undefined; {last}")
    return Judgement(Status.DIVERGED, f"diverged: {step}, where f overflows; {last}; {_reason(run)}")


def _nowhere(ending: Ending) -> Judgement:
    """A run whose start is no point to step from."""
    if not all(map(math.isfinite, ending.x.tolist())):
        return Judgement(Status.UNDEFINED, f"the start {point_text(ending.x)} is no point: it is not finite")
    if math.isinf(ending.value):
        return Judgement(Status.DIVERGED, f"f overflows at the start {point_text(ending.x)}")
    return Judgement(Status.UNDEFINED, f"f is undefined at the start {point_text(ending.x)}")


def _reason(run: Run) -> str:
    """Why a run went out: too long steps, or a function without a floor."""
    if run.position > 0:
        before = float(run.surface.value_at(run.iterate(run.position - 1).tolist()))
        if run.value < before:
            return "f still fell: it seems unbounded below along this path"
    return _too_large(run)


def _is_far(run: Run) -> bool:
    box = run.surface.box
    centre = [(low + high) / 2.0 for low, high in box]
    return math.dist(run.x.tolist(), centre) > FAR * half_diagonal(box)
