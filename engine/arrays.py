"""The array type that every room of the engine shares."""

from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
"""A float64 array; docstrings give its shape, with ``n`` variables last and batch axes before."""

Mask: TypeAlias = NDArray[np.bool_]
"""True or false an element."""

_Number = TypeVar("_Number", bound=np.number[Any])

Whole: TypeAlias = NDArray[np.int64]
"""Whole numbers: indices, counts."""

FEW = 8
"""From this many columns on, NumPy adds in another order than one after the other."""


def last_sum(array: Array) -> Array:
    """Return the sum over the last axis, which stays as one of length 1: ``(..., n) -> (..., 1)``.

    The bits are those of ``np.sum``, which reduces a short last axis row by row: ten times slower.
    """
    if array.ndim == 1 or not 0 < array.shape[-1] < FEW:
        reduced: Array = np.add.reduce(array, axis=-1, keepdims=True)
        return reduced
    total = array[..., :1] + 0.0
    for column in range(1, array.shape[-1]):
        total += array[..., column : column + 1]
    return total


def last_max(array: Array) -> Array:
    """Return the maximum over the last axis, NaN where one is, ``(..., n) -> (..., 1)``; see `last_sum`."""
    if array.ndim == 1 or not 0 < array.shape[-1] < FEW:
        reduced: Array = np.maximum.reduce(array, axis=-1, keepdims=True)
        return reduced
    most = array[..., :1].copy()
    for column in range(1, array.shape[-1]):
        np.maximum(most, array[..., column : column + 1], out=most)
    return most


def distinct(values: NDArray[_Number]) -> NDArray[_Number]:
    """Return the values (N,) that there are, ascending and each once; ``np.unique`` imports all of ``numpy.ma``."""
    ordered = np.sort(values)
    first = np.ones(len(ordered), dtype=np.bool_)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]


def all_true(mask: Mask) -> bool:
    """Return whether all elements are true; a single one is looked at without a reduction."""
    return bool(mask.item() if mask.size == 1 else mask.all())
