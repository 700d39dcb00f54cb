"""Certified boxes to critical points: polished, recognised where two boxes hold the same one, kinds proved."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import Array
from ..surface.array import quiet
from .arithmetic import multiply, subtract
from .boxes import Boxes, middles, within
from .field import Field, scaled_to_one
from .newton import inverses, polished

_DIGITS = 10


class Roots(NamedTuple):
    """K distinct critical points at which the Hessian is proved regular.

    ``enclosures`` (n, 2, K) hold one each, a few ulp wide; ``points`` (n, K) are points in
    them; ``inertia`` (K,) is the proved number of negative eigenvalues, -1 where it could not be proved.
    """

    enclosures: Boxes
    points: Array
    inertia: Array


def distinct_roots(field: Field, boxes: Boxes, roots: Boxes) -> tuple[Roots, Boxes]:
    """Drop those of ``roots`` (n, 2, K), each the only one in its box of ``boxes``, that were found twice.

    The second result are enclosures that could be told neither apart nor to be one (never met in practice).
    """
    enclosures = polished(field, roots)
    order = np.lexsort(middles(enclosures)[::-1])
    enclosures, boxes = enclosures[:, :, order], boxes[:, :, order]
    keep = np.ones(len(order), dtype=np.bool_)
    doubtful = np.zeros(len(order), dtype=np.bool_)
    for shift in range(1, len(order)):
        first, second = enclosures[:, :, :-shift], enclosures[:, :, shift:]
        sums = np.minimum(first, second).sum(axis=1)
        if not np.any(sums[0] >= 0.0):
            break
        touching = np.all(sums >= 0.0, axis=0) & keep[:-shift] & keep[shift:]
        if touching.any():
            same = within(first, boxes[:, :, shift:]) | within(second, boxes[:, :, :-shift])
            keep[shift:] &= ~(touching & same)
            doubtful[shift:] |= touching & ~same
    doubtful &= keep
    keep &= ~doubtful
    enclosures, unclear = enclosures[:, :, keep], enclosures[:, :, doubtful]
    return Roots(enclosures, representatives(field, enclosures), inertia(field, enclosures)), unclear


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
