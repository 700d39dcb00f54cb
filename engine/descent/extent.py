"""The length that a run's distances are measured against, and what is far by it."""

import math
from collections.abc import Sequence

from .run import Run

FAR = 100.0
"""Beyond this many half-diagonals from the view's centre, and moving outward, a run has diverged."""


def half_diagonal(box: Sequence[tuple[float, float]]) -> float:
    """Return L, half the diagonal of the view: the length that distances are measured against."""
    return math.hypot(*(high - low for low, high in box)) / 2.0


def is_far(run: Run) -> bool:
    """Return whether the run is farther from the view than any path to a minimum in it leads."""
    box = run.surface.box
    centre = [(low + high) / 2.0 for low, high in box]
    return math.dist(run.x.tolist(), centre) > FAR * half_diagonal(box)
