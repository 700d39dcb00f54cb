"""The cross-sections' panel: f along the lines that matter at a point, the Taylor parabola over each."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from curvtui.engine.arrays import Array
from curvtui.engine.sampling.profiles import Line, Profile

from .cells import Cells
from .curves import Series, value_range
from .dashes import dash
from .glyphs import GlyphSet
from .look import Look
from .numbers import number, plain_text
from .palette import pack
from .plots import CurveMark, curve

LEAST_WIDTH, LEAST_HEIGHT = 26, 8
"""Cells that a plot needs beside others, its title included."""

_MARGIN = 0.12
"""Share of f's range by which the parabola may leave it before it is cut."""


@dataclass(frozen=True)
class SectionsData:
    """What the panel shows: profiles through one point, of which one is selected.

    ``point`` (n,) and ``names`` (n,) say where; ``source`` what the point is (an iterate, the cursor) and
    ``other`` what the second point is that a line leads to. Two of equal keys hold the same profiles.
    """

    profiles: tuple[Profile, ...] = field(compare=False)
    key: tuple[object, ...]
    point: tuple[float, ...]
    names: tuple[str, ...]
    source: str = "iterate"
    other: str = "start"
    selected: int = 0
    at_cursor: bool = False


def sections_page(data: SectionsData, width: int, height: int, look: Look) -> Cells:
    """Return the panel in ``width`` x ``height`` cells: as many plots side by side as there is room for.

    Where not all have room, the selected one and those after it are shown, and a title says which of how many
    it is; where two have none, the selected one fills the panel.
    """
    cells = Cells.blank(width, height, pack(look.theme.ui.foreground))
    count = len(data.profiles)
    if not count:
        words = "no sections: the point is not finite"
        return cells.write(0, 0, words[: max(0, width)], pack(look.theme.ui.muted))
    across, down = layout(count, width, height)
    shown = min(count, across * down)
    first = 0 if shown == count else data.selected % count
    for place in range(shown):
        k = (first + place) % count
        row, column = divmod(place, across)
        left, right = column * width // across, (column + 1) * width // across
        top, bottom = row * height // down, (row + 1) * height // down
        # A column of air between neighbours.
        gap = 1 if column < across - 1 else 0
        plot = section_plot(data, k, right - left - gap, bottom - top, look, of=0 if shown == count else count)
        cells = cells.paste(plot, left, top)
    return cells


def layout(count: int, width: int, height: int) -> tuple[int, int]:
    """Return columns and rows of plots: all of them if they fit, in the most even shapes, else as many as fit.

    Of the arrangements that show the most plots it is the one whose plots are nearest to three times as wide
    as high in cells.
    """
    best, best_merit = (1, 1), (-1, -math.inf)
    for across in range(1, count + 1):
        for down in range(1, -(-count // across) + 1):
            wide, high = width / across, height / down
            if across * down > 1 and (wide < LEAST_WIDTH or high < LEAST_HEIGHT):
                continue
            shape = abs(math.log(max(wide, 1.0) / (3.0 * max(high, 1.0))))
            empty = max(0, across * down - count)
            merit = (min(count, across * down), -shape - 0.3 * empty)
            if merit > best_merit:
                best, best_merit = (across, down), merit
    return best


def section_plot(data: SectionsData, k: int, width: int, height: int, look: Look, of: int = 0) -> Cells:
    """Return one profile's plot: f solid, the parabola dashed, the point marked; ``of`` counts all if not 0."""
    profile, glyphs = data.profiles[k], look.glyphs
    base = data.point[profile.index] if profile.line is Line.VARIABLE else 0.0
    xs = profile.offsets + base
    colours = look.theme.curves
    parabola = _broken(xs, _cut(profile), (max(4, width - 8), max(2, height - 3)), glyphs)
    model = Series(xs, parabola, pack(look.theme.map.momentum))
    glyph = glyphs.cursor if data.at_cursor else glyphs.iterate
    ink = look.theme.map.cursor if data.at_cursor else look.theme.map.iterate
    marks = [CurveMark(base, profile.value, glyph, pack(ink))]
    if profile.other is not None:
        there = float(np.interp(profile.other, profile.offsets, profile.values))
        marks.insert(0, CurveMark(profile.other, there, glyphs.start, pack(look.theme.map.start)))
    f = Series(xs, _drawable(profile.values), pack(colours.loss))
    title = _title(data, k, width, look, of)
    if height < 5:
        return Cells.blank(width, height).write(0, 0, title[:width], pack(look.theme.ui.foreground))
    plot = curve([model, f], width, height - 1, marks=marks, axis_colour=pack(look.theme.map.axis), glyphs=glyphs)
    selected = k == data.selected and len(data.profiles) > 1
    title_ink = look.theme.ui.accent if selected else look.theme.ui.foreground
    return (
        Cells.blank(width, height, pack(look.theme.ui.foreground))
        .paste(plot, 0, 1)
        .write(0, 0, title, pack(title_ink), bold=selected)
    )


def heading(profile: Profile, data: SectionsData, glyphs: GlyphSet) -> str:
    """Return what a profile is called: ``along x``, ``along −∇f ↘``, ``along λ₁ −4 →``, ``to the start``."""
    pointing = arrow(profile.direction, glyphs)
    if profile.line is Line.VARIABLE:
        return f"along {data.names[profile.index]}"
    if profile.line is Line.GRADIENT:
        return f"along {glyphs.minus}{'∇f' if glyphs.superscripts else 'grad f'}{pointing}"
    if profile.line is Line.EIGENVECTOR:
        name = ("λ₁", "λ₂")[profile.index] if len(data.names) == 2 else f"λ{profile.index + 1}"
        if not glyphs.superscripts:
            name = f"l{profile.index + 1}"
        return f"along {name} {number(profile.curvature, glyphs, 3)}{pointing}"
    return f"{data.source} to {data.other}{pointing}"


def arrow(direction: Array, glyphs: GlyphSet) -> str:
    """Return where a direction of the plane points, as an arrow after a blank; nothing in other dimensions.

    In ASCII only the four plain directions have arrows that can be told apart, so it is written in numbers.
    """
    if len(direction) != 2:
        return ""
    if glyphs.superscripts:
        return " " + glyphs.arrows[round(math.atan2(direction[1], direction[0]) / (math.pi / 4)) % 8]
    return f" ({number(float(direction[0]), glyphs, 2)}, {number(float(direction[1]), glyphs, 2)})"


def _title(data: SectionsData, k: int, width: int, look: Look, of: int) -> str:
    """The heading, and as much of the numbers as fits: which of how many, slope and curvature, the range."""
    profile, glyphs = data.profiles[k], look.glyphs
    prime, second = ("f′ ", "f″ ") if glyphs.superscripts else ("f' ", "f'' ")
    base = data.point[profile.index] if profile.line is Line.VARIABLE else 0.0
    low, high = (number(float(end + base), glyphs, 3) for end in (profile.offsets[0], profile.offsets[-1]))
    to = "…" if glyphs.superscripts else ".."
    parts = [f"{k + 1}/{of} {heading(profile, data, glyphs)}" if of else heading(profile, data, glyphs)]
    bend = f"  {second}{number(profile.curvature, glyphs, 3)}" if profile.line is not Line.EIGENVECTOR else ""
    parts.append(f"  {prime}{number(profile.slope, glyphs, 3)}{bend}")
    parts.append(f"  {low} {to} {high}")
    # The range can be read off the axis, and goes first where there is no room.
    for kept in (3, 2, 1):
        text = "".join(parts[:kept])
        if len(text) <= width:
            return text
    text = text if glyphs.superscripts else plain_text(text)
    return text[: max(0, width - 1)] + glyphs.ellipsis if width > 0 else ""


def _cut(profile: Profile) -> Array:
    """The parabola where it lies in f's range, or near it: f sets the scale of the plot."""
    span = value_range([_drawable(profile.values)], 0.1)
    room = _MARGIN * (span.high - span.low)
    with np.errstate(all="ignore"):
        inside = (profile.model >= span.low - room) & (profile.model <= span.high + room)
    return np.where(inside, profile.model, np.nan)


def _drawable(values: Array) -> Array:
    return np.where(np.abs(values) < 1e300, values, np.nan)


def _broken(xs: Array, ys: Array, size: tuple[int, int], glyphs: GlyphSet) -> Array:
    """The values of a curve with the gaps of its dashes as NaN; ``size`` is about that of the plot area."""
    spans = [value_range([values], 0.1) for values in (xs, ys)]
    if np.isnan(ys).all():
        return ys
    places = np.stack((spans[0].place(xs) * size[0], spans[1].place(ys) * 2.0 * size[1]), axis=1)
    steps = np.hypot(*np.diff(places, axis=0).T)
    along = np.concatenate(([0.0], np.cumsum(np.where(np.isnan(steps), 0.0, steps))))
    on, off = dash(glyphs)
    return np.where(np.mod(along, on + off) < on, ys, np.nan)
