"""The critical points of f(x, y) = g(x) + h(y): every pair of one of g and one of h, proved by theirs.

∇f = (g', h') vanishes where both do, so a complete list for each of the two gives a complete list for f. Around a
pair f rises or falls along x as g does and along y as h does, whatever the order of the first terms that do not
vanish; the index is the product of both (that of a minimum is +1, of a maximum −1, of an inflection 0).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from ..arrays import Array
from ..curvature.spectrum import eigenpairs
from .boxes import Boxes, boxes_of
from .critical_point import CriticalPoint, Kind, condition_numbers
from .exact import ExactPoint, critical_value, written_out
from .field import Field
from .germ import Germ
from .germ_words import by_sum, kind_of_extremum
from .jet import StoppedError
from .leftovers import MOST_REGIONS, ORDER, Region
from .roots import Roots
from .search import Reason

_REGULAR = {Kind.MINIMUM: 0, Kind.MAXIMUM: 1}
_KINDS = (*_REGULAR, Kind.DEGENERATE_MINIMUM, Kind.DEGENERATE_MAXIMUM, Kind.INFLECTION)


def is_usable(points: Sequence[CriticalPoint], unresolved: Sequence[Region]) -> bool:
    """Whether all of a function of one variable's critical points are proved, or in a region that time was enough for.

    A point that is not proved is in such a region as well.
    """
    if any(region.reason is Reason.BUDGET for region in unresolved):
        return False
    sides = [region.box[0] for region in unresolved]
    return all(
        any(low <= end <= high for low, high in sides)
        for each in points
        if not _is_proved(each)
        for end in each.enclosure[0]
    )


def proved(points: Sequence[CriticalPoint]) -> list[CriticalPoint]:
    """Return the points that are proved, as to place and kind."""
    return [each for each in points if _is_proved(each)]


def _is_proved(point: CriticalPoint) -> bool:
    return point.certified and point.index is not None and point.kind in _KINDS


def open_pairs(
    first: Sequence[CriticalPoint],
    first_open: Sequence[Region],
    second: Sequence[CriticalPoint],
    second_open: Sequence[Region],
) -> list[Region] | None:
    """Return the regions where one part is unresolved and the other so too, or critical; None if they are very many."""
    sides, others = (
        [*((region.box[0], region.reason) for region in regions), *((each.enclosure[0], None) for each in points)]
        for points, regions in ((first, first_open), (second, second_open))
    )
    if len(sides) * len(others) - len(first) * len(second) > MOST_REGIONS:
        return None
    found = []
    for side, reason in sides:
        for other, its_reason in others:
            reasons = [each for each in (reason, its_reason) if each is not None]
            if reasons:
                found.append(Region((side, other), min(reasons, key=ORDER.index)))
    # A point that is proved may lie in a region that is not resolved.
    return list(dict.fromkeys(found))


def products(first: Boxes, second: Boxes) -> Boxes:
    """Return all products of intervals (1, 2, M) and (1, 2, N) as boxes (2, 2, M·N)."""
    wide, long = second.shape[2], first.shape[2]
    return np.concatenate([np.repeat(first, wide, axis=2), np.tile(second, (1, 1, long))])


def regular_pairs(first: Sequence[CriticalPoint], second: Sequence[CriticalPoint]) -> Roots:
    """Return the pairs at which f's Hessian is regular."""
    g, h = ([each for each in points if each.kind in _REGULAR] for points in (first, second))
    if not g or not h:
        return Roots(np.empty((2, 2, 0)), np.empty((2, 0)), np.zeros(0, dtype=np.int64))
    sides = [np.repeat(_sides(g), len(h), axis=1), np.tile(_sides(h), (1, len(g)))]
    points = np.stack(
        [np.repeat([each.point[0] for each in g], len(h)), np.tile([each.point[0] for each in h], len(g))]
    )
    negative = np.add.outer([_REGULAR[each.kind] for each in g], [_REGULAR[each.kind] for each in h]).reshape(-1)
    return Roots(np.stack(sides), points, negative.astype(np.int64))


def _sides(points: Sequence[CriticalPoint]) -> Array:
    sides: Array = boxes_of(*[each.enclosure for each in points])[0]
    return sides


def degenerate_pairs(
    field: Field, first: Sequence[CriticalPoint], second: Sequence[CriticalPoint], stop: Callable[[], bool]
) -> list[CriticalPoint]:
    """Return the other pairs, each with what decided its parts; those that time did not reach have no exact value."""
    pairs = [(a, b) for a in first for b in second if not (a.kind in _REGULAR and b.kind in _REGULAR)]
    if not pairs:
        return []
    places = np.array([(a.point[0], b.point[0]) for a, b in pairs]).T
    values, slopes, hessians = field.floats(places)
    eigenvalues, eigenvectors = eigenpairs(np.moveaxis(hessians, -1, 0))
    conditions = condition_numbers(eigenvalues)
    result = []
    for k, (a, b) in enumerate(pairs):
        germ = _germ(a, b, field.surface.variables)
        result.append(
            CriticalPoint(
                point=(a.point[0], b.point[0]),
                value=float(values[k]),
                kind=Kind(germ.kind),
                eigenvalues=tuple(eigenvalues[k].tolist()),
                eigenvectors=tuple(map(tuple, eigenvectors[k].tolist())),
                condition_number=float(conditions[k]),
                index=germ.index,
                certified=True,
                enclosure=(*a.enclosure, *b.enclosure),
                gradient_norm=float(np.hypot(*slopes[:, k])),
                decided_by=germ,
                exact=_exact(field, a, b, stop),
            )
        )
    return result


def _germ(a: CriticalPoint, b: CriticalPoint, variables: Sequence[str]) -> Germ:
    """What decides at a pair of which one part at least is degenerate."""
    indices = (a.index or 0, b.index or 0)
    index = math.prod(indices)
    kind = "degenerate saddle" if index < 1 else kind_of_extremum(indices[0], True)
    kernel = tuple(axis for part, axis in ((a, (1.0, 0.0)), (b, (0.0, 1.0))) if part.kind not in _REGULAR)
    orders = [2 if part.decided_by is None else part.decided_by.order or 2 for part in (a, b)]
    leading = ["" if part.decided_by is None else part.decided_by.leading for part in (a, b)]
    sentence = by_sum(kind, variables, orders, indices, leading)
    return Germ(kind, True, index, 1 - index, True, max(orders), kernel, "", sentence)


def _exact(field: Field, a: CriticalPoint, b: CriticalPoint, stop: Callable[[], bool]) -> ExactPoint | None:
    if a.exact is None or b.exact is None:
        return None
    coordinates = (*a.exact.coordinates, *b.exact.coordinates)
    try:
        value = None if stop() else critical_value(field.surface, coordinates, stop)
    except StoppedError:
        value = None
    return written_out(coordinates, None if value is None else value[0])
