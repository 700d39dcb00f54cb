"""Profiles: which lines there are, and that the parabola over each touches f to second order."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.sampling.profiles import Line, profiles
from curvtui.engine.surface.presets import PRESETS
from curvtui.engine.surface.surface import Surface

PEAKS = Surface.from_preset(PRESETS["peaks"])
BOX = ((-3.0, 3.0), (-3.0, 3.0))


def kinds(found):
    return [(profile.line, profile.index) for profile in found]


def test_all_lines_in_their_order():
    found = profiles(PEAKS, (0.3, 0.4), BOX, other=(1.0, -1.0))
    assert kinds(found) == [
        (Line.VARIABLE, 0),
        (Line.VARIABLE, 1),
        (Line.GRADIENT, 0),
        (Line.EIGENVECTOR, 0),
        (Line.EIGENVECTOR, 1),
        (Line.BETWEEN, 0),
    ]
    for profile in found:
        assert np.hypot(*profile.direction) == pytest.approx(1)
        assert len(profile.offsets) == len(profile.values) == len(profile.model)
        assert profile.offsets[0] < 0 < profile.offsets[-1]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.floats(-2.5, 2.5), st.floats(-2.5, 2.5), st.floats(-2.5, 2.5), st.floats(-2.5, 2.5))
def test_the_parabola_agrees_with_f_to_third_order(a, b, u, v):
    for profile in profiles(PEAKS, (a, b), BOX, other=(u, v)):
        f = [PEAKS.value_at(tuple(np.array([a, b]) + t * profile.direction)) for t in (-1e-4, 0.0, 1e-4)]
        assert profile.slope == pytest.approx((f[2] - f[0]) / 2e-4, abs=1e-5)
        assert profile.curvature == pytest.approx((f[2] - 2 * f[1] + f[0]) / 1e-8, abs=1e-4)
        near = np.abs(profile.offsets) < 0.05
        t = profile.offsets[near]
        np.testing.assert_allclose(profile.values[near], profile.model[near], atol=40 * 0.05**3)
        np.testing.assert_allclose(profile.model[near], f[1] + t * profile.slope + t**2 / 2 * profile.curvature)


def test_lines_reach_the_border_of_the_box():
    along_x, along_y, *_ = profiles(PEAKS, (1.0, -2.0), BOX)
    assert (along_x.offsets[0], along_x.offsets[-1]) == (-4.0, 2.0)
    assert (along_y.offsets[0], along_y.offsets[-1]) == (-1.0, 5.0)


def test_the_gradient_line_goes_downhill_and_the_eigenvectors_have_their_eigenvalues():
    found = profiles(PEAKS, (0.3, 0.4), BOX)
    steepest = found[2]
    assert steepest.slope == pytest.approx(-np.hypot(*PEAKS.gradient_at((0.3, 0.4))))
    low, high = np.linalg.eigvalsh(PEAKS.hessian_at((0.3, 0.4)))
    assert [profile.curvature for profile in found[3:]] == pytest.approx([low, high])


def test_the_line_to_another_point_shows_both():
    (line,) = [p for p in profiles(PEAKS, (0.0, 0.0), BOX, other=(3.0, 4.0)) if p.line is Line.BETWEEN]
    assert line.other == pytest.approx(5.0)
    assert line.offsets[0] < 0 < 5 < line.offsets[-1]
    assert line.direction.tolist() == pytest.approx([0.6, 0.8])


def test_lines_that_do_not_exist_are_left_out():
    bowl = Surface.from_formula("x**2 + y**2")
    assert Line.GRADIENT not in [p.line for p in profiles(bowl, (0.0, 0.0), BOX)]
    assert Line.BETWEEN not in [p.line for p in profiles(bowl, (1.0, 1.0), BOX, other=(1.0, 1.0))]
    assert Line.BETWEEN not in [p.line for p in profiles(bowl, (1.0, 1.0), BOX, other=(math.nan, 1.0))]
    barrier = profiles(Surface.from_formula("log(x) + y**2"), (-1.0, 0.0), BOX)
    assert {p.line for p in barrier} == {Line.VARIABLE}
    assert profiles(bowl, (math.nan, 0.0), BOX) == ()
    assert profiles(bowl, (math.inf, 0.0), BOX) == ()


def test_outside_the_box_lines_have_its_size():
    found = profiles(PEAKS, (50.0, 0.0), ((-3.0, 3.0), (-1.0, 1.0)))
    assert [(p.offsets[0], p.offsets[-1]) for p in found[1:2]] == [(-3.0, 3.0)]


def test_one_variable_has_one_line():
    (line,) = profiles(Surface.from_formula("x**4"), (1.0,), ((-2.0, 2.0),), other=(0.5,))
    assert line.slope == 4
    assert line.curvature == 12
