"""Curvature as the map's ground: signs of the eigenvalues, λ_min, λ_max, κ and ‖∇f‖ as coloured bands."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curvtui.engine.arrays import Array
from curvtui.engine.sampling.curvature_map import CurvatureMap, CurvatureSign
from curvtui.engine.sampling.lines import contour_lines

from ..views import Ground
from .bands import Bands, MapColours, map_colours, value_bands
from .cells import DEFAULT, ColourDepth, Colours
from .layer import Layer, LegendEntry
from .level_lines import Lines
from .look import Look
from .numbers import number, plain_text
from .palette import lightness, nearest_8bit, pack, to_oklab, xterm_colours
from .ramps import readable_on, tints
from .reduced import available, greys, rising

MOST_BANDS = 9
"""Most bands of a sequential ground."""

MOST_SIDE = 4
"""Most levels on each side of 0 of a diverging ground."""

_DISTINCT = 0.03
"""Distance in OKLab from which two backgrounds are told apart."""

_KINDS = {
    CurvatureSign.POSITIVE: ("∪", "u", "minimum", "convex"),
    CurvatureSign.INDEFINITE: ("~", "~", "saddle", "saddle-like"),
    CurvatureSign.NEGATIVE: ("∩", "n", "maximum", "concave"),
    CurvatureSign.TROUGH: ("-", "-", "degenerate", "trough, λ_min = 0"),
    CurvatureSign.RIDGE: ("=", "=", "degenerate", "ridge, λ_max = 0"),
    CurvatureSign.PLANE: (":", ":", "degenerate", "no curvature"),
}
"""Each sign's texture, the same in ASCII, its colour in the theme's map and its name."""


@dataclass(frozen=True, eq=False)
class GroundDrawing:
    """A ground ready to be laid under a map.

    ``bands`` are the backgrounds; ``texture`` holds sparse glyphs that say the same where colours can't, and is
    blank elsewhere. ``lines`` are to be drawn in the packed colour ``ink``: where the sign of an eigenvalue
    changes. ``levels`` part the bands, ``texts`` are their numbers and ``colours`` fit a colour bar; all are
    empty for the signs. ``legend`` explains the rest.
    """

    bands: Bands
    texture: Layer
    lines: Lines
    ink: int
    levels: tuple[float, ...]
    texts: tuple[str, ...]
    colours: MapColours
    legend: tuple[LegendEntry, ...]


def curvature_ground(ground: Ground, found: CurvatureMap, look: Look) -> GroundDrawing:
    """Return a curvature ground; ``found`` is sampled at the cells' middles, its rows going down like the cells'.

    Raises ValueError for VALUES and BASINS, which are no curvature.
    """
    if ground is Ground.SIGNS:
        return _signs(found, look)
    if ground in (Ground.SMALLEST, Ground.LARGEST):
        values = found.smallest if ground is Ground.SMALLEST else found.largest
        return _diverging(ground, values, found, look)
    if ground in (Ground.CONDITION, Ground.SLOPE):
        return _sequential(ground, found.condition if ground is Ground.CONDITION else found.slope, look)
    raise ValueError(f"{ground.value} is no curvature map")


def round_levels(magnitudes: Array, most: int) -> tuple[float, ...]:
    """Return at most ``most`` round numbers, evenly spaced in their logarithms, inside the range of magnitudes.

    The finest of a few series (1 2 5, 1 3, powers of ten, of a hundred, …) that is short enough; the outermost
    fiftieth of the magnitudes on either side counts not, and neither does what is not positive and finite.
    """
    usable = magnitudes[np.isfinite(magnitudes) & (magnitudes > 0)]
    if not usable.size or most < 1:
        return ()
    low, high = (float(end) for end in np.quantile(usable, (0.02, 0.98)))
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for mantissas, stride in _SERIES:
        powers = range(math.ceil(first / stride) * stride, last + 1, stride)
        numbers = [float(f"{m}e{power}") for power in powers for m in mantissas]
        inside = tuple(value for value in numbers if low < value < high)
        if len(inside) <= most:
            return inside
    return ()


_SERIES: tuple[tuple[tuple[float, ...], int], ...] = (
    ((1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8), 1),
    ((1, 1.5, 2, 3, 5, 7), 1),
    ((1, 2, 5), 1),
    ((1, 3), 1),
    *(((1,), stride) for stride in (1, 2, 3, 5, 10, 20, 50, 100, 200)),
)


def _signs(found: CurvatureMap, look: Look) -> GroundDrawing:
    plain = 0 if look.glyphs.superscripts else 1
    there = [kind for kind in _KINDS if (found.signs == kind).any()]
    base = np.array([pack(getattr(look.theme.map, _KINDS[kind][2])) for kind in there], dtype=np.int32)
    # What is neither is fainter, so that the shapes show in grey too.
    faint = [0.5 if kind is CurvatureSign.INDEFINITE else 1.0 for kind in there]
    colours = _backgrounds(base, faint, look)
    inks = _inks(base, colours, look)
    which = np.full(len(CurvatureSign), -1)
    which[there] = np.arange(len(there))
    place = which[found.signs]
    undefined = place < 0
    marks = [_KINDS[kind][plain] for kind in there]
    # Two kinds of one colour, such as a trough and a ridge, are rare and small: not a reason for textures.
    main = [k for k, kind in enumerate(there) if kind <= CurvatureSign.NEGATIVE]
    texture = _texture(place, undefined, marks, inks, textured=_needs_texture(colours[main], look))
    share = [float(np.mean(found.signs == kind)) for kind in there]
    legend = [
        _entry(marks[k], inks[k], f"{_words(_KINDS[kind][3], look)} {_percent(share[k])}", colours[k])
        for k, kind in enumerate(there)
    ]
    lines = [line for values in (found.smallest, found.largest) for line in _zero_lines(found, values)]
    ink = pack(look.theme.ui.foreground)
    if lines:
        legend.append(LegendEntry(look.glyphs.line, ink, _words("an eigenvalue is 0", look)))
    bands = Bands(_placed(colours, place, undefined), undefined)
    nothing = np.empty(0, dtype=np.int32)
    return GroundDrawing(bands, texture, [(0.0, lines)], ink, (), (), MapColours(nothing, nothing), tuple(legend))


def _diverging(ground: Ground, values: Array, found: CurvatureMap, look: Look) -> GroundDrawing:
    low, high = _range(values)
    sizes = round_levels(np.abs(values), MOST_SIDE)
    every = (*(-size for size in reversed(sizes)), 0.0, *sizes)
    levels = tuple(level for level in every if low < level <= high)
    below = len(levels) + 1 if high < 0 else sum(level <= 0 for level in levels) if low < 0 else 0
    above = len(levels) + 1 - below
    down, up = pack(look.theme.map.maximum), pack(look.theme.map.minimum)
    colours = np.concatenate((_shades(down, below, look)[::-1], _shades(up, above, look))).astype(np.int32)
    base = np.array([down] * below + [up] * above, dtype=np.int32)
    inks = _inks(base, colours, look)
    # Lower case for what curves down, counted away from 0: a, b, c below it and A, B, C above.
    marks = [chr(ord("a") + k) for k in range(below)][::-1] + [chr(ord("A") + k) for k in range(above)]
    name = _words(ground.value, look)
    lines = _zero_lines(found, values) if low < 0 < high else []
    ink = pack(look.theme.ui.foreground)
    drawing = _banded(values, levels, colours, inks, marks, name, look)
    zero = (LegendEntry(look.glyphs.line, ink, f"{name} = 0"),) if lines else ()
    ends = [(0, f"{name} < 0")] * (below > 0) + [(-1, f"{name} > 0")] * (above > 0 and high > 0)
    short = tuple(_entry(" ", int(inks[k]), text, int(colours[k])) for k, text in ends)
    legend = drawing.legend if _needs_texture(colours, look) else short
    return GroundDrawing(
        drawing.bands, drawing.texture, [(0.0, lines)], ink, levels, drawing.texts, drawing.colours, (*legend, *zero)
    )


def _sequential(ground: Ground, values: Array, look: Look) -> GroundDrawing:
    levels = round_levels(values, MOST_BANDS - 1)
    theme = look.theme
    depth = ColourDepth.TRUECOLOR if look.depth is ColourDepth.NONE else look.depth
    inks = map_colours(theme.map.ramp, len(levels), theme.ui.background, theme.map.band_strength, depth)
    letters = _inks(_middles(inks.lines, len(levels) + 1, look), inks.bands, look)
    marks = [chr(ord("A") + k) for k in range(len(levels) + 1)]
    return _banded(values, levels, inks.bands, letters, marks, _words(ground.value, look), look)


def _banded(
    values: Array,
    levels: Sequence[float],
    colours: Colours,
    inks: Colours,
    marks: Sequence[str],
    name: str,
    look: Look,
) -> GroundDrawing:
    """Bands between levels, with a letter for each where colours can't tell them apart."""
    textured = _needs_texture(colours, look)
    if look.depth in (ColourDepth.STANDARD, ColourDepth.NONE):
        colours = np.full(len(colours), DEFAULT, dtype=np.int32)
    bands = value_bands(values, levels, colours)
    place = np.searchsorted(np.asarray(levels, dtype=np.float64), values, side="right")
    texture = _texture(place, bands.undefined, marks, inks, textured=textured)
    texts = tuple(number(level, look.glyphs, 3) for level in levels)
    legend = [
        _entry(marks[k], int(inks[k]), _between(name, texts, k, look), int(colours[k])) for k in range(len(levels) + 1)
    ]
    if not textured:
        legend = [_entry(" ", entry.ink, entry.text, entry.ground) for entry in (legend[0], legend[-1])][: len(legend)]
    edges = np.asarray(inks[1:], dtype=np.int32)
    drawn = MapColours(edges, np.asarray(colours, dtype=np.int32))
    return GroundDrawing(bands, texture, [], DEFAULT, tuple(levels), texts, drawn, tuple(legend))


def _range(values: Array) -> tuple[float, float]:
    known = values[~np.isnan(values)]
    return (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)


def _backgrounds(base: Colours, faint: Sequence[float], look: Look) -> Colours:
    if look.depth in (ColourDepth.STANDARD, ColourDepth.NONE):
        return np.full(len(base), DEFAULT, dtype=np.int32)
    strength, ground = look.theme.map.band_strength, look.theme.ui.background
    mixed = [tints(base[k : k + 1], ground, strength * part) for k, part in enumerate(faint)]
    return np.concatenate([np.empty(0, dtype=np.int32), *mixed]).astype(np.int32)


def _shades(colour: int, count: int, look: Look) -> Colours:
    """Return backgrounds of one hue, ``count`` of them, from the faintest to the strongest."""
    strengths = np.minimum(0.9, look.theme.map.band_strength * np.linspace(0.4, 1.3, max(count, 2)))[:count]
    base = np.array([colour], dtype=np.int32)
    shades = [tints(base, look.theme.ui.background, float(strength))[0] for strength in strengths]
    wanted = np.array(shades, dtype=np.int32)
    palette = available(look.depth)
    if palette is None or not count:
        return wanted
    # Dark colours of these palettes are few and gaudy: greys say how much, the letters' colour which sign.
    dark = lightness(pack(look.theme.ui.background)) < 0.5
    return rising(wanted, greys(palette)) if dark else rising(wanted[::-1], greys(palette))[::-1]


def _inks(base: Colours, grounds: Colours, look: Look) -> Colours:
    """Return the colours of glyphs on their backgrounds."""
    below = np.where(grounds == DEFAULT, pack(look.theme.ui.background), grounds).astype(np.int32)
    return readable_on(base, below)


def _middles(lines: Colours, count: int, look: Look) -> Colours:
    """Return a colour for each of ``count`` bands from those of the lines between them."""
    if not len(lines):
        return np.full(count, pack(look.theme.ui.foreground), dtype=np.int32)
    return np.asarray(lines[np.minimum(np.arange(count), len(lines) - 1)], dtype=np.int32)


def _needs_texture(colours: Colours, look: Look) -> bool:
    """Whether backgrounds do not say enough: few colours, or a theme whose colours are too much alike."""
    if look.depth in (ColourDepth.STANDARD, ColourDepth.NONE):
        return True
    shown = colours
    if look.depth is ColourDepth.EIGHT_BIT:
        shown = xterm_colours()[[nearest_8bit(colour) - 16 for colour in colours.tolist()]]
    lab = to_oklab(shown)
    apart = np.sqrt(np.sum((lab[:, None] - lab[None]) ** 2, axis=-1)) + np.eye(len(colours))
    return bool((apart < _DISTINCT).any())


def _texture(
    place: NDArray[np.int64], undefined: NDArray[np.bool_], marks: Sequence[str], inks: Colours, *, textured: bool
) -> Layer:
    """Each band's mark in every sixth cell, those of a row set off from the row's above."""
    rows, columns = np.indices(place.shape)
    shown = ((columns + 3 * rows) % 6 == 1) & ~undefined & textured
    glyphs = np.array([*marks, " "], dtype="<U1")
    chars = glyphs[np.where(shown, place, len(marks))]
    return Layer(chars, _placed(inks, place, undefined))


def _placed(colours: Colours, place: NDArray[np.int64], undefined: NDArray[np.bool_]) -> Colours:
    if not len(colours):
        return np.full(place.shape, DEFAULT, dtype=np.int32)
    return np.where(undefined, DEFAULT, colours[np.minimum(np.maximum(place, 0), len(colours) - 1)]).astype(np.int32)


def _zero_lines(found: CurvatureMap, values: Array) -> list[Array]:
    """Where values on the map's grid pass through 0."""
    xs, ys = found.axes
    rising_rows = slice(None, None, -1) if len(ys) > 1 and ys[0] > ys[-1] else slice(None)
    ((_, lines),) = contour_lines(xs, ys[rising_rows], values[rising_rows], [0.0])
    return [line for line in lines if len(line) > 1]


def _entry(glyph: str, ink: int, text: str, ground: int) -> LegendEntry:
    return LegendEntry(glyph, int(ink), text, int(ground))


def _between(name: str, texts: Sequence[str], band: int, look: Look) -> str:
    if not texts:
        return name
    if band == 0:
        return f"{name} < {texts[0]}"
    if band == len(texts):
        return f"{name} > {texts[-1]}"
    to = " – " if look.glyphs.superscripts else ".."
    return f"{texts[band - 1]}{to}{texts[band]}"


def _words(text: str, look: Look) -> str:
    return text if look.glyphs.superscripts else plain_text(text)


def _percent(share: float) -> str:
    return "< 1 %" if 0 < share < 0.005 else f"{100 * share:.0f} %"
