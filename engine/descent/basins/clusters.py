"""Clusters of points: the same within an accuracy, or chained in small steps as along a valley."""

import numpy as np
from numpy.typing import NDArray

from ...arrays import Array

Labels = NDArray[np.intp]


def clusters(points: Array, link: float | Array) -> Labels:
    """Return a cluster's number for each point ``(m, n)``, from 0 in the order of first appearance.

    Space is cut into cubes of side ``link``, one number or one a point; points in one cube or in touching
    ones belong together, so that gaps below ``link`` never part and gaps above 2·√n·``link`` always do.
    Points with different links are kept apart.
    """
    if not len(points):
        return np.zeros(0, dtype=np.intp)
    sides = np.broadcast_to(np.asarray(link, dtype=np.float64), len(points))
    scale = np.unique(sides, return_inverse=True)[1].reshape(-1, 1)
    cubes = np.concatenate((scale, np.floor(points / sides[:, np.newaxis])), axis=1)
    unique, first, inverse = np.unique(cubes, axis=0, return_index=True, return_inverse=True)
    # In the order of appearance, so that a list of clusters does not depend on how cubes are sorted.
    rank = np.argsort(np.argsort(first))
    component = _joined(unique)
    lowest = np.full(component.max() + 1, len(first))
    np.minimum.at(lowest, component, rank)
    number: Labels = np.argsort(np.argsort(lowest))[component][inverse.reshape(-1)]
    return number


def _joined(cubes: Array) -> Labels:
    """The component of each of the occupied cubes ``(k, 1 + n)``, where touching ones belong together."""
    index = {cube: number for number, cube in enumerate(map(tuple, cubes.tolist()))}
    parent = list(range(len(index)))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    offsets = _half_neighbours(cubes.shape[1] - 1)
    for cube, number in index.items():
        for offset in offsets:
            other = index.get((cube[0], *(a + b for a, b in zip(cube[1:], offset, strict=True))))
            if other is not None:
                parent[root(other)] = root(number)
    roots = np.array([root(number) for number in range(len(parent))], dtype=np.intp)
    component: Labels = np.unique(roots, return_inverse=True)[1].reshape(-1)
    return component


def _half_neighbours(n: int) -> list[tuple[float, ...]]:
    """One of each pair of opposite steps to a touching cube."""
    grid = np.stack(np.meshgrid(*[[-1.0, 0.0, 1.0]] * n, indexing="ij"), axis=-1).reshape(-1, n)
    return [tuple(each) for each in grid[len(grid) // 2 + 1 :].tolist()]
