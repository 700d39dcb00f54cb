"""Basins as a map's ground: a colour and a letter for each destination, marks for runs that have none."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from curvtui.engine.arrays import Mask
from curvtui.engine.descent.basins.picture import DIVERGED, LEFT, OTHERS, UNCONVERGED, UNDEFINED, Basins

from .bands import Bands
from .cells import DEFAULT, ColourDepth
from .critical_page import GLYPHS
from .ground import Ground
from .layer import Layer, LegendEntry
from .look import Look
from .numbers import point
from .palette import pack, pack_all
from .ramps import readable_on, tints
from .reduced import available, standing_out

STRENGTH = 0.45
"""How much of its colour a basin shows."""

_LATTICE = (11, 4)
"""Columns and rows between two letters of a basin where colours tell the basins apart."""

_DENSE = (2, 1)
"""The same where there are no colours."""

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def basins_ground(basins: Basins, columns: int, rows: int, look: Look) -> Ground:
    """Return the ground of a plot area of the basins' own view.

    Where it has not as many columns and rows as there were starts, a cell shows what the nearest start led to:
    the right ones are being searched, or another map beside this one is of another size.
    """
    labels, around = (_resized(part, columns, rows) for part in (basins.labels, basins.around))
    marks = _marks(look)
    count = len(basins.destinations)
    inks, grounds = _colours(count, look)
    which = np.clip(labels, 0, max(count - 1, 0))
    named = labels >= 0
    bg = np.full(labels.shape, DEFAULT, dtype=np.int32)
    if count:
        bg[named] = grounds[which[named]]
    chars, dense = np.full(labels.shape, " ", dtype="<U1"), np.full(labels.shape, " ", dtype="<U1")
    fg = np.full(labels.shape, pack(look.theme.map.hatch), dtype=np.int32)
    spaced = _lattice(labels.shape, _DENSE if look.depth is ColourDepth.NONE else _LATTICE)
    for code, glyph in marks.items():
        chars[(labels == code) & (spaced | (code != OTHERS))] = glyph
        dense[labels == code] = glyph
    if count:
        letters = np.array(list(LETTERS[:count]))
        here = named & spaced
        chars[here] = letters[which[here]]
        dense[named] = letters[which[named]]
        fg[named] = inks[which[named]]
    near = (labels == UNCONVERGED) & (around >= 0)
    if count and near.any():
        # Runs that stay around a destination without settling: its letter in lower case, on a fainter ground.
        beside = np.clip(around, 0, count - 1)
        fainter = _colours(count, look, 0.5 * STRENGTH)[1]
        bg[near] = fainter[beside[near]]
        chars[near] = " "
        here = near & spaced
        chars[here] = np.char.lower(letters[beside[here]])
        dense[near] = np.char.lower(letters[beside[near]])
        fg[near] = inks[beside[near]]
    entries = _entries(basins, inks, grounds, marks, look)
    return Ground(Bands(bg, labels == UNDEFINED), (Layer(chars, fg),), entries, marks=dense, inks=fg, classes=entries)


def _resized(cells: NDArray[np.int16], columns: int, rows: int) -> NDArray[np.int16]:
    """Return the nearest of ``cells`` (any rows, any columns) for each of ``rows`` x ``columns`` over the same view."""
    down, across = (
        ((np.arange(new) + 0.5) * old / new).astype(np.intp)
        for new, old in zip((rows, columns), cells.shape, strict=True)
    )
    return np.asarray(cells[down[:, None], across])


def _marks(look: Look) -> dict[int, str]:
    glyphs = look.glyphs
    return {
        UNCONVERGED: glyphs.unsettled,
        DIVERGED: glyphs.diverged,
        UNDEFINED: glyphs.hatch,
        LEFT: glyphs.left,
        OTHERS: glyphs.ellipsis,
    }


def _colours(count: int, look: Look, strength: float = STRENGTH) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The ink and the ground of each destination, packed."""
    runs = pack_all(look.theme.curves.runs)
    own = runs[np.arange(count) % len(runs)]
    if look.depth in (ColourDepth.NONE, ColourDepth.STANDARD):
        return own, np.full(count, DEFAULT, dtype=np.int32)
    # The palette repeats, but no shade does.
    background = look.theme.ui.background
    grounds = np.concatenate(
        [np.empty(0, np.int32)]
        + [
            tints(own[start : start + len(runs)], background, strength * 0.75 ** (start // len(runs)))
            for start in range(0, count, len(runs))
        ]
    ).astype(np.int32)
    palette = available(look.depth)
    if palette is not None:
        return standing_out(own, (grounds,), palette), grounds
    return readable_on(own, grounds), grounds


def _lattice(shape: tuple[int, ...], spacing: tuple[int, int]) -> Mask:
    rows, columns = np.indices(shape)
    across, down = spacing
    shifted = columns + (rows // down % 2) * (across // 2)
    return np.asarray((rows % down == down // 2) & (shifted % across == across // 2))


def _entries(
    basins: Basins,
    inks: NDArray[np.int32],
    grounds: NDArray[np.int32],
    marks: dict[int, str],
    look: Look,
) -> tuple[LegendEntry, ...]:
    glyphs = look.glyphs
    entries = []
    if not basins.complete:
        entries.append(LegendEntry(f"{basins.progress:.0%}", pack(look.theme.ui.accent), "searched"))
    count = len(basins.destinations)
    fainter = _colours(count, look, 0.5 * STRENGTH)[1]
    shares: list[tuple[float, LegendEntry]] = []
    for k, end in enumerate(basins.destinations):
        mark = getattr(glyphs, GLYPHS[end.kind.value]) if end.kind is not None else glyphs.bead
        where = f"{mark} {point(end.point, glyphs, 3)}"
        if end.share > 0 or end.around == 0:
            text = f"{where} {_percent(end.share)}"
            shares.append((end.share, LegendEntry(LETTERS[k], int(inks[k]), text, int(grounds[k]))))
        if end.around > 0:
            near = f"{where} stay near {_percent(end.around)}"
            shares.append((end.around, LegendEntry(LETTERS[k].lower(), int(inks[k]), near, int(fainter[k]))))
    muted = pack(look.theme.ui.muted)
    for share, code, words in (
        (basins.others, OTHERS, "elsewhere"),
        (basins.unconverged - sum(end.around for end in basins.destinations), UNCONVERGED, "not converged"),
        (basins.diverged, DIVERGED, "diverged"),
        (basins.left, LEFT, "left the domain"),
        (basins.undefined, UNDEFINED, "undefined"),
    ):
        if share > 1e-9:
            shares.append((share, LegendEntry(marks[code], muted, f"{words} {_percent(share)}")))
    # The greatest first: where there is no room for all, those that are left out are the smallest.
    entries += [entry for _, entry in sorted(shares, key=lambda one: -one[0])]
    return tuple(entries)


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.01 or share == 0 else "<1%"
