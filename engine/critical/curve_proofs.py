"""Regions that look like curves of critical points: which of them are proved to hold one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from ..surface.array import quiet
from ..surface.tape import Tape
from .boxes import boxes_of, inflated, point_boxes, widths, within
from .closed_value import to_float
from .field import Field
from .found import Reason
from .interval import IntervalTape
from .intervals import INTERVAL_OPERATIONS
from .leftovers import Region
from .level_line import CriticalCurve, critical_curve
from .valley import valley_points

_TRIALS = 24
_GRID = 10
"""Nodes an axis; an even number, so that a line through the middle of a region is between two."""

_REACH = 1e-9
_WIDE_REACH = 1e-5
"""Where f is flat to a high order across the curve, Newton's method comes no nearer to it, as part of the view."""


def with_proofs(field: Field, regions: Sequence[Region], stop: Callable[[], bool]) -> list[Region]:
    """Mark the regions through which a curve u = a passes on which the gradient is proved to vanish.

    Two variables. u is a part of the formula; see :func:`_passes` for how its line is proved to be there. ``stop`` is
    polled.
    """
    result = list(regions)
    curves: list[CriticalCurve] = []
    open_ = [k for k, region in enumerate(result) if region.reason is Reason.CURVE and not region.proved]
    if field.dimension != 2 or not open_:
        return result
    sides = widths(boxes_of(field.surface.box))
    spots = valley_points(field, boxes_of(*[result[k].box for k in open_]), sides[:, 0], stop)
    trials = 0
    for spot, k in enumerate(open_):
        if stop():
            break
        if any(_passes(field, result[k], curve) for curve in curves):
            result[k] = result[k]._replace(proved=True)
            continue
        trials += 1
        if trials > _TRIALS or not spots.found[spot]:
            continue
        place = spots.points[:, spot : spot + 1]
        reach = np.maximum(_REACH * sides, 1e-3 * widths(boxes_of(result[k].box)))
        if not within(point_boxes(place), inflated(boxes_of(result[k].box), reach))[0]:
            continue
        for radius in (None, _WIDE_REACH * float(np.min(sides))):
            curve = critical_curve(field.surface, tuple(place[:, 0].tolist()), radius, stop)
            if curve is not None:
                curves.append(curve)
                result[k] = result[k]._replace(proved=_passes(field, result[k], curve))
                break
    return result


def _passes(field: Field, region: Region, curve: CriticalCurve) -> bool:
    """Whether the curve crosses one of a few short lines in a region on which f is proved smooth.

    So is u, a part of f, on such a line: being continuous and on either side of its level at the ends, both proved
    by intervals, it has that level between them. A pole changes sign as well, and is none.
    """
    tape = field.surface.model.value
    part = Tape(tape.inputs, tape.constants, tape.instructions, (curve.register,))
    x, y = (np.linspace(low, high, _GRID) for low, high in region.box)
    nodes = [[(a, b) for b in y] for a in x]
    pairs = [pair for row in [*nodes, *zip(*nodes, strict=True)] for pair in pairwise(row)]
    ends = [point_boxes(np.array([pair[k] for pair in pairs]).T) for k in (0, 1)]
    lines = boxes_of(*[tuple((min(c), max(c)) for c in zip(*pair, strict=True)) for pair in pairs])
    evaluate = IntervalTape(part, field.parameters, INTERVAL_OPERATIONS)
    with quiet():
        one, other = (evaluate(end)[0] for end in ends)
    level = to_float(curve.level)
    below, above = np.nextafter(level, -np.inf), np.nextafter(level, np.inf)
    crosses = ((one.high < below) & (other.low > above)) | ((other.high < below) & (one.low > above))
    return bool(np.any(crosses & field.gradient(lines).smooth))
