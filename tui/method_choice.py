"""Settings that suit a surface: another optimizer's, and a learning rate."""

from __future__ import annotations

from dataclasses import replace

from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.descent.suggestion import suggested_rate
from curvtui.engine.optimizers.catalogue import optimizer_named
from curvtui.engine.optimizers.schedule import CONSTANT
from curvtui.engine.surface.surface import Surface


def at_a_rate_for(surface: Surface, settings: RunSettings, start: tuple[float, ...]) -> RunSettings:
    """Return the settings with the learning rate that suits a surface, where the method has one."""
    rate = suggested_rate(surface, settings.optimizer, start)
    return settings if rate is None else settings.with_values(lr=rate)


def with_optimizer(before: RunSettings, name: str, surface: Surface, start: tuple[float, ...]) -> RunSettings:
    """Return settings with another optimizer, at a rate that suits the surface; modifiers are kept."""
    method = optimizer_named(name)
    schedule = before.schedule if method.hyperparameter("lr") is not None else CONSTANT
    decay = 0.0 if method.hyperparameter("weight_decay") is not None else before.weight_decay
    settings = replace(before, optimizer=name, values={}, schedule=schedule, weight_decay=decay)
    return at_a_rate_for(surface, settings, start)
