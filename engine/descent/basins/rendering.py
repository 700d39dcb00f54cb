"""From starts, their runs' ends and the targets to one picture."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ...arrays import Array
from ...critical.critical_point import CriticalPoint, Kind
from ...curvature.report import report_at
from ...curvature.second_derivative_test import Verdict
from .cloud import Ledger
from .destinations import Ends, Target, find
from .fates import Fate, Yardstick
from .picture import DIVERGED, LEFT, OTHERS, UNCONVERGED, UNDEFINED, UNKNOWN, Basins, Destination

Number = TypeVar("Number", bound=np.generic)

_CODES = {
    Fate.WAITING: UNKNOWN,
    Fate.RUNNING: UNCONVERGED,
    Fate.SETTLED: UNCONVERGED,
    Fate.SETTLED_FLAT: UNCONVERGED,
    Fate.STALLED: UNCONVERGED,
    Fate.DIVERGED: DIVERGED,
    Fate.LEFT: LEFT,
    Fate.UNDEFINED: UNDEFINED,
}
"""Labels of starts without a target: that a run stalled where no other one did is no destination."""
_KINDS = {
    Verdict.MINIMUM: Kind.MINIMUM,
    Verdict.MAXIMUM: Kind.MAXIMUM,
    Verdict.SADDLE: Kind.SADDLE,
    Verdict.DEGENERATE: Kind.DEGENERATE,
}


def picture(
    ledger: Ledger,
    yardstick: Yardstick,
    axes: tuple[Array, ...],
    owners: NDArray[np.intp],
    points: Sequence[CriticalPoint],
    listed: int,
    budget: int,
    progress: float,
) -> Basins:
    """Return the picture of what a ledger knows; ``owners`` ``(rows, columns)`` are the starts that cells show."""
    ends = find(ledger, yardstick, points)
    known = ledger.fates != Fate.WAITING
    total = max(1, int(known.sum()))
    count = len(ends.targets)
    shares = np.bincount(ends.settled[ends.settled >= 0], minlength=count) / total
    around = np.bincount(ends.around[ends.around >= 0], minlength=count) / total
    order = _listed(yardstick, ends, shares, around, listed)
    place = np.full(count + 1, OTHERS, dtype=np.int16)
    place[order] = np.arange(len(order))
    codes = np.array([_CODES[fate] for fate in Fate], dtype=np.int16)
    labels = np.where(ends.settled >= 0, place[ends.settled], codes[ledger.fates])
    near = np.where(ends.around >= 0, place[ends.around], -1)
    shown = owners.ravel() >= 0
    source = np.where(shown, owners.ravel(), 0)

    def part(code: int) -> float:
        return float(np.count_nonzero(labels[known] == code)) / total

    return Basins(
        labels=_frozen(np.where(shown, labels[source], UNKNOWN).astype(np.int16).reshape(owners.shape)),
        around=_frozen(np.where(shown, near[source], -1).astype(np.int16).reshape(owners.shape)),
        steps=_frozen(np.where(shown, ledger.steps[source], 0).reshape(owners.shape)),
        known=_frozen(known.reshape(owners.shape)),
        starts=axes,
        destinations=tuple(
            _destination(yardstick, ends.targets[each], points, float(shares[each]), float(around[each]))
            for each in order
        ),
        unconverged=part(UNCONVERGED),
        diverged=part(DIVERGED),
        undefined=part(UNDEFINED),
        left=part(LEFT),
        others=part(OTHERS),
        others_count=count - len(order),
        budget=budget,
        progress=progress,
        complete=progress >= 1.0,
    )


def _listed(yardstick: Yardstick, ends: Ends, shares: Array, around: Array, most: int) -> list[int]:
    """The targets that are named, lowest first; the larger ones where there are too many."""
    if not ends.targets:
        return []
    points = np.array([each.point for each in ends.targets])
    with np.errstate(all="ignore"):
        values = yardstick.surface.value(points)
    # What the accuracy of ends may do to values: they are equal to the eye of the view.
    height = _ranks(values, 1e-10 * yardstick.scale.curvature * yardstick.extent**2)
    coordinates = [points[:, k].tolist() for k in reversed(range(points.shape[1]))]
    lowest = np.lexsort([*coordinates, height])
    if len(lowest) > most:
        # Nearly equal shares are equal, or the choice would change from picture to picture.
        size = np.round(np.log2(shares + around))
        lowest = lowest[np.argsort(-size[lowest], kind="stable")][:most]
        lowest = lowest[np.lexsort([*(np.array(c)[lowest] for c in coordinates), height[lowest]])]
    result: list[int] = lowest.tolist()
    return result


def _ranks(values: Array, step: float) -> Array:
    """The ranks of values, the same for those that lie within ``step`` of the next lower one."""
    order = np.argsort(values)
    with np.errstate(all="ignore"):
        rises = np.concatenate(([False], ~(np.diff(values[order]) <= step)))
    ranks = np.empty(len(values))
    ranks[order] = np.cumsum(rises)
    return ranks


def _destination(
    yardstick: Yardstick, target: Target, points: Sequence[CriticalPoint], share: float, around: float
) -> Destination:
    if target.number is not None:
        known = points[target.number]
        return Destination(known.point, known.value, known.kind, share, around, False, target.number)
    value = float(yardstick.surface.value_at(target.point))
    verdict = report_at(yardstick.surface, target.point).verdict
    return Destination(target.point, value, _KINDS.get(verdict), share, around, target.curve, None)


def _frozen(array: NDArray[Number]) -> NDArray[Number]:
    array.setflags(write=False)
    return array
