"""Everything that decides how a run steps, as one frozen value."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from ..optimizers.catalogue import optimizer_named
from ..optimizers.decay import WEIGHT_DECAY
from ..optimizers.hyperparameter import SettingError, complete, number_text
from ..optimizers.optimizer import AnyOptimizer
from ..optimizers.oracle import CLIP, CLIP_VALUE, NOISE, SEED, Call, Landscape, Oracle
from ..optimizers.schedule import CONSTANT, Schedule, schedule_from_dict


@dataclass(frozen=True)
class RunSettings:
    """An optimizer with its hyperparameters, a schedule, the modifiers of its gradients and a seed.

    ``values`` may be given in part: what is missing has its default (for text, as typed, see
    `with_values`). ``clip`` bounds a gradient's norm, ``clip_value`` its
    components before that; None is no clipping. ``weight_decay`` λ is for methods without such a
    hyperparameter: they descend on f + ½λ‖x‖². Given among ``values`` it is moved here. Raises
    `SettingError` with one sentence for anything that is not allowed.
    """

    optimizer: str = "gd"
    values: Mapping[str, float] = field(default_factory=dict)
    schedule: Schedule = CONSTANT
    noise: float = 0.0
    clip: float | None = None
    seed: int = 0
    clip_value: float | None = None
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        given = dict(self.values)
        if self.decays_by_penalty:
            decay = {"weight_decay": given.pop("weight_decay", self.weight_decay)}
            object.__setattr__(self, "weight_decay", complete(self.optimizer, (WEIGHT_DECAY,), decay)["weight_decay"])
        elif self.weight_decay != 0.0:
            raise SettingError(f"{self.optimizer} has a hyperparameter weight_decay; it takes no other")
        object.__setattr__(self, "values", self.method.values(given))
        object.__setattr__(self, "noise", NOISE.validate(self.noise))
        object.__setattr__(self, "clip", None if self.clip is None else CLIP.validate(self.clip))
        bound = None if self.clip_value is None else CLIP_VALUE.validate(self.clip_value)
        object.__setattr__(self, "clip_value", bound)
        object.__setattr__(self, "seed", int(SEED.validate(self.seed)))
        if not self.schedule.is_constant and "lr" not in self.values:
            raise SettingError(f"{self.optimizer} has no learning rate for a schedule to act on")

    def oracle(self, surface: Landscape, *, trace: list[Call] | None = None, particle: int | None = 0) -> Oracle:
        """Return what the optimizer asks for values and gradients, with the modifiers in force."""
        return Oracle(
            surface,
            noise=self.noise,
            clip=self.clip,
            clip_value=self.clip_value,
            weight_decay=self.weight_decay,
            seed=self.seed,
            trace=trace,
            particle=particle,
        )

    @cached_property
    def method(self) -> AnyOptimizer:
        """The optimizer itself."""
        return optimizer_named(self.optimizer)

    @property
    def decays_by_penalty(self) -> bool:
        """Whether weight decay is a modifier of the surface here, not a hyperparameter of the method."""
        return self.method.hyperparameter("weight_decay") is None

    @property
    def modifiers(self) -> dict[str, float | None]:
        """What is done to gradients before the method sees them, by name; None and 0 do nothing."""
        modifiers = {"noise": self.noise, "clip": self.clip, "clip_value": self.clip_value}
        return modifiers | ({"weight_decay": self.weight_decay} if self.decays_by_penalty else {})

    def values_at(self, step: int) -> Mapping[str, float]:
        """Return the hyperparameters of the step from iterate ``step`` of the schedule's own clock."""
        values = self.values
        if self.schedule.is_constant:
            return values
        return {**values, "lr": values["lr"] * self.schedule.factor(step)}

    def with_values(self, **values: float | str) -> "RunSettings":
        """Return the same settings with some values, numbers or text, changed; raises `SettingError`."""
        merged: dict[str, Any] = {**self.values, **values}
        return replace(self, values=merged)

    def changed_from(self, before: "RunSettings") -> str:
        """Return what differs from ``before`` in a few words, such as ``lr 0.1 → 0.05``."""
        if self.optimizer != before.optimizer:
            return f"{before.optimizer} → {self.optimizer}"
        old, new = before.values, self.values
        words = [f"{k} {number_text(old[k])} → {number_text(new[k])}" for k in new if old[k] != new[k]]
        for name in ("schedule", "noise", "clip", "clip_value", "weight_decay", "seed"):
            was, now = getattr(before, name), getattr(self, name)
            if was != now:
                words.append(f"{name} {'none' if was is None else was} → {'none' if now is None else now}")
        return ", ".join(words)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for a file."""
        return {
            "optimizer": self.optimizer,
            "hyperparameters": dict(self.values),
            "schedule": self.schedule.to_dict(),
            "noise": self.noise,
            "clip": self.clip,
            "clip_value": self.clip_value,
            "weight_decay": self.weight_decay,
            "seed": self.seed,
        }


def settings_from_dict(plain: Mapping[str, Any]) -> RunSettings:
    """Return the settings that `RunSettings.to_dict` wrote, checked again; raises `SettingError`."""
    optimizer, values = plain.get("optimizer", "gd"), plain.get("hyperparameters", {})
    schedule = plain.get("schedule", {})
    if not isinstance(optimizer, str) or not isinstance(values, Mapping) or not isinstance(schedule, Mapping):
        raise SettingError("settings need an optimizer's name and a table of hyperparameters")
    return RunSettings(
        optimizer,
        MappingProxyType(dict(values)),
        schedule_from_dict(schedule),
        plain.get("noise", 0.0),
        _number_or_none(plain.get("clip")),
        plain.get("seed", 0),
        _number_or_none(plain.get("clip_value")),
        _number_or_none(plain.get("weight_decay", 0.0)),
    )


def _number_or_none(given: Any) -> Any:
    # Text would be read as a number further on; in a file it is a mistake.
    return math.nan if isinstance(given, str) else given
