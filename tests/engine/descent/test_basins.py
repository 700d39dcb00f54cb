"""Basins against what is known of them: by hand, by another integrator, by single runs."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from curvtui.engine.critical.analysis import analyse_box
from curvtui.engine.critical.critical_point import Kind
from curvtui.engine.descent.basins import basins as module
from curvtui.engine.descent.basins.basins import basins
from curvtui.engine.descent.basins.picture import DIVERGED, LEFT, OTHERS, UNCONVERGED, UNDEFINED
from curvtui.engine.descent.extent import half_diagonal
from curvtui.engine.descent.run import Run
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.descent.status import Status, judge
from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.optimizers.hyperparameter import SettingError
from curvtui.engine.surface.surface import Surface, open_surface


def last(surface, optimizer, columns=21, rows=13, points=(), modifiers=None, view=None, **options):
    """The complete picture; options of `basins` are taken out of the hyperparameters."""
    own = {name: options.pop(name) for name in ("quick", "most", "listed") if name in options}
    chosen = RunSettings(optimizer, options, **(modifiers or {}))
    picture = list(basins(surface, chosen, view or surface.box, columns, rows, points, **own))[-1]
    assert picture.complete
    return picture


def ends(picture):
    """The destination's point of each cell, (rows, columns, n), NaN where there is none."""
    points = np.array([each.point for each in picture.destinations] + [[math.nan] * len(picture.starts)])
    return points[np.where(picture.labels >= 0, picture.labels, len(points) - 1)]


def cells(picture):
    """The starts, (rows, columns, n)."""
    return np.stack(np.meshgrid(*picture.starts), axis=-1)


# What is known by hand.


def test_a_bowl_is_one_basin():
    picture = last(Surface.from_formula("3*x**2 + 2*x*y + 2*y**2 - 4*x - 6*y"), "gd", lr=0.1)
    (only,) = picture.destinations
    np.testing.assert_allclose(only.point, (0.2, 1.4), atol=1e-6)
    assert only.kind is Kind.MINIMUM
    assert only.share == 1.0
    assert (picture.labels == 0).all()


def test_rows_go_down_and_a_double_well_is_split_in_the_middle():
    picture = last(Surface.from_formula("x**2 + (y**2 - 1)**2"), "gradient_flow", columns=7, rows=10, lr=0.1)
    assert picture.starts[1][0] > picture.starts[1][-1]
    assert (ends(picture)[:5, :, 1] > 0.999).all()
    assert (ends(picture)[5:, :, 1] < -0.999).all()
    assert [each.share for each in picture.destinations] == [0.5, 0.5]


def test_the_ridge_between_two_wells_ends_at_the_saddle():
    picture = last(open_surface("double_well"), "gd", columns=7, rows=4, lr=0.05)
    assert (np.abs(ends(picture)[:, 3]) < 1e-6).all()
    kinds = {each.kind for each in picture.destinations}
    assert kinds == {Kind.MINIMUM, Kind.SADDLE}


@pytest.mark.parametrize(("rate", "diverges"), [(0.099, False), (0.101, True)])
def test_gradient_descent_diverges_above_two_over_the_largest_curvature(rate, diverges):
    # λ = 20 along x, 2 along y; the middle column has no part along x.
    picture = last(Surface.from_formula("10*x**2 + y**2"), "gd", lr=rate, most=3200)
    expected = np.zeros_like(picture.labels)
    if diverges:
        expected[:, np.arange(21) != 10] = DIVERGED
    np.testing.assert_array_equal(picture.labels, expected)
    assert picture.diverged == pytest.approx(20 / 21 if diverges else 0.0)


def test_starts_outside_of_the_domain_are_undefined():
    surface = Surface.from_formula("x + y - log(x) - log(y)", ((-1, 3), (-1, 3)))
    picture = last(surface, "newton", columns=16, rows=16)
    outside = (cells(picture) <= 0).any(axis=-1)
    np.testing.assert_array_equal(picture.labels == UNDEFINED, outside)
    assert picture.undefined == outside.mean()


def test_a_step_out_of_the_domain_is_a_class_of_its_own():
    # The step from x leads to x − 5(1 − 1/x), which is negative where x² − 5x + 5 is.
    surface = Surface.from_formula("x - log(x)", ((0.1, 4.1),))
    picture = last(surface, "gd", columns=40, lr=5.0, quick=1, most=1)
    x = picture.starts[0]
    np.testing.assert_array_equal(picture.labels[0] == LEFT, x**2 - 5 * x + 5 < 0)
    assert picture.left > 0.5


def test_one_variable_has_one_row():
    # From above −1 gradient flow falls to where sin(x) is least nearby: the maxima at π/2 + 2kπ part the basins.
    surface = Surface.from_formula("sin(x)", ((-7, 12),))
    picture = last(surface, "gradient_flow", columns=60, rows=9, lr=0.5)
    assert picture.labels.shape == (1, 60)
    x = picture.starts[0]
    nearest = 2 * math.pi * np.round((x + math.pi / 2) / (2 * math.pi)) - math.pi / 2
    np.testing.assert_allclose(ends(picture)[0, :, 0], nearest, atol=1e-5)
    assert picture.start(3, 0) == (x[3],)


# Another method.


def test_himmelblaus_basins_are_those_of_another_integrator():
    picture = last(open_surface("himmelblau"), "gradient_flow", columns=32, rows=24, lr=0.03)

    def slope(p):
        x, y = p[..., 0], p[..., 1]
        a, b = x * x + y - 11, x + y * y - 7
        return -np.stack((4 * x * a + 2 * b, 2 * a + 4 * y * b), axis=-1)

    point = cells(picture)
    for _ in range(1200):
        middle = point + 0.001 * slope(point)
        point = point + 0.002 * slope(middle)
    minima = np.array([each.point for each in picture.destinations if each.kind is Kind.MINIMUM])
    assert len(minima) == 4
    nearest = minima[np.argmin(np.linalg.norm(point[..., None, :] - minima, axis=-1), axis=-1)]
    assert np.mean(np.linalg.norm(nearest - ends(picture), axis=-1) < 1e-3) > 0.995
    assert sum(each.share for each in picture.destinations) == 1.0


def test_newtons_fractal():
    # f = Re(z⁴/4 − z) has ∇f = conj(z³ − 1): Newton's method on it is the complex one on z³ = 1.
    surface = Surface.from_formula("(x**4 - 6*x**2*y**2 + y**4)/4 - x", ((-2, 2), (-2, 2)))
    picture = last(surface, "newton", columns=40, rows=40)
    z = cells(picture) @ np.array([1, 1j])
    for _ in range(100):
        z = z - (z**3 - 1) / (3 * z**2)
    found = ends(picture) @ np.array([1, 1j])
    assert np.mean(np.abs(found - z) < 1e-5) > 0.98
    assert [each.kind for each in picture.destinations] == [Kind.SADDLE] * 3
    np.testing.assert_array_equal(ends(picture)[::-1] * [1, -1], ends(picture) + 0.0)


# Single runs.

SURFACES = ("rosenbrock", "himmelblau", "rastrigin", "quartic", "double_well", "log_barrier", "circle_valley",
            "monkey_saddle", "wavy", "kink", "flat_bowl", "three_hump_camel")  # fmt: skip
SLOW = {"gradient_flow", "line_search_gd"}


@st.composite
def situations(draw):
    surface = open_surface(draw(st.sampled_from(SURFACES)))
    name = draw(st.sampled_from(sorted(set(OPTIMIZERS) - SLOW)))
    rate = OPTIMIZERS[name].hyperparameter("lr")
    values = {"lr": rate.default * draw(st.sampled_from([0.2, 1.0, 3.0, 10.0]))} if rate else {}
    modifiers = {
        "noise": draw(st.sampled_from([0.0, 0.0, 0.3])),
        "clip": draw(st.sampled_from([None, None, 1.0])),
        "seed": draw(st.integers(0, 5)),
    }
    return surface, RunSettings(name, values, **modifiers)


@settings(max_examples=45, derandomize=True, deadline=None)
@given(situations(), st.integers(64, 250), st.integers(0, 1000))
def test_basins_agree_with_single_runs(situation, most, which):
    surface, chosen = situation
    try:
        picture = list(basins(surface, chosen, surface.box, 6, 4, quick=100, most=most))[-1]
    except SettingError:
        assume(False)
    rows, columns = picture.labels.shape
    for number in range(which, which + 4):
        column, row = number * 5 % columns, number % rows
        assert_agrees(picture, surface, chosen, column, row)


def assert_agrees(picture, surface, chosen, column, row):
    label, steps = int(picture.labels[row, column]), int(picture.steps[row, column])
    start = picture.start(column, row)
    try:
        run = Run(surface, chosen, start)
    except SettingError:
        assert label in (LEFT, DIVERGED)
        return
    assert run.step(steps) == steps
    if label in (DIVERGED, LEFT) and run.step() and not run.ended:
        run.back()
    status, extent = judge(run).status, half_diagonal(surface.box)
    if label >= 0:
        destination = picture.destinations[label]
        assert status in (Status.CONVERGED, Status.STALLED)
        flat = destination.kind not in (Kind.MINIMUM, Kind.SADDLE, Kind.MAXIMUM)
        reach = 2e-2 if flat else 1e-3 if status is Status.STALLED else 1e-5
        assert destination.curve or math.dist(run.x, destination.point) < reach * extent, (start, chosen)
    else:
        expected = {
            UNCONVERGED: (Status.RUNNING, Status.STALLED),
            DIVERGED: (Status.DIVERGED,),
            LEFT: (Status.UNDEFINED,),
            UNDEFINED: (Status.UNDEFINED,),
            OTHERS: (Status.CONVERGED, Status.STALLED),
        }
        assert status in expected[label], (start, chosen)


@pytest.mark.parametrize("name", ["gd", "adahessian", "perturbed_gd"])
def test_with_noise_every_start_goes_where_a_lone_run_goes(name):
    surface = Surface.from_formula("x**2 + y**2 + x*y")
    chosen = RunSettings(name, {"lr": 0.02}, noise=0.5, seed=7)
    ledger_ends = []
    original = module.Cloud.advance

    def advance(self, until):
        original(self, until)
        ledger_ends.append(self._ledger.ends.copy())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module.Cloud, "advance", advance)
        picture = list(basins(surface, chosen, surface.box, 5, 3, quick=30, most=30))[-1]
    for index in range(15):
        run = Run(surface, chosen, picture.start(index % 5, index // 5))
        run.step(30)
        np.testing.assert_array_equal(ledger_ends[-1][index], run.x)


# The pictures on the way.


def test_pictures_become_finer_and_the_first_ones_are_blocks():
    surface = open_surface("himmelblau")
    pictures = list(basins(surface, RunSettings("gd", {"lr": 0.01}), surface.box, 64, 40, quick=100, most=400))
    known = [picture.known.mean() for picture in pictures]
    progress = [picture.progress for picture in pictures]
    assert known == sorted(known)
    assert progress == sorted(progress)
    assert known[0] == pytest.approx(1 / 64)
    assert [picture.complete for picture in pictures] == [False] * (len(pictures) - 1) + [True]
    first, final = pictures[0], pictures[-1]
    assert (first.labels[:8, :8] == first.labels[4, 4]).all()
    assert not first.known[:4].any()
    assert first.known[4, 4]
    assert np.mean(ends(first).round(3) == ends(final).round(3)) > 0.9
    for picture in pictures:
        shown = sum(each.share for each in picture.destinations) + picture.unconverged + picture.others
        assert shown + picture.diverged + picture.undefined + picture.left == pytest.approx(1.0)


def test_how_many_are_stepped_together_changes_nothing(monkeypatch):
    surface, options = open_surface("rastrigin"), {"lr": 0.004, "modifiers": {"noise": 0.0}}
    one = last(surface, "adam", **options, points=analyse_box(surface).points, most=150)
    monkeypatch.setattr(module, "TOGETHER", 40)
    other = last(surface, "adam", **options, points=analyse_box(surface).points, most=150)
    np.testing.assert_array_equal(one.labels, other.labels)
    np.testing.assert_array_equal(one.steps, other.steps)
    assert one.destinations == other.destinations


def test_cancelling_ends_it_within_a_step():
    surface, asked = open_surface("rosenbrock"), []

    def cancelled():
        asked.append(None)
        return len(asked) >= 50

    assert list(basins(surface, RunSettings("bfgs"), surface.box, 80, 50, cancelled=cancelled)) == []
    assert len(asked) == 50


def test_what_is_over_in_time_says_that_it_is_not_complete():
    surface = open_surface("rosenbrock")
    pictures = list(basins(surface, RunSettings("gd"), surface.box, 40, 30, seconds=0.0))
    assert len(pictures) == 1
    assert not pictures[0].complete
    assert (pictures[0].labels == UNCONVERGED).all()


def test_a_method_that_cannot_step_here_is_refused_at_once():
    surface = open_surface("rastrigin")
    with pytest.raises(SettingError, match="sum of squares"):
        basins(surface, RunSettings("gauss_newton"), surface.box, 4, 4)


# Destinations.


def test_known_critical_points_are_named_and_others_found_by_themselves():
    surface = open_surface("himmelblau")
    known = analyse_box(surface).points
    given_points, found = last(surface, "gd", points=known, lr=0.01), last(surface, "gd", lr=0.01)
    np.testing.assert_array_equal(given_points.labels, found.labels)
    for one, other in zip(given_points.destinations, found.destinations, strict=True):
        assert known[one.number].point == one.point
        assert other.number is None
        assert math.dist(one.point, other.point) < 1e-5
        assert one.kind is other.kind


def test_a_destination_may_lie_outside_of_the_view():
    surface = open_surface("quadratic").with_box(((5, 6), (5, 6)))
    (only,) = last(surface, "newton").destinations
    np.testing.assert_allclose(only.point, (0.2, 1.4), atol=1e-9)


def test_a_valley_is_one_destination():
    picture = last(open_surface("circle_valley"), "gd", columns=40, rows=40, lr=0.02, most=1000)
    curves = [each for each in picture.destinations if each.curve]
    assert len(curves) == 1
    assert curves[0].share > 0.99
    assert math.hypot(*curves[0].point) == pytest.approx(1.0, abs=1e-4)


def test_the_flat_bottom_of_a_bowl_is_one_point():
    surface = open_surface("flat_bowl")
    points = analyse_box(surface).points
    (only,) = last(surface, "damped_newton", points=points, most=1000).destinations
    assert only.point == (0.0, 0.0)
    assert only.kind is Kind.DEGENERATE_MINIMUM


def test_more_destinations_than_letters():
    surface = open_surface("rastrigin")
    full = last(surface, "newton", columns=50, rows=40, listed=1000)
    picture = last(surface, "newton", columns=50, rows=40, listed=5)
    assert len(picture.destinations) == 5
    assert picture.others_count == len(full.destinations) - 5
    assert picture.others == pytest.approx(np.mean(picture.labels == OTHERS))
    assert min(each.share for each in picture.destinations) >= 0.7 * max(each.share for each in full.destinations)
    values = [each.value for each in full.destinations]
    assert values == sorted(values) or np.all(np.diff(values) > -1e-6)


@pytest.mark.parametrize(
    ("optimizer", "options", "modifiers"),
    [("gd", {"lr": 0.02}, {"noise": 0.5}), ("signgd", {"lr": 0.023}, {}), ("gd", {"lr": 0.002}, {})],
)
def test_what_stays_around_a_minimum_or_creeps_towards_it_is_not_converged_but_told(optimizer, options, modifiers):
    surface = open_surface("double_well")
    points = analyse_box(surface).points
    picture = last(surface, optimizer, points=points, columns=20, rows=10, **options, modifiers=modifiers, most=500)
    assert picture.unconverged == 1.0
    left, right = (next(i for i, d in enumerate(picture.destinations) if d.point[0] * s > 0.5) for s in (-1, 1))
    inner = slice(2, -2)
    assert (picture.around[inner, 2:8] == left).all()
    assert (picture.around[inner, 12:18] == right).all()
    assert all(each.share == 0.0 for each in picture.destinations)
    assert sum(each.around for each in picture.destinations) == pytest.approx(np.mean(picture.around >= 0))


def test_a_kink_that_runs_stay_around_is_a_place_though_no_critical_point():
    picture = last(Surface.from_formula("abs(x) + 2*abs(y)"), "gd", columns=20, rows=12, lr=0.013, most=400)
    (only,) = picture.destinations
    assert only.kind is None
    assert math.hypot(*only.point) < 0.02
    assert only.around > 0.9


@pytest.mark.parametrize(
    ("optimizer", "options", "modifiers"),
    [("gd", {"lr": 0.3, "weight_decay": 0.5}, {}), ("newton", {}, {"weight_decay": 0.5})],
)
def test_weight_decay_moves_the_destination_and_says_that_it_is_no_critical_point(optimizer, options, modifiers):
    # f + λ|x|²/2 has its minimum at 2/(2 + λ)·(1, 1) for f = |x − (1, 1)|².
    surface = Surface.from_formula("(x - 1)**2 + (y - 1)**2")
    picture = last(surface, optimizer, **options, modifiers=modifiers)
    (only,) = picture.destinations
    np.testing.assert_allclose(only.point, (0.8, 0.8), atol=1e-6)
    assert only.kind is None
    assert only.share + only.around == 1.0


def test_what_stands_still_anywhere_is_no_destination():
    surface = open_surface("himmelblau")
    picture = last(surface, "gd", lr=0.0)
    assert picture.destinations == ()
    assert picture.unconverged == 1.0
