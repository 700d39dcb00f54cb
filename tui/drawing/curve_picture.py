"""A surface of one variable as a curve."""

from __future__ import annotations

import numpy as np

from curvtui.engine.sampling.grid import nodes

from ..views import Ground
from .bands import Bands, compose
from .basins_ground import basins_ground
from .cells import DEFAULT, Cells
from .curves import value_range
from .layer import LegendEntry
from .legend import Explained, explain, legend_rows
from .look import Look
from .palette import pack
from .picture import Picture, Scene
from .plans import plan_map
from .plots import MapFrame, contour_map


def draw_curve(scene: Scene, width: int, height: int, look: Look, complete: bool) -> Picture:
    """Return the curve over the view in ``width`` x ``height`` cells; without ``complete`` only the empty axes."""
    colours = look.theme.map
    below = legend_rows(scene.style, width, height)
    whole, height = height, height - below
    ((x0, x1),) = scene.view
    xs = nodes(x0, x1, 4 * max(2, width) + 1)
    values = scene.surface.grid((xs,))
    values = np.where(np.isfinite(values) & (np.abs(values) < 1e300), values, np.nan)
    span = value_range([values], 0.1)
    margin = 0.06 * (span.high - span.low)
    box = ((x0, x1), (span.low - margin, span.high + margin))
    if complete:
        line = np.stack((xs, values), axis=1)
        names = (scene.surface.variables[0], "f")
        ink = pack(look.theme.curves.loss)
        frame = contour_map([(0.0, [line])], box, width, height, [ink], names, pack(colours.axis), look.glyphs)
    else:
        plan = plan_map(box, width, height, look.glyphs)
        frame = MapFrame(Cells.blank(width, height), plan.viewport, plan.left, plan.top)
    columns = frame.viewport.centres()[0]
    undefined = np.broadcast_to(np.isnan(scene.surface.grid((columns,))), (frame.viewport.rows, len(columns)))
    bg = np.full(undefined.shape, DEFAULT, dtype=np.int32)
    entries: tuple[LegendEntry, ...] = ()
    if scene.style.ground is Ground.BASINS and scene.basins is not None:
        ground = basins_ground(scene.basins, len(columns), 1, look)
        bg, entries = np.broadcast_to(ground.bands.bg, undefined.shape), ground.entries
    cells = compose(frame, Bands(bg, undefined), look.glyphs, colours.hatch)
    explained = Explained(frame.left, height, width - frame.left, below, entries)
    cells = explain(Cells.blank(width, whole).paste(cells, 0, 0), explained, look)
    return Picture(cells, frame.viewport, frame.left, frame.top, None, complete, explained)
