"""The panel that lists the critical points in view, with what is proved of the list as a whole."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .cells import Cells
from .glyphs import GlyphSet
from .look import Look
from .numbers import about_zero, number, point, typeset
from .page import Line, Part, page, wrapped

GLYPHS = {
    "minimum": "minimum",
    "maximum": "maximum",
    "saddle": "saddle",
    "monkey saddle": "degenerate",
    "degenerate minimum": "degenerate",
    "degenerate maximum": "degenerate",
    "degenerate saddle": "degenerate",
    "inflection": "degenerate",
    "degenerate": "degenerate",
}
"""The mark on the map, by the kind of a critical point."""

_SHORT = {
    "minimum": "min",
    "maximum": "max",
    "saddle": "saddle",
    "monkey saddle": "monkey saddle",
    "degenerate minimum": "deg. min",
    "degenerate maximum": "deg. max",
    "degenerate saddle": "deg. saddle",
    "inflection": "inflection",
    "degenerate": "degenerate",
}


_DIGITS = ((4, 4), (3, 3), (2, 3))
"""Digits of coordinates and values, the most telling first."""

_NARROW = 36
"""Columns from which kinds are written out."""

_HIGH = 20
"""Rows from which everything that is proved is told in full."""


@dataclass(frozen=True)
class PointRow:
    """One critical point: kind, coordinates, f, eigenvalues, κ, index, and whether it is proved.

    ``exact`` are the coordinates as people write them, where they have such a form; else empty.
    """

    kind: str
    place: tuple[float, ...]
    exact: tuple[str, ...]
    value: float
    eigenvalues: tuple[float, ...]
    condition_number: float
    index: int | None
    certified: bool
    is_global: bool
    zero: bool = False
    """Whether rounding can't tell f there from 0."""


@dataclass(frozen=True)
class CriticalData:
    """What the panel shows: the rows, which is chosen, one sentence about the list as a whole, and what else is proved.

    The other sentences are shown where there is room for them.
    """

    rows: tuple[PointRow, ...]
    chosen: int | None
    sentence: str
    others: tuple[str, ...]
    proved: bool
    """Whether the list is complete."""
    verdict: str = ""
    """Why the chosen point is of its kind: told here where the panel of the point has no room for it."""


def critical_page(data: CriticalData, width: int, height: int, look: Look) -> Cells:
    """Return the panel in ``width`` x ``height`` cells: as many points as fit around the chosen one."""
    glyphs = look.glyphs
    told = wrapped(
        typeset(data.sentence, glyphs), width, 4 if height >= 10 else 3 if height >= 6 else 2, glyphs.ellipsis
    )
    told = told[: max(1, height - 1)] if data.rows else told[:height]
    room = max(0, height - len(told))
    first = 0
    if len(data.rows) > room and room:
        first = max(0, min(len(data.rows) - room, (data.chosen or 0) - room // 2))
    shown = data.rows[first : first + room]
    columns = _columns(shown, width, glyphs)
    lines: list[Line] = [_row(row, first + i == data.chosen, columns, glyphs) for i, row in enumerate(shown)]
    colour = "success" if data.proved else "muted"
    lines += [[(text, colour)] for text in told]
    if data.verdict and width < _NARROW and len(lines) < height:
        verdict = wrapped(typeset(data.verdict, glyphs), width, height - len(lines), glyphs.ellipsis)
        lines += [[(text, "foreground")] for text in verdict]
    for sentence in data.others:
        more = wrapped(typeset(sentence, glyphs), width, 2 if height < _HIGH else 8, glyphs.ellipsis)
        if len(lines) + len(more) > height:
            break
        lines += [[(text, "muted")] for text in more]
    return page(lines, width, height, look)


@dataclass(frozen=True)
class _Columns:
    """Widths of the columns, digits of the numbers, and which of the optional columns are shown."""

    kind: int
    place: int
    value: int
    digits: tuple[int, int]
    """Of the coordinates and of the value."""
    index: bool
    eigenvalues: int
    """Width; 0 where they are not shown."""
    condition: int


def _columns(rows: tuple[PointRow, ...], width: int, glyphs: GlyphSet) -> _Columns:
    """Choose what fits: first fewer digits, then fewer columns, κ before the eigenvalues and these before the index."""
    # Where it is narrow, the mark alone tells the kind.
    kind = max((len(_SHORT[row.kind]) for row in rows), default=0) if width >= _NARROW else 0
    marks = 2 if any(row.is_global or not row.certified for row in rows) else 0
    index = max((len(_index(row, glyphs)) for row in rows), default=0) + 1
    eigenvalues = max((len(_eigenvalues(row, glyphs)) for row in rows), default=0) + 1
    condition = max((len(_condition(row, glyphs)) for row in rows), default=0) + 1
    sizes = [(digits, *_numbers(rows, digits, glyphs)) for digits in _DIGITS]
    rooms = [width - (2 + 1 + kind + 1 + place + 1 + value + marks) for _, place, value in sizes]
    wanted = (index + eigenvalues + condition, index + eigenvalues, index, 0)
    # The fewest digits are for where not even the coordinates and the value fit.
    best = next((i for least in wanted for i in range(len(sizes) - 1) if rooms[i] >= least), len(sizes) - 1)
    left = rooms[best]
    return _Columns(
        kind,
        sizes[best][1],
        sizes[best][2],
        sizes[best][0],
        left >= index,
        eigenvalues - 1 if left >= index + eigenvalues else 0,
        condition - 1 if left >= index + eigenvalues + condition else 0,
    )


def _numbers(rows: tuple[PointRow, ...], digits: tuple[int, int], glyphs: GlyphSet) -> tuple[int, int]:
    """The widths of the coordinates and of the values."""
    place = max((len(_place(row, digits[0], glyphs)) for row in rows), default=0)
    return place, max((len(_value(row, digits[1], glyphs)) for row in rows), default=0)


def _place(row: PointRow, digits: int, glyphs: GlyphSet) -> str:
    """The coordinates, exact ones as they are."""
    shown = point(row.place, glyphs, digits)
    exact = typeset(f"({', '.join(row.exact)})", glyphs)
    return exact if row.exact and len(exact) <= max(len(shown), 12) else shown


def _value(row: PointRow, digits: int, glyphs: GlyphSet) -> str:
    return about_zero(glyphs) if row.zero else number(row.value, glyphs, digits)


def _index(row: PointRow, glyphs: GlyphSet) -> str:
    return "" if row.index is None else f"{row.index:+d}".replace("-", glyphs.minus) if row.index else "0"


def _eigenvalues(row: PointRow, glyphs: GlyphSet) -> str:
    lam = "λ" if glyphs.superscripts else "l"
    return f"{lam} " + ", ".join(number(value, glyphs, 3) for value in row.eigenvalues)


def _condition(row: PointRow, glyphs: GlyphSet) -> str:
    if math.isnan(row.condition_number):
        return ""
    return ("κ " if glyphs.superscripts else "k ") + number(row.condition_number, glyphs, 3)


def _row(row: PointRow, chosen: bool, columns: _Columns, glyphs: GlyphSet) -> Line:
    mark = getattr(glyphs, GLYPHS[row.kind])
    arrow = "›" if glyphs.superscripts else ">"
    parts: list[Part] = [
        (arrow if chosen else " ", "!accent"),
        (mark, f"!map.{GLYPHS[row.kind]}"),
        (f" {_SHORT[row.kind].ljust(columns.kind)}" if columns.kind else "", "!foreground" if chosen else "foreground"),
        (f" {_place(row, columns.digits[0], glyphs).ljust(columns.place)}", "foreground"),
        (f" {_value(row, columns.digits[1], glyphs).rjust(columns.value)}", "foreground"),
    ]
    if columns.index:
        parts.append((f" {_index(row, glyphs).rjust(2)}", "muted"))
    if columns.eigenvalues:
        parts.append((f" {_eigenvalues(row, glyphs).ljust(columns.eigenvalues)}", "muted"))
    if columns.condition:
        parts.append((f" {_condition(row, glyphs).ljust(columns.condition)}", "muted"))
    if row.is_global:
        parts.append((" *" if not glyphs.superscripts else " ★", "!success"))
    if not row.certified:
        parts.append((" ?", "!warning"))
    return parts
