"""A run as plain data, and back: the settings and lengths from which every bit can be made again."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from ..optimizers.hyperparameter import SettingError
from ..optimizers.oracle import Landscape
from .run import Run
from .settings import settings_from_dict


def run_to_dict(run: Run) -> dict[str, Any]:
    """Return plain data, ready for JSON, from which `run_from_dict` makes the run again."""
    return {
        "start": run.start.tolist(),
        "segments": [{"step": each.start, **each.settings.to_dict()} for each in run.segments],
        "length": run.length,
        "position": run.position,
        "ended": run.ending is not None,
    }


def run_from_dict(surface: Landscape, plain: Mapping[str, Any]) -> Run:
    """Return the run that `run_to_dict` wrote, stepped again on this surface to the same position.

    Raises `SettingError` for data that does not describe a run.
    """
    try:
        segments = [(int(each["step"]), settings_from_dict(each)) for each in plain["segments"]]
        length, position = int(plain["length"]), int(plain["position"])
        start = [float(number) for number in plain["start"]]
        (_, first), *changes = segments
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        if isinstance(error, SettingError):
            raise
        raise SettingError("this does not describe a run: start, segments, length and position are needed") from None
    steps = [0, *(step for step, _ in changes), length]
    if any(later < earlier for earlier, later in pairwise(steps)):
        raise SettingError("this does not describe a run: the changes of settings must lie within it, in order")
    run = Run(surface, first, start)
    for step, settings in changes:
        run.step(step - run.position)
        run.change(settings)
    run.step(length - run.position)
    if plain.get("ended"):
        # The step that led nowhere is made again, to find out once more why it does.
        run.step()
    run.jump(position)
    return run
