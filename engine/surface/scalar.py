"""Arithmetic on single floats: what one point is evaluated with (about 0.1 µs an operation).

Python's ``math`` raises where a value does not exist or overflows; the tape catches that and asks the
array arithmetic, which answers with NaN or inf. So the fast path stays free of tests.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any


def _sign(x: float) -> float:
    if x != x:
        return x
    return 0.0 if x == 0.0 else math.copysign(1.0, x)


def _heaviside(x: float, at_zero: float) -> float:
    if x != x:
        return x
    return at_zero if x == 0.0 else float(x > 0.0)


def _floor(x: float) -> float:
    return math.copysign(math.floor(x), x)  # keeps -0, whose sign atan2 sees


def _ceil(x: float) -> float:
    return math.copysign(math.ceil(x), x)


def _minimum(a: float, b: float) -> float:
    return a if a <= b or a != a else b


def _maximum(a: float, b: float) -> float:
    return a if a >= b or a != a else b


def _fold_minimum(*values: float) -> float:
    result = values[0]
    for value in values[1:]:
        result = _minimum(result, value)
    return result


def _fold_maximum(*values: float) -> float:
    result = values[0]
    for value in values[1:]:
        result = _maximum(result, value)
    return result


def _sigmoid(x: float) -> float:
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    growth = math.exp(x)
    return growth / (1.0 + growth)


def _softplus(x: float) -> float:
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def _relu(x: float) -> float:
    return x if x > 0.0 or x != x else 0.0


def _sech2(x: float) -> float:
    """1/cosh²: what ``1 - tanh(x)**2`` should be, without its cancellation."""
    decay = math.exp(-2.0 * abs(x))
    return 4.0 * decay / (1.0 + decay) ** 2


def _power(base: float, exponent: float) -> float:
    if base == 0.0 and exponent < 0.0:
        raise ZeroDivisionError
    if base == -math.inf and exponent % 1.0 != 0.0:
        raise ValueError  # inf by the C standard, yet outside the domain as for every negative base
    return math.pow(base, exponent)


SCALAR_FUNCTIONS: dict[str, Callable[..., float]] = {
    "sqrt": math.sqrt,
    "cbrt": math.cbrt,
    "exp": math.exp,
    "log": math.log,
    "log2": math.log2,
    "log10": math.log10,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "atan2": math.atan2,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "tanh": math.tanh,
    "abs": abs,
    "sign": _sign,
    "heaviside": _heaviside,
    "floor": _floor,
    "ceil": _ceil,
    "min": _fold_minimum,
    "max": _fold_maximum,
    "sigmoid": _sigmoid,
    "softplus": _softplus,
    "relu": _relu,
}

SCALAR_OPERATIONS: dict[str, Callable[..., Any]] = {
    **SCALAR_FUNCTIONS,
    "min": _minimum,
    "max": _maximum,
    "sech2": _sech2,
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "neg": operator.neg,
    "powi": operator.pow,
    "pow": _power,
}
"""Each operation of a tape on floats; ``powi`` has an ``int`` exponent."""
