"""What the methods with a line search have in common: their state, and what it knows about its point."""

from typing import NamedTuple, Protocol

import numpy as np

from ..arrays import Array, Mask, all_true, last_sum
from .line_search import Found
from .oracle import Oracle


class Measured(NamedTuple):
    """f ``(...)`` and ∇f ``(..., n)`` at the iterate; ``known`` says that they were carried over."""

    value: Array
    gradient: Array


class SearchState(Protocol):
    """A state that carries f and ∇f at its point, from the probe that the search before ended with."""

    @property
    def x(self) -> Array:
        """The iterate."""

    @property
    def step(self) -> int:
        """The steps made."""

    @property
    def value(self) -> Array:
        """f at the iterate."""

    @property
    def gradient(self) -> Array:
        """∇f at the iterate."""

    @property
    def exact(self) -> bool:
        """Whether the gradient has neither noise nor clipping."""

    @property
    def accepted(self) -> Mask:
        """Whether the last search met its conditions."""


def is_exact(oracle: Oracle) -> bool:
    """Whether the oracle's gradients are f's own."""
    return not oracle.noise and oracle.clip is None and oracle.clip_value is None


def measured(state: SearchState, oracle: Oracle) -> Measured:
    """Return f and ∇f at the iterate, carried over from the last search where that can be relied on.

    Asked for again at the first step, with noise or clipping, and after a search that failed: a run that
    is stuck for want of a better gradient must get the chance of one.
    """
    if state.step > 0 and state.exact and is_exact(oracle) and all_true(state.accepted):
        return Measured(state.value, state.gradient)
    oracle.repeat()
    return Measured(oracle.value(state.x), oracle.gradient(state.x))


def nothing_found(x: Array) -> Found:
    """Return what a state holds before its first search: zeros, and no probes."""
    lead = x.shape[:-1]
    return Found(
        x, np.zeros(lead), np.zeros_like(x), np.zeros((*lead, 1)), np.zeros((*lead, 1), dtype=bool),
        np.zeros((*lead, 0)), np.zeros((*lead, 0)),
    )  # fmt: skip


def dot(one: Array, other: Array) -> Array:
    """Return the inner product over the last axis, ``(..., 1)``."""
    return last_sum(one * other)
