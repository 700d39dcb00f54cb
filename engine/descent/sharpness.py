"""The sharpness that a run's stability hangs on: along one run, over time, and direction by direction."""

import math
from typing import NamedTuple

import numpy as np

from ..arrays import Array
from ..optimizers.hyperparameter import Values
from ..optimizers.optimizer import State
from .history import Checkpoint
from .run import Run
from .segment import Segment
from .settings import RunSettings

MEMORY = 8
"""Steps over which the contraction of a method with a buffer is measured: it comes in waves."""


class Modes(NamedTuple):
    """The eigen-directions of P⁻¹H at a state: eigenvalues ascending ``(n,)``, directions in columns.

    P is the method's diagonal preconditioner, 1 without one, and H has the weight decay on its diagonal
    that is part of the method's gradient. ``limit`` is what lr·λ must stay below, None where unknown.
    A component of the gradient along a direction changes as the distance along it does.
    """

    eigenvalues: Array
    directions: Array
    limit: float | None

    @property
    def sharpness(self) -> float:
        """The largest eigenvalue, NaN where the Hessian or the preconditioner is undefined."""
        return float(self.eigenvalues[-1])


def modes_at(run: Run, state: State, settings: RunSettings, values: Values) -> Modes:
    """Return the eigen-directions that a method with these settings and hyperparameters sees at a state."""
    stability = settings.method.stability
    matrix = run.report.hessian if state is run.state else _hessian(run, state)
    limit = None if stability is None else float(stability.limit(values))
    scale = np.ones(len(matrix))
    with np.errstate(all="ignore"):
        if stability is not None and stability.penalty is not None:
            matrix = matrix + float(stability.penalty(values)) * np.eye(len(matrix))
        if stability is not None and stability.preconditioner is not None:
            matrix = matrix + settings.weight_decay * np.eye(len(matrix))
            scale = 1.0 / np.sqrt(stability.preconditioner(state, values))
            matrix = matrix * np.outer(scale, scale)
        elif limit is not None:
            # With the modifier, lr·(λ + weight_decay) stays below the method's bound.
            limit -= float(values.get("lr", 0.0)) * settings.weight_decay
    if not np.all(np.isfinite(matrix)):
        return Modes(np.full(len(matrix), np.nan), np.full(matrix.shape, np.nan), limit)
    eigenvalues, vectors = np.linalg.eigh(matrix)
    return Modes(eigenvalues + 0.0, scale[:, None] * vectors, limit)  # -0.0 reads badly


def _hessian(run: Run, state: State) -> Array:
    return np.array(run.surface.hessian_at(state.x.tolist()), dtype=np.float64)


def modes_here(run: Run) -> Modes:
    """Return the eigen-directions that a run's method sees where it stands, worked out once."""
    return run.once(_modes_here)


def _modes_here(run: Run) -> Modes:
    return modes_at(run, run.state, run.settings, run.values_now)


class Contraction(NamedTuple):
    """What a step does to the distance along one eigen-direction of P⁻¹H.

    ``predicted`` is the factor's modulus on the quadratic model, |1 − ηλ| for gradient descent, and
    ``measured`` what the gradient's component along it did, a step, over ``steps`` steps; None where unknown.
    ``turns`` says that the prediction has the component change sign, ``waves`` that it swings.
    """

    eigenvalue: float
    direction: Array
    predicted: float | None
    measured: float | None
    steps: int
    turns: bool = False
    waves: bool = False


def contractions(run: Run, reached: Array) -> tuple[Contraction, ...]:
    """Return predicted and measured contraction in each eigen-direction at the run's position.

    Measured with the exact gradients here and at the point ``reached`` by the next step; for a method whose
    buffer makes it swing, over some steps before it as well, as far as its settings held there. On a surface
    that is not quadratic the eigen-directions turn meanwhile. A gradient has the pull of the weight decay in
    it: what contracts is the distance to where both balance. Empty for a method of which no iteration matrix
    is known.
    """
    settings, values = run.settings, run.values_now
    stability, rate = settings.method.stability, values.get("lr")
    if stability is None or stability.modes is None or rate is None:
        return ()
    modes = modes_here(run)
    whole = float(values.get("weight_decay", settings.weight_decay))
    # Without a preconditioner the limit has the decay in it already; the recurrence wants the eigenvalue with it.
    decay = whole if stability.preconditioner is None else 0.0
    remembers = stability.modes(values, 0.0).determinant != 0.0
    since = max(each.start for each in run.segments if each.start <= run.position)
    steps = min(MEMORY, run.position + 1 - since) if remembers else 1
    pull = _pull(run, whole)
    before = _exact_gradient(run, run.iterate(run.position + 1 - steps), pull)
    after = _exact_gradient(run, reached, pull)
    found = []
    for eigenvalue, direction in zip(modes.eigenvalues.tolist(), modes.directions.T, strict=True):
        predicted, root = None, 0j
        if math.isfinite(eigenvalue):
            root = stability.modes(values, rate * (eigenvalue + decay)).dominant
            predicted = abs(root) if math.isfinite(abs(root)) else None
        found.append(
            Contraction(
                eigenvalue,
                direction,
                predicted,
                _ratio(before, after, direction, steps),
                steps,
                turns=root.imag == 0 and root.real < 0,
                waves=root.imag != 0,
            )
        )
    return tuple(found)


def _pull(run: Run, whole: float) -> Array:
    """What the weight decay's pull on x is, as a gradient, coordinate by coordinate: wd, or wd·P if decoupled.

    x ← (1 − η·wd)x − ηP⁻¹m has its rest where m = −wd·Px.
    """
    stability, values = run.settings.method.stability, run.values_now
    joined = whole
    if stability is not None and stability.preconditioner is not None:
        joined = 0.0 if stability.penalty is None else float(stability.penalty(values))
    pull = np.full(run.x.size, joined)
    if joined != whole and stability is not None and stability.preconditioner is not None:
        with np.errstate(all="ignore"):
            pull = pull + (whole - joined) * stability.preconditioner(run.state, values)
    return pull


def _exact_gradient(run: Run, x: Array, pull: Array) -> Array:
    if not np.all(np.isfinite(x)):
        return np.full_like(x, np.nan)
    gradient = np.array(run.surface.gradient_at(x.tolist()), dtype=np.float64)
    with np.errstate(all="ignore"):
        return gradient + pull * x if np.any(pull) else gradient


def _ratio(before: Array, after: Array, direction: Array, steps: int) -> float | None:
    """The change a step of a gradient's component; None where it drowns in rounding."""
    with np.errstate(all="ignore"):
        was, comes = abs(float(before @ direction)), abs(float(after @ direction))
        noise = 1e-12 * float(np.linalg.norm(before)) * float(np.linalg.norm(direction))
    if not (math.isfinite(was) and math.isfinite(comes) and was > noise):
        return None
    ratio = comes / was
    return float(ratio ** (1.0 / steps)) if math.isfinite(ratio) else None


class StabilityPath(NamedTuple):
    """How near a run was to the edge of stability: lr·sharpness over its limit, ``(k,)``, at steps ``(k,)``."""

    steps: Array
    loads: Array


class StabilityRecord:
    """Measures the stability along a run, each position once, at some hundred positions evenly spread.

    Follows the run as it grows, is stepped back or has its past changed.
    """

    def __init__(self, most: int = 256) -> None:
        self._most = most
        self._loads: dict[int, float] = {}
        self._run: Run | None = None
        self._segments: tuple[Segment, ...] = ()

    def path(self, run: Run) -> StabilityPath | None:
        """Return the loads from the start to the run's end, None where its method has no known limit anywhere."""
        if self._run is not run or self._segments != run.segments:
            self._run, self._segments, self._loads = run, run.segments, {}
        stride = run.record_stride
        while run.length // stride > self._most:
            stride *= 2
        wanted = [*range(0, run.length + 1, stride)]
        if wanted[-1] != run.length:
            wanted.append(run.length)
        loads = {position: self._loads[position] for position in wanted if position in self._loads}
        for position in wanted:
            if position not in loads:
                loads[position] = load_at(run, run.checkpoint(position))
        self._loads = loads
        steps, values = np.array(wanted, dtype=np.float64), np.array([loads[p] for p in wanted])
        return StabilityPath(steps, values) if np.isfinite(values).any() else None


def load_at(run: Run, checkpoint: Checkpoint) -> float:
    """Return lr·sharpness over its limit at a checkpoint; 1 is the edge of stability, NaN is unknown."""
    settings, values = run.settings_at(checkpoint.position), run.values_at(checkpoint.position)
    rate = values.get("lr")
    if settings.method.stability is None or rate is None:
        return math.nan
    here = checkpoint.position == run.position
    modes = modes_here(run) if here else modes_at(run, checkpoint.state, settings, values)
    limit = modes.limit
    if limit is None or not math.isfinite(modes.sharpness):
        return math.nan
    load = rate * modes.sharpness
    # With strong weight decay no rate is stable and the limit is not positive.
    return load / limit if limit > 0 else math.inf
