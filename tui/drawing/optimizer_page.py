"""The optimizer panel: method, settings, steps, evaluations and how the run stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from curvtui.engine.descent.status import Judgement, Status

from .cells import Cells
from .glyphs import GlyphSet
from .look import Look
from .numbers import number, typeset
from .page import Line, Part, page, wrapped

STATUS_COLOURS = {
    Status.RUNNING: "primary",
    Status.CONVERGED: "success",
    Status.STALLED: "warning",
    Status.DIVERGED: "error",
    Status.UNDEFINED: "error",
}


@dataclass(frozen=True)
class OptimizerData:
    """What the panel shows; ``modifiers`` are noise, clipping and schedule where they are set."""

    name: str
    values: Mapping[str, float | str]
    modifiers: Mapping[str, str]
    position: int
    length: int
    evaluations: str
    judgement: Judgement
    advice: str
    """What to say while the run is neither at rest nor lost: what its steps look like, or what to press."""


def optimizer_page(data: OptimizerData, width: int, height: int, look: Look) -> Cells:
    """Return the panel in ``width`` x ``height`` cells."""
    glyphs = look.glyphs
    first: list[Part] = [(data.name, "!accent")]
    words = [
        (name, value if isinstance(value, str) else number(value, glyphs))
        for name, value in data.values.items()
        if _worth_showing(name, value)
    ]
    words += [(name, typeset(text, glyphs)) for name, text in data.modifiers.items()]
    lines: list[Line] = []
    line, used = first, len(data.name)
    for name, value in words:
        if used + len(name) + len(value) + 3 > width and used:
            lines.append(line)
            line, used = [], -2
        line = (
            [*line, ("  ", "muted"), (f"{name} ", "muted"), (value, "foreground")]
            if used >= 0
            else [
                (f"{name} ", "muted"),
                (value, "foreground"),
            ]
        )
        used += len(name) + len(value) + 3
    lines.append(line)
    lines.append(_steps(data, glyphs))
    status, sentence = data.judgement
    room = max(0, height - len(lines))
    if status is Status.RUNNING:
        head, sentence = ("ready:" if data.position == 0 else "under way:"), data.advice
    else:
        head, sentence = headed(status.value, sentence)
    told = wrapped(f"{head} {typeset(sentence, glyphs)}", width, room, glyphs.ellipsis) if room else []
    for i, text in enumerate(told):
        shown = [(head, f"!{STATUS_COLOURS[status]}")] if i == 0 else []
        lines.append([*shown, (text.removeprefix(head) if i == 0 else text, "muted")])
    return page(lines, width, height, look)


def headed(word: str, sentence: str) -> tuple[str, str]:
    """Return a status's word and the rest of its sentence, which often begins with the word itself.

    A sentence that begins with "stopped" needs no "stalled:" before it.
    """
    if word == Status.STALLED.value and sentence.startswith("stopped "):
        word = "stopped"
    if sentence.startswith(f"{word}:"):
        return f"{word}:", sentence.removeprefix(f"{word}:").strip()
    if sentence.startswith(word):
        return word, sentence.removeprefix(word).strip()
    return f"{word}:", sentence


def _worth_showing(name: str, value: float | str) -> bool:
    """What does nothing at this value (no weight decay, no dampening) only takes room."""
    return value != 0 or name == "lr"


def _steps(data: OptimizerData, glyphs: GlyphSet) -> Line:
    parts: list[Part] = [("step ", "muted"), (f"{data.position:,}", "!foreground")]
    if data.length > data.position:
        parts.append((f" of {data.length:,}", "muted"))
    parts.append((f"   {typeset(data.evaluations, glyphs)}", "muted"))
    return parts
