"""Streamlines against flows that are known in closed form, and their even spacing."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.sampling.streamlines import Screen, streamlines
from curvtui.engine.surface.presets import PRESETS
from curvtui.engine.surface.surface import Surface

SQUARE = ((-2.0, 2.0), (-2.0, 2.0))


def on_screen(line, screen):
    return (line - screen.corner) / screen.unit


def dense(line):
    """Points at most 0.2 apart along a polyline."""
    parts = [
        a + np.linspace(0, 1, max(2, math.ceil(np.hypot(*(b - a)) / 0.2)), endpoint=False)[:, None] * (b - a)
        for a, b in pairwise(line)
    ]
    return np.concatenate([*parts, line[-1:]])


@settings(max_examples=12, deadline=None, derandomize=True)
@given(st.sampled_from([-3.0, -1.0, 1.0, 2.0, 4.0]), st.floats(0.5, 4.0), st.integers(20, 80), st.integers(8, 30))
def test_lines_of_a_quadratic_are_its_flow(a, d, columns, rows):
    # x' = −ax, y' = −dy has |x|^d / |y|^a constant along each line.
    screen = Screen(SQUARE, columns, rows)
    lines = streamlines(Surface.from_formula(f"{a}*x**2/2 + {d}*y**2/2"), screen)
    assert lines
    column = 4.0 / columns
    for line in lines:
        # Where both coordinates are well away from 0, an error of half a column must explain the difference.
        far = line[(np.abs(line) > 4 * column).all(axis=1)]
        if len(far) < 2:
            continue
        invariant = d * np.log(np.abs(far[:, 0])) - a * np.log(np.abs(far[:, 1]))
        room = column * (d / np.abs(far[:, 0]).min() + abs(a) / np.abs(far[:, 1]).min())
        assert np.ptp(invariant) < room


@pytest.mark.parametrize("name", ["quartic", "rosenbrock", "himmelblau", "peaks", "ackley", "kink", "log_barrier"])
def test_every_line_runs_downhill_inside_the_box(name):
    surface = Surface.from_preset(PRESETS[name])
    screen = Screen(surface.box, 60, 24)
    lines = streamlines(surface, screen)
    assert len(lines) > 15
    corner, far = screen.corner, screen.corner + screen.size * screen.unit
    for line in lines:
        assert np.isfinite(line).all()
        assert (line >= corner - 1e-9).all()
        assert (line <= far + 1e-9).all()
        values = surface.value(line)
        assert values[0] > values[-1]
        # Across the floor of a narrow valley f may rise a little within a step.
        assert (np.diff(values) < 1e-3 * np.ptp(values) + 1e-12).all()


@pytest.mark.parametrize("name", ["quartic", "himmelblau", "rosenbrock"])
def test_lines_keep_their_distance_and_leave_no_large_gaps(name):
    surface = Surface.from_preset(PRESETS[name])
    screen = Screen(surface.box, 70, 30)
    lines = [dense(on_screen(line, screen)) for line in streamlines(surface, screen, distance=4.0)]
    for k, line in enumerate(lines):
        others = np.concatenate([other for j, other in enumerate(lines) if j != k])
        gaps = np.hypot(*(line[:, None] - others[None]).transpose(2, 0, 1)).min(axis=1)
        assert gaps.min() > 4.0 * 0.5 - 1.3
    everywhere = np.stack(np.meshgrid(np.arange(0.5, 70), np.arange(0.5, 60)), axis=-1).reshape(-1, 2)
    points = np.concatenate(lines)
    nearest = np.array([np.hypot(*(points - place).T).min() for place in everywhere])
    assert np.quantile(nearest, 0.98) < 6.0


def test_level_lines_are_crossed_at_right_angles_in_the_world_though_not_on_the_screen():
    # A box ten times as wide as high: right angles survive in world coordinates alone.
    surface = Surface.from_formula("x**2 + y**2")
    screen = Screen(((1.0, 21.0), (1.0, 3.0)), 60, 20)
    on_the_screen = []
    for line in streamlines(surface, screen):
        steps, middles = np.diff(line, axis=0), 0.5 * (line[1:] + line[:-1])
        level = np.stack((-middles[:, 1], middles[:, 0]), axis=1)
        cosines = np.sum(steps * level, axis=1) / np.hypot(*steps.T) / np.hypot(*level.T)
        assert np.abs(cosines).max() < 0.05
        steps, level = steps / screen.unit, level / screen.unit
        on_the_screen.append(np.abs(np.sum(steps * level, axis=1) / np.hypot(*steps.T) / np.hypot(*level.T)).max())
    assert max(on_the_screen) > 0.5


def test_the_floor_of_a_narrow_valley_is_followed():
    surface = Surface.from_formula("1000*y**2 + x")
    lines = streamlines(surface, Screen(SQUARE, 60, 24))
    points = np.concatenate([dense(line) for line in lines])
    reached = np.unique(np.floor(15 * (points[np.abs(points[:, 1]) < 0.05][:, 0] + 2)))
    # Two thirds of the floor's 60 columns.
    assert len(reached) > 40


def test_no_line_enters_where_the_gradient_is_undefined():
    surface = Surface.from_formula("log(x) + y**2")
    lines = streamlines(surface, Screen(SQUARE, 60, 24))
    assert lines
    assert all((line[:, 0] > 0).all() for line in lines)


@pytest.mark.parametrize("formula", ["3 + 0*x + 0*y", "log(-1 - x**2) + y"])
def test_surfaces_without_slopes_have_no_lines(formula):
    assert streamlines(Surface.from_formula(formula), Screen(SQUARE, 40, 12)) == []


@pytest.mark.parametrize(("columns", "rows"), [(1, 1), (2, 1), (5, 2), (200, 1), (1, 60)])
def test_small_and_thin_screens(columns, rows):
    for line in streamlines(Surface.from_formula("x**2 + 3*y**2"), Screen(SQUARE, columns, rows)):
        assert np.isfinite(line).all()


@pytest.mark.parametrize("scale", [1e-12, 1e12, 1e150])
def test_the_scale_of_the_box_does_not_matter(scale):
    surface = Surface.from_formula("x**2 + 3*y**2")
    box = tuple((low * scale, high * scale) for low, high in SQUARE)
    plain = streamlines(surface, Screen(SQUARE, 40, 15))
    scaled = streamlines(surface, Screen(box, 40, 15))
    assert len(plain) == len(scaled)
