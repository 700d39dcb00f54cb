"""How everything is drawn: theme, glyphs and colour depth, as one value."""

from __future__ import annotations

from dataclasses import dataclass, replace

from curvtui.tui.themes import Theme

from .cells import ColourDepth
from .glyphs import GlyphSet


@dataclass(frozen=True)
class Look:
    """What decides the appearance of a drawing beside its data and its size."""

    theme: Theme
    glyphs: GlyphSet
    depth: ColourDepth


def without_grounds(look: Look) -> Look:
    """Return the look of a map of lines and characters alone, as on a terminal too poor in colours for backgrounds."""
    return look if look.depth is ColourDepth.NONE else replace(look, depth=ColourDepth.STANDARD)
