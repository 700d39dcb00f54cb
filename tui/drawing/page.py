"""Styled lines of text as cells: what the text panels are drawn with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from .cells import Cells
from .look import Look
from .palette import pack

Part: TypeAlias = tuple[str, str]
"""A piece of text and the name of its colour in the theme's UI colours, or ``map.name`` in the map's; ``!`` is bold."""

Line: TypeAlias = Sequence[Part]


def page(lines: Sequence[Line], width: int, height: int, look: Look) -> Cells:
    """Return lines of text as cells, cut at the right with an ellipsis; missing lines are blank.

    The text must be safe and one cell a character.
    """
    ui = look.theme.ui
    cells = Cells.blank(width, height, pack(ui.foreground))
    for row, line in enumerate(lines[: max(0, height)]):
        column = 0
        for text, name in line:
            shown = text
            if column + len(text) > width:
                shown = text[: max(0, width - column - 1)] + look.glyphs.ellipsis
            shown = shown[: max(0, width - column)]
            if not shown:
                if text:
                    break
                continue
            where = (row, slice(column, column + len(shown)))
            cells.chars[where] = list(shown)
            cells.fg[where] = _ink(name.removeprefix("!"), look)
            cells.bold[where] = name.startswith("!")
            column += len(shown)
            if len(shown) < len(text):
                break
    return cells


def _ink(name: str, look: Look) -> int:
    group, dot, rest = name.partition(".")
    return pack(getattr(look.theme.map, rest) if dot and group == "map" else getattr(look.theme.ui, name))


_WORD = re.compile(r"(?:\([^()\s]+, [^()\s]+\)|\S)+")


def wrapped(text: str, width: int, most: int, ellipsis: str = "…") -> list[str]:
    """Return text broken at blanks into at most ``most`` lines (1 or more); what does not fit ends in ``ellipsis``.

    A pair in brackets, as the coordinates of a point, is kept on one line.
    """
    lines: list[str] = []
    line = ""
    for word in _WORD.findall(text):
        candidate = f"{line} {word}" if line else word
        if len(candidate) <= width or not line:
            line = candidate
        else:
            lines.append(line)
            line = word
    lines.append(line)
    if len(lines) > most:
        lines = lines[:most]
        lines[-1] = lines[-1][: max(0, width - 1)].rstrip() + ellipsis
    return lines
