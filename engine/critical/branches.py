"""The level curve through a degenerate point: how many half-branches leave it, by Newton's polygon.

Near an isolated critical point the set f = f(p) is a bundle of 2k half-branches that separate k sectors in
which f is larger from k in which it is smaller; the point's Poincaré index is 1 - k, and k = 0 at a minimum or
maximum (Arnold, *Index of a singular point of a vector field*, 1978). A half-branch is counted once it is
separated from all others (Newton-Puiseux; Walker, *Algebraic Curves*, chapter IV). A multiple one is a curve of
critical points.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

from .closed_form import Number, OpenError, is_zero, power
from .jet import Degrees, Jet
from .polynomial import (
    Polynomial,
    count_real_roots,
    real_roots,
    signed_roots,
    square_free,
    trimmed,
)

MAX_DEPTH = 16


class MoreTermsError(ArithmeticError):
    """Terms beyond the order of the expansion could change the answer."""


class CurveError(ArithmeticError):
    """A half-branch is multiple: the critical points form a curve."""


def half_branches(jet: Jet) -> int:
    """Return the number of half-branches of ``jet = its constant``, each proved to be simple.

    Raises:
        MoreTermsError: the order is too low.
        CurveError: a branch is multiple.
        OpenError: a number that decides is out of reach.
    """
    given = {d: c for d, c in jet.terms.items() if d != (0, 0) and not is_zero(c)}
    if not given:
        raise CurveError if jet.complete else MoreTermsError
    lowest = min(i + j for i, j in given)
    terms = _with_upright_term(given, lowest)
    known = math.inf if jet.complete else jet.order + 1 - lowest
    form = trimmed([terms.get((lowest - j, j), 0) for j in range(lowest + 1)])
    total = 0
    for factor, multiplicity in square_free(form):
        if multiplicity == 1:
            total += 2 * _count(factor)
            continue
        if not _count(factor):
            continue
        for slope in real_roots(factor):
            for side in (1, -1):
                # The blow-up x = side·X, y = x·(slope + t), and the common power of X divided out.
                blown = _expanded([(i + j - lowest, j, c * side ** (i + j)) for (i, j), c in terms.items()], slope)
                total += _separated(blown, known, multiplicity, 0)
    return total


def _count(p: Polynomial) -> int:
    """The number of real roots, zero included."""
    if is_zero(p[0]):
        return 1 + (count_real_roots(p[1:]) if len(p) > 2 else 0)
    return count_real_roots(p)


def _with_upright_term(terms: Mapping[Degrees, Number], degree: int) -> Mapping[Degrees, Number]:
    """Coordinates in which no branch is tangent to the second axis."""
    if (0, degree) in terms:
        return terms
    if (degree, 0) in terms:
        return {(j, i): c for (i, j), c in terms.items()}
    for k in (1, -1, 2, -2, 3, -3, *range(4, degree + 2)):
        at_k: Number = 0
        for (i, j), c in terms.items():
            if i + j == degree:
                at_k = at_k + c * k**i
        if not is_zero(at_k):
            return _nonzero(sheared(terms, k))
    raise OpenError("no direction found")


def sheared(terms: Mapping[Degrees, Number], k: Number) -> dict[Degrees, Number]:
    """Return the terms after x = X + k·Y."""
    result: dict[Degrees, Number] = {}
    for (i, j), c in terms.items():
        for m in range(i + 1):
            degrees = (i - m, j + m)
            result[degrees] = result.get(degrees, 0) + c * power(k, m) * math.comb(i, m)
    return {d: c for d, c in result.items() if c}


def _nonzero(terms: Mapping[Degrees, Number]) -> dict[Degrees, Number]:
    return {d: c for d, c in terms.items() if not is_zero(c)}


def _expanded(terms: Sequence[tuple[int, int, Number]], shift: Number) -> dict[Degrees, Number]:
    """Terms (i, j, c) of c·X^i·(shift + t)^j, as a polynomial in X and t."""
    result: dict[Degrees, Number] = {}
    powers: list[Number] = [1]
    for i, j, c in terms:
        while len(powers) <= j:
            powers.append(powers[-1] * shift)
        for m in range(j + 1):
            coefficient = powers[j - m]
            if coefficient:
                result[i, m] = result.get((i, m), 0) + c * coefficient * math.comb(j, m)
    return _nonzero({d: c for d, c in result.items() if c})


def _separated(terms: Mapping[Degrees, Number], known: float, height: int, depth: int) -> int:
    """The number of half-branches t(X), X > 0, of a series with t^height at X = 0, known below X^known."""
    if height == 1:
        return 1
    if depth > MAX_DEPTH:
        raise MoreTermsError
    total = 0
    corner = (0, height)
    while corner[1] > 0:
        below = [(i, j) for i, j in terms if j < corner[1] and i < known]
        if corner[1] == 1:
            return total + 1
        if not below:
            if known == math.inf:
                raise CurveError
            raise MoreTermsError
        steepness = min(Fraction(i - corner[0], corner[1] - j) for i, j in below)
        if corner[0] + corner[1] * steepness >= known:
            raise MoreTermsError
        on_edge = [(i, j) for i, j in below if Fraction(i - corner[0], corner[1] - j) == steepness]
        end = min(on_edge, key=lambda point: point[1])
        total += _on_edge(terms, known, corner, end, steepness, depth)
        corner = end
    return total


def _on_edge(
    terms: Mapping[Degrees, Number], known: float, corner: Degrees, end: Degrees, steepness: Fraction, depth: int
) -> int:
    """The half-branches t = X^steepness·(c + …) with c ≠ 0."""
    p, q = steepness.numerator, steepness.denominator
    points = [(end[0] + p * k, end[1] - q * k) for k in range(0, -(corner[1] - end[1]) // q - 1, -1)]
    edge = trimmed([terms.get(point, 0) for point in points])
    total = 0
    for factor, multiplicity in square_free(edge):
        real = count_real_roots(factor) if q % 2 else 2 * count_real_roots(factor, positive=True)
        if multiplicity == 1 or not real:
            total += real
            continue
        weight = q * corner[0] + p * corner[1]
        moved = [(q * i + p * j - weight, j, c) for (i, j), c in terms.items()]
        for z in real_roots(factor):
            for c in signed_roots(z, q):
                blown = _expanded(moved, c)
                total += _separated(blown, q * known - weight, multiplicity, depth + 1)
    return total
