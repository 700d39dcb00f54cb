"""The panel that takes the next step apart: gradient, buffers, preconditioner, update, and what comes of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from curvtui.engine.arrays import Array
from curvtui.engine.descent.anatomy import Anatomy, Ascent, Buffer, Probe, Trial
from curvtui.engine.descent.sharpness import Contraction

from .cells import Cells
from .glyphs import GlyphSet
from .look import Look
from .numbers import number, point, typeset
from .page import Line, Part, page, wrapped
from .step_marks import letter

LABEL = 13
"""Columns of the names on the left."""


@dataclass(frozen=True)
class StepData:
    """What the panel shows: the step, what it depends on, and by how much its arrows are drawn longer.

    ``anatomy`` is None where there is no next step, and ``why`` says so in one sentence.
    """

    anatomy: Anatomy | None = field(compare=False)
    key: tuple[object, ...]
    magnification: float
    why: str = ""


def anatomy_page(data: StepData, width: int, height: int, look: Look) -> Cells:
    """Return the panel in ``width`` x ``height`` cells; what matters less is left out where it is low."""
    if data.anatomy is None:
        told = wrapped(typeset(data.why, look.glyphs), width, max(1, height), look.glyphs.ellipsis)
        return page([[(text, "muted")] for text in told], width, height, look)
    sections = _sections(data.anatomy, data.magnification, width, look.glyphs)
    room, kept = height, set()
    # What matters most is placed first, and shown in its order.
    for rank, index in sorted((rank, i) for i, (rank, _) in enumerate(sections)):
        if len(sections[index][1]) <= room or rank == 0:
            kept.add(index)
            room -= len(sections[index][1])
    sections = [section for i, section in enumerate(sections) if i in kept]
    return page([line for _, lines in sections for line in lines], width, height, look)


def _sections(step: Anatomy, magnification: float, width: int, glyphs: GlyphSet) -> list[tuple[int, list[Line]]]:
    """The lines in their order, each group with its rank: 0 stays, the highest goes first."""
    sections = [
        (0, [_heading(step, magnification, glyphs)]),
        (0, [_vector("gradient", _nabla(glyphs), step.gradient, width, glyphs)]),
    ]
    if not np.array_equal(step.seen, step.gradient):
        sections.append((1, [_vector("", "as seen", step.seen, width, glyphs, note="noise, clipping")]))
    if step.ascent is not None:
        sections.append((1, _ascent(step.ascent, width, glyphs)))
    sections += [(3, _buffer(buffer, width, glyphs)) for buffer in step.buffers]
    if step.preconditioner is not None:
        sections.append((2, [_vector("", "divided by", step.preconditioner, width, glyphs)]))
    if "lr" in step.values:
        sections.append((1, [_rate(step, glyphs)]))
    if step.probes:
        sections.append((1, _probes(step.probes, width, glyphs)))
    if step.trial is not None:
        sections.append((1, _trial(step.trial, width, glyphs)))
    sections.append((0, [_update(step, width, glyphs)]))
    if step.from_gradient is not None and step.from_memory is not None:
        sections.append((1, [_vector("", "  gradient's", step.from_gradient, width, glyphs)]))
        sections.append((1, [_vector("momentum", "  momentum's", step.from_memory, width, glyphs)]))
    sections.append((2, [_newton(step, width, glyphs)]))
    sections.append((0, _change(step, width, glyphs)))
    if step.contractions:
        sections.append((2, _contractions(step.contractions, width, glyphs)))
    return sections


def _update(step: Anatomy, width: int, glyphs: GlyphSet) -> Line:
    if np.all(np.isnan(step.update)):
        why = f": the Hessian is {step.model}" if step.newton is None else ""
        return [*_label("step", "update", glyphs), (f"none{why}", "error")]
    return _vector("step", "update", step.update, width, glyphs)


def _nabla(glyphs: GlyphSet) -> str:
    return "∇f" if glyphs.superscripts else "grad f"


def _heading(step: Anatomy, magnification: float, glyphs: GlyphSet) -> Line:
    arrow = "→" if glyphs.superscripts else "->"
    parts: list[Part] = [(f"step {step.position:,} {arrow} {step.position + 1:,}", "accent")]
    parts.append((f"  {step.method}", "!foreground"))
    if magnification > 1:
        times = "×" if glyphs.superscripts else "x"
        parts.append((f"  arrows {times}{number(magnification, glyphs)}", "muted"))
    return parts


def _label(kind: str, name: str, glyphs: GlyphSet) -> list[Part]:
    """The letter of an arrow on the map, where the thing has one, and the name."""
    first: Part = (f"{letter(kind, glyphs)} ", f"!map.{kind}") if kind else ("  ", "muted")
    return [first, (name.ljust(LABEL), "muted")]


def _vector(kind: str, name: str, vector: Array, width: int, glyphs: GlyphSet, note: str = "") -> Line:
    shown = _numbers(vector, width - LABEL - 2, glyphs)
    parts = [*_label(kind, name, glyphs), (shown, "foreground")]
    length = f"  {_norm(glyphs)} {number(math.hypot(*vector.tolist()), glyphs, 3)}"
    used = LABEL + 2 + len(shown)
    if note and used + len(note) + 2 <= width:
        parts.append((f"  {note}", "muted"))
    elif not note and vector.size > 1 and used + len(length) <= width:
        parts.append((length, "muted"))
    return parts


def _norm(glyphs: GlyphSet) -> str:
    return "‖·‖" if glyphs.superscripts else "norm"


def _numbers(vector: Array, room: int, glyphs: GlyphSet) -> str:
    """A vector with as many digits as fit."""
    numbers = vector.tolist()
    if len(numbers) == 1:
        return number(numbers[0], glyphs)
    for digits in (4, 3):
        text = point(numbers, glyphs, digits)
        if len(text) <= room:
            return text
    return point(numbers, glyphs, 2)


def _buffer(buffer: Buffer, width: int, glyphs: GlyphSet) -> list[Line]:
    """A buffer before and after the step, on two lines where it is too wide for one."""
    name = buffer.name.replace("_", " ")
    if buffer.after.ndim == 2:
        rows = ["  ".join(number(entry, glyphs, 3) for entry in row) for row in buffer.after.tolist()]
        return [
            [("  ", "muted"), (name, "muted")],
            *([("    [", "muted"), (row, "foreground"), ("]", "muted")] for row in rows),
        ]
    before, after = (_numbers(each, width - LABEL - 4, glyphs) for each in (buffer.before, buffer.after))
    arrow = "→ " if glyphs.superscripts else "> "
    becomes: list[Part] = [(arrow, "muted"), (after, "foreground")]
    label: list[Part] = [("  ", "muted"), (f"{name} ".ljust(LABEL), "muted")]
    if sum(len(text) for text, _ in label) + len(before) + 1 + len(arrow) + len(after) <= width:
        return [[*label, (f"{before} ", "muted"), *becomes]]
    if len(name) < LABEL:
        return [[*label, (before, "muted")], [(" " * (LABEL + 2), "muted"), *becomes]]
    return [[*label], [("    ", "muted"), (f"{before} ", "muted"), *becomes]]


def _rate(step: Anatomy, glyphs: GlyphSet) -> Line:
    parts = [*_label("", "lr", glyphs), (number(step.values["lr"], glyphs), "foreground")]
    if step.scheduled:
        times = "×" if glyphs.superscripts else "x"
        parts.append((f"  the schedule's factor is {times}{number(step.schedule_factor, glyphs, 3)}", "muted"))
    return parts


def _ascent(ascent: Ascent, width: int, glyphs: GlyphSet) -> list[Line]:
    return [
        [
            ("w ", "!accent"),
            ("worst point".ljust(LABEL), "muted"),
            (point(ascent.point.tolist(), glyphs), "foreground"),
        ],
        _vector("", f"{_nabla(glyphs)} there", ascent.worst_gradient, width, glyphs),
    ]


def _probes(probes: Sequence[Probe], width: int, glyphs: GlyphSet) -> list[Line]:
    """The probes in their order, step length and value; the one that was taken stands out."""
    lines: list[list[Part]] = [_label("", "probes", glyphs)]
    used = LABEL + 2
    for i, probe in enumerate(probes):
        text = f"{number(probe.step_size, glyphs, 3)}: {number(probe.value, glyphs, 4)}{'*' if probe.taken else ''}"
        if used + len(text) > width and used > LABEL + 2:
            if len(lines) == _PROBE_LINES:
                lines[-1].append((f"{len(probes) - i} more", "muted"))
                break
            lines.append([(" " * (LABEL + 2), "muted")])
            used = LABEL + 2
        lines[-1].append((f"{text}  ", "!success" if probe.taken else "muted"))
        used += len(text) + 2
    return list(lines)


_PROBE_LINES = 4


def _trial(trial: Trial, width: int, glyphs: GlyphSet) -> list[Line]:
    verdict: Part = ("taken", "!success") if trial.accepted else ("rejected", "!error")
    lines: list[Line] = [
        [("t ", "!accent"), ("trial".ljust(LABEL), "muted"), (point(trial.point.tolist(), glyphs), "foreground"),
         ("  ", "muted"), verdict]
    ]  # fmt: skip
    if trial.radius is not None:
        lines.append([*_label("", "radius", glyphs), (number(trial.radius, glyphs), "foreground")])
    falls: list[Part] = [
        *_label("", "f falls by", glyphs),
        (number(trial.actual, glyphs, 3), "foreground"),
        (" of ", "muted"),
        (number(trial.predicted, glyphs, 3), "foreground"),
        (" promised", "muted"),
    ]
    ratio = f": {number(100.0 * trial.ratio, glyphs, 3)}%"
    if math.isfinite(trial.ratio) and sum(len(text) for text, _ in falls) + len(ratio) <= width:
        falls.append((ratio, "foreground"))
    return [*lines, falls]


def _newton(step: Anatomy, width: int, glyphs: GlyphSet) -> Line:
    label = _label("newton", "Newton's", glyphs)
    if step.newton is None:
        return [*label, (f"none: the Hessian is {step.model}", "muted")]
    return list(_vector("newton", "Newton's", step.newton, width, glyphs, note=step.model))


def _change(step: Anatomy, width: int, glyphs: GlyphSet) -> list[Line]:
    """What the gradient and the second-order model promise, and what comes."""
    falls = step.actual < 0
    colour = "!success" if falls else "!error" if step.actual > 0 or math.isnan(step.actual) else "!foreground"
    first: list[Part] = [
        *_label("", "change of f", glyphs),
        (number(step.actual, glyphs, 4), colour),
    ]
    angle = step.cosine
    if math.isfinite(angle):
        degrees = math.degrees(math.acos(max(-1.0, min(1.0, angle))))
        first.append((f"  {number(degrees, glyphs, 3)}{_degree(glyphs)} off {_minus_nabla(glyphs)}", "muted"))
    second: list[Part] = [
        *_label("", "by slope", glyphs),
        (number(step.linear, glyphs, 3), "foreground"),
        (", with H ", "muted"),
        (number(step.quadratic, glyphs, 3), "foreground"),
    ]
    return [first, second]


def _degree(glyphs: GlyphSet) -> str:
    return "°" if glyphs.superscripts else " deg"


def _minus_nabla(glyphs: GlyphSet) -> str:
    return f"{glyphs.minus}{_nabla(glyphs)}"


def _contractions(found: Sequence[Contraction], width: int, glyphs: GlyphSet) -> list[Line]:
    """Predicted and measured factor of the distance along each eigen-direction, a step."""
    steps = max(each.steps for each in found)
    over = "measured" if steps == 1 else f"over {steps} steps"
    lines: list[Line] = [[("  distance/step  predicted  ", "muted"), (over, "muted")]]
    times = "×" if glyphs.superscripts else "x"
    names = [f"λ{mark}" for mark in "₁₂₃₄"] if glyphs.superscripts else [f"l{i}" for i in range(1, 5)]
    for name, each in zip(names, found, strict=False):
        parts: list[Part] = [("  ", "muted"), (f"{name} ", "muted")]
        parts.append((number(each.eigenvalue, glyphs, 3).ljust(9), "foreground"))
        if each.predicted is None:
            parts.append(("  not known yet", "muted"))
        else:
            shown = f"{times}{number(each.predicted, glyphs, 4)}".ljust(11)
            parts.append((f"   {shown}", "error" if each.predicted > 1 else "success"))
            if each.measured is not None:
                parts.append((f"{times}{number(each.measured, glyphs, 4)}".ljust(9), "foreground"))
            manner = "turns" if each.turns else "waves" if each.waves else ""
            if sum(len(text) for text, _ in parts) + len(manner) <= width:
                parts.append((manner, "muted"))
        lines.append(parts)
    return lines
