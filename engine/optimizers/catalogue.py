"""Every optimizer by name, in the order in which pickers list them."""

from collections.abc import Mapping
from types import MappingProxyType

from .adadelta import ADADELTA
from .adagrad import ADAGRAD
from .adahessian import ADAHESSIAN
from .adam import ADAM
from .adamax import ADAMAX
from .adamw import ADAMW
from .amsgrad import AMSGRAD
from .barzilai_borwein import BARZILAI_BORWEIN
from .bfgs import BFGS
from .conjugate_gradient import CONJUGATE_GRADIENT
from .damped_newton import DAMPED_NEWTON
from .gauss_newton import GAUSS_NEWTON
from .gradient_descent import GRADIENT_DESCENT
from .gradient_flow import GRADIENT_FLOW
from .hyperparameter import SettingError, did_you_mean
from .lbfgs import LBFGS
from .line_search_gd import LINE_SEARCH_GD
from .lion import LION
from .momentum import MOMENTUM_DESCENT
from .nadam import NADAM
from .nesterov import NESTEROV
from .newton import NEWTON
from .optimizer import AnyOptimizer
from .perturbed_gd import PERTURBED_GD
from .radam import RADAM
from .rmsprop import RMSPROP
from .rprop import RPROP
from .saddle_free_newton import SADDLE_FREE_NEWTON
from .sam import SAM
from .signgd import SIGN_DESCENT
from .trust_region import TRUST_REGION

_ALL: tuple[AnyOptimizer, ...] = (
    GRADIENT_DESCENT,
    MOMENTUM_DESCENT,
    NESTEROV,
    ADAGRAD,
    ADADELTA,
    RMSPROP,
    ADAM,
    AMSGRAD,
    ADAMW,
    NADAM,
    RADAM,
    ADAMAX,
    RPROP,
    LION,
    SIGN_DESCENT,
    SAM,
    PERTURBED_GD,
    LINE_SEARCH_GD,
    BARZILAI_BORWEIN,
    CONJUGATE_GRADIENT,
    NEWTON,
    DAMPED_NEWTON,
    SADDLE_FREE_NEWTON,
    TRUST_REGION,
    BFGS,
    LBFGS,
    GAUSS_NEWTON,
    ADAHESSIAN,
    GRADIENT_FLOW,
)

OPTIMIZERS: Mapping[str, AnyOptimizer] = MappingProxyType({each.name: each for each in _ALL})
"""Name to optimizer."""


def optimizer_named(name: str) -> AnyOptimizer:
    """Return the optimizer of this name, or raise `SettingError` with the closest name there is."""
    try:
        return OPTIMIZERS[name]
    except KeyError:
        known = f"known are {', '.join(OPTIMIZERS)}"
        raise SettingError(f"there is no optimizer {name[:40]!r}; {known}{did_you_mean(name, OPTIMIZERS)}") from None
