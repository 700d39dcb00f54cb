"""The second-derivative test's first half for many points at once."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..arrays import Array, Mask
from .second_derivative_test import CRITICAL_DISTANCE, DISPLACEMENT_MARGIN, ULPS, ViewScale
from .spectrum import ZERO_EIGENVALUE, eigenpairs


class Criticalities(NamedTuple):
    """Which of m points are critical ``(m,)``, and the signs of the Hessian's eigenvalues there ``(m, n)``.

    A sign is 0 where the eigenvalue counts as zero; signs of points that are not critical mean nothing.
    """

    critical: Mask
    signs: Array


def criticalities(
    points: Array, gradients: Array, hessians: Array, view: ViewScale, box: Sequence[tuple[float, float]]
) -> Criticalities:
    """Tell for points ``(m, n)`` what `report_at` tells for one, from gradients ``(m, n)`` and Hessians ``(m, n, n)``.

    The rules are those of `criticality`, with the view's length replaced by the distance from its centre for
    points far outside, as `report_at` does.
    """
    with np.errstate(all="ignore"):
        values, vectors = eigenpairs(hessians)
        slopes = np.abs(np.einsum("mkn,mn->mk", vectors, gradients))
        centre = np.array([0.5 * low + 0.5 * high for low, high in box])
        away = np.sqrt(np.sum((points - centre) ** 2, axis=1))
        length = np.where(np.isfinite(away), np.maximum(away, view.length), view.length)
        near = np.maximum(CRITICAL_DISTANCE * length, ULPS * 2.0**-52 * np.max(np.abs(points), axis=1))
        sizes = np.abs(values)
        norm = np.max(sizes, axis=1)
        # The stiffest direction first: the steps in it bound what the others' curvatures can be trusted to be.
        order = np.argsort(-sizes, axis=1, kind="stable")
        critical = np.isfinite(norm) & np.all(np.isfinite(gradients), axis=1)
        displacement = np.zeros(len(points))
        for k in range(points.shape[1]):
            size = np.take_along_axis(sizes, order[:, k : k + 1], axis=1)[:, 0]
            slope = np.take_along_axis(slopes, order[:, k : k + 1], axis=1)[:, 0]
            floor = DISPLACEMENT_MARGIN * displacement / length * view.curvature
            flat = size <= np.maximum(ZERO_EIGENVALUE * norm, floor)
            critical &= slope <= np.where(flat, norm, size) * near
            displacement = displacement + np.where(flat, 0.0, slope / size)
        floor = DISPLACEMENT_MARGIN * displacement / length * view.curvature
        threshold = np.maximum(ZERO_EIGENVALUE * norm, np.where(np.isfinite(floor), floor, 0.0))
        return Criticalities(critical, np.where(sizes <= threshold[:, np.newaxis], 0.0, np.sign(values)))
