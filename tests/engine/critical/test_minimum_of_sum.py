"""The smallest value of g(x) + h(y) from those of g and h: right, and certified only where it is proved."""

import pytest

from curvtui.engine.critical.analysis import analyse_box
from curvtui.engine.critical.budget import Budget
from curvtui.engine.critical.field import Field
from curvtui.engine.critical.global_minimum import GlobalMinimum, minimum_of_sum
from curvtui.engine.surface.surface import open_surface

EXPANDED = "x**4 - 4*x**3 + 6*x**2 - 4*x + y**4 - 4*y**3 + 6*y**2 - 4*y"


def test_what_rounding_hides_in_two_variables_is_proved_in_one():
    """(x − 1)⁴ + (y − 1)⁴ − 2, multiplied out: around (1, 1) intervals in both variables can't tell f from −2."""
    surface = open_surface(EXPANDED).with_box(((-2, 2.1), (-2, 2.1)))
    least = analyse_box(surface, surface.box, Budget(10.0)).global_minimum
    assert least.certified
    assert least.value == pytest.approx(-2, abs=1e-12)
    assert -2 - 1e-8 <= least.lower_bound <= -2


def test_minima_on_the_border_and_inside():
    surface = open_surface("x**3 - 3*x + cos(y)").with_box(((-2.5, 2.0), (-1.0, 2.0)))
    least = analyse_box(surface, surface.box, Budget(10.0)).global_minimum
    assert least.certified
    assert least.point == (-2.5, 2.0)
    assert least.value == pytest.approx(-(2.5**3) + 7.5 - 0.4161468365471424)


def minimum(point, value, error, certified=True):
    return GlobalMinimum((point,), value, certified, value - error, error)


def test_parts_that_are_large_beside_the_sum_do_not_certify_it():
    field = Field(open_surface("(x**2 + 1e3) + (y**2 - 1e3)"))
    close, far = minimum_of_sum(field, parts(1e-12)), minimum_of_sum(field, parts(0.5))
    assert close.certified
    assert close.point == (0.0, 0.0)
    assert far is None
    assert minimum_of_sum(field, [parts(0.0)[0], None]) is None


def parts(error):
    return [minimum(0.0, 1e3, error), minimum(0.0, -1e3, error)]


def test_the_bound_of_a_sum_is_rounded_downwards():
    """0.1 + 0.2 is more than 3/10 in floats; the bound must not be."""
    field = Field(open_surface("x**2 + 0.1 + y**2 + 0.2"))
    least = minimum_of_sum(field, [minimum(0.0, 0.1, 0.0), minimum(0.0, 0.2, 0.0)])
    assert least.lower_bound < 0.1 + 0.2
