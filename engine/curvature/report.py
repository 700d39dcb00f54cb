"""Everything that a panel shows about one point, computed in one call."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, cast

import numpy as np

from ..arrays import Array
from .second_derivative_test import Verdict, ViewScale, criticality, second_derivative_test
from .spectrum import Spectrum, spectrum
from .stability import Stability, stability

_SCALE_SAMPLES = 5


class ReportableSurface(Protocol):
    """What a report needs of a surface: its box, derivatives at one point, and Hessians in bulk."""

    @property
    def box(self) -> tuple[tuple[float, float], ...]:
        """One (low, high) pair for each variable."""

    def value_at(self, x: Sequence[float]) -> float:
        """Return the value at one point."""

    def gradient_at(self, x: Sequence[float]) -> tuple[float, ...]:
        """Return the gradient (n,) at one point."""

    def hessian_at(self, x: Sequence[float]) -> tuple[tuple[float, ...], ...]:
        """Return the Hessian (n, n) at one point."""

    def hessian(self, x: Array) -> Array:
        """Return the Hessians (…, n, n) at points (…, n)."""


@dataclass(frozen=True, eq=False)
class PointReport:
    """The value, derivatives, spectrum, stability and verdict at ``point``; the arrays are read-only.

    ``point`` and ``gradient`` are (n,), ``hessian`` is (n, n). ``sentence`` explains the verdict; ``shape``
    says in words how the surface curves here, critical or not.
    """

    point: Array
    value: float
    gradient: Array
    gradient_norm: float
    hessian: Array
    spectrum: Spectrum
    stability: Stability
    verdict: Verdict
    sentence: str
    shape: str


def report_at(surface: ReportableSurface, x: Sequence[float] | Array, view: ViewScale | None = None) -> PointReport:
    """Report on ``surface`` at the point ``x`` (n,).

    ``view`` sets the scale of the tolerances; without it the surface's own box is measured, once for each
    surface. Never raises for numbers: a point where something is not finite gets the verdict UNDEFINED.
    """
    point = tuple(float(coordinate) for coordinate in x)
    scale = _reaching(_own_scale(cast(Hashable, surface)) if view is None else view, point, surface.box)
    value = float(surface.value_at(point))
    gradient = _frozen(surface.gradient_at(point))
    hessian = _frozen(surface.hessian_at(point))
    gradient_norm = _norm(gradient)
    plain = spectrum(hessian)
    found = criticality(point, gradient, plain, scale)
    judged = spectrum(hessian, found.floor) if found.floor > 0 else plain
    judgement = second_derivative_test(value, gradient_norm, judged, found.critical)
    # Off a critical point the floor means nothing: there the Hessian is what it is.
    shown = plain if judgement.verdict is Verdict.NOT_CRITICAL else judged
    return PointReport(
        point=_frozen(point),
        value=value,
        gradient=gradient,
        gradient_norm=gradient_norm,
        hessian=hessian,
        spectrum=shown,
        stability=stability(shown),
        verdict=judgement.verdict,
        sentence=judgement.sentence,
        shape=shape(shown),
    )


@lru_cache(maxsize=32)
def _own_scale(surface: Hashable) -> ViewScale:
    return view_scale(cast(ReportableSurface, surface))


def view_scale(surface: ReportableSurface, box: Sequence[tuple[float, float]] | None = None) -> ViewScale:
    """Measure a view: its half-diagonal, and the median over a coarse grid of the Hessian's largest entry.

    ``box`` defaults to the surface's own.
    """
    sides = surface.box if box is None else box
    length = math.hypot(*(0.5 * high - 0.5 * low for low, high in sides))
    # Off-centre nodes, so that a symmetric surface is not sampled on its own axes alone.
    fractions = (np.arange(_SCALE_SAMPLES) + 0.37) / _SCALE_SAMPLES
    axes = [low * (1.0 - fractions) + high * fractions for low, high in sides]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(axes))
    with np.errstate(all="ignore"):
        # The largest entry, for a norm of squares would overflow beyond 1e154.
        sizes = np.max(np.abs(np.asarray(surface.hessian(points), dtype=np.float64)), axis=(-2, -1))
    finite = sizes[np.isfinite(sizes)]
    return ViewScale(length, float(np.median(finite)) if finite.size else 0.0)


def shape(spectrum: Spectrum) -> str:
    """Say in words how a surface curves, from the signs of its Hessian's eigenvalues."""
    signs = spectrum.signs
    if not signs:
        return "no curvature: the Hessian is undefined here"
    up, down, flat = signs.count(1), signs.count(-1), signs.count(0)
    if len(signs) == 1:
        return "curves up: a bowl" if up else "curves down: a dome" if down else "no curvature: locally straight"
    if flat == len(signs):
        return "no curvature in any direction: locally a plane"
    if up and down:
        return "curves up one way and down another: a saddle" + (", flat in between" if flat else "")
    if flat:
        return "curves up one way, flat another: a trough" if up else "curves down one way, flat another: a ridge"
    return "curves up in every direction: a bowl" if up else "curves down in every direction: a dome"


def _reaching(view: ViewScale, point: Sequence[float], box: Sequence[tuple[float, float]]) -> ViewScale:
    """Far outside the view, where f is huge, its half-diagonal is no yardstick: the distance is.

    Else a diverging run would pass through "critical" points, as f is large and flat on the view's scale.
    """
    away = math.hypot(*(c - 0.5 * low - 0.5 * high for c, (low, high) in zip(point, box, strict=True)))
    return ViewScale(max(view.length, away), view.curvature) if math.isfinite(away) else view


def _norm(gradient: Array) -> float:
    # hypot neither overflows nor underflows on the way, but calls (inf, NaN) infinite.
    components: list[float] = gradient.tolist()
    return math.nan if any(math.isnan(component) for component in components) else math.hypot(*components)


def _frozen(numbers: Sequence[float] | Sequence[Sequence[float]]) -> Array:
    array = np.array(numbers, dtype=np.float64)
    array.setflags(write=False)
    return array
