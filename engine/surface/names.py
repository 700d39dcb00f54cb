"""Which of a formula's free names are variables, and which are parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from .errors import FormulaError, MissingParameterError
from .functions import ALIASES, CONSTANTS, FUNCTIONS, closest
from .syntax import Node, free_names

MAX_VARIABLES = 2
_GREEK = frozenset(
    (
        *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota"),
        *("kappa", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"),
    )
)
"""Names in their own right, though ``tau`` is one letter from ``tan`` and ``phi`` from ``pi``."""

_COUNT = {3: "three", 4: "four", 5: "five", 6: "six"}


class Names(NamedTuple):
    """The variables in the order of a point's coordinates, and the parameters with their values."""

    variables: tuple[str, ...]
    parameters: dict[str, float]


def resolve_names(tree: Node, given: Mapping[str, float], text: str = "", default: float | None = None) -> Names:
    """Tell variables from parameters.

    With ``x`` or ``y`` in the formula those are the variables, and every other name is a parameter; else
    the one or two names that no value is given for are. A parameter without a value gets ``default``.

    Raises:
        FormulaError: no variable, too many, or a parameter without a value.
    """
    free = free_names(tree)
    for name, column in free.items():
        if len(name) > 1 and set(name) <= {"x", "y"}:
            raise FormulaError(f"{name} needs a '*' at column {column + 1}: {'*'.join(name)}", text, column + 1)
    for name in given:
        if name in ("x", "y"):
            raise FormulaError(f"'{name}' is a variable, not a parameter; choose another letter", text)
        if name not in free:
            known = ", ".join(n for n in free if n not in ("x", "y")) or "none"
            raise FormulaError(f"the formula has no parameter {name!r}; its parameters: {known}", text)
    axes: list[str] = [name for name in ("x", "y") if name in free]
    if axes:
        missing = [name for name in free if name not in given and name not in axes]
        if missing and default is None:
            raise _missing(missing, axes, free, text)
        return Names(
            tuple(axes),
            {n: float(given[n]) if n in given else (default or 0.0) for n in free if n not in axes},
        )
    variables = sorted((name for name in free if name not in given), key=_natural)
    if not variables:
        raise FormulaError("names no variable; a formula needs x, or x and y", text)
    if len(variables) > MAX_VARIABLES:
        raise _too_many(variables, text)
    for name in variables:
        _refuse_misspelling(name, free[name], text)
    return Names(tuple(variables), {name: float(given[name]) for name in free if name in given})


def _missing(missing: list[str], axes: list[str], free: Mapping[str, int], text: str) -> FormulaError:
    name = missing[0]
    _refuse_misspelling(name, free[name], text)
    if len(axes) + len(missing) > MAX_VARIABLES:
        return _too_many([*axes, *missing], text, free[name])
    return MissingParameterError(
        f"'{name}' at column {free[name]} has no value: beside {' and '.join(axes)} a name is a parameter "
        f"and needs one",
        text,
        free[name],
        name,
    )


def _too_many(names: list[str], text: str, column: int | None = None) -> FormulaError:
    count = _COUNT.get(len(names), str(len(names)))
    listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) <= 6 else ", ".join(names[:6]) + ", …"
    return FormulaError(
        f"names {count} variables, {listed}; at most two are accepted: "
        f"make {names[-1]} a parameter by giving it a value, {names[-1]}=1",
        text,
        column,
    )


def _refuse_misspelling(name: str, column: int, text: str) -> None:
    """A long name close to a known one is a slip of the finger, not a variable."""
    if len(name) < 3 or name.lower() in _GREEK or any(c.isdigit() for c in name):
        return
    guess = closest(name, [*FUNCTIONS, *ALIASES, *CONSTANTS])
    if guess is not None:
        raise FormulaError(f"unknown name '{name}' at column {column}; did you mean '{guess}'?", text, column)


def _natural(name: str) -> tuple[str, int, str]:
    """Order ``w2`` before ``w10``."""
    match = re.fullmatch(r"(.*?)([0-9]*)", name)
    assert match is not None
    return (match[1], int(match[2] or 0), name)
