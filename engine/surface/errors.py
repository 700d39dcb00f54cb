"""What is wrong with a formula, and where."""

from __future__ import annotations


class FormulaError(ValueError):
    """A formula that can't be understood: one sentence, and the column it speaks of.

    ``column`` counts characters from 1; ``None`` where the whole formula is meant. ``text`` is the
    formula as it was given; it may hold anything, so only :meth:`excerpt` is meant for a screen.
    """

    def __init__(self, message: str, text: str = "", column: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.text = text
        self.column = column

    def excerpt(self, width: int = 72) -> str:
        """Return the part of the formula around the column with a caret under it, or ''.

        Characters that a terminal must not be sent are shown as '�', so the result is safe to print.
        """
        if self.column is None or not self.text:
            return ""
        at = self.column - 1
        start = max(0, at - width // 2)
        piece = self.text[start : start + width]
        shown = "".join(c if c.isprintable() and c.isascii() else _stand_in(c) for c in piece)
        return f"  {shown}\n  {' ' * (at - start)}^"


class MissingParameterError(FormulaError):
    """A formula with a parameter, ``name``, that no value is given for."""

    def __init__(self, message: str, text: str, column: int, name: str) -> None:
        super().__init__(message, text, column)
        self.name = name


_SAFE = set("⁰¹²³⁴⁵⁶⁷⁸⁹⁻·×⋅∙−÷π")


def _stand_in(character: str) -> str:
    """Every character in the excerpt takes one cell, or the caret would point elsewhere."""
    return character if character in _SAFE else "�"
