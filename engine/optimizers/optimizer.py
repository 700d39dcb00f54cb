"""What an optimizer is: a declaration and two pure functions, in the manner of optax."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from ..arrays import Array
from .hyperparameter import Hyperparameter, Value, Values, complete
from .oracle import Oracle


class Need(Enum):
    """What an optimizer asks of a surface in a step; the value is the word for it on screen."""

    VALUE = "value"
    GRADIENT = "gradient"
    HESSIAN = "Hessian"
    HESSIAN_VECTOR = "Hessian-vector product"


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
    ``preconditioner`` is given, of P⁻¹H with P the diagonal matrix ``preconditioner(state, values)``.
    """

    limit: Callable[[Values], Value]
    preconditioner: Callable[[StateT, Values], Array] | None = None


@dataclass(frozen=True, slots=True)
class Optimizer(Generic[StateT]):
    """One optimization method, as data.

    ``init(x, values)`` and ``step(state, oracle, values)`` are pure: the same arguments give the same
    bits. ``x`` may carry leading batch axes, and so may a value, broadcastable against ``(..., 1)``.
    ``step`` neither raises nor warns on numbers that are not finite. ``stability`` is None where no
    limit is known.
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

    def __post_init__(self) -> None:
        # One decorated call costs 0.4 µs, a `with` block at each caller more, and none can forget it.
        object.__setattr__(self, "step", np.errstate(all="ignore")(self.step))

    def values(self, given: Mapping[str, float | str] | None = None) -> Mapping[str, float]:
        """Return a checked value for every hyperparameter; what is not given has its default.

        Raises `SettingError` for an unknown name or a value that is not allowed.
        """
        return complete(self.name, self.hyperparameters, given or {})

    def hyperparameter(self, name: str) -> Hyperparameter | None:
        """Return the declaration of this name, or None where the method has no such setting."""
        return next((each for each in self.hyperparameters if each.name == name), None)


AnyOptimizer = Optimizer[Any]
