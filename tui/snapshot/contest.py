"""What the panel of the race shows."""

from __future__ import annotations

from curvtui.engine.descent.race import TOLERANCE, Clock, Race, Standing
from curvtui.engine.descent.status import Status, judge
from curvtui.engine.optimizers.hyperparameter import number_text

from ..drawing.race_page import RaceData, RunnerRow
from ..explorer import Explorer
from .published import known_minimum


def race_data(explorer: Explorer, keys: str) -> RaceData:
    """Return what the panel shows; ``keys`` says how runners are added."""
    race = explorer.race
    standings = race.standings(known_minimum(explorer.surface))
    return RaceData(tuple(_row(race, standing) for standing in standings), race.clock.value, TOLERANCE, keys)


def _row(race: Race, standing: Standing) -> RunnerRow:
    runner, run = standing.runner, standing.runner.run
    arrival = standing.arrival
    status = judge(run).status
    return RunnerRow(
        runner.number,
        runner.colour,
        runner_name(race, runner.number),
        standing.value,
        run.position,
        runner.work,
        None if arrival is None else arrival.work if race.clock is Clock.WORK else float(arrival.steps),
        arrival is None or arrival.exact,
        standing.fastest,
        race.runners[race.selected] is runner,
        runner not in race.shown(),
        "" if status is Status.RUNNING else status.value,
    )


def runner_name(race: Race, number: int) -> str:
    """Return a runner's name: its method, and the settings in which it differs from others of the same method."""
    runner = next(each for each in race.runners if each.number == number)
    settings = runner.run.settings
    same = [each.run.settings for each in race.runners if each.run.settings.optimizer == settings.optimizer]
    differing = [name for name, value in settings.values.items() if any(other.values[name] != value for other in same)]
    words = [f"{name} {number_text(settings.values[name])}" for name in differing[:2]]
    modifiers = ("schedule", "noise", "clip", "clip_value", "weight_decay", "seed")
    differ = [name for name in modifiers if any(getattr(other, name) != getattr(settings, name) for other in same)]
    words += [f"{name} {getattr(settings, name)}" for name in differ]
    return " ".join([settings.optimizer, *words])
