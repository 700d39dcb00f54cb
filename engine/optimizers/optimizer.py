"""What an optimizer is: a declaration and two pure functions, in the manner of optax."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from ..arrays import Array
from .hyperparameter import Hyperparameter, SettingError, Value, Values, complete
from .modes import Modes
from .oracle import Landscape, Oracle


class Need(Enum):
    """What an optimizer asks of a surface in a step; the value is the word for it on screen."""

    VALUE = "value"
    GRADIENT = "gradient"
    HESSIAN = "Hessian"
    HESSIAN_VECTOR = "Hessian-vector product"
    RESIDUALS = "residuals"


class RateScale(Enum):
    """What a method's learning rate measures, and with it which values suit a surface."""

    GRADIENT = "gradient"
    """It multiplies gradients: a rate that suits is of the size of 1/curvature."""
    LENGTH = "length"
    """It is the length of a step in every coordinate, however long the gradient is."""
    EITHER = "either"
    """It multiplies gradients in some steps and is a length in others: it must suit both."""
    FACTOR = "factor"
    """It multiplies a step whose length the method decides itself: its default suits every surface."""


class State(Protocol):
    """What every optimizer's state has: the point and the number of steps made; the rest are buffers.

    A state is a NamedTuple whose other fields carry the method's standard terms, such as
    ``momentum_buffer``; panels show them by name. Arrays are ``(..., n)``, never written in place.
    """

    @property
    def x(self) -> Array:
        """The iterate, ``(..., n)``."""

    @property
    def step(self) -> int:
        """The steps made since ``init``; bias corrections count with it."""


StateT = TypeVar("StateT", bound=State)


@dataclass(frozen=True, slots=True)
class Stability(Generic[StateT]):
    """When a method is stable on a quadratic: learning rate times sharpness stays below a limit.

    ``limit(values)`` is that limit. The sharpness is the largest eigenvalue of the Hessian, or, where
    ``preconditioner`` is given, of P⁻¹H with P the diagonal matrix ``preconditioner(state, values)``;
    there ``penalty(values)``, a weight decay that is part of the gradient, is added to H's diagonal.
    ``modes`` gives the iteration matrix along an eigen-direction; see :mod:`.modes`.
    """

    limit: Callable[[Values], Value]
    preconditioner: Callable[[StateT, Values], Array] | None = None
    penalty: Callable[[Values], Value] | None = None
    modes: Modes | None = None

    def __post_init__(self) -> None:
        # States that are not finite are asked for their preconditioner too.
        if self.preconditioner is not None:
            object.__setattr__(self, "preconditioner", np.errstate(all="ignore")(self.preconditioner))


@dataclass(frozen=True, slots=True)
class Optimizer(Generic[StateT]):
    """One optimization method, as data.

    ``init(x, values)`` and ``step(state, oracle, values)`` are pure: the same arguments give the same
    bits. ``x`` may carry leading batch axes, and so may a value, broadcastable against ``(..., 1)``.
    ``step`` neither raises nor warns on numbers that are not finite. ``stability`` is None where no
    limit is known. ``rate_scale`` says what kind of number ``lr`` is.

    ``check(surface, x)`` says why the method can't step on a surface from a point ``(n,)``, as the end of
    a sentence, or gives None; it is asked before the first step. ``batched`` is False for a method that
    takes one point at a time. ``implied`` are options of torch's class that this method has settled: they may
    be given, with this value only.
    """

    name: str
    title: str
    summary: str
    source: str
    hyperparameters: tuple[Hyperparameter, ...]
    init: Callable[[Array, Values], StateT]
    step: Callable[[StateT, Oracle, Values], StateT]
    needs: frozenset[Need] = frozenset({Need.GRADIENT})
    stability: Stability[StateT] | None = None
    rate_scale: RateScale = RateScale.GRADIENT
    check: Callable[[Landscape, Array], str | None] | None = None
    batched: bool = True
    implied: Mapping[str, float | bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # One decorated call costs 0.4 µs, a `with` block at each caller more, and none can forget it.
        object.__setattr__(self, "step", np.errstate(all="ignore")(self.step))

    def values(self, given: Mapping[str, float | str] | None = None) -> Mapping[str, float]:
        """Return a checked value for every hyperparameter; what is not given has its default.

        Raises `SettingError` for an unknown name or a value that is not allowed.
        """
        own = {name: value for name, value in (given or {}).items() if not self._is_implied(name, value)}
        return complete(self.name, self.hyperparameters, own)

    def _is_implied(self, name: str, value: float | str) -> bool:
        if name not in self.implied:
            return False
        only = self.implied[name]
        settled = Hyperparameter(name, float(only), kind="bool" if isinstance(only, bool) else "float")
        read = settled.parse(value) if isinstance(value, str) else settled.validate(value)
        if read != settled.default:
            raise SettingError(f"{self.name} always has {name}={settled.text(settled.default)}")
        return True

    def hyperparameter(self, name: str) -> Hyperparameter | None:
        """Return the declaration of this name, or None where the method has no such setting."""
        return next((each for each in self.hyperparameters if each.name == name), None)


AnyOptimizer = Optimizer[Any]
