"""Each operation of a tape on intervals, rounded outward.

A :class:`Tape` that runs on this table encloses the values of its formula, and of the derivatives, over N
boxes at once. What holds (the tests try to refute it against mpmath): wherever in the box the formula is
defined, its value lies between the bounds; a smaller box never gives wider bounds by more than rounding;
a box where it may be undefined, or not differentiable, is flagged.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import arithmetic, elementary, kinks

INTERVAL_OPERATIONS: dict[str, Callable[..., Any]] = {
    "add": arithmetic.add,
    "sub": arithmetic.subtract,
    "mul": arithmetic.multiply,
    "div": arithmetic.divide,
    "neg": arithmetic.negate,
    "powi": arithmetic.integer_power,
    "pow": arithmetic.power,
    "sqrt": elementary.square_root,
    "cbrt": elementary.cube_root,
    "exp": elementary.exponential,
    "log": elementary.logarithm(np.log),
    "log2": elementary.logarithm(np.log2),
    "log10": elementary.logarithm(np.log10),
    "sin": elementary.sine,
    "cos": elementary.cosine,
    "tan": elementary.tangent,
    "asin": elementary.arcsine,
    "acos": elementary.arccosine,
    "atan": elementary.odd(np.arctan),
    "atan2": elementary.angle,
    "sinh": elementary.odd(np.sinh),
    "cosh": elementary.hyperbolic_cosine,
    "tanh": elementary.hyperbolic_tangent,
    "sech2": elementary.hyperbolic_secant_squared,
    "abs": kinks.absolute,
    "sign": kinks.sign,
    "heaviside": kinks.step,
    "floor": kinks.floor,
    "ceil": kinks.ceil,
    "min": kinks.smaller,
    "max": kinks.larger,
    "sigmoid": elementary.sigmoid,
    "softplus": elementary.softplus,
    "relu": kinks.ramp,
}
"""Each operation of a tape on :class:`Interval`."""
