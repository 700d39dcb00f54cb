"""A step taken apart, on the map: arrows, the probes of a line search, the region of a trust region."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .braille import DotCanvas
from .cells import Cells
from .glyphs import GlyphSet
from .look import Look
from .palette import pack
from .picture import Picture
from .viewport import Viewport

LONGEST = 14.0
"""Columns that the longest arrow is magnified to at most."""

ARROW_KINDS = ("newton", "gradient", "momentum", "step")
"""What an arrow can be, in the order in which they are drawn: the step lies on top."""


@dataclass(frozen=True)
class Arrow:
    """An arrow of a kind of :data:`ARROW_KINDS` from its tail to its tip, both in the picture's coordinates."""

    kind: str
    tail: tuple[float, float]
    tip: tuple[float, float]


@dataclass(frozen=True)
class StepMarks:
    """The next step on the map: arrows, probes (x, y, whether taken), the trust region (x, y, radius), its trial.

    ``worst`` is the point that sharpness-aware minimization looks at.
    """

    arrows: tuple[Arrow, ...] = ()
    probes: tuple[tuple[float, float, bool], ...] = ()
    region: tuple[float, float, float] | None = None
    trial: tuple[float, float] | None = None
    worst: tuple[float, float] | None = None


def letter(kind: str, glyphs: GlyphSet) -> str:
    """Return the letter at an arrow's tip, by which a kind is known without its colour."""
    return {"gradient": "g", "momentum": "m", "newton": "N", "step": "Δ" if glyphs.superscripts else "d"}[kind]


def magnification(viewport: Viewport, lengths: list[tuple[float, float]]) -> float:
    """Return 1, 2, 5, 10, … by which displacements are drawn longer so that the longest can be seen.

    ``lengths`` are displacements (right, up) of the world. Never below 1: a long step is shown as it is.
    """
    with np.errstate(all="ignore"):
        longest = max(
            (
                math.hypot(right / viewport.width * viewport.columns, 2.0 * up / viewport.height * viewport.rows)
                for right, up in lengths
            ),
            default=0.0,
        )
    if not (math.isfinite(longest) and longest > 0):
        return 1.0
    # The shortest of numbers have no inverse.
    room = LONGEST / max(longest, 1e-300)
    if room < 2.0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(room))
    # The logarithm of what lies just below a power of ten may be rounded up to it.
    return max((factor * power for factor in (1.0, 2.0, 5.0) if factor * power <= room), default=power / 2.0)


def lay_lines(cells: Cells, picture: Picture, marks: StepMarks, look: Look) -> Cells:
    """Return the cells with the arrows' shafts and the trust region's border."""
    colours = look.theme.map
    if marks.region is not None:
        x, y, radius = marks.region
        angles = np.linspace(0.0, 2.0 * math.pi, 181)
        canvas = DotCanvas(picture.viewport)
        with np.errstate(all="ignore"):
            canvas.polyline(x + radius * np.cos(angles), y + radius * np.sin(angles))
        cells = cells.overlay(canvas.chars(look.glyphs), pack(colours.step), picture.left, picture.top)
    for arrow in sorted(marks.arrows, key=lambda each: ARROW_KINDS.index(each.kind)):
        canvas = DotCanvas(picture.viewport)
        canvas.polyline(np.array([arrow.tail[0], arrow.tip[0]]), np.array([arrow.tail[1], arrow.tip[1]]))
        ink = pack(getattr(colours, arrow.kind))
        cells = cells.overlay(canvas.chars(look.glyphs), ink, picture.left, picture.top)
    return cells


def lettering(picture: Picture, marks: StepMarks, look: Look) -> list[tuple[float, float, str, str]]:
    """Return what is written over the lines: (x, y, glyph, colour)."""
    colours = look.theme.map
    written = [(x, y, look.glyphs.bead, colours.iterate if taken else colours.hatch) for x, y, taken in marks.probes]
    if marks.worst is not None:
        written.append((*marks.worst, "w", colours.gradient))
    if marks.trial is not None:
        written.append((*marks.trial, "t", colours.step))
    for arrow in sorted(marks.arrows, key=lambda each: ARROW_KINDS.index(each.kind)):
        tip = _seen_tip(picture.viewport, arrow)
        if tip is not None:
            written.append((*tip, letter(arrow.kind, look.glyphs), getattr(colours, arrow.kind)))
    return written


def _seen_tip(view: Viewport, arrow: Arrow) -> tuple[float, float] | None:
    """Where an arrow ends, or where it leaves the view; None for one that is too short to see."""
    (x0, y0), (x1, y1) = arrow.tail, arrow.tip
    if not all(map(math.isfinite, (x1, y1))):
        return None
    right, up = (x1 - x0) / view.width * view.columns, (y1 - y0) / view.height * view.rows
    if max(abs(right), abs(up)) < 1.0:
        return None
    share = 1.0
    for start, move, low, high in ((x0, x1 - x0, view.x0, view.x1), (y0, y1 - y0, view.y0, view.y1)):
        if move > 0 and start + move > high:
            share = min(share, (high - start) / move)
        elif move < 0 and start + move < low:
            share = min(share, (low - start) / move)
    if share <= 0:
        return None
    x, y = x0 + share * (x1 - x0), y0 + share * (y1 - y0)
    if view.x0 <= x0 <= view.x1 and view.y0 <= y0 <= view.y1:
        # Of a far tip, rounding may leave the place just beyond the border.
        x, y = min(max(x, view.x0), view.x1), min(max(y, view.y0), view.y1)
    return x, y
