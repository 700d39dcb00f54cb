import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from curvtui.engine.descent.race import MOST_RUNNERS, Clock
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.descent.sharpness import StabilityRecord
from curvtui.engine.descent.status import Status
from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.optimizers.hyperparameter import SettingError
from curvtui.engine.sampling.levels import LevelMethod
from curvtui.engine.surface.surface import open_surface
from curvtui.tui.drawing.anatomy_page import anatomy_page
from curvtui.tui.drawing.cells import Cells
from curvtui.tui.drawing.curvature_page import curvature_page
from curvtui.tui.drawing.optimizer_page import optimizer_page
from curvtui.tui.drawing.overlay import lay_over
from curvtui.tui.drawing.picture import Picture
from curvtui.tui.drawing.race_page import race_page
from curvtui.tui.drawing.viewport import Viewport
from curvtui.tui.explorer import Explorer
from curvtui.tui.forms.settings import settings_form
from curvtui.tui.pages import Curve, Page
from curvtui.tui.playback import SPEEDS
from curvtui.tui.snapshot import bars, contest, curves, method, plane, point, step

from .drawing.looks import BRAILLE as LOOK
from .drawing.looks import sound


def explorer_on(surface="quartic", start=(0.5, -1.5), optimizer="gd", parameters=None, noise=0.0, **values):
    opened = open_surface(surface, None, parameters)
    return Explorer(opened, RunSettings(optimizer, values, noise=noise), start, chosen_rate="lr" in values)


def state_of(explorer):
    """Everything that a user could see of an explorer, as plain data."""
    race = explorer.race
    return (
        explorer.surface,
        explorer.view,
        explorer.sight.style.method,
        explorer.playback.speed,
        explorer.playing,
        explorer.page,
        explorer.curve,
        repr(explorer.cursor),
        explorer.at_cursor,
        race.selected,
        race.solo,
        race.clock,
        tuple((each.number, each.colour, each.muted, run_state(each.run)) for each in race.runners),
    )


def run_state(run):
    """Everything that a user could see of one run."""
    path = run.full_path
    return (
        run.surface,
        run.settings,
        run.segments,
        run.position,
        run.length,
        run.evaluations,
        repr(run.ending),
        path.iterates.tobytes(),
        path.values.tobytes(),
    )


@pytest.fixture
def stopped_clock(monkeypatch):
    """The clock that playback looks at for its deadline: at infinity, a frame has all the time there is."""
    clock = SimpleNamespace(now=math.inf, perf_counter=lambda: clock.now)
    monkeypatch.setattr("curvtui.tui.playback.time", clock)
    return clock


def repeat(times, act):
    for _ in range(times):
        act()


def play_frames(explorer, frames, seconds=1 / 30):
    """Play a number of frames; return the position after each."""
    positions = []
    for _ in range(frames):
        explorer.play(seconds)
        positions.append(explorer.run.position)
    return positions


# Stepping.


def test_a_step_is_the_optimizers_update():
    explorer = explorer_on("bowl", (1.0, 1.0), lr=0.01)
    explorer.step()
    # f = 10 x² + y²: the gradient at (1, 1) is (20, 2).
    assert explorer.run.x.tolist() == [1 - 0.01 * 20, 1 - 0.01 * 2]
    assert explorer.run.position == 1


def test_steps_forward_are_again_what_was_stepped_back_over():
    explorer = explorer_on(optimizer="adam", noise=0.3, lr=0.1)
    explorer.step(20)
    there = explorer.run.x.tobytes()
    explorer.back(13)
    assert (explorer.run.position, explorer.run.length) == (7, 20)
    explorer.step(13)
    assert explorer.run.x.tobytes() == there


def test_before_the_start_there_is_nothing_to_step_back_to():
    explorer = explorer_on()
    explorer.step(2)
    explorer.back(10)
    assert explorer.run.position == 0
    assert explorer.run.x.tolist() == [0.5, -1.5]


def test_jumps_stay_in_the_history():
    explorer = explorer_on()
    explorer.step(5)
    explorer.jump(3)
    assert explorer.run.position == 3
    explorer.jump(900)
    assert explorer.run.position == 5
    explorer.jump(-4)
    assert explorer.run.position == 0


def test_a_restart_forgets_the_steps_and_keeps_start_and_settings():
    explorer = explorer_on(lr=0.01)
    explorer.step(4)
    explorer.scale_rate(1)
    explorer.restart()
    assert (explorer.run.position, explorer.run.length) == (0, 0)
    assert explorer.run.x.tolist() == [0.5, -1.5]
    assert explorer.run.settings.values["lr"] == 0.02


@pytest.mark.parametrize("act", ["back", "jump", "restart", "start_at"])
def test_whoever_looks_back_pauses_the_playback(act, stopped_clock):
    explorer = explorer_on(lr=0.001)
    explorer.toggle_playing()
    explorer.play(0.2)
    {
        "back": lambda: explorer.back(),
        "jump": lambda: explorer.jump(0),
        "restart": explorer.restart,
        "start_at": lambda: explorer.start_at((1.0, 0.0)),
    }[act]()
    assert not explorer.playing


def test_a_step_does_not_pause_the_playback(stopped_clock):
    explorer = explorer_on(lr=0.001)
    explorer.toggle_playing()
    explorer.step()
    assert explorer.playing


def test_the_panels_speak_of_what_was_moved_last():
    explorer = explorer_on()
    assert explorer.here == (0.5, -1.5)
    explorer.place_cursor((1.0, 1.0))
    assert explorer.here == (1.0, 1.0)
    explorer.step()
    assert explorer.here == tuple(explorer.run.x.tolist())
    assert explorer.cursor == (1.0, 1.0)


# Playback.


def test_the_first_frame_shows_a_step_at_once(stopped_clock):
    explorer = explorer_on(lr=0.001)
    explorer.playback.speed = 1
    explorer.toggle_playing()
    assert explorer.play(0.0)
    assert explorer.run.position == 1


def test_playback_makes_as_many_steps_as_the_speed_says(stopped_clock):
    explorer = explorer_on(lr=1e-5)
    explorer.toggle_playing()
    explorer.play(0.0)
    assert explorer.playback.speed == 20
    # 0.125 s are two and a half steps; the binary fractions make the sum exact.
    assert play_frames(explorer, 8, 0.125) == [3, 6, 8, 11, 13, 16, 18, 21]


@pytest.mark.parametrize("speed", SPEEDS)
def test_a_second_of_frames_is_the_speeds_number_of_steps(speed, stopped_clock):
    explorer = explorer_on(lr=1e-7)
    explorer.playback.speed = speed
    explorer.toggle_playing()
    explorer.play(0.0)
    play_frames(explorer, 32, 1 / 32)
    assert explorer.run.position == 1 + speed


def test_a_frame_that_comes_late_does_not_leap(stopped_clock):
    explorer = explorer_on(lr=1e-5)
    explorer.toggle_playing()
    explorer.play(0.0)
    explorer.play(60.0)
    # A quarter of a second at most: five steps of twenty a second, not 1,200.
    assert explorer.run.position == 6


def test_what_the_machine_can_not_do_in_time_is_given_up(stopped_clock):
    stopped_clock.now = -math.inf
    explorer = explorer_on(lr=1e-5)
    explorer.playback.speed = 10_000
    explorer.toggle_playing()
    assert play_frames(explorer, 3) == [1, 2, 3]
    stopped_clock.now = math.inf
    explorer.playback.speed = 1
    # Were the steps owed, they would be made up for now.
    assert play_frames(explorer, 1) == [3]


def test_a_paused_explorer_does_not_play():
    explorer = explorer_on()
    assert not explorer.play(1.0)
    assert explorer.run.position == 0


def test_pausing_and_going_on_loses_nothing(stopped_clock):
    explorer = explorer_on(lr=1e-5)
    explorer.toggle_playing()
    explorer.play(0.2)
    explorer.toggle_playing()
    assert not explorer.play(1.0)
    there = explorer.run.position
    explorer.toggle_playing()
    explorer.play(0.0)
    assert explorer.run.position == there + 1


def test_playback_pauses_when_the_run_has_converged(stopped_clock):
    explorer = explorer_on("quadratic", (1.5, -1.0), lr=0.2)
    explorer.toggle_playing()
    play_frames(explorer, 500)
    assert not explorer.playing
    assert explorer.judgement.status is Status.CONVERGED
    assert 5 < explorer.run.position < 150


def test_playback_goes_on_from_a_run_at_rest_until_it_does_not_move(stopped_clock):
    explorer = explorer_on("quadratic", (1.5, -1.0), lr=0.2)
    explorer.toggle_playing()
    play_frames(explorer, 500)
    rest = explorer.run.position
    explorer.toggle_playing()
    play_frames(explorer, 2)
    assert explorer.playing
    assert explorer.run.position > rest
    play_frames(explorer, 500)
    assert not explorer.playing
    before = explorer.run.x
    explorer.step()
    assert (explorer.run.x == before).all()


def test_a_run_that_stands_on_a_minimum_stops_after_one_frame(stopped_clock):
    explorer = explorer_on("bowl", (0.0, 0.0), lr=0.01)
    explorer.toggle_playing()
    assert not explorer.play(0.1)


def test_a_noisy_run_is_never_paused(stopped_clock):
    explorer = explorer_on("quadratic", (0.0, 0.0), noise=1e-12, lr=0.2)
    explorer.playback.speed = 200
    explorer.toggle_playing()
    play_frames(explorer, 300)
    assert explorer.playing
    assert explorer.run.position > 1500


def test_playback_follows_a_divergence_to_its_end(stopped_clock):
    explorer = explorer_on(lr=1.0)
    explorer.toggle_playing()
    play_frames(explorer, 100)
    assert not explorer.playing
    assert explorer.run.ended
    assert explorer.judgement.status is Status.DIVERGED
    with pytest.raises(ValueError, match=r"the run has ended: diverged.*step back, or choose a start"):
        explorer.toggle_playing()
    assert not explorer.playing


def test_playback_can_go_on_after_a_step_back_from_the_end(stopped_clock):
    explorer = explorer_on("log(x)+y**2", (0.1, 1.0), lr=1.0)
    explorer.step(5)
    assert explorer.judgement.status is Status.UNDEFINED
    assert explorer.run.ended
    explorer.change_settings({"lr": "0.001"})
    explorer.toggle_playing()
    assert explorer.playing


def test_speed_moves_by_notches_and_ends_at_the_ends():
    explorer = explorer_on()
    seen = []
    for _ in range(20):
        explorer.playback.change_speed(1)
        seen.append(explorer.playback.speed)
    assert seen[:4] == [50, 100, 200, 500]
    assert seen[-1] == 10_000
    explorer.playback.change_speed(-100)
    assert explorer.playback.speed == 1
    assert SPEEDS[0] == 1
    assert SPEEDS[-1] == 10_000


# The start.


def test_a_start_is_refused_where_the_surface_is_undefined():
    explorer = explorer_on("log(x*y)", (1.0, 1.0))
    explorer.step(3)
    before = state_of(explorer)
    for place in [(-1.0, 1.0), (0.0, 0.0), (math.nan, 1.0), (math.inf, 1.0)]:
        with pytest.raises(ValueError, match="no finite value there"):
            explorer.start_at(place)
        assert state_of(explorer) == before


def test_a_new_start_keeps_the_settings():
    explorer = explorer_on(optimizer="adam", lr=0.3)
    explorer.step(3)
    explorer.start_at((1.0, -1.0))
    assert explorer.run.x.tolist() == [1.0, -1.0]
    assert explorer.run.length == 0
    assert explorer.run.settings.values["lr"] == 0.3
    assert explorer.cursor == explorer.here == (1.0, -1.0)


# The surface.


def test_another_number_of_variables_takes_the_whole_explorer_along():
    explorer = explorer_on()
    explorer.step(3)
    explorer.zoom(2.0)
    explorer.open(open_surface("parabola"))
    assert explorer.run.x.shape == (1,)
    assert len(explorer.cursor) == len(explorer.view) == 1
    explorer.step()
    explorer.zoom(2.0)
    explorer.start_at((1.0,))
    explorer.open(open_surface("himmelblau"))
    assert explorer.run.x.shape == (2,)
    assert explorer.view == explorer.surface.box
    assert len(explorer.cursor) == 2


def test_a_preset_begins_at_its_own_start_and_a_formula_where_one_was():
    explorer = explorer_on(start=(0.25, 0.75))
    explorer.open(open_surface("x**2 + 3*y**2"))
    assert explorer.run.start.tolist() == [0.25, 0.75]
    explorer.open(open_surface("rosenbrock"))
    assert explorer.run.start.tolist() != [0.25, 0.75]


def test_a_formula_that_is_undefined_at_the_old_start_gets_one_where_it_is_not():
    explorer = explorer_on(start=(-0.5, 0.75))
    explorer.open(open_surface("log(x) + y"))
    assert math.isfinite(explorer.run.value)


def test_opening_a_surface_pauses_and_chooses_a_rate_that_goes_down():
    explorer = explorer_on(lr=0.02)
    explorer.toggle_playing()
    explorer.open(open_surface("1000*x**2 + 1000*y**2"))
    assert not explorer.playing
    before = explorer.run.value
    explorer.step()
    assert explorer.run.value < before


def test_a_surface_that_the_method_can_not_step_on_is_not_opened():
    explorer = explorer_on("rosenbrock", (-1.2, 1.0), optimizer="gauss_newton")
    explorer.step(2)
    explorer.zoom(2.0)
    before = state_of(explorer)
    with pytest.raises(ValueError, match="gauss_newton"):
        explorer.open(open_surface("quartic"))
    assert state_of(explorer) == before


# The optimizer and its settings.


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_another_optimizer_steps_on_from_here(name):
    # A sum of squares, so that the methods for those can step, too.
    explorer = explorer_on("(1-x)**2 + 100*(y-x**2)**2", optimizer="adam" if name == "gd" else "gd")
    explorer.step(5)
    point = explorer.run.x.tobytes()
    explorer.choose_optimizer(name)
    assert explorer.run.settings.optimizer == name
    assert (explorer.run.position, explorer.run.x.tobytes()) == (5, point)
    explorer.step()
    assert explorer.run.position == 6
    explorer.back(6)
    assert explorer.run.settings.optimizer != name


def test_the_same_optimizer_again_changes_nothing():
    explorer = explorer_on(lr=0.07)
    explorer.step(5)
    before = state_of(explorer)
    explorer.choose_optimizer("gd")
    assert state_of(explorer) == before


WRONG_SETTINGS = [
    ({"lr": "fast"}, "lr must be a number; 'fast' was given"),
    ({"lr": "-1"}, "lr must be zero or positive; -1 was given"),
    ({"lr": "nan"}, "lr must be zero or positive; nan was given"),
    ({"lr": "1e999"}, "lr must be zero or positive; inf was given"),
    ({"lr": "0.1", "noise": "loud"}, "noise must be a number; 'loud' was given"),
    ({"noise": "-0.5"}, "noise must be zero or positive; -0.5 was given"),
    ({"noise": "inf"}, "noise must be a finite number; 'inf' was given"),
    ({"clip": "0"}, "clip must be positive; 0 was given"),
    ({"clip": "no"}, "clip must be a number; 'no' was given"),
    ({"seed": "1.5"}, "seed must be a whole number; '1.5' was given"),
    ({"seed": ""}, "seed must be a number; '' was given"),
    ({"schedule": "slower"}, "slower"),
    ({"a": "x"}, "a must be a number; 'x' was given"),
    ({"a": "1e999"}, "a must be a finite number; '1e999' was given"),
]


@pytest.mark.parametrize(("given", "sentence"), WRONG_SETTINGS, ids=lambda value: str(value)[:30])
def test_wrong_settings_change_nothing(given, sentence):
    explorer = explorer_on("(1-x)**2 + a*(y-x**2)**2", parameters={"a": 10.0})
    explorer.step(4)
    explorer.back(1)
    before = state_of(explorer)
    with pytest.raises(SettingError) as caught:
        explorer.change_settings(given)
    assert sentence in str(caught.value)
    assert state_of(explorer) == before


def test_weight_decay_is_one_setting_whether_the_method_or_the_surface_carries_it():
    explorer = explorer_on("bowl", (1.0, 1.0), lr=0.01)
    explorer.choose_optimizer("newton")
    explorer.change_settings({"weight_decay": "0.5"})
    assert explorer.run.settings.weight_decay == 0.5
    explorer.choose_optimizer("bfgs")
    assert explorer.run.settings.weight_decay == 0.5
    explorer.choose_optimizer("adam")
    assert (explorer.run.settings.weight_decay, explorer.run.settings.values["weight_decay"]) == (0.0, 0.0)
    explorer.change_settings({"weight_decay": "0.25"})
    assert explorer.run.settings.values["weight_decay"] == 0.25
    for name in ("adam", "newton"):
        explorer.choose_optimizer(name)
        fields = [field.name for field in settings_form(explorer).fields]
        assert fields.count("weight_decay") == 1


def test_settings_change_from_here_on():
    explorer = explorer_on("bowl", (1.0, 1.0), lr=0.01)
    explorer.step(2)
    explorer.change_settings({"lr": "0.02", "noise": "0", "clip": "none", "seed": "3"})
    explorer.step()
    y = 1.0
    for rate in (0.01, 0.01, 0.02):
        y -= rate * 2 * y
    assert explorer.run.x[1] == y
    assert explorer.run.settings.seed == 3


def test_a_parameter_of_the_surface_begins_a_new_run():
    explorer = explorer_on("(1-x)**2 + a*(y-x**2)**2", (0.5, 0.5), parameters={"a": 10.0})
    explorer.step(3)
    explorer.change_settings({"a": "20", "lr": "0.001"})
    assert explorer.surface.parameters["a"] == 20.0
    assert explorer.run.length == 0
    # (1 - 0.5)² + 20 (0.5 - 0.25)² = 0.25 + 1.25
    assert explorer.run.value == 1.5
    assert explorer.run.settings.values["lr"] == 0.001


@pytest.mark.parametrize(
    ("rate", "up", "down"),
    [(0.01, 0.02, 0.005), (0.02, 0.05, 0.01), (0.05, 0.1, 0.02), (0.03, 0.05, 0.02), (7.0, 10.0, 5.0), (1.0, 2.0, 0.5)],
)
def test_the_rate_moves_along_one_two_five(rate, up, down):
    explorer = explorer_on(lr=rate)
    explorer.scale_rate(1)
    assert explorer.run.settings.values["lr"] == up
    explorer = explorer_on(lr=rate)
    explorer.scale_rate(-1)
    assert explorer.run.settings.values["lr"] == down


def test_notches_up_and_down_again_lead_back():
    explorer = explorer_on(lr=0.001)
    for notches in (17, -17, -30, 30):
        explorer.scale_rate(notches)
    assert explorer.run.settings.values["lr"] == 0.001


@pytest.mark.parametrize("rate", [0.0, 5e-324, 1e-310, 1.5e308])
@pytest.mark.parametrize("notch", [-1, 1])
def test_a_rate_at_the_end_of_the_numbers_stays_a_rate(rate, notch):
    explorer = explorer_on(lr=rate)
    before = state_of(explorer)
    with pytest.raises(SettingError, match=r"the learning rate .* can't be scaled further"):
        explorer.scale_rate(notch)
    assert state_of(explorer) == before


def test_lowering_the_rate_for_ever_ends_in_a_sentence():
    explorer = explorer_on(lr=0.1)
    with pytest.raises(SettingError, match="can't be scaled further"):
        repeat(2000, lambda: explorer.scale_rate(-1))
    assert explorer.run.settings.values["lr"] == 1e-300


# The view.


def test_zooming_keeps_the_cursor_where_it_is_on_the_screen():
    explorer = explorer_on(start=(1.0, -1.0))
    explorer.zoom(2.0)
    # The cursor divides [-2, 2] at three quarters and at one quarter.
    assert explorer.view == ((-0.5, 1.5), (-1.5, 0.5))
    explorer.zoom(0.5)
    assert explorer.view == ((-2.0, 2.0), (-2.0, 2.0))


def test_zooming_is_about_the_centre_while_the_cursor_is_out_of_sight():
    explorer = explorer_on()
    explorer.place_cursor((50.0, 0.0))
    explorer.zoom(2.0)
    assert explorer.view == ((-1.0, 1.0), (-1.0, 1.0))


@pytest.mark.parametrize("surface", ["quartic", "parabola"])
@pytest.mark.parametrize(("factor", "words"), [(1.5, "closer"), (1 / 1.5, "further out")])
def test_zooming_ends_in_a_sentence_and_a_view_that_can_be_drawn(surface, factor, words):
    explorer = explorer_on(surface, (0.5, -1.5)[: 2 if surface == "quartic" else 1])
    with pytest.raises(ValueError, match=words):
        repeat(3000, lambda: explorer.zoom(factor))
    for low, high in explorer.view:
        assert low < 0.5 * low + 0.5 * high < high
        assert math.isfinite(high - low)
    explorer.fit()
    assert explorer.view == explorer.surface.box


def test_levels_go_round():
    explorer = explorer_on()
    ways = [explorer.sight.next_method() for _ in range(4)]
    assert set(ways) == {LevelMethod.AUTO, LevelMethod.QUANTILE, LevelMethod.LOG, LevelMethod.LINEAR}
    assert ways[-1] is explorer.sight.style.method is LevelMethod.AUTO


# The session.


def test_a_session_goes_on_where_it_was():
    explorer = explorer_on(optimizer="momentum", noise=0.1)
    explorer.step(30)
    explorer.scale_rate(1)
    explorer.step(10)
    explorer.back(5)
    explorer.zoom(3.0)
    again = Explorer.from_session(explorer.session)
    assert again.surface == explorer.surface
    assert again.view == explorer.view
    assert again.run.position == 35
    assert np.array_equal(again.run.full_path.iterates, explorer.run.full_path.iterates)


# Any sequence of actions.

NUMBERS = st.one_of(
    st.floats(-3, 3),
    st.floats(),
    st.sampled_from([0.0, 1e308, -1e308, 5e-324, math.nan, math.inf, -math.inf]),
)
TEXTS = st.one_of(
    st.floats(0, 2).map(repr),
    st.sampled_from(["", "none", "0", "1e308", "5e-324", "-1", "nan", "inf", "true", "9" * 400, "[/ bad", "1_0"]),
)
FIELDS = ["lr", "momentum", "beta1", "weight_decay", "noise", "clip", "seed", "schedule", "a", "nonsense"]
SCHEDULES = st.sampled_from(["constant", "step:size=3,gamma=0.5", "cosine:steps=10", "cosine:steps=0", "bad:"])
SURFACES = [
    *("quartic", "rosenbrock", "parabola", "exponential", "easom", "kink"),
    *("log(x*y)", "1/(x*y)", "sqrt(x)-y", "x", "a*x**2 + y**4", "exp(exp(x*y))", "0*x"),
]
OPENED = {text: open_surface(text, default_parameter=1.0) for text in SURFACES}


def picture_of(explorer):
    """A blank map of what is in view, which marks can be laid over."""
    (x0, x1), (y0, y1) = (*explorer.view, (-5.0, 5.0))[:2]
    return Picture(Cells.blank(45, 17), Viewport(x0, x1, y0, y1, 40, 15), 5, 0, None, True)


class AnySequence(RuleBasedStateMachine):
    """Actions in any order: what is refused changes nothing, and what is shown is always sound."""

    def __init__(self):
        super().__init__()
        self.record = StabilityRecord()

    def do(self, act):
        before = state_of(self.explorer)
        try:
            act()
        except ValueError as error:
            refusal = str(error)
        else:
            return
        assert len(refusal.split()) > 3
        assert state_of(self.explorer) == before

    @initialize(surface=st.sampled_from(SURFACES), optimizer=st.sampled_from(list(OPTIMIZERS)), x=NUMBERS, y=NUMBERS)
    def open_anywhere(self, surface, optimizer, x, y):
        opened = OPENED[surface]
        start = (x, y)[: opened.dimension]
        try:
            self.explorer = Explorer(opened, RunSettings(optimizer), start, chosen_rate=False)
        except SettingError:  # not every method can step on every surface
            self.explorer = Explorer(opened, RunSettings(), start, chosen_rate=False)

    @rule(count=st.integers(1, 12))
    def step(self, count):
        self.do(lambda: self.explorer.step(count))

    @rule(count=st.integers(1, 12))
    def back(self, count):
        self.do(lambda: self.explorer.back(count))

    @rule(position=st.integers(-2, 40))
    def jump(self, position):
        self.do(lambda: self.explorer.jump(position))

    @rule()
    def restart(self):
        self.do(self.explorer.restart)

    @rule()
    def toggle(self):
        self.do(self.explorer.toggle_playing)

    @rule(seconds=st.floats(0, 2), notches=st.integers(-3, 3))
    def play(self, seconds, notches):
        self.explorer.playback.change_speed(notches)
        was_playing = self.explorer.playing
        assert self.explorer.play(seconds) is self.explorer.playing
        assert was_playing or not self.explorer.playing

    @rule(x=NUMBERS, y=NUMBERS)
    def place_cursor(self, x, y):
        self.do(lambda: self.explorer.place_cursor((x, y)[: self.explorer.surface.dimension]))

    @rule(x=NUMBERS, y=NUMBERS)
    def start_at(self, x, y):
        self.do(lambda: self.explorer.start_at((x, y)[: self.explorer.surface.dimension]))

    @rule()
    def start_here(self):
        self.do(lambda: self.explorer.start_at(self.explorer.cursor))

    @rule(surface=st.sampled_from(SURFACES))
    def open_another(self, surface):
        self.do(lambda: self.explorer.open(OPENED[surface]))

    @rule(name=st.sampled_from(list(OPTIMIZERS)))
    def choose(self, name):
        self.do(lambda: self.explorer.choose_optimizer(name))

    @rule(name=st.sampled_from(FIELDS), text=TEXTS, schedule=SCHEDULES)
    def change(self, name, text, schedule):
        self.do(lambda: self.explorer.change_settings({name: schedule if name == "schedule" else text}))

    @rule(notches=st.integers(-400, 400))
    def scale_rate(self, notches):
        self.do(lambda: self.explorer.scale_rate(notches))

    @rule(power=st.integers(-60, 60))
    def zoom(self, power):
        self.do(lambda: self.explorer.zoom(1.5**power))

    @rule()
    def look(self):
        self.explorer.fit()
        self.explorer.sight.next_method()

    @rule(count=st.integers(1, 5))
    def back_and_forward(self, count):
        race = self.explorer.race
        before = [(each.run, each.run.position, each.run.x.tobytes()) for each in race.runners]
        position = race.position
        level = all(each.run.ended or each.run.position == position for each in race.runners)
        self.explorer.back(count)
        self.explorer.step(position - race.position)
        for run, at, x in before:
            # Runners that were waiting for the others are further on now, on the same path.
            assert run.iterate(at).tobytes() == x
            if race.alone or (level and race.clock is Clock.STEPS):
                assert (run.position, run.x.tobytes()) == (at, x)

    # The race.

    @rule(name=st.sampled_from(list(OPTIMIZERS)))
    def add_runner(self, name):
        self.do(lambda: self.explorer.add_runner(name))

    @rule(name=st.sampled_from(FIELDS), texts=st.lists(TEXTS, max_size=9))
    def vary(self, name, texts):
        self.do(lambda: self.explorer.add_values(name, texts))

    @rule(
        optimizer=st.none() | st.sampled_from([*OPTIMIZERS, "nonsense", ""]),
        given=st.dictionaries(st.sampled_from(FIELDS), TEXTS, max_size=3),
    )
    def branch(self, optimizer, given):
        self.do(lambda: self.explorer.branch(given if optimizer is None else {"optimizer": optimizer, **given}))

    @rule(number=st.integers(-1, 9))
    def select(self, number):
        self.do(lambda: self.explorer.race.select(number))

    @rule()
    def remove(self):
        self.do(lambda: self.explorer.race.remove())

    @rule(which=st.sampled_from(["toggle_muted", "toggle_solo", "recolour", "switch_clock"]))
    def do_to_the_race(self, which):
        self.do(lambda: getattr(self.explorer.race, which)())

    @rule(page=st.sampled_from(list(Page)))
    def turn_to(self, page):
        before = self.explorer.page
        self.explorer.turn_to(page)
        assert self.explorer.page is (Page.MAP if before is page else page)

    @rule()
    def next_curve(self):
        seen = [self.explorer.next_curve() for _ in Curve]
        assert set(seen) == set(Curve)
        self.explorer.next_curve()

    @rule()
    def save_and_resume(self):
        again = Explorer.from_session(self.explorer.session)
        assert again.race is self.explorer.race

    @invariant()
    def races_soundly(self):
        race = self.explorer.race
        numbers = [each.number for each in race.runners]
        assert 1 <= len(numbers) <= MOST_RUNNERS
        assert numbers == sorted(set(numbers) & set(range(1, MOST_RUNNERS + 1)))
        assert len({each.colour for each in race.runners} & set(range(MOST_RUNNERS))) == len(numbers)
        assert 0 <= race.selected < len(numbers)
        assert race.solo is None or race.solo in numbers
        assert race.position == max(each.run.position for each in race.runners)
        start = race.run.start.tobytes()
        for each in race.runners:
            run = each.run
            assert 0 <= run.position <= run.length
            assert run.surface is self.explorer.surface
            assert run.start.tobytes() == start
            assert each.work >= 0

    @invariant()
    def is_sound(self):
        explorer = self.explorer
        run, dimension = explorer.run, explorer.surface.dimension
        assert len(explorer.cursor) == len(explorer.view) == run.x.size == dimension
        assert all(low < 0.5 * low + 0.5 * high < high for low, high in explorer.view)
        assert explorer.playback.speed in SPEEDS
        assert not (explorer.playing and explorer.race.ended)

    @invariant()
    def can_be_shown(self):
        explorer = self.explorer
        bars.header_data(explorer)
        bars.status_data(explorer, None)
        plane.scene(explorer, explorer.sight.style)
        picture = picture_of(explorer)
        style = explorer.sight.style
        model = plane.model_data(explorer, picture) if style.model and style.camera is None else None
        sound(lay_over(picture, plane.marks(explorer, picture, model), LOOK), 45, 17, LOOK)
        for page, data in (
            (curvature_page, point.curvature_data(explorer)),
            (optimizer_page, method.optimizer_data(explorer)),
            (race_page, contest.race_data(explorer, "A adds a runner")),
            (anatomy_page, step.step_data(explorer, 1.0)),
        ):
            sound(page(data, 42, 22, LOOK), 42, 22, LOOK)
        curves.loss_data(explorer, self.record)


TestAnySequence = AnySequence.TestCase
TestAnySequence.settings = settings(
    max_examples=40,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],  # an example is short as it is, and shrinking one would take minutes
)
