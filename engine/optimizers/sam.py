"""Sharpness-aware minimization: steps by the gradient at the worst point close by."""

from typing import NamedTuple

import numpy as np

from ..arrays import Array
from .adam import ADAM
from .adamw import ADAMW
from .gradient_descent import GRADIENT_DESCENT
from .hyperparameter import Hyperparameter, Value, Values
from .momentum import MOMENTUM_DESCENT
from .nesterov import NESTEROV
from .optimizer import AnyOptimizer, Optimizer, State
from .oracle import Oracle, norm

BASES: tuple[AnyOptimizer, ...] = (GRADIENT_DESCENT, MOMENTUM_DESCENT, NESTEROV, ADAM, ADAMW)
"""The first-order methods that the worst point's gradient can be handed to."""

RHO = Hyperparameter(
    "rho", 0.05, low=0.0, scale="log", help="radius of the ball in which the worst point is looked for"
)
_STATES = tuple(type(base.init(np.zeros(1), base.values())) for base in BASES)

BASE = Hyperparameter(
    "base", 0.0, kind="choice", choices=tuple(each.name for each in BASES),
    help="the method that makes the step; the hyperparameters of the others do nothing",
)  # fmt: skip


class SamState(NamedTuple):
    """The iterate, the state of the base method, and both gradients of the last step.

    ``gradient`` is ∇f(x), ``worst_gradient`` the one at x + ``ascent``, all ``(..., n)``.
    """

    x: Array
    step: int
    base_state: State
    gradient: Array
    ascent: Array
    worst_gradient: Array


class _WorstPoint(Oracle):
    """Answers a base method's one question, the gradient, with that of the worst point close by."""

    __slots__ = ("ascent", "gradient_there", "outer", "plain", "rho")

    def __init__(self, outer: Oracle, rho: Value) -> None:
        super().__init__(outer.surface)
        self.outer = outer
        self.rho = rho

    def gradient(self, x: Array) -> Array:
        self.plain = self.outer.gradient(x)
        length = norm(self.plain)
        # A gradient of length 0 has no direction: the worst point is then taken to be x itself.
        direction = 0.0 * self.plain
        np.divide(self.plain, length, out=direction, where=length > 0.0)
        self.ascent = self.rho * direction
        self.outer.repeat()
        self.gradient_there = self.outer.gradient(x + self.ascent)
        return self.gradient_there


def _base(values: Values) -> AnyOptimizer:
    return BASES[int(values["base"])]


def init(x: Array, values: Values) -> SamState:
    """Return the state before the first step."""
    zero = np.zeros_like(x)
    return SamState(x, 0, _base(values).init(x, values), zero, zero, zero)


def step(state: SamState, oracle: Oracle, values: Values) -> SamState:
    """Return the base method's step from x with the gradient ∇f(x + ρ∇f(x)/‖∇f(x)‖).

    Both gradients have the same noise, as those of one mini-batch. The paper's own code adds 1e-12 to
    the norm; here a zero gradient is a case of its own. A change of ``base`` starts it with empty buffers.
    """
    method = _base(values)
    base_state = state.base_state
    if type(base_state) is not _STATES[int(values["base"])]:
        base_state = method.init(state.x, values)
    worst = _WorstPoint(oracle, values["rho"])
    base_state = method.step(base_state, worst, values)
    return SamState(base_state.x, state.step + 1, base_state, worst.plain, worst.ascent, worst.gradient_there)


def _declared() -> tuple[Hyperparameter, ...]:
    """The settings of all bases, each name once: gradient descent's declarations come first."""
    known: dict[str, Hyperparameter] = {}
    for base in BASES:
        for each in base.hyperparameters:
            known.setdefault(each.name, each)
    rate = known.pop("lr")
    return (rate, RHO, BASE, *known.values())


SAM = Optimizer(
    name="sam",
    title="Sharpness-aware minimization",
    summary="Looks at the worst point close by before each step: prefers flat minima.",
    source="Foret, Kleiner, Mobahi and Neyshabur (2021)",
    hyperparameters=_declared(),
    init=init,
    step=step,
)
