"""Small linear systems, in batches, where a singular matrix is an answer and not an exception."""

import math
from typing import TypeVar

import numpy as np

from ..arrays import Array

_Number = TypeVar("_Number", float, Array)
_SPLITTER = 134217729.0
"""2²⁷ + 1."""


def solve(matrix: Array, vector: Array) -> Array:
    """Return the solution of ``matrix @ result = vector`` for ``(..., n, n)`` and ``(..., n)``.

    One or two variables are solved in closed form with the matrix scaled first (no overflow), more by
    LU. NaN where the matrix is singular, except that a zero vector always gives zero.
    """
    with np.errstate(all="ignore"):
        still = np.all(vector == 0.0, axis=-1, keepdims=True)
        scale = np.max(np.abs(matrix), axis=(-2, -1))[..., None]
        scaled = matrix / scale[..., None]
        size = vector.shape[-1]
        if size == 1:
            result = vector / scaled[..., 0]
        elif size == 2:
            result = _solve_two(scaled, vector)
        else:
            result = _solve_many(scaled, vector)
        return np.where(still, 0.0, np.where(np.isinf(result), np.nan, result / scale))


def eigen(matrix: Array) -> tuple[Array, Array]:
    """Return eigenvalues ``(..., n)``, ascending, and eigenvectors in columns, ``(..., n, n)``.

    For symmetric matrices; NaN where one is not finite. Scaled first, so that it can't overflow.
    """
    with np.errstate(all="ignore"):
        usable = np.all(np.isfinite(matrix), axis=(-2, -1))[..., None, None]
        largest = np.max(np.abs(matrix), axis=(-2, -1), keepdims=True)
        scale = np.where(usable & (largest > 0.0), largest, 1.0)
        values, vectors = np.linalg.eigh(np.where(usable, matrix / scale, 0.0))
        return np.where(usable[..., 0], values * scale[..., 0], np.nan), np.where(usable, vectors, np.nan)


def fused(factor: Array, vector: Array, addend: Array) -> Array:
    """Return factor·vector + addend rounded once (up to rare ties), as a fused multiply-add rounds it.

    What torch computes on CPUs that have the instruction. The product's and the sum's rounding errors are
    found exactly (Dekker, 1971; Knuth's two-sum) and added last; where that overflows, plain rounding.
    """
    total, lost = _total_and_loss(factor, vector, addend)
    return np.where(np.isfinite(lost), total + lost, total)


def fused_number(factor: float, number: float, addend: float) -> float:
    """Return `fused` of plain floats, the same bits in a tenth of the time."""
    total, lost = _total_and_loss(factor, number, addend)
    return total + lost if math.isfinite(lost) else total


def _total_and_loss(factor: _Number, vector: _Number, addend: _Number) -> tuple[_Number, _Number]:
    """factor·vector + addend rounded twice, and what the roundings lost."""
    product = factor * vector
    # Veltkamp's split into two numbers of at most 26 bits.
    scaled = _SPLITTER * factor
    high = scaled - (scaled - factor)
    low = factor - high
    scaled = _SPLITTER * vector
    top = scaled - (scaled - vector)
    rest = vector - top
    lost = ((high * top - product) + high * rest + low * top) + low * rest
    total = product + addend
    share = total - product
    return total, lost + ((product - (total - share)) + (addend - share))


def _solve_two(matrix: Array, vector: Array) -> Array:
    # Gaussian elimination with the rows swapped where the lower pivot is larger, as LU would.
    swap = (np.abs(matrix[..., 1, 0]) > np.abs(matrix[..., 0, 0]))[..., None]
    top, bottom = (np.where(swap, matrix[..., 1 - i, :], matrix[..., i, :]) for i in (0, 1))
    first, second = (np.where(swap[..., 0], vector[..., 1 - i], vector[..., i]) for i in (0, 1))
    factor = bottom[..., 0] / top[..., 0]
    y = (second - factor * first) / (bottom[..., 1] - factor * top[..., 1])
    x = (first - top[..., 1] * y) / top[..., 0]
    return np.stack((x, y), axis=-1)


def _solve_many(matrix: Array, vector: Array) -> Array:
    size = vector.shape[-1]
    matrices, vectors = matrix.reshape(-1, size, size), vector.reshape(-1, size)
    result = np.full(vectors.shape, np.nan)
    for index, (one, right) in enumerate(zip(matrices, vectors, strict=True)):
        # One singular matrix must not take the rest of the batch with it.
        try:
            result[index] = np.linalg.solve(one, right)
        except np.linalg.LinAlgError:
            continue
    return result.reshape(vector.shape)
