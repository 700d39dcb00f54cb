"""How a method contracts along one eigen-direction of a quadratic: the eigenvalues of its iteration matrix.

On a quadratic, with the preconditioner P as it is, a method's (iterate, buffer) in an eigen-direction of P⁻¹H
follows a linear recurrence whose 2×2 matrix is known by trace and determinant. They depend on s, the learning
rate times the direction's eigenvalue.
"""

import cmath
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from .decay import decoupled_decay
from .hyperparameter import Value, Values


class IterationMatrix(NamedTuple):
    """A 2×2 matrix by its trace and determinant; a method without a buffer has determinant 0."""

    trace: float
    determinant: float

    @property
    def dominant(self) -> complex:
        """The eigenvalue of largest modulus, the one with positive imaginary part of a complex pair."""
        half = 0.5 * self.trace
        root = cmath.sqrt(half * half - self.determinant)
        return half + root if half >= 0 or root.imag else half - root


Modes: TypeAlias = Callable[[Values, float], IterationMatrix]
"""Hyperparameters and s to the iteration matrix."""


def plain(values: Values, s: float) -> IterationMatrix:
    """Return x ← (1 − s)x: gradient descent, and what scales it coordinate by coordinate."""
    return IterationMatrix(1.0 - s, 0.0)


def heavy_ball(values: Values, s: float) -> IterationMatrix:
    """Return b ← μb + (1 − dampening)g, x ← x − ηb (Polyak, 1964); as in torch μ = 0 dampens nothing."""
    momentum = _number(values["momentum"])
    fresh = 1.0 - _number(values.get("dampening", 0.0)) if momentum else 1.0
    return IterationMatrix(1.0 + momentum - fresh * s, momentum)


def lookahead(values: Values, s: float) -> IterationMatrix:
    """Return b ← μb + g, x ← x − η(g + μb), Nesterov's momentum as torch has it."""
    momentum = _number(values["momentum"])
    return IterationMatrix((1.0 + momentum) * (1.0 - s), momentum * (1.0 - s))


def averaged(values: Values, s: float) -> IterationMatrix:
    """Return m ← β₁m + (1 − β₁)g, x ← rx − ηm, the Adam family; r is 1 − η·(decoupled weight decay)."""
    beta1, kept = _number(values["beta1"]), _kept(values)
    return IterationMatrix(beta1 + kept - (1.0 - beta1) * s, beta1 * kept)


def averaged_lookahead(values: Values, s: float) -> IterationMatrix:
    """Return the same with x ← rx − η(β₁m + (1 − β₁)g): NAdam once its momentum has settled."""
    beta1, kept = _number(values["beta1"]), _kept(values)
    return IterationMatrix(beta1 + kept - (1.0 - beta1 * beta1) * s, beta1 * (kept - (1.0 - beta1) * s))


def _kept(values: Values) -> float:
    decoupled = decoupled_decay(values) if "decoupled_weight_decay" in values else 0.0
    return 1.0 - _number(values["lr"]) * _number(decoupled)


def adamw(values: Values, s: float) -> IterationMatrix:
    """Return `averaged` with weight decay that is always decoupled."""
    beta1 = _number(values["beta1"])
    kept = 1.0 - _number(values["lr"]) * _number(values["weight_decay"])
    return IterationMatrix(beta1 + kept - (1.0 - beta1) * s, beta1 * kept)


def _number(value: Value) -> float:
    return float(value)
