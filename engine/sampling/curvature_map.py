"""The Hessian's eigenvalues over a grid: where a surface curves up, where down, and how sharply."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..arrays import Array
from ..curvature.spectrum import ZERO_EIGENVALUE


class CurvatureSign(IntEnum):
    """How a surface curves at a point, by the signs of its Hessian's eigenvalues."""

    UNDEFINED = 0
    POSITIVE = 1
    """Positive definite: up in every direction."""
    INDEFINITE = 2
    """Up in one direction and down in another."""
    NEGATIVE = 3
    """Negative definite: down in every direction."""
    TROUGH = 4
    """Up in one direction, flat in another: positive semidefinite."""
    RIDGE = 5
    """Down in one direction, flat in another: negative semidefinite."""
    PLANE = 6
    """Flat: no curvature at all."""


class CurvedSurface(Protocol):
    """What a curvature map needs of a surface of two variables."""

    def gradient(self, x: Array) -> Array:
        """Return the gradients (…, 2) at points (…, 2)."""

    def hessian(self, x: Array) -> Array:
        """Return the Hessians (…, 2, 2) at points (…, 2)."""


@dataclass(frozen=True, eq=False)
class CurvatureMap:
    """Curvature on a grid: ``axes`` are xs (W,) and ys (H,), each array is (H, W), row j at ys[j].

    ``smallest`` and ``largest`` are λ_min and λ_max, NaN where the Hessian is not finite; ``condition`` is
    |λ|max / |λ|min, infinite where one eigenvalue is 0 and NaN where both are; ``slope`` is ‖∇f‖; ``signs``
    holds :class:`CurvatureSign` values.
    """

    axes: tuple[Array, Array]
    smallest: Array
    largest: Array
    condition: Array
    slope: Array
    signs: NDArray[np.int8]


def curvature_map(surface: CurvedSurface, xs: Sequence[float] | Array, ys: Sequence[float] | Array) -> CurvatureMap:
    """Return the curvature of a surface of two variables at all points of the axes xs (W,) and ys (H,).

    The axes are taken as they are, in any order: a picture passes its rows from the top down. An eigenvalue
    counts as zero, for the signs alone, when its magnitude is at most ``ZERO_EIGENVALUE`` of the other's.
    Never warns.
    """
    axes = np.asarray(xs, dtype=np.float64), np.asarray(ys, dtype=np.float64)
    points = np.stack(np.meshgrid(*axes, indexing="xy"), axis=-1)
    gradients = np.asarray(surface.gradient(points), dtype=np.float64)
    smallest, largest = eigenvalues_2x2(np.asarray(surface.hessian(points), dtype=np.float64))
    with np.errstate(all="ignore"):
        magnitudes = np.abs(smallest), np.abs(largest)
        condition = np.maximum(*magnitudes) / np.minimum(*magnitudes)
        slope = np.hypot(gradients[..., 0], gradients[..., 1])
    # hypot calls (inf, NaN) infinite.
    slope = np.where(np.isnan(gradients).any(axis=-1), np.nan, slope)
    return CurvatureMap(axes, smallest, largest, condition, slope, curvature_signs(smallest, largest))


def eigenvalues_2x2(matrices: Array) -> tuple[Array, Array]:
    """Return the smaller and the larger eigenvalue (…) of symmetric matrices (…, 2, 2), NaN if not finite.

    The mean of the diagonal plus or minus the hypotenuse of half its difference and the other entry. As in
    LAPACK's ``dlae2`` the eigenvalue of smaller magnitude is the determinant over the other one, which keeps
    the digits that a difference of equals loses. Entries are scaled by a power of two, which is exact, so
    that no product leaves the double range.
    """
    with np.errstate(all="ignore"):
        a, d = matrices[..., 0, 0], matrices[..., 1, 1]
        b = 0.5 * matrices[..., 0, 1] + 0.5 * matrices[..., 1, 0]
        size = np.maximum(np.maximum(np.abs(a), np.abs(d)), np.abs(b))
        defined = np.isfinite(size)
        exponent = np.frexp(np.where(defined & (size > 0), size, 1.0))[1]
        a, b, d = (np.ldexp(np.where(defined, entry, 0.0), -exponent) for entry in (a, b, d))
        mean, half = 0.5 * (a + d), 0.5 * (a - d)
        radius = np.hypot(half, b)
        larger = np.where(mean >= 0, mean + radius, mean - radius)
        smaller = np.where(larger == 0, 0.0, (a * d - b * b) / larger)
        low, high = np.minimum(larger, smaller), np.maximum(larger, smaller)
        return (
            np.where(defined, np.ldexp(low, exponent), np.nan),
            np.where(defined, np.ldexp(high, exponent), np.nan),
        )


def curvature_signs(smallest: Array, largest: Array) -> NDArray[np.int8]:
    """Return the :class:`CurvatureSign` (…) of eigenvalue pairs (…)."""
    defined = ~(np.isnan(smallest) | np.isnan(largest))
    with np.errstate(all="ignore"):
        floor = ZERO_EIGENVALUE * np.maximum(np.abs(smallest), np.abs(largest))
        low = np.where(np.abs(smallest) <= floor, 0.0, np.sign(smallest))
        high = np.where(np.abs(largest) <= floor, 0.0, np.sign(largest))
    kinds = [
        (low > 0, CurvatureSign.POSITIVE),
        (high < 0, CurvatureSign.NEGATIVE),
        ((low < 0) & (high > 0), CurvatureSign.INDEFINITE),
        ((low == 0) & (high > 0), CurvatureSign.TROUGH),
        ((low < 0) & (high == 0), CurvatureSign.RIDGE),
    ]
    signs = np.select([where for where, _ in kinds], [kind for _, kind in kinds], CurvatureSign.PLANE)
    return np.where(defined, signs, CurvatureSign.UNDEFINED).astype(np.int8)
