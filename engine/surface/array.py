"""Arithmetic on NumPy arrays: grids and thousands of particles at once.

Outside a function's domain, at poles (``1/0``, ``log(0)``) included, the result is NaN; overflow gives
inf. Nothing raises, and inside :func:`quiet` nothing warns.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..arrays import Array

MULTIPLIED_POWER = 16
"""Integer powers up to this one are multiplied out: ten times faster than ``np.power``, a few ulp."""


def quiet() -> np.errstate:
    """Return the context in which array arithmetic is done: non-finite results without warnings."""
    return np.errstate(all="ignore")


def _without_poles(result: Array, at: Array | np.bool_) -> Array:
    return np.where(at, np.nan, result) if np.any(at) else result


def _divide(a: Array, b: Array) -> Array:
    return _without_poles(np.divide(a, b), np.equal(b, 0.0))


def _integer_power(base: Array, exponent: int) -> Array:
    if exponent < 0:
        # The pole is where the base is 0, not where its power underflows: that reciprocal is inf.
        return _without_poles(np.divide(1.0, _integer_power(base, -exponent)), np.equal(base, 0.0))
    if exponent > MULTIPLIED_POWER:
        return np.power(base, float(exponent))
    result: Array | None = None
    square = base
    while exponent:
        if exponent & 1:
            result = square if result is None else result * square
        exponent >>= 1
        if exponent:
            square = square * square
    return np.ones_like(base) if result is None else result


def _power(base: Array, exponent: Array) -> Array:
    pole = np.logical_and(np.equal(base, 0.0), np.less(exponent, 0.0))
    # C's pow(-inf, 0.5) is inf, and NumPy's depends on which loop it takes; it is outside the domain.
    fractional = np.not_equal(np.mod(exponent, 1.0), 0.0)
    outside = np.logical_and(np.equal(base, -np.inf), fractional)
    return _without_poles(np.power(base, exponent), np.logical_or(pole, outside))


def _logarithm(function: Callable[[Array], Array]) -> Callable[[Array], Array]:
    def logarithm(x: Array) -> Array:
        return _without_poles(function(x), np.equal(x, 0.0))

    return logarithm


def _sigmoid(x: Array) -> Array:
    growth = np.exp(-np.abs(x))
    return np.where(np.greater_equal(x, 0.0), 1.0, growth) / (1.0 + growth)


def _sech2(x: Array) -> Array:
    decay = np.exp(-2.0 * np.abs(x))
    return 4.0 * decay / (1.0 + decay) ** 2


def _softplus(x: Array) -> Array:
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


ARRAY_OPERATIONS: dict[str, Callable[..., Any]] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": _divide,
    "neg": np.negative,
    "powi": _integer_power,
    "pow": _power,
    "sqrt": np.sqrt,
    "cbrt": np.cbrt,
    "exp": np.exp,
    "log": _logarithm(np.log),
    "log2": _logarithm(np.log2),
    "log10": _logarithm(np.log10),
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "atan2": np.arctan2,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "sech2": _sech2,
    "abs": np.abs,
    "sign": np.sign,
    "heaviside": np.heaviside,
    "floor": np.floor,
    "ceil": np.ceil,
    "min": np.minimum,
    "max": np.maximum,
    "sigmoid": _sigmoid,
    "softplus": _softplus,
    "relu": lambda x: np.maximum(x, 0.0),
}
"""Each operation of a tape on float64 arrays."""
