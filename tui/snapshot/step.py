"""What the panel of the next step shows."""

from __future__ import annotations

from curvtui.engine.descent.anatomy import Anatomy, anatomy_of
from curvtui.engine.descent.run import Run

from ..drawing.anatomy_page import StepData
from ..explorer import Explorer


def anatomy(run: Run) -> Anatomy:
    """Return the run's next step, taken apart once for all that ask."""
    return run.once(anatomy_of)


def step_data(explorer: Explorer, longer: float) -> StepData:
    """Return what the panel shows; ``longer`` is the magnification of the arrows on the map."""
    run = explorer.run
    key = run.key
    if run.ended:
        return StepData(None, key, 1.0, f"there is no next step: {explorer.judgement.sentence}")
    return StepData(anatomy(run), key, longer)
