"""Boxes in portions: neighbourhoods that are searched one after the other, chunks that fit a processor's cache."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..arrays import Array
from .boxes import Boxes, bisected, middles, widths
from .field import Field

CHEAP = 128
"""So few boxes take no longer than one."""

MOST_AT_ONCE = 4096
"""Boxes that are worked on at once: their registers stay in the processor's cache."""
_WORK_AT_ONCE = 1_500_000
_PATIENT = 3.0
_LEAST_PATIENT = 0.5
_MOST_PATIENT = 4.0


def tiles(boxes: Boxes, middle: Array, view: Array, most: int) -> list[Boxes]:
    """Divide boxes into neighbourhoods, the last, of at most ``most`` boxes, about the view's middle.

    What is searched first is then done with, and is where most formulas have most to show.
    """
    found: list[Boxes] = []
    while boxes.shape[2] > most:
        places = (middles(boxes) - middle[:, np.newaxis]) / view[:, np.newaxis]
        across = places[int(np.argmax(np.ptp(places, axis=1)))]
        half = len(across) // 2
        order = np.argpartition(across, half)
        parts = [order[:half], order[half:]]
        if abs(np.mean(across[parts[0]])) < abs(np.mean(across[parts[1]])):
            parts.reverse()
        found.append(boxes[:, :, parts[0]])
        boxes = boxes[:, :, parts[1]]
    return [*found, boxes]


def cut(boxes: Boxes, view: Array) -> Boxes:
    """Cut boxes along their longest sides; few boxes into more parts, since then a box costs next to nothing."""
    while True:
        shares = widths(boxes) / view[:, np.newaxis]
        boxes = bisected(boxes, np.argmax(shares, axis=0))
        if boxes.shape[2] > CHEAP:
            return boxes


def chunk_size(surface: Field, seconds: float = 0.0) -> int:
    """Return how many boxes are worked on at once: fewer with a long formula, so that a stop is soon noticed.

    With more ``seconds`` of time a stop may be noticed later, and more boxes at once cost less each.
    """
    patience = min(max(seconds / _PATIENT, _LEAST_PATIENT), _MOST_PATIENT)
    return max(128, min(MOST_AT_ONCE, int(patience * _WORK_AT_ONCE) // surface.length))


def chunks(boxes: Boxes, size: int) -> Iterator[Boxes]:
    """Yield boxes, ``size`` at a time."""
    for start in range(0, boxes.shape[2], size):
        yield boxes[:, :, start : start + size]
