"""Colour ramps that rise evenly in lightness, and their dark tints behind lines and markers."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from .cells import DEFAULT
from .palette import Colours, from_oklab, lightness, pack, pack_all, to_oklab, with_lightness


def ramp_colours(stops: Sequence[str], count: int) -> Colours:
    """Return `count` packed colours, evenly spaced along a ramp of `#rrggbb` stops, interpolated in OKLab.

    One colour is the middle of the ramp. Raises ValueError if there is no stop.
    """
    if not stops:
        raise ValueError("a colour ramp needs at least one colour")
    lab = to_oklab(pack_all(stops))
    places = np.linspace(0.0, len(stops) - 1.0, count) if count != 1 else np.array([(len(stops) - 1) / 2])
    channels = [np.interp(places, np.arange(len(stops)), lab[:, channel]) for channel in range(3)]
    return from_oklab(np.stack(channels, axis=-1))


def lightness_rises(stops: Sequence[str]) -> bool:
    """Return whether each colour is lighter than the one before, so that the ramp still reads in grey."""
    return bool(np.all(np.diff(lightness(pack_all(stops))) > 0))


def tints(colours: Colours, background: str, strength: float) -> Colours:
    """Return colours mixed into a background: strength 0 gives the background, 1 the colours themselves.

    Chroma is kept longer than lightness, so that a dark tint is still told apart by hue.
    """
    ground = to_oklab(pack(background))
    weights = np.array([strength, strength**0.65, strength**0.65])
    return with_lightness(ground + weights * (to_oklab(colours) - ground))


def seen_on(ink: int, grounds: Colours, background: str, apart: float = 0.22) -> Colours:
    """Return a packed colour as it can be seen on each of many grounds (any shape), `DEFAULT` being the background.

    Its hue stays, so that it is known again; its lightness moves only where it differs from the ground's by less
    than ``apart``: as much as thin lines of dots need to be seen.
    """
    distinct, which = np.unique(grounds, return_inverse=True)
    seen = [
        _seen_on(ink, int(ground) if ground != DEFAULT else pack(background), apart) for ground in distinct.tolist()
    ]
    return np.asarray(np.array(seen, dtype=np.int32)[which].reshape(grounds.shape))


@lru_cache(maxsize=8192)
def _seen_on(ink: int, ground: int, apart: float) -> int:
    pair = np.array([[ink], [ground]], dtype=np.int32)
    return int(readable_on(pair[0], pair[1], apart)[0])


def readable_on(colours: Colours, grounds: Colours, difference: float = 0.24) -> Colours:
    """Return colours moved away in lightness from the grounds they lie on, until they differ by `difference`.

    Both are arrays of packed colours of one shape. The move goes the way that a colour already differs, and
    hue is kept.
    """
    lab, below = to_oklab(colours), lightness(grounds)
    gap = lab[..., 0] - below
    direction = np.where(gap >= 0, 1.0, -1.0)
    room = np.where(direction > 0, 1.0 - below, below)
    # Next to black or white there is no going further, and the little there is cannot hold a hue.
    direction = np.where(room < 1.5 * difference, -direction, direction)
    gap = np.where(room < 1.5 * difference, 0.0, gap)
    wanted = np.where(np.abs(gap) < difference, below + direction * difference, lab[..., 0])
    lab[..., 0] = np.clip(wanted, 0.0, 1.0)
    return with_lightness(lab)
