"""The forms of what decides how a run steps: of the run, of a branch, of several runners at once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.optimizers.decay import WEIGHT_DECAY

from ..screens.fields import Field, Fields
from .schedule import schedule_picture

if TYPE_CHECKING:
    from ..explorer import Explorer


def settings_form(explorer: Explorer) -> Fields:
    """Return the form of all settings: hyperparameters, schedule, modifiers, the surface's parameters."""
    fields, settings = _setting_fields(explorer)
    fields += [
        Field(name, f"{value:.15g}", f"the surface's parameter {name}; a change begins a new run")
        for name, value in explorer.surface.parameters.items()
    ]
    picture = partial(schedule_picture, explorer) if "lr" in settings.values else None
    return Fields(f"settings of {settings.optimizer}", fields, explorer.checked_settings, picture)


def branch_form(explorer: Explorer) -> Fields:
    """Return the form of a branch's settings."""
    settings = explorer.run.settings
    fields, _ = _setting_fields(explorer)
    title = f"branch at iterate {explorer.run.position:,}: other settings for {settings.optimizer}"

    def check(changed: Mapping[str, str]) -> object:
        return explorer.branch_settings(changed)

    names = ", ".join(OPTIMIZERS)
    return Fields(title, [Field("optimizer", settings.optimizer, f"one of {names}"), *fields], check)


def vary_form(explorer: Explorer) -> Fields:
    """Return the form that takes several values of one setting."""

    def check(changed: Mapping[str, str]) -> object:
        varying = varied(changed)
        if len(varying) > 1:
            raise ValueError(f"one setting at a time; {' and '.join(varying)} were given several values")
        return [explorer.checked_settings({name: text}) for name, texts in varying.items() for text in texts]

    settings = explorer.run.settings
    several = "several values, such as 0.01 0.03 0.1: each becomes a runner"
    fields = [
        Field(each.name, each.text(settings.values[each.name]), f"{several}  ({each.requirement})")
        for each in settings.method.hyperparameters
    ]
    fields.append(Field("seed", str(settings.seed), f"{several}; seeds matter where there is randomness"))
    return Fields(f"race {settings.optimizer} with several values", fields, check)


def varied(changed: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the values that were typed for each setting, separated by blanks or commas."""
    return {name: text.replace(",", " ").split() for name, text in changed.items()}


def _setting_fields(explorer: Explorer) -> tuple[list[Field], RunSettings]:
    """The fields of everything that decides how the selected run steps."""
    settings = explorer.run.settings
    fields = [
        Field(each.name, each.text(settings.values[each.name]), f"{each.help}  ({each.requirement})")
        for each in settings.method.hyperparameters
    ]
    if "lr" in settings.values:
        text = "constant, or such as step:size=30,gamma=0.1 or cosine:steps=100; curvtui list schedules names them"
        fields.append(Field("schedule", str(settings.schedule), text))
    fields += [
        Field("noise", f"{settings.noise:g}", "standard deviation of Gaussian noise added to every gradient"),
        Field(
            "clip",
            _or_none(settings.clip),
            "largest gradient norm, or none",
        ),
        Field("clip_value", _or_none(settings.clip_value), "largest size of each gradient entry, or none"),
    ]
    if settings.decays_by_penalty:
        text = f"{WEIGHT_DECAY.help}, as if f were f + weight_decay/2 of the squared distance"
        fields.append(Field("weight_decay", f"{settings.weight_decay:g}", text))
    fields += [
        Field("seed", str(settings.seed), "the seed of all randomness: the same seed gives the same run"),
    ]
    return fields, settings


def _or_none(value: float | None) -> str:
    return "none" if value is None else f"{value:g}"
