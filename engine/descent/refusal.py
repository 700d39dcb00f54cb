"""Saying before the first step that a method can't make one."""

import math

from ..arrays import Array
from ..optimizers.hyperparameter import SettingError
from ..optimizers.oracle import Landscape
from .settings import RunSettings


def refuse(surface: Landscape, settings: RunSettings, x: Array) -> None:
    """Raise `SettingError` with one sentence if the optimizer can't step on this surface from ``x`` ``(n,)``.

    A point that is not finite, or where f is not, is no matter of the method: such a run has ended.
    """
    check = settings.method.check
    point = x.tolist()
    if check is None or not all(map(math.isfinite, point)) or not math.isfinite(surface.value_at(point)):
        return
    objection = check(surface, x)
    if objection is not None:
        where = ", ".join(f"{each:.4g}" for each in point[:6]) + (", …" if len(point) > 6 else "")
        raise SettingError(f"{settings.optimizer} can't step from ({where}): {objection}")
