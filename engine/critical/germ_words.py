"""The words for a degenerate critical point: its leading terms, and why it is what it is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from .closed_form import ClosedForm
from .closed_form import Number as Exact
from .closed_text import float_text, polynomial_text, scaled_text, signed_sum, superscript
from .closed_value import to_float
from .exact import ExactPoint
from .jet import Degrees, Jet
from .splitting import Split

_ORDINALS = {1: "first", 2: "second", 3: "third"}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
MAX_SHOWN = 6


def _ordinal(order: int) -> str:
    ending = "th" if order % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(order % 10, "th")
    return _ORDINALS.get(order, f"{order}{ending}")


def kind_of_extremum(side: int, degenerate: bool) -> str:
    """Return the kind of a point with values of one sign around it."""
    word = "minimum" if side > 0 else "maximum"
    return f"degenerate {word}" if degenerate else word


def displacements(variables: Sequence[str], exact: ExactPoint) -> tuple[str, ...]:
    """Return how the distance from the point is written in each variable: ``x``, ``(x − 1)``, ``Δx``."""
    names = []
    for name, value, written in zip(variables, exact.coordinates, exact.text, strict=True):
        if not isinstance(value, ClosedForm) and not value:
            names.append(name)
        elif len(written) <= 5 and " " not in written:
            negative = written.startswith("−")
            names.append(f"({name} {'+' if negative else '−'} {written.removeprefix('−')})")
        else:
            names.append(f"Δ{name}")
    return tuple(names)


def terms_text(terms: Mapping[Degrees, Exact], names: Sequence[str]) -> str:
    """Return terms by ascending degree; the long list is cut."""
    order = sorted(terms, key=lambda d: (d[0] + d[1], -d[0]))
    shown = {d: terms[d] for d in order[:MAX_SHOWN]}
    return polynomial_text(shown, names) + (" + …" if len(order) > MAX_SHOWN else "")


def kernel(jet: Jet, dimension: int) -> tuple[tuple[float, ...], ...]:
    """Return unit vectors that span the Hessian's kernel."""
    xx, xy, yy = (to_float(jet.terms.get(d, 0)) for d in ((2, 0), (1, 1), (0, 2)))
    if dimension == 1:
        return () if xx else ((1.0,),)
    if not (xx or xy or yy):
        return (1.0, 0.0), (0.0, 1.0)
    direction = (-xy, 2 * xx) if abs(xx) > abs(yy) else (2 * yy, -xy)
    length = math.hypot(*direction)
    u, v = (c / length + 0.0 for c in direction)
    return ((-u + 0.0, -v + 0.0) if (u, v) < (0.0, 0.0) else (u, v),)


def split_text(normal: Split, names: Sequence[str]) -> str:
    """Return the normal form in the formula's variables: ``(y − 2x²)² − x⁴``."""
    along, other = names[normal.along], names[1 - normal.along]
    parts = [(False, other)]
    if normal.slope:
        parts.append(scaled_text(normal.slope, [along]))
    # What shifts the square by more than half the deciding order changes nothing.
    bends = [(degree, step) for degree, step in normal.shift if 2 * degree <= normal.order]
    for degree, step in bends[:MAX_SHOWN]:
        parts.append(scaled_text(-step, [superscript(along, degree)]))
    linear = signed_sum(parts) + (" + …" if len(bends) > MAX_SHOWN else "")
    square = superscript(f"({linear})" if len(parts) > 1 else linear, 2)
    terms = [
        scaled_text(normal.square, [square]),
        scaled_text(normal.coefficient, [superscript(along, normal.order)]),
    ]
    terms.sort(key=lambda term: term[0])
    return signed_sum(terms)


def signed(index: int) -> str:
    """Return an index with its sign, ``+1``, ``−2``, ``0``."""
    return f"{index:+d}".replace("-", "−") if index else "0"


def by_hessian(kind: str, leading: str, side: int) -> str:
    """Return the sentence where second derivatives decide."""
    why = {
        "minimum": "positive definite",
        "maximum": "negative definite",
        "saddle": "indefinite and regular",
    }[kind]
    return f"{kind.capitalize()}: the Hessian is {why}; f changes by {leading} + …."


def _vector(direction: Sequence[float]) -> str:
    scale = max(map(abs, direction))
    return "(" + ", ".join(float_text(c / scale + 0.0) for c in direction) + ")"


def by_splitting(kind: str, normal: Split, leading: str, direction: Sequence[float]) -> str:
    """Return the sentence where one direction is degenerate."""
    start = (
        f"The Hessian is singular along {_vector(direction)}, so the second-derivative test fails; once the square is "
        f"completed f changes by {leading}{'' if normal.whole else ' + …'}: "
    )
    if kind == "degenerate minimum":
        return start + "positive in every direction, so a degenerate minimum."
    if kind == "degenerate maximum":
        return start + "negative in every direction, so a degenerate maximum."
    if normal.order % 2:
        return start + (
            f"the order along the kernel, {normal.order}, is odd, so f falls on one side and rises on the other: "
            "a degenerate saddle with one descending sector."
        )
    return start + "the two terms have opposite signs, so a degenerate saddle with two descending sectors."


def by_sectors(kind: str, sectors: int, leading: str, whole: bool) -> str:
    """Return the sentence where the whole Hessian vanishes; ``whole``: there are no other terms."""
    change = leading if whole else f"{leading} + …"
    start = f"The Hessian is zero, so the second-derivative test fails; f changes by {change}: "
    if sectors == 0:
        word = "positive" if kind.endswith("minimum") else "negative"
        return start + f"{word} in every direction, so a {kind}."
    count = _NUMBERS[sectors] if sectors < len(_NUMBERS) else str(sectors)
    if sectors == 1:
        return start + "one descending and one ascending sector, so a degenerate saddle, index 0."
    return (
        start + f"{count} descending sectors between as many ascending ones, so a {kind}, index {signed(1 - sectors)}."
    )


def one_variable(kind: str, order: int, leading: str, side: int) -> str:
    """Return the sentence of a function of one variable."""
    if order == 2:
        return f"{kind.capitalize()}: the second derivative is {'positive' if side > 0 else 'negative'}."
    ordinal = _ordinal(order)
    parity = "odd order, so f rises on one side and falls on the other: an inflection"
    if kind != "inflection":
        parity = f"even order and {'positive' if side > 0 else 'negative'}, so a {kind}"
    return (
        f"The second derivative is zero, so its test fails; the first derivative that is not zero is the {ordinal} "
        f"(f changes by {leading} + …): {parity}."
    )


def by_sum(
    kind: str, variables: Sequence[str], orders: Sequence[int], indices: Sequence[int], leading: Sequence[str]
) -> str:
    """Return the sentence of a sum of a function of one variable and one of the other, of which one is degenerate."""
    parts = []
    for name, order, index, terms in zip(variables, orders, indices, leading, strict=True):
        change = f" ({terms} + …)" if terms else ""
        way = {1: "rises both ways", -1: "falls both ways", 0: "rises one way and falls the other"}[index]
        ordinal = _ordinal(order)
        parts.append(f"along {name} the {ordinal} derivative is the first that is not zero, and f {way}{change}")
    return (
        "The Hessian is singular, so the second-derivative test fails; f is a sum of a function of "
        f"{variables[0]} and one of {variables[1]}: {'; '.join(parts)}: a {kind}, index {signed(math.prod(indices))}."
    )


def through(kind: str, inner: str, rising: bool) -> str:
    """Return the sentence of a degenerate point where f is a monotone function of a part of its formula."""
    way = "rises with" if rising else "falls as"
    rest = "" if rising else " rises"
    return (
        f"The Hessian is singular, so the second-derivative test fails; around the point f {way} one part of its "
        f"formula{rest}, and that part has a proved {inner} here: a {kind}."
    )


def on_curve(dimension: int, curve: str) -> str:
    """Return the sentence of a point that is not isolated."""
    if curve:
        return f"Degenerate: all points of the curve {curve} are critical, and f is constant along it."
    if dimension == 1:
        return "Degenerate: f is constant around the point."
    return "Degenerate: the point lies on a whole curve of critical points, along which f is constant."


def sampled(kind: str, sectors: int | None, why: str) -> str:
    """Return the sentence of a guess."""
    seen = "" if sectors is None else f", with {sectors} descending sector{'s' * (sectors != 1)} on small circles"
    return f"Numerically a {kind}{seen}; not proved: {why}."
