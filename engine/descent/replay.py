"""A run or a race as plain data, and back: the settings and lengths from which every bit can be made again."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from ..optimizers.hyperparameter import SettingError
from ..optimizers.oracle import Landscape
from .race import MOST_RUNNERS, Clock, Race, Runner
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


def race_to_dict(race: Race) -> dict[str, Any]:
    """Return plain data, ready for JSON, from which `race_from_dict` makes the race again."""
    return {
        "clock": race.clock.value,
        "selected": race.runners[race.selected].number,
        "solo": race.solo,
        "runners": [
            {"number": each.number, "colour": each.colour, "muted": each.muted, "run": run_to_dict(each.run)}
            for each in race.runners
        ],
    }


def race_from_dict(surface: Landscape, plain: Mapping[str, Any]) -> Race:
    """Return the race that `race_to_dict` wrote, its runs stepped again on this surface.

    Raises `SettingError` for data that does not describe a race.
    """
    entries = plain["runners"]
    numbers = [entry["number"] for entry in entries]
    colours = [entry["colour"] for entry in entries]
    allowed = range(MOST_RUNNERS)
    if not entries or numbers != sorted({int(n) for n in numbers if n - 1 in allowed}):
        raise SettingError(f"this does not describe a race: runners are numbered from 1 to {MOST_RUNNERS}, in order")
    if any(colour not in allowed for colour in colours) or len(set(colours)) < len(colours):
        raise SettingError(
            f"this does not describe a race: colours are numbers from 0 to {MOST_RUNNERS - 1}, one a runner"
        )
    clock, selected, solo = plain.get("clock", Clock.STEPS.value), plain.get("selected", numbers[0]), plain.get("solo")
    if clock not in [each.value for each in Clock]:
        raise SettingError("this does not describe a race: its clock is that of steps or of gradient evaluations")
    if selected not in numbers:
        raise SettingError("this does not describe a race: the selected runner is none of its own")
    runs = [run_from_dict(surface, entry["run"]) for entry in entries]
    if any(not np.array_equal(run.start, runs[0].start, equal_nan=True) for run in runs):
        raise SettingError("this does not describe a race: its runners have one start")
    runners = [
        Runner(run, int(entry["number"]), int(entry["colour"]), entry.get("muted") is True)
        for run, entry in zip(runs, entries, strict=True)
    ]
    race = Race.of(runners, Clock(clock))
    race.select(int(selected))
    race.solo = next((int(number) for number in numbers if number == solo), None)
    return race
