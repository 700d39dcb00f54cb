"""Multiplicities of roots where coefficients are polynomials in many constants: SymPy finds the factors."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from .algebra import sympy_in_time
from .closed_form import Atom, Number, number, power_product, terms_of

MAX_TERMS = 400


def powers_of_factors(p: Sequence[Number]) -> list[tuple[list[Number], int]] | None:
    """Return factors f_i with p = constant·∏ f_i^i as an identity in the constants, or None.

    The constants are taken for independent unknowns, so the identity holds for their values too; whether the
    factors' roots are simple and different the caller has to prove. Imports SymPy;
    raises :class:`OpenError` where that takes longer than there is time for.
    """
    atoms: dict[Atom, int] = {}
    terms: dict[tuple[int, tuple[tuple[int, int], ...]], int | Fraction] = {}
    for k, coefficient in enumerate(p):
        for monomial, rational in terms_of(coefficient).items():
            if any(exponent != int(exponent) for _, exponent in monomial):
                return None
            for atom, _ in monomial:
                atoms.setdefault(atom, len(atoms))
            terms[k, tuple((atoms[atom], int(exponent)) for atom, exponent in monomial)] = rational
    if len(terms) > MAX_TERMS:
        return None
    lowest = [0] * len(atoms)
    for _, pairs in terms:
        for place, exponent in pairs:
            lowest[place] = min(lowest[place], exponent)
    sympy = sympy_in_time()
    symbols = sympy.symbols(f"t a0:{len(atoms)}")
    dense: dict[tuple[int, ...], Any] = {}
    for (k, pairs), rational in terms.items():
        key = [k, *(-low for low in lowest)]
        for place, exponent in pairs:
            key[1 + place] += exponent
        fraction = Fraction(rational)
        dense[tuple(key)] = sympy.Rational(fraction.numerator, fraction.denominator)
    _, factors = sympy.Poly.from_dict(dense, *symbols, domain="QQ").sqf_list()
    order = list(atoms)
    found = []
    for factor, multiplicity in factors:
        coefficients: list[Number] = [0] * (factor.degree(symbols[0]) + 1)
        for (k, *exponents), share in factor.as_dict().items():
            powers = {atom: e for atom, e in zip(order, exponents, strict=True) if e}
            term = number(power_product(powers)) * Fraction(int(share.p), int(share.q))
            coefficients[k] = coefficients[k] + term
        if len(coefficients) > 1:
            found.append((coefficients, int(multiplicity)))
    return found
