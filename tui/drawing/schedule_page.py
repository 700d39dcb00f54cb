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
    """The schedule to draw, and the learning rate that it multiplies."""

    schedule: Schedule
    rate: float


def schedule_page(data: ScheduleData, width: int, height: int, look: Look) -> Cells:
    """Return the curve in ``width`` x ``height`` cells: the rate at top and bottom, the steps below."""
    glyphs, muted = look.glyphs, pack(look.theme.ui.muted)
    cells = Cells.blank(width, height, muted)
    columns, rows = width - MARGIN, height - 1
    if columns < 8 or rows < 2:
        return cells
    steps, factors = data.schedule.curve(POINTS)
    end = data.schedule.length
    top = max(float(np.max(factors, where=np.isfinite(factors), initial=0.0)), 1e-300)
    view = Viewport(0.0, float(max(1, end)), 0.0, 1.02, columns, rows)
    canvas = DotCanvas(view)
    xs, ys = _stairs(steps.astype(np.float64), factors / top)
    canvas.polyline(xs, ys)
    cells = cells.overlay(canvas.chars(glyphs), pack(look.theme.curves.loss), MARGIN, 0)
    cells = cells.write(0, 0, number(top * data.rate, glyphs, 3).rjust(MARGIN - 1), muted)
    cells = cells.write(0, rows - 1, "0".rjust(MARGIN - 1), muted)
    last = f"{end:,} steps"
    cells = cells.write(MARGIN, rows, "0", muted)
    return cells.write(width - len(last), rows, last, muted)


def _stairs(xs: Array, ys: Array) -> tuple[Array, Array]:
    """The points of a staircase: a factor holds for the whole step."""
    return np.repeat(xs, 2)[1:], np.repeat(ys, 2)[:-1]
