"""L-BFGS: BFGS with a short memory instead of a matrix."""

from typing import NamedTuple

import numpy as np

from ..arrays import FEW, Array, Mask
from .hyperparameter import Hyperparameter, Values
from .line_rules import C1, C2, TOLERANCE, StrongWolfe
from .line_search import search
from .line_search_gd import FIRST_TRIAL
from .linear_algebra import fused, fused_number
from .optimizer import Need, Optimizer, RateScale
from .oracle import Oracle
from .searching import dot

HISTORY_SIZE = Hyperparameter("history_size", 10.0, low=1.0, high=100.0, kind="int", help="steps that are remembered")
SEARCH = Hyperparameter(
    "line_search", 0.0, kind="choice", choices=("none", "strong_wolfe"),
    help="none makes steps of length lr times the direction (torch's default); strong_wolfe searches from lr",
)  # fmt: skip
TOLERANCE_GRAD = Hyperparameter(
    "tolerance_grad", 1e-7, low=0.0, scale="log", help="no step where no component of the gradient is larger"
)
TOLERANCE_CHANGE = Hyperparameter(
    "tolerance_change", 1e-9, low=0.0, scale="log", help="no step where the slope along the direction is less steep"
)
CURVATURE = 1e-10
"""A step is remembered only if s·y is larger (torch's absolute bound)."""


class LbfgsState(NamedTuple):
    """The iterate, the memory in torch's terms, and the last line search where there was one.

    ``old_stps`` and ``old_dirs`` ``(..., history_size, n)`` are the remembered steps s and the gradient
    changes y, the newest last; ``ro`` ``(..., history_size)`` is 1/s·y, and 0 where nothing is remembered.
    ``direction`` d and ``step_size`` t made the last step, ``prev_flat_grad`` is the gradient before it.
    ``iterations`` ``(..., 1)`` counts the directions made: a step within ``tolerance_grad`` makes none.
    """

    x: Array
    step: int
    direction: Array
    step_size: Array
    prev_flat_grad: Array
    old_dirs: Array
    old_stps: Array
    ro: Array
    h_diag: Array
    iterations: Array
    accepted: Mask
    probe_steps: Array
    probe_values: Array


def init(x: Array, values: Values) -> LbfgsState:
    """Return the state before the first step, with an empty memory."""
    lead, size = x.shape[:-1], int(values["history_size"])
    zero, single, rows = np.zeros_like(x), np.zeros((*lead, 1)), np.zeros((*lead, size, x.shape[-1]))
    none = np.zeros((*lead, 0))
    return LbfgsState(
        x, 0, zero, single, zero, rows, rows, np.zeros((*lead, size)), single + 1.0, single,
        single.astype(bool), none, none,
    )  # fmt: skip


def step(state: LbfgsState, oracle: Oracle, values: Values) -> LbfgsState:
    """Make what one ``step`` of torch.optim.LBFGS with ``max_iter=1`` makes.

    The direction is the two-loop recursion's; the first one is −g, and its step min(1, 1/‖g‖₁)·lr. With
    ``strong_wolfe`` the search may use as many probes as elsewhere here; torch allows it
    ``max_eval − 1`` further ones, which is none with max_iter=1 and must be raised there to agree.
    ``accepted`` is false where torch's tolerances let no step happen and where a search failed.
    """
    gradient = oracle.gradient(state.x)
    wolfe = values["line_search"] == 1.0
    value = oracle.value(state.x) if wolfe else np.zeros(state.x.shape[:-1])
    live = ~(np.max(np.abs(gradient), axis=-1, keepdims=True) <= values["tolerance_grad"])
    first = state.iterations == 0.0
    old_dirs, old_stps, ro, h_diag = _remembered(state, gradient, live & ~first, int(values["history_size"]))
    direction = np.where(first, -gradient, _two_loops(gradient, old_dirs, old_stps, ro, h_diag, state.step))
    length = np.sum(np.abs(gradient), axis=-1, keepdims=True)
    step_size = np.where(first, np.minimum(1.0, 1.0 / length) * values["lr"], values["lr"])
    moving = live & ~(dot(gradient, direction) > -values["tolerance_change"])
    x, accepted = np.where(moving, fused(step_size, direction, state.x), state.x), moving
    probe_steps = probe_values = np.zeros((*x.shape[:-1], 0))
    if wolfe:
        rule = StrongWolfe(C1.default, C2.default, TOLERANCE)
        trial = np.where(moving, step_size, 0.0)
        found = search(rule, oracle, state.x, direction, value, gradient, trial)
        x, accepted = found.x, found.accepted
        probe_steps, probe_values = found.probe_steps, found.probe_values
        step_size = np.where(moving, found.step_size, step_size)
    return LbfgsState(
        x=x,
        step=state.step + 1,
        direction=np.where(live, direction, state.direction),
        step_size=np.where(live, step_size, state.step_size),
        prev_flat_grad=np.where(live, gradient, state.prev_flat_grad),
        old_dirs=old_dirs,
        old_stps=old_stps,
        ro=ro,
        h_diag=h_diag,
        iterations=state.iterations + live,
        accepted=accepted,
        probe_steps=probe_steps,
        probe_values=probe_values,
    )


def _remembered(state: LbfgsState, gradient: Array, learning: Mask, size: int) -> tuple[Array, Array, Array, Array]:
    """The memory with the last step added where it had curvature enough."""
    y = gradient - state.prev_flat_grad
    s = state.direction * state.step_size
    curvature = dot(y, s)
    keep = learning & (curvature > CURVATURE)

    ys, ss = _resized(state.old_dirs, size), _resized(state.old_stps, size)
    ro = _resized(state.ro[..., None], size)[..., 0]
    rows = keep[..., None]
    return (
        np.where(rows, np.concatenate((ys[..., 1:, :], y[..., None, :]), axis=-2), ys),
        np.where(rows, np.concatenate((ss[..., 1:, :], s[..., None, :]), axis=-2), ss),
        np.where(keep, np.concatenate((ro[..., 1:], 1.0 / curvature), axis=-1), ro),
        np.where(keep, curvature / dot(y, y), state.h_diag),
    )


def _resized(rows: Array, size: int) -> Array:
    """A memory ``(..., k, n)`` that was made for another size; the newest entries are kept."""
    missing = size - rows.shape[-2]
    if missing <= 0:
        return rows[..., -missing:, :]
    return np.concatenate((np.zeros((*rows.shape[:-2], missing, rows.shape[-1])), rows), axis=-2)


def _two_loops(gradient: Array, ys: Array, ss: Array, ro: Array, h_diag: Array, made: int) -> Array:
    """−Bg by Nocedal's two-loop recursion (1980); entries with ρ = 0 are empty and change nothing.

    Fused multiply-adds, as in torch: with as many pairs as variables and more, the memory is so close to
    singular that plain rounding would be seen in the twelfth digit after a few steps.
    """
    size = ro.shape[-1]
    rows = range(max(0, size - made), size)
    if gradient.ndim == 1 and gradient.size < FEW:
        used = slice(rows.start, None)
        return np.array(_two_loops_of_one(gradient, ys[used], ss[used], ro[used].tolist(), float(h_diag[0])))
    alphas: dict[int, Array] = {}
    q = -gradient
    for row in reversed(rows):
        alphas[row] = dot(ss[..., row, :], q) * ro[..., row, None]
        q = fused(-alphas[row], ys[..., row, :], q)
    r = q * h_diag
    for row in rows:
        beta = dot(ys[..., row, :], r) * ro[..., row, None]
        r = fused(alphas[row] - beta, ss[..., row, :], r)
    return r


def _two_loops_of_one(gradient: Array, ys: Array, ss: Array, ro: list[float], h_diag: float) -> list[float]:
    """`_two_loops` on plain floats, whose fused products take a tenth of the time."""
    y_rows, s_rows = ys.tolist(), ss.tolist()
    alphas = [0.0] * len(ro)
    q = (-gradient).tolist()
    for row in reversed(range(len(ro))):
        alphas[row] = _product(s_rows[row], q) * ro[row]
        q = [fused_number(-alphas[row], y, each) for y, each in zip(y_rows[row], q, strict=True)]
    r = [each * h_diag for each in q]
    for row in range(len(ro)):
        change = alphas[row] - _product(y_rows[row], r) * ro[row]
        r = [fused_number(change, s, each) for s, each in zip(s_rows[row], r, strict=True)]
    return r


def _product(one: list[float], other: list[float]) -> float:
    # Not the built-in sum: later Pythons compensate its rounding, which NumPy's and torch's do not.
    total = 0.0
    for a, b in zip(one, other, strict=True):
        total += a * b
    return total


LBFGS = Optimizer(
    name="lbfgs",
    title="L-BFGS",
    summary="BFGS from its last few steps alone; fixed steps as in torch, or searched ones.",
    source="torch.optim.LBFGS(max_iter=1); Nocedal (1980), Liu and Nocedal (1989)",
    hyperparameters=(FIRST_TRIAL, HISTORY_SIZE, SEARCH, TOLERANCE_GRAD, TOLERANCE_CHANGE),
    implied={"max_iter": 1},
    init=init,
    step=step,
    needs=frozenset({Need.VALUE, Need.GRADIENT}),
    rate_scale=RateScale.FACTOR,
)
