"""The second-derivative test, with tolerances that scale with the function and the view."""

import math
from dataclasses import dataclass
from enum import Enum

from .spectrum import Spectrum

CRITICAL_GRADIENT = 1e-7
"""A gradient counts as zero up to this fraction of ‖H‖·L, with L the view's half-diagonal."""

_ROUNDING_UNITS = 4.0
_EPSILON = 2.0**-52
_DISPLACEMENT_MARGIN = 10.0


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


def is_critical(value: float, gradient_norm: float, hessian_norm: float, length: float) -> bool:
    """Tell whether a gradient is zero on the scale of the function.

    It is if ‖∇f‖ ≤ ``CRITICAL_GRADIENT``·‖H‖·L, or if f changes by less than its own rounding error over a
    length L. Multiplying f by a positive number, or stretching x and the view together, never changes the
    answer.
    """
    return gradient_norm <= max(
        CRITICAL_GRADIENT * hessian_norm * length, _ROUNDING_UNITS * _EPSILON * abs(value) / length
    )


def undecidable_curvature(gradient_norm: float, hessian_norm: float, view: ViewScale) -> float:
    """Return the magnitude below which an eigenvalue at a nearly critical point may belong to zero.

    The true critical point lies about ‖∇f‖/‖H‖ away, and over that distance the Hessian changes by about that
    fraction of the view's own curvature. Zero where the gradient vanishes exactly.
    """
    if gradient_norm == 0 or hessian_norm == 0:
        return 0.0
    displacement = gradient_norm / hessian_norm / view.length
    floor = _DISPLACEMENT_MARGIN * displacement * view.curvature
    return floor if math.isfinite(floor) else 0.0


def second_derivative_test(value: float, gradient_norm: float, spectrum: Spectrum, length: float) -> Judgement:
    """Judge a point from its value, its gradient's norm and its Hessian's spectrum.

    ``length`` is the half-diagonal of the view (positive). Eigenvalues of both signs prove a saddle even
    beside a zero one; a zero eigenvalue otherwise leaves the test without an answer.
    """
    if not (math.isfinite(value) and math.isfinite(gradient_norm) and spectrum.defined):
        return Judgement(Verdict.UNDEFINED, "Undefined: the value or a derivative is not a finite number here.")
    if not is_critical(value, gradient_norm, spectrum.norm, length):
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
