"""Weight decay the way torch couples it: as an L2 penalty that joins the gradient."""

from ..arrays import Array
from .hyperparameter import Hyperparameter, Value

WEIGHT_DECAY = Hyperparameter(
    "weight_decay",
    0.0,
    low=0.0,
    scale="log",
    help="pulls towards the origin: adds weight_decay·x to the gradient",
)


def decayed(gradient: Array, x: Array, weight_decay: Value) -> Array:
    """Return ``gradient + weight_decay·x``; a plain zero costs nothing."""
    if isinstance(weight_decay, float) and weight_decay == 0.0:
        return gradient
    return gradient + weight_decay * x
