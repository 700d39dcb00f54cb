"""Settings as they are typed: text by name, read, checked and put in place of what was."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.optimizers.hyperparameter import SettingError
from curvtui.engine.optimizers.schedule import parse_schedule
from curvtui.engine.surface.surface import Surface

LEAST_NOTCH = 1e-300
"""Between this and its inverse there are powers of ten to count along."""


def settings_as_typed(settings: RunSettings, surface: Surface, given: Mapping[str, str]) -> tuple[RunSettings, Surface]:
    """Return what settings and surface would be with these values, by name and as typed.

    Names are hyperparameters, ``schedule``, ``noise``, ``clip``, ``clip_value``, ``weight_decay``, ``seed`` and
    the parameters of the surface. Raises SettingError for the first that is not allowed.
    """
    named = {*settings.values, "weight_decay"}
    changed = settings.with_values(**{n: text for n, text in given.items() if n in named})
    if "schedule" in given:
        changed = replace(changed, schedule=parse_schedule(given["schedule"]))
    if "noise" in given:
        changed = replace(changed, noise=_number("noise", given["noise"]))
    if "clip" in given:
        changed = replace(changed, clip=_optional("clip", given["clip"]))
    if "clip_value" in given:
        changed = replace(changed, clip_value=_optional("clip_value", given["clip_value"]))
    if "seed" in given:
        changed = replace(changed, seed=_whole("seed", given["seed"]))
    numbers = {n: _number(n, text) for n, text in given.items() if n in surface.parameters}
    return changed, surface.with_parameters(**numbers) if numbers else surface


def notched(rate: float, notches: int) -> float:
    """Return the rate moved along 1, 2, 5, 10, 20, 50 and so on."""
    for _ in range(abs(notches)):
        if not LEAST_NOTCH <= rate <= 1 / LEAST_NOTCH:
            break
        power = 10.0 ** math.floor(math.log10(rate) + 1e-9)
        leading = rate / power
        if notches > 0:
            up = 2 if leading < 2 - 1e-9 else 5 if leading < 5 - 1e-9 else 10
            rate = up * power
        else:
            down = 5 if leading > 5 + 1e-9 else 2 if leading > 2 + 1e-9 else 1 if leading > 1 + 1e-9 else 0.5
            rate = down * power
        rate = float(f"{rate:.6g}")
    return rate


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise SettingError(f"{name} must be a number; {text[:40]!r} was given") from None
    if not math.isfinite(value):
        raise SettingError(f"{name} must be a finite number; {text[:40]!r} was given")
    return value


def _optional(name: str, text: str) -> float | None:
    return None if text.strip() in ("", "none") else _number(name, text)


def _whole(name: str, text: str) -> int:
    value = _number(name, text)
    if value != int(value):
        raise SettingError(f"{name} must be a whole number; {text[:40]!r} was given")
    return int(value)
