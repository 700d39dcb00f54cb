"""Exact coordinates of a critical point, found by guessing and accepted by proof."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..surface.surface import Surface
from .closed_form import Number


@dataclass(frozen=True)
class ExactPoint:
    """A point where the gradient vanishes exactly: its coordinates in closed form, and as people write them.

    ``value`` is f there, where that is a short closed form; else None.
    """

    coordinates: tuple[Number, ...]
    text: tuple[str, ...]
    value: Number | None
    value_text: str | None


def exact_point(
    surface: Surface,
    point: Sequence[float],
    radius: float | Sequence[float] | None = None,
    stop: Callable[[], bool] | None = None,
) -> ExactPoint | None:
    """Return the exact coordinates of the critical point within ``radius`` of ``point``, where they can be proved.

    ``radius`` (one number or one a coordinate) is how far the point may be off, a few ulp where None. ``stop``
    is polled; None is returned once it says so.
    """
    return None
