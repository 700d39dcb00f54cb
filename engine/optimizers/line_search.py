"""Line searches along given directions, for one point or many in lockstep.

A batch makes the very decisions, bit for bit, that its particles make alone.
"""

import math
from typing import NamedTuple

import numpy as np

from ..arrays import FEW, Array, Mask, Whole, last_sum
from .hyperparameter import Value
from .line_rules import LineRule, Probe, StrongWolfe, Verdict
from .lockstep import GRADIENT, SLOPE, STEP, VALUE, lockstep
from .oracle import Oracle


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


def search(
    rule: LineRule, oracle: Oracle, x: Array, direction: Array, value: Array, gradient: Array, trial: Value
) -> Found:
    """Search from points ``(..., n)`` along directions, all particles in lockstep.

    ``value`` ``(...)`` and ``gradient`` are those at x, ``trial`` broadcasts against ``(..., 1)``. Strong Wolfe
    asks for a gradient at every probe, Armijo at the final points only. Where the direction does not point
    downhill, or what is known at x is not finite, nothing is searched and nothing is accepted.
    """
    if x.ndim == 1:
        return _search_one(rule, oracle, x, direction, value, gradient, trial)
    return _search_many(rule, oracle, x, direction, value, gradient, trial)


def _search_one(
    rule: LineRule, oracle: Oracle, x: Array, direction: Array, value: Array, gradient: Array, trial: Value
) -> Found:
    """`search` from a single point on plain floats, which take a tenth of the time."""
    origin, along = x.tolist(), direction.tolist()
    start = Probe(0.0, float(value), product(gradient.tolist(), along), -1)
    step = trial if isinstance(trial, float) else float(trial[0])
    slopes = isinstance(rule, StrongWolfe)
    steps: list[float] = []
    values: list[float] = []
    gradients: list[list[float]] = []
    verdict = Verdict(start, False)
    finite = math.isfinite(start.value) and all(map(math.isfinite, along))
    if finite and -math.inf < start.slope < 0.0 and 0.0 < step < math.inf:
        asking = rule.probes(start, step, max(map(abs, along)))
        step = next(asking)
        while True:
            point = [a + step * b for a, b in zip(origin, along, strict=True)]
            slope = 0.0
            if slopes:
                found, there = oracle.probe(point)
                slope = product(there, along)
                gradients.append(there)
            else:
                found = oracle.height(point)
            steps.append(step)
            values.append(found)
            height = found if math.isfinite(found) and math.isfinite(slope) else math.inf
            try:
                step = asking.send(Probe(step, height, slope, len(steps) - 1))
            except StopIteration as stop:
                verdict = stop.value
                break
    end, number = x, verdict.probe.number
    if number >= 0:
        step = steps[number]
        end, value = np.array([a + step * b for a, b in zip(origin, along, strict=True)]), np.array(values[number])
        if slopes:
            gradient = np.array(gradients[number])
        else:
            oracle.repeat()
            gradient = oracle.gradient(end)
    return Found(
        x=end,
        value=np.asarray(value),
        gradient=gradient,
        step_size=np.array([verdict.probe.step]),
        accepted=np.array([verdict.satisfied]),
        probe_steps=np.array(steps),
        probe_values=np.array(values),
    )


def product(one: list[float], other: list[float]) -> float:
    """Return the inner product of plain floats, with the bits of `last_sum`."""
    if len(one) >= FEW:
        return float(np.add.reduce(np.array(one) * np.array(other)))
    # Not the built-in sum: later Pythons compensate its rounding, which NumPy's and torch's do not.
    total = 0.0
    for a, b in zip(one, other, strict=True):
        total += a * b
    return total


def _search_many(
    rule: LineRule, oracle: Oracle, x: Array, direction: Array, value: Array, gradient: Array, trial: Value
) -> Found:
    """`search` from many points, of which those that have ended are not probed any more."""
    shape, lead, size = x.shape, (*x.shape[:-1], 1), x.shape[-1]
    slopes = isinstance(rule, StrongWolfe)
    first = np.broadcast_to(np.asarray(trial, dtype=np.float64), lead).ravel()
    descent = last_sum(gradient * direction).ravel()
    length = np.max(np.abs(direction), axis=-1).ravel()
    usable = np.isfinite(value.ravel()) & (descent < 0.0) & (descent > -np.inf) & (first > 0.0) & (first < np.inf)
    origins, directions = x.reshape(-1, size), direction.reshape(-1, size)
    heights, slopes_there = value.ravel().copy(), gradient.reshape(-1, size).copy()
    reached, accepted = np.zeros(heights.shape), np.zeros(heights.shape, dtype=bool)
    table = np.stack((reached, heights, descent, *(slopes_there.T if slopes else ())))
    last_steps, last_values = reached.copy(), heights.copy()
    asked, found = [], []

    going = np.flatnonzero(usable & np.isfinite(length))
    origin, along = origins[going], directions[going]
    searches = lockstep(rule, table[:, going], first[going], length[going])
    while going.size:
        last_steps[going] = searches.trial
        points = origin + searches.trial[:, None] * along
        last_values[going] = oracle.value(points)
        asked.append(last_steps.copy())
        found.append(last_values.copy())
        probe = np.zeros((len(table), len(going)))
        probe[STEP], probe[VALUE] = searches.trial, last_values[going]
        if slopes:
            here = _gradients(oracle, points, going, x, last_steps.reshape(lead) * direction)
            probe[SLOPE], probe[GRADIENT:] = last_sum(here * along)[:, 0], here.T
        probe[VALUE, ~(np.isfinite(probe[VALUE]) & np.isfinite(probe[SLOPE]))] = np.inf
        told = searches.tell(probe)
        if told.ended.any():
            out, last = going[told.ended], told.probes[:, told.ended]
            reached[out], heights[out], accepted[out] = last[STEP], last[VALUE], told.satisfied[told.ended]
            if slopes:
                slopes_there[out] = last[GRADIENT:].T
            on = ~told.ended
            going, origin, along = going[on], origin[on], along[on]
            searches.keep(on)

    steps = reached.reshape(lead)
    ends = np.where(steps > 0.0, x + steps * direction, x)
    if not slopes and accepted.any():
        # Where no probe was taken the point is the old one, and so is its gradient.
        moved = np.flatnonzero(accepted)
        slopes_there[moved] = _gradients(oracle, ends.reshape(-1, size)[moved], moved, ends, 0.0 * ends)
    probes = (*shape[:-1], len(asked))
    return Found(
        x=ends,
        value=heights.reshape(shape[:-1]),
        gradient=slopes_there.reshape(shape),
        step_size=steps,
        accepted=accepted.reshape(lead),
        probe_steps=np.stack(asked, axis=-1).reshape(probes) if asked else np.zeros(probes),
        probe_values=np.stack(found, axis=-1).reshape(probes) if asked else np.zeros(probes),
    )


def _gradients(oracle: Oracle, points: Array, which: Whole, x: Array, move: Array) -> Array:
    """∇f at the points ``(m, n)`` of some particles; with noise, all are asked, to draw what is theirs."""
    oracle.repeat()
    if not oracle.noise:
        return oracle.gradient(points)
    every = oracle.gradient(x + move).reshape(-1, x.shape[-1])
    some: Array = every[which]
    return some
