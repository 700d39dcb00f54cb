"""Polynomials in one variable with exact coefficients: multiplicities, numbers of real roots, exact roots."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from .closed_form import ClosedForm, Number, OpenError, divide, is_zero, sign
from .closed_functions import root, sqrt
from .common_powers import powers_of_factors
from .enclosed_chain import count_simple_roots
from .prime_factors import factors

Polynomial: TypeAlias = list[Number]
"""Coefficients from the constant one up; the last one is not zero."""

MAX_CANDIDATES = 4000


class Factor(NamedTuple):
    """A polynomial whose roots are all simple, and how often each is a root of the whole."""

    polynomial: Polynomial
    multiplicity: int


def trimmed(coefficients: Sequence[Number]) -> Polynomial:
    """Return the polynomial without leading zeros. Raises :class:`OpenError`."""
    result = list(coefficients)
    while result and is_zero(result[-1]):
        result.pop()
    return result


def derivative(p: Polynomial) -> Polynomial:
    """Return the derivative."""
    return [c * k for k, c in enumerate(p)][1:]


def division(a: Polynomial, b: Polynomial) -> tuple[Polynomial, Polynomial]:
    """Return quotient and remainder of a by b."""
    rest = list(a)
    quotient: Polynomial = [0] * max(len(a) - len(b) + 1, 0)
    while len(rest) >= len(b):
        factor = divide(rest[-1], b[-1])
        shift = len(rest) - len(b)
        quotient[shift] = factor
        for k, c in enumerate(b[:-1]):
            rest[k + shift] = rest[k + shift] - factor * c
        rest.pop()
        rest = trimmed(rest)
    return quotient, rest


def greatest_common_divisor(a: Polynomial, b: Polynomial) -> Polynomial:
    """Return the monic greatest common divisor."""
    while b:
        a, b = b, division(a, b)[1]
    return [divide(c, a[-1]) for c in a]


def square_free(p: Polynomial) -> list[Factor]:
    """Return the factors by multiplicity, by Yun's algorithm; constants are left out."""
    found = []
    one: Polynomial = [1]
    if _is_irrational(p) and count_simple_roots(p, False) is not None:
        return [Factor(p, 1)]
    if _is_opaque(p):
        identity = _from_identity(p)
        if identity is not None:
            return identity
    common = greatest_common_divisor(p, derivative(p)) if len(p) > 1 else one
    if len(common) == 1:
        return [Factor(p, 1)] if len(p) > 1 else []
    remaining = division(p, common)[0]
    multiplicity = 1
    while len(remaining) > 1:
        shared = greatest_common_divisor(remaining, common) if len(common) > 1 else one
        own = division(remaining, shared)[0]
        if len(own) > 1:
            found.append(Factor(own, multiplicity))
        remaining = shared
        common = division(common, shared)[0]
        multiplicity += 1
    return found


def count_real_roots(p: Polynomial, *, positive: bool = False) -> int:
    """Return the number of distinct real (or positive) roots, by Sturm's theorem; p(0) is not zero."""
    if _is_irrational(p):
        count = count_simple_roots(p, positive)
        if count is not None:
            return count
    chain = [p, derivative(p)]
    while chain[-1]:
        chain.append([-c for c in division(chain[-2], chain[-1])[1]])
    chain.pop()
    far = [sign(q[-1]) for q in chain]
    if positive:
        near = [sign(q[0]) for q in chain]
    else:
        near = [side * (-1) ** (len(q) - 1) for side, q in zip(far, chain, strict=True)]
    return _changes(near) - _changes(far)


def _is_opaque(p: Polynomial) -> bool:
    """Whether constants other than radicals occur: exact division would make them explode."""
    kinds = {atom.kind for c in p if isinstance(c, ClosedForm) for monomial in c.terms for atom, _ in monomial}
    return bool(kinds - {"prime"})


def _from_identity(p: Polynomial) -> list[Factor] | None:
    """Factors found with the constants as unknowns, if their roots are proved to be simple and different."""
    found = powers_of_factors(p)
    if not found:
        return None
    whole: Polynomial = [1]
    for coefficients, _ in found:
        whole = product(whole, coefficients)
    if len(whole) > 2 and count_simple_roots(whole, False) is None:
        return None
    return [Factor(coefficients, multiplicity) for coefficients, multiplicity in found]


def product(a: Polynomial, b: Polynomial) -> Polynomial:
    """Return a·b."""
    result: Polynomial = [0] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            result[i + j] = result[i + j] + x * y
    return result


def _is_irrational(p: Polynomial) -> bool:
    return len(p) > 2 and any(isinstance(c, ClosedForm) for c in p)


def _changes(signs: Sequence[int]) -> int:
    kept = [side for side in signs if side]
    return sum(a != b for a, b in pairwise(kept))


def real_roots(p: Polynomial) -> list[Number]:
    """Return all real roots of a square-free polynomial exactly. Raises :class:`OpenError` where it can't."""
    found: list[Number] = []
    p = list(p)
    if is_zero(p[0]):
        found.append(0)
        p = p[1:]
    if len(p) > 3 and all(isinstance(c, int | Fraction) for c in p):
        for candidate in _rational_roots(p):
            found.append(candidate)
            p = division(p, [-candidate, 1])[0]
    if len(p) <= 1:
        return found
    if len(p) == 2:
        return [*found, divide(-p[0], p[1])]
    if len(p) == 3:
        return found + _quadratic_roots(*p)
    if all(is_zero(c) for c in p[1:-1]):
        return found + signed_roots(divide(-p[0], p[-1]), len(p) - 1)
    if all(is_zero(c) for c in p[1::2]):
        return found + [c for square in real_roots(p[::2]) for c in signed_roots(square, 2)]
    if count_real_roots(p) == 0:
        return found
    raise OpenError("the roots of a polynomial have no closed form")


def signed_roots(z: Number, degree: int) -> list[Number]:
    """Return the real numbers c with c to the ``degree`` equal to z."""
    side = sign(z)
    if side == 0:
        return [0]
    if degree % 2:
        return [root(z, Fraction(1, degree)) if side > 0 else -root(-z, Fraction(1, degree))]
    if side < 0:
        return []
    c = root(z, Fraction(1, degree))
    return [c, -c]


def _quadratic_roots(c: Number, b: Number, a: Number) -> list[Number]:
    discriminant = b * b - 4 * a * c
    if sign(discriminant) <= 0:
        return []
    step = sqrt(discriminant)
    return [divide(-b + step, 2 * a), divide(-b - step, 2 * a)]


def _rational_roots(p: Polynomial) -> list[Fraction]:
    scale = 1
    for c in p:
        assert isinstance(c, int | Fraction)
        scale *= c.denominator
    whole = [int(c * scale) for c in p if isinstance(c, int | Fraction)]
    tops, bottoms = _divisors(abs(whole[0])), _divisors(abs(whole[-1]))
    if len(tops) * len(bottoms) > MAX_CANDIDATES:
        return []
    candidates = {Fraction(side * top, bottom) for top in tops for bottom in bottoms for side in (1, -1)}
    return [x for x in sorted(candidates) if _value(whole, x) == 0]


def _divisors(n: int) -> list[int]:
    result = [1]
    for prime, count in factors(n):
        if len(result) > MAX_CANDIDATES:
            break
        result = [d * prime**k for d in result for k in range(count + 1)]
    return result


def _value(coefficients: Sequence[int], x: Fraction) -> int:
    """The polynomial's value times a power of the denominator: no fraction is ever reduced."""
    total, scale = 0, 1
    for c in reversed(coefficients):
        total = total * x.numerator + c * scale
        scale *= x.denominator
    return total
