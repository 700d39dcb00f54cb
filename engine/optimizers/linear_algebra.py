"""Small linear systems, in batches, where a singular matrix is an answer and not an exception."""

import numpy as np

from ..arrays import Array


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
