"""The lists to choose one from: presets, optimizers, schedules."""

from __future__ import annotations

from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.optimizers.schedules import SCHEDULES
from curvtui.engine.surface.presets import PRESETS

from ..screens.picker import Choice, Picker


def surface_picker(current: str) -> Picker:
    """Return the list of presets."""
    choices = [Choice(p.name, p.title, f"f = {p.formula}\n{p.teaches}\n{p.source}") for p in PRESETS.values()]
    return Picker("surface", choices, current)


def optimizer_picker(current: str) -> Picker:
    """Return the list of optimizers."""
    return Picker("optimizer", _optimizers(), current)


def runner_picker(current: str) -> Picker:
    """Return the list of optimizers for another runner."""
    return Picker("add a runner", _optimizers(), current)


def _optimizers() -> list[Choice]:
    return [Choice(o.name, o.title, f"{o.summary}\n{o.source}") for o in OPTIMIZERS.values()]


def schedule_picker(current: str) -> Picker:
    """Return the list of schedules."""
    choices = [Choice(rule.name, rule.title, f"{rule.summary}\n{rule.source}") for rule in SCHEDULES.values()]
    return Picker("schedule of the learning rate", choices, current)
