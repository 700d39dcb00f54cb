"""A rectangle of styled character cells, and its conversion to Textual strips."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from .palette import STANDARD_TEXT, nearest_8bit, nearest_standard, pack

Chars: TypeAlias = NDArray[np.str_]
Colours: TypeAlias = NDArray[np.int32]
Flags: TypeAlias = NDArray[np.bool_]

DEFAULT = -1
"""The packed colour that stands for the terminal's (or the widget's) own."""


class ColourDepth(Enum):
    """How many colours the terminal can show."""

    TRUECOLOR = "truecolor"
    EIGHT_BIT = "256"
    STANDARD = "16"
    NONE = "none"


@dataclass(frozen=True, eq=False)
class Cells:
    """A rectangle of character cells, each with its colours.

    All four arrays have the shape (height, width): single characters of one column each, packed 0xRRGGBB
    foreground and background (`DEFAULT` for none), and whether the cell is bold.
    """

    chars: Chars
    fg: Colours
    bg: Colours
    bold: Flags

    @classmethod
    def blank(cls, width: int, height: int, fg: int = DEFAULT, bg: int = DEFAULT) -> "Cells":
        """Return spaces of one colour; sizes below zero count as zero."""
        shape = (max(0, height), max(0, width))
        return cls(
            np.full(shape, " ", dtype="<U1"),
            np.full(shape, fg, dtype=np.int32),
            np.full(shape, bg, dtype=np.int32),
            np.zeros(shape, dtype=np.bool_),
        )

    @property
    def width(self) -> int:
        """The number of columns."""
        return int(self.chars.shape[1])

    @property
    def height(self) -> int:
        """The number of rows."""
        return int(self.chars.shape[0])

    def text(self) -> str:
        """Return the characters alone, rows joined by newlines, without trailing blanks."""
        return "\n".join(_row_text(row).rstrip() for row in self.chars)

    def upper(self, height: int) -> "Cells":
        """Return the upper rows, at most ``height`` of them."""
        return Cells(self.chars[:height], self.fg[:height], self.bg[:height], self.bold[:height])

    def copy(self) -> "Cells":
        """Return cells with arrays of their own."""
        return Cells(self.chars.copy(), self.fg.copy(), self.bg.copy(), self.bold.copy())

    def write(self, column: int, row: int, text: str, fg: int = DEFAULT, bold: bool = False) -> "Cells":
        """Return the cells with one line of text in them, clipped at the edges; backgrounds stay."""
        if not 0 <= row < self.height:
            return self
        text = text[max(0, -column) :]
        column = max(0, column)
        text = text[: max(0, self.width - column)]
        if not text:
            return self
        result = self.copy()
        where = (row, slice(column, column + len(text)))
        result.chars[where] = list(text)
        result.fg[where] = fg
        result.bold[where] = bold
        return result

    def paste(self, other: "Cells", left: int, top: int) -> "Cells":
        """Return the cells with another rectangle laid over them, clipped at the edges."""
        x0, y0 = max(0, left), max(0, top)
        x1, y1 = min(self.width, left + other.width), min(self.height, top + other.height)
        if x0 >= x1 or y0 >= y1:
            return self
        result = self.copy()
        here = (slice(y0, y1), slice(x0, x1))
        there = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
        for mine, theirs in zip(result._arrays(), other._arrays(), strict=True):
            mine[here] = theirs[there]
        return result

    def overlay(self, chars: Chars, fg: Colours | int, left: int = 0, top: int = 0, bold: bool = False) -> "Cells":
        """Return the cells with the characters that are not blank laid over them; backgrounds stay.

        `chars` is (rows, columns) and is clipped at the edges; `fg` is one packed colour or an array of
        that shape.
        """
        colours = np.broadcast_to(np.asarray(fg, dtype=np.int32), chars.shape)
        layer = replace(Cells.blank(chars.shape[1], chars.shape[0]), chars=chars, fg=colours)
        x0, y0 = max(0, left), max(0, top)
        x1, y1 = min(self.width, left + layer.width), min(self.height, top + layer.height)
        if x0 >= x1 or y0 >= y1:
            return self
        result = self.copy()
        here = (slice(y0, y1), slice(x0, x1))
        there = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
        lit = layer.chars[there] != " "
        result.chars[here][lit] = layer.chars[there][lit]
        result.fg[here][lit] = layer.fg[there][lit]
        result.bold[here][lit] = bold
        return result

    def _arrays(self) -> tuple[NDArray[np.generic], ...]:
        return (self.chars, self.fg, self.bg, self.bold)


def to_strips(cells: Cells, depth: ColourDepth = ColourDepth.TRUECOLOR) -> list[Strip]:
    """Return one strip a row; neighbouring cells of one style share a segment."""
    fg = _carry_over_blanks(cells.chars, cells.fg)
    return [
        Strip(_segments(cells.chars[row], fg[row], cells.bg[row], cells.bold[row], depth), cells.width)
        for row in range(cells.height)
    ]


def row_strip(cells: Cells, row: int, depth: ColourDepth = ColourDepth.TRUECOLOR) -> Strip:
    """Return the strip of one row; a row outside the cells is empty."""
    if not 0 <= row < cells.height:
        return Strip([], 0)
    chars = cells.chars[row : row + 1]
    fg = _carry_over_blanks(chars, cells.fg[row : row + 1])
    return Strip(_segments(chars[0], fg[0], cells.bg[row], cells.bold[row], depth), cells.width)


def _row_text(row: Chars) -> str:
    """Decode a row at once, which is several times faster than joining its characters."""
    return np.ascontiguousarray(row).tobytes().decode("utf-32-le" if row.dtype.byteorder != ">" else "utf-32-be")


def _carry_over_blanks(chars: Chars, fg: Colours) -> Colours:
    """Give a blank the foreground of what is left of it: its own cannot be seen, and runs get longer so."""
    if chars.size == 0:
        return fg
    last = np.where(chars != " ", np.arange(chars.shape[1]), -1)
    np.maximum.accumulate(last, axis=1, out=last)
    first = np.argmax(chars != " ", axis=1)
    last = np.where(last < 0, first[:, None], last)
    return np.take_along_axis(fg, last, axis=1)


def _segments(chars: Chars, fg: Colours, bg: Colours, bold: Flags, depth: ColourDepth) -> list[Segment]:
    return [Segment(text, style) for text, style in _runs(chars, fg, bg, bold, depth)]


def _runs(chars: Chars, fg: Colours, bg: Colours, bold: Flags, depth: ColourDepth) -> Iterator[tuple[str, Style]]:
    if chars.size == 0:
        return
    text = _row_text(chars)
    changes = bold[1:] != bold[:-1]
    if depth is not ColourDepth.NONE:
        changes |= (fg[1:] != fg[:-1]) | (bg[1:] != bg[:-1])
    starts = [0, *(np.flatnonzero(changes) + 1).tolist()]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield text[start:end], _style(int(fg[start]), int(bg[start]), bool(bold[start]), depth)


@lru_cache(maxsize=16384)
def _style(fg: int, bg: int, bold: bool, depth: ColourDepth) -> Style:
    # `None` rather than False: a plain cell must not switch off what the widget's own style sets.
    return Style(color=_colour(fg, depth), bgcolor=_colour(bg, depth), bold=True if bold else None)


@lru_cache(maxsize=16384)
def _colour(packed: int, depth: ColourDepth) -> Color | None:
    if packed < 0 or depth is ColourDepth.NONE:
        return None
    if depth is ColourDepth.EIGHT_BIT:
        return Color.from_ansi(nearest_8bit(packed))
    if depth is ColourDepth.STANDARD:
        packed = pack(STANDARD_TEXT[nearest_standard(packed)])
    return Color.from_rgb(packed >> 16, packed >> 8 & 255, packed & 255)
