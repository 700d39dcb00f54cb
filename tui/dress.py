"""What the program wears: the theme in use, in the glyphs and colours that the terminal has."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .drawing.cells import ColourDepth
from .drawing.glyphs import glyph_set, with_own
from .drawing.look import Look
from .sixteen import for_sixteen
from .themes import DEFAULT_THEME, load_theme, theme_file, to_textual
from .watching import FileWatch

if TYPE_CHECKING:
    from textual.theme import Theme as TextualTheme


class Dress:
    """The look of everything; ``folder`` has the user's own themes, and the one in use is watched."""

    def __init__(self, glyphs: str, depth: str, folder: Path) -> None:
        self._glyphs = glyph_set(glyphs)
        self._folder = folder
        self._watched = FileWatch(None)
        self.name: str | None = None
        """The theme that was asked for last."""
        self.look = Look(load_theme(DEFAULT_THEME), self._glyphs, ColourDepth(depth))

    def wear(self, name: str) -> TextualTheme:
        """Use a theme by its name, and return it for Textual.

        Raises:
            ThemeError: there is none, or it is broken; the old one stays, but its file is watched.
        """
        if name != self.name:
            self._watched = FileWatch(theme_file(name, self._folder))
        self.name = name
        theme = load_theme(name, self._folder)
        glyphs = with_own(self._glyphs, theme.glyphs)
        if self.look.depth is ColourDepth.STANDARD:
            theme = for_sixteen(theme)
        self.look = Look(theme, glyphs, self.look.depth)
        return to_textual(theme)

    def was_saved(self) -> bool:
        """Return whether the file of the theme was saved since this was asked last; ours never are."""
        return self._watched.changed()
