"""Gradient flow: the curve ẋ = −∇f(x) itself, the limit of gradient descent with ever smaller steps."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..arrays import Array
from .gradient_descent import LEARNING_RATE
from .hyperparameter import Hyperparameter, Values
from .optimizer import Optimizer
from .oracle import Landscape, Oracle, norm

TOLERANCE = Hyperparameter(
    "tolerance", 1e-11, low=1e-13, high=1e-2, scale="log",
    help="error allowed in each inner step, as a share of the view (or of the distance from the origin)",
)  # fmt: skip

MOST = 2000
"""Inner steps, kept and rejected, that one step may take; a stiffer stretch is left unfinished."""
_HOPELESS = 1e-12
"""An inner step of a smaller share of the whole would need more than `MOST` of its kind."""

# Dormand and Prince (1980): stages, the fifth-order weights, and their difference from the fourth-order ones.
_STAGES = (
    (1 / 5,),
    (3 / 40, 9 / 40),
    (44 / 45, -56 / 15, 32 / 9),
    (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
    (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656),
    (35 / 384, 0.0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84),
)
_ERROR = (71 / 57600, 0.0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40)


class GradientFlowState(NamedTuple):
    """The iterate, the flow's time there, and how the integrator went over the last step.

    ``inner_step`` is the time step it would try next, ``kept`` and ``rejected`` count its inner steps,
    ``remaining`` is the time that it could not cover: 0 unless the step was ended by `MOST`. All ``(..., 1)``.
    """

    x: Array
    step: int
    time: Array
    inner_step: Array
    kept: Array
    rejected: Array
    remaining: Array


def init(x: Array, values: Values) -> GradientFlowState:
    """Return the state before the first step, at time 0."""
    single = np.zeros((*x.shape[:-1], 1))
    return GradientFlowState(x, 0, single, single, single, single, single)


def step(state: GradientFlowState, oracle: Oracle, values: Values) -> GradientFlowState:
    """Follow the flow for the time ``lr``, by Dormand and Prince's pair of orders 5 and 4.

    The inner steps adapt to the tolerance, each particle's for itself. Noise is drawn once for the whole
    step. What is not covered after `MOST` inner steps, because the flow is too stiff or runs off to
    infinity, is left: the point is then the one reached.
    """
    span = np.broadcast_to(np.asarray(values["lr"], dtype=np.float64), state.time.shape)
    x, time = state.x, np.zeros_like(state.time)
    inner = np.where(state.inner_step > 0.0, state.inner_step, span)
    kept, rejected = np.zeros_like(time), np.zeros_like(time)
    slope = -_gradient(oracle, x)
    extent = values["tolerance"] * _extent(oracle.surface)
    for _ in range(MOST):
        rest = span - time
        active = (rest > 0.0) & (inner > _HOPELESS * span)
        if not np.any(active):
            break
        last = inner >= rest
        h = np.where(active, np.where(last, rest, inner), 0.0)
        slopes = [slope]
        for weights in _STAGES:
            reached = x + h * sum(w * k for w, k in zip(weights, slopes, strict=True) if w)
            slopes.append(-_gradient(oracle, reached))
        error = norm(h * sum(w * k for w, k in zip(_ERROR, slopes, strict=True) if w))
        error = error / np.maximum(extent, values["tolerance"] * norm(reached))
        good = active & (error <= 1.0)
        x = np.where(good, reached, x)
        slope = np.where(good, slopes[-1], slope)
        time = np.where(good, np.where(last, span, time + h), time)
        kept, rejected = kept + good, rejected + (active & ~good)
        factor = np.clip(0.9 * error**-0.2, 0.2, 5.0)
        factor = np.where(np.isfinite(factor), factor, 0.2)
        # A last step that was cut short says nothing against the longer one.
        inner = np.where(active & ~(good & last & (factor * h < inner)), factor * h, inner)
    return GradientFlowState(x, state.step + 1, state.time + time, inner, kept, rejected, span - time)


def _gradient(oracle: Oracle, x: Array) -> Array:
    oracle.repeat()
    return oracle.gradient(x)


def _extent(surface: Landscape) -> float:
    """Half the view's diagonal."""
    sides = np.array(surface.box)
    return 0.5 * float(np.linalg.norm(sides[:, 1] - sides[:, 0]))


GRADIENT_FLOW = Optimizer(
    name="gradient_flow",
    title="Gradient flow",
    summary="The smooth curve that gradient descent would follow with infinitely small steps.",
    source="Dormand and Prince (1980); Hairer, Nørsett and Wanner, Solving ODEs I (1993), section II.4",
    hyperparameters=(replace(LEARNING_RATE, help="time that one step covers"), TOLERANCE),
    init=init,
    step=step,
)
