"""What an analysis of a box proves, in sentences: completeness, reasons, second-order conditions, convexity."""

from __future__ import annotations

from collections.abc import Sequence

from curvtui.engine.critical.analysis import Analysis, Completeness, Verdict
from curvtui.engine.critical.convexity import ConvexityVerdict
from curvtui.engine.critical.critical_point import CriticalPoint, Kind
from curvtui.engine.critical.leftovers import Region
from curvtui.engine.critical.search import Reason

_FEW = 6
"""Indices of so many points are added one by one."""

REASONS = {
    Reason.DEGENERATE: "may hold degenerate critical points; existence, number or kind is not decided",
    Reason.CURVE: "looks like a whole curve of critical points, or parts of one; that is not proved",
    Reason.NON_SMOOTH: "f has a kink or a jump here, where the gradient proves nothing",
    Reason.UNDEFINED: "f is not defined on a part of it, or has a pole",
    Reason.BOUNDARY: "a critical point so close to the box's border that its side is not proved",
    Reason.BUDGET: "not searched to the end: the budget was reached",
}
"""Why a region is unresolved, in words."""

_FLAT = "f is constant here, or so flat that floats do not tell"
_CONSTANT = "f is constant here, proved"
_PROVED_CURVE = "holds a whole curve of critical points, or parts of one, proved"


def region_sentence(region: Region) -> str:
    """Return why a region is unresolved; of a curve of critical points it is said whether it is proved."""
    if region.reason is not Reason.CURVE:
        return REASONS[region.reason]
    if len(region.box) == 1:
        return _CONSTANT if region.proved else _FLAT
    return _PROVED_CURVE if region.proved else REASONS[region.reason]


_CONDITIONS = {
    Kind.MINIMUM: "This is the second-order sufficient condition of a strict minimum.",
    Kind.MAXIMUM: "This is the second-order sufficient condition of a strict maximum.",
    Kind.SADDLE: "So even the second-order necessary conditions of a minimum and of a maximum fail.",
    Kind.DEGENERATE_MINIMUM: (
        "The second-order necessary condition of a minimum holds (no eigenvalue is negative), "
        "the sufficient one does not."
    ),
    Kind.DEGENERATE_MAXIMUM: (
        "The second-order necessary condition of a maximum holds (no eigenvalue is positive), "
        "the sufficient one does not."
    ),
}
_CONDITIONS_WITHOUT_CURVATURE = (
    "Of the second-order conditions only the necessary ones hold, of a minimum and of a maximum alike."
)
_CONDITIONS_OF_ONE_VARIABLE = {
    Kind.DEGENERATE_MINIMUM: "The second-order necessary condition of a minimum holds, the sufficient one does not.",
    Kind.DEGENERATE_MAXIMUM: "The second-order necessary condition of a maximum holds, the sufficient one does not.",
}


def kind_sentence(point: CriticalPoint) -> str:
    """Return why a critical point is of its kind: what decided it, and which second-order condition holds."""
    conditions = _CONDITIONS if len(point.point) > 1 else {**_CONDITIONS, **_CONDITIONS_OF_ONE_VARIABLE}
    condition = conditions.get(point.kind, "")
    if point.kind in _NEITHER and point.certified and point.decided_by is not None:
        condition = _condition_of_neither(point, len(point.decided_by.kernel))
    return f"{point.sentence} {condition}".rstrip()


_NEITHER = (Kind.INFLECTION, Kind.DEGENERATE_SADDLE, Kind.MONKEY_SADDLE)
"""Degenerate points that are no extrema, though a necessary condition of one may hold."""


def _condition_of_neither(point: CriticalPoint, flat: int) -> str:
    """Say which necessary conditions hold where ``flat`` eigenvalues are zero, and the others of one sign."""
    if flat == len(point.point):
        return _CONDITIONS_WITHOUT_CURVATURE
    extremum = "minimum" if max(point.eigenvalues, key=abs) > 0 else "maximum"
    return f"Of the second-order conditions only the necessary one of a {extremum} holds."


def completeness_sentence(analysis: Analysis) -> str:
    """Return the line that goes with every list of critical points: how complete it is, and the check by indices."""
    count = len(analysis.points)
    points = f"{count} critical point{'s' * (count != 1)}"
    proof = analysis.completeness
    left = len(proof.unresolved)
    regions = f"{left} unresolved region{'s' * (left != 1)}"
    none = "no critical points: there are none in the box, proved"
    if proof.verdict is Verdict.BUDGET_REACHED:
        start = f"{points} so far: the budget was reached; there may be others in {regions}"
    elif proof.verdict is Verdict.EXCEPT_UNRESOLVED:
        start = f"{points}: {_all(count)} in the box, proved" if count else none
        start += f", except for {regions}"
    elif not count:
        start = none
    else:
        start = f"{points}: {_all(count)} in the box, proved"
    check = _check([each.index for each in analysis.points], proof)
    return f"{start}; {check}"


def in_view(sentence: str) -> str:
    """Return a sentence of this module as it is said of the view, where boxes are nothing the user has named."""
    return sentence.replace("in the box", "in view").replace("unresolved region", "open region")


def _all(count: int) -> str:
    return "the only one there is" if count == 1 else "both there are" if count == 2 else "all there are"


def _check(indices: Sequence[int | None], proof: Completeness) -> str:
    winding = proof.boundary_winding
    border = "not proved" if winding is None else _signed(winding)
    if proof.index_sum is None:
        return f"an index is unknown; winding of the border {border}"
    total = _signed(proof.index_sum)
    if not indices:
        return f"winding of the border {border}"
    added = _addends([index or 0 for index in indices])
    total = f"{added} = {total}" if added else total
    if winding is None:
        return f"index sum {total}; winding of the border not proved"
    if winding == proof.index_sum:
        return f"index sum {total} = winding of the border"
    return f"index sum {total}; winding of the border {border}: the rest is in what is unresolved"


def _addends(indices: Sequence[int]) -> str:
    """The sum written out, ``−1 +1 +1``; of many points what is positive and what is negative."""
    if len(indices) == 1:
        return ""
    if len(indices) <= _FEW:
        return "".join(_signed(index) if index else "+0" for index in indices)
    parts = [sum(index for index in indices if index > 0), sum(index for index in indices if index < 0)]
    return "".join(_signed(part) for part in parts if part) if all(parts) else ""


def _signed(number: int) -> str:
    return "0" if number == 0 else f"{number:+d}".replace("-", "−")


def index_text(index: int | None) -> str:
    """Return a Poincaré index with its sign; ``?`` where it is unknown."""
    return "?" if index is None else _signed(index)


def convexity_sentence(analysis: Analysis, digits: int = 6) -> str:
    """Return the verdict on convexity over the box, with its witness."""
    shape = analysis.convexity
    if shape.witness is None:
        proved = "" if shape.verdict is ConvexityVerdict.UNDECIDED else " over the box, proved"
        return f"{shape.verdict.value}{proved}"
    where = point_text(shape.witness.point, digits)
    value = number_text(shape.witness.eigenvalue, digits)
    what = "the second derivative is" if len(shape.witness.point) == 1 else "the Hessian has the eigenvalue"
    return f"{shape.verdict.value}, proved: at {where} {what} {value}"


def minimum_sentence(analysis: Analysis, digits: int = 10) -> str:
    """Return the global minimum over the box, where it is certified, and where it is taken."""
    least = analysis.global_minimum
    if least is None:
        return "not known: no finite value of f was met"
    if not least.certified:
        found = f"{number_text(least.value, digits)} at {point_text(least.point, digits)}"
        return f"not proved; the lowest value found is {found}"
    places = [each.point for each in analysis.points if each.is_global_minimum] or [least.point]
    shown = ", ".join(point_text(place, digits) for place in places[:_FEW])
    more = f" and {len(places) - _FEW} more" if len(places) > _FEW else ""
    border = any(x in side for x, side in zip(least.point, analysis.box, strict=True))
    where = ", on the box's border" if border and len(places) == 1 else ""
    return f"{number_text(least.value, digits)} at {shown}{more}{where}, proved"


def number_text(value: float, digits: int) -> str:
    """Return a number's first digits, with − for minus."""
    return f"{value + 0.0:.{digits}g}".replace("-", "−")


def point_text(point: Sequence[float], digits: int) -> str:
    """Return coordinates in brackets; a single one after ``x =``."""
    written = ", ".join(number_text(x, digits) for x in point)
    return f"({written})" if len(point) > 1 else written
