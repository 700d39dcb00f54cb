import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.tui.drawing.heights import HeightScale
from curvtui.tui.drawing.projection import TALL, projection
from curvtui.tui.views import Camera, turned

CORNERS = np.array([(u, v, h) for u in (-1, 1) for v in (-1, 1) for h in (0, 1)], dtype=float)
VIEW = ((-2.0, 6.0), (10.0, 11.0))
HEIGHTS = HeightScale(0.0, 10.0)
angles = st.floats(-1000, 1000)
thorough = settings(derandomize=True, deadline=None, max_examples=200)


def screen_of(azimuth=305.0, elevation=35.0, columns=60, rows=30, margins=(0, 0, 0, 0)):
    return projection(Camera(azimuth, elevation), VIEW, HEIGHTS, columns, rows, margins)


@thorough
@given(angles, st.floats(-20, 120), st.integers(1, 250), st.integers(1, 90), st.sampled_from([(0,) * 4, (7, 3, 1, 2)]))
def test_the_whole_box_is_in_sight(azimuth, elevation, columns, rows, margins):
    screen = screen_of(azimuth, elevation, columns, rows, margins)
    view = screen.viewport
    places = screen.place(*CORNERS.T)
    assert ((places.x >= view.x0) & (places.x <= view.x1)).all()
    assert ((places.y >= view.y0) & (places.y <= view.y1)).all()


@thorough
@given(angles, st.floats(0, 90))
def test_it_is_a_rotation_in_space(azimuth, elevation):
    screen = screen_of(azimuth, elevation)
    places = screen.place(*CORNERS.T)
    seen = np.stack([(places.x - screen.middle[0]) / screen.scale, (places.y - screen.middle[1]) / screen.scale,
                     places.depth])  # fmt: skip
    box = (CORNERS * [1, 1, TALL]).T
    assert seen.T @ seen == pytest.approx(box.T @ box, abs=1e-9)
    # The viewer's own direction comes nearest: one step toward the camera is one unit less deep.
    a, e = math.radians(azimuth), math.radians(elevation)
    toward = np.array([math.cos(e) * math.cos(a), math.cos(e) * math.sin(a), math.sin(e) / TALL])
    near, here = (screen.place(*(np.array([c]) for c in p)) for p in (toward, (0.0, 0.0, 0.0)))
    assert near.depth[0] == pytest.approx(here.depth[0] - 1, abs=1e-6)


@thorough
@given(angles, angles, st.floats(0, 90))
def test_turning_keeps_the_scale(one, two, elevation):
    first, second = screen_of(one, elevation), screen_of(two, elevation)
    assert (first.scale, first.middle) == (second.scale, second.middle)


def test_from_above_and_south_it_is_the_map():
    screen = screen_of(270.0, 90.0)
    points = np.array([[-2.0, 10.0], [6.0, 10.0], [2.0, 10.5], [6.0, 11.0]])
    places = screen.project(points, np.array([0.0, 5.0, 10.0, 3.0]))
    right = (places.x - screen.middle[0]) / screen.scale
    up = (places.y - screen.middle[1]) / screen.scale
    assert right == pytest.approx([-1, 1, 0, 1], abs=1e-5)
    assert up == pytest.approx([-1, -1, 0, 1], abs=1e-5)


def test_the_world_and_the_base_are_inverse():
    screen = screen_of()
    points = np.random.default_rng(3).uniform([-2, 10], [6, 11], (50, 2))
    assert screen.world(*screen.base(points)) == pytest.approx(points)


@thorough
@given(st.lists(st.tuples(*[st.floats(allow_nan=True, allow_infinity=True)] * 3), min_size=1, max_size=9))
def test_anything_can_be_projected(points):
    given_ = np.array(points)
    for view in (VIEW, ((-1e150, 1e150), (1.0, 1.0 + 1e-12))):
        screen = projection(Camera(), view, HEIGHTS, 20, 10)
        places = screen.project(given_[:, :2], given_[:, 2])
        broken = np.isnan(given_[:, 2]) | ~np.isfinite(given_[:, :2]).all(axis=1)
        assert np.isnan(places.x[broken]).all()


def test_turning_moves_the_front_to_the_right_and_stops_above():
    before = screen_of(305.0)
    after = projection(turned(before.camera, 10, 5), VIEW, HEIGHTS, 60, 30)
    front = -np.array(before.away)
    assert (after.camera.azimuth, after.camera.elevation) == (295.0, 40.0)
    assert float(after.across(*front[:, None])[0][0]) > 0.1
    assert turned(Camera(5.0, 88.0), 10, 5) == Camera(355.0, 90.0)
    assert turned(Camera(0.0, 2.0), -365, -5) == Camera(5.0, 0.0)
