"""Reports on real surfaces: every hand-derived critical point, non-critical shapes, and points gone wrong."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.curvature.report import report_at, shape, view_scale
from curvtui.engine.curvature.second_derivative_test import Verdict
from curvtui.engine.curvature.spectrum import spectrum
from curvtui.engine.surface.presets import PRESETS
from curvtui.engine.surface.surface import Surface

DEGENERATE_MINIMA = {"flat_bowl", "flat_valley", "circle_valley", "kink"}
DEGENERATE_SADDLES = {"monkey_saddle", "peano"}
KNOWN = [
    (name, verdict, point)
    for name, preset in PRESETS.items()
    for verdict, points in (
        (Verdict.DEGENERATE if name in DEGENERATE_MINIMA else Verdict.MINIMUM, preset.minima),
        (Verdict.DEGENERATE if name in DEGENERATE_SADDLES else Verdict.SADDLE, preset.saddles),
        (Verdict.MAXIMUM, preset.maxima),
    )
    for point in points
    if name != "ackley"
]


@pytest.mark.parametrize(("name", "verdict", "point"), KNOWN)
def test_known_critical_points_of_the_presets(name, verdict, point):
    surface = Surface.from_preset(PRESETS[name])
    report = report_at(surface, point)
    assert report.verdict is verdict


@pytest.mark.parametrize("name", PRESETS)
def test_starts_are_not_critical(name):
    preset = PRESETS[name]
    assert report_at(Surface.from_preset(preset), preset.start).verdict is Verdict.NOT_CRITICAL


def test_running_example_in_full():
    report = report_at(Surface.from_preset(PRESETS["quartic"]), (1.0, 1.0))
    assert report.value == -1
    assert report.gradient.tolist() == [0, 0]
    assert report.gradient_norm == 0
    assert report.hessian.tolist() == [[12, -4], [-4, 12]]
    np.testing.assert_allclose(report.spectrum.eigenvalues, [8, 16])
    assert report.stability.limit == pytest.approx(0.125)
    assert report.stability.best_rate == pytest.approx(1 / 12)
    assert report.stability.best_contraction == pytest.approx(1 / 3)
    assert report.shape == "curves up in every direction: a bowl"


def test_newton_bowl_numbers_from_the_source_text():
    report = report_at(Surface.from_preset(PRESETS["newton_bowl"]), (2.5, -2.0))
    assert report.value == pytest.approx(18.75, rel=1e-14)
    np.testing.assert_allclose(report.gradient, [13.4, -2.0], rtol=1e-14)
    assert report.verdict is Verdict.NOT_CRITICAL


@pytest.mark.parametrize(
    ("hessian", "words"),
    [
        ([[2, 0], [0, 1]], "a bowl"),
        ([[-2, 0], [0, -1]], "a dome"),
        ([[2, 0], [0, -1]], "a saddle"),
        ([[2, 0], [0, 0]], "a trough"),
        ([[-2, 0], [0, 0]], "a ridge"),
        ([[0, 0], [0, 0]], "a plane"),
        ([[2]], "a bowl"),
        ([[-2]], "a dome"),
        ([[0]], "straight"),
        ([[math.nan]], "undefined"),
        ([[1, 0, 0], [0, 0, 0], [0, 0, -1]], "flat in between"),
    ],
)
def test_shapes(hessian, words):
    assert words in shape(spectrum(np.array(hessian, float)))


@pytest.mark.parametrize("formula", ["x**3", "x**4", "-x**4", "5 + x**5"])
def test_one_variable_without_second_derivative_is_degenerate(formula):
    report = report_at(Surface.from_formula(formula), (0.0,))
    assert report.verdict is Verdict.DEGENERATE
    assert "inflection" in report.sentence


@pytest.mark.parametrize("offset", [1e-9, 3e-8, 2e-7])
@pytest.mark.parametrize("formula", ["x**4 + y**4", "x**3 - 3*x*y**2", "x**2 + y**4"])
def test_just_beside_a_degenerate_point_nothing_definite_is_claimed(formula, offset):
    # There the Hessian is not zero, but what it shows is the distance to the critical point, not its kind.
    report = report_at(Surface.from_formula(formula), (0.0 * offset, offset))
    assert report.verdict in (Verdict.DEGENERATE, Verdict.NOT_CRITICAL)


@pytest.mark.parametrize("factor", ["1e-200", "1", "1e200"])
def test_beside_a_degenerate_point_spectrum_and_words_agree_at_every_magnitude(factor):
    report = report_at(Surface.from_formula(f"{factor}*(x**4 + y**4)"), (2e-7, 1e-7))
    assert report.verdict is Verdict.DEGENERATE
    assert report.spectrum.signs == (0, 0)
    assert report.shape == "no curvature in any direction: locally a plane"


def test_just_beside_an_ordinary_minimum_the_verdict_stands():
    for name in ("quartic", "rosenbrock", "goldstein_price", "styblinski_tang", "beale"):
        preset = PRESETS[name]
        x, y = preset.minima[0]
        assert report_at(Surface.from_preset(preset), (x + 3e-10, y)).verdict is Verdict.MINIMUM, name


def test_ill_conditioned_bowl_is_a_minimum():
    assert report_at(Surface.from_formula("1e8*x**2 + y**2"), (0.0, 0.0)).verdict is Verdict.MINIMUM


@pytest.mark.parametrize("point", [(-1.0, 1.0), (0.0, 0.0), (math.nan, 1.0), (math.inf, 1.0), (1e308, 1e308)])
def test_points_off_the_domain_are_undefined_or_finite_and_never_raise(point):
    report = report_at(Surface.from_formula("log(x) + x**2*y**2"), point)
    assert report.verdict in (Verdict.UNDEFINED, Verdict.NOT_CRITICAL)
    if point != (1e308, 1e308):
        assert report.verdict is Verdict.UNDEFINED


def test_arrays_are_read_only():
    report = report_at(Surface.from_preset(PRESETS["bowl"]), (1.0, 1.0))
    for array in (report.point, report.gradient, report.hessian):
        assert not array.flags.writeable


def test_view_scale_by_hand():
    scale = view_scale(Surface.from_preset(PRESETS["saddle"]))
    assert scale.length == pytest.approx(2 * math.sqrt(2))
    assert scale.curvature == 2
    assert view_scale(Surface.from_preset(PRESETS["parabola"])).length == 10
    assert view_scale(Surface.from_formula("log(-abs(x) - 1)*y")).curvature == 0


powers = st.integers(-200, 200)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(powers, st.integers(-20, 20))
def test_scaling_function_and_variables_changes_no_verdict(power, stretch):
    # c·f(x/s), written out as a formula of its own.
    c, s = f"1e{power}", f"1e{stretch}"
    scaled = Surface.from_formula(f"{c}*((x/{s})**4 + (y/{s})**4 - 4*(x/{s})*(y/{s}) + 1)")
    size = 2 * 10.0**stretch
    scaled = scaled.with_box([(-size, size), (-size, size)])
    unit = 10.0**stretch
    for point, verdict in (
        ((1, 1), Verdict.MINIMUM),
        ((0, 0), Verdict.SADDLE),
        ((0.5, 0.2), Verdict.NOT_CRITICAL),
        ((1.001, 1), Verdict.NOT_CRITICAL),
    ):
        assert report_at(scaled, (point[0] * unit, point[1] * unit)).verdict is verdict
