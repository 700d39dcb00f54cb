"""The loss panel: f over the steps, or the gradient's norm, on a logarithmic axis where there can be one."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from curvtui.engine.arrays import Array

from .cells import Cells
from .curves import Series
from .look import Look
from .palette import pack
from .plots import curve


@dataclass(frozen=True)
class LossData:
    """What the panel shows: steps (k,), the whole run's values and gradient norms (k,), and where it stands.

    ``key`` stands for the arrays: two of equal keys hold the same. ``floor`` is the smallest value that is
    known of the surface here, None where none is.
    """

    steps: Array = field(compare=False)
    values: Array = field(compare=False)
    gradient_norms: Array = field(compare=False)
    key: tuple[object, ...]
    position: int
    floor: float | None
    show_gradient: bool


@dataclass(frozen=True, eq=False)
class Plotted:
    """The numbers on the axis: as they are, or above the floor; and what the panel calls them."""

    ys: Array
    log: bool
    title: str


def plotted(data: LossData) -> Plotted:
    """Choose the axis: logarithmic if all values are positive, or positive above the smallest known one."""
    if data.show_gradient:
        return Plotted(data.gradient_norms, True, "gradient norm, log")
    values = data.values
    seen = values[np.isfinite(values)]
    lowest = float(seen.min()) if len(seen) else 0.0
    floor = data.floor
    if floor is None or floor > lowest:
        # A positive loss needs no shift; below a floor that proves wrong there is nothing to shift by.
        return Plotted(values, lowest > 0, "loss, log" if lowest > 0 else "loss")
    if floor == 0:
        return Plotted(values, True, "loss, log")
    with np.errstate(all="ignore"):
        return Plotted(values - floor, True, "loss above the minimum, log")


def loss_page(data: LossData, width: int, height: int, look: Look) -> Cells:
    """Return the panel in ``width`` x ``height`` cells."""
    shown = plotted(data)
    colours = look.theme.curves
    ink = colours.gradient if data.show_gradient else colours.loss
    at = int(np.searchsorted(data.steps, data.position, side="right")) - 1
    ahead = data.steps > data.position
    past = ~ahead
    # What was stepped back over stays visible, but pale: it is what `n` leads to again.
    ahead[max(at, 0)] = True
    series = [
        Series(data.steps[ahead], shown.ys[ahead], pack(colours.reference)),
        Series(data.steps[past], shown.ys[past], pack(ink)),
    ]
    return curve(
        series,
        width,
        height,
        log=shown.log,
        mark=(float(data.position), float(shown.ys[at])) if at >= 0 else None,
        mark_colour=pack(colours.mark),
        title=shown.title,
        axis_colour=pack(look.theme.map.axis),
        glyphs=look.glyphs,
        over_steps=True,
    )
