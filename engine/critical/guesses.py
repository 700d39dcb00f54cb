"""Closed forms that a float may stand for: cheap guesses, simplest first, that others have to prove."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache

import numpy as np

from ..arrays import Array
from .closed_form import PI, Number, OpenError
from .closed_functions import OutsideError, exp, log, root, sqrt
from .closed_value import rough_float, to_float
from .polynomial import real_roots

MAX_DENOMINATOR = 10**6
MAX_QUADRATIC = (25, 50)
MAX_SURD = 200
MAX_PART = 64
_NARROW = 1e-8
_FINE_DENOMINATORS = (*range(1, 13), 15, 16, 18, 20, 24, 30)
_COMMON_DENOMINATOR = math.lcm(*_FINE_DENOMINATORS)


def guesses(value: float, radius: float, hints: Sequence[Number] = (), limit: int = 8) -> list[Number]:
    """Return closed forms within ``radius`` of a float: rationals, surds, multiples of π, powers of e, logarithms.

    Where the radius is large there are many rationals; only simple ones are returned. ``hints`` are numbers
    that the formula names: tried first, with either sign.
    """
    found: list[Number] = []
    if not math.isfinite(value) or not radius < max(1.0, abs(value)):
        return found
    whole = round(value)
    first: list[Number] = [whole, *hints, *(-hint for hint in hints)]
    for candidate in itertools.chain(first, _candidates(value, radius)):
        if abs(rough_float(candidate) - value) > radius + 1e-12 * abs(value) or candidate in found:
            continue
        if abs(to_float(candidate) - value) <= radius:
            found.append(candidate)
            if len(found) >= limit:
                break
    return found


def _candidates(value: float, radius: float) -> Iterator[Number]:
    try:
        yield from _rationals(value, radius, MAX_PART)
        yield from _multiples_of_pi(value, radius)
        yield from _surds(value, radius)
        yield from _rationals(value, radius, MAX_DENOMINATOR)
        if abs(value) > radius:
            yield from _rare(value, radius)
    except (OpenError, OutsideError, OverflowError, ZeroDivisionError):
        return


def _rationals(value: float, radius: float, most: int) -> Iterator[Number]:
    """The simplest rationals of rising denominators, and short decimals."""
    if radius < _NARROW:
        yield from _convergents(value, radius, most)
        return
    seen = None
    for denominator in (1, 2, 3, 4, 6, 8, 12, 32, 128, 1024, 16384, MAX_DENOMINATOR):
        if denominator > most:
            break
        candidate = Fraction(value).limit_denominator(denominator)
        if candidate != seen and abs(candidate - Fraction(value)) <= radius:
            seen = candidate
            yield _plain(candidate)
    for digits in range(1, 7):
        if 10**digits > most:
            break
        top = round(value * 10**digits)
        if abs(top / 10**digits - value) <= radius:
            yield _plain(Fraction(top, 10**digits))
            break


def _convergents(value: float, radius: float, most: int) -> Iterator[Number]:
    """The first continued fraction that is near: any rational within 1/(2q²) is one (Legendre)."""
    p, q, last_p, last_q, rest = math.floor(value), 1, 1, 0, value - math.floor(value)
    while q <= most:
        if abs(p / q - value) <= radius:
            yield _plain(Fraction(p, q))
            return
        if rest <= 0.0:
            return
        part, rest = divmod(1.0 / rest, 1.0)
        p, last_p, q, last_q = int(part) * p + last_p, p, int(part) * q + last_q, q


def _plain(value: Fraction) -> Number:
    return value.numerator if value.denominator == 1 else value


def _fraction(value: float, error: float) -> Fraction | None:
    """The rational with the smallest of some denominators that is as close as ``error``."""
    common = value * _COMMON_DENOMINATOR
    if abs(common - round(common)) > _COMMON_DENOMINATOR * error + 2.0**-50 * abs(common):
        return None
    for denominator in _FINE_DENOMINATORS:
        top = round(value * denominator)
        if abs(value - top / denominator) <= error and top:
            return Fraction(top, denominator)
    return None


def _multiples_of_pi(value: float, radius: float) -> Iterator[Number]:
    part = _fraction(value / math.pi, radius / math.pi)
    if part is not None:
        yield PI * _plain(part)


def _surds(value: float, radius: float) -> Iterator[Number]:
    """Roots of a·v² + b·v + c with small whole coefficients that are no rationals, and roots of rationals."""
    a, b = _quadratics()
    rest = (a * value + b) * value
    c = -np.rint(rest)
    # First with the largest slack of all, which leaves few or none; then with each one's own.
    most_a, most_b = MAX_QUADRATIC
    size = abs(value)
    most = (2 * most_a * size + most_b) * (radius + 2.0**-50 * size) + most_a * radius * radius
    fits = np.flatnonzero(np.abs(rest + c) <= most)
    a, b, c, rest = a[fits], b[fits], c[fits], rest[fits]
    slack = np.abs(2 * a * value + b) * radius + a * radius * radius + 2.0**-50 * (a * size + np.abs(b)) * size
    fits = np.flatnonzero((np.abs(rest + c) <= slack) & (np.abs(c) <= MAX_SURD) & (slack < 0.05))
    for i in fits[np.argsort(a[fits] + np.abs(b[fits]) + np.abs(c[fits]), kind="stable")][:6].tolist():
        for candidate in real_roots([int(c[i]), int(b[i]), int(a[i])] if c[i] else [int(b[i]), int(a[i])]):
            if abs(to_float(candidate) - value) <= radius:
                yield candidate
    for degree in (2, 3, 4, 5, 6):
        size = abs(value)
        part = _fraction(size**degree, degree * size ** (degree - 1) * radius + 1e-15 * size**degree)
        if part is not None and part.numerator <= 1000:
            found = root(_plain(part), Fraction(1, degree))
            yield found if value > 0 else -found


@cache
def _quadratics() -> tuple[Array, Array]:
    most_a, most_b = MAX_QUADRATIC
    a, b = np.meshgrid(np.arange(1.0, most_a + 1), np.arange(-most_b, most_b + 1.0), indexing="ij")
    return a.ravel(), b.ravel()


def _rare(value: float, radius: float) -> Iterator[Number]:
    """Logarithms, powers and multiples of e, roots of multiples of π and multiples of π by roots."""
    if abs(value) < 30.0:
        for factor in (1, 2, 3):
            growth = math.exp(factor * value)
            part = _fraction(growth, factor * growth * radius + 1e-15 * growth)
            if part is not None and part != 1:
                yield log(_plain(part)) * Fraction(1, factor)
    size, side = abs(value), 1 if value > 0 else -1
    power = _fraction(math.log(size), radius / size + 1e-15)
    if power is not None:
        yield side * exp(_plain(power))
    for times in (1, -1):
        scale = math.e**times
        part = _fraction(size / scale, radius / scale + 1e-15 * size)
        if part is not None:
            yield side * _plain(part) * exp(times)
    part = _fraction(value * value / math.pi, 2 * size * radius / math.pi + 1e-15 * size)
    if part is not None and part > 0:
        yield side * sqrt(PI * _plain(part))
    part = _fraction((value / math.pi) ** 2, 2 * size * radius / math.pi**2 + 1e-15 * size)
    if part is not None and part > 0:
        yield side * PI * sqrt(_plain(part))
