"""A step taken apart: everything that the next update of a run is made of."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Array
from ..optimizers.optimizer import State
from ..optimizers.oracle import Evaluations
from .run import Run
from .segment import Trace
from .sharpness import Contraction, contractions

MEMORIES = ("momentum_buffer", "first_moment")
"""Buffers that carry former gradients into the step; without them it is the gradient's alone."""

_HIDDEN = frozenset(
    {"x", "step", "base_state", "value", "gradient", "ascent", "worst_gradient", "trial", "tried_radius", "radius",
     "predicted", "actual", "accepted", "probe_steps", "probe_values", "exact", "hard_case", "kept", "rejected"}
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Buffer:
    """One thing that the method remembers, before and after the step: a number, a vector or a matrix."""

    name: str
    before: Array
    after: Array


@dataclass(frozen=True, eq=False)
class Probe:
    """A point that a line search tried: its step length, the point ``(n,)`` and f there (inf: not finite)."""

    step_size: float
    point: Array
    value: float
    taken: bool


@dataclass(frozen=True, eq=False)
class Trial:
    """A step that a method with a model tried: where, what the model promised, what came, and whether it was taken.

    ``radius`` is the trust region's, None for a method that damps instead.
    """

    point: Array
    radius: float | None
    predicted: float
    actual: float
    accepted: bool

    @property
    def ratio(self) -> float:
        """The share of the predicted reduction that came true."""
        return self.actual / self.predicted if self.predicted else math.nan


@dataclass(frozen=True, eq=False)
class Ascent:
    """The worst point close by that sharpness-aware minimization looked at, and the gradient there."""

    point: Array
    gradient: Array
    worst_gradient: Array


@dataclass(frozen=True, eq=False)
class Anatomy:
    """The step from a run's position to the next, taken apart; vectors are ``(n,)``.

    ``gradient`` is exact, ``seen`` what noise and clipping made of it (the same array where they did nothing).
    ``update`` is the whole displacement; ``from_gradient`` is what it would have been with the method's momentum
    emptied and ``from_memory`` the rest, None for a method without momentum. ``newton`` is −H⁻¹∇f, None where H
    is singular or undefined, ``model`` what the quadratic model has there. ``linear`` and ``quadratic`` are
    the changes of f that gradient and second-order model predict for the update, ``actual`` the one that
    comes (NaN where the next point has no value). ``cost`` is what the step asks of the surface.
    """

    position: int
    method: str
    x: Array
    reached: Array
    gradient: Array
    seen: Array
    values: Mapping[str, float]
    schedule_factor: float
    scheduled: bool
    buffers: tuple[Buffer, ...]
    preconditioner: Array | None
    update: Array
    from_gradient: Array | None
    from_memory: Array | None
    newton: Array | None
    model: str
    linear: float
    quadratic: float
    actual: float
    probes: tuple[Probe, ...]
    trial: Trial | None
    ascent: Ascent | None
    contractions: tuple[Contraction, ...]
    cost: Evaluations

    @property
    def cosine(self) -> float:
        """The cosine of the angle between the update and −∇f: 1 downhill, 0 across, below 0 uphill."""
        with np.errstate(all="ignore"):
            # Made unit vectors first: a product of lengths may leave the range of numbers.
            return float(-(_unit(self.update) @ _unit(self.gradient)))


def anatomy_of(run: Run) -> Anatomy:
    """Return the next step of a run, taken apart; the run stays where it is."""
    trace = run.trace()
    before, after = run.state, trace.state
    with np.errstate(all="ignore"):
        update = after.x - before.x
        hessian = np.array(run.surface.hessian_at(run.x.tolist()), dtype=np.float64)
        linear = float(run.gradient @ update)
        quadratic = linear + 0.5 * float(update @ hessian @ update)
        newton, model = _newton(hessian, run.gradient)
        own = _without_memory(run, before)
        lone = None if own is None or np.array_equal(own, after.x) else own - before.x
        value = _value(run, after.x)
        actual = value - run.value
    stability = run.settings.method.stability
    inner, outer = getattr(after, "base_state", after), getattr(before, "base_state", before)
    scale = None
    if stability is not None and stability.preconditioner is not None:
        scale = stability.preconditioner(after, run.values_now)
    return Anatomy(
        position=run.position,
        method=run.settings.optimizer,
        x=run.x,
        reached=after.x,
        gradient=run.gradient,
        seen=_seen(run, trace),
        values=run.values_now,
        schedule_factor=run.schedule_factor,
        scheduled=not run.settings.schedule.is_constant,
        buffers=_buffers(outer, inner),
        preconditioner=scale,
        update=update,
        from_gradient=lone,
        from_memory=None if lone is None else update - lone,
        newton=newton,
        model=model,
        linear=linear,
        quadratic=quadratic,
        actual=actual,
        probes=_probes(run, after, trace),
        trial=_trial(after),
        ascent=_ascent(run, after),
        contractions=contractions(run, after.x),
        cost=Evaluations(*(now - then for now, then in zip(trace.evaluations, run.evaluations, strict=True))),
    )


def _unit(vector: Array) -> Array:
    """The vector at length 1, NaN where it has no direction."""
    vector = vector / np.max(np.abs(vector))
    return vector / np.linalg.norm(vector)


def _value(run: Run, x: Array) -> float:
    point = x.tolist()
    return float(run.surface.value_at(point)) if all(map(math.isfinite, point)) else math.nan


def _newton(hessian: Array, gradient: Array) -> tuple[Array | None, str]:
    """Newton's step, and what the quadratic model has where it leads."""
    if not (np.all(np.isfinite(hessian)) and np.all(np.isfinite(gradient))):
        return None, "undefined"
    values, vectors = np.linalg.eigh(hessian)
    if np.min(np.abs(values)) <= 1e-14 * np.max(np.abs(values), initial=0.0):
        return None, "singular"
    step = -(vectors @ ((vectors.T @ gradient) / values))
    model = "minimum" if values[0] > 0 else "maximum" if values[-1] < 0 else "saddle"
    return (step, model) if np.all(np.isfinite(step)) else (None, "singular")


def _seen(run: Run, trace: Trace) -> Array:
    """The first gradient at the iterate as the method got it, with noise and clipping."""
    for call in trace.calls:
        if call.kind == "gradient" and np.array_equal(call.x, run.x):
            return np.asarray(call.answer)
    return run.gradient


def _without_memory(run: Run, before: State) -> Array | None:
    """The point that the step would lead to, had the method forgotten all former gradients."""
    inner: Any = getattr(before, "base_state", before)
    names = [name for name in MEMORIES if hasattr(inner, name)]
    if not names or not any(np.any(getattr(inner, name)) for name in names):
        return None
    emptied = inner._replace(**{name: np.zeros_like(getattr(inner, name)) for name in names})
    whole: Any = before
    return run.trace(whole._replace(base_state=emptied) if inner is not before else emptied).state.x


def _buffers(before: State, after: State) -> tuple[Buffer, ...]:
    old, new = _fields(before), _fields(after)
    same = [name for name in new if name in old and old[name].shape == new[name].shape]
    return tuple(Buffer(name, old[name], new[name]) for name in same)


def _fields(state: Any) -> dict[str, Array]:
    """A state's numbers, vectors and square matrices by name."""
    n = state.x.size
    shown = {}
    for name in getattr(state, "_fields", ()):
        if name in _HIDDEN:
            continue
        part = getattr(state, name)
        if isinstance(part, float | int | np.floating) and not isinstance(part, bool):
            part = np.array([float(part)])
        if isinstance(part, np.ndarray) and part.dtype == np.float64 and part.shape in ((), (1,), (n,), (n, n)):
            shown[name] = part.reshape(1) if part.shape == () else part
    return shown


def _probes(run: Run, after: Any, trace: Trace) -> tuple[Probe, ...]:
    """What a line search tried, in its order."""
    lengths = np.atleast_1d(getattr(after, "probe_steps", np.empty(0)))
    direction = getattr(after, "direction", -_seen(run, trace))
    if not lengths.size:
        return ()
    taken = float(np.atleast_1d(after.step_size)[0])
    values = np.atleast_1d(after.probe_values)
    with np.errstate(all="ignore"):
        return tuple(
            Probe(length, run.x + length * direction, value, length == taken)
            for length, value in zip(lengths.tolist(), values.tolist(), strict=True)
            if not math.isnan(length)
        )


def _trial(after: Any) -> Trial | None:
    if not (hasattr(after, "trial") and hasattr(after, "predicted")):
        return None
    radius = getattr(after, "tried_radius", None)
    return Trial(
        after.trial,
        None if radius is None else _single(radius),
        _single(after.predicted),
        _single(after.actual),
        bool(np.all(after.accepted)),
    )


def _ascent(run: Run, after: Any) -> Ascent | None:
    if not hasattr(after, "worst_gradient"):
        return None
    return Ascent(run.x + after.ascent, after.gradient, after.worst_gradient)


def _single(number: Array) -> float:
    return float(np.atleast_1d(number)[0])
