"""Value bands: the backgrounds of the map's cells, and what is laid together to make a map."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from curvtui.engine.arrays import Array

from .cells import DEFAULT, Cells, ColourDepth, Colours, Flags
from .glyphs import GlyphSet
from .palette import lightness, pack, to_oklab, with_lightness
from .plots import MapFrame
from .ramps import ramp_colours, readable_on, tints
from .reduced import available, greys, rising, standing_out


@dataclass(frozen=True, eq=False)
class MapColours:
    """The colours of `n` level lines (n,) and of the n + 1 bands that they part (n + 1,), lowest first."""

    lines: Colours
    bands: Colours


@dataclass(frozen=True, eq=False)
class Bands:
    """The background of each cell of the plot area (rows, columns), and where the surface has no value."""

    bg: Colours
    undefined: Flags


def map_colours(
    ramp: Sequence[str], levels: int, background: str, strength: float, depth: ColourDepth = ColourDepth.TRUECOLOR
) -> MapColours:
    """Return line and band colours from a ramp: bands sink into the background, lines stand out.

    `strength` (0 to 1) is how much of the ramp a band keeps. With 256 colours the bands are greys, rising in lightness:
    that palette's dark colours are few and gaudy, and hue is left to the lines. 16 colours are too few for bands.
    """
    bands = tints(ramp_colours(ramp, levels + 1), background, strength)
    lines = ramp_colours(ramp, levels)
    palette = available(depth)
    if palette is not None and depth is ColourDepth.EIGHT_BIT:
        bands = rising(bands, greys(palette))
        return MapColours(standing_out(lines, (bands[:-1], bands[1:]), palette), bands)
    if palette is not None:
        return lines_alone(ramp, levels, background, depth)
    return MapColours(readable_on(readable_on(lines, bands[:-1]), bands[1:]), bands)


def lines_alone(ramp: Sequence[str], levels: int, background: str, depth: ColourDepth) -> MapColours:
    """Return colours of lines that lie on the background itself, without bands."""
    lines = _apart(ramp_colours(ramp, levels), background)
    palette = available(depth)
    if palette is not None:
        far = np.abs(lightness(palette) - lightness(pack(background))) >= 0.3 if levels else np.ones(len(palette), bool)
        # Sixteen colours have too few lightnesses for one a line.
        lines = rising(lines, palette[far], *([0.0] if depth is ColourDepth.STANDARD else []))
    return MapColours(lines, np.full(levels + 1, DEFAULT, dtype=np.int32))


def _apart(lines: Colours, background: str, difference: float = 0.24) -> Colours:
    """Return rising colours, squeezed in lightness to where they differ from the background by ``difference``.

    Moved one by one, those too near to it would all be as light as each other.
    """
    lab, ground = to_oklab(lines), float(lightness(pack(background)))
    if not len(lines):
        return lines
    low, high = lab[0, 0], lab[-1, 0]
    first, last = (max(low, ground + difference), high) if ground < 0.5 else (low, min(high, ground - difference))
    if high > low and last > first:
        lab[:, 0] = first + (lab[:, 0] - low) * (last - first) / (high - low)
        return with_lightness(lab)
    return readable_on(lines, np.full(len(lines), pack(background), dtype=np.int32))


def value_bands(values: Array, levels: Sequence[float], colours: Colours) -> Bands:
    """Return the band of each cell from values at the cells' middles (rows, columns), rows going down.

    `levels` ascend and `colours` are one more. Infinite values fall in the outermost bands; NaN is undefined.
    """
    values = np.asarray(values, dtype=np.float64)
    undefined = np.isnan(values)
    which = np.searchsorted(np.asarray(levels, dtype=np.float64), values, side="right")
    bg = np.asarray(colours, dtype=np.int32)[np.minimum(which, len(colours) - 1)]
    return Bands(np.where(undefined, np.int32(DEFAULT), bg).astype(np.int32), undefined)


def compose(frame: MapFrame, bands: Bands, glyphs: GlyphSet, hatch: str = "#808080") -> Cells:
    """Return the map: axes and lines of a frame over the bands, undefined cells hatched.

    Undefined cells are hatched by a glyph so that they show without colour too. Bands of another size than
    the plot area are clipped to it.
    """
    rows, columns = (
        min(bands.bg.shape[0], frame.viewport.rows),
        min(bands.bg.shape[1], frame.viewport.columns),
    )
    cells = frame.cells.copy()
    area = (slice(frame.top, frame.top + rows), slice(frame.left, frame.left + columns))
    shape = cells.bg[area].shape
    cells.bg[area] = bands.bg[: shape[0], : shape[1]]
    blank = bands.undefined[: shape[0], : shape[1]] & (cells.chars[area] == " ")
    cells.chars[area][blank] = glyphs.hatch
    cells.fg[area][blank] = pack(hatch)
    return cells
