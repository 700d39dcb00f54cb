"""Every optimizer by name, in the order in which pickers list them."""

from collections.abc import Mapping
from types import MappingProxyType

from .adam import ADAM
from .gradient_descent import GRADIENT_DESCENT
from .hyperparameter import SettingError, did_you_mean
from .momentum import MOMENTUM_DESCENT
from .nesterov import NESTEROV
from .newton import NEWTON
from .optimizer import AnyOptimizer

_ALL: tuple[AnyOptimizer, ...] = (GRADIENT_DESCENT, MOMENTUM_DESCENT, NESTEROV, ADAM, NEWTON)

OPTIMIZERS: Mapping[str, AnyOptimizer] = MappingProxyType({each.name: each for each in _ALL})
"""Name to optimizer."""


def optimizer_named(name: str) -> AnyOptimizer:
    """Return the optimizer of this name, or raise `SettingError` with the closest name there is."""
    try:
        return OPTIMIZERS[name]
    except KeyError:
        known = f"known are {', '.join(OPTIMIZERS)}"
        raise SettingError(f"there is no optimizer {name[:40]!r}; {known}{did_you_mean(name, OPTIMIZERS)}") from None
