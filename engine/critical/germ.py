"""What kind of critical point it is where the Hessian can't tell: higher-order terms decide.

All is exact: Taylor coefficients in closed form at exact coordinates, compared with zero by proof. Where the
coordinates have no closed form, signs on small circles are a fallback that proves nothing, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ..surface.surface import Surface
from . import germ_words as words
from .algebra import waiting_until
from .branches import CurveError, MoreTermsError, half_branches
from .closed_form import OpenError, is_zero, sign
from .common_factor import has_critical_curve
from .curves import flat_along
from .deciding import deciding_terms
from .exact import ExactPoint, exact_point, not_smooth
from .jet import Jet, NotSmoothError, StoppedError, UndefinedError, registers
from .level_line import critical_curve, equation
from .sampled import sampled_sectors
from .splitting import split

ORDERS = (4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128)
"""Orders up to which the Taylor expansion is tried, one after the other."""

MAX_WORK = 600_000
"""Most products of coefficients that one expansion may take, about a second's worth."""


@dataclass(frozen=True)
class Germ:
    """The kind of one critical point, and what decided it.

    ``kind`` is a word of the command line's contract (``degenerate minimum``, ``monkey saddle``, …; ``minimum``,
    ``maximum``, ``saddle`` where the Hessian decides; ``degenerate`` where nothing does). ``proved`` means that
    kind, index and isolation follow from exact arithmetic at a point where the gradient is exactly zero.
    """

    kind: str
    proved: bool
    index: int | None
    """Poincaré index; with one variable 1 at a minimum, -1 at a maximum, 0 at an inflection."""
    sectors: int | None
    """Number of sectors around the point in which f is smaller than at it; None with one variable."""
    isolated: bool | None
    """False on a curve of critical points, None where unknown."""
    order: int | None
    """Highest degree of the deciding terms."""
    kernel: tuple[tuple[float, ...], ...]
    """Directions (unit vectors) in which the Hessian vanishes: none, one, or two."""
    leading: str
    """The deciding terms as people write them, ``y² + x⁴``."""
    sentence: str


def classify(
    surface: Surface,
    point: Sequence[float],
    *,
    exact: ExactPoint | None = None,
    winding: int | None = None,
    radius: float | Sequence[float] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Germ:
    """Return the kind of the critical point at ``point``, from as many derivatives as it takes.

    ``exact`` are its exact coordinates if they are known; else they are looked for within ``radius`` (one
    number, or one a coordinate; a few ulp where None). ``winding`` is the proved winding number of the
    gradient around the point; a contradiction leaves the point undecided, and without exact coordinates only what
    it confirms is named. ``stop`` is polled. With more than
    two variables nothing is decided.
    """
    if len(point) > 2:
        return _undecided("higher-order terms are looked at for one or two variables only")
    try:
        with waiting_until(stop):
            known = exact or exact_point(surface, point, radius, stop)
            germ = None if known is None else _exactly(surface, known, stop)
    except StoppedError:
        return _undecided("it was stopped")
    if germ is None and stop is not None and stop():
        return _undecided("it was stopped")
    if germ is None:
        germ = _inexactly(surface, point, radius, winding, known is not None, stop)
    return _confirmed(germ, winding)


def _undecided(reason: str) -> Germ:
    return Germ("degenerate", False, None, None, None, None, (), "", f"Degenerate, and not decided: {reason}.")


def _confirmed(germ: Germ, winding: int | None) -> Germ:
    """Hold the index against the winding number that was proved independently."""
    if winding is None or germ.isolated is False:
        return germ
    if germ.index is None:
        return replace(germ, index=winding)
    if germ.index == winding:
        return replace(
            germ, sentence=f"{germ.sentence} The gradient's winding number confirms it: {words.signed(winding)}."
        )
    return _undecided(
        f"its higher-order terms say index {words.signed(germ.index)}, but the gradient winds {words.signed(winding)} "
        "times around it; other critical points may be too close by"
    )


def _exactly(surface: Surface, exact: ExactPoint, stop: Callable[[], bool] | None) -> Germ | None:
    """The kind at exact coordinates; None where the numbers that decide are out of reach."""
    tape = surface.model.value
    parameters = tuple(float(surface.parameters[name]) for name in tape.inputs[surface.dimension :])
    names = words.displacements(surface.variables, exact)
    jets: list[Jet] = []
    try:
        for order in ORDERS:
            if jets and _work(jets) * (order / jets[0].order) ** (2 * surface.dimension) > MAX_WORK:
                break
            jets = registers(tape, exact.coordinates, parameters, order, stop)
            jet = _without_zeros(jets[tape.outputs[0]])
            if jet.lowest() == 1:
                return _undecided("its gradient is not zero")
            try:
                return _in_one_variable(jet, names) if surface.dimension == 1 else _in_two_variables(jet, names)
            except MoreTermsError:
                register = flat_along(tape, jets, parameters, stop) if order == ORDERS[0] and len(names) == 2 else None
                if register is not None:
                    return _on_curve(jet, names, equation(tape, register, jets[register].constant))
                if jet.complete and order >= ORDERS[3] and has_critical_curve(jet):
                    return _on_curve(jet, names)
            except CurveError:
                register = flat_along(tape, jets, parameters, stop)
                curve = "" if register is None else equation(tape, register, jets[register].constant)
                return _on_curve(jet, names, curve)
        return replace(_undecided(f"no terms up to order {order} decide"), kernel=words.kernel(jet, surface.dimension))
    except NotSmoothError as error:
        return _undecided(f"f has no Taylor expansion here ({error})")
    except UndefinedError:
        return _undecided("f is not defined around the point")
    except (OpenError, ZeroDivisionError, OverflowError, RecursionError):
        return None


def _work(jets: Sequence[Jet]) -> int:
    """About how many products of coefficients the expansions took."""
    return sum(len(jet.terms) ** 2 for jet in jets if not jet.complete) // 2


def _without_zeros(jet: Jet) -> Jet:
    """The jet less its constant, without coefficients that are zero in a complicated way."""
    terms = {d: c for d, c in jet.without_constant().terms.items() if not is_zero(c)}
    return Jet(terms, jet.order, jet.complete)


def _in_one_variable(jet: Jet, names: Sequence[str]) -> Germ:
    if not jet.terms:
        raise CurveError if jet.complete else MoreTermsError
    order = jet.lowest()
    side = sign(jet.terms[order, 0])
    index = side if order % 2 == 0 else 0
    kind = words.kind_of_extremum(side, order > 2) if index else "inflection"
    leading = words.terms_text({(order, 0): jet.terms[order, 0]}, names)
    return Germ(
        kind, True, index, None, True, order,
        words.kernel(jet, 1), leading, words.one_variable(kind, order, leading, side),
    )  # fmt: skip


def _in_two_variables(jet: Jet, names: Sequence[str]) -> Germ:
    xx, xy, yy = (jet.terms.get(d, 0) for d in ((2, 0), (1, 1), (0, 2)))
    determinant = sign(4 * xx * yy - xy * xy)
    if determinant:
        sectors = 0 if determinant > 0 else 2
        kind = words.kind_of_extremum(sign(xx), False) if determinant > 0 else "saddle"
        leading = words.terms_text({d: c for d, c in jet.terms.items() if sum(d) == 2}, names)
        return Germ(
            kind, True, 1 - sectors, sectors, True, 2, (), leading, words.by_hessian(kind, leading, sign(xx))
        )  # fmt: skip
    kernel = words.kernel(jet, 2)
    if jet.lowest() == 2:
        normal = split(jet)
        side = sign(normal.square)
        sectors = 1 if normal.order % 2 else 1 - side * sign(normal.coefficient)
        kind = _kind(sectors, side)
        leading = words.split_text(normal, names)
        sentence = words.by_splitting(kind, normal, leading, kernel[0])
        return Germ(kind, True, 1 - sectors, sectors, True, normal.order, kernel, leading, sentence)
    sectors = half_branches(jet) // 2
    side = _side(jet, jet.lowest()) if sectors == 0 else 0
    kind = _kind(sectors, side)
    terms = deciding_terms(jet)
    leading = words.terms_text(terms, names)
    order = max(i + j for i, j in terms)
    sentence = words.by_sectors(kind, sectors, leading, jet.complete and len(terms) == len(jet.terms))
    return Germ(kind, True, 1 - sectors, sectors, True, order, kernel, leading, sentence)


def _side(jet: Jet, lowest: int) -> int:
    """The sign of a form that has one sign only: that of any value that is not zero."""
    for k in range(lowest + 1):
        value = sum((jet.terms.get((i, lowest - i), 0) * k**i for i in range(lowest + 1)), start=0)
        if not is_zero(value):
            return sign(value)
    return sign(jet.terms.get((lowest, 0), 0))


def _kind(sectors: int, side: int) -> str:
    if sectors == 0:
        return words.kind_of_extremum(side, True)
    return "monkey saddle" if sectors == 3 else "degenerate saddle"


def _on_curve(jet: Jet, names: Sequence[str], curve: str = "") -> Germ:
    kernel = words.kernel(jet, len(names))
    return Germ("degenerate", True, None, None, False, None, kernel, "", words.on_curve(len(names), curve))


def _inexactly(
    surface: Surface,
    point: Sequence[float],
    radius: float | Sequence[float] | None,
    winding: int | None,
    exact: bool,
    stop: Callable[[], bool] | None,
) -> Germ:
    """The kind without exact coordinates: a curve if one is proved, else what signs on small circles suggest."""
    curve = critical_curve(surface, point, radius, stop)
    if curve is not None:
        return Germ("degenerate", True, None, None, False, None, (), "", words.on_curve(2, curve.text))
    reason = not_smooth(surface, point, radius)
    if reason:
        return _undecided(reason)
    found = sampled_sectors(surface, point, stop)
    why = (
        "its Taylor coefficients have no usable closed form"
        if exact
        else "its coordinates have no closed form that was found, so no coefficient is known to be zero"
    )
    if found is None and winding is not None and winding < 1 and surface.dimension == 2:
        found = 1 - winding, 0
    if found is None:
        return _undecided(why)
    sectors, side = found
    if surface.dimension == 1:
        kind, index = words.kind_of_extremum(side, True) if side else "inflection", side
    else:
        kind, index = _kind(sectors, side), 1 - sectors
    seen = words.sampled(kind, None if surface.dimension == 1 else sectors, why)
    if winding is None:
        return Germ("degenerate", False, None, None, None, None, (), "", seen)
    return Germ(kind, False, index, None if surface.dimension == 1 else sectors, None, None, (), "", seen)
