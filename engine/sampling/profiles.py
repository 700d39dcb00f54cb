"""A surface along the lines that matter at a point: its axes, its gradient, its eigenvectors, and another point."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

import numpy as np

from ..arrays import Array
from ..curvature.spectrum import eigenpairs
from ..curvature.taylor import Differentiable, TaylorModel, taylor_model
from .grid import Box, SampledSurface
from .sections import cross_section, extent_in_box


class Line(Enum):
    """Which line a profile follows; the value says it in words."""

    VARIABLE = "along a variable"
    GRADIENT = "along the gradient"
    EIGENVECTOR = "along an eigenvector"
    BETWEEN = "between two points"


class ProfiledSurface(SampledSurface, Differentiable, Protocol):
    """What profiles need of a surface: values, gradients and Hessians."""


@dataclass(frozen=True, eq=False)
class Profile:
    """f along a straight line through a point, and the Taylor parabola of that point over it.

    ``offsets`` t (k,) are lengths from the point along the unit vector ``direction`` (n,); ``values`` and
    ``model`` (k,) are f and its second-order model at point + t·direction. ``index`` is the variable's or the
    eigenvector's place, smallest eigenvalue first; ``other`` is the second point's t where the line leads to
    one. ``value`` is f at the point, ``slope`` and ``curvature`` the first and second derivative along the line.
    """

    line: Line
    index: int
    direction: Array
    offsets: Array
    values: Array
    model: Array
    value: float
    slope: float
    curvature: float
    other: float | None = None


def profiles(
    surface: ProfiledSurface,
    point: Sequence[float] | Array,
    box: Box,
    other: Sequence[float] | Array | None = None,
    count: int = 241,
) -> tuple[Profile, ...]:
    """Return the profiles of a surface at ``point`` (n,) inside ``box``: variables, −∇f, eigenvectors, ``other``.

    A line that does not exist is left out: along a zero or undefined gradient, along eigenvectors of an
    undefined Hessian, to a point that is the same. In one variable all lines are one, and only the first
    stays. Each line goes as far as the box does; from a point outside of it, as far as the box's longest side.
    """
    origin = np.asarray(point, dtype=np.float64)
    model = taylor_model(surface, origin)
    lines = [(Line.VARIABLE, k, unit) for k, unit in enumerate(np.eye(len(origin)))]
    if len(origin) > 1:
        lines.append((Line.GRADIENT, 0, -model.gradient))
        lines += [(Line.EIGENVECTOR, k, vector) for k, vector in enumerate(eigenpairs(model.hessian)[1])]
    away = None if other is None else np.asarray(other, dtype=np.float64) - origin
    if away is not None and len(origin) > 1:
        lines.append((Line.BETWEEN, 0, away))
    made = [_profile(surface, model, box, line, k, vector, count) for line, k, vector in lines]
    return tuple(profile for profile in made if profile is not None)


def _profile(
    surface: ProfiledSurface, model: TaylorModel, box: Box, line: Line, index: int, vector: Array, count: int
) -> Profile | None:
    direction = _unit(vector)
    if direction is None or not np.isfinite(model.point).all():
        return None
    extent = extent_in_box(model.point, direction, box)
    if extent is None or not extent[0] <= 0.0 <= extent[1] or extent[0] == extent[1]:
        reach = max(0.5 * high - 0.5 * low for low, high in box)
        extent = (-reach, reach)
    other = None
    if line is Line.BETWEEN:
        other = float(vector @ direction)
        # Both points with a little room around them: the view may be far larger, or hold only one.
        extent = (-0.25 * other, 1.25 * other)
    section = cross_section(surface, model.point, direction, extent, count)
    with np.errstate(all="ignore"):
        slope = float(model.gradient @ direction)
        curvature = float(direction @ model.hessian @ direction)
        parabola = model.value + section.offsets * (slope + 0.5 * curvature * section.offsets)
    return Profile(
        line, index, direction, section.offsets, section.values, parabola, model.value, slope, curvature, other
    )


def _unit(vector: Array) -> Array | None:
    """Return a vector at length 1, None for a zero one or one that is not finite."""
    size = float(np.max(np.abs(vector)))
    if not (math.isfinite(size) and size > 0):
        return None
    scaled = vector / size
    unit: Array = scaled / math.hypot(*scaled.tolist())
    return unit
