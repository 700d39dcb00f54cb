"""A learning-rate schedule as a small curve, drawn where one is chosen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from curvtui.engine.arrays import Array
from curvtui.engine.optimizers.schedule import Schedule

from .braille import DotCanvas
from .cells import Cells
from .look import Look
from .numbers import number
from .palette import pack
from .viewport import Viewport

MARGIN = 8
"""Columns of the factors' labels on the left."""

POINTS = 400


@dataclass(frozen=True)
class ScheduleData:
    """The schedule to draw, over how many steps, and the learning rate that it multiplies."""

    schedule: Schedule
    steps: int
    rate: float


def span_of(schedule: Schedule) -> int:
    """Return how many steps show what a schedule does: its own length, a few drops, or a hundred."""
    parameters = schedule.parameters
    own = parameters.get("steps", 0.0) or 4.0 * parameters.get("size", 0.0)
    if schedule.name == "cosine_restarts":
        own *= 1.0 + parameters["multiplier"]
    if schedule.then is not None:
        return int(min(1e7, own + span_of(schedule.then)))
    if schedule.name == "warmup":
        own *= 4.0
    return int(min(1e7, own)) or 100


def schedule_page(data: ScheduleData, width: int, height: int, look: Look) -> Cells:
    """Return the curve in ``width`` x ``height`` cells: the rate at top and bottom, the steps below."""
    glyphs, muted = look.glyphs, pack(look.theme.ui.muted)
    cells = Cells.blank(width, height, muted)
    columns, rows = width - MARGIN, height - 1
    if columns < 8 or rows < 2:
        return cells
    steps = np.unique(np.linspace(0, data.steps, POINTS).astype(np.int64))
    factors = np.array([data.schedule.factor(step) for step in steps.tolist()])
    top = max(float(np.max(factors, where=np.isfinite(factors), initial=0.0)), 1e-300)
    view = Viewport(0.0, float(max(1, data.steps)), 0.0, 1.02, columns, rows)
    canvas = DotCanvas(view)
    xs, ys = _stairs(steps.astype(np.float64), factors / top)
    canvas.polyline(xs, ys)
    cells = cells.overlay(canvas.chars(glyphs), pack(look.theme.curves.loss), MARGIN, 0)
    cells = cells.write(0, 0, number(top * data.rate, glyphs, 3).rjust(MARGIN - 1), muted)
    cells = cells.write(0, rows - 1, "0".rjust(MARGIN - 1), muted)
    last = f"{data.steps:,} steps"
    cells = cells.write(MARGIN, rows, "0", muted)
    return cells.write(width - len(last), rows, last, muted)


def _stairs(xs: Array, ys: Array) -> tuple[Array, Array]:
    """The points of a staircase: a factor holds for the whole step."""
    return np.repeat(xs, 2)[1:], np.repeat(ys, 2)[:-1]
