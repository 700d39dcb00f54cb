"""The one place that makes foreign text safe to show.

Formulas, file names and error messages may carry escape sequences, which Textual would pass on to the
terminal, and bidirectional overrides, which would rearrange the line around them.
"""

from __future__ import annotations

import unicodedata

REPLACEMENT = "�"


def safe_text(text: str, limit: int = 500) -> str:
    """Return ``text`` on one line, with every character that could move or colour anything replaced.

    Control, format (zero-width, bidirectional), private and unassigned characters and combining marks
    become ``�``; line ends, tabs and other spaces become blanks; what is longer than ``limit`` ends in an ellipsis.
    """
    shown = "".join(map(_safe_character, text[: limit + 1]))
    return shown if len(text) <= limit else shown[: limit - 1] + "…"


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
