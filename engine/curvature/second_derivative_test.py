"""The second-derivative test, with tolerances that scale with the function and the view."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from ..arrays import Array
from .spectrum import ZERO_EIGENVALUE, Spectrum

CRITICAL_DISTANCE = 1e-7
"""A point is critical if a critical point lies within this fraction of the view's half-diagonal."""

DISPLACEMENT_MARGIN = 10.0
ULPS = 16.0


class Verdict(Enum):
    """What the second-derivative test says about a point; each value is the word that a panel shows."""

    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    SADDLE = "saddle"
    DEGENERATE = "degenerate"
    NOT_CRITICAL = "not critical"
    UNDEFINED = "undefined"


@dataclass(frozen=True)
class ViewScale:
    """The yardsticks of a view: half-diagonal ``length``, typical ‖H‖ ``curvature`` (0: unknown)."""

    length: float
    curvature: float = 0.0


@dataclass(frozen=True)
class Judgement:
    """A verdict and the sentence that explains it with its numbers."""

    verdict: Verdict
    sentence: str


@dataclass(frozen=True)
class Criticality:
    """Whether a point is critical, and the magnitude below which an eigenvalue there may belong to zero."""

    critical: bool
    floor: float


def criticality(point: Sequence[float], gradient: Array, spectrum: Spectrum, view: ViewScale) -> Criticality:
    """Tell whether a gradient (n,) is zero on the scale of the function, in every eigen-direction by itself.

    Along a curved direction the model's critical point lies |g_k/λ_k| away; it must be within
    ``CRITICAL_DISTANCE``·L, L the view's half-diagonal. One number for all directions would not do: in a
    narrow valley the gradient along it is tiny beside ‖H‖, far from its end. Directions are taken from the
    stiffest on, since a displacement d along those changes the Hessian by about d/L times the view's own
    curvature: a smaller eigenvalue may be zero at the critical point itself, and there g_k is held against
    ‖H‖·L. Multiplying f by a positive number, or stretching x and the view together, changes nothing.
    """
    if not (spectrum.defined and np.all(np.isfinite(gradient))):
        return Criticality(False, 0.0)
    near = max(CRITICAL_DISTANCE * view.length, ULPS * _EPSILON * max(map(abs, point)))
    values: list[float] = spectrum.eigenvalues.tolist()
    with np.errstate(all="ignore"):
        slopes: list[float] = np.abs(spectrum.eigenvectors @ gradient).tolist()
    displacement = floor = 0.0
    for slope, value in sorted(zip(slopes, map(abs, values), strict=True), key=lambda pair: -pair[1]):
        floor = DISPLACEMENT_MARGIN * displacement / view.length * view.curvature
        flat = value <= max(ZERO_EIGENVALUE * spectrum.norm, floor)
        if not slope <= (spectrum.norm if flat else value) * near:
            return Criticality(False, 0.0)
        if not flat:
            displacement += slope / value
    floor = DISPLACEMENT_MARGIN * displacement / view.length * view.curvature
    return Criticality(True, floor if math.isfinite(floor) else 0.0)


_EPSILON = 2.0**-52


def second_derivative_test(value: float, gradient_norm: float, spectrum: Spectrum, critical: bool) -> Judgement:
    """Judge a point from its value, its gradient's norm and its Hessian's spectrum.

    ``critical`` is what :func:`criticality` says. Eigenvalues of both signs prove a saddle even beside a zero
    one; a zero eigenvalue otherwise leaves the test without an answer.
    """
    if not (math.isfinite(value) and math.isfinite(gradient_norm) and spectrum.defined):
        return Judgement(Verdict.UNDEFINED, "Undefined: the value or a derivative is not a finite number here.")
    if not critical:
        slope = "slope" if len(spectrum.signs) == 1 else "gradient's norm"
        return Judgement(Verdict.NOT_CRITICAL, f"Not critical: the {slope} is {gradient_norm:.4g}, not zero.")
    verdict = _verdict(spectrum.signs)
    words = _words_in_one_variable if len(spectrum.signs) == 1 else _words
    return Judgement(verdict, words(verdict, spectrum))


def _verdict(signs: tuple[int, ...]) -> Verdict:
    if 1 in signs and -1 in signs:
        return Verdict.SADDLE
    if 0 in signs:
        return Verdict.DEGENERATE
    return Verdict.MINIMUM if signs[0] > 0 else Verdict.MAXIMUM


def _words(verdict: Verdict, spectrum: Spectrum) -> str:
    numbers = ", ".join(
        "0" if sign == 0 else f"{eigenvalue:.4g}"
        for sign, eigenvalue in zip(spectrum.signs, spectrum.eigenvalues.tolist(), strict=True)
    )
    if verdict is Verdict.MINIMUM:
        return f"Minimum: zero gradient, and every eigenvalue of the Hessian is positive ({numbers})."
    if verdict is Verdict.MAXIMUM:
        return f"Maximum: zero gradient, and every eigenvalue of the Hessian is negative ({numbers})."
    if verdict is Verdict.SADDLE:
        return f"Saddle: zero gradient, and the Hessian has eigenvalues of both signs ({numbers})."
    if not any(spectrum.signs):
        return "Degenerate: zero gradient and zero Hessian; the test is inconclusive, higher-order terms decide."
    excluded = "maximum" if 1 in spectrum.signs else "minimum"
    return (
        f"Degenerate: zero gradient, but the Hessian has a zero eigenvalue ({numbers}); no {excluded}, "
        "otherwise inconclusive: higher-order terms decide."
    )


def _words_in_one_variable(verdict: Verdict, spectrum: Spectrum) -> str:
    if verdict is Verdict.DEGENERATE:
        return (
            "Degenerate: slope and second derivative are both zero; minimum, maximum or inflection, "
            "higher derivatives decide."
        )
    sign = "positive" if verdict is Verdict.MINIMUM else "negative"
    return f"{verdict.value.capitalize()}: zero slope, and the second derivative is {sign} ({spectrum.sharpness:.4g})."
