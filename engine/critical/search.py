"""All boxes that may hold a critical point: branch and prune, breadth first, over arrays of boxes.

The natural enclosure of the gradient discards most boxes, an interval Newton step discards, shrinks or
certifies the others, what stays open is cut in two. Each box is inflated before the Newton step, so that a
critical point on a face that two boxes share is certified by both, and is then recognised as one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from ..arrays import Array, Mask
from .boxes import Boxes, boxes_of, common, inflated, joined, meeting, middles, widths
from .budget import Clock
from .field import Field
from .found import Found
from .found import Reason as Reason
from .holes import beside_holes
from .interval import PARTIAL
from .newton import excluded_by_curvature, newton_step, polished
from .pace import Pace
from .portions import CHEAP, chunk_size, chunks, cut, tiles
from .valley import curves_and_points, large_clusters, near_larger, valley_points

_LONG = 6000
_SLOW = 400
"""Operations from which on it matters what is tried first."""

INFLATION = 0.1
"""A box is enlarged by this part of its width on each side before it is certified."""

SMALLEST = 2.0**-40
"""Open boxes are not cut below this part of the view's width."""

VANISHING = 1e-250
"""A gradient below it is not told from zero."""

_SLIMMEST = 2.0**-14
_FINE = 2.0**-7
_MODERATE = 2.0**-5.7
_STALLED = 0.5
_FEW = 20
_CHUNKS_IN_A_WAVE = 4
_PATIENCE = 16
_MANY_ROOTS = 1024
_COARSE = 2.0**-6
"""Above this part of the view's width no box is taken for a part of a curve."""


@dataclass
class _State:
    stop: Callable[[], bool]
    certified: list[Boxes] = field(default_factory=list)
    roots: list[Boxes] = field(default_factory=list)
    left: list[tuple[Boxes, Reason]] = field(default_factory=list)
    rough: list[Boxes] = field(default_factory=list)
    newton: Pace = field(default_factory=Pace)
    expansion: Pace = field(default_factory=partial(Pace, worth=0.25))
    polished: int = 0
    """How many arrays of ``roots``, from the first on, were polished already: with many it is part of the work."""

    hidden: list[Boxes] = field(default_factory=list)
    """Open boxes over which rounding hides the gradient: what is beside them is hidden soon as well."""
    curves: list[Boxes] = field(default_factory=list)
    """Open boxes that cover curves of critical points, but for those where f is flat as far as floats go."""

    def leave(self, boxes: Boxes, reason: Reason) -> None:
        if boxes.shape[2]:
            self.left.append((boxes, reason))


def search(surface: Field, start: Boxes, view: Array, clock: Clock, seconds_a_root: float = 0.0) -> Found:
    """Search boxes ``start`` (n, 2, N) of a view whose sides are ``view`` (n,) long.

    Of the clock's time ``seconds_a_root`` are kept for each root that is found.
    """
    n = surface.dimension
    state = _State(clock.stop)
    middle = middles(boxes_of(surface.surface.box))[:, 0]
    pending, number, tile = [start], 0, chunk_size(surface, clock.left)
    while pending:
        boxes = pending.pop()
        # Small tiles lead to a first critical point soon; large ones are cheaper, and curves show in them.
        most = tile if state.roots else tile // _CHUNKS_IN_A_WAVE
        if boxes.shape[2] > (_CHUNKS_IN_A_WAVE * tile if state.roots or not pending else tile):
            # Depth first then, so that memory stays bounded and a search that is stopped has found something.
            *others, boxes = tiles(boxes, middle, view, most)
            # Where it gets nowhere (sin(1/x) at 0) the search is to go on somewhere else for a while.
            pending = [boxes, *pending, *others] if number % _PATIENCE == 0 else [*pending, *others, boxes]
            boxes = pending.pop()
        boxes, kind = _generation(surface, boxes, view, state, clock, seconds_a_root)
        if clock.stopped:
            state.leave(boxes, Reason.BUDGET)
        elif boxes.shape[2]:
            number += 1
            boxes = _without_resolved(surface, boxes, kind, view, state, number, clock)
            if boxes.shape[2]:
                pending.append(cut(boxes, view))
    reasons = tuple(reason for boxes, reason in state.left for _ in range(boxes.shape[2]))
    return Found(
        joined(state.certified, n),
        joined(state.roots, n),
        joined([boxes for boxes, _ in state.left], n),
        reasons,
        joined(state.rough, n),
    )


def _generation(
    surface: Field, boxes: Boxes, view: Array, state: _State, clock: Clock, seconds_a_root: float
) -> tuple[Boxes, Array]:
    """Look at all boxes once; return what stays open, and what kind of box each is."""
    n = surface.dimension
    following: list[Boxes] = []
    kinds: list[Array] = []
    for chunk in chunks(boxes, chunk_size(surface, clock.left)):
        if clock.stop(chunk.shape[2]):
            state.leave(chunk, Reason.BUDGET)
            continue
        known = len(state.roots)
        rest, kind = _examined(surface, chunk, view, state)
        clock.charge(seconds_a_root * sum(roots.shape[2] for roots in state.roots[known:]))
        following.append(rest)
        kinds.append(kind)
    if sum(roots.shape[2] for roots in state.roots[state.polished :]) > _MANY_ROOTS:
        state.roots[state.polished :] = [polished(surface, joined(state.roots[state.polished :], n), clock.stop)]
        state.certified[state.polished :] = [joined(state.certified[state.polished :], n)]
        state.polished = len(state.roots)
    return joined(following, n), np.concatenate(kinds) if kinds else np.zeros(0, dtype=np.int64)


SMOOTH, KINK, HOLE = 0, 1, 2
"""What an open box is: twice differentiable, or with a kink, or with points where f is undefined."""


def _examined(surface: Field, boxes: Boxes, view: Array, state: _State) -> tuple[Boxes, Array]:
    """Return what of ``boxes`` stays open, and what kind of box each is."""
    gradient = surface.gradient(boxes)
    kept = gradient.may_vanish
    rough = ~kept & ~gradient.smooth & ~gradient.empty
    if rough.any():
        state.rough.append(boxes[:, :, rough])
    if not kept.any():
        return boxes[:, :, :0], np.zeros(0, dtype=np.int64)
    flat = kept & np.all([np.all(slope.bounds <= VANISHING, axis=0) for slope in gradient.slopes], axis=0)
    if flat.any():
        state.leave(boxes[:, :, flat & gradient.smooth], Reason.CURVE)
        state.leave(boxes[:, :, flat & ~gradient.smooth], Reason.NON_SMOOTH)
        kept = kept & ~flat
    undefined = (np.broadcast_to(gradient.value.flags, kept.shape) & PARTIAL) != 0
    kind = np.where(gradient.smooth, SMOOTH, np.where(undefined, HOLE, KINK))[kept]
    boxes = boxes[:, :, kept]
    if surface.length > _SLOW and not state.stop():
        boxes, kind = _by_curvature(surface, boxes, kind, view, state)
    tried = kind == SMOOTH
    if not tried.any() or (surface.length > _SLOW and not state.newton.due(int(np.count_nonzero(tried)))):
        return boxes, kind
    if surface.length > _SLOW and state.stop():
        return boxes, kind
    smooth = boxes[:, :, tried]
    wide = inflated(smooth, _margins(smooth, view))
    step = newton_step(surface, wide)
    inside = meeting(step.boxes, smooth)
    done = step.empty | ~inside | step.certified
    state.newton.saw(len(done), int(np.count_nonzero(done)))
    found = step.certified & inside
    if found.any():
        state.certified.append(wide[:, :, found])
        state.roots.append(step.boxes[:, :, found])
    contracted = common(step.boxes, smooth)
    # Where rounding alone hides a slope, cutting is no use: around one degenerate point there would be thousands.
    hidden = ~done & step.hidden & (np.max(widths(contracted) / view[:, np.newaxis], axis=0) <= _COARSE)
    if hidden.any():
        state.hidden.append(contracted[:, :, hidden])
        state.leave(contracted[:, :, hidden], Reason.DEGENERATE)
    remaining = np.ones(boxes.shape[2], dtype=np.bool_)
    remaining[tried] = ~(done | hidden)
    result = boxes.copy()
    result[:, :, tried] = contracted
    # The Hessian may have a kink where the gradient has none (|y|³ + x⁴).
    kind = kind.copy()
    kind[tried] = np.where(step.hessian.smooth, SMOOTH, KINK)
    result, kind = result[:, :, remaining], kind[remaining]
    share = np.max(widths(result) / view[:, np.newaxis], axis=0)
    hard = np.flatnonzero((kind == SMOOTH) & (share <= _FINE))
    short = surface.length <= _SLOW and state.expansion.due(len(hard))
    if not state.stop() and (short or boxes.shape[2] < 2 * CHEAP) and len(hard) > _STALLED * boxes.shape[2]:
        kept = np.ones(len(kind), dtype=np.bool_)
        kept[hard] = ~excluded_by_curvature(surface, result[:, :, hard])
        state.expansion.saw(len(hard), int(np.count_nonzero(~kept[hard])))
        result, kind = result[:, :, kept], kind[kept]
    return result, kind


def _by_curvature(surface: Field, boxes: Boxes, kind: Array, view: Array, state: _State) -> tuple[Boxes, Array]:
    """Return what the expansion of the gradient leaves, with a formula of many terms.

    Each term's rounding adds to the enclosure of a sum, whose slopes nearly cancel: the expansion about the
    middle, sharper by orders, decides boxes that are several times as wide as those Newton's step decides.
    """
    share = np.max(widths(boxes) / view[:, np.newaxis], axis=0)
    hard = np.flatnonzero((kind == SMOOTH) & (share <= _MODERATE))
    if len(hard) < 2 * CHEAP or surface.length > _LONG or not state.expansion.due(len(hard)):
        return boxes, kind
    kept = np.ones(len(kind), dtype=np.bool_)
    kept[hard] = ~excluded_by_curvature(surface, boxes[:, :, hard])
    state.expansion.saw(len(hard), int(np.count_nonzero(~kept)))
    return boxes[:, :, kept], kind[kept]


def _margins(boxes: Boxes, view: Array) -> Array:
    """By how much boxes are inflated: a box that shrank to nothing in one variable must have an interior."""
    sides = widths(boxes)
    share = np.max(sides / view[:, np.newaxis], axis=0)
    margins: Array = INFLATION * sides + _SLIMMEST * share * view[:, np.newaxis]
    return margins


def _without_resolved(
    surface: Field, boxes: Boxes, kind: Array, view: Array, state: _State, number: int, clock: Clock
) -> Boxes:
    """Set aside the boxes that are small enough, and those on curves, which bisection would never finish."""
    share = np.max(widths(boxes) / view[:, np.newaxis], axis=0)
    small = (share <= SMALLEST) | _too_small_tocut(boxes)
    for which, reason in ((SMOOTH, Reason.DEGENERATE), (KINK, Reason.NON_SMOOTH), (HOLE, Reason.UNDEFINED)):
        state.leave(boxes[:, :, small & (kind == which)], reason)
    boxes, kind, share = boxes[:, :, ~small], kind[~small], share[~small]
    beside = beside_holes(boxes, kind == HOLE, view)
    state.leave(boxes[:, :, beside], Reason.UNDEFINED)
    boxes, kind, share = boxes[:, :, ~beside], kind[~beside], share[~beside]
    if number % 2 or boxes.shape[2] < _FEW:
        return boxes
    aside = np.zeros(boxes.shape[2], dtype=np.bool_)
    fine = share <= _COARSE
    for which, reason in ((KINK, Reason.NON_SMOOTH), (HOLE, Reason.UNDEFINED)):
        candidates = np.flatnonzero(fine & (kind == which))
        taken = candidates[large_clusters(boxes[:, :, candidates])]
        state.leave(boxes[:, :, taken], reason)
        aside[taken] = True
    candidates = np.flatnonzero(fine & (kind == SMOOTH))
    if len(candidates) >= _FEW:
        valley = valley_points(surface, boxes[:, :, candidates], view, clock.stop)
        candidates = candidates[valley.found]
        # Where curves cross, what is still open is small, but it touches what was set aside.
        known = _near(state.curves, boxes[:, :, candidates])
        together = np.concatenate([boxes[:, :, candidates], known], axis=2)
        spots = np.concatenate([valley.points[:, valley.found], middles(known)], axis=1)
        hidden = np.concatenate([valley.hidden[valley.found], np.ones(known.shape[2], dtype=np.bool_)])
        on_curve, at_point = (mask[: len(candidates)] for mask in curves_and_points(together, spots, hidden, view))
        for mask, reason in ((on_curve, Reason.CURVE), (at_point, Reason.DEGENERATE)):
            state.leave(boxes[:, :, candidates[mask]], reason)
            aside[candidates[mask]] = True
        state.curves.append(boxes[:, :, candidates[on_curve]])
    boxes, kind = boxes[:, :, ~aside], kind[~aside]
    for covers, reason in ((state.curves, Reason.CURVE), (state.hidden, Reason.DEGENERATE)):
        beside = (kind == SMOOTH) & near_larger(boxes, _near(covers, boxes))
        covers.append(boxes[:, :, beside])
        state.leave(boxes[:, :, beside], reason)
        boxes, kind = boxes[:, :, ~beside], kind[~beside]
    return boxes


def _near(covers: list[Boxes], boxes: Boxes) -> Boxes:
    """Those of ``covers`` that are near any of ``boxes``; joins the list."""
    if not covers or not boxes.shape[2]:
        return boxes[:, :, :0]
    covers[:] = [joined(covers, len(boxes))]
    around = np.max(boxes, axis=2, keepdims=True)
    return covers[0][:, :, meeting(inflated(covers[0], 2.0 * widths(covers[0])), around)]


def _too_small_tocut(boxes: Boxes) -> Mask:
    size = np.max(np.abs(boxes), axis=1)
    too_small: Mask = np.all(widths(boxes) <= 64 * np.spacing(size), axis=0)
    return too_small


def start_of(surface: Field) -> tuple[Boxes, Array]:
    """Return the whole view as a box, and its sides' lengths."""
    start = boxes_of(surface.surface.box)
    return start, widths(start)[:, 0]
