"""What the tests of the panels draw with."""

import math

from curvtui.tui.drawing.cells import Cells, ColourDepth
from curvtui.tui.drawing.glyphs import GLYPH_SETS
from curvtui.tui.drawing.look import Look
from curvtui.tui.drawing.palette import pack
from curvtui.tui.themes import load_theme

THEME = load_theme("dark")
LOOKS = {name: Look(THEME, glyphs, ColourDepth.TRUECOLOR) for name, glyphs in GLYPH_SETS.items()}
BRAILLE, BLOCK, ASCII = LOOKS.values()
SIZES = [(0, 0), (1, 1), (2, 1), (1, 30), (3, 2), (7, 4), (12, 9), (20, 10), (44, 11), (80, 24), (200, 3)]
NUMBERS = (0.0, -0.0, 1.0, -1.5, 1e-300, 5e-324, 1e308, -1e308, math.inf, -math.inf, math.nan)


def lines(*rows: str) -> str:
    return "\n".join(rows)


def sound(cells: Cells, width: int, height: int, look: Look) -> None:
    """Cells of the size that was asked for, one printable character each, ASCII where that is asked for."""
    assert (cells.width, cells.height) == (width, height)
    for row in cells.chars.tolist():
        for character in row:
            assert len(character) == 1
            assert character.isprintable()
            assert look.glyphs.name != "ascii" or character.isascii()


def colour_of(cells: Cells, text: str) -> int:
    """The colour of the first place where a text stands, all of it in one colour."""
    for row in range(cells.height):
        column = "".join(cells.chars[row].tolist()).find(text)
        if column >= 0:
            (colour,) = set(cells.fg[row, column : column + len(text)].tolist())
            return colour
    raise AssertionError(f"{text!r} is not there")


def ui(name: str) -> int:
    return pack(getattr(THEME.ui, name))
