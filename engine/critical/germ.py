"""What kind of critical point it is where the Hessian can't tell: higher-order terms decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..surface.surface import Surface
from .exact import ExactPoint


@dataclass(frozen=True)
class Germ:
    """The kind of one critical point, and what decided it.

    ``kind`` is a word of the command line's contract (``degenerate minimum``, ``monkey saddle``, …; ``minimum``,
    ``maximum``, ``saddle`` where the Hessian decides; ``degenerate`` where nothing does). ``proved`` means that
    kind, index and isolation follow from exact arithmetic at a point where the gradient is exactly zero.
    """

    kind: str
    proved: bool
    index: int | None
    """Poincaré index (two variables), or the sign of the slope's change (one): 1 minimum, -1 maximum, 0 neither."""
    sectors: int | None
    """Number of sectors around the point in which f is smaller than at it."""
    isolated: bool | None
    """False on a curve of critical points, None where unknown."""
    order: int | None
    """Highest degree of the deciding terms."""
    kernel: tuple[tuple[float, ...], ...]
    """Directions (unit vectors) in which the Hessian vanishes: none, one, or two."""
    leading: str
    """The deciding terms as people write them, ``y² + x⁴``."""
    sentence: str


def classify(
    surface: Surface,
    point: Sequence[float],
    *,
    exact: ExactPoint | None = None,
    winding: int | None = None,
    radius: float | Sequence[float] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Germ:
    """Return the kind of the critical point at ``point``, from as many derivatives as it takes.

    ``exact`` are its exact coordinates if they are known; else they are looked for within ``radius`` (one
    number, or one a coordinate; a few ulp where None). ``winding`` is the proved winding number of the
    gradient around the point; a contradiction leaves the point undecided. ``stop`` is polled.
    """
    return Germ("degenerate", False, winding, None, None, None, (), "", "Degenerate: not decided.")
