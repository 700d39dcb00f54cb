"""Every optimizer by name, in the order in which pickers list them."""

from collections.abc import Iterator, Mapping
from importlib import import_module

from .hyperparameter import SettingError, did_you_mean
from .optimizer import AnyOptimizer

_PLACES = {
    "gd": ("gradient_descent", "GRADIENT_DESCENT"),
    "momentum": ("momentum", "MOMENTUM_DESCENT"),
    "nesterov": ("nesterov", "NESTEROV"),
    "adagrad": ("adagrad", "ADAGRAD"),
    "adadelta": ("adadelta", "ADADELTA"),
    "rmsprop": ("rmsprop", "RMSPROP"),
    "adam": ("adam", "ADAM"),
    "amsgrad": ("amsgrad", "AMSGRAD"),
    "adamw": ("adamw", "ADAMW"),
    "nadam": ("nadam", "NADAM"),
    "radam": ("radam", "RADAM"),
    "adamax": ("adamax", "ADAMAX"),
    "rprop": ("rprop", "RPROP"),
    "lion": ("lion", "LION"),
    "signgd": ("signgd", "SIGN_DESCENT"),
    "sam": ("sam", "SAM"),
    "perturbed_gd": ("perturbed_gd", "PERTURBED_GD"),
    "line_search_gd": ("line_search_gd", "LINE_SEARCH_GD"),
    "barzilai_borwein": ("barzilai_borwein", "BARZILAI_BORWEIN"),
    "conjugate_gradient": ("conjugate_gradient", "CONJUGATE_GRADIENT"),
    "newton": ("newton", "NEWTON"),
    "damped_newton": ("damped_newton", "DAMPED_NEWTON"),
    "saddle_free_newton": ("saddle_free_newton", "SADDLE_FREE_NEWTON"),
    "trust_region": ("trust_region", "TRUST_REGION"),
    "bfgs": ("bfgs", "BFGS"),
    "lbfgs": ("lbfgs", "LBFGS"),
    "gauss_newton": ("gauss_newton", "GAUSS_NEWTON"),
    "adahessian": ("adahessian", "ADAHESSIAN"),
    "gradient_flow": ("gradient_flow", "GRADIENT_FLOW"),
}
"""Name to the module and the constant in it that declare the method."""


class _Catalogue(Mapping[str, AnyOptimizer]):
    """Imports a method when it is first asked for: thirty modules would delay the first map by a tenth."""

    def __getitem__(self, name: str) -> AnyOptimizer:
        module, constant = _PLACES[name]
        optimizer: AnyOptimizer = getattr(import_module(f".{module}", __package__), constant)
        return optimizer

    def __iter__(self) -> Iterator[str]:
        return iter(_PLACES)

    def __len__(self) -> int:
        return len(_PLACES)


OPTIMIZERS: Mapping[str, AnyOptimizer] = _Catalogue()
"""Name to optimizer; read-only."""


def optimizer_named(name: str) -> AnyOptimizer:
    """Return the optimizer of this name, or raise `SettingError` with the closest name there is."""
    try:
        return OPTIMIZERS[name]
    except KeyError:
        known = f"known are {', '.join(OPTIMIZERS)}"
        raise SettingError(f"there is no optimizer {name[:40]!r}; {known}{did_you_mean(name, OPTIMIZERS)}") from None
