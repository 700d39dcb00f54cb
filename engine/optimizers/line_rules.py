"""The rules of line searches: which step length to try next, and when one is good enough.

A rule is a generator that asks for one step length after another and is sent what was found there. It works
on plain floats; :mod:`.lockstep` has the same rules for many searches at once, with the very same decisions.
"""

import math
from collections.abc import Generator
from typing import NamedTuple, TypeAlias

import numpy as np

from .hyperparameter import Hyperparameter

C1 = Hyperparameter(
    "c1", 1e-4, low=0.0, high=1.0, low_open=True, high_open=True, scale="log",
    help="share of the decrease the slope promises that a step must achieve (Armijo)",
)  # fmt: skip
C2 = Hyperparameter(
    "c2", 0.9, low=0.0, high=1.0, high_open=True,
    help="share of the slope that may be left after a step (strong Wolfe); near 0 is an exact search",
)  # fmt: skip
MOST_PROBES = 25
"""Probes after the first, as in torch's strong Wolfe search."""
TOLERANCE = 1e-9
"""torch's: a bracket shorter than this, times the direction's largest component, is not searched further."""

NARROW = 1e-6
"""A bracket narrower than this share of its step is not searched further, unless torch's rule is asked for."""
HOPELESS_PROBES = 1
"""Probes after the first when a bracket is given up whose whole promised decrease is below the rounding of f.

Values say nothing there; slopes alone may still end a search, and if so, they do at once.
"""
EPS = float(np.finfo(np.float64).eps)


class Probe(NamedTuple):
    """What was found at a step length; ``value`` is inf where f or its slope is not finite."""

    step: float
    value: float
    slope: float
    number: int


class Verdict(NamedTuple):
    """The probe that a search ends with, and whether it meets the search's conditions."""

    probe: Probe
    satisfied: bool


Rule: TypeAlias = Generator[float, Probe, Verdict]


class Armijo(NamedTuple):
    """Shortens the step until f(x + td) ≤ f(x) + c₁t∇f·d (Armijo, 1966)."""

    c1: float
    shrink: float
    most: int = 2 * MOST_PROBES

    def probes(self, start: Probe, trial: float, length: float) -> Rule:
        """Ask for step lengths from ``trial`` on; ``length`` is the direction's largest component."""
        for _ in range(self.most):
            probe = yield trial
            if probe.value <= start.value + self.c1 * trial * start.slope:
                return Verdict(probe, True)
            trial *= self.shrink
        return Verdict(start, False)


class StrongWolfe(NamedTuple):
    """Looks for f(x + td) ≤ f(x) + c₁t∇f·d and |∇f(x + td)·d| ≤ c₂|∇f·d|.

    Bracket and zoom with cubic interpolation (Nocedal and Wright, 2006, algorithms 3.5 and 3.6). With torch's
    ``tolerance`` it makes the decisions that torch.optim.LBFGS makes with ``line_search_fn="strong_wolfe"``,
    but that a probe that is not finite counts as infinitely high, so that the search comes back from it; with
    0 it ends where the bracket is `NARROW` or hopeless (see `HOPELESS_PROBES`).
    """

    c1: float
    c2: float
    tolerance: float = 0.0
    most: int = MOST_PROBES

    def probes(self, start: Probe, trial: float, length: float) -> Rule:
        """Ask for step lengths from ``trial`` on; ``length`` is the direction's largest component."""
        enough, most = -self.c2 * start.slope, self.most
        before, probe, count = start, (yield trial), 0
        while count < most:
            falls = probe.value <= start.value + self.c1 * probe.step * start.slope
            if falls and not (count > 1 and probe.value >= before.value):
                if abs(probe.slope) <= enough:
                    return Verdict(probe, True)
                if probe.slope < 0.0:
                    nearest = probe.step + 0.01 * (probe.step - before.step)
                    trial = cubic_minimum(before, probe, nearest, 10.0 * probe.step)
                    before, probe, count = probe, (yield trial), count + 1
                    continue
            break
        else:
            before = start

        low, high = (before, probe) if before.value <= probe.value else (probe, before)
        near_end = False
        while count < most:
            left, right = min(low.step, high.step), max(low.step, high.step)
            if self._ends(start, left, right, length, count):
                break
            trial = cubic_minimum(low, high, left, right)
            margin = 0.1 * (right - left)
            # A trial close to an end is let pass once; then it is moved, or the bracket hardly shrinks.
            if min(right - trial, trial - left) < margin:
                if near_end or trial >= right or trial <= left:
                    trial = right - margin if right - trial < trial - left else left + margin
                    near_end = False
                else:
                    near_end = True
            else:
                near_end = False
            probe, count = (yield trial), count + 1
            falls = probe.value <= start.value + self.c1 * probe.step * start.slope
            if not falls or probe.value >= low.value:
                # Stable for ties, as torch's positions are.
                low, high = (low, probe) if low.value <= probe.value else (probe, low)
            else:
                if abs(probe.slope) <= enough:
                    return Verdict(probe, True)
                if probe.slope * (high.step - low.step) >= 0.0:
                    high = low
                low = probe
        return Verdict(low, False)

    def _ends(self, start: Probe, left: float, right: float, length: float, count: int) -> bool:
        """Whether a bracket is not worth another probe."""
        if self.tolerance:
            return (right - left) * length < self.tolerance
        hopeless = count >= HOPELESS_PROBES and -right * start.slope < EPS * abs(start.value)
        return right - left < NARROW * right or hopeless


LineRule: TypeAlias = Armijo | StrongWolfe


def cubic_minimum(one: Probe, other: Probe, least: float, most: float) -> float:
    """Return the minimizer, kept in [least, most], of the cubic with these values and slopes at two steps.

    Nocedal and Wright (2006), equation 3.59; the middle where the cubic has none.
    """
    a, b = (one, other) if one.step <= other.step else (other, one)
    width = b.step - a.step
    middle = 0.5 * least + 0.5 * most
    if not width > 0.0:
        return middle
    first = a.slope + b.slope - 3.0 * (a.value - b.value) / (a.step - b.step)
    square = first * first - a.slope * b.slope
    if not 0.0 <= square < math.inf:
        return middle
    second = math.sqrt(square)
    divisor = b.slope - a.slope + 2.0 * second
    if divisor == 0.0:
        return middle
    minimum = b.step - width * ((b.slope + second - first) / divisor)
    return middle if math.isnan(minimum) else min(max(minimum, least), most)
