"""What is laid over a picture's plot area, and what a legend says of it."""

from __future__ import annotations

from dataclasses import dataclass

from .cells import DEFAULT, Chars, Colours


@dataclass(frozen=True, eq=False)
class Layer:
    """Characters over the plot area, (rows, columns), blank where nothing is, and their packed colours."""

    chars: Chars
    fg: Colours


@dataclass(frozen=True)
class LegendEntry:
    """One line of a legend: a glyph in packed colours, and what it stands for.

    A glyph of one blank on a ``ground`` is a swatch of a colour; where there is no colour, the glyph must say all.
    """

    glyph: str
    ink: int
    text: str
    ground: int = DEFAULT
