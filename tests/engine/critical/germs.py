"""Degenerate critical points at the origin whose kind is known, and a count of sectors that shares no code."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, NamedTuple

from mpmath import mp, mpf


class Known(NamedTuple):
    """A formula, its kind at the origin and the number of descending sectors there."""

    formula: str
    kind: str
    sectors: int


def _minima(*formulas: str) -> list[Known]:
    return [Known(f, "degenerate minimum", 0) for f in formulas]


def _saddles(sectors: int, *formulas: str) -> list[Known]:
    return [Known(f, "monkey saddle" if sectors == 3 else "degenerate saddle", sectors) for f in formulas]


CATALOGUE: list[Known] = [
    *_minima(
        "x**4 + y**4",
        "x**4 + y**6",
        "x**2 + y**4",
        "y**2 + x**20",
        "x**30 + y**30",
        "(x**2 + y**2)**2",
        "(x**2 + y**2)**2 - x**5",
        "x**4 + x**2*y**2 + y**6",
        "x**2*y**2 + x**6 + y**6",
        "(y**2 - 2*x**2)**2 + x**6",
        "(y**3 - 2*x**2)**2 + x**6*y**2",
        "(x + y)**2 + (x - y)**4",
        "((x - 2*y)**2 + x**4)**2",
        "cos(x) + x**2/2 + y**4",
        "log(1 + x**4 + y**4)",
        "(y - sin(x))**2 + x**8*exp(y)",
        "(x*cos(0.3) + y*sin(0.3))**2 + (y*cos(0.3) - x*sin(0.3))**4",
        "cosh(x) + cosh(y) - x**2/2 - y**2/2",
        "x**4 - x**3*y + y**4",
    ),
    Known("-x**4 - y**6", "degenerate maximum", 0),
    Known("cos(x) - y**4", "degenerate maximum", 0),
    Known("exp(-x**4 - y**4)", "degenerate maximum", 0),
    Known("-(x + 3*y)**2 - y**6 + x**7", "degenerate maximum", 0),
    *_saddles(1, "y**2 + x**3", "x**3 + x*y**2", "x**2 - y**7", "(y - x**2)**2 - x**7", "(x**2 + y**2)*(x + y**2)"),
    *_saddles(1, "x**2*y + y**5", "y**3 + x**4", "y**3 + x**5", "x**3 + x*y**4 + y**5*x", "(x*y + 1)*(y**3 - x**4)"),
    *_saddles(2, "(y - x**2)*(y - 3*x**2)", "y**2 - x**4", "(y**2 - x**3)*(x**2 - y**3)", "(y**2 - x**3)*(x + y)"),
    *_saddles(2, "x**4 - y**4", "(y**2 - x**2)*(x**2 + y**2)", "x**4 - 3*y**6", "(y - sin(x))**2 + (cos(x) - 1)**3"),
    *_saddles(2, "x**2*y - y**4", "x*y*(x**2 + y**2)", "(y - x**2 - x**3)**2 - x**8", "(y**2 - 2*x**2)**2 + x**5*y"),
    *_saddles(3, "x**3 - 3*x*y**2", "x**2*y - y**2*x + x**4", "x**2*y - y**3*exp(x)"),
    *_saddles(3, "((y - x**2)**2 - x**5)*(y + x**3)*x", "y*(y - x**2)*(y + x**2)"),
    *_saddles(4, "x**3*y - x*y**3", "x**4 - 6*x**2*y**2 + y**4", "x**2*y**2 - x**6 - y**6", "x**4 - x**2*y**2 + y**6"),
    *_saddles(5, "x**5 - 10*x**3*y**2 + 5*x*y**4"),
]


def function_of(formula: str) -> Callable[[Any, Any], Any]:
    """The formula in mpmath, by Python's own reading of it."""
    names = {name: getattr(mp, name) for name in ("sin", "cos", "exp", "log", "cosh", "sqrt", "pi")}
    code = compile(formula.replace("0.3", "mpf('0.3')"), "formula", "eval")

    def f(x: Any, y: Any) -> Any:
        return eval(code, {**names, "mpf": mpf, "x": x, "y": y})

    return f


def sectors_by_sampling(f: Callable[[Any, Any], Any], radius: float = 0.02) -> tuple[int, int]:
    """The number of descending sectors on a small square, and the sign there; dips between samples are searched."""
    with mp.workdps(120):
        level = f(mpf(0), mpf(0))
        near = [mpf(10) ** (-mpf(k) / 10) for k in range(80, 0, -1)]
        offsets = sorted({*near, *(1 - t for t in near)})
        half = [-t for t in reversed(offsets)] + [mpf(0)] + offsets
        r = mpf(radius)
        sides: list[Callable[[Any], tuple[Any, Any]]] = [
            lambda t: (r, r * t),
            lambda t: (-r * t, r),
            lambda t: (-r, -r * t),
            lambda t: (r * t, -r),
        ]
        signs: list[int] = []
        for side in sides:

            def value(t: Any, side: Callable[[Any], tuple[Any, Any]] = side) -> Any:
                return f(*side(t)) - level

            values = [value(t) for t in half]
            for k, here in enumerate(values):
                sign = int(mp.sign(here))
                signs.append(sign)
                beside = (values[k - 1], values[k + 1]) if 0 < k < len(values) - 1 else ()
                if beside and all(sign * v > 0 and abs(here) <= abs(v) for v in beside):
                    signs.append(_dip(value, sign, half[k - 1], half[k + 1]))
                    signs.append(sign)
        kept = [s for s in signs if s]
        changes = sum(a != b for a, b in zip(kept, kept[1:] + kept[:1], strict=True))
        return changes // 2, kept[0] if changes == 0 else 0


def _dip(value: Callable[[Any], Any], sign: int, low: Any, high: Any) -> int:
    """The other sign, if a ternary search for the smallest magnitude between two samples meets it."""
    for _ in range(90):
        a, b = low + (high - low) / 3, high - (high - low) / 3
        at_a, at_b = sign * value(a), sign * value(b)
        if at_a < 0 or at_b < 0:
            return -sign
        if at_a < at_b:
            high = b
        else:
            low = a
    return sign


def random_product(rng: random.Random) -> Known:
    """A product of distinct curves through the origin: as many sectors as real ones; times what has no zero."""
    smooth = ["y", "(x - y**2)", "(x + 2*y**3)", "(y - x)", "(y + 2*x**2)", "(2*y - 3*x + x**2)", "(y - sin(x)/2)"]
    cusps = ["(y**2 - x**3)", "(x**2 + 2*y**3)", "((y + x)**2 - x**3)", "(y**3 - 2*x**4)", "(x**2 - y**5)"]
    definite = ["(x**2 + y**2)", "(y**2 + x**4)", "(x**2 + x*y + y**2 + x**3)", "((x - y)**2 + y**4)", "exp(x - y)"]
    chosen = rng.sample(smooth, rng.randint(0, 3)) + rng.sample(cusps, rng.randint(0, 2))
    others = rng.sample(definite, rng.randint(0, 1) if chosen else 2)
    if len(chosen) < 2:
        # One curve alone is no critical point, two factors without zeros may be a regular minimum.
        others += ["(x**2 + y**2)"]
    sign = rng.choice(["", "-"])
    sectors = len(chosen)
    kind = {0: "degenerate " + ("maximum" if sign else "minimum"), 3: "monkey saddle"}.get(sectors, "degenerate saddle")
    factors = chosen + others
    rng.shuffle(factors)
    return Known(sign + "*".join(factors), kind, sectors)
