"""Grids, levels and lines against hand-derived pictures, and properties over arbitrary arrays."""

import itertools
import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from curvtui.engine.sampling.grid import cell_centres, grid, nodes
from curvtui.engine.sampling.levels import LevelMethod, contour_levels, crowding
from curvtui.engine.sampling.lines import contour_lines
from curvtui.engine.sampling.sections import cross_section, extent_in_box
from curvtui.engine.surface.presets import PRESETS
from curvtui.engine.surface.surface import Surface

TWO_VARIABLES = [name for name, preset in PRESETS.items() if preset.dimension == 2]


@pytest.fixture(scope="module")
def quartic():
    return Surface.from_preset(PRESETS["quartic"])


def test_nodes_and_centres_by_hand():
    assert nodes(-2, 2, 5).tolist() == [-2, -1, 0, 1, 2]
    assert cell_centres(-2, 2, 4).tolist() == [-1.5, -0.5, 0.5, 1.5]
    assert nodes(3, 5, 1).tolist() == [4]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.floats(1e-300, 1e300), st.integers(2, 60))
def test_a_symmetric_interval_is_sampled_symmetrically(half, count):
    for points in (nodes(-half, half, count), cell_centres(-half, half, count)):
        assert (points == -points[::-1]).all()
        assert (np.diff(points) > 0).all()
    assert nodes(-half, half, count)[-1] == half


def test_huge_boxes_do_not_overflow():
    assert np.isfinite(nodes(-1.7e308, 1.7e308, 9)).all()
    assert np.isfinite(cell_centres(-1.7e308, 1.7e308, 9)).all()


def test_grid_has_rows_upwards_and_columns_rightwards(quartic):
    sampled = grid(quartic, ((-2, 2), (-1, 3)), 5, 3)
    assert sampled.values.shape == (3, 5)
    assert sampled.values[0, 4] == quartic.value_at((2, -1))
    assert sampled.values[2, 0] == quartic.value_at((-2, 3))


def test_grid_of_one_variable():
    sampled = grid(Surface.from_formula("x**2"), ((-2, 2),), 5)
    assert sampled.values.tolist() == [4, 1, 0, 1, 4]
    assert len(sampled.axes) == 1


# Levels

wild = st.one_of(
    st.floats(-1e3, 1e3),
    st.sampled_from([0.0, 1.0, math.nan, math.inf, -math.inf, 1e308, -1e308, 1e299, 5e-324]),
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    arrays(np.float64, st.tuples(st.integers(1, 12), st.integers(1, 12)), elements=wild),
    st.integers(8, 16),
    st.sampled_from(LevelMethod),
    st.lists(wild, max_size=6),
)
def test_levels_increase_and_lie_strictly_inside_whatever_the_values(values, count, method, through):
    levels = contour_levels(values, count, method, through)
    usable = values[np.abs(values) <= 1e300]
    assert levels.method is not LevelMethod.AUTO
    assert all(a < b for a, b in zip(levels.values, levels.values[1:], strict=False))
    assert len(levels.values) <= count
    if usable.size == 0 or usable.min() == usable.max():
        assert levels.values == ()
    else:
        assert all(usable.min() < level < usable.max() for level in levels.values)
        if usable.max() - usable.min() > max(1e-9 * np.abs(usable).max(), 1e-300):
            assert len(levels.values) == count


@pytest.mark.parametrize("name", TWO_VARIABLES)
@pytest.mark.parametrize("count", [8, 12, 16])
def test_every_preset_gets_its_levels(name, count):
    surface = Surface.from_preset(PRESETS[name])
    values = grid(surface, surface.box, 75, 48).values
    assert len(contour_levels(values, count).values) == count


BENCHMARK = json.loads((Path(__file__).parent / "reference" / "benchmark_surfaces.json").read_text())["rows"]


@pytest.mark.parametrize("row", BENCHMARK, ids=lambda row: row["name"])
def test_every_benchmark_surface_gets_its_levels_in_every_way(row):
    try:
        surface = Surface.from_formula(row["expr"], row["box"])
    except ValueError:
        pytest.skip("a formula that the program refuses")
    if surface.dimension != 2:
        return
    values = grid(surface, surface.box, 91, 60).values
    for method in LevelMethod:
        levels = contour_levels(values, 12, method).values
        assert len(levels) == 12
        assert all(a < b for a, b in itertools.pairwise(levels))
        ranks = np.searchsorted(np.sort(values[np.isfinite(values)]), levels) / np.isfinite(values).sum()
        assert ranks[-1] > 0.1, "the lines must not all lie in a corner"
    # At least one of the ways leaves room, and the automatic one is not twice as bad.
    crowds = [crowding(values, np.array(contour_levels(values, 12, method).values)) for method in LevelMethod]
    assert min(crowds) < 0.45
    assert crowds[-1] <= max(0.45, 2.0 * min(crowds[:2]))


def test_quantile_bands_hold_equal_areas():
    values = np.random.default_rng(5).exponential(size=(200, 300))
    levels = contour_levels(values, 10, "quantile").values
    shares = np.diff(np.searchsorted(np.sort(values.ravel()), levels)) / values.size
    np.testing.assert_allclose(shares, 0.1, atol=1e-4)


def test_log_levels_are_geometric_above_the_minimum():
    values = np.append(-7, -7 + np.logspace(-3, 5, 4001))
    above = np.array(contour_levels(values, 9, "log").values) + 7
    ratios = above[1:] / above[:-1]
    np.testing.assert_allclose(ratios, ratios[0], rtol=1e-5)
    assert ratios[0] > 2


def test_linear_levels_are_even():
    np.testing.assert_allclose(contour_levels(np.array([0.0, 3.0, 9.0]), 8, "linear").values, range(1, 9))


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("rosenbrock", LevelMethod.LOG),
        ("goldstein_price", LevelMethod.LOG),
        ("quartic", LevelMethod.LOG),
        ("saddle", LevelMethod.QUANTILE),
        ("rastrigin", LevelMethod.QUANTILE),
        ("ackley", LevelMethod.QUANTILE),
    ],
)
def test_auto_takes_logarithms_where_values_span_decades(name, method):
    surface = Surface.from_preset(PRESETS[name])
    assert contour_levels(grid(surface, surface.box, 101, 101).values).method is method


def test_crowding_by_hand():
    steps = np.array([[0.0, 1.0, 2.0, 9.0]] * 2)
    assert crowding(steps, np.array([0.5, 1.5, 5.0])) == 0.0
    assert crowding(steps, np.array([0.4, 0.6, 5.0])) == 0.5
    # What can't be drawn parts nothing.
    assert crowding(np.array([0.0, math.nan, 9.0, math.inf]), np.array([1.0, 2.0])) == 0.0
    assert crowding(steps, np.array([])) == 0.0


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.floats(-8, 8), st.floats(-8, 8), st.floats(-1, 1), st.integers(8, 16), st.sampled_from(["auto", "log"]))
def test_levels_have_room_however_ill_conditioned_a_bowl_is(first, second, slant, count, method):
    a, b = 10.0**first, 10.0**second
    x, y = np.meshgrid(np.linspace(-2, 2, 133), np.linspace(-2, 2, 91))
    values = a * (x + slant * y) ** 2 + b * y**2
    levels = np.array(contour_levels(values, count, method).values)
    assert len(levels) == count
    assert crowding(values, levels) < 0.12
    # Each band has room for a column's worth of cells.
    shares = np.diff(np.searchsorted(np.sort(values.ravel()), levels)) / values.size
    assert shares.min() > 0.001


@pytest.mark.parametrize("formula", ["1/(x**2 + y**2)", "1/x + abs(y)", "1/x + 0*y", "1/(x*y)", "-1/(x**2 + y**2)"])
def test_a_pole_does_not_take_all_even_levels(formula):
    surface = Surface.from_formula(formula, ((-2, 2), (-2, 2)))
    values = grid(surface, surface.box, 134, 92).values
    levels = contour_levels(values, 12, "linear").values
    np.testing.assert_allclose(np.diff(levels), levels[1] - levels[0], rtol=1e-9)
    ranks = np.searchsorted(np.sort(values[np.isfinite(values)]), levels) / values.size
    assert np.diff(np.concatenate(([0.0], ranks, [1.0]))).max() < 0.7
    assert crowding(values, np.array(levels)) < 0.3


def test_auto_takes_the_placement_with_room():
    # Small bumps on a plateau, far finer than a wide bowl: levels of equal area would all be between them.
    x, y = np.meshgrid(np.linspace(-35, 35, 133), np.linspace(-35, 35, 91))
    values = 20 - 20 * np.exp(-np.hypot(x, y) / 7) + np.cos(6.1 * x) * np.cos(5.3 * y)
    levels = contour_levels(values)
    assert levels.method is LevelMethod.LOG
    assert crowding(values, np.array(contour_levels(values, 12, "quantile").values)) > 0.5
    assert crowding(values, np.array(levels.values)) < 0.2


def test_auto_ignores_a_single_pole():
    values = np.linspace(1, 2, 10_000)
    assert contour_levels(np.append(values, 1e300)).method is LevelMethod.QUANTILE


def test_through_replaces_the_nearest_level():
    values = np.linspace(0, 9, 1000)
    plain = contour_levels(values, 8, "linear").values
    snapped = contour_levels(values, 8, "linear", through=(3.3, 3.2, 20.0, math.nan)).values
    assert plain[2] == pytest.approx(3)
    # 3.2 is nearest to the same level, which the earlier 3.3 has taken; 20 and NaN are outside.
    assert snapped == (*plain[:2], 3.3, *plain[3:])


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.lists(st.floats(0.001, 0.999), min_size=1, max_size=30))
def test_the_first_through_value_is_always_drawn(through):
    levels = contour_levels(np.linspace(0, 1, 500), 12, "quantile", through).values
    assert through[0] in levels
    assert len(levels) == 12


def test_two_valued_and_tied_surfaces_still_get_levels():
    step = np.where(np.arange(100) < 90, 0.0, 1.0)
    relu = np.maximum(np.linspace(-9, 1, 1000), 0)
    for values in (step, relu):
        levels = contour_levels(values).values
        assert len(levels) == 12
        assert levels[0] > 0


def test_a_flat_floor_leaves_the_levels_to_the_slopes():
    slopes = np.random.default_rng(6).exponential(size=4000)
    levels = contour_levels(np.append(np.zeros(6000), slopes), 10, "quantile").values
    shares = np.diff(np.searchsorted(np.sort(slopes), levels)) / slopes.size
    np.testing.assert_allclose(shares, 0.1, atol=2e-3)


def test_constant_and_undefined_surfaces_have_no_levels():
    assert contour_levels(np.full((5, 5), 3.0)).values == ()
    assert contour_levels(np.full((5, 5), np.nan)).values == ()
    assert contour_levels(np.array([])).values == ()


@pytest.mark.parametrize("count", [0, 7, 17])
def test_a_count_out_of_range_is_refused(count):
    with pytest.raises(ValueError, match="8 to 16"):
        contour_levels(np.arange(9.0), count)


def test_an_unknown_method_is_refused():
    with pytest.raises(ValueError, match="cubic"):
        contour_levels(np.arange(9.0), 8, "cubic")


# Lines


def bilinear(sampled, points):
    (xs, ys), z = sampled.axes, sampled.values
    i = np.clip(np.searchsorted(xs, points[:, 0]) - 1, 0, len(xs) - 2)
    j = np.clip(np.searchsorted(ys, points[:, 1]) - 1, 0, len(ys) - 2)
    u = (points[:, 0] - xs[i]) / (xs[i + 1] - xs[i])
    v = (points[:, 1] - ys[j]) / (ys[j + 1] - ys[j])
    low = z[j, i] * (1 - u) + z[j, i + 1] * u
    high = z[j + 1, i] * (1 - u) + z[j + 1, i + 1] * u
    return low * (1 - v) + high * v


@pytest.mark.parametrize("name", [n for n in TWO_VARIABLES if n != "log_barrier"])
def test_lines_lie_on_their_level(name):
    surface = Surface.from_preset(PRESETS[name])
    sampled = grid(surface, surface.box, 60, 50)
    levels = contour_levels(sampled.values).values
    span = np.ptp(sampled.values)
    for level, lines in contour_lines(*sampled.axes, sampled.values, levels):
        assert lines
        for line in lines:
            np.testing.assert_allclose(bilinear(sampled, line), level, atol=1e-9 * span)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(arrays(np.float64, (6, 7), elements=st.floats(-9, 9)), st.integers(8, 16))
def test_levels_separate_values(values, count):
    # Between any two neighbouring nodes on different sides of a level there is a point of its line.
    xs, ys = np.arange(7.0), np.arange(6.0)
    levels = contour_levels(values, count).values
    for level, lines in contour_lines(xs, ys, values, levels):
        points = np.concatenate(lines)
        for j in range(6):
            for i in range(6):
                a, b = values[j, i], values[j, i + 1]
                if min(a, b) < level < max(a, b):
                    on_edge = (np.abs(points[:, 1] - j) < 1e-9) & (points[:, 0] >= i) & (points[:, 0] <= i + 1)
                    assert on_edge.any()


def test_quartic_map_shows_two_valleys_and_the_crossing_at_the_saddle(quartic):
    sampled = grid(quartic, quartic.box, 151, 129)
    levels = contour_levels(sampled.values, through=(1.0,)).values
    assert 1.0 in levels
    lines = dict(contour_lines(*sampled.axes, sampled.values, levels))
    below = [level for level in levels if level < 1]
    assert len(below) >= 3
    for level in below:
        # One closed ring around each minimum.
        rings = lines[level]
        assert len(rings) == 2
        assert all((ring[0] == ring[-1]).all() for ring in rings)
        assert sorted(round(float(np.sign(ring[:, 0].mean()))) for ring in rings) == [-1, 1]
    for level in (level for level in levels if level > 1):
        assert all(np.abs(line).max() > 1 for line in lines[level])
    # Near the saddle f − 1 ≈ −4xy: the line leaves the origin along both axes, in all four directions.
    points = np.concatenate(lines[1.0])
    near = points[np.abs(points).max(axis=1) < 0.25]
    cell = 4 / 128
    for axis in (0, 1):
        arm = near[np.abs(near[:, 1 - axis]) < cell][:, axis]
        assert arm.min() < -0.2
        assert arm.max() > 0.2
    assert np.linalg.norm(near, axis=1).min() < cell


def test_undefined_regions_are_left_out():
    surface = Surface.from_preset(PRESETS["log_barrier"])
    sampled = grid(surface, surface.box, 61, 61)
    for _, lines in contour_lines(*sampled.axes, sampled.values, contour_levels(sampled.values).values):
        for line in lines:
            assert np.isfinite(line).all()
            assert (line > 0).all()


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1e308, -1.7e308])
def test_one_bad_value_spoils_only_its_own_cells(bad):
    xs = ys = np.arange(9.0)
    values = np.add.outer(ys, xs)
    values[4, 4] = bad
    levels = contour_levels(values)
    assert levels.values == contour_levels(values[np.abs(values) <= 16]).values
    lines = contour_lines(xs, ys, values, [8.5])[0][1]
    points = np.concatenate(lines)
    assert len(lines) == 2
    assert np.isfinite(points).all()
    np.testing.assert_allclose(points.sum(axis=1), 8.5)


def test_small_grids_and_odd_levels_have_no_lines():
    assert contour_lines(np.arange(1.0), np.arange(3.0), np.zeros((3, 1)), [0.5]) == [(0.5, [])]
    assert contour_lines(np.arange(3.0), np.arange(3.0), np.full((3, 3), np.nan), [0.5]) == [(0.5, [])]
    answers = contour_lines(np.arange(2.0), np.arange(2.0), np.array([[0.0, 1], [2, 3]]), [math.nan, math.inf, 1.5])
    assert [len(lines) for _, lines in answers] == [0, 0, 1]


def test_contourpy_is_imported_only_when_lines_are_traced():
    code = "import sys, curvtui.engine.sampling.lines; print('contourpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


# Cross-sections


def test_cross_sections_of_the_saddle_are_parabolas_up_and_down():
    surface = Surface.from_preset(PRESETS["saddle"])
    along_x = cross_section(surface, (0, 0), (1, 0), (-2, 2), 5)
    along_y = cross_section(surface, (0, 0), (0, 1), (-2, 2), 5)
    assert along_x.values.tolist() == [4, 1, 0, 1, 4]
    assert along_y.values.tolist() == [-4, -1, 0, -1, -4]
    assert along_y.points[0].tolist() == [0, -2]


@pytest.mark.parametrize(
    ("origin", "direction", "extent"),
    [
        ((0, 0), (1, 0), (-2, 2)),
        ((0, 0), (1, 1), (-1, 1)),
        ((1, 0), (0, -2), (-0.5, 0.5)),
        ((5, 0), (0, 1), None),
        ((5, 5), (1, -1), None),
        ((0, 0), (0, 0), None),
        ((math.nan, 0), (1, 0), None),
        ((0, 0), (math.inf, 0), None),
    ],
)
def test_extent_of_a_line_in_a_box(origin, direction, extent):
    assert extent_in_box(origin, direction, ((-2, 2), (-1, 1))) == extent


@settings(max_examples=60, deadline=None, derandomize=True)
@given(*[st.floats(-3, 3)] * 4)
def test_the_ends_of_an_extent_lie_on_the_border(a, b, u, v):
    if math.hypot(u, v) < 1e-3:
        return
    extent = extent_in_box((a, b), (u, v), ((-2, 2), (-1, 1)))
    if extent is None:
        for t in np.linspace(-50, 50, 301):
            assert not (abs(a + t * u) < 2 - 1e-9 and abs(b + t * v) < 1 - 1e-9)
        return
    for t in extent:
        x, y = abs(a + t * u), abs(b + t * v)
        assert max(x - 2, y - 1) == pytest.approx(0, abs=1e-6)
