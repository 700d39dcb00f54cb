"""The panel of curves over the steps: the loss or the gradient's norm of every run, and its stability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from curvtui.engine.arrays import Array

from .cells import Cells
from .curves import Series
from .glyphs import GlyphSet
from .look import Look
from .palette import pack
from .plots import CurveMark, curve

BOTH = 11
"""Rows in which the loss and, under it, the stability have room."""


@dataclass(frozen=True)
class RunCurve:
    """One run: places (k,), the whole run's values and gradient norms (k,), and its place now.

    Places are steps, or gradient evaluations. ``key`` stands for the arrays: two of equal keys hold the same.
    ``number`` and ``colour`` are a runner's in a race; None is a run that is alone.
    """

    xs: Array = field(compare=False)
    values: Array = field(compare=False)
    gradient_norms: Array = field(compare=False)
    key: tuple[object, ...]
    at: float
    number: int | None = None
    colour: int = 0


@dataclass(frozen=True)
class Stability:
    """Learning rate times sharpness over its limit, (k,), at steps (k,); ``key`` stands for the arrays."""

    steps: Array = field(compare=False)
    loads: Array = field(compare=False)
    key: tuple[object, ...]
    at: float


@dataclass(frozen=True)
class LossData:
    """What the panel shows: every run, the smallest known value of the surface, what is plotted over what.

    ``curve`` is ``loss``, ``gradient norm`` or ``stability``; ``over`` is what the places are.
    """

    runs: tuple[RunCurve, ...]
    floor: float | None
    curve: str
    over: str = "steps"
    stability: Stability | None = None


@dataclass(frozen=True, eq=False)
class Plotted:
    """The numbers on the axis, one array a run: as they are, or above the floor; and what the panel calls them."""

    ys: tuple[Array, ...]
    log: bool
    title: str


def plotted(data: LossData) -> Plotted:
    """Choose the axis: logarithmic if all values are positive, or positive above the smallest known one."""
    if data.curve == "gradient norm":
        return Plotted(tuple(run.gradient_norms for run in data.runs), True, "gradient norm, log")
    values = tuple(run.values for run in data.runs)
    seen = np.concatenate([each[np.isfinite(each)] for each in values]) if values else np.empty(0)
    lowest = float(seen.min()) if len(seen) else 0.0
    floor = data.floor
    if floor is None or floor > lowest:
        # A positive loss needs no shift; below a floor that proves wrong there is nothing to shift by.
        return Plotted(values, lowest > 0, "loss, log" if lowest > 0 else "loss")
    if floor == 0:
        return Plotted(values, True, "loss, log")
    with np.errstate(all="ignore"):
        return Plotted(tuple(each - floor for each in values), True, "loss above the minimum, log")


def loss_page(data: LossData, width: int, height: int, look: Look) -> Cells:
    """Return the panel in ``width`` x ``height`` cells; where it is high enough, both loss and stability."""
    if data.curve == "stability":
        return _stability(data.stability, width, height, look)
    if data.stability is None or height < BOTH:
        return _losses(data, width, height, look)
    below = max(5, (height * 2) // 5)
    above = _losses(data, width, height - below, look)
    cells = Cells.blank(width, height).paste(above, 0, 0)
    return cells.paste(_stability(data.stability, width, below, look), 0, height - below)


def _losses(data: LossData, width: int, height: int, look: Look) -> Cells:
    shown = plotted(data)
    colours = look.theme.curves
    series: list[Series] = []
    marks: list[CurveMark] = []
    for run, ys in zip(data.runs, shown.ys, strict=True):
        ink = colours.gradient if data.curve == "gradient norm" else colours.loss
        if run.number is not None:
            ink = colours.runs[run.colour % len(colours.runs)]
        series += _past_and_future(run.xs, ys, run.at, pack(ink), pack(colours.reference))
        now = _index(run.xs, run.at)
        if now >= 0:
            glyph = look.glyphs.iterate if run.number is None else str(run.number)
            colour = colours.mark if run.number is None else ink
            marks.append(CurveMark(float(run.at), float(ys[now]), glyph, pack(colour)))
    title = shown.title if data.over == "steps" else f"{shown.title}, over {data.over}"
    return curve(
        series,
        width,
        height,
        log=shown.log,
        marks=marks,
        title=title,
        axis_colour=pack(look.theme.map.axis),
        glyphs=look.glyphs,
        over_steps=True,
    )


def _index(xs: Array, at: float) -> int:
    return int(np.searchsorted(xs, at, side="right")) - 1


def _past_and_future(xs: Array, ys: Array, at: float, ink: int, pale: int) -> Sequence[Series]:
    """What was stepped back over stays visible, but pale: it is what `n` leads to again."""
    ahead = xs > at
    past = ~ahead
    if len(xs):
        ahead[max(_index(xs, at), 0)] = True
    return (Series(xs[ahead], ys[ahead], pale), Series(xs[past], ys[past], ink))


def stability_title(glyphs: GlyphSet) -> str:
    """Return the name of the stability's curve."""
    product = "η·λmax" if glyphs.superscripts else "lr*lmax"
    return f"{product} over its limit: stable below 1"


def _stability(data: Stability | None, width: int, height: int, look: Look) -> Cells:
    colours = look.theme.curves
    axis = pack(look.theme.map.axis)
    if data is None:
        words = "no stability limit is known for this method"
        return Cells.blank(width, height).write(0, 0, words[:width], axis)
    # Above ten times the limit nothing more is to be seen, nor below 0, where nothing curves up; what is near 1
    # must not be squeezed flat.
    loads = np.clip(data.loads, 0.0, 10.0)
    now = _index(data.steps, data.at)
    load = float(loads[now]) if now >= 0 else float("nan")
    ink = look.theme.ui.error if load > 1.0 else look.theme.ui.warning if load > 0.95 else look.theme.ui.success
    return curve(
        _past_and_future(data.steps, loads, data.at, pack(ink), pack(colours.reference)),
        width,
        height,
        marks=[CurveMark(data.at, load, look.glyphs.iterate, pack(colours.mark))],
        horizontals=[(1.0, pack(look.theme.ui.warning)), (0.0, axis)],
        title=stability_title(look.glyphs),
        axis_colour=axis,
        glyphs=look.glyphs,
        over_steps=True,
    )
