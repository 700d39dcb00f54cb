"""What the panel of curves over the steps shows."""

from __future__ import annotations

import numpy as np

from curvtui.engine.arrays import Array
from curvtui.engine.descent.history import Path
from curvtui.engine.descent.race import Clock, Runner
from curvtui.engine.descent.sharpness import StabilityRecord

from ..drawing.loss_page import LossData, RunCurve, Stability
from ..explorer import Explorer
from .published import known_minimum

POINTS = 400
"""Most places at which work is counted for an axis of gradient evaluations."""


def loss_data(explorer: Explorer, record: StabilityRecord) -> LossData:
    """Return what the panel shows; ``record`` remembers what was measured of the run's stability."""
    race = explorer.race
    by_work = race.clock is Clock.WORK and not race.alone
    run = explorer.run
    path = record.path(run)
    stability = None
    if path is not None:
        stability = Stability(path.steps, path.loads, run.key, float(run.position))
    return LossData(
        tuple(_curve(runner, alone=race.alone, by_work=by_work) for runner in race.shown()),
        known_minimum(explorer.surface),
        explorer.curve.value,
        race.clock.value if by_work else Clock.STEPS.value,
        stability,
    )


def _curve(runner: Runner, *, alone: bool, by_work: bool) -> RunCurve:
    run = runner.run
    path = run.full_path
    xs: Array = path.steps.astype(np.float64)
    at = float(run.position)
    if by_work:
        path = _thinned(path)
        xs = np.array([runner.work_at(position) for position in path.steps.tolist()])
        at = runner.work
    key = (run.key, by_work)
    number = None if alone else runner.number
    return RunCurve(xs, path.values, path.gradient_norms, key, at, number, runner.colour)


def _thinned(path: Path) -> Path:
    """At most some hundred of the recorded iterates, the last among them."""
    if len(path.steps) <= POINTS:
        return path
    kept = np.unique(np.append(np.arange(0, len(path.steps), -(-len(path.steps) // POINTS)), len(path.steps) - 1))
    return Path(*(part[kept] for part in path))
