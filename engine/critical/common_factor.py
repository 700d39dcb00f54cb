"""Curves of critical points of a polynomial: the common factor of its partial derivatives."""

from __future__ import annotations

from fractions import Fraction

from .algebra import sympy_in_time
from .branches import half_branches
from .closed_form import Number, OpenError
from .jet import Degrees, Jet

MAX_DEGREE = 30


def has_critical_curve(jet: Jet) -> bool | None:
    """Return whether a curve of critical points of a polynomial passes through its expansion's centre.

    None where that is not decided: the jet is no whole polynomial with rational coefficients, or too large, or SymPy
    is not there in time.
    """
    rational = all(isinstance(c, int | Fraction) for d, c in jet.terms.items() if d != (0, 0))
    if not jet.complete or not rational or max((i + j for i, j in jet.terms), default=0) > MAX_DEGREE:
        return None
    try:
        sympy = sympy_in_time()
    except OpenError:
        return None
    x, y = sympy.symbols("x y")
    whole = {
        d: sympy.Rational(c.numerator, c.denominator)
        for d, c in jet.terms.items()
        if d != (0, 0) and isinstance(c, int | Fraction)
    }
    polynomial = sympy.Poly.from_dict(whole, x, y, domain="QQ")
    common = polynomial.diff(x).gcd(polynomial.diff(y)).sqf_part()
    terms: dict[Degrees, Number] = {d: Fraction(int(c.p), int(c.q)) for d, c in common.as_dict().items()}
    if terms.get((0, 0)):
        return False
    factor = Jet(terms, jet.order, True)
    try:
        return half_branches(factor) > 0
    except (ArithmeticError, OpenError):
        return None
