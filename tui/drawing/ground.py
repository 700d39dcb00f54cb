"""What colours a map's cells, with what a legend and a colour bar say of it."""

from __future__ import annotations

from dataclasses import dataclass

from .bands import Bands, MapColours
from .layer import Layer, LegendEntry


@dataclass(frozen=True, eq=False)
class Ground:
    """The background of a plot area, characters that tell its classes apart, and what they mean.

    ``scale`` are the numbers of a colour bar, lowest first, with its colours; None where there are classes only.
    """

    bands: Bands
    layers: tuple[Layer, ...] = ()
    entries: tuple[LegendEntry, ...] = ()
    scale: tuple[tuple[str, ...], MapColours] | None = None
