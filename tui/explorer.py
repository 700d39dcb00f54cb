"""The explorer's state: surface, view, cursor, run and playback. Plain Python, without a terminal."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from curvtui.engine.curvature.report import PointReport, report_at
from curvtui.engine.descent.race import MOST_RUNNERS, Race, RaceError, Runner
from curvtui.engine.descent.run import Run
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.descent.status import Judgement, judge
from curvtui.engine.files import Session
from curvtui.engine.optimizers.catalogue import optimizer_named
from curvtui.engine.optimizers.hyperparameter import SettingError
from curvtui.engine.surface.presets import find_preset
from curvtui.engine.surface.surface import Box, Surface

from .findings import Findings
from .map_memory import maps_data, restore_maps
from .method_choice import at_a_rate_for, with_optimizer
from .outcome import told
from .pages import Curve, Page
from .playback import Playback
from .request import default_start
from .settings_text import LEAST_NOTCH, notched, settings_as_typed
from .sight import Sight

if TYPE_CHECKING:
    from curvtui.engine.critical.analysis import Analysis
    from curvtui.engine.descent.basins.picture import Basins

    from .basin_search import BasinAnswer
    from .survey import Survey

CATCH_UP_SECONDS = 0.1
"""Longest time that a new runner of a race may step for at once."""


class Explorer:
    """One surface, one view of it, and a race of runs on it; every action of the program is a method here.

    Most races have one runner: ``run`` is the selected one's run.

    Methods raise ValueError (with one sentence) for what can't be done, and then change nothing.
    """

    def __init__(
        self, surface: Surface, settings: RunSettings, start: Sequence[float], *, chosen_rate: bool = True
    ) -> None:
        self.playback = Playback()
        self.sight = Sight(surface.box)
        self.page = Page.MAP
        self.section = 0
        self.curve = Curve.LOSS
        self.findings = Findings()
        self.notices: list[str] = []
        """What the user should be told of, one sentence each; who tells it empties the list."""
        self._cursor_report: tuple[tuple[Surface, tuple[float, ...]], PointReport] | None = None
        self._begin(surface, settings, tuple(float(c) for c in start), chosen_rate)

    @classmethod
    def from_session(cls, session: Session) -> Explorer:
        """Return an explorer that goes on with a saved session; raises SessionError for maps that can't be."""
        run = session.run
        explorer = cls(session.surface, run.settings, run.start.tolist())
        explorer.race = session.race
        explorer.sight.begin_at(session.view)
        restore_maps(explorer.sight, session.maps)
        return explorer

    @property
    def session(self) -> Session:
        """What is saved."""
        return Session(self.surface, self.view, self.race, maps_data(self.sight))

    @property
    def run(self) -> Run:
        """The selected runner's run."""
        return self.race.run

    def _begin(self, surface: Surface, settings: RunSettings, start: tuple[float, ...], chosen_rate: bool) -> None:
        if not chosen_rate:
            settings = at_a_rate_for(surface, settings, start)
        # A method may refuse the surface, and then the old one must still be whole.
        self.race = Race(Run(surface, settings, start))
        self._look_at(surface, start)

    def _look_at(self, surface: Surface, start: tuple[float, ...]) -> None:
        """View a whole surface, the cursor on the start."""
        self.surface = surface
        self.sight.begin_at(surface.box)
        self.cursor = start
        self.at_cursor = False
        self.playback.reset()

    @property
    def view(self) -> Box:
        """The box in view."""
        return self.sight.box

    @property
    def playing(self) -> bool:
        """Whether the race runs by itself; what can't go on does not."""
        return self.playback.running(self.race)

    @property
    def here(self) -> tuple[float, ...]:
        """The point that the panels speak of: what was moved last, the cursor or the iterate."""
        return self.cursor if self.at_cursor else tuple(self.run.x.tolist())

    @property
    def report(self) -> PointReport:
        """What there is to know of the point that the panels speak of, worked out once."""
        if not self.at_cursor:
            return self.run.report
        if self._cursor_report is None or self._cursor_report[0] != (self.surface, self.cursor):
            self._cursor_report = (self.surface, self.cursor), report_at(self.surface, self.cursor)
        return self._cursor_report[1]

    @property
    def judgement(self) -> Judgement:
        """How the run stands."""
        return judge(self.run)

    @property
    def told(self) -> Judgement:
        """How the run stands, with the critical point at which it ended, where one is known there."""
        return told(self.run, self.judgement, self.analysis)

    # What is proved of the view.

    @property
    def analysis(self) -> Analysis | None:
        """What is proved of the view, None while it is being searched."""
        return self.findings.analysis(self.surface, self.view)

    @property
    def known(self) -> Analysis | None:
        """What is proved of the last view of this surface that was searched; its points stay true in another one."""
        return self.findings.known(self.surface)

    def take(self, survey: Survey) -> None:
        """Take what was found of a view; late answers about another one are dropped."""
        if (survey.surface, survey.view) == (self.surface, self.view):
            self.findings.take(survey)

    @property
    def basins(self) -> Basins | None:
        """What is known of where the starts in view lead with the settings in force, None before anything is."""
        return self.findings.basins(self.surface, self.run.settings, self.view)

    def take_basins(self, answer: BasinAnswer) -> None:
        """Take what was found of the basins; why a method can't be used for them is told once."""
        self.notices += self.findings.take_basins(answer)

    @property
    def chosen_point(self) -> int | None:
        """The place in the list of the critical point that the cursor is on, None where it is on none."""
        analysis = self.analysis
        if analysis is None or not self.at_cursor:
            return None
        return next((i for i, point in enumerate(analysis.points) if point.point == self.cursor), None)

    def next_critical_point(self, by: int = 1) -> None:
        """Put the cursor on the next critical point of the list."""
        analysis = self.analysis
        if analysis is None:
            raise ValueError("the critical points in view are still being searched for")
        if not analysis.points:
            from .analysis_words import completeness_sentence, in_view

            raise ValueError(in_view(completeness_sentence(analysis)))
        before = self.chosen_point
        at = (0 if by > 0 else -1) if before is None else before + by
        self.place_cursor(analysis.points[at % len(analysis.points)].point)

    # Time.

    def step(self, count: int = 1) -> None:
        """Make ``count`` steps, or ticks of the race's clock."""
        self.at_cursor = False
        self.race.step(count)

    def back(self, count: int = 1) -> None:
        """Go ``count`` steps back; playback pauses."""
        self.at_cursor = False
        self.playback.stop()
        self.race.back(count)

    def jump(self, position: int) -> None:
        """Go to an iterate of the history; playback pauses."""
        self.at_cursor = False
        self.playback.stop()
        self.race.jump(position)

    def restart(self) -> None:
        """Begin again from the same start, with the settings in force."""
        self.at_cursor = False
        self.playback.stop()
        self.race.restart()

    def pause(self) -> None:
        """Stop running."""
        self.playback.stop()

    def toggle_playing(self) -> None:
        """Run or pause."""
        if self.playback.toggle(self.race):
            self.at_cursor = False

    def play(self, seconds: float) -> bool:
        """Make the steps that are due after ``seconds`` of playback; return whether it goes on."""
        return self.playback.advance(self.race, seconds)

    # Where.

    def place_cursor(self, point: Sequence[float]) -> None:
        """Put the cursor on a point, which the panels then speak of."""
        self.cursor = tuple(float(c) for c in point)
        self.at_cursor = True

    def start_at(self, point: Sequence[float]) -> None:
        """Start a new run from a point, with the settings in force.

        Raises ValueError where the surface has no value.
        """
        start = tuple(float(c) for c in point)
        if not math.isfinite(self.surface.value_at(start)):
            raise ValueError("the surface has no finite value there; choose another start")
        self._remake(lambda run: Run(self.surface, run.settings, start))
        self.cursor = start
        self.at_cursor = False
        self.playback.stop()

    # What.

    def open(self, surface: Surface) -> None:
        """Open another surface; the optimizers stay, their learning rates are chosen anew."""
        start = tuple(self.run.start.tolist())
        inside = len(start) == surface.dimension and all(
            low <= c <= high for c, (low, high) in zip(start, surface.box, strict=True)
        )
        keep = inside and find_preset(surface.name) is None and math.isfinite(surface.value_at(start))
        begin = start if keep else default_start(surface)

        def remade(run: Run) -> Run:
            return Run(surface, at_a_rate_for(surface, run.settings, begin), begin)

        self._remake(remade)
        self._look_at(surface, begin)

    def choose_optimizer(self, name: str) -> None:
        """Step with another optimizer from here on; what it has in common keeps its value, but the rate."""
        if name != self.run.settings.optimizer:
            self.run.change(self._settings_with(name))

    def _settings_with(self, name: str) -> RunSettings:
        """The settings with another optimizer, at a rate that suits the surface; modifiers are kept."""
        return with_optimizer(self.run.settings, name, self.surface, tuple(self.run.start.tolist()))

    def checked_settings(self, given: Mapping[str, str]) -> tuple[RunSettings, Surface]:
        """Return what the settings would be with these values, by name and as typed.

        Names are hyperparameters, ``schedule``, ``noise``, ``clip``, ``clip_value``, ``weight_decay``,
        ``seed`` and the parameters of the surface.
        Raises SettingError for the first that is not allowed.
        """
        return settings_as_typed(self.run.settings, self.surface, given)

    def change_settings(self, given: Mapping[str, str]) -> None:
        """Change settings from here on; another parameter of the surface begins a new run.

        Raises SettingError for the first that is not allowed, and then nothing changes.
        """
        settings, surface = self.checked_settings(given)
        if surface == self.surface:
            self.run.change(settings)
        else:
            chosen = self.run

            def remade(run: Run) -> Run:
                return Run(surface, settings if run is chosen else run.settings, run.start)

            self._remake(remade)
            self.surface = surface
            self.playback.stop()

    def scale_rate(self, notches: int) -> None:
        """Move the learning rate by notches along 1, 2, 5, 10 and so on."""
        rate = self.run.settings.values.get("lr")
        if rate is None:
            raise SettingError(f"{self.run.settings.optimizer} has no learning rate")
        scaled = notched(rate, notches)
        if not LEAST_NOTCH <= scaled <= 1 / LEAST_NOTCH:
            raise SettingError(f"the learning rate {rate:g} can't be scaled further; set another number")
        self.run.change(self.run.settings.with_values(lr=scaled))

    # The race.

    def _remake(self, remade: Callable[[Run], Run]) -> None:
        """Give every runner another run; who can't have one is left out, and ``notices`` say why."""
        self.notices += self.race.replace_runs(remade)

    def add_runner(self, optimizer: str) -> None:
        """Add a runner with another optimizer, at a rate that suits the surface, from the same start."""
        self._catch_up(self.race.add(self._settings_with(optimizer)))

    def add_values(self, name: str, texts: Sequence[str]) -> None:
        """Add a runner for each of several values of one setting of the selected runner's method.

        A value with which a runner has made all its steps already is left out. Raises SettingError for a value
        that is not allowed, and then adds none.
        """
        asked = [self.checked_settings({name: text})[0] for text in texts]
        here = [runner.run.settings for runner in self.race.runners if len(runner.run.segments) == 1]
        settings = [each for i, each in enumerate(asked) if each not in here and each not in asked[:i]]
        if len(self.race.runners) + len(settings) > MOST_RUNNERS:
            raise RaceError(f"a race has at most {MOST_RUNNERS} runners; {len(settings)} more would be too many")
        runs = [Run(self.surface, each, self.run.start) for each in settings]
        for run in runs:
            self._catch_up(self.race.join(run))

    def _catch_up(self, runner: Runner) -> None:
        """Bring a new runner to where the others are, as far as it gets in a moment; the rest comes by itself."""
        self.race.catch_up(runner, time.perf_counter() + CATCH_UP_SECONDS)
        self.at_cursor = False

    def branch_settings(self, given: Mapping[str, str]) -> RunSettings:
        """Return the settings of a branch with these values, by name and as typed; ``optimizer`` is one of them.

        With another optimizer, values given for settings that it lacks are left out. Raises SettingError.
        """
        name = given.get("optimizer", self.run.settings.optimizer).strip()
        rest = {key: text for key, text in given.items() if key != "optimizer"}
        if name == self.run.settings.optimizer:
            return self.checked_settings(rest)[0]
        own = {key: text for key, text in rest.items() if optimizer_named(name).hyperparameter(key) is not None}
        return self._settings_with(name).with_values(**own)

    def branch(self, given: Mapping[str, str]) -> None:
        """Add a runner that goes on from here with other settings, and race it against what was here before."""
        settings = self.branch_settings(given)
        if settings == self.run.settings:
            raise SettingError("a branch needs other settings than the run it leaves; change one")
        self.race.branch(settings)
        self.at_cursor = False

    # View.

    def turn_to(self, page: Page) -> None:
        """Open a page, or go back to the map where it is open already."""
        self.page = Page.MAP if self.page is page else page

    def next_section(self) -> None:
        """Show the next of the cross-sections, on their page."""
        if self.page is Page.SECTIONS:
            self.section += 1
        self.page = Page.SECTIONS

    def next_curve(self) -> Curve:
        """Show the next of the curves over the steps, and return it."""
        curves = list(Curve)
        self.curve = curves[(curves.index(self.curve) + 1) % len(curves)]
        return self.curve

    def zoom(self, factor: float, focal: Sequence[float] | None = None) -> None:
        """Magnify the view about a point: the cursor, or the view's centre where the cursor is out of sight."""
        if focal is None:
            inside = all(low <= c <= high for c, (low, high) in zip(self.cursor, self.view, strict=True))
            focal = self.cursor if inside else tuple(0.5 * low + 0.5 * high for low, high in self.view)
        self.sight.zoom(factor, focal)

    def pan(self, right: float, up: float) -> None:
        """Move the view by shares of its sides."""
        self.sight.pan((right, up)[: self.surface.dimension])

    def fit(self) -> None:
        """Show the surface's own box again."""
        self.sight.look_at(self.surface.box)

    def fit_path(self) -> None:
        """View the paths of all runs that are shown."""
        self.sight.fit([x for runner in self.race.shown() for x in runner.run.path.iterates.tolist()])

    def fit_critical_points(self) -> None:
        """View all critical points of this surface that have been found."""
        found = self.findings.points(self.surface)
        if not found:
            raise ValueError("no critical points of this surface have been found yet")
        self.sight.fit(found)
