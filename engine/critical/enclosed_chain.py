"""Sturm's chain of a polynomial whose coefficients are no rationals: in intervals, where those are enough.

Exact division of long closed forms makes them explode; the generic chain, in which every degree drops by one,
is proved by intervals that exclude zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from .closed_form import Number
from .closed_value import enclosure


def count_simple_roots(p: Sequence[Number], positive: bool) -> int | None:
    """Return the number of real (or positive) roots of a polynomial, proved to be all simple; None if unsure."""
    chain = _chain([enclosure(c) for c in p])
    if chain is None:
        return None
    far = [_sign(q[-1]) for q in chain]
    if positive:
        near = [_sign(q[0]) for q in chain]
        if 0 in near:
            return None
    else:
        near = [side * (-1) ** (len(q) - 1) for side, q in zip(far, chain, strict=True)]
    return _changes(near) - _changes(far)


def _chain(p: list[Any]) -> list[list[Any]] | None:
    chain = [p, [c * k for k, c in enumerate(p)][1:]]
    while True:
        if _sign(chain[-1][-1]) == 0:
            return None
        if len(chain[-1]) == 1:
            return chain
        rest, divisor = list(chain[-2]), chain[-1]
        for _ in range(len(rest) - len(divisor) + 1):
            factor = rest.pop() / divisor[-1]
            shift = len(rest) + 1 - len(divisor)
            for k, c in enumerate(divisor[:-1]):
                rest[k + shift] = rest[k + shift] - factor * c
        chain.append([-c for c in rest])


def _sign(x: Any) -> int:
    return int(x.a > 0) - int(x.b < 0)


def _changes(signs: Sequence[int]) -> int:
    return sum(a != b for a, b in pairwise(signs))
