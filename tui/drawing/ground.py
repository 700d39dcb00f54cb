"""What colours a map's cells, with what a legend and a colour bar say of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .bands import Bands, MapColours
from .cells import Chars, Colours
from .layer import Layer, LegendEntry
from .level_lines import Lines


@dataclass(frozen=True, eq=False)
class OwnLines:
    """Level lines of what colours a map: each level's polylines, number (where it has one) and packed colour.

    The levels whose places are ``hidden`` carry their numbers alone: where a line is as broad as half a cell, the
    edge between two bands is line enough.
    """

    lines: Lines = ()
    texts: tuple[str, ...] = ()
    inks: Colours = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    hidden: frozenset[int] = frozenset()


@dataclass(frozen=True, eq=False)
class Ground:
    """The background of a plot area, characters that tell its classes apart, and what they mean.

    ``scale`` are the numbers of a colour bar, lowest first, with its colours; None where there are classes only.
    ``own`` are the lines where its classes or bands meet. ``marks`` and ``inks`` (rows, columns) are the character
    and the packed colour of each cell's class, for a drawing that chooses by itself where characters stand.
    """

    bands: Bands
    layers: tuple[Layer, ...] = ()
    entries: tuple[LegendEntry, ...] = ()
    scale: tuple[tuple[str, ...], MapColours] | None = None
    own: OwnLines = field(default_factory=OwnLines)
    marks: Chars | None = None
    inks: Colours | None = None
    classes: tuple[LegendEntry, ...] = ()
