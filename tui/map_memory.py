"""The maps' styles as plain data for a session file, and back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar

from curvtui.engine.files import SessionError
from curvtui.engine.sampling.levels import FEWEST_LEVELS, MOST_LEVELS, LevelMethod

from .sight import CURVATURES, MAPS, Sight
from .views import Camera, FieldStyle, Ground, MapStyle

Choice = TypeVar("Choice", bound=Enum)


def maps_data(sight: Sight) -> dict[str, object]:
    """Return how the maps show a surface, as data that JSON can hold: names, numbers and truth values."""
    return {
        "shown": sight.maps,
        "selected": sight.selected,
        "styles": [
            {
                "ground": style.ground.name.lower(),
                "lines_only": style.lines_only,
                "field": style.field.name.lower(),
                "model": style.model,
                "levels": style.levels,
                "method": style.method.value,
                "camera": None if style.camera is None else [style.camera.azimuth, style.camera.elevation],
            }
            for style in sight.styles
        ],
    }


def restore_maps(sight: Sight, data: Mapping[str, Any] | None) -> None:
    """Show the maps as data from a file says; None, from before files held them, changes nothing.

    Raises SessionError where the data can't have been written by :func:`maps_data` for such a surface.
    """
    if data is None:
        return
    try:
        styles = [_style(each, len(sight.box)) for each in data["styles"]]
        shown, selected = data["shown"], data["selected"]
    except (KeyError, TypeError, ValueError) as error:
        raise SessionError(f"the session file is damaged: its maps can't be read: {error}"[:200]) from None
    if len(styles) != len(sight.styles) or shown not in MAPS or type(selected) is not int or not 0 <= selected < shown:
        raise SessionError("the session file is damaged: there are not as many maps as it says")
    sight.styles, sight.maps, sight.selected = styles, int(shown), selected


def _style(plain: Mapping[str, Any], dimension: int) -> MapStyle:
    camera = plain["camera"]
    style = MapStyle(
        _chosen(Ground, plain["ground"]),
        _truth(plain["lines_only"]),
        _chosen(FieldStyle, plain["field"]),
        _truth(plain["model"]),
        plain["levels"],
        LevelMethod(plain["method"]),
        None if camera is None else Camera(*(_degrees(each) for each in camera)),
    )
    if type(style.levels) is not int or not FEWEST_LEVELS <= style.levels <= MOST_LEVELS:
        raise ValueError("a number of levels")
    if style.camera is not None and not 0 <= style.camera.elevation <= 90:
        raise ValueError("a camera")
    flat = style.camera is None and style.field is FieldStyle.NONE and style.ground not in CURVATURES
    if dimension == 1 and not flat:
        raise ValueError("a curve is shown as a surface")
    return style


def _chosen(kind: type[Choice], name: object) -> Choice:
    return kind[str(name).upper()]


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("neither true nor false")
    return value


def _degrees(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError("a camera")
    return float(value)
