"""The gradient field on a grid."""

from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from .grid import Box, SampledSurface, cell_centres


@dataclass(frozen=True, eq=False)
class GradientField:
    """Gradients on a grid of cell centres: ``points`` and ``gradients`` (H, W, 2), or (W, 1) in one variable.

    ``directions`` are the gradients at unit length; zero or undefined gradients have NaN directions.
    """

    points: Array
    gradients: Array
    directions: Array


def gradient_field(surface: SampledSurface, box: Box, columns: int, rows: int = 1) -> GradientField:
    """Sample the gradient at the centres of ``columns`` × ``rows`` cells of ``box``."""
    axes = [cell_centres(low, high, count) for (low, high), count in zip(box, (columns, rows), strict=False)]
    points = np.stack(np.meshgrid(*axes, indexing="xy"), axis=-1)
    gradients = np.asarray(surface.gradient(points), dtype=np.float64)
    with np.errstate(all="ignore"):
        # Dividing by the largest component first keeps the squares inside the double range.
        scaled = gradients / np.max(np.abs(gradients), axis=-1, keepdims=True)
        directions = scaled / np.sqrt(np.sum(scaled**2, axis=-1, keepdims=True))
    return GradientField(points, gradients, directions)
