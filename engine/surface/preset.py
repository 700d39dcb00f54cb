"""What a preset surface is: a formula with a view, a start point and what is known of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Point: TypeAlias = tuple[float, ...]
"""Coordinates in the order of the surface's variables, one or two of them."""

Box: TypeAlias = tuple[tuple[float, float], ...]
"""One (low, high) pair for each variable."""


@dataclass(frozen=True)
class Preset:
    """A named surface that ships with the program.

    ``minima``, ``saddles`` and ``maxima`` hold critical points that are published or derived by hand; they
    need not be all of the surface's, and are empty where none is known. ``minimum_value`` is the smallest
    value in ``box`` if a point of ``minima`` attains it, else ``None``. ``learning_rate`` suits plain
    gradient descent from ``start``. ``teaches`` is one line for the picker. Nothing here needs NumPy or
    SymPy.
    """

    name: str
    title: str
    formula: str
    box: Box
    start: Point
    learning_rate: float
    teaches: str
    source: str
    parameters: Mapping[str, float] = field(default_factory=dict, hash=False)
    minima: tuple[Point, ...] = ()
    saddles: tuple[Point, ...] = ()
    maxima: tuple[Point, ...] = ()
    minimum_value: float | None = None

    @property
    def dimension(self) -> int:
        """The number of variables, 1 or 2."""
        return len(self.box)
