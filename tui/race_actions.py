"""The actions that make, steer and sort a race of several runners."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from curvtui.engine.descent.race import MOST_RUNNERS, Race

from .action import RACE, Action, Perform, dialogs
from .pages import Page

if TYPE_CHECKING:
    from .app import CurvtuiApp


def _race(what: Callable[[Race], object]) -> Perform:
    """Do something to the race, and show its page: what was done is to be seen there."""

    def perform(app: CurvtuiApp) -> None:
        what(app.explorer.race)
        app.explorer.page = Page.RACE

    return perform


def _select(number: int) -> Perform:
    return lambda app: app.explorer.race.select(number)


RACE_ACTIONS = (
    Action(
        "add_runner", RACE, ("A",), "add a runner with another optimizer", lambda app: dialogs().add_runner(app), "add"
    ),
    Action("vary", RACE, ("V",), "add runners with several values of one setting", lambda app: dialogs().vary(app)),
    Action(
        "branch",
        RACE,
        ("u",),
        "branch: go on from here with other settings, beside what was",
        lambda app: dialogs().branch(app),
        "branch",
    ),
    Action(
        "race",
        RACE,
        ("s",),
        "the race's standings, or the map again",
        lambda app: app.explorer.turn_to(Page.RACE),
        "race",
    ),
    Action("remove_runner", RACE, ("x",), "remove the selected runner", _race(lambda race: race.remove())),
    Action("mute", RACE, ("M",), "hide the selected runner, or show it", _race(lambda race: race.toggle_muted())),
    Action("solo", RACE, ("S",), "show the selected runner alone, or all", _race(lambda race: race.toggle_solo())),
    Action("recolour", RACE, ("C",), "another colour for the selected runner", _race(lambda race: race.recolour())),
    Action(
        "clock",
        RACE,
        ("y",),
        "in lockstep by steps, or by gradient evaluations",
        _race(lambda race: race.switch_clock()),
    ),
    *(
        Action(f"runner_{number}", RACE, (str(number),), f"select runner {number}", _select(number))
        for number in range(1, MOST_RUNNERS + 1)
    ),
)
