"""The explorer's state: surface, view, cursor, run and playback. Plain Python, without a terminal."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING

from curvtui.engine.arrays import Array
from curvtui.engine.curvature.report import report_at
from curvtui.engine.descent.race import MOST_RUNNERS, Race, RaceError, Runner
from curvtui.engine.descent.run import Run
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.descent.status import Judgement, Status, judge, steps_text
from curvtui.engine.descent.suggestion import suggested_rate
from curvtui.engine.files import Session
from curvtui.engine.optimizers.catalogue import optimizer_named
from curvtui.engine.optimizers.hyperparameter import SettingError
from curvtui.engine.optimizers.schedule import CONSTANT
from curvtui.engine.sampling import LevelMethod
from curvtui.engine.surface.presets import find_preset
from curvtui.engine.surface.surface import Box, BoxError, Surface, checked_box

from .request import default_start
from .settings_text import LEAST_NOTCH, notched, settings_as_typed

if TYPE_CHECKING:
    from curvtui.engine.critical.analysis import Analysis

    from .survey import Survey

SPEEDS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
"""Iterations a second that playback can be set to."""

FRAME_SECONDS = 0.008
"""Longest time that one frame of playback may step for, so that a key press never waits."""

CATCH_UP_SECONDS = 0.1
"""Longest time that a new runner of a race may step for at once."""

JUST_NOW = 0.4
"""Seconds after playback ended by itself in which a key that would begin it again is taken for a pause."""

METHODS = (LevelMethod.AUTO, LevelMethod.QUANTILE, LevelMethod.LOG, LevelMethod.LINEAR)


class Page(Enum):
    """What the panel at the side is about; the value is its title."""

    POINT = "here"
    STEP = "the next step"
    RACE = "race"
    CRITICAL = "critical points"


class Curve(Enum):
    """What the curve over the steps shows; the value is its title."""

    LOSS = "loss"
    GRADIENT = "gradient norm"
    STABILITY = "stability"


class Explorer:
    """One surface, one view of it, and a race of runs on it; every action of the program is a method here.

    Most races have one runner: ``run`` is the selected one's run.

    Methods raise ValueError (with one sentence) for what can't be done, and then change nothing.
    """

    def __init__(
        self, surface: Surface, settings: RunSettings, start: Sequence[float], *, chosen_rate: bool = True
    ) -> None:
        self.method = LevelMethod.AUTO
        self.speed = 20
        self._playing = False
        self._came_to_rest = -math.inf
        self.page = Page.POINT
        self.curve = Curve.LOSS
        self._owed = 0.0
        self._survey: Survey | None = None
        self.notices: list[str] = []
        """What the user should be told of, one sentence each; who tells it empties the list."""
        self._begin(surface, settings, tuple(float(c) for c in start), chosen_rate)

    @classmethod
    def from_session(cls, session: Session) -> Explorer:
        """Return an explorer that goes on with a saved session."""
        run = session.run
        explorer = cls(session.surface, run.settings, run.start.tolist())
        explorer.race, explorer.view = session.race, session.view
        return explorer

    @property
    def session(self) -> Session:
        """What is saved."""
        return Session(self.surface, self.view, self.race)

    @property
    def run(self) -> Run:
        """The selected runner's run."""
        return self.race.run

    def _begin(self, surface: Surface, settings: RunSettings, start: tuple[float, ...], chosen_rate: bool) -> None:
        if not chosen_rate:
            settings = _at_a_rate_for(surface, settings, start)
        # A method may refuse the surface, and then the old one must still be whole.
        self.race = Race(Run(surface, settings, start))
        self._look_at(surface, start)

    def _look_at(self, surface: Surface, start: tuple[float, ...]) -> None:
        """View a whole surface, the cursor on the start."""
        self.surface = surface
        self.view: Box = surface.box
        self.cursor = start
        self.at_cursor = False
        self._playing = False
        self._playing_from: Status | None = None

    @property
    def playing(self) -> bool:
        """Whether the race runs by itself; what can't go on does not."""
        return self._playing and not self.race.ended

    @property
    def here(self) -> tuple[float, ...]:
        """The point that the panels speak of: what was moved last, the cursor or the iterate."""
        return self.cursor if self.at_cursor else tuple(self.run.x.tolist())

    @property
    def judgement(self) -> Judgement:
        """How the run stands."""
        return judge(self.run)

    @property
    def told(self) -> Judgement:
        """How the run stands, with the certified critical point at which it ended, where one is known there."""
        judgement, analysis = self.judgement, self.analysis
        if analysis is None or judgement.status not in (Status.CONVERGED, Status.STALLED):
            return judgement
        from curvtui.engine.critical.places import destination

        words = destination(analysis, tuple(self.run.x.tolist()))
        if words is None:
            return judgement
        run, lowest = self.run, float(report_at(self.surface, self.run.x).spectrum.smallest)
        slope, steps = f"{run.gradient_norm:.3g}", steps_text(run.position)
        if judgement.status is Status.CONVERGED:
            numbers = f"f = {run.value:.6g}, ‖∇f‖ = {slope}, λ_min = {lowest:.4g}"
            return Judgement(judgement.status, f"converged to {words}, after {steps}: {numbers}")
        told = f"stopped at {words}: gradient {slope}, λ_min = {lowest:.4g}, after {steps}; f = {run.value:.6g}"
        return Judgement(judgement.status, told)

    # What is proved of the view.

    @property
    def analysis(self) -> Analysis | None:
        """What is proved of the view, None while it is being searched."""
        survey = self._survey
        return None if survey is None or survey.view != self.view else self.known

    def take(self, survey: Survey) -> None:
        """Take what was found of a view; late answers about another one are dropped."""
        if survey.surface == self.surface and survey.view == self.view:
            self._survey = survey

    @property
    def known(self) -> Analysis | None:
        """What is proved of the last view of this surface that was searched; its points stay true in another one."""
        survey = self._survey
        return None if survey is None or survey.surface != self.surface else survey.analysis

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
        self.at_cursor = self._playing = False
        self.race.back(count)

    def jump(self, position: int) -> None:
        """Go to an iterate of the history; playback pauses."""
        self.at_cursor = self._playing = False
        self.race.jump(position)

    def restart(self) -> None:
        """Begin again from the same start, with the settings in force."""
        self.at_cursor = self._playing = False
        self.race.restart()

    def pause(self) -> None:
        """Stop running."""
        self._playing = False

    def toggle_playing(self) -> None:
        """Run or pause."""
        if self.playing:
            self.pause()
            return
        if time.perf_counter() - self._came_to_rest < JUST_NOW:
            # Meant as a pause, a moment too late.
            return
        if self.race.ended:
            raise ValueError(f"the run has ended: {self.judgement.sentence}; step back, or choose a start")
        self.at_cursor = False
        self._playing = True
        self._owed = 1.0
        self._playing_from = self.judgement.status

    def play(self, seconds: float) -> bool:
        """Make the steps that are due after ``seconds`` of playback; return whether it goes on.

        Playback ends by itself when the run can't go on, or comes to rest; a run that was at rest already
        when it was started goes on, and so does a noisy one.
        """
        if not self._playing or self.race.ended:
            return False
        self._owed += min(seconds, 0.25) * self.speed
        due = int(self._owed)
        before = self.run.x
        if due:
            made = self.race.advance(due, time.perf_counter() + FRAME_SECONDS)
            # What the machine can't do in time is given up, not put off: pausing must work at once.
            self._owed = self._owed - due if made == due else 0.0
        if self.race.ended or (due and self.race.alone and self._rests_at(before)):
            self._playing = False
        elif due and self.race.alone and self._playing_from is Status.RUNNING:
            status = self.judgement.status
            self._playing = status in (Status.RUNNING, Status.DIVERGED)
        going = self.playing
        if not going:
            self._came_to_rest = time.perf_counter()
        return going

    def _rests_at(self, before: Array) -> bool:
        """Whether no step leads anywhere; a rejected trial step is no rest, the next one is shorter."""
        rejected = not getattr(self.run.state, "accepted", True)
        return self.run.settings.noise == 0 and not rejected and bool((self.run.x == before).all())

    def change_speed(self, steps: int) -> None:
        """Go ``steps`` notches faster (or slower)."""
        nearest = min(range(len(SPEEDS)), key=lambda i: abs(SPEEDS[i] - self.speed))
        self.speed = SPEEDS[max(0, min(len(SPEEDS) - 1, nearest + steps))]

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
        self.at_cursor = self._playing = False

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
            return Run(surface, _at_a_rate_for(surface, run.settings, begin), begin)

        self._remake(remade)
        self._look_at(surface, begin)

    def choose_optimizer(self, name: str) -> None:
        """Step with another optimizer from here on; what it has in common keeps its value, but the rate."""
        if name != self.run.settings.optimizer:
            self.run.change(self._settings_with(name))

    def _settings_with(self, name: str) -> RunSettings:
        """The settings with another optimizer, at a rate that suits the surface; modifiers are kept."""
        before = self.run.settings
        has_rate = optimizer_named(name).hyperparameter("lr") is not None
        schedule = before.schedule if has_rate else CONSTANT
        own = optimizer_named(name).hyperparameter("weight_decay") is not None
        decay = 0.0 if own else before.weight_decay
        settings = replace(before, optimizer=name, values={}, schedule=schedule, weight_decay=decay)
        rate = suggested_rate(self.surface, name, tuple(self.run.start.tolist()))
        return settings if rate is None else settings.with_values(lr=rate)

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
            self._playing = False

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
        """Show a page at the side, or the point's again where it is shown already."""
        self.page = Page.POINT if self.page is page else page

    def next_curve(self) -> Curve:
        """Show the next of the curves over the steps, and return it."""
        curves = list(Curve)
        self.curve = curves[(curves.index(self.curve) + 1) % len(curves)]
        return self.curve

    def zoom(self, factor: float, focal: Sequence[float] | None = None) -> None:
        """Magnify the view about a point: the cursor, or the view's centre where the cursor is out of sight."""
        if focal is None:
            inside = all(low <= c <= high for c, (low, high) in zip(self.cursor, self.view, strict=True))
            focal = self.cursor if inside else self._view_centre()
        sides = [
            (c + (low - c) / factor, c + (high - c) / factor) for c, (low, high) in zip(focal, self.view, strict=True)
        ]
        try:
            self.view = checked_box(sides, self.surface.dimension)
        except BoxError:
            way = "closer" if factor > 1 else "further out"
            raise ValueError(f"floating-point numbers don't reach {way} than this view") from None

    def fit(self) -> None:
        """Show the surface's own box again."""
        self.view = self.surface.box

    def next_method(self) -> LevelMethod:
        """Place the contour levels in the next of the ways there are, and return it."""
        self.method = METHODS[(METHODS.index(self.method) + 1) % len(METHODS)]
        return self.method

    def _view_centre(self) -> tuple[float, ...]:
        return tuple(0.5 * low + 0.5 * high for low, high in self.view)


def _at_a_rate_for(surface: Surface, settings: RunSettings, start: tuple[float, ...]) -> RunSettings:
    """The settings with the learning rate that suits a surface, where the method has one."""
    rate = suggested_rate(surface, settings.optimizer, start)
    return settings if rate is None else settings.with_values(lr=rate)
