"""The panel of a race: the runners ranked, what each has cost, and when each arrived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .cells import Cells
from .glyphs import GlyphSet
from .look import Look
from .numbers import number, typeset
from .page import Line, Part, page, wrapped
from .palette import pack


@dataclass(frozen=True)
class RunnerRow:
    """One runner: its number, colour and name, f, steps, work in gradient evaluations, and its arrival.

    ``arrival`` is what it took to come within the tolerance by the race's clock, None where it did not.
    """

    number: int
    colour: int
    name: str
    value: float
    steps: int
    work: float
    arrival: float | None
    exact: bool
    fastest: bool
    selected: bool
    hidden: bool
    state: str
    """A word for a runner that is no longer under way, such as ``diverged``; empty for one that is."""


@dataclass(frozen=True)
class RaceData:
    """What the panel shows: the runners, the lowest value first; what they are in lockstep by; the tolerance."""

    rows: tuple[RunnerRow, ...]
    clock: str
    tolerance: float
    hint: str


def race_page(data: RaceData, width: int, height: int, look: Look) -> Cells:
    """Return the panel in ``width`` x ``height`` cells."""
    glyphs = look.glyphs
    room = _columns(data.rows, width, glyphs)
    lines: list[Line] = [_heading(data, room, glyphs)]
    lines += [_row(row, data, room, glyphs) for row in data.rows]
    told = [f"in lockstep by {data.clock}", _explained(data, glyphs), data.hint if len(data.rows) == 1 else ""]
    left = height - len(lines)
    for text in told:
        for piece in wrapped(typeset(text, glyphs), width, max(1, left), glyphs.ellipsis) if left > 0 and text else []:
            lines.append([(piece, "muted")])
            left -= 1
    cells = page(lines, width, height, look)
    runs = look.theme.curves.runs
    for at, row in enumerate(data.rows, start=1):
        if at < height and not row.hidden:
            cells = cells.write(1, at, str(row.number), pack(runs[row.colour % len(runs)]), bold=True)
    return cells


@dataclass(frozen=True)
class _Room:
    """The columns' widths."""

    name: int
    value: int
    count: int
    counts: int
    """How many counts are shown: steps and work, only the one that the clock does not make equal, or none."""
    arrival: int


def _columns(rows: Sequence[RunnerRow], width: int, glyphs: GlyphSet) -> _Room:
    value = max([len(_value(row, glyphs)) for row in rows] + [4])
    count = max([len(_count(row.steps)) for row in rows] + [len(_count(row.work)) for row in rows] + [5])
    longest = max([len(_name(row)) for row in rows] + [4])
    arrival = max([len(_arrival(row, glyphs)) for row in rows] + [6])
    # The mark and the number before them, a blank each, and a star behind.
    fixed = 3 + 1 + value + 1 + arrival + 2
    # A name that can be read matters more than the counts.
    shown = next((n for n in (2, 1) if width - fixed - n * (count + 1) >= min(longest, 16)), 0)
    return _Room(max(4, width - fixed - shown * (count + 1)), value, count, shown, arrival)


def _name(row: RunnerRow) -> str:
    state = "hidden" if row.hidden else row.state
    return f"{row.name} {state}" if state else row.name


def _value(row: RunnerRow, glyphs: GlyphSet) -> str:
    return number(row.value, glyphs, 3)


def _count(count: float) -> str:
    """A count in at most six columns."""
    if count >= 1e6:
        return f"{count / 1e6:.3g}M"
    if count >= 1e4:
        return f"{count / 1e3:.4g}k"
    return f"{count:.0f}" if count == int(count) else f"{count:.1f}"


def _arrival(row: RunnerRow, glyphs: GlyphSet) -> str:
    if row.arrival is None:
        return "-"
    about = "" if row.exact else ("≤" if glyphs.superscripts else "<")
    return f"{about}{_count(row.arrival)}"


def _heading(data: RaceData, room: _Room, glyphs: GlyphSet) -> Line:
    text = "   " + "".ljust(room.name) + " " + "f".rjust(room.value)
    for name in (["steps", _nabla(glyphs)] if room.counts == 2 else [_other(data, glyphs)])[: room.counts]:
        text += " " + name.rjust(room.count)
    return [(text + " " + "to tol".rjust(room.arrival), "muted")]


def _other(data: RaceData, glyphs: GlyphSet) -> str:
    """What the runners, in lockstep by the clock, differ in."""
    return _nabla(glyphs) if data.clock == "steps" else "steps"


def _nabla(glyphs: GlyphSet) -> str:
    return "∇f" if glyphs.superscripts else "grads"


def _row(row: RunnerRow, data: RaceData, room: _Room, glyphs: GlyphSet) -> Line:
    plain = "muted" if row.hidden else "foreground"
    chosen = "›" if glyphs.superscripts else ">"
    name = _name(row)
    if len(name) > room.name:
        name = name[: room.name - 1] + glyphs.ellipsis
    parts: list[Part] = [
        (chosen if row.selected else " ", "!accent"),
        (f"{row.number} ", plain),
        (name.ljust(room.name) + " ", f"!{plain}" if row.selected else plain),
        (_value(row, glyphs).rjust(room.value), plain),
    ]
    counts = [row.steps, row.work] if room.counts == 2 else [row.work if data.clock == "steps" else row.steps]
    parts += [(" " + _count(count).rjust(room.count), "muted") for count in counts[: room.counts]]
    parts.append((" " + _arrival(row, glyphs).rjust(room.arrival), "!success" if row.fastest else "muted"))
    if row.fastest:
        parts.append((" *" if not glyphs.superscripts else " ★", "!success"))
    return parts


def _explained(data: RaceData, glyphs: GlyphSet) -> str:
    unit = "steps" if data.clock == "steps" else "gradient evaluations (f counts 1/3, Hv 2, H 2 a variable)"
    return f"to tol: {unit} until {100 * data.tolerance:.3g}% of the way down is left"
