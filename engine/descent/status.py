"""How a run stands at its current position: an enumeration, and a sentence with the numbers."""

import math
from collections.abc import Sequence
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ..arrays import Array
from ..curvature.report import view_scale
from ..curvature.second_derivative_test import undecidable_curvature
from ..optimizers.optimizer import Need
from .run import Run
from .segment import Ending

CRITICAL = 1e-7
"""A point is critical if ‖∇f‖ ≤ CRITICAL·‖H‖·L, L the view's half-diagonal: closer than that to a root."""
FAR = 100.0
"""Beyond this many half-diagonals from the view's centre, and moving outward, a run has diverged."""
STILL = 10
"""A run that has not moved for this many steps does not move any more."""
_FLAT = 1e-9
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
    box = run.surface.box
    extent = half_diagonal(box)
    centre = [(low + high) / 2.0 for low, high in box]
    outward = _outward(run, centre, extent)
    if outward is not None:
        return outward
    if run.settings.noise > 0:
        return Judgement(Status.RUNNING, f"{_here(run)}; the gradients are noisy, so they are no stopping test")
    curvature = curvature_of(run)
    if is_critical(run, curvature, extent):
        return _critical(run, curvature, extent)
    return _unmoved(run) or Judgement(Status.RUNNING, _here(run))


def is_critical(run: Run, curvature: Curvature, extent: float) -> bool:
    """Whether ‖∇f‖ is zero on the scale of the curvature and the view, or no more than rounding."""
    length = run.gradient_norm
    if length == 0.0:
        return True
    if not (math.isfinite(length) and math.isfinite(curvature.norm)):
        return False
    return length <= CRITICAL * curvature.norm * extent or length <= 4.0 * _EPS * abs(run.value) / extent


def _here(run: Run) -> str:
    return f"step {run.position} at {point_text(run.x)}: f = {run.value:.6g}, ‖∇f‖ = {run.gradient_norm:.3g}"


def _critical(run: Run, curvature: Curvature, extent: float) -> Judgement:
    where = f"at {point_text(run.x)} after {steps_text(run.position)}"
    smallest, largest = curvature.smallest, curvature.largest
    # The same yardstick as the curvature panel's: so near a degenerate point no sign is certain.
    floor = undecidable_curvature(run.gradient_norm, curvature.norm, view_scale(run.surface))
    flat = max(_FLAT * curvature.norm, floor)
    numbers = f"λ_min = {smallest:.4g}, λ_max = {largest:.4g}, ‖∇f‖ = {run.gradient_norm:.3g}"
    if smallest < -flat:
        kind = "maximum" if largest < -flat else "saddle" if largest > flat else "degenerate point"
        return Judgement(
            Status.STALLED,
            f"stuck near a {kind} {where}: the gradient vanishes but f falls along a curvature of "
            f"{smallest:.4g} ({numbers}); noise or a nudge would let it leave",
        )
    if smallest > flat:
        return Judgement(Status.CONVERGED, f"converged to a minimum {where}: f = {run.value:.6g}, {numbers}")
    lower = _lower_nearby(run, curvature, flat, extent)
    if lower is not None:
        return Judgement(
            Status.STALLED,
            f"stuck {where}: the gradient vanishes and a direction has no curvature ({numbers}), "
            f"but f is lower close by at {point_text(lower)}",
        )
    return Judgement(
        Status.CONVERGED,
        f"converged {where}: f = {run.value:.6g}, no lower value close by; a direction has no curvature ({numbers})",
    )


def _lower_nearby(run: Run, curvature: Curvature, flat: float, extent: float) -> Array | None:
    """A clearly lower point around a degenerate one, in the directions that H says nothing about."""
    kernel = curvature.eigenvectors[:, np.abs(curvature.eigenvalues) <= flat]
    angles = np.arange(24) * (math.pi / 12.0) + 0.1
    width = kernel.shape[1]
    if width == 2:
        directions = np.stack((np.cos(angles), np.sin(angles)), axis=1) @ kernel.T
    else:
        directions = np.concatenate((kernel.T, -kernel.T))
    radius = 1e-2 * extent
    points = run.x + radius * directions
    with np.errstate(all="ignore"):
        values = np.asarray(run.surface.value(points), dtype=np.float64)
    # What the gradient's residue alone explains is no evidence, neither is rounding.
    margin = 2.0 * run.gradient_norm * radius + 16.0 * _EPS * (abs(run.value) + float(np.max(np.abs(points))))
    values = np.where(np.isfinite(values), values, np.inf)
    best = int(np.argmin(values))
    return points[best] if values[best] < run.value - margin else None


def _unmoved(run: Run) -> Judgement | None:
    position = run.position
    if position < STILL or not np.array_equal(run.iterate(position - 1), run.x):
        return None
    if not np.array_equal(run.iterate(position - STILL), run.x):
        return None
    return Judgement(
        Status.STALLED,
        f"does not move any more at {point_text(run.x)} after {steps_text(position)} although "
        f"‖∇f‖ = {run.gradient_norm:.3g}: a step is smaller than the rounding of the point",
    )


def _outward(run: Run, centre: Sequence[float], extent: float) -> Judgement | None:
    if run.position == 0:
        return None
    distance = math.dist(run.x.tolist(), centre)
    if distance <= 3.0 * extent:
        return None
    before = run.iterate(run.position - 1)
    if math.dist(before.tolist(), centre) >= distance:
        return None
    rising = run.value > float(run.surface.value_at(before.tolist()))
    if distance <= FAR * extent and not (rising and _exploding(run)):
        return None
    far = f"{distance / extent:.3g} half-diagonals from the centre"
    where = f"step {run.position} is at {point_text(run.x)}, {far}"
    if rising:
        return Judgement(Status.DIVERGED, f"diverged: {where}, and f rises ({run.value:.4g}); {_too_large(run)}")
    return Judgement(
        Status.DIVERGED,
        f"diverged: {where}, and f still falls ({run.value:.4g}); it seems unbounded below along this path",
    )


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
    stability = run.settings.method.stability
    if stability is None or stability.preconditioner is not None:
        return None
    return float(stability.limit(run.values_now))


def _too_large(run: Run) -> str:
    rate, limit = run.values_now.get("lr"), sharpness_limit(run)
    largest = curvature_of(run).largest
    if rate is None or limit is None or not largest > 0:
        return "the steps are too long"
    if rate * largest > limit:
        return f"the learning rate {rate:.4g} is above {limit:.3g}/λ_max = {limit / largest:.4g}"
    return f"the learning rate {rate:.4g} was too large on the way"


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
