"""A run at a point where the gradient vanishes: converged to a minimum, or stuck."""

import math

import numpy as np

from ..arrays import Array
from ..curvature.report import PointReport
from ..curvature.second_derivative_test import Verdict
from .judgement import Judgement, Status, point_text, steps_text
from .run import Run

_EPS = float(np.finfo(np.float64).eps)


def judge_at_rest(run: Run, report: PointReport, extent: float) -> Judgement:
    """Judge a run where the gradient counts as zero; ``extent`` is half the view's diagonal."""
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
