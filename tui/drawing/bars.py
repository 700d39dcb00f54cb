"""The one-line bars: the header, the status line and the key bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .cells import Cells
from .look import Look
from .numbers import interval, number, plain_text, point, value_text
from .page import Line, Part, page


@dataclass(frozen=True)
class HeaderData:
    """What the header shows: the surface, its formula for reading and as typed, its parameters, the view."""

    name: str
    formula: str
    plain: str
    variables: tuple[str, ...]
    parameters: tuple[tuple[str, float], ...]
    view: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class StatusData:
    """What the status line shows: playback, the cursor, the value under it, and how levels are placed."""

    playing: bool
    speed: int
    cursor: tuple[float, ...]
    value: float
    method: str
    levels: tuple[float, float, int] | None
    """The lowest and the highest contour level, and how many there are."""
    zero: bool = False
    """Whether rounding can't tell the value from 0."""


@dataclass(frozen=True)
class KeyHint:
    """One entry of the key bar: the key as it is written, what it does, and the action's name."""

    key: str
    label: str
    action: str


def header(data: HeaderData, width: int, height: int, look: Look) -> Cells:
    """Return the header: name and formula on the left, the view on the right."""
    glyphs = look.glyphs
    shown = data.formula if glyphs.superscripts else plain_text(data.plain)
    formula = f"f({','.join(data.variables)}) = {shown}"
    by = " × " if glyphs.superscripts else " x "
    view = by.join(interval(*side, glyphs) for side in data.view)
    left: list[Part] = [(" curvtui ", "!accent"), (f" {data.name}  ", "!primary"), (formula, "foreground")]
    for name, value in data.parameters:
        left.append((f"  {name} = {number(value, glyphs)}", "secondary"))
    used = sum(len(text) for text, _ in left)
    over = used + len(view) + 3 - width
    if over > 0 and len(formula) - over >= 12:
        # The view and the parameters matter more than the end of a long formula.
        left[2] = (formula[: len(formula) - over - 1] + glyphs.ellipsis, "foreground")
        used -= over
    elif over > 0:
        return page([_cut(left, width - 1, look)], width, height, look)
    return page([[*left, (" " * (width - used - len(view) - 1), "muted"), (view, "muted")]], width, height, look)


def _cut(parts: Sequence[Part], width: int, look: Look) -> Line:
    result: list[Part] = []
    for text, colour in parts:
        room = width - sum(len(done) for done, _ in result)
        if len(text) > room:
            result.append((text[: max(0, room - 1)] + look.glyphs.ellipsis, colour))
            break
        result.append((text, colour))
    return result


def status(data: StatusData, width: int, height: int, look: Look) -> Cells:
    """Return the status line: playback, cursor and value, level placement."""
    glyphs = look.glyphs
    pace = f"{data.speed:,}/s"
    playing: Part = (f" running {pace} ", "!success") if data.playing else (f" paused, {pace} ", "muted")
    parts: list[Part] = [
        playing,
        (f" {glyphs.cursor} ", "!accent"),
        (point(data.cursor, glyphs), "foreground"),
        ("  f ", "muted"),
        (value_text(data.value, glyphs, 6, zero=data.zero), "foreground"),
    ]
    levels = ""
    if data.levels is not None:
        low, high, count = data.levels
        dots = "…" if glyphs.superscripts else "to"
        levels = f"{count} levels by {data.method}, {number(low, glyphs, 3)} {dots} {number(high, glyphs, 3)} "
    used = sum(len(text) for text, _ in parts)
    if used + len(levels) < width:
        parts += [(" " * (width - used - len(levels)), "muted"), (levels, "muted")]
    return page([parts], width, height, look)


def arranged(hints: Sequence[KeyHint], width: int, lines: int) -> list[list[KeyHint]]:
    """Return the hints line by line; what does not fit is left out from the end, but last of all the last two.

    They are quit and help, in this order of leaving.
    """
    kept = list(hints)
    while len(kept) > 1:
        rows: list[list[KeyHint]] = [[]]
        used = 0
        for hint in kept:
            size = len(hint.key) + len(hint.label) + 3
            if used + size > width and rows[-1]:
                rows.append([])
                used = 0
            rows[-1].append(hint)
            used += size
        if len(rows) <= lines:
            return rows
        del kept[-3 if len(kept) > 2 else -2]
    return [kept]


def key_bar(hints: tuple[KeyHint, ...], width: int, height: int, look: Look) -> Cells:
    """Return the bar of keys, on as many lines as it has."""
    lines: list[Line] = [
        [part for hint in row for part in ((f" {hint.key}", "!accent"), (f" {hint.label} ", "muted"))]
        for row in arranged(hints, width, height)
    ]
    return page(lines, width, height, look)


def hint_at(hints: Sequence[KeyHint], column: int, line: int, width: int, lines: int) -> KeyHint | None:
    """Return the hint under a cell of the bar."""
    rows = arranged(hints, width, lines)
    at = 0
    for hint in rows[line] if line < len(rows) else []:
        at += len(hint.key) + len(hint.label) + 3
        if column < at:
            return hint
    return None
