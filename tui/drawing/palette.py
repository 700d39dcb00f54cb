"""Packed colours, OKLab, and the fixed palettes of terminals with fewer colours."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Colours: TypeAlias = NDArray[np.int32]
Lab: TypeAlias = NDArray[np.float64]

# Björn Ottosson, "A perceptual color space for image processing" (2020): linear sRGB to cone response, then
# to Lab.
_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
# What eight bits a channel may cost a dark colour.
_LIGHTNESS_ROUNDING = 0.004
_FROM_LMS = np.linalg.inv(_TO_LMS)
_FROM_LAB = np.linalg.inv(_TO_LAB)


def pack(colour: str) -> int:
    """Return `#rrggbb` as 0xRRGGBB; raise ValueError for any other text."""
    if len(colour) != 7 or not colour.startswith("#"):
        raise ValueError(f"a colour is written #rrggbb; {colour!r} was given")
    return int(colour[1:], 16)


def pack_all(colours: Sequence[str]) -> Colours:
    """Return `#rrggbb` texts as an array of packed colours."""
    return np.array([pack(colour) for colour in colours], dtype=np.int32)


def to_oklab(packed: ArrayLike) -> Lab:
    """Return packed colours of any shape as OKLab, lightness (0 to 1) first, in a last axis of three."""
    packed = np.asarray(packed, dtype=np.int64)
    srgb = np.stack([packed >> 16 & 255, packed >> 8 & 255, packed & 255], axis=-1) / 255.0
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    return np.asarray(np.cbrt(linear @ _TO_LMS.T) @ _TO_LAB.T)


def from_oklab(lab: Lab) -> Colours:
    """Return OKLab colours (…, 3) as packed ones, clipped to what sRGB can show."""
    linear = np.clip((lab @ _FROM_LAB.T) ** 3 @ _FROM_LMS.T, 0.0, 1.0)
    srgb = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    levels = np.rint(srgb * 255).astype(np.int32)
    return np.asarray(levels[..., 0] << 16 | levels[..., 1] << 8 | levels[..., 2], dtype=np.int32)


def with_lightness(lab: Lab) -> Colours:
    """Return OKLab colours (…, 3) as packed ones of that lightness, less colourful where sRGB ends.

    Clipping alone makes such colours lighter or darker than asked, which would spoil the rise of a ramp.
    """
    packed = from_oklab(lab * [1.0, 0.0, 0.0])
    for kept in (0.2, 0.4, 0.6, 0.8, 1.0):
        less = from_oklab(lab * [1.0, kept, kept])
        packed = np.where(np.abs(lightness(less) - lab[..., 0]) < _LIGHTNESS_ROUNDING, less, packed)
    return np.asarray(packed, dtype=np.int32)


def lightness(packed: ArrayLike) -> NDArray[np.float64]:
    """Return the OKLab lightness, 0 (black) to 1 (white), of packed colours."""
    return np.asarray(to_oklab(packed)[..., 0])


def _xterm() -> Colours:
    """Return entries 16 to 255 of xterm's palette: a 6x6x6 cube, then 24 greys."""
    steps = (0, 95, 135, 175, 215, 255)
    cube = [r << 16 | g << 8 | b for r in steps for g in steps for b in steps]
    return np.array(cube + [0x010101 * (8 + 10 * k) for k in range(24)], dtype=np.int32)


_XTERM = _xterm()
_XTERM_LAB = to_oklab(_XTERM)
# xterm's defaults: terminals differ, but the order and the rough places are common to all.
_STANDARD = (
    0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
    0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
)  # fmt: skip
_STANDARD_LAB = to_oklab(_STANDARD)

STANDARD_TEXT = (
    "#000000", "#bb0000", "#00bb00", "#aaa800", "#0000cc", "#bb00bb", "#00bbbb", "#c7c7c7",
    "#6a6a6a", "#ff2a2a", "#2aff2a", "#ffff2a", "#5858ff", "#ff2aff", "#2affff", "#ffffff",
)  # fmt: skip
"""Each standard colour as one that both our own reduction and Rich's take for it.

Textual turns the numbers of standard colours into colours of its own, which then are reduced to other numbers.
"""


def xterm_colours() -> Colours:
    """Return the 240 fixed colours of a terminal with 256, packed."""
    return _XTERM.copy()


def standard_colours() -> Colours:
    """Return the 16 standard colours, packed, as xterm shows them."""
    return np.array(_STANDARD, dtype=np.int32)


@lru_cache(maxsize=4096)
def nearest_8bit(packed: int) -> int:
    """Return the number (16 to 255) of the closest of the 240 fixed xterm colours, by distance in OKLab."""
    return 16 + int(np.argmin(np.sum((_XTERM_LAB - to_oklab(packed)) ** 2, axis=-1)))


@lru_cache(maxsize=4096)
def nearest_standard(packed: int) -> int:
    """Return the number (0 to 15) of the closest standard colour, by distance in OKLab."""
    return int(np.argmin(np.sum((_STANDARD_LAB - to_oklab(packed)) ** 2, axis=-1)))
