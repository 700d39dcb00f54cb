"""The surface on boxes: enclosures of f, its gradient and its Hessian over N boxes at once."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..arrays import Array, Mask
from ..surface.array import quiet
from ..surface.derive import third_derivative_tape
from ..surface.surface import Surface
from .boxes import Boxes, point_boxes
from .interval import EMPTY, KINKED, PARTIAL, UNDERFLOW, Flags, Interval, IntervalTape, merged
from .intervals import INTERVAL_OPERATIONS


class Gradient(NamedTuple):
    """Enclosures of f and its partial derivatives; ``flags`` (N,) are those of f and of all of them."""

    value: Interval
    slopes: tuple[Interval, ...]
    flags: NDArray[np.uint8]

    @property
    def may_vanish(self) -> Mask:
        """Whether the gradient may be zero somewhere in the box, where f is defined.

        Where a slope's formula has no value but f has one, nothing is known of the slope.
        """
        mask = ~self.empty
        for slope in self.slopes:
            mask = mask & (slope.contains_zero | ((np.asarray(slope.flags) & EMPTY) != 0))
        return mask

    @property
    def empty(self) -> Mask:
        """Whether f is undefined in all of the box."""
        return np.broadcast_to((np.asarray(self.value.flags) & EMPTY) != 0, self.flags.shape)

    @property
    def smooth(self) -> Mask:
        """Whether f is defined and, as far as the gradient's formula shows, differentiable in all of the box."""
        found: Mask = (self.flags & (PARTIAL | KINKED)) == 0
        return found


class Hessian(NamedTuple):
    """Enclosures of the gradient and the Hessian; ``flags`` (N,) as for :class:`Gradient`."""

    gradient: Gradient
    entries: tuple[tuple[Interval, ...], ...]
    flags: NDArray[np.uint8]

    @property
    def smooth(self) -> Mask:
        """Whether f is defined and twice differentiable in all of the box."""
        found: Mask = (self.flags & (PARTIAL | KINKED)) == 0
        return found


def scaled_to_one(hessian: Hessian) -> Hessian:
    """Return Hessians in two variables with each variable scaled by a power of two: about 1 on the diagonal.

    That changes no eigenvalue's sign (Sylvester), and keeps determinants of very large or very small entries
    within the range of floats.
    """
    (a, b), (_, d) = hessian.entries
    with quiet():
        sizes = [np.max(np.abs(entry.bounds), axis=0) for entry in (a, b, d)]
        exponents = [np.frexp(np.where(np.isfinite(size) & (size > 0.0), size, 1.0))[1] for size in sizes]
        i, j = exponents[0] // 2, exponents[2] // 2
        scaled = [
            # What underflows is moved outward.
            Interval(np.ldexp(entry.bounds, -shift) + np.where(entry.bounds == 0.0, 0.0, UNDERFLOW), entry.flags)
            for entry, shift in ((a, 2 * i), (b, i + j), (d, 2 * j))
        ]
    first, mixed, last = scaled
    return hessian._replace(entries=((first, mixed), (mixed, last)))


class Field:
    """Evaluators of one surface on boxes (n, 2, N) and points (n, N).

    ``length`` is the number of operations that f, its gradient and Hessian take.
    """

    def __init__(self, surface: Surface) -> None:
        self.surface = surface
        self.dimension = surface.dimension
        parameters = tuple(float(surface.parameters[name]) for name in surface.model.inputs[self.dimension :])
        self.parameters = parameters
        self.length = 1 + len(surface.model.hessian.instructions)
        self._value = IntervalTape(surface.model.value, parameters, INTERVAL_OPERATIONS)
        self._gradient = IntervalTape(surface.model.gradient, parameters, INTERVAL_OPERATIONS)
        self._hessian = IntervalTape(surface.model.hessian, parameters, INTERVAL_OPERATIONS)

    def value(self, boxes: Boxes) -> Interval:
        """Enclose f."""
        with quiet():
            (value,) = self._value(boxes)
        return _widened(value, boxes.shape[2])

    def gradient(self, boxes: Boxes) -> Gradient:
        """Enclose f and its gradient."""
        with quiet():
            outputs = self._gradient(boxes)
        return self._as_gradient(outputs, boxes.shape[2])

    def hessian(self, boxes: Boxes) -> Hessian:
        """Enclose f, its gradient and its Hessian."""
        n, count = self.dimension, boxes.shape[2]
        with quiet():
            outputs = self._hessian(boxes)
        gradient = self._as_gradient(outputs[: n + 1], count)
        rows: list[list[Interval]] = [[gradient.value] * n for _ in range(n)]
        upper = iter(outputs[n + 1 :])
        flags: Flags = gradient.flags
        for i in range(n):
            for j in range(i, n):
                entry = _widened(next(upper), count)
                flags = merged(flags, entry.flags)
                rows[i][j] = rows[j][i] = entry
        return Hessian(gradient, tuple(map(tuple, rows)), _filled(flags, count))

    @cached_property
    def _third(self) -> IntervalTape:
        model = self.surface.model
        return IntervalTape(third_derivative_tape(model.value, model.variables), self.parameters, INTERVAL_OPERATIONS)

    def third_derivatives(self, boxes: Boxes) -> dict[tuple[int, int, int], Interval]:
        """Enclose ∂i∂j∂k f for i ≤ j ≤ k."""
        n, count = self.dimension, boxes.shape[2]
        with quiet():
            outputs = self._third(boxes)
        places = [(i, j, k) for i in range(n) for j in range(i, n) for k in range(j, n)]
        return {place: _widened(output, count) for place, output in zip(places, outputs, strict=True)}

    def gradient_of_points(self, points: Array) -> Gradient:
        """Enclose f and its gradient at points (n, N)."""
        return self.gradient(point_boxes(points))

    def floats(self, points: Array) -> tuple[Array, Array, Array]:
        """Return f (N,), gradient (n, N) and Hessian (n, n, N) at points (n, N), as plain floats."""
        n, count = points.shape
        with quiet():
            outputs = self.surface.model.hessian.on([*points, *self.parameters])
        full = [np.broadcast_to(np.asarray(output, dtype=np.float64), (count,)) for output in outputs]
        hessian = np.empty((n, n, count))
        upper = iter(full[n + 1 :])
        for i in range(n):
            for j in range(i, n):
                hessian[i, j] = hessian[j, i] = next(upper)
        return full[0], np.stack(full[1 : n + 1]), hessian

    def _as_gradient(self, outputs: list[Interval], count: int) -> Gradient:
        value, *slopes = (_widened(output, count) for output in outputs)
        return Gradient(value, tuple(slopes), _filled(merged(value.flags, *(s.flags for s in slopes)), count))


def _widened(value: Interval, count: int) -> Interval:
    if value.bounds.shape[1] == count:
        return value
    return Interval(np.broadcast_to(value.bounds, (2, count)), value.flags)


def _filled(flags: Flags, count: int) -> NDArray[np.uint8]:
    return np.broadcast_to(np.asarray(flags, dtype=np.uint8), (count,))
