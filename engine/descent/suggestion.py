"""A learning rate to begin with, where the user names none: a guess, and shown as one."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..optimizers.catalogue import optimizer_named
from ..optimizers.optimizer import Need
from ..surface.presets import find_preset
from ..surface.surface import Surface


def suggested_rate(surface: Surface, optimizer: str, start: Sequence[float]) -> float | None:
    """Return a learning rate that suits the surface and the method, of the form 1, 2 or 5 times a power of ten.

    Methods whose steps scale with the gradient get half of what is stable at the start, 1/λ_max, or what
    the preset names; those whose steps have the learning rate's own length get a fiftieth of the view; those
    that use the Hessian keep their default. None where the method has no learning rate.
    """
    method = optimizer_named(optimizer)
    declared = method.hyperparameter("lr")
    if declared is None:
        return None
    if Need.HESSIAN in method.needs:
        return declared.default
    if method.stability is None or method.stability.preconditioner is not None:
        return _round_down(0.02 * math.hypot(*(high - low for low, high in surface.box)) / 2)
    rate = _plain_rate(surface, start)
    momentum = method.hyperparameter("momentum")
    if momentum is not None:
        # The buffer adds up 1/(1 - momentum) gradients, so a step is that much longer.
        rate *= 2 * (1 - momentum.default)
    return _round_down(rate)


def _plain_rate(surface: Surface, start: Sequence[float]) -> float:
    preset = find_preset(surface.name)
    if preset is not None and dict(preset.parameters) == dict(surface.parameters):
        return preset.learning_rate
    curvature = math.hypot(*(entry for row in surface.hessian_at(start) for entry in row))
    if math.isfinite(curvature) and curvature > 0:
        return 1.0 / curvature
    return 0.01


def _round_down(value: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is at most ``value``."""
    if not (math.isfinite(value) and value > 0):
        return 0.01
    power = 10.0 ** math.floor(math.log10(value))
    leading = value / power
    step = 5 if leading >= 5 - 1e-9 else 2 if leading >= 2 - 1e-9 else 1
    return float(f"{step * power:.1g}")
