"""What the list of critical points shows."""

from __future__ import annotations

from curvtui.engine.critical.critical_point import CriticalPoint

from ..drawing.critical_page import CriticalData, PointRow
from ..explorer import Explorer


def critical_data(explorer: Explorer) -> CriticalData:
    """Return what the panel shows."""
    analysis = explorer.analysis
    if analysis is None:
        return CriticalData((), None, "searching the view for all critical points …", proved=False)
    from curvtui.engine.critical.analysis import Verdict
    from curvtui.engine.critical.summary import completeness_sentence

    return CriticalData(
        tuple(map(_row, analysis.points)),
        explorer.chosen_point,
        completeness_sentence(analysis),
        analysis.completeness.verdict is Verdict.COMPLETE,
    )


def _row(point: CriticalPoint) -> PointRow:
    return PointRow(
        point.kind.value,
        point.point,
        () if point.exact is None else point.exact.text,
        point.value,
        point.eigenvalues,
        point.condition_number,
        point.index,
        point.certified,
        point.is_global_minimum,
    )
