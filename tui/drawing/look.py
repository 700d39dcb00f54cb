"""How everything is drawn: theme, glyphs and colour depth, as one value."""

from __future__ import annotations

from dataclasses import dataclass

from curvtui.tui.themes import Theme

from .cells import ColourDepth
from .glyphs import GlyphSet


@dataclass(frozen=True)
class Look:
    """What decides the appearance of a drawing beside its data and its size."""

    theme: Theme
    glyphs: GlyphSet
    depth: ColourDepth
