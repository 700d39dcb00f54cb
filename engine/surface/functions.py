"""The functions and constants that a formula may name: the one allow-list.

What each function *means* in an arithmetic (plain floats, arrays, intervals, SymPy) stands with that
arithmetic; here is only what the grammar needs to know.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable
from typing import NamedTuple


class FunctionSpec(NamedTuple):
    """What the grammar knows of a function: its arity, and whether its domain is all of R."""

    name: str
    least: int
    most: int
    total: bool
    """Defined for every real argument; where all of a formula is total, its value is never NaN by domain."""


MANY = 64
"""Most arguments that ``min`` and ``max`` take."""

FUNCTIONS: dict[str, FunctionSpec] = {
    spec.name: spec
    for spec in (
        FunctionSpec("sqrt", 1, 1, False),
        FunctionSpec("cbrt", 1, 1, True),
        FunctionSpec("exp", 1, 1, True),
        FunctionSpec("log", 1, 1, False),
        FunctionSpec("log2", 1, 1, False),
        FunctionSpec("log10", 1, 1, False),
        FunctionSpec("sin", 1, 1, True),
        FunctionSpec("cos", 1, 1, True),
        FunctionSpec("tan", 1, 1, False),
        FunctionSpec("asin", 1, 1, False),
        FunctionSpec("acos", 1, 1, False),
        FunctionSpec("atan", 1, 1, True),
        FunctionSpec("atan2", 2, 2, False),
        FunctionSpec("sinh", 1, 1, True),
        FunctionSpec("cosh", 1, 1, True),
        FunctionSpec("tanh", 1, 1, True),
        FunctionSpec("abs", 1, 1, True),
        FunctionSpec("sign", 1, 1, True),
        FunctionSpec("heaviside", 2, 2, True),
        FunctionSpec("floor", 1, 1, True),
        FunctionSpec("ceil", 1, 1, True),
        FunctionSpec("min", 2, MANY, True),
        FunctionSpec("max", 2, MANY, True),
        FunctionSpec("sigmoid", 1, 1, True),
        FunctionSpec("softplus", 1, 1, True),
        FunctionSpec("relu", 1, 1, True),
    )
}

ALIASES: dict[str, str] = {
    "Abs": "abs",
    "ln": "log",
    "Min": "min",
    "Max": "max",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arctan2": "atan2",
    "ceiling": "ceil",
}

CONSTANTS: dict[str, float] = {"pi": math.pi, "e": math.e}


def closest(name: str, among: Iterable[str]) -> str | None:
    """Return the accepted name that is most like ``name``, or None where none is close."""
    candidates = list(among)
    folded = {candidate.lower(): candidate for candidate in candidates}
    found = difflib.get_close_matches(name.lower(), folded, n=1, cutoff=0.7)
    return folded[found[0]] if found else None
