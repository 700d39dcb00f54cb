"""Running means of gradients and of their squares, which the adaptive methods scale their steps by."""

import numpy as np

from ..arrays import Array
from .hyperparameter import Value


def blended(mean: Array, new: Array, decay: Value) -> Array:
    """Return decay·mean + (1 − decay)·new as a new array, computed as torch's ``lerp_`` does.

    It goes from the nearer end, so that a decay of 0 gives exactly ``new``.
    """
    weight = 1.0 - decay
    result = new - mean
    if not isinstance(weight, float):
        return np.where(weight < 0.5, mean + weight * result, new - (1.0 - weight) * result)
    if weight < 0.5:
        result *= weight
        result += mean
        return result
    result *= 1.0 - weight
    return np.subtract(new, result, out=result)


def blended_square(mean: Array, new: Array, decay: Value) -> Array:
    """Return decay·mean + (1 − decay)·new² as a new array."""
    result = new * new
    result *= 1.0 - decay
    result += decay * mean
    return result
