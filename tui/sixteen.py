"""Themes on a terminal of sixteen colours: each colour becomes the nearest one that can be read there.

What the sixteen look like is the terminal's business: xterm's are bright, the Linux console's dark, and the
bright black of some palettes is the background itself. A colour is taken where it is readable in both of the
common palettes.
"""

from __future__ import annotations

from dataclasses import fields, replace
from functools import lru_cache
from typing import TypeVar

import numpy as np

from .drawing.palette import STANDARD_TEXT, pack, to_oklab
from .themes import Theme

LEAST_CONTRAST = 3.0

_Section = TypeVar("_Section")

# Each number's colour in xterm's palette and in VGA's, which is the Linux console's.
_XTERM = (
    0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
    0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
)  # fmt: skip
_VGA = (
    0x000000, 0xAA0000, 0x00AA00, 0xAA5500, 0x0000AA, 0xAA00AA, 0x00AAAA, 0xAAAAAA,
    0x555555, 0xFF5555, 0x55FF55, 0xFFFF55, 0x5555FF, 0xFF55FF, 0x55FFFF, 0xFFFFFF,
)  # fmt: skip


def for_sixteen(theme: Theme) -> Theme:
    """Return the theme in the sixteen colours: one background, black or white, and what can be read on it."""
    ground = 0 if theme.dark else 7
    ui = _reduced(theme.ui, ground)
    # Bright backgrounds don't exist everywhere, and one background is all that is needed.
    same = dict.fromkeys(("background", "surface", "panel"), STANDARD_TEXT[ground])
    words = {"foreground": STANDARD_TEXT[15 if theme.dark else 0], "muted": STANDARD_TEXT[7 if theme.dark else 8]}
    border = {"border": words["muted"]}
    return replace(
        theme,
        ui=replace(ui, **same, **words, **border),
        map=replace(_reduced(theme.map, ground), axis=words["muted"]),
        curves=_reduced(theme.curves, ground),
    )


def _reduced(section: _Section, ground: int) -> _Section:
    """A theme's section with each of its colours reduced; the ramp is a ramp in any number of colours."""
    changed: dict[str, object] = {}
    for field in fields(section):  # type: ignore[arg-type]
        value = getattr(section, field.name)
        if isinstance(value, str):
            changed[field.name] = STANDARD_TEXT[readable(pack(value), ground)]
        elif isinstance(value, tuple) and field.name != "ramp":
            changed[field.name] = tuple(STANDARD_TEXT[readable(pack(each), ground)] for each in value)
    return replace(section, **changed)  # type: ignore[type-var]


@lru_cache(maxsize=512)
def readable(packed: int, ground: int) -> int:
    """Return the number of the standard colour nearest to ``packed`` in OKLab that can be read on number ``ground``."""
    allowed = [
        number
        for number in range(16)
        if min(_contrast(palette[number], palette[ground]) for palette in (_XTERM, _VGA)) >= LEAST_CONTRAST
    ]
    distances = np.sum((to_oklab([_XTERM[number] for number in allowed]) - to_oklab(packed)) ** 2, axis=-1)
    return allowed[int(np.argmin(distances))]


def _contrast(one: int, other: int) -> float:
    """The contrast of two colours by WCAG 2.2, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(packed: int) -> float:
    channels = [(packed >> shift & 255) / 255 for shift in (16, 8, 0)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
