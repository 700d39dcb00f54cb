"""Certified boxes to critical points: polished, recognised where two boxes hold the same one, kinds proved."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ..arrays import Array, Mask
from ..surface.array import quiet
from .arithmetic import multiply, subtract
from .boxes import Boxes, meeting, middles, within
from .field import Field, scaled_to_one
from .neighbours import apart
from .newton import inverses, polished

_DIGITS = 10
_FIRST = 256
_WORK_AT_ONCE = 200_000
_MOST_AT_ONCE = 4096


class Roots(NamedTuple):
    """K distinct critical points at which the Hessian is proved regular.

    ``enclosures`` (n, 2, K) hold one each, a few ulp wide; ``points`` (n, K) are points in
    them; ``inertia`` (K,) is the proved number of negative eigenvalues, -1 where it could not be proved.
    """

    enclosures: Boxes
    points: Array
    inertia: Array

    def chosen(self, where: Mask) -> Roots:
        """Return those of them in ``where`` (K,)."""
        return Roots(self.enclosures[:, :, where], self.points[:, where], self.inertia[where])


class Distinct(NamedTuple):
    """The critical points that were found, and boxes of which that can't be said.

    ``unclear`` (n, 2, M) could be told neither apart nor to be one (never met in practice), for ``late`` the
    time was too short.
    """

    roots: Roots
    unclear: Boxes
    late: Boxes


def distinct_roots(field: Field, boxes: Boxes, roots: Boxes, stop: Callable[[], bool] | None = None) -> Distinct:
    """Drop those of ``roots`` (n, 2, K), each the only one in its box of ``boxes``, that were found twice.

    ``stop`` is polled; a few of them are looked at in any case.
    """
    count = roots.shape[2]
    most = max(_FIRST, min(_MOST_AT_ONCE, _WORK_AT_ONCE // field.length))
    parts = [Roots(roots[:, :, :0], roots[:, 0, :0], np.zeros(0, dtype=np.int64))]
    done, size = 0, _FIRST
    while done < count and (not done or stop is None or not stop()):
        enclosures = polished(field, roots[:, :, done : done + size])
        parts.append(Roots(enclosures, representatives(field, enclosures), inertia(field, enclosures)))
        done += size
        size = min(2 * size, most)
    found = Roots(*(np.concatenate(each, axis=-1) for each in zip(*parts, strict=True)))
    keep, doubtful = _told_apart(found.enclosures, boxes[:, :, :done], stop)
    return Distinct(found.chosen(keep), found.enclosures[:, :, doubtful], roots[:, :, done:])


def _told_apart(enclosures: Boxes, boxes: Boxes, stop: Callable[[], bool] | None) -> tuple[Mask, Mask]:
    """Tell which enclosures hold a critical point that no earlier one holds, and which perhaps do."""
    labels = apart(enclosures)
    keep = np.ones(len(labels), dtype=np.bool_)
    doubtful = np.zeros(len(labels), dtype=np.bool_)
    sizes = np.bincount(labels) if len(labels) else np.zeros(0, dtype=np.int64)
    places = np.flatnonzero(sizes[labels] > 1) if len(labels) else np.zeros(0, dtype=np.int64)
    order = places[np.argsort(labels[places], kind="stable")]
    for shift in range(1, int(np.max(sizes, initial=1))):
        first, second = order[:-shift], order[shift:]
        near = labels[first] == labels[second]
        if stop is not None and shift > 8 and stop():
            doubtful[second[near]] = True
            break
        first, second = first[near], second[near]
        touching = meeting(enclosures[:, :, first], enclosures[:, :, second]) & keep[first] & keep[second]
        first, second = first[touching], second[touching]
        same = within(enclosures[:, :, first], boxes[:, :, second])
        same |= within(enclosures[:, :, second], boxes[:, :, first])
        keep[second[same]] = False
        doubtful[second[~same]] = True
    return keep & ~doubtful, keep & doubtful


def representatives(field: Field, enclosures: Boxes) -> Array:
    """Return one point in each box, (n, K): a decimal of up to ten digits if there is one, else by Newton."""
    low, high, middle = -enclosures[:, 0], enclosures[:, 1], middles(enclosures)
    if not middle.size:
        return middle
    _, slopes, hessian = field.floats(middle)
    with quiet():
        refined = middle - np.einsum("ijk,jk->ik", inverses(hessian), slopes)
        result = np.where((refined >= low) & (refined <= high), refined, middle)
        unit = 10.0 ** (_DIGITS - 1 - np.floor(np.log10(np.abs(middle))))
        rounded = np.round(middle * unit) / unit
        result = np.where((rounded >= low) & (rounded <= high), rounded, result)
    return np.where((low <= 0.0) & (high >= 0.0), 0.0, result)


def inertia(field: Field, enclosures: Boxes) -> Array:
    """Return the proved number of negative eigenvalues over each box, -1 where the signs are not proved.

    From the leading minors, after each variable is scaled by a power of two.
    """
    count = enclosures.shape[2]
    if not count:
        return np.zeros(0, dtype=np.int64)
    hessian = field.hessian(enclosures)
    with quiet():
        if field.dimension == 1:
            sign = hessian.entries[0][0].sign
            return np.where(sign == 0, -1, (sign < 0).astype(np.int64))
        (a, b), (_, d) = scaled_to_one(hessian).entries
        determinant = subtract(multiply(a, d), multiply(b, b)).sign
        diagonal = np.where(a.sign != 0, a.sign, d.sign)
    definite = np.where(diagonal > 0, 0, np.where(diagonal < 0, 2, -1))
    proved = np.where(determinant < 0, 1, np.where(determinant > 0, definite, -1))
    return np.where(hessian.smooth, proved, -1)
