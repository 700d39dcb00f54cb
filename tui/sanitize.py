"""The one place that makes foreign text safe to show.

Formulas, file names and error messages may carry escape sequences, which Textual would pass on to the
terminal, and bidirectional overrides, which would rearrange the line around them.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

REPLACEMENT = "�"

_ALIKE = {
    "-": "−–—―─━═┄┈",
    "|": "│┃║┆┊▏▎▍▌▐▕",
    "+": "╭╮╯╰┌┐└┘├┤┬┴┼✢",
    "_": "▁",
    "#": "█▉▊▋▓■",
    "%": "▒",
    ":": "░",
    "~": "…≈",
    "*": "×·⋅∙•∗★",
    "<": "←‹«≤",
    ">": "→›»≥",
    "^": "↑",
    "v": "↓▼▽",
    "A": "▲△",
    "@": "◆",
    "o": "●○",
    "x": "✕",
    "'": "‘’′",
    '"': "“”″",
    "l": "λ",
    "n": "η",
    "k": "κ",
    "d": "∂",
    "V": "∇",
}
_LOOKS_LIKE = {character: plain for plain, characters in _ALIKE.items() for character in characters}
"""Characters that are often on the screen, and what stands for each in ASCII."""


def safe_text(text: str, limit: int = 500) -> str:
    """Return ``text`` on one line, with every character that could move or colour anything replaced.

    Control, format (zero-width, bidirectional), private and unassigned characters and combining marks
    become ``�``; line ends, tabs and other spaces become blanks; what is longer than ``limit`` ends in an ellipsis.
    """
    shown = "".join(map(_safe_character, text[: limit + 1]))
    return shown if len(text) <= limit else shown[: limit - 1] + "…"


def safe_line(text: str) -> str:
    """Return ``text`` for a field to edit: on one line, ``�`` for what is neither a blank nor printable.

    Unlike :func:`safe_text` it keeps accents that are characters of their own: they may be part of a file's name.
    """
    return "".join(c if c.isprintable() else " " if c.isspace() else REPLACEMENT for c in text)


def _safe_character(character: str) -> str:
    if " " <= character <= "~":
        return character
    if character in "\t\r\n":
        return " "
    category = unicodedata.category(character)
    if category[0] == "C" or category[0] == "M" or category in ("Zl", "Zp"):
        return REPLACEMENT
    # No-break and wide blanks: whoever looks for blanks, or counts columns, would miss them.
    return " " if category == "Zs" else character


def safe_cells(text: str, ascii_only: bool) -> str:
    """Return text on its way to the terminal, as many columns wide, with nothing in it that could do anything there.

    Whatever slipped through until here: control and format characters are left out where they have no width and
    replaced where they have one. With ``ascii_only`` every other character than ASCII's is replaced as well.
    """
    if text.isprintable() and (not ascii_only or text.isascii()):
        return text
    return "".join(_safe_cell(character, ascii_only) for character in text)


@lru_cache(maxsize=4096)
def _safe_cell(character: str, ascii_only: bool) -> str:
    if character.isprintable() and (character.isascii() or not ascii_only):
        return character
    # Imported here: the command line's quick answers do without it.
    from rich.cells import get_character_cell_size

    width = get_character_cell_size(character)
    if not character.isprintable():
        return ("?" if ascii_only else REPLACEMENT) * width
    if width != 1:
        # A combining mark is lost, a wide character has two cells to fill.
        return "?" * width
    # An accented letter goes without its accent.
    plain = _LOOKS_LIKE.get(character) or unicodedata.normalize("NFKD", character)[0]
    return plain if " " <= plain <= "~" else "?"
