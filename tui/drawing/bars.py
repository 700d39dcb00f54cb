"""The one-line bars: the header, the status line and the key bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .cells import Cells
from .look import Look
from .numbers import interval, number, point
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
    levels: str


@dataclass(frozen=True)
class KeyHint:
    """One entry of the key bar: the key as it is written, what it does, and the action's name."""

    key: str
    label: str
    action: str


def header(data: HeaderData, width: int, height: int, look: Look) -> Cells:
    """Return the header: name and formula on the left, the view on the right."""
    glyphs = look.glyphs
    shown = data.formula if glyphs.superscripts else data.plain
    formula = f"f({','.join(data.variables)}) = {shown}"
    by = " × " if glyphs.superscripts else " x "
    view = by.join(interval(*side, glyphs) for side in data.view)
    left: list[Part] = [(" curvtui ", "!accent"), (f" {data.name}  ", "!primary"), (formula, "foreground")]
    for name, value in data.parameters:
        left.append((f"  {name} = {number(value, glyphs)}", "secondary"))
    used = sum(len(text) for text, _ in left)
    if used + len(view) + 3 > width:
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
        (number(data.value, glyphs, 6), "foreground"),
    ]
    levels = f"levels: {data.levels} "
    used = sum(len(text) for text, _ in parts)
    if used + len(levels) < width:
        parts += [(" " * (width - used - len(levels)), "muted"), (levels, "muted")]
    return page([parts], width, height, look)


def fitting(hints: Sequence[KeyHint], width: int) -> list[KeyHint]:
    """Return the hints that fit; the last one (help) always stays, others go from the end."""
    kept = list(hints)
    while len(kept) > 1 and sum(len(h.key) + len(h.label) + 3 for h in kept) > width:
        del kept[-2]
    return kept


def key_bar(hints: tuple[KeyHint, ...], width: int, height: int, look: Look) -> Cells:
    """Return the bar of keys."""
    parts: list[Part] = []
    for hint in fitting(hints, width):
        parts += [(f" {hint.key}", "!accent"), (f" {hint.label} ", "muted")]
    return page([parts], width, height, look)


def hint_at(hints: Sequence[KeyHint], column: int, width: int) -> KeyHint | None:
    """Return the hint under a column of the bar."""
    at = 0
    for hint in fitting(hints, width):
        at += len(hint.key) + len(hint.label) + 3
        if column < at:
            return hint
    return None
