"""The actions that choose what the selected map shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .action import MAP, Action, Perform
from .sight import Sight

if TYPE_CHECKING:
    from .app import CurvtuiApp


def _sight(what: Callable[[Sight], object]) -> Perform:
    return lambda app: what(app.explorer.sight)


def _from_above(what: Perform, shown: str) -> Perform:
    """Do what a relief can't show: the map is seen from above then, and a line says so."""

    def perform(app: CurvtuiApp) -> None:
        relief = app.explorer.sight.style.camera is not None
        what(app)
        if relief:
            app.notify(f"{shown} is drawn on the map from above; D shows the surface in 3-D again", markup=False)

    return perform


def _levels(by: int) -> Perform:
    return _sight(lambda sight: sight.more_levels(by))


def _next_map(by: int) -> Perform:
    def perform(sight: Sight) -> None:
        if len(sight.shown) == 1:
            raise ValueError("there is one map; | shows two or four side by side")
        sight.select(sight.selected + by)

    return _sight(perform)


MAP_ACTIONS = (
    Action(
        "lines_only",
        MAP,
        ("I",),
        "level lines alone, or value bands",
        _sight(Sight.toggle_lines_only),
    ),
    Action("levels", MAP, ("m",), "place the contour levels another way", _sight(Sight.next_method)),
    Action("fewer_levels", MAP, ("comma",), "fewer contour levels", _levels(-1)),
    Action("more_levels", MAP, ("full_stop",), "more contour levels", _levels(1)),
    Action(
        "field",
        MAP,
        ("F",),
        "the gradient field: downhill arrows, uphill arrows, streamlines, none",
        _from_above(_sight(Sight.next_field), "a gradient field"),
    ),
    Action(
        "model",
        MAP,
        ("T",),
        "the local model: Taylor's quadratic at the point, its axes, Newton's and the gradient's step",
        _from_above(_sight(Sight.toggle_model), "the local model"),
    ),
    Action(
        "curvature",
        MAP,
        ("E",),
        "colour by eigenvalues, in 3-D too: their signs, λ_min, λ_max, κ, ‖∇f‖, or f again",
        _sight(Sight.next_curvature),
    ),
    Action(
        "basins",
        MAP,
        ("W",),
        "colour by where each start leads with this optimizer, in 3-D too, or f again",
        _sight(Sight.toggle_basins),
    ),
    Action(
        "relief",
        MAP,
        ("D",),
        "the surface in 3-D, turned with the arrow keys, or the map again",
        _sight(Sight.toggle_relief),
        "views",
    ),
    Action("maps", MAP, ("vertical_line",), "one map, two or four side by side", _sight(Sight.next_maps)),
    Action("next_map", MAP, ("backslash",), "select the next map: keys change that one", _next_map(1)),
)
