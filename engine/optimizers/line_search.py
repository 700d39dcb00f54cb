"""Line searches: Armijo backtracking and strong Wolfe, for one point or many in lockstep.

A rule is a generator that asks for one step length after another and is sent what was found there. It
works on plain floats; the driver evaluates the probes of all particles in one call, so that a batch makes
the very decisions, bit for bit, that its particles make alone.
"""

import math
from collections.abc import Callable, Generator
from typing import NamedTuple, TypeAlias

import numpy as np

from ..arrays import Array, Mask
from .hyperparameter import Hyperparameter, Value
from .oracle import Oracle

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
MakeRule: TypeAlias = Callable[[Probe, float, float], Rule]
"""Start, first trial step and the direction's largest component to a rule."""


class Found(NamedTuple):
    """Where the searches of a batch ended.

    ``accepted`` ``(..., 1)`` says whether the conditions hold; where they don't, the point is the lowest
    probe, or the start itself (step 0) if no probe was lower. ``probe_steps`` and ``probe_values`` are
    ``(..., k)``; a search that took fewer than k repeats its last probe.
    """

    x: Array
    value: Array
    gradient: Array
    step_size: Array
    accepted: Mask
    probe_steps: Array
    probe_values: Array


def armijo(c1: float, shrink: float, most: int = 2 * MOST_PROBES) -> MakeRule:
    """Return the rule that shortens the step until f(x + td) ≤ f(x) + c₁t∇f·d (Armijo, 1966)."""

    def rule(start: Probe, trial: float, length: float) -> Rule:
        for _ in range(most):
            probe = yield trial
            if probe.value <= start.value + c1 * trial * start.slope:
                return Verdict(probe, True)
            trial *= shrink
        return Verdict(start, False)

    return rule


def strong_wolfe(c1: float, c2: float, tolerance: float = 0.0, most: int = MOST_PROBES) -> MakeRule:
    """Return the rule for f(x + td) ≤ f(x) + c₁t∇f·d and |∇f(x + td)·d| ≤ c₂|∇f·d|.

    Bracket and zoom with cubic interpolation (Nocedal and Wright, 2006, algorithms 3.5 and 3.6), making
    the decisions that torch.optim.LBFGS makes with ``line_search_fn="strong_wolfe"``; beyond torch, a probe
    that is not finite counts as infinitely high, so that the search comes back from it.
    """

    def rule(start: Probe, trial: float, length: float) -> Rule:
        def falls(probe: Probe) -> bool:
            return probe.value <= start.value + c1 * probe.step * start.slope

        def flat(probe: Probe) -> bool:
            return abs(probe.slope) <= -c2 * start.slope

        before, probe, count = start, (yield trial), 0
        while count < most:
            if falls(probe) and not (count > 1 and probe.value >= before.value):
                if flat(probe):
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
            if (right - left) * length < tolerance if tolerance else right - left < NARROW * right:
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
            if not falls(probe) or probe.value >= low.value:
                # Stable for ties, as torch's positions are.
                low, high = (low, probe) if low.value <= probe.value else (probe, low)
            else:
                if flat(probe):
                    return Verdict(probe, True)
                if probe.slope * (high.step - low.step) >= 0.0:
                    high = low
                low = probe
        return Verdict(low, False)

    return rule


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


def search(
    make: MakeRule, oracle: Oracle, x: Array, direction: Array, value: Array, gradient: Array, trial: Value,
    *, slopes: bool = True,
) -> Found:  # fmt: skip
    """Search from points ``(..., n)`` along directions, all particles in lockstep.

    ``value`` ``(...)`` and ``gradient`` are those at x, ``trial`` broadcasts against ``(..., 1)``. With
    ``slopes`` every probe asks for a gradient, else only the final points do. Where the direction does not
    point downhill, or what is known at x is not finite, nothing is searched and nothing is accepted.
    """
    if x.ndim == 1:
        return _search_one(make, oracle, x, direction, value, gradient, trial, slopes)
    lead = (*x.shape[:-1], 1)
    descent = np.sum(gradient * direction, axis=-1).ravel().tolist()
    lengths = np.max(np.abs(direction), axis=-1).ravel().tolist()
    steps: list[float] = np.broadcast_to(np.asarray(trial, dtype=np.float64), lead).ravel().tolist()
    starts = [Probe(0.0, known, slope, -1) for known, slope in zip(value.ravel().tolist(), descent, strict=True)]
    verdicts = [Verdict(start, False) for start in starts]
    rules: dict[int, Rule] = {}
    for index, start in enumerate(starts):
        usable = math.isfinite(start.value) and -math.inf < start.slope < 0.0 and 0.0 < steps[index] < math.inf
        if usable and math.isfinite(lengths[index]):
            rules[index] = make(start, steps[index], lengths[index])
            steps[index] = next(rules[index])
        else:
            steps[index] = 0.0
    asked: list[list[float]] = []
    points, values, gradients = [x], [value], [gradient]
    while rules:
        asked.append(list(steps))
        points.append(x + np.array(steps).reshape(lead) * direction)
        values.append(oracle.value(points[-1]))
        found = values[-1].ravel().tolist()
        slope = [0.0] * len(found)
        if slopes:
            oracle.repeat()
            gradients.append(oracle.gradient(points[-1]))
            slope = np.sum(gradients[-1] * direction, axis=-1).ravel().tolist()
        for index in list(rules):
            good = math.isfinite(found[index]) and math.isfinite(slope[index])
            height = found[index] if good else math.inf
            try:
                steps[index] = rules[index].send(Probe(steps[index], height, slope[index], len(asked) - 1))
            except StopIteration as end:
                verdicts[index] = end.value
                del rules[index]
    return _collected(oracle, verdicts, asked, points, values, gradients, slopes)


def _search_one(
    make: MakeRule, oracle: Oracle, x: Array, direction: Array, value: Array, gradient: Array, trial: Value,
    slopes: bool,
) -> Found:  # fmt: skip
    """`search` from a single point, with nothing to keep in step."""
    start = Probe(0.0, float(value), float(np.add.reduce(gradient * direction)), -1)
    step = trial if isinstance(trial, float) else float(trial[0])
    length = max(map(abs, direction.tolist()))
    asked: list[float] = []
    points, values, gradients = [x], [np.asarray(value)], [gradient]
    verdict = Verdict(start, False)
    finite = math.isfinite(start.value) and all(map(math.isfinite, direction.tolist()))
    if finite and -math.inf < start.slope < 0.0 and 0.0 < step < math.inf:
        rule = make(start, step, length)
        step = next(rule)
        while True:
            asked.append(step)
            points.append(x + step * direction)
            values.append(oracle.value(points[-1]))
            found, slope = float(values[-1]), 0.0
            if slopes:
                oracle.repeat()
                gradients.append(oracle.gradient(points[-1]))
                slope = float(np.add.reduce(gradients[-1] * direction))
            height = found if math.isfinite(found) and math.isfinite(slope) else math.inf
            try:
                step = rule.send(Probe(step, height, slope, len(asked) - 1))
            except StopIteration as end:
                verdict = end.value
                break
    chosen = verdict.probe.number + 1
    if slopes:
        gradient = gradients[chosen]
    elif chosen:
        oracle.repeat()
        gradient = oracle.gradient(points[chosen])
    return Found(
        x=points[chosen],
        value=np.asarray(values[chosen]),
        gradient=gradient,
        step_size=np.array([verdict.probe.step]),
        accepted=np.array([verdict.satisfied]),
        probe_steps=np.array(asked),
        probe_values=np.array(values[1:], dtype=np.float64),
    )


def _collected(
    oracle: Oracle, verdicts: list[Verdict], asked: list[list[float]], points: list[Array], values: list[Array],
    gradients: list[Array], slopes: bool,
) -> Found:  # fmt: skip
    x, gradient = points[0], gradients[0]
    shape = x.shape
    lead = (*shape[:-1], 1)
    chosen = np.array([verdict.probe.number + 1 for verdict in verdicts])
    particle = np.arange(len(verdicts))

    def picked(arrays: list[Array], like: tuple[int, ...]) -> Array:
        stacked = np.stack(arrays).reshape(len(arrays), len(verdicts), -1)
        taken: Array = stacked[chosen, particle].reshape(like)
        return taken

    ends, heights = picked(points, shape), picked(values, shape[:-1])
    if slopes:
        gradient = picked(gradients, shape)
    elif np.any(chosen > 0):
        oracle.repeat()
        # Where no probe was taken the point is the old one, and so is its gradient.
        gradient = np.where((chosen > 0).reshape(lead), oracle.gradient(ends), gradient)
    probes = (*shape[:-1], len(asked))
    return Found(
        x=ends,
        value=heights,
        gradient=gradient,
        step_size=np.array([verdict.probe.step for verdict in verdicts]).reshape(lead),
        accepted=np.array([verdict.satisfied for verdict in verdicts]).reshape(lead),
        probe_steps=np.array(asked).reshape(len(asked), len(verdicts)).T.reshape(probes),
        probe_values=np.stack(values[1:], axis=-1).reshape(probes) if asked else np.zeros(probes),
    )
