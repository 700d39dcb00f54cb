"""Curvature as the map's ground: signs of the eigenvalues, λ_min, λ_max, κ and ‖∇f‖ as coloured bands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from curvtui.engine.arrays import Array
from curvtui.engine.sampling.curvature_map import CurvatureMap, CurvatureSign

from ..views import LEVELS, Ground
from .bands import Bands, MapColours, map_colours, value_bands
from .cells import DEFAULT, Chars, ColourDepth, Colours, Flags
from .curvature_levels import DIVERGING, MEASURED, ground_levels, lines_at, measured
from .layer import Layer, LegendEntry
from .level_lines import Lines
from .look import Look
from .numbers import number, plain_text
from .palette import lightness, nearest_8bit, pack, to_oklab, xterm_colours
from .ramps import readable_on, tints
from .reduced import available, greys, rising

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
    blank elsewhere. ``lines`` are the ground's own, each in the packed colour of its place in ``inks``: where the
    bands part, and where the sign of an eigenvalue changes. ``levels`` part the bands, ``texts`` are their numbers
    and ``colours`` fit a colour bar; all are empty for the signs. ``legend`` explains the rest.
    """

    bands: Bands
    texture: Layer
    lines: Lines
    inks: Colours
    levels: tuple[float, ...]
    texts: tuple[str, ...]
    colours: MapColours
    legend: tuple[LegendEntry, ...]
    marks: Chars
    """The character of each cell's class, whether it is told apart by colour or not."""
    classes: tuple[LegendEntry, ...]
    """What each class is, whether a colour bar says so or not."""


def curvature_ground(
    ground: Ground,
    found: CurvatureMap,
    look: Look,
    fine: CurvatureMap | None = None,
    count: int = LEVELS,
) -> GroundDrawing:
    """Return a curvature ground; ``found`` is sampled at the cells' middles, its rows going down like the cells'.

    Lines are traced, and levels chosen, fewer than ``count``, from ``fine``, a sample of the same view that
    reaches its border; without one from ``found``. Raises ValueError for VALUES and BASINS, which are no curvature.
    """
    if ground is not Ground.SIGNS and ground not in MEASURED:
        raise ValueError(f"{ground.value} is no curvature map")
    fine = found if fine is None else fine
    if ground is Ground.SIGNS:
        return _signs(found, fine, look)
    levels = ground_levels(ground, fine, count)
    return (_diverging if ground in DIVERGING else _sequential)(ground, found, fine, levels, look)


def ground_texts(levels: Sequence[float], look: Look) -> tuple[str, ...]:
    """Return the levels of a curvature ground as they are written."""
    return tuple(number(level, look.glyphs, 3) for level in levels)


def _signs(found: CurvatureMap, fine: CurvatureMap, look: Look) -> GroundDrawing:
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
    classes = tuple(legend)
    lines = [line for values in (fine.smallest, fine.largest) for line in lines_at(fine, values, [0.0])[0][1]]
    ink = pack(look.theme.ui.foreground)
    if lines:
        legend.append(LegendEntry(look.glyphs.line, ink, _words("an eigenvalue is 0", look)))
    bands = Bands(_placed(colours, place, undefined), undefined)
    nothing = np.empty(0, dtype=np.int32)
    return GroundDrawing(
        bands,
        texture,
        [(0.0, lines)],
        _one(ink),
        (),
        (),
        MapColours(nothing, nothing),
        tuple(legend),
        _marked(place, undefined, marks),
        classes,
    )


def _diverging(
    ground: Ground, found: CurvatureMap, fine: CurvatureMap, levels: tuple[float, ...], look: Look
) -> GroundDrawing:
    values, known = measured(ground, found), measured(ground, fine)
    low, high = _range(known)
    below = len(levels) + 1 if high < 0 else sum(level <= 0 for level in levels) if low < 0 else 0
    above = len(levels) + 1 - below
    down, up = pack(look.theme.map.maximum), pack(look.theme.map.minimum)
    colours = np.concatenate((_shades(down, below, look)[::-1], _shades(up, above, look))).astype(np.int32)
    base = np.array([down] * below + [up] * above, dtype=np.int32)
    inks = _inks(base, colours, look)
    # Lower case for what curves down, counted away from 0: a, b, c below it and A, B, C above.
    marks = [chr(ord("a") + k) for k in range(below)][::-1] + [chr(ord("A") + k) for k in range(above)]
    name = _words(ground.value, look)
    drawing = _banded(values, levels, colours, inks, marks, name, look)
    lines = lines_at(fine, known, levels)
    # A line lies between two bands, and is to stand out from both.
    edges = readable_on(drawing.colours.lines, _grounds(colours[:-1], look)) if len(levels) else drawing.colours.lines
    ink = pack(look.theme.ui.foreground)
    own = np.where(np.array(levels) == 0, ink, edges).astype(np.int32)
    crossed = any(level == 0 and each for level, each in lines)
    zero = (LegendEntry(look.glyphs.line, ink, f"{name} = 0"),) if crossed else ()
    ends = [(0, f"{name} < 0")] * (below > 0) + [(-1, f"{name} > 0")] * (above > 0 and high > 0)
    short = tuple(_entry(" ", int(inks[k]), text, int(colours[k])) for k, text in ends)
    legend = drawing.legend if _needs_texture(colours, look) else short
    scale = MapColours(own, drawing.colours.bands)
    return replace(drawing, lines=lines, inks=own, colours=scale, legend=(*legend, *zero))


def _sequential(
    ground: Ground, found: CurvatureMap, fine: CurvatureMap, levels: tuple[float, ...], look: Look
) -> GroundDrawing:
    theme = look.theme
    depth = ColourDepth.TRUECOLOR if look.depth is ColourDepth.NONE else look.depth
    inks = map_colours(theme.map.ramp, len(levels), theme.ui.background, theme.map.band_strength, depth)
    letters = _inks(_middles(inks.lines, len(levels) + 1, look), inks.bands, look)
    marks = [chr(ord("A") + k) for k in range(len(levels) + 1)]
    values = measured(ground, found)
    drawing = _banded(values, levels, inks.bands, letters, marks, _words(ground.value, look), look)
    lines = lines_at(fine, measured(ground, fine), levels)
    return replace(drawing, lines=lines, inks=inks.lines, colours=MapColours(inks.lines, drawing.colours.bands))


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
    texts = ground_texts(levels, look)
    legend = [
        _entry(marks[k], int(inks[k]), _between(name, texts, k, look), int(colours[k])) for k in range(len(levels) + 1)
    ]
    classes = tuple(legend)
    if not textured:
        legend = [_entry(" ", entry.ink, entry.text, entry.ground) for entry in (legend[0], legend[-1])][: len(legend)]
    edges = np.asarray(inks[1:], dtype=np.int32)
    drawn = MapColours(edges, np.asarray(colours, dtype=np.int32))
    return GroundDrawing(
        bands,
        texture,
        [],
        edges,
        tuple(levels),
        texts,
        drawn,
        tuple(legend),
        _marked(place, bands.undefined, marks),
        classes,
    )


def _range(values: Array) -> tuple[float, float]:
    known = values[~np.isnan(values)]
    return (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)


def _one(colour: int) -> Colours:
    return np.array([colour], dtype=np.int32)


def _grounds(colours: Colours, look: Look) -> Colours:
    """Colours as they are seen: the terminal's own is the theme's background."""
    return np.where(colours == DEFAULT, pack(look.theme.ui.background), colours).astype(np.int32)


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
    return readable_on(base, _grounds(grounds, look))


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
    chars = np.where(texture_cells(place.shape) & textured, _marked(place, undefined, marks), " ")
    return Layer(chars, _placed(inks, place, undefined))


def texture_cells(shape: tuple[int, ...]) -> Flags:
    """Return the cells (rows, columns) in which a class' character stands."""
    rows, columns = np.indices(shape)
    return np.asarray((columns + 3 * rows) % 6 == 1)


def _marked(place: NDArray[np.int64], undefined: NDArray[np.bool_], marks: Sequence[str]) -> Chars:
    glyphs = np.array([*marks, " "], dtype="<U1")
    return np.asarray(glyphs[np.where(undefined, len(marks), place)])


def _placed(colours: Colours, place: NDArray[np.int64], undefined: NDArray[np.bool_]) -> Colours:
    if not len(colours):
        return np.full(place.shape, DEFAULT, dtype=np.int32)
    return np.where(undefined, DEFAULT, colours[np.minimum(np.maximum(place, 0), len(colours) - 1)]).astype(np.int32)


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
