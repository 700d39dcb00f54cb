"""The preset surfaces by name, in the order in which a learner meets them."""

from collections.abc import Mapping
from types import MappingProxyType

from .preset import Preset
from .presets_benchmark import BENCHMARKS
from .presets_teaching import LESSONS

__all__ = [
    "DEFAULT_PRESET",
    "PRESETS",
    "Preset",
    "UnknownPresetError",
    "find_preset",
    "preset_named",
    "unknown_preset",
]

PRESETS: Mapping[str, Preset] = MappingProxyType({preset.name: preset for preset in (*LESSONS, *BENCHMARKS)})
"""Every preset by its name; read-only, the running example first."""

DEFAULT_PRESET = "quartic"
"""The name of the running example, which opens where no surface is asked for."""


class UnknownPresetError(ValueError):
    """No preset has the name that was asked for; the message suggests the nearest ones."""


def preset_named(name: str) -> Preset:
    """Return the preset called ``name``; spaces, hyphens and capitals are forgiven.

    Raises ``UnknownPresetError``, whose sentence names up to three similar presets.
    """
    preset = find_preset(name)
    if preset is None:
        raise UnknownPresetError(unknown_preset(name))
    return preset


def find_preset(name: str) -> Preset | None:
    """Return the preset called ``name``, or None; spaces, hyphens and capitals are forgiven."""
    return PRESETS.get(_normalised(name))


def _normalised(name: str) -> str:
    return name.strip().lower().replace("-", "_").replace(" ", "_")


def unknown_preset(name: str) -> str:
    """Say in one sentence that no preset has this name, and which ones come close."""
    # Imported only here: a listing of presets must not wait for it.
    from difflib import get_close_matches

    shown = name if len(name) <= 40 else name[:39] + "…"
    similar = get_close_matches(_normalised(name[:60]), PRESETS, n=3, cutoff=0.6)
    if not similar:
        return f"no preset is called {shown!r}; 'curvtui list surfaces' names them all"
    return f"no preset is called {shown!r}; did you mean {' or '.join(repr(match) for match in similar)}?"
