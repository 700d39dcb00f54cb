"""A degenerate point whose Hessian is singular in one direction only: remove what is regular, see what is left.

By the splitting lemma (Gromoll & Meyer 1969; Poston & Stewart, *Catastrophe Theory*, chapter 4) there are
coordinates in which f = ½·λ·t² + c·sⁿ + …, s along the kernel. They come from completing the square, one power
of s at a time.
"""

from __future__ import annotations

from typing import NamedTuple

from .branches import CurveError, MoreTermsError, sheared
from .closed_form import Number, divide, is_zero, power
from .jet import Degrees, Jet


class Split(NamedTuple):
    """f = ``square``·t² + ``coefficient``·s^``order`` + …, the variable ``along`` (0 or 1) serving as s.

    t is the other variable plus ``slope``·s less Σ c·s^k over ``shift``'s pairs (k, c).
    """

    square: Number
    coefficient: Number
    order: int
    along: int
    slope: Number
    shift: tuple[tuple[int, Number], ...]
    whole: bool
    """Whether there are no other terms."""


def split(jet: Jet) -> Split:
    """Return the normal form of a jet whose quadratic part is the multiple of one square.

    Raises:
        MoreTermsError: no term along the kernel up to the jet's order.
        CurveError: there is none of any order; the points t = 0 are critical.
        OpenError: a coefficient can't be told from zero.
    """
    terms = jet.without_constant().terms
    along = 0
    square = terms.get((0, 2), 0)
    if is_zero(square):
        along, square = 1, terms.get((2, 0), 0)
        terms = {(j, i): c for (i, j), c in terms.items()}
    slope = divide(terms.get((1, 1), 0), 2 * square)
    if slope:
        # t = other + slope·s, that is, other = t - slope·s.
        turned = sheared({(j, i): c for (i, j), c in terms.items()}, -slope)
        terms = {(j, i): c for (i, j), c in turned.items()}
    terms = {d: c for d, c in terms.items() if d[1] > 1 or not is_zero(c)}
    complete = jet.complete
    shift: list[tuple[int, Number]] = []
    for degree in range(2, jet.order // 2 + 2):
        order = min((i for i, j in terms if j == 0), default=None)
        if order is not None and order < 2 * degree:
            whole = complete and len(terms) == 2
            return Split(square, terms[order, 0], order, along, slope, tuple(shift), whole)
        if complete and order is None and not any(j == 1 for _, j in terms):
            raise CurveError
        mixed = terms.get((degree, 1), 0)
        if not is_zero(mixed):
            step = divide(-mixed, 2 * square)
            shift.append((degree, step))
            terms, whole = _shifted(terms, degree, step, jet.order)
            complete = complete and whole
    raise MoreTermsError


def _shifted(terms: dict[Degrees, Number], degree: int, step: Number, order: int) -> tuple[dict[Degrees, Number], bool]:
    """The terms after t = T + step·s^degree up to a total degree, and whether that is all of them."""
    result: dict[Degrees, Number] = {}
    whole = True
    binomial = 1
    for (i, j), c in terms.items():
        binomial = 1
        for m in range(j + 1):
            target = (i + m * degree, j - m)
            if sum(target) <= order:
                result[target] = result.get(target, 0) + c * power(step, m) * binomial
            else:
                whole = False
            binomial = binomial * (j - m) // (m + 1)
    return {d: c for d, c in result.items() if c and (d[1] > 1 or not is_zero(c))}, whole
