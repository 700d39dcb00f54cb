import random
from fractions import Fraction
from functools import reduce

import numpy as np
import pytest

from curvtui.engine.critical.closed_form import PI, Number, OpenError, is_zero
from curvtui.engine.critical.closed_functions import sin, sqrt
from curvtui.engine.critical.closed_value import to_float
from curvtui.engine.critical.polynomial import (
    Polynomial,
    count_real_roots,
    division,
    real_roots,
    square_free,
)
from curvtui.engine.critical.polynomial import (
    product as multiplied,
)


def product(*factors: list[Number]) -> Polynomial:
    return reduce(multiplied, factors, [1])


def value(p: Polynomial, x: Number) -> Number:
    total: Number = 0
    for c in reversed(p):
        total = total * x + c
    return total


@pytest.mark.parametrize("seed", range(12))
def test_multiplicities_and_counts_of_built_polynomials(seed: int) -> None:
    rng = random.Random(seed)
    roots = rng.sample([Fraction(k, 3) for k in range(-12, 13) if k], rng.randint(1, 4))
    multiplicities = [rng.randint(1, 3) for _ in roots]
    pairs = [[c, 1, 1] for c in rng.sample(range(1, 6), rng.randint(0, 2))]  # x² + x + c: no real root
    p = product(*([-r, 1] for r, m in zip(roots, multiplicities, strict=True) for _ in range(m)), *pairs)
    found = {r: f.multiplicity for f in square_free(p) for r in real_roots_or_none(f.polynomial)}
    assert found == dict(zip(roots, multiplicities, strict=True))
    assert count_real_roots(p) == len(roots)
    assert count_real_roots(p, positive=True) == sum(r > 0 for r in roots)


def real_roots_or_none(p: Polynomial) -> list[Number]:
    return real_roots(p)


@pytest.mark.parametrize("seed", range(20))
def test_counts_against_numpy(seed: int) -> None:
    rng = random.Random(seed)
    p: Polynomial = [rng.choice([-5, -3, -2, 1, 4]), *(rng.randint(-9, 9) for _ in range(rng.randint(1, 6))), 1]
    roots = np.roots([float(to_float(c)) for c in reversed(p)])
    if np.min(np.abs(np.subtract.outer(roots, roots)) + 9 * np.eye(len(roots))) < 1e-4:
        return  # a double root, which NumPy can't tell from two
    real = roots[np.abs(roots.imag) < 1e-9].real
    assert count_real_roots(p) == len(real)
    assert count_real_roots(p, positive=True) == np.count_nonzero(real > 0)
    shifted: Polynomial = [c * sqrt(2) + 0 * PI for c in p]
    assert count_real_roots(shifted) == len(real)


def test_irrational_coefficients() -> None:
    s = sin(1)
    p = product([-s, 1], [-s, 1], [1, 0, 1], [s, 1])
    assert sorted((len(f.polynomial) - 1, f.multiplicity) for f in square_free(p)) == [(1, 2), (3, 1)]
    assert count_real_roots([-s, 0, 1]) == 2
    assert count_real_roots([-s, 0, 1], positive=True) == 1


@pytest.mark.parametrize(
    ("p", "count"),
    [
        ([-2, 0, 1], 2),
        ([-1, -1, 1], 2),
        ([1, 0, 1], 0),
        ([-2, 0, 0, 1], 1),
        ([-6, 11, -6, 1], 3),
        ([0, -2, 0, 1], 3),
        ([6, 0, -5, 0, 1], 4),
        ([1, 1, 1, 1, 1], 0),
        ([-sqrt(2), 1], 1),
    ],
)
def test_exact_roots(p: Polynomial, count: int) -> None:
    roots = real_roots(p)
    assert len(set(roots)) == count
    assert all(is_zero(value(p, x)) for x in roots)


def test_roots_without_closed_form_are_not_made_up() -> None:
    with pytest.raises(OpenError):
        real_roots([-1, -1, 0, 0, 0, 1])


def test_division_leaves_a_smaller_remainder() -> None:
    a: Polynomial = [3, Fraction(1, 2), -4, 7, 2]
    b: Polynomial = [1, -5, 3]
    quotient, rest = division(a, b)
    assert len(rest) < len(b)
    padded = [*rest, *[0] * (len(a) - len(rest))]
    assert [x + y for x, y in zip(product(quotient, b), padded, strict=True)] == a
