"""Critical points in the explorer: what is known of the view, and the cursor that goes through it."""

import math
from functools import cache

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from curvtui.engine.critical.analysis import Analysis, Completeness, Verdict, analyse_box
from curvtui.engine.critical.budget import Budget
from curvtui.engine.critical.convexity import Convexity, ConvexityVerdict
from curvtui.engine.critical.critical_point import CriticalPoint, Kind
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.descent.status import Status
from curvtui.engine.surface.surface import open_surface
from curvtui.tui.analysis_words import REASONS
from curvtui.tui.drawing.cells import Cells
from curvtui.tui.drawing.overlay import lay_over
from curvtui.tui.drawing.picture import Picture
from curvtui.tui.drawing.viewport import Viewport
from curvtui.tui.explorer import Explorer
from curvtui.tui.snapshot import plane
from curvtui.tui.snapshot.critical import critical_data
from curvtui.tui.snapshot.method import optimizer_data
from curvtui.tui.survey import Survey

from .drawing.looks import BRAILLE, sound

opened = cache(lambda text: open_surface(text, default_parameter=1.0))
analysed = cache(lambda surface, view: analyse_box(surface, view, Budget(60)))
"""With so long a budget no answer depends on the machine."""


def explorer_on(surface="quartic", start=(0.5, -1.5), *, searched=True, **values):
    explorer = Explorer(opened(surface), RunSettings("gd", values), start, chosen_rate="lr" in values)
    return search(explorer) if searched else explorer


def search(explorer):
    """What the search in the background would bring."""
    explorer.take(Survey(explorer.surface, explorer.view, analysed(explorer.surface, explorer.view)))
    return explorer


# What is shown of it.


def test_the_list_of_the_running_example():
    given = critical_data(explorer_on())
    assert [(row.kind, row.place, row.value, row.index) for row in given.rows] == [
        ("minimum", (-1.0, -1.0), -1.0, 1),
        ("minimum", (1.0, 1.0), -1.0, 1),
        ("saddle", (0.0, 0.0), 1.0, -1),
    ]
    assert [row.eigenvalues for row in given.rows] == [pytest.approx((8, 16))] * 2 + [pytest.approx((-4, 4))]
    assert [row.condition_number for row in given.rows] == pytest.approx([2, 2, 1])
    assert [row.is_global for row in given.rows] == [True, True, False]
    assert all(row.certified for row in given.rows)
    assert given.sentence == "3 critical points, all in view, proved; index sum +1+1−1 = +1 = border's winding"
    assert given.others == (
        "global minimum in view: −1 at (−1, −1), (1, 1), proved",
        "convexity in view: not convex, proved: at (0, 0) the Hessian has the eigenvalue −4",
    )
    assert given.proved
    assert given.chosen is None


def test_nothing_is_listed_while_the_view_is_searched():
    given = critical_data(explorer_on(searched=False))
    assert given.rows == given.others == ()
    assert given.sentence == "searching the view for all critical points …"
    assert not given.proved


def test_what_is_open_is_told_with_its_reason():
    given = critical_data(explorer_on("circle_valley", (0.5, 0.5)))
    assert not given.proved
    assert given.sentence.startswith("1 critical point, the only one in view, proved, except for 1 open region; ")
    assert given.others[0] == "open region: holds a whole curve of critical points, or parts of one, proved"
    assert given.others[1] == "global minimum in view: 0 at (0, −1), proved"
    given = critical_data(explorer_on("kink", (0.5, 0.5)))
    assert not given.rows
    assert "a kink" in given.others[0]


def test_at_most_two_reasons_are_told():
    explorer = explorer_on("sqrt(x)*abs(y) + (x*y - 1)^2*floor(x)", (0.5, 0.5), searched=False)
    explorer.take(Survey(explorer.surface, explorer.view, analyse_box(explorer.surface, explorer.view, Budget(0.2))))
    given = critical_data(explorer)
    reasons = [sentence for sentence in given.others if sentence.startswith("open region: ")]
    assert 1 <= len(reasons) <= 2
    assert {sentence.removeprefix("open region: ") for sentence in reasons} <= set(REASONS.values())


def test_a_search_that_was_cut_short_says_so():
    surface = opened("himmelblau")
    explorer = explorer_on("himmelblau", (0.0, 0.0), searched=False)
    explorer.take(Survey(surface, surface.box, analyse_box(surface, surface.box, Budget(0.0))))
    given = critical_data(explorer)
    assert explorer.analysis.completeness.verdict is Verdict.BUDGET_REACHED
    assert not given.proved
    assert "so far: the budget was reached" in given.sentence


def test_one_variable():
    given = critical_data(explorer_on("cubic", (1.0,)))
    assert [(row.kind, row.place) for row in given.rows] == [("inflection", (0.0,))]
    given = critical_data(explorer_on("sin(x)", (1.0,)))
    assert [row.kind for row in given.rows] == ["minimum", "maximum"]


# Going through the list.


def test_c_goes_through_the_list_and_round():
    explorer = explorer_on()
    places = [point.point for point in explorer.analysis.points]
    before = explorer.run.position
    assert explorer.chosen_point is None
    for i in (0, 1, 2, 0, 1):
        explorer.next_critical_point()
        assert explorer.chosen_point == critical_data(explorer).chosen == i
        assert explorer.here == explorer.cursor == places[i]
    assert explorer.run.position == before


def test_the_list_can_be_gone_through_backwards():
    explorer = explorer_on()
    seen = []
    for _ in range(4):
        explorer.next_critical_point(-1)
        seen.append(explorer.chosen_point)
    assert seen == [2, 1, 0, 2]
    explorer.next_critical_point()
    assert explorer.chosen_point == 0


def test_once_the_cursor_has_left_the_list_begins_anew():
    explorer = explorer_on()
    explorer.next_critical_point()
    explorer.next_critical_point()
    explorer.place_cursor((0.3, 0.3))
    assert explorer.chosen_point is None
    explorer.next_critical_point()
    assert explorer.chosen_point == 0
    explorer.step()
    assert explorer.chosen_point is None, "the panels speak of the iterate again"


def test_c_is_refused_while_the_view_is_searched():
    explorer = explorer_on(searched=False)
    with pytest.raises(ValueError, match=r"^the critical points in view are still being searched for$"):
        explorer.next_critical_point()
    assert not explorer.at_cursor
    assert explorer.cursor == (0.5, -1.5)


@pytest.mark.parametrize(
    ("surface", "sentence"),
    [
        ("x + y", "^no critical points: there are none in view, proved; winding of the border 0$"),
        ("kink", "^no critical points: there are none in view, proved, except for 1 open region; "),
    ],
)
def test_c_is_refused_where_there_are_no_points(surface, sentence):
    explorer = explorer_on(surface, (0.5, 0.5))
    with pytest.raises(ValueError, match=sentence):
        explorer.next_critical_point()
    assert not explorer.at_cursor


def test_a_run_starts_at_the_chosen_point():
    explorer = explorer_on()
    explorer.next_critical_point()
    explorer.start_at(explorer.cursor)
    assert explorer.run.start.tolist() == [-1.0, -1.0]


# Another view, another surface.


def marked(explorer):
    """The places of the marks on the map."""
    return [tuple(place) for _, *place in plane.marks(explorer, None).landmarks]


def test_what_is_known_stays_while_a_closer_view_is_searched():
    explorer = explorer_on()
    explorer.zoom(1.5, (1.0, 1.0))
    assert explorer.analysis is None
    assert critical_data(explorer).rows == ()
    (x, _), (y, _) = explorer.view
    assert (x, y) == pytest.approx((-1, -1))
    assert {(1.0, 1.0), (0.0, 0.0)} <= set(marked(explorer))
    explorer.zoom(4.0, (1.0, 1.0))
    assert marked(explorer) == [(1.0, 1.0)]
    search(explorer)
    assert [point.point for point in explorer.analysis.points] == [(1.0, 1.0)]
    explorer.fit()
    assert explorer.analysis is None
    assert marked(explorer) == [(1.0, 1.0)]


def test_another_surface_has_none_of_the_old_points():
    explorer = explorer_on()
    assert len(marked(explorer)) == 3
    explorer.open(opened("(x + 1)^2 + y^4"))
    assert explorer.analysis is None
    assert marked(explorer) == []
    assert marked(search(explorer)) == [(-1.0, 0.0)]


def test_another_parameter_is_another_surface():
    explorer = explorer_on("(x - a)^2 + y^2", (0.5, 0.5))
    assert marked(explorer) == [(1.0, 0.0)]
    explorer.change_settings({"a": "-1.5"})
    assert explorer.analysis is None
    assert marked(explorer) == []
    assert marked(search(explorer)) == [(-1.5, 0.0)]


def test_a_late_answer_is_dropped():
    explorer = explorer_on()
    late = Survey(explorer.surface, explorer.view, explorer.analysis)
    explorer.zoom(4.0, (1.0, 1.0))
    search(explorer)
    explorer.take(late)
    assert [point.point for point in explorer.analysis.points] == [(1.0, 1.0)]
    himmelblau = opened("himmelblau")
    explorer.take(Survey(himmelblau, himmelblau.box, analysed(himmelblau, himmelblau.box)))
    assert [point.point for point in explorer.analysis.points] == [(1.0, 1.0)]


def test_back_in_the_searched_view_all_is_known_again():
    explorer = explorer_on()
    explorer.zoom(2.0, (0.0, 0.0))
    explorer.fit()
    assert len(explorer.analysis.points) == 3


# Where a run ended.


def test_the_end_of_a_run_names_the_minimum():
    explorer = explorer_on(start=(1.5, 0.5), lr=0.02)
    explorer.step(400)
    told = explorer.told
    assert told.status is Status.CONVERGED
    assert told.sentence.startswith("converged to the certified minimum (1, 1), global in view")
    assert "away" in told.sentence or explorer.run.x.tolist() == [1.0, 1.0]
    assert optimizer_data(explorer).judgement == told


def test_how_far_the_minimum_is_is_told():
    explorer = explorer_on(start=(1.5, 0.5), lr=0.02)
    while explorer.judgement.status is not Status.CONVERGED:
        explorer.step()
    assert "converged to the certified minimum (1, 1), global in view, " in explorer.told.sentence
    distance = float(explorer.told.sentence.split("global in view, ")[1].split()[0])
    x, y = explorer.run.x.tolist()
    assert distance == pytest.approx(((x - 1) ** 2 + (y - 1) ** 2) ** 0.5, rel=0.05)


def test_a_run_that_begins_on_a_saddle_stops_there():
    explorer = explorer_on(start=(0.0, 0.0), lr=0.02)
    explorer.step()
    told = explorer.told
    assert told.status is Status.STALLED
    assert told.sentence.startswith("stopped at the saddle (0, 0): gradient 0, λ_min = -4, after 1 step")


def test_a_local_minimum_is_not_called_global():
    explorer = explorer_on("wavy", (1.5,), lr=0.02)
    explorer.step(400)
    sentence = explorer.told.sentence
    assert sentence.startswith("converged to the certified minimum (1.537)")
    assert "global" not in sentence


def test_without_a_search_and_on_the_way_the_run_says_what_it_knows():
    explorer = explorer_on(start=(1.5, 0.5), searched=False, lr=0.02)
    explorer.step(400)
    assert explorer.told == explorer.judgement
    explorer = explorer_on(start=(1.5, 0.5), lr=0.02)
    explorer.step()
    assert explorer.judgement.status is Status.RUNNING
    assert explorer.told == explorer.judgement


def test_far_from_every_critical_point_none_is_named():
    explorer = explorer_on("circle_valley", (1.5, 0.5), lr=0.02)
    explorer.step(400)
    assert explorer.judgement.status is Status.CONVERGED
    assert explorer.told == explorer.judgement


# On the map.


def map_of(explorer):
    """The landmarks and outlines over a blank picture, by their characters."""
    (x0, x1), (y0, y1) = (*explorer.view, (-12.0, 12.0))[:2]
    picture = Picture(Cells.blank(65, 33), Viewport(x0, x1, y0, y1, 60, 31), 5, 0, None, True)
    explorer.cursor = tuple(low for low, _ in explorer.view)
    cells = lay_over(picture, plane.marks(explorer, picture), BRAILLE)
    sound(cells, 65, 33, BRAILLE)
    return cells


def test_every_kind_has_its_mark_on_the_map():
    explorer = explorer_on("peaks", (2.5, -2.5))
    kinds = [row.kind for row in critical_data(explorer).rows]
    assert {"minimum", "maximum", "saddle"} <= set(kinds)
    marks = plane.marks(explorer, None)
    assert sorted(kind for kind, *_ in marks.landmarks) == sorted(kinds)
    drawn = map_of(explorer).text()
    for kind in set(kinds):
        assert drawn.count(getattr(BRAILLE.glyphs, kind)) == kinds.count(kind)


def test_a_degenerate_point_has_a_mark_of_its_own():
    explorer = explorer_on("monkey_saddle", (1.5, 0.5))
    assert plane.marks(explorer, None).landmarks == (("degenerate", 0.0, 0.0),)


def test_what_is_published_is_shown_until_the_view_is_searched():
    explorer = explorer_on(searched=False)
    assert {mark[0] for mark in plane.marks(explorer, None).landmarks} == {"minimum", "saddle"}
    explorer = explorer_on("x^4 + y^4 - 4*x*y + 1", searched=False)
    assert plane.marks(explorer, None).landmarks == ()
    assert len(plane.marks(search(explorer), None).landmarks) == 3


def test_the_lowest_of_points_in_one_place_is_on_top():
    explorer = explorer_on("peaks", (2.5, -2.5))
    values = [explorer.surface.value_at(place) for place in marked(explorer)]
    assert values == sorted(values, reverse=True)
    assert len(values) == len(explorer.analysis.points)


def test_of_points_that_no_map_tells_apart_the_lowest_is_marked():
    surface = open_surface("0.001*x + sin(x)", ((0.0, 6000.0),))
    explorer = search(Explorer(surface, RunSettings("gd", {}), (1.0,), chosen_rate=False))
    assert len(explorer.analysis.points) == 1910
    landmarks = plane.marks(explorer, None).landmarks
    assert 1000 < len(landmarks) < 1030
    for kind, sign in (("minimum", -1), ("maximum", 1)):
        places = {int(x / 6000 * 512): (x, y) for each, x, y in landmarks if each == kind}
        assert len(places) == sum(each == kind for each, *_ in landmarks)
        for each in explorer.analysis.points:
            if each.kind.value == kind:
                assert places[int(each.point[0] / 6000 * 512)][1] <= each.value
        assert all(surface.value_at((x,)) == y and sign * math.sin(x) > 0.99 for x, y in places.values())


def test_what_ten_thousand_points_would_take_time_for_is_made_once():
    explorer = explorer_on()
    assert critical_data(explorer) is critical_data(explorer)
    assert plane.marks(explorer, None).landmarks is plane.marks(explorer, None).landmarks
    before = critical_data(explorer)
    explorer.next_critical_point()
    assert critical_data(explorer).chosen == 0
    assert critical_data(explorer).rows is before.rows
    explorer.zoom(2.0, (1.0, 1.0))
    assert critical_data(search(explorer)).rows != before.rows


def test_why_is_told_of_the_chosen_point():
    explorer = explorer_on()
    assert critical_data(explorer).verdict == ""
    explorer.next_critical_point(-1)
    assert critical_data(explorer).verdict.startswith("Saddle: zero gradient")


def test_open_regions_are_outlined():
    explorer = explorer_on("circle_valley", (1.5, 1.5))
    (((x0, x1), (y0, y1)),) = plane.marks(explorer, None).regions
    assert x0 <= -1 < 1 <= x1
    assert y0 <= -1 < 1 <= y1
    cells = map_of(explorer)
    drawn = [character for character in cells.chars[:, 5:].reshape(-1).tolist() if "⠀" < character <= "⣿"]
    assert len(drawn) > 40
    assert plane.marks(explorer_on(), None).regions == ()


def test_a_region_that_is_the_whole_view_is_not_outlined():
    explorer = explorer_on("0*x + 0*y", (0.5, 0.5))
    (region,) = explorer.analysis.completeness.unresolved
    assert region.box == explorer.view
    assert plane.marks(explorer, None).regions == ()


def test_points_on_a_curve_lie_on_it():
    explorer = explorer_on("wavy", (1.5,))
    marks = plane.marks(explorer, None)
    assert len(marks.landmarks) == len(explorer.analysis.points) == 12
    for _, x, y in marks.landmarks:
        assert y == explorer.surface.value_at((x,))
    assert marks.regions == ()
    map_of(explorer)


# Answers that come at any time.


def made_up(surface, view):
    """An answer that tells its question: two points, in the middle of the view and on its border."""
    places = [tuple(0.5 * low + 0.5 * high for low, high in view), tuple(low for low, _ in view)]
    n = surface.dimension
    points = tuple(
        CriticalPoint(
            place,
            surface.value_at(place),
            kind,
            (1.0,) * n,
            ((1.0, 0.0), (0.0, 1.0))[:n],
            1.0,
            1,
            certified,
            tuple((x, x) for x in place),
            0.0,
        )
        for place, kind, certified in zip(places, (Kind.MINIMUM, Kind.DEGENERATE), (True, False), strict=True)
    )
    shape = Convexity(ConvexityVerdict.UNDECIDED, None)
    proof = Completeness(Verdict.COMPLETE, (), 2, 2)
    return Survey(surface, view, Analysis(surface.with_box(view), view, points, proof, None, shape, 0.0))


class AnyAnswer(RuleBasedStateMachine):
    """Views, surfaces and parameters change while answers come in any order: what is shown is of what is shown."""

    @initialize()
    def begin(self):
        self.explorer = explorer_on(searched=False)
        self.asked = []

    @rule()
    def ask(self):
        self.asked.append((self.explorer.surface, self.explorer.view))

    @rule(which=st.integers(0, 5))
    def answer(self, which):
        if self.asked:
            surface, view = self.asked[-1 - which % len(self.asked)]
            self.explorer.take(made_up(surface, view))
            if which == 0 and (surface, view) == (self.explorer.surface, self.explorer.view):
                assert self.explorer.analysis is not None

    @rule()
    def answer_at_once(self):
        self.ask()
        self.answer(0)

    @rule(factor=st.sampled_from([0.5, 2.0, 3.0]), by=st.sampled_from([0.25, 0.5]))
    def zoom(self, factor, by):
        self.explorer.zoom(factor, [low + by * (high - low) for low, high in self.explorer.view])

    @rule()
    def fit(self):
        self.explorer.fit()

    @rule(text=st.sampled_from(["quartic", "(x - a)^2 + y^2", "wavy"]))
    def open_another(self, text):
        self.explorer.open(opened(text))

    @rule(value=st.sampled_from(["1", "-1", "2"]))
    def change_a_parameter(self, value):
        if self.explorer.surface.parameters:
            self.explorer.change_settings({"a": value})

    @rule(by=st.sampled_from([1, -1]))
    def go_through_the_list(self, by):
        before, analysis = self.explorer.chosen_point, self.explorer.analysis
        if analysis is None:
            with pytest.raises(ValueError, match="still being searched"):
                self.explorer.next_critical_point(by)
            return
        self.explorer.next_critical_point(by)
        after = self.explorer.chosen_point
        assert after == ((0 if by > 0 else 1) if before is None else (before + by) % 2)
        assert self.explorer.here == analysis.points[after].point

    @rule()
    def start_here(self):
        self.explorer.start_at(self.explorer.cursor)
        assert self.explorer.chosen_point is None

    @rule()
    def step(self):
        self.explorer.step()
        assert self.explorer.chosen_point is None

    @invariant()
    def what_is_shown_is_of_this_view(self):
        explorer = self.explorer
        listed, landmarks = critical_data(explorer), plane.marks(explorer, None).landmarks
        if explorer.analysis is None:
            assert listed.rows == ()
            assert listed.sentence.startswith("searching")
        else:
            assert (explorer.surface, explorer.view) in self.asked
            expected = made_up(explorer.surface, explorer.view).analysis.points
            assert [(row.place, row.value) for row in listed.rows] == [(each.point, each.value) for each in expected]
            assert {kind for kind, *_ in landmarks} == {"minimum", "degenerate"}
            assert {x for _, x, _ in landmarks} == {each.point[0] for each in expected}
        assert (listed.chosen is None) == (listed.verdict == "") == (explorer.chosen_point is None)


TestAnyAnswer = AnyAnswer.TestCase
TestAnyAnswer.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, derandomize=True, phases=[Phase.generate]
)
