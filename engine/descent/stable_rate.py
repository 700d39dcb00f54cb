"""How large a learning rate may be: the method's own bound, and what it comes to at a run's start."""

from collections.abc import Mapping

import numpy as np

from .run import Run
from .settings import RunSettings


def sharpness_limit(run: Run) -> float | None:
    """Return the bound on learning rate times λ_max, None where it is unknown or needs a preconditioner."""
    return limit_of(run.settings, run.values_now)


def limit_of(settings: RunSettings, values: Mapping[str, float]) -> float | None:
    """Return the bound on learning rate times λ_max with these hyperparameters, None as for `sharpness_limit`."""
    stability = settings.method.stability
    if stability is None or stability.preconditioner is not None:
        return None
    # With the modifier, lr·(λ + weight_decay) stays below the method's bound.
    return float(stability.limit(values)) - values.get("lr", 0.0) * settings.weight_decay


def stable_rate(run: Run) -> float | None:
    """Return the learning rate that is just stable at the run's start, None where it is unknown.

    At the start, not where the run is: what has exploded is surrounded by curvature that nobody meant to meet.
    """
    limit = sharpness_limit(run)
    matrix = np.array(run.surface.hessian_at(run.start.tolist()), dtype=np.float64)
    if limit is None or not np.all(np.isfinite(matrix)):
        return None
    largest = float(np.linalg.eigvalsh(matrix)[-1])
    return limit / largest if largest > 0 else None


def too_large(run: Run) -> str:
    """Return why a run's steps were too long, as words."""
    rate, stable = run.values_now.get("lr"), stable_rate(run)
    if rate is None or stable is None:
        return "the steps are too long"
    if rate > stable:
        limit = sharpness_limit(run)
        return f"the learning rate {rate:.6g} is above {limit:.3g}/λ_max = {stable:.4g} at the start"
    return f"the learning rate {rate:.6g} was too large on the way"
