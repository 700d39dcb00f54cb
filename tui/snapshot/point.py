"""What the panel of the point shows: its curvature, and how near the method is to the edge of stability."""

from __future__ import annotations

import math

from curvtui.engine.curvature.report import PointReport
from curvtui.engine.descent.evidence import evidence_of
from curvtui.engine.descent.stable_rate import sharpness_limit

from ..drawing.curvature_page import CurvatureData
from ..explorer import Explorer
from .rounding import rounds_to_zero


def curvature_data(explorer: Explorer) -> CurvatureData:
    """Return what the curvature panel shows."""
    report = explorer.report
    source = "cursor" if explorer.at_cursor else f"iterate {explorer.run.position:,}"
    load, limit = _stability(explorer, report)
    zero = rounds_to_zero(explorer.surface, explorer.here, report.value)
    return CurvatureData(report, (explorer.surface, explorer.here), source, load, limit, _proved(explorer), zero)


def _stability(explorer: Explorer, report: PointReport) -> tuple[float | None, float | None]:
    """Learning rate times sharpness, and the limit that the method gives it, where it has one.

    A method with a preconditioner has its sharpness at the iterate only: the buffers belong there.
    """
    rate = explorer.run.values_now.get("lr")
    if rate is None:
        return None, None
    stability = explorer.run.settings.method.stability
    if explorer.at_cursor and (stability is None or stability.preconditioner is None):
        return rate * report.spectrum.sharpness, sharpness_limit(explorer.run)
    if explorer.at_cursor:
        return None, None
    evidence = evidence_of(explorer.run)
    if explorer.run.position == 0 and math.isnan(evidence.sharpness):
        # Before its first step a method has no preconditioner to speak of.
        return None, None
    return rate * evidence.sharpness, evidence.limit


def _proved(explorer: Explorer) -> str:
    """What is proved of the point that the panel is about, if it is a critical one."""
    analysis = explorer.analysis
    if analysis is None:
        return ""
    from curvtui.engine.critical.places import point_at

    from ..analysis_words import kind_sentence

    point = point_at(analysis, explorer.here)
    return "" if point is None else kind_sentence(point)
