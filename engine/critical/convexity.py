"""Convexity over a box: proved, disproved with a witness, or undecided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

import numpy as np

from ..arrays import Array, Mask
from ..curvature.spectrum import eigenpairs
from ..surface.array import quiet
from .arithmetic import multiply, subtract
from .boxes import Boxes, bisected, boxes_of, middles, point_boxes, widths
from .budget import Clock
from .critical_point import CriticalPoint
from .expanded_hessian import definite_by_expansion
from .field import Field, Hessian, scaled_to_one
from .pace import Pace
from .portions import chunk_size

_SAMPLES = 19
_MOST_WITNESSES = 500
_MOST_BOXES = 20_000
_SMALLEST = 2.0**-14
_SHORT = 400


class ConvexityVerdict(Enum):
    """What is proved; each value is the word of the command line's contract."""

    STRICTLY_CONVEX = "strictly convex"
    CONVEX = "convex"
    NOT_CONVEX = "not convex"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Witness:
    """A point where the Hessian is proved to have a negative eigenvalue, and that eigenvalue."""

    point: tuple[float, ...]
    eigenvalue: float


@dataclass(frozen=True)
class Convexity:
    """The verdict over a box; the witness stands with "not convex" only."""

    verdict: ConvexityVerdict
    witness: Witness | None = None


def convexity(field: Field, points: Sequence[CriticalPoint], clock: Clock) -> Convexity:
    """Decide whether f is convex over the surface's box; saddles and maxima among ``points`` may serve as witness.

    "Strictly convex" is said where the Hessian is positive definite throughout, "convex" where it is
    positive semidefinite.
    """
    if field.dimension > 2:
        return Convexity(ConvexityVerdict.UNDECIDED)
    witness = _witness(field, points)
    if witness is not None:
        return Convexity(ConvexityVerdict.NOT_CONVEX, witness)
    constant = _of_constant_hessian(field)
    if constant is not None:
        return Convexity(constant)
    return _over_boxes(field, clock)


def _witness(field: Field, points: Sequence[CriticalPoint]) -> Witness | None:
    """Look at critical points and on a grid for the most negative eigenvalue, and prove its sign."""
    curved = sorted((each for each in points if each.eigenvalues[0] < 0.0), key=lambda each: each.eigenvalues[0])
    if curved:
        found = _proved_witness(field, np.array([each.point for each in curved[:_MOST_WITNESSES]]).T)
        if found is not None:
            return found
    view = boxes_of(field.surface.box)
    # A grid off the lines of symmetry, where eigenvalues like to be zero.
    axes = [-side[0, 0] + (side[0, 0] + side[1, 0]) * (np.arange(_SAMPLES) + 0.4843) / _SAMPLES for side in view]
    return _proved_witness(field, np.stack([axis.reshape(-1) for axis in np.meshgrid(*axes)]))


def _proved_witness(field: Field, places: Array) -> Witness | None:
    hessian = field.hessian(point_boxes(places))
    with quiet():
        negative = _has_negative(hessian)
    if not negative.any():
        return None
    _, _, matrices = field.floats(places)
    values, _ = eigenpairs(np.moveaxis(matrices, -1, 0))
    least = np.where(negative & np.isfinite(values[:, 0]) & (values[:, 0] < 0.0), values[:, 0], np.inf)
    k = int(np.argmin(least))
    return Witness(tuple(places[:, k].tolist()), float(least[k])) if np.isfinite(least[k]) else None


def _has_negative(hessian: Hessian) -> Mask:
    """Whether somewhere in each box (everywhere, that is) the Hessian is proved to have a negative eigenvalue."""
    negative = hessian.entries[0][0].sign < 0
    if len(hessian.entries) == 2:
        (a, b), (_, d) = scaled_to_one(hessian).entries
        determinant = subtract(multiply(a, d), multiply(b, b)).sign
        negative = negative | (d.sign < 0) | (determinant < 0)
    return hessian.smooth & negative


def _of_constant_hessian(field: Field) -> ConvexityVerdict | None:
    """The verdict from exact arithmetic where every second derivative is a known rational number."""
    model = field.surface.model
    tape, n = model.hessian, field.dimension
    first = len(tape.inputs)
    entries = [tape.constants[k - first] if first <= k < first + len(tape.constants) else None for k in tape.outputs]
    second = [each for each in entries[1 + n :] if isinstance(each, Fraction)]
    if len(second) < len(entries) - 1 - n:
        return None
    # abs and floor have a second derivative of 0 too, but for their kinks and jumps.
    if not field.hessian(boxes_of(field.surface.box)).smooth.all():
        return None
    if n == 1:
        minors = [second[0]]
        diagonal = minors
    else:
        a, b, d = second
        minors, diagonal = [a, a * d - b * b], [a, d, a * d - b * b]
    if all(minor > 0 for minor in minors):
        return ConvexityVerdict.STRICTLY_CONVEX
    return ConvexityVerdict.CONVEX if all(minor >= 0 for minor in diagonal) else None


def _over_boxes(field: Field, clock: Clock) -> Convexity:
    boxes = boxes_of(field.surface.box)
    sides = widths(boxes)
    strict, pace = True, Pace()
    while boxes.shape[2]:
        if clock.stop(boxes.shape[2]) or boxes.shape[2] > _MOST_BOXES:
            return Convexity(ConvexityVerdict.UNDECIDED)
        parts = []
        for begin in range(0, boxes.shape[2], chunk_size(field)):
            if begin and clock.stop():
                return Convexity(ConvexityVerdict.UNDECIDED)
            with quiet():
                parts.append(_judged(field, boxes[:, :, begin : begin + chunk_size(field)], pace))
        definite, semidefinite = (np.concatenate(masks) for masks in zip(*parts, strict=True))
        if np.any(semidefinite & ~definite):
            strict = False
        boxes = boxes[:, :, ~semidefinite]
        if not boxes.shape[2]:
            break
        found = _proved_witness(field, middles(boxes))
        if found is not None:
            return Convexity(ConvexityVerdict.NOT_CONVEX, found)
        share = widths(boxes) / sides
        if np.any(np.max(share, axis=0) < _SMALLEST):
            return Convexity(ConvexityVerdict.UNDECIDED)
        boxes = bisected(boxes, np.argmax(share, axis=0))
    return Convexity(ConvexityVerdict.STRICTLY_CONVEX if strict else ConvexityVerdict.CONVEX)


def _judged(field: Field, boxes: Boxes, pace: Pace) -> tuple[Mask, Mask]:
    """Whether f is proved to have a positive definite, and semidefinite, Hessian over each box."""
    definite, semidefinite = _positive(field.hessian(boxes))
    rest = np.flatnonzero(~semidefinite)
    # Few terms and rank one, as in (x + 2y)⁴: the entries vary much, but together.
    if field.dimension == 2 and len(rest) and field.length <= _SHORT and pace.due(len(rest)):
        expanded = definite_by_expansion(field, boxes[:, :, rest])
        pace.saw(len(rest), int(np.count_nonzero(expanded)))
        definite[rest] |= expanded
        semidefinite[rest] |= expanded
    return definite, semidefinite


def _positive(hessian: Hessian) -> tuple[Mask, Mask]:
    """Whether the Hessian is proved positive definite, and positive semidefinite, over each box."""
    first = hessian.entries[0][0]
    definite, semidefinite = first.sign > 0, first.bounds[0] <= 0.0
    if len(hessian.entries) == 2:
        (a, b), (_, d) = scaled_to_one(hessian).entries
        determinant = subtract(multiply(a, d), multiply(b, b))
        definite = definite & (determinant.sign > 0)
        semidefinite = semidefinite & (d.bounds[0] <= 0.0) & (determinant.bounds[0] <= 0.0)
    return hessian.smooth & definite, hessian.smooth & semidefinite
