"""Why a method can't step on a surface from a point: the ends of sentences, or None."""

import numpy as np

from ..arrays import Array
from .oracle import Landscape


def hessian_is_missing(surface: Landscape, x: Array) -> str | None:
    """Return that the Hessian is undefined at a point ``(n,)``, if it is."""
    matrix = np.array(surface.hessian_at(x.tolist()), dtype=np.float64)
    return None if np.all(np.isfinite(matrix)) else "it needs the Hessian, which is undefined there"


def residuals_are_missing(surface: Landscape, x: Array) -> str | None:
    """Return why a surface has no residuals at a point ``(n,)``, if it has none.

    A surface with residuals has ``residuals_and_jacobian(x)``, and may say in ``no_residuals`` why not.
    """
    why: str | None = getattr(surface, "no_residuals", None)
    if why is not None:
        return f"it needs a sum of squares, and {why}"
    residuals_and_jacobian = getattr(surface, "residuals_and_jacobian", None)
    if residuals_and_jacobian is None:
        return "it needs a sum of squares, and the residuals of this surface are not known"
    residuals, jacobian = residuals_and_jacobian(x)
    if not (np.all(np.isfinite(residuals)) and np.all(np.isfinite(jacobian))):
        return "it needs the residuals and their derivatives, which are undefined there"
    return None
