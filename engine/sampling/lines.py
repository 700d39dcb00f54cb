"""Level lines traced on a grid."""

import math
from collections.abc import Sequence

import numpy as np

from ..arrays import Array
from .levels import drawable


def contour_lines(xs: Array, ys: Array, values: Array, levels: Sequence[float]) -> list[tuple[float, list[Array]]]:
    """Trace each level on a grid: a list of (level, polylines (k, 2) in world coordinates).

    ``xs`` is (W,), ``ys`` (H,) and ``values`` (H, W). Cells next to a non-finite value, or one beyond
    ±1e300, are left out. A closed line repeats its first point. Grids of less than 2 × 2 points have no
    lines.
    """
    heights = np.asarray(values, dtype=np.float64)
    if heights.ndim != 2 or min(heights.shape) < 2:
        return [(float(level), []) for level in levels]
    # Imported only when lines are wanted: headless commands never draw any.
    from contourpy import LineType, contour_generator

    usable = drawable(heights)
    generator = contour_generator(
        x=xs,
        y=ys,
        z=np.ma.MaskedArray(np.where(usable, heights, 0.0), mask=~usable),
        name="serial",
        corner_mask=True,
        line_type=LineType.Separate,
    )
    traced: list[tuple[float, list[Array]]] = []
    for level in levels:
        lines = generator.lines(float(level)) if math.isfinite(level) else []
        traced.append((float(level), [np.asarray(line, dtype=np.float64) for line in lines]))
    return traced
