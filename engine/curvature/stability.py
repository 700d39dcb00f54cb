"""What curvature allows a constant learning rate to do: stability limit, best rate and contraction."""

import math
from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from .spectrum import Spectrum


@dataclass(frozen=True)
class Stability:
    """Learning-rate bounds of gradient descent on the quadratic model at a point.

    ``limit`` is 2/λ_max: infinite where nothing curves up, NaN where the Hessian is undefined.
    ``best_rate`` is 2/(λ_max + λ_min) and ``best_contraction`` the factor (κ − 1)/(κ + 1) by which a step
    at that rate shrinks the worst component of the error; both are ``None`` unless the Hessian is positive
    definite. Source: B. T. Polyak, Introduction to Optimization (1987), § 1.4.
    """

    limit: float
    best_rate: float | None
    best_contraction: float | None


def stability(spectrum: Spectrum) -> Stability:
    """Return the learning-rate bounds that a spectrum implies."""
    limit = stability_limit(spectrum.sharpness)
    if not spectrum.positive_definite:
        return Stability(limit, None, None)
    low, high = spectrum.smallest, spectrum.sharpness
    # Dividing both by the larger keeps the sum finite; the ratio is at most 1.
    ratio = low / high
    return Stability(limit, limit / (1.0 + ratio), (1.0 - ratio) / (1.0 + ratio))


def stability_limit(sharpness: float) -> float:
    """Return 2/λ_max, above which gradient descent overshoots ever further; infinite if λ_max ≤ 0."""
    if math.isnan(sharpness):
        return math.nan
    if sharpness <= 0:
        return math.inf
    half = 0.5 * sharpness
    return 1.0 / half if half > 0 else math.inf


def contractions(eigenvalues: Array, learning_rate: float) -> Array:
    """Return |1 − ηλ_k| (n,), the factor that one step applies to each eigen-coordinate of the error.

    Below 1 the coordinate shrinks, above 1 it grows; 1 − ηλ_k < 0 makes it change sides at every step.
    """
    with np.errstate(all="ignore"):
        return np.abs(1.0 - learning_rate * np.asarray(eigenvalues, dtype=np.float64))
