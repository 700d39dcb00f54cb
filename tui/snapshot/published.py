"""What is published of the surface in view: nothing where its formula or its parameters are the user's own."""

from __future__ import annotations

from curvtui.engine.surface.presets import Preset, find_preset
from curvtui.engine.surface.surface import Surface


def preset_of(surface: Surface) -> Preset | None:
    """Return the preset that a surface is, None for one with a formula or parameters of its own."""
    preset = find_preset(surface.name)
    return preset if preset is not None and dict(preset.parameters) == dict(surface.parameters) else None


def known_minimum(surface: Surface) -> float | None:
    """Return the published smallest value, None where none is known."""
    preset = preset_of(surface)
    return None if preset is None else preset.minimum_value
