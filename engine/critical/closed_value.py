"""The value of a number in closed form, to as many digits as it takes to know its sign."""

from __future__ import annotations

import math
from fractions import Fraction
from threading import Lock
from typing import Any

from .closed_form import Atom, ClosedForm, Number, OpenError, cleared

_LOCK = Lock()
_FLOAT_MARGIN = 1e-11
_DIGITS = (40, 160)
_SMOOTH = frozenset({"prime", "pi", "exp", "log"})


def to_float(value: Number) -> float:
    """Return the float nearest to a number, to an ulp or two; inf beyond the range."""
    if not isinstance(value, ClosedForm):
        try:
            return float(value)
        except OverflowError:
            return math.inf if value > 0 else -math.inf
    with _LOCK:
        total, _ = _evaluate(value, 40)
        try:
            return float(total)
        except OverflowError:
            return math.inf if total > 0 else -math.inf


def rough_float(value: Number) -> float:
    """Return a float within a millionth of a millionth of a number's terms; ten times faster."""
    if isinstance(value, ClosedForm):
        total, size = _quick_sum(value)
        return total if math.isfinite(size) else to_float(value)
    return to_float(value)


def sign_of(value: ClosedForm) -> int:
    """Return the sign. Raises :class:`OpenError` where 160 digits do not tell the number from zero."""
    quick = _quick_sign(value)
    if quick:
        return quick
    for digits in _DIGITS:
        with _LOCK:
            total, size = _evaluate(value, digits)
            # Arguments of functions are known to `digits` too; a third of them is margin enough for any
            # argument that a formula of bounded length has.
            if abs(total) > size * _context().mpf(10) ** (-2 * digits // 3):
                return 1 if total > 0 else -1
        if digits == _DIGITS[0] and not cleared(value):
            return 0
    raise OpenError("too close to zero to tell")


def _quick_sign(value: ClosedForm) -> int:
    """The sign from floats where they leave no doubt, else 0."""
    total, size = _quick_sum(value)
    if not math.isfinite(size) or abs(total) <= _FLOAT_MARGIN * size or size < 1e-250:
        return 0
    return 1 if total > 0 else -1


def _quick_sum(value: ClosedForm) -> tuple[float, float]:
    """The value and the sum of its terms' magnitudes in floats; both NaN where some constant is not simple."""
    total = size = 0.0
    try:
        for monomial, coefficient in value.terms.items():
            term = float(coefficient)
            for atom, exponent in monomial:
                if atom.kind not in _SMOOTH or isinstance(atom.argument, ClosedForm):
                    return math.nan, math.nan
                term *= _atom_float(atom) ** float(exponent)
            total += term
            size += abs(term)
    except (OverflowError, ZeroDivisionError):
        return math.nan, math.nan
    return total, size


def _atom_float(atom: Atom) -> float:
    assert not isinstance(atom.argument, ClosedForm)
    match atom.kind:
        case "pi":
            return math.pi
        case "exp":
            return math.exp(atom.argument)
        case "log":
            return math.log(atom.argument)
        case _:
            return float(atom.argument)


def enclosure(value: Number) -> Any:
    """Return an interval of mpmath's that holds the number, about 25 digits wide of it."""
    with _LOCK:
        total, size = _evaluate(value, _DIGITS[0])
        margin = size * _context().mpf(10) ** (-2 * _DIGITS[0] // 3)
        return _interval_context().mpf([total - margin, total + margin])


_INTERVAL_CONTEXTS: list[Any] = []


def _interval_context() -> Any:
    if not _INTERVAL_CONTEXTS:
        from mpmath.ctx_iv import MPIntervalContext

        context = MPIntervalContext()
        context.dps = _DIGITS[0]
        _INTERVAL_CONTEXTS.append(context)
    return _INTERVAL_CONTEXTS[0]


_CONTEXTS: list[Any] = []


def _context() -> Any:
    """Our own mpmath context: the shared one's precision is anybody's to change."""
    if not _CONTEXTS:
        from mpmath.ctx_mp import MPContext

        _CONTEXTS.append(MPContext())
    return _CONTEXTS[0]


def _evaluate(value: Number, digits: int) -> tuple[Any, Any]:
    """The value and the sum of its terms' magnitudes."""
    context = _context()
    context.dps = digits
    return _sum(value, context)


def _sum(value: Number, context: Any) -> tuple[Any, Any]:
    if not isinstance(value, ClosedForm):
        exact = _rational(value, context)
        return exact, abs(exact)
    total = size = context.mpf(0)
    for monomial, coefficient in value.terms.items():
        term = _rational(coefficient, context)
        for atom, exponent in monomial:
            term = term * context.power(_atom(atom, context), _rational(exponent, context))
        total += term
        size += abs(term)
    return total, size


def _rational(value: int | Fraction, context: Any) -> Any:
    return context.mpf(value.numerator) / value.denominator


def _atom(atom: Atom, context: Any) -> Any:
    if atom.kind == "pi":
        return +context.pi
    argument, _ = _sum(atom.argument, context)
    match atom.kind:
        case "prime" | "value":
            return argument
        case "sigmoid":
            return 1 / (1 + context.exp(-argument))
        case "softplus":
            return context.log(1 + context.exp(argument))
        case name:
            return getattr(context, name)(argument)
