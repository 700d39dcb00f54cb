"""The yardsticks of a surface's view, measured once for each surface."""

from __future__ import annotations

from functools import lru_cache

from curvtui.engine.curvature.report import view_scale
from curvtui.engine.curvature.second_derivative_test import ViewScale
from curvtui.engine.surface.surface import Surface


@lru_cache(maxsize=8)
def scale_of(surface: Surface) -> ViewScale:
    """Return the lengths and values that a surface's view is judged by."""
    return view_scale(surface)
