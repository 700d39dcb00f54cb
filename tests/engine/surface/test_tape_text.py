"""Derivatives written out as the chain rule leaves them: read back they are the same numbers."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from curvtui.engine.surface.errors import FormulaError
from curvtui.engine.surface.model import Model
from curvtui.engine.surface.presets import PRESETS
from curvtui.engine.surface.surface import Surface, open_surface


@pytest.mark.parametrize(
    "formula",
    [
        "x**4 + y**4 - 4*x*y + 1",
        "sin(x)**3/(1 + exp(-y)) - x**y/3 - -0.1*(x - y)**-2",
        "max(x, y, 2*x - y)*min(x, 1) + abs(x - y) + relu(x) + sigmoid(x*y) + softplus(y)",
        "atan2(y, x) + cbrt(x) + sqrt(x*y) + log(x) + tan(y/7) + pi*x + e**y + asin(x/9) + cosh(x) + tanh(y)",
        "-(x - (y - (x - 1)))/(x/(y/2)) + (-x)**2 + 2**-x + 1e-300*x*1e300",
    ],
)
def test_what_is_written_is_the_derivative(formula):
    surface = Surface.from_formula(formula)
    gradient, hessian = surface.model.unsimplified_text()
    points = np.random.default_rng(1).uniform(0.3, 2.5, (50, 2))
    exact = surface.hessian(points)
    rows = [*zip(gradient, np.moveaxis(surface.gradient(points), -1, 0), strict=True)]
    rows += [(hessian[i][j], exact[:, i, j]) for i in range(2) for j in range(2)]
    for text, values in rows:
        # As a term in both variables, since a constant alone is no surface.
        read = Surface.from_formula(f"0*x + 0*y + ({text})").value(points)
        assert np.allclose(read, values, rtol=1e-12, atol=1e-12)


def test_what_would_be_very_long_is_not_written():
    formula = "x*y"
    for _ in range(18):
        formula = f"sin({formula})*cos({formula})" if len(formula) < 900 else f"sin({formula})"
    assert Surface.from_formula(formula).model.unsimplified_text() is None


@pytest.mark.parametrize("name", PRESETS)
def test_so_is_that_of_every_preset(name):
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
def test_so_is_that_of_any_formula(tree):
    try:
        surface = open_surface(f"{tree} + x*0 + y*0")
    except FormulaError:
        # A division by a constant zero, or the like.
        assume(False)
    _same(surface)


def _same(surface):
    written = surface.model.unsimplified_text()
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
