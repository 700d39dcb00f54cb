"""The editor of a surface of one's own, and how what it asks for is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from curvtui.engine.surface.surface import Surface, open_surface

from ..history import FormulaHistory
from ..screens.formula import FormulaEditor, FormulaRequest

if TYPE_CHECKING:
    from ..explorer import Explorer


def formula_editor(explorer: Explorer, history: FormulaHistory) -> FormulaEditor:
    """Return the editor, filled with the surface that is open."""
    surface = explorer.surface
    request = FormulaRequest(
        surface.formula,
        " ".join(f"{name}={value:.15g}" for name, value in surface.parameters.items()),
        " ".join(f"{end:.15g}" for side in explorer.view for end in side),
    )
    return FormulaEditor(request, history.entries, describe_request)


def surface_of(request: FormulaRequest) -> Surface:
    """Return the surface that a request asks for; raises ValueError with one sentence.

    Parameters that get no value are 1. A box for another number of variables than the formula's is one
    that was left over, and gives way to -2 to 2.
    """
    parameters: dict[str, float] = {}
    for word in request.parameters.replace(",", " ").split():
        name, _, text = word.partition("=")
        try:
            parameters[name] = float(text)
        except ValueError:
            raise ValueError(f"parameters are written a=1 b=2; {word[:40]!r} is not") from None
    try:
        ends = [float(word) for word in request.box.replace(",", " ").split()]
    except ValueError:
        raise ValueError(f"the box takes numbers, -2 2 -2 2; {request.box[:40]!r} was given") from None
    if len(ends) % 2:
        raise ValueError(f"the box takes two numbers a variable; {len(ends)} were given")
    surface = open_surface(request.formula, None, _used(request.formula, parameters), default_parameter=1.0)
    if len(ends) != 2 * surface.dimension:
        return surface
    return surface.with_box([ends[i : i + 2] for i in range(0, len(ends), 2)])


def _used(formula: str, parameters: Mapping[str, float]) -> dict[str, float]:
    """Leave out values of names that the formula no longer has: they are left over from the one before."""
    from curvtui.engine.surface.parser import parse
    from curvtui.engine.surface.presets import find_preset
    from curvtui.engine.surface.syntax import free_names

    if find_preset(formula) is not None:
        return {}
    names = free_names(parse(formula))
    return {name: value for name, value in parameters.items() if name in names and name not in ("x", "y")}


def describe_request(request: FormulaRequest) -> str:
    """Say what would be opened."""
    surface = surface_of(request)
    text = f"f({', '.join(surface.variables)}) = {surface.model.pretty_formula()}"
    if surface.parameters:
        text += "   with " + ", ".join(f"{name} = {value:g}" for name, value in surface.parameters.items())
    return text
