"""Prime factors of whole numbers, as far as they are cheap."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache

SMALL_FACTOR = 10_000


@cache
def factors(n: int) -> tuple[tuple[int, int], ...]:
    """Return the prime factors of n ≥ 1 with exponents; a large cofactor is left as it is."""
    found = []
    divisor = 2
    while divisor * divisor <= n and divisor < SMALL_FACTOR:
        count = 0
        while n % divisor == 0:
            n //= divisor
            count += 1
        if count:
            found.append((divisor, count))
        divisor += 1 if divisor == 2 else 2
    if n > 1:
        root = math.isqrt(n)
        found.append((root, 2) if root * root == n else (n, 1))
    return tuple(found)


def rational_parts(value: int | Fraction) -> dict[int, int]:
    """Return the primes of a positive rational with their exponents, negative in the denominator."""
    parts = dict(factors(value.numerator))
    for prime, count in factors(value.denominator):
        parts[prime] = parts.get(prime, 0) - count
    return parts
