"""A learning rate to begin with, where the user names none: a guess, and shown as one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np

from ..optimizers.catalogue import optimizer_named
from ..optimizers.optimizer import RateScale
from ..optimizers.oracle import Oracle
from ..surface.presets import find_preset
from ..surface.surface import Surface

_FIRST_STEPS = 20


def suggested_rate(surface: Surface, optimizer: str, start: Sequence[float]) -> float | None:
    """Return a learning rate that suits the surface and the method, of the form 1, 2 or 5 times a power of ten.

    Methods whose steps scale with the gradient get half of what is stable at the start, 1/λ_max, or what
    the preset names; those whose steps have the learning rate's own length get steps of about a fiftieth of
    the view's half-diagonal; those that are of both kinds by turns get the smaller of the two; a mere factor
    keeps its default (see `RateScale`). None where the method has no learning rate.
    """
    method = optimizer_named(optimizer)
    declared = method.hyperparameter("lr")
    if declared is None:
        return None
    if method.rate_scale is RateScale.FACTOR:
        return declared.default
    half_diagonal = math.hypot(*(high - low for low, high in surface.box)) / 2
    if method.rate_scale is RateScale.LENGTH:
        # Most make steps of one rate; Adagrad's shorten, RMSprop's first is ten rates long, Rprop's grow.
        return _round_down(0.02 * half_diagonal / _usual_step(optimizer))
    rate = _plain_rate(surface, start)
    if method.rate_scale is RateScale.EITHER:
        return _round_down(min(rate, 0.02 * half_diagonal))
    momentum = method.hyperparameter("momentum")
    if momentum is not None:
        # The buffer adds up 1/(1 - momentum) gradients, so a step is that much longer.
        rate *= 2 * (1 - momentum.default)
    return _round_down(rate)


@cache
def _usual_step(optimizer: str) -> float:
    """The harmonic mean of the lengths of the first steps at a learning rate of 1 on a slope of 1."""
    method = optimizer_named(optimizer)
    values = method.values({"lr": 1.0})
    oracle = Oracle(Surface.from_formula("x", box=((-1.0, 1.0),)))
    state = method.init(np.zeros(1), values)
    points = [0.0]
    for index in range(_FIRST_STEPS):
        oracle.begin(index)
        state = method.step(state, oracle, values)
        points.append(float(state.x[0]))
    return 1.0 / float(np.mean(1.0 / np.abs(np.diff(points))))


def _plain_rate(surface: Surface, start: Sequence[float]) -> float:
    preset = find_preset(surface.name)
    if preset is not None and dict(preset.parameters) == dict(surface.parameters):
        return preset.learning_rate
    curvature = math.hypot(*(entry for row in surface.hessian_at(start) for entry in row))
    return _staying(surface, start, 1.0 / curvature if math.isfinite(curvature) and curvature > 0 else 0.01)


def _staying(surface: Surface, start: Sequence[float], rate: float) -> float:
    """Halve a rate until its first steps neither leave the domain nor the view by more than its own width."""
    for _ in range(40):
        x = tuple(float(c) for c in start)
        for _ in range(10):
            x = tuple(c - rate * g for c, g in zip(x, surface.gradient_at(x), strict=True))
            near = all(2 * low - high <= c <= 2 * high - low for c, (low, high) in zip(x, surface.box, strict=True))
            if not (near and math.isfinite(surface.value_at(x))):
                break
        else:
            return rate
        rate /= 2
    return rate


def _round_down(value: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is at most ``value``."""
    if not (math.isfinite(value) and value > 0):
        return 0.01
    power = 10.0 ** math.floor(math.log10(value))
    leading = value / power
    step = 5 if leading >= 5 - 1e-9 else 2 if leading >= 2 - 1e-9 else 1
    return float(f"{step * power:.1g}")
