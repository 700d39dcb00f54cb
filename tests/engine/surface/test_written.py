"""Derivatives written from their tapes: typed back in, they have the derivatives' values."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from curvtui.engine.surface.errors import FormulaError
from curvtui.engine.surface.model import Model
from curvtui.engine.surface.presets import PRESETS
from curvtui.engine.surface.surface import Surface, open_surface
from curvtui.engine.surface.written import written_derivatives

FORMULAS = (
    "x**4 + y**4 - 4*x*y + 1",
    "-(x - y)**-3 / (2 - x)",
    "exp(-x**2)*sin(pi*x*y)/cosh(y)",
    "tanh(x - y)*sigmoid(x) - softplus(-y)",
    "x**y + atan2(x, y)",
    "abs(x - 1)*sqrt(y) - cbrt(x*y)",
    "max(x, y) - min(x**2, y) + relu(x - y)",
    "3/7*x**2 - 0.1*y - -2*x*-y",
    "log2(x)*log10(y)/log(x + y)",
)


@pytest.mark.parametrize("formula", FORMULAS)
def test_typed_back_in_they_have_the_derivatives_values(formula):
    _same(open_surface(formula))


@pytest.mark.parametrize("name", PRESETS)
def test_so_do_those_of_every_preset(name):
    _same(Surface.from_preset(PRESETS[name]))


NUMBERS = st.integers(-3, 4).map(str)
TREES = st.recursive(
    st.sampled_from(["x", "y"]) | NUMBERS.map(lambda n: f"({n})"),
    lambda part: st.one_of(
        st.tuples(part, st.sampled_from(["+", "-", "*", "/"]), part).map(lambda t: f"({t[0]}{t[1]}{t[2]})"),
        part.map(lambda t: f"-{t}"),
        st.tuples(part, st.integers(-2, 3)).map(lambda t: f"({t[0]})**({t[1]})"),
        st.tuples(st.sampled_from(["sin", "exp", "cosh", "atan"]), part).map(lambda t: f"{t[0]}({t[1]})"),
    ),
    max_leaves=8,
)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(TREES)
def test_so_do_those_of_any_formula(tree):
    try:
        surface = open_surface(f"{tree} + x*0 + y*0")
    except FormulaError:
        # A division by a constant zero, or the like.
        assume(False)
    _same(surface)


def _same(surface):
    written = written_derivatives(surface.model)
    assert written is not None
    gradient, hessian = written
    texts = [*gradient, *(entry for row in hessian for entry in row)]
    points = np.random.default_rng(7).uniform(0.2, 1.7, (8, surface.dimension))
    with np.errstate(all="ignore"):
        wanted = np.concatenate((surface.gradient(points), surface.hessian(points).reshape(len(points), -1)), axis=1)
    for text, column in zip(texts, wanted.T, strict=True):
        # Zero times each variable keeps the names of a formula that lacks one.
        zeros = "".join(f" + 0*{name}" for name in surface.variables)
        again = Model(text + zeros, surface.parameters, 1.0)
        inputs = {name: points[:, k] for k, name in enumerate(surface.variables)} | dict(surface.parameters)
        with np.errstate(all="ignore"):
            (found,) = again.value.on([inputs[name] for name in again.inputs])
        scale = 1e-9 * np.maximum(1.0, np.abs(column))
        found = np.broadcast_to(found, column.shape)
        usable = np.isfinite(column) & (np.abs(column) < 1e8)
        assert (np.abs(found - column) <= scale)[usable].all(), text


def test_they_are_short_for_short_formulas_and_none_for_endless_ones():
    assert written_derivatives(open_surface("x**2 + 3*y").model) == (["2*x", "3"], [["2", "0"], ["0", "0"]])
    deep = "x"
    for _ in range(35):
        deep = f"sin({deep}*y)"
    assert written_derivatives(open_surface(deep).model) is None
    assert math.isfinite(open_surface(deep).value_at((0.5, 0.5)))
