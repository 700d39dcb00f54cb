"""What the list of critical points shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from ..drawing.critical_page import CriticalData, PointRow
from ..explorer import Explorer
from .rounding import which_round_to_zero

if TYPE_CHECKING:
    from curvtui.engine.critical.analysis import Analysis
    from curvtui.engine.critical.critical_point import CriticalPoint

_MOST_REASONS = 2


def critical_data(explorer: Explorer) -> CriticalData:
    """Return what the panel shows."""
    analysis = explorer.analysis
    if analysis is None:
        return CriticalData((), None, "searching the view for all critical points …", (), proved=False)
    data, chosen = _listed(analysis), explorer.chosen_point
    if chosen is None:
        return data
    from ..analysis_words import kind_sentence

    return replace(data, chosen=chosen, verdict=kind_sentence(analysis.points[chosen]))


@lru_cache(maxsize=2)
def _listed(analysis: Analysis) -> CriticalData:
    """The list with none chosen: every frame shows it, and there may be ten thousand rows."""
    from curvtui.engine.critical.analysis import Verdict

    from ..analysis_words import completeness_sentence, convexity_sentence, in_view, minimum_sentence

    points = analysis.points
    zeros = which_round_to_zero(analysis.surface, [each.point for each in points], [each.value for each in points])
    return CriticalData(
        tuple(map(_row, analysis.points, zeros)),
        None,
        _short(in_view(completeness_sentence(analysis))),
        (
            *_why_open(analysis),
            f"global minimum in view: {minimum_sentence(analysis, 6)}",
            f"convexity in view: {convexity_sentence(analysis, 4)}".replace(" over the box", ""),
        ),
        analysis.completeness.verdict is Verdict.COMPLETE,
    )


def _why_open(analysis: Analysis) -> list[str]:
    """Say of the open regions why they are open, the most common reasons first."""
    from ..analysis_words import region_sentence

    reasons = Counter(map(region_sentence, analysis.completeness.unresolved))
    return [f"open region: {reason}" for reason, _ in reasons.most_common(_MOST_REASONS)]


def _short(sentence: str) -> str:
    """The same in fewer words: there are two lines for it."""
    for long, short in _SHORTER:
        sentence = sentence.replace(long, short)
    return sentence


_SHORTER = (
    (": all there are in", ", all in"),
    (": both there are in", ", both in"),
    (": the only one there is in", ", the only one in"),
    ("= winding of the border", "= border's winding"),
)


def _row(point: CriticalPoint, zero: bool) -> PointRow:
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
        zero,
    )
