"""Weight decay: as an L2 penalty that joins the gradient, or decoupled, as a shrinking of the point."""

from dataclasses import replace

from ..arrays import Array
from .hyperparameter import Hyperparameter, Value, Values

WEIGHT_DECAY = Hyperparameter(
    "weight_decay",
    0.0,
    low=0.0,
    scale="log",
    help="pulls towards the origin: adds weight_decay·x to the gradient",
)
DECOUPLED_DECAY = replace(WEIGHT_DECAY, help="pulls towards the origin: shrinks x by lr·weight_decay a step")
DECOUPLED = Hyperparameter(
    "decoupled_weight_decay",
    0.0,
    kind="bool",
    help="whether weight decay shrinks x, as in AdamW, rather than join the gradient",
)


def decayed(gradient: Array, x: Array, weight_decay: Value) -> Array:
    """Return ``gradient + weight_decay·x``, the coupled form; a plain zero costs nothing."""
    if isinstance(weight_decay, float) and weight_decay == 0.0:
        return gradient
    return gradient + weight_decay * x


def shrunk(x: Array, rate: Value, weight_decay: Value) -> Array:
    """Return ``(1 − rate·weight_decay)·x``, the decoupled form; a plain zero costs nothing.

    Source: Loshchilov and Hutter (2019), in torch's dialect: the factor has the learning rate in it,
    the paper's has only the schedule's factor.
    """
    if isinstance(weight_decay, float) and weight_decay == 0.0:
        return x
    return x * (1.0 - rate * weight_decay)


def coupled_decay(values: Values) -> Value:
    """Return the weight decay that is part of the gradient, and with it of the Hessian."""
    return values["weight_decay"] * (1.0 - values.get("decoupled_weight_decay", 0.0))


def decoupled_decay(values: Values) -> Value:
    """Return the weight decay that shrinks x where ``decoupled_weight_decay`` is true, else zero."""
    return values["weight_decay"] * values["decoupled_weight_decay"]


def retained(rate: Value, weight_decay: Value) -> Value:
    """Return 1 − η·weight_decay/2, by which decoupled decay lowers a limit (2 + 2β₁)/(1 − β₁).

    With x ← rx − ηP⁻¹m, r = 1 − η·weight_decay, the iteration matrix has trace β₁ + r − (1 − β₁)s and
    determinant β₁r: −1 is an eigenvalue at s = (1 + r)(1 + β₁)/(1 − β₁).
    """
    return 1.0 - 0.5 * rate * weight_decay
