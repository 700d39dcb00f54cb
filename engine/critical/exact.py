"""Exact coordinates of a critical point, found by guessing and accepted by proof.

A guess is accepted if the Taylor expansion of the formula at it, in closed form, has no linear terms: zero as a
polynomial in radicals, π, e, logarithms, not as a float.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ..surface.surface import Surface
from .closed_form import Number, OpenError, is_zero
from .closed_text import MAX_LENGTH, text
from .closed_value import to_float
from .guesses import guesses
from .jet import NotSmoothError, StoppedError, UndefinedError, exactly, expand

Known: TypeAlias = dict[tuple[float, int], list[Number]]
"""What was guessed for coordinates, by value and magnitude of the radius."""

MAX_TRIALS = 40
MAX_HINTS = 60
MAX_INSTRUCTIONS = 3000
_ULPS = 32 * 2.0**-52
_PART_OF_BOX = 1e-12
_PLAUSIBLE = 1e-9
_NEGLIGIBLE = 1e-12


@dataclass(frozen=True)
class ExactPoint:
    """A point where the gradient vanishes exactly: its coordinates in closed form, and as people write them.

    ``value`` is f there, where that is a short closed form; else None.
    """

    coordinates: tuple[Number, ...]
    text: tuple[str, ...]
    value: Number | None
    value_text: str | None


def exact_point(
    surface: Surface,
    point: Sequence[float],
    radius: float | Sequence[float] | None = None,
    stop: Callable[[], bool] | None = None,
    known: Known | None = None,
) -> ExactPoint | None:
    """Return the exact coordinates of the critical point within ``radius`` of ``point``, where they can be proved.

    ``radius`` (one number or one a coordinate) is how far the point may be off; where None, a few ulp or a
    millionth of a millionth of the box. ``stop`` is polled; None is returned once it says so. ``known`` is for
    calls on many points of one surface: coordinates that they share are guessed once.
    """
    tape = surface.model.value
    if surface.dimension > 2 or len(tape.instructions) > MAX_INSTRUCTIONS:
        return None
    radii = _radii(surface, point, radius)
    hints = [exactly(c) for c in tape.constants if not isinstance(c, int)][:MAX_HINTS]
    found: list[list[Number]] = []
    for x, r in zip(point, radii, strict=True):
        found.append(_guessed(float(x), float(r), hints, known))
        if not found[-1]:
            return None
    ranks = sorted(itertools.product(*(range(len(one)) for one in found)), key=lambda rank: (sum(rank), rank))
    for rank in ranks[:MAX_TRIALS]:
        coordinates = tuple(one[k] for one, k in zip(found, rank, strict=True))
        if not _is_plausible(surface, coordinates):
            continue
        try:
            proved = critical_value(surface, coordinates, stop)
        except StoppedError:
            return None
        if proved is not None:
            return written_out(coordinates, proved[0])
    return None


def written_out(coordinates: tuple[Number, ...], value: Number | None) -> ExactPoint:
    """Return exact coordinates as people write them, with the value of f where that is known and short."""
    written = "" if value is None else text(value)
    short = 0 < len(written) <= MAX_LENGTH
    return ExactPoint(coordinates, tuple(map(text, coordinates)), value if short else None, written if short else None)


def _guessed(x: float, radius: float, hints: Sequence[Number], known: Known | None) -> list[Number]:
    if known is None:
        return guesses(x, radius, hints)
    # Coordinates that are one number come with a little noise of their own.
    key = (round(x, 12), math.frexp(radius)[1])
    if key not in known:
        known[key] = guesses(x, radius, hints)
    return [each for each in known[key] if abs(to_float(each) - x) <= radius]


def _is_plausible(surface: Surface, coordinates: Sequence[Number]) -> bool:
    """Whether the gradient in floats could be zero but for rounding: a thousand times cheaper than the proof."""
    point = [to_float(x) for x in coordinates]
    size = min(high - low for low, high in surface.box)
    value, slopes = surface.value_and_gradient_at(point)
    bend = max(abs(entry) for row in surface.hessian_at(point) for entry in row)
    allowed = _PLAUSIBLE * (abs(value) / size + bend * max(size, *map(abs, point)))
    # Where the second derivatives vanish too, rounding is not known; that is rare.
    return max(map(abs, slopes)) <= allowed + _NEGLIGIBLE


def _radii(surface: Surface, point: Sequence[float], radius: float | Sequence[float] | None) -> list[float]:
    if radius is None:
        sides = zip(map(float, point), surface.box, strict=True)
        return [max(_ULPS * abs(x), _PART_OF_BOX * (high - low)) for x, (low, high) in sides]
    return [float(radius)] * len(point) if isinstance(radius, int | float) else list(map(float, radius))


def not_smooth(surface: Surface, point: Sequence[float], radius: float | Sequence[float] | None) -> str:
    """Return why f has no Taylor expansion at the simplest point within ``radius``, as part of a sentence, or ""."""
    tape = surface.model.value
    parameters = tuple(float(surface.parameters[name]) for name in tape.inputs[surface.dimension :])
    found = [guesses(float(x), r, limit=1) for x, r in zip(point, _radii(surface, point, radius), strict=True)]
    if not all(found):
        return ""
    try:
        expand(tape, tuple(one[0] for one in found), parameters, 1)
    except NotSmoothError as error:
        return f"f has no Taylor expansion here ({error})"
    except UndefinedError:
        return "f is not defined around the point"
    except (OpenError, ZeroDivisionError, OverflowError, RecursionError):
        return ""
    return ""


def critical_value(
    surface: Surface, coordinates: Sequence[Number], stop: Callable[[], bool] | None = None
) -> tuple[Number] | None:
    """Return f at exact coordinates if its gradient there is proved to be zero, in a tuple of one; else None."""
    tape = surface.model.value
    parameters = tuple(float(surface.parameters[name]) for name in tape.inputs[surface.dimension :])
    try:
        jet = expand(tape, coordinates, parameters, 1, stop)
        if all(is_zero(jet.terms.get(axis, 0)) for axis in ((1, 0), (0, 1))):
            return (jet.constant,)
    except (OpenError, NotSmoothError, UndefinedError, ZeroDivisionError, OverflowError, RecursionError):
        return None
    return None
