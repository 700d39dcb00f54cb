"""The preset surfaces by name, in the order in which a learner meets them."""

from collections.abc import Mapping
from types import MappingProxyType

from .preset import Preset
from .presets_benchmark import BENCHMARKS
from .presets_teaching import LESSONS

__all__ = ["DEFAULT_PRESET", "PRESETS", "Preset", "UnknownPresetError", "preset_named"]

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
    preset = PRESETS.get(_normalised(name))
    if preset is None:
        raise UnknownPresetError(_unknown(name))
    return preset


def _normalised(name: str) -> str:
    return name.strip().lower().replace("-", "_").replace(" ", "_")


def _unknown(name: str) -> str:
    # Imported only here: a listing of presets must not wait for it.
    from difflib import get_close_matches

    shown = name if len(name) <= 40 else name[:39] + "…"
    similar = get_close_matches(_normalised(name[:60]), PRESETS, n=3, cutoff=0.6)
    if not similar:
        return f"no preset is called {shown!r}; 'curvtui list surfaces' names them all"
    return f"no preset is called {shown!r}; did you mean {' or '.join(repr(match) for match in similar)}?"
