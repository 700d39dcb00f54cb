"""A map's ground laid over a terrain: which class of curvature, or which basin, each piece of it belongs to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curvtui.engine.arrays import Array

from .cells import DEFAULT, Chars, Colours, Flags
from .ground import Ground
from .layer import LegendEntry
from .look import Look
from .palette import pack, to_oklab, with_lightness

_DULLER = 0.55
"""How much of its chroma a face keeps that is seen from below."""


@dataclass(frozen=True, eq=False)
class Drape:
    """A ground's classes on a raster over the view, (rows, columns), the first row at the low end of the second axis.

    ``grounds`` are their colours as backgrounds, ``inks`` those of their characters, ``marks``.
    """

    grounds: Colours
    inks: Colours
    marks: Chars
    entries: tuple[LegendEntry, ...]

    def places(self, u: Array, v: Array) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the rows and columns of points of the base (…), −1 to 1; what lies beside it counts as its edge."""
        rows, columns = self.grounds.shape
        return _cell(v, rows), _cell(u, columns)


def drape(ground: Ground, look: Look) -> Drape:
    """Return a ground with a character for each class, sampled with its rows going down, as a drape."""
    none = np.full(ground.bands.bg.shape, " ", dtype="<U1")
    marks = none if ground.marks is None else ground.marks
    inks = np.full(none.shape, pack(look.theme.map.axis), np.int32) if ground.inks is None else ground.inks
    bare = np.where(ground.bands.bg == DEFAULT, pack(look.theme.ui.panel), ground.bands.bg).astype(np.int32)
    return Drape(bare[::-1], inks[::-1], marks[::-1], ground.classes or ground.entries)


def lit(grounds: Colours, light: Array, under: Flags, look: Look) -> Colours:
    """Return packed colours (…) as they look on faces lit by ``light``, 0 to 1; seen from below they are duller."""
    lab = to_oklab(grounds)
    dark = float(to_oklab(pack(look.theme.ui.background))[0]) < 0.5
    # On a dark screen a lit face is lighter than its class on the flat map; on a light one the others are darker.
    strength = 0.8 + 0.8 * light if dark else 0.72 + 0.32 * light
    lab[..., 0] = np.clip(lab[..., 0] * strength, 0.0, 1.0)
    lab[..., 1:] *= np.where(under, _DULLER, 1.25)[..., None]
    return with_lightness(lab)


def _cell(share: Array, count: int) -> NDArray[np.intp]:
    return np.clip(np.nan_to_num(share + 1.0) * (0.5 * count), 0, count - 1).astype(np.intp)
