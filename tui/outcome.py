"""Where a run ended, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curvtui.engine.descent.judgement import Judgement, Status, steps_text
from curvtui.engine.descent.run import Run

if TYPE_CHECKING:
    from curvtui.engine.critical.analysis import Analysis


def told(run: Run, judgement: Judgement, analysis: Analysis | None) -> Judgement:
    """Return how a run stands, with the critical point at which it ended, where one is known there."""
    if analysis is None or judgement.status not in (Status.CONVERGED, Status.STALLED):
        return judgement
    from curvtui.engine.critical.places import destination

    words = destination(analysis, tuple(run.x.tolist()))
    if words is None:
        return judgement
    lowest = float(run.report.spectrum.smallest)
    slope, steps = f"{run.gradient_norm:.3g}", steps_text(run.position)
    if judgement.status is Status.CONVERGED:
        numbers = f"f = {run.value:.6g}, ‖∇f‖ = {slope}, λ_min = {lowest:.4g}"
        return Judgement(judgement.status, f"converged to {words}, after {steps}: {numbers}")
    sentence = f"stopped at {words}: gradient {slope}, λ_min = {lowest:.4g}, after {steps}; f = {run.value:.6g}"
    return Judgement(judgement.status, sentence)
