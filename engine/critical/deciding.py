"""Which terms of an expansion decide: the fewest that already have the same level lines."""

from __future__ import annotations

from collections.abc import Set
from fractions import Fraction

from .branches import half_branches
from .closed_form import Number
from .jet import Degrees, Jet


def deciding_terms(jet: Jet) -> dict[Degrees, Number]:
    """Return the lowest form if it decides, else the terms on Newton's polygon, else all up to some degree.

    ``jet`` is one whose half-branches could be counted.
    """
    lowest = jet.lowest()
    form = {d for d in jet.terms if sum(d) == lowest}
    polygon = form | _newton_polygon(jet)
    degrees = sorted({sum(d) for d in jet.terms})
    rising = [{d for d in jet.terms if sum(d) <= degree} for degree in degrees]
    for chosen in (form, polygon, *rising):
        if _decides(jet, chosen):
            return {d: jet.terms[d] for d in chosen}
    return dict(jet.terms)


def _decides(jet: Jet, chosen: Set[Degrees]) -> bool:
    part = Jet({d: jet.terms[d] for d in chosen}, jet.order, True)
    try:
        half_branches(part)
    except ArithmeticError:
        return False
    return True


def _newton_polygon(jet: Jet) -> set[Degrees]:
    """The terms on the compact edges."""
    points = sorted(jet.terms)
    corner = min(points)
    kept = {corner}
    while corner[1] > 0:
        below = [p for p in points if p[1] < corner[1] and p[0] > corner[0]]
        if not below:
            break
        slope = min(Fraction(p[0] - corner[0], corner[1] - p[1]) for p in below)
        edge = [p for p in below if Fraction(p[0] - corner[0], corner[1] - p[1]) == slope]
        kept.update(edge)
        corner = min(edge, key=lambda p: p[1])
    return kept
