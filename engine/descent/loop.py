"""A run from start to end without a screen."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from ..arrays import Array
from ..optimizers.hyperparameter import SettingError
from ..optimizers.oracle import Landscape
from .history import Path
from .run import Run
from .settings import RunSettings


class Outcome(NamedTuple):
    """A finished run, the iterates that were asked for, and whether its gradient met the tolerance."""

    run: Run
    path: Path
    met: bool = False


def run_to(
    surface: Landscape,
    settings: RunSettings,
    start: Sequence[float] | Array,
    steps: int,
    tol: float | None = None,
    record: Literal["all", "last"] = "all",
) -> Outcome:
    """Make exactly ``steps`` steps, fewer only if the next point is not finite or ``tol`` is met.

    ``tol`` ends the run at the first iterate, the start included, with ‖∇f‖ ≤ ``tol``; it is ignored
    when the gradients are noisy, where a small one proves nothing. With ``record`` "all" the path has
    every iterate, however many (a `Run` alone thins them); with "last" only the final one.
    """
    run = Run(surface, settings, start)
    watched = tol if tol is not None and settings.noise == 0 else None
    if record == "last" and watched is None:
        run.step(steps)
        return Outcome(run, _last(run))
    if watched is not None and not watched >= 0:
        raise SettingError(f"the tolerance must be zero or positive; {watched:g} was given")
    rows = [(*run.x.tolist(), run.value, run.gradient_norm)] if record == "all" else []
    for _ in range(steps):
        if (watched is not None and run.gradient_norm <= watched) or not run.step():
            break
        if record == "all":
            rows.append((*run.x.tolist(), run.value, run.gradient_norm))
    met = watched is not None and run.gradient_norm <= watched
    if record == "last":
        return Outcome(run, _last(run), met)
    table = np.array(rows)
    return Outcome(run, Path(np.arange(len(rows)), table[:, :-2], table[:, -2], table[:, -1]), met)


def _last(run: Run) -> Path:
    return Path(np.array([run.position]), run.x[None, :], np.array([run.value]), np.array([run.gradient_norm]))
