"""What a diagnosis rests on: numbers measured at a run's position and just before it."""

import math
from dataclasses import dataclass

from ..arrays import Array
from ..curvature.second_derivative_test import Verdict
from .extent import half_diagonal
from .judgement import Status
from .run import RECENT, Run
from .sharpness import modes_here
from .stable_rate import stable_rate
from .status import judge

WINDOW = RECENT
"""Recent iterates that are looked at."""


@dataclass(frozen=True)
class Evidence:
    """What a diagnosis rests on, all of it measured at or just before the run's position.

    ``points`` ``(k, n)`` and ``values`` ``(k,)`` are the last iterates, the current one last;
    λ are NaN where the Hessian is undefined. ``sharpness`` is λ_max, divided by the method's
    preconditioner where it has one, and ``limit`` what lr·sharpness must stay below (None: unknown).
    """

    status: Status
    optimizer: str
    learning_rate: float | None
    noise: float
    points: Array
    values: Array
    gradient_norm: float
    lambda_min: float
    lambda_max: float
    sharpness: float
    limit: float | None
    extent: float
    position: int
    kind: Verdict
    """What the second-derivative test says of the point."""
    stable_rate: float | None
    """The learning rate that is just stable at the start, None where it is unknown."""
    start_value: float
    explodes: bool
    """Whether the next step leads to where f is larger than any float."""

    @property
    def product(self) -> float | None:
        """lr·λ_max, None for a method without a learning rate or where λ_max is undefined."""
        if self.learning_rate is None or not math.isfinite(self.lambda_max):
            return None
        return self.learning_rate * self.lambda_max

    @property
    def load(self) -> float | None:
        """lr·sharpness over its limit: above 1 the method is unstable on the local quadratic model."""
        if self.learning_rate is None or not self.limit or not math.isfinite(self.sharpness):
            return None
        return self.learning_rate * self.sharpness / self.limit

    @property
    def far_above(self) -> bool:
        """Whether f has risen so far above its start that no transient explains it."""
        latest, least = float(self.values[-1]), float(min(self.values.min(), self.start_value))
        return latest - self.start_value > 1e3 * max(abs(self.start_value - least), abs(self.start_value), 1e-300)

    @property
    def critical_rate(self) -> float | None:
        """The learning rate at which the method becomes unstable here, limit / sharpness."""
        return self.limit / self.sharpness if self.limit and self.sharpness > 0 else None

    def numbers(self) -> dict[str, float | None]:
        """Return the numbers for a file, None for one that is not known."""
        return {
            "lambda_min": self.lambda_min if math.isfinite(self.lambda_min) else None,
            "lambda_max": self.lambda_max if math.isfinite(self.lambda_max) else None,
            "lr_times_lambda_max": self.product,
            "limit": self.limit,
            "gradient_norm": self.gradient_norm if math.isfinite(self.gradient_norm) else None,
        }


def evidence_of(run: Run) -> Evidence:
    """Return the evidence at a run's position, collected once."""
    return run.once(_collected)


def _collected(run: Run) -> Evidence:
    spectrum, recent, modes = run.report.spectrum, run.recent, modes_here(run)
    rate = run.values_now.get("lr")
    return Evidence(
        status=judge(run).status,
        optimizer=run.settings.optimizer,
        learning_rate=rate,
        noise=run.settings.noise,
        points=recent.iterates,
        values=recent.values,
        gradient_norm=run.gradient_norm,
        lambda_min=spectrum.smallest + 0.0,
        lambda_max=spectrum.sharpness + 0.0,
        sharpness=modes.sharpness,
        limit=modes.limit,
        extent=half_diagonal(run.surface.box),
        position=run.position,
        kind=run.report.verdict,
        stable_rate=stable_rate(run),
        start_value=float(run.surface.value_at(run.start.tolist())),
        explodes=run.ending is not None and run.ending.value == math.inf,
    )
