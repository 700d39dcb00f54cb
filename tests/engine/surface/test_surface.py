"""The surface: one function by single points, batches and grids, with NaN where it has no value."""

from __future__ import annotations

import itertools
import json
import math
import subprocess
import sys
import threading
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from curvtui.engine.surface.errors import FormulaError
from curvtui.engine.surface.surface import BoxError, Surface, checked_box, open_surface

from .formulas import MP_OPERATIONS, POINTS, Delicate, Formula, formulas, truth, ulps, written

REFERENCE = Path(__file__).parents[1] / "reference" / "benchmark_surfaces.json"
ROWS: list[dict[str, Any]] = json.loads(REFERENCE.read_text(encoding="utf-8"))["rows"]

WILD = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -3.0, 1e-300, 1e154, 1e308, -1e308, math.inf, -math.inf, math.nan]


def everything(surface: Surface, point: tuple[float, ...]) -> list[float]:
    """Value, gradient and Hessian at one point, from the scalar evaluators."""
    return [
        surface.value_at(point),
        *surface.gradient_at(point),
        *itertools.chain.from_iterable(surface.hessian_at(point)),
    ]


def everything_of(surface: Surface, points: np.ndarray) -> np.ndarray:
    """The same for a batch (k, n), from the array evaluators."""
    k = len(points)
    return np.column_stack([surface.value(points), surface.gradient(points), surface.hessian(points).reshape(k, -1)])


@given(formulas(steps=False, leaves=8), st.lists(POINTS, min_size=2, max_size=3))
@settings(derandomize=True, deadline=None, max_examples=120)
def test_points_and_batches_agree(tree: Formula, at: list[dict[str, float]]) -> None:
    try:
        surface = Surface.from_formula(written(tree))
    except FormulaError:  # a constant part such as asin(pi)
        return
    points = np.array([[where["x"], where["y"]] for where in at])
    batch = everything_of(surface, points)
    for where, row in zip(at, batch.tolist(), strict=True):
        try:
            tolerance = truth(tree, where).tolerance
        except Delicate:
            continue
        single = everything(surface, (where["x"], where["y"]))
        assert list(map(math.isnan, single)) == list(map(math.isnan, row)), written(tree)
        assert single[0] == row[0] or not abs(single[0] - row[0]) > tolerance


SMOOTH_FORMULAS = [
    "x**4 + y**4 - 4*x*y + 1",
    "1/x + y",
    "x/y",
    "log(x) + sqrt(y)",
    "x**-3*y**-16",
    "x**y",
    "abs(x)**y",
    "(x + y)**20",
    "exp(x)*exp(-y)",
    "sin(x)*cos(y)",
    "tan(x) + y",
    "asin(x) + acos(y)",
    "atan2(y, x)",
    "sinh(x) - cosh(y)",
    "tanh(x)*sigmoid(y)",
    "softplus(x) + relu(y)",
    "max(x, y) - min(x, 1/y)",
    "floor(x) + ceil(y)*sign(x)",
    "atan2(ceil(x), -abs(y))",
    "atan2(sign(x), -1) + atan2(floor(y), -1)",
    "cbrt(x) + log2(y)*log10(x)",
    "heaviside(x, 0.5)*y",
    "x**0.5 + y**1.5",
    "x**(1/3) + y**2.5",
    "0*x + 0/y",
    "x - x + y/y",
]


@pytest.mark.parametrize("formula", SMOOTH_FORMULAS)
def test_wild_points_agree_without_warnings_or_exceptions(formula: str) -> None:
    surface = Surface.from_formula(formula)
    points = np.array(list(itertools.product(WILD, WILD)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        batch = everything_of(surface, points).tolist()
        for point, row in zip(points.tolist(), batch, strict=True):
            for got in (everything(surface, tuple(point)), everything(surface, np.array(point))):
                assert all(type(number) is float for number in got)
                for single, array in zip(got, row, strict=True):
                    close = ulps(single, array) <= 64 or abs(single - array) < 1e-300
                    assert close or abs(single) > 1e290, (formula, point, got, row)
                    assert math.isnan(single) == math.isnan(array), (formula, point, got, row)


@pytest.mark.parametrize("formula", SMOOTH_FORMULAS)
def test_no_derivative_where_there_is_no_value(formula: str) -> None:
    surface = Surface.from_formula(formula)
    points = np.array(list(itertools.product(WILD, WILD)))
    undefined = np.isnan(surface.value(points))
    assert np.isnan(surface.gradient(points)[undefined]).all()
    assert np.isnan(surface.hessian(points)[undefined]).all()
    hessian = surface.hessian(points)
    np.testing.assert_array_equal(hessian, np.swapaxes(hessian, -1, -2))


@pytest.mark.parametrize(
    ("formula", "point", "expected"),
    [
        ("1/x", 0.0, math.nan),
        ("log(x)", 0.0, math.nan),
        ("log(x)", -1.0, math.nan),
        ("sqrt(x)", -1e-300, math.nan),
        ("x**-2", 0.0, math.nan),
        ("x**0.5", -1.0, math.nan),
        ("asin(x)", 1.5, math.nan),
        ("x/x", 0.0, math.nan),
        ("sin(x)", math.inf, math.nan),
        ("exp(x)", 1000.0, math.inf),
        ("-exp(x)", 1000.0, -math.inf),
        ("exp(x)", -1000.0, 0.0),
        ("x**2", 1e200, math.inf),
        ("x**3", -1e200, -math.inf),
        ("x**-16", 1e-30, math.inf),
        ("exp(x) - exp(x)", 1000.0, math.nan),
        ("1/exp(x)", 1000.0, 0.0),
        ("x**2", math.nan, math.nan),
    ],
)
def test_poles_domains_and_overflow(formula: str, point: float, expected: float) -> None:
    surface = Surface.from_formula(formula)
    np.testing.assert_equal(surface.value_at((point,)), expected)
    np.testing.assert_equal(float(surface.value(np.array([point]))), expected)
    np.testing.assert_equal(surface.value(np.array([[point], [1.0]]))[0], expected)
    np.testing.assert_equal(surface.grid((np.array([point, 1.0]),))[0], expected)


def test_shapes() -> None:
    surface = Surface.from_formula("x**2*y")
    rng = np.random.default_rng(1)
    for batch in ((), (1,), (5,), (0,), (3, 4), (2, 0, 3)):
        points = rng.normal(size=(*batch, 2))
        assert surface.value(points).shape == batch
        assert surface.gradient(points).shape == (*batch, 2)
        assert surface.hessian(points).shape == (*batch, 2, 2)
        np.testing.assert_allclose(surface.value(points), points[..., 0] ** 2 * points[..., 1], rtol=1e-15)
    line = Surface.from_formula("t**3")
    assert line.dimension == 1
    points = rng.normal(size=(4, 5, 1))
    assert line.value(points).shape == (4, 5)
    assert line.gradient(points).shape == (4, 5, 1)
    assert line.hessian(points).shape == (4, 5, 1, 1)
    np.testing.assert_allclose(line.hessian(points)[..., 0, 0], 6 * points[..., 0])


def test_the_input_is_left_alone_and_results_are_writable() -> None:
    surface = Surface.from_formula("x + 0*y")
    points = np.ones((3, 2))
    for result in (surface.value(points), surface.gradient(points), surface.hessian(points)):
        result[...] = 7.0
    np.testing.assert_array_equal(points, np.ones((3, 2)))
    assert surface.value_at((1.0, 1.0)) == 1.0
    integers = np.array([[2, 3]])
    assert surface.value(integers).dtype == np.float64


@pytest.mark.parametrize("formula", ["x**2*y - exp(y)", "x + 0*y", "y**2 + 0*x", "log(x)/y", "3 + 0*x*y", "max(x, y)"])
def test_a_grid_has_the_values_at_its_nodes(formula: str) -> None:
    surface = Surface.from_formula(formula)
    xs, ys = np.linspace(-2, 2, 9), np.linspace(-1, 1, 5)
    values = surface.grid((xs, ys))
    assert values.shape == (5, 9)
    assert values.flags.writeable
    nodes = np.stack(np.meshgrid(xs, ys), axis=-1)
    np.testing.assert_array_equal(values, surface.value(nodes))
    assert math.isnan(values[2, 4]) == math.isnan(surface.value_at((xs[4], ys[2])))


@pytest.mark.parametrize("formula", ["x**2", "y**2", "w*0 + 1", "1/t"])
def test_a_grid_of_one_variable(formula: str) -> None:
    surface = Surface.from_formula(formula)
    axis = np.linspace(-2, 2, 9)
    values = surface.grid((axis,))
    assert values.shape == (9,)
    np.testing.assert_array_equal(values, surface.value(axis[:, np.newaxis]))


def test_parameters() -> None:
    surface = Surface.from_formula("a*x**2 + b*x*y + c", parameters={"a": 2, "b": 3, "c": 5})
    assert surface.variables == ("x", "y")
    for a, b, c in ((2.0, 3.0, 5.0), (-0.1, 1e10, 0.0), (7.0, 0.3, -1.0)):
        changed = surface.with_parameters(a=a, b=b, c=c)
        assert changed.model is surface.model
        assert changed.parameters == {"a": a, "b": b, "c": c}
        inlined = Surface.from_formula(f"({a!r})*x**2 + ({b!r})*x*y + ({c!r})")
        points = np.random.default_rng(2).normal(size=(20, 2))
        np.testing.assert_array_equal(everything_of(changed, points), everything_of(inlined, points))
        for point in points:
            assert everything(changed, tuple(point)) == everything(inlined, tuple(point))
    assert surface.parameters == {"a": 2.0, "b": 3.0, "c": 5.0}
    assert surface.with_parameters(b=4).parameters == {"a": 2.0, "b": 4, "c": 5.0}
    with pytest.raises(KeyError):
        surface.with_parameters(z=1.0)
    assert math.isnan(surface.with_parameters(a=math.nan).value_at((1.0, 1.0)))


def test_parameters_come_in_any_order() -> None:
    given = {"b": 2.0, "a": 1.0}
    for values in (given, dict(reversed(given.items()))):
        surface = Surface.from_formula("x**a - b*y", parameters=values)
        assert surface.value_at((3.0, 5.0)) == -7.0


@pytest.mark.parametrize(
    ("box", "says"),
    [
        ([(0, 1)], "needs 4 numbers, low and high of 2 variables; 2 were given"),
        ([(0, 1)] * 3, "6 were given"),
        ([(1, 0), (0, 1)], "empty"),
        ([(0, 0), (0, 1)], "empty"),
        ([(0, math.inf), (0, 1)], "not finite"),
        ([(math.nan, 1), (0, 1)], "not finite"),
        ([(-1e151, 0), (0, 1)], "beyond ±1e150"),
        ([(1, 1 + 1e-15), (0, 1)], "too narrow"),
        ([(1e16, 1e16 + 10), (0, 1)], "too narrow"),
    ],
)
def test_boxes_that_are_refused(box: list[tuple[float, float]], says: str) -> None:
    with pytest.raises(BoxError, match=says):
        Surface.from_formula("x*y", box)
    with pytest.raises(BoxError, match=says):
        open_surface("quartic").with_box(box)


def test_boxes_that_are_accepted() -> None:
    assert Surface.from_formula("x*y").box == ((-2.0, 2.0), (-2.0, 2.0))
    assert Surface.from_formula("x").box == ((-2.0, 2.0),)
    assert checked_box([[-1e150, 1e150]], 1) == ((-1e150, 1e150),)
    assert checked_box([(1, 1 + 1e-12)], 1)[0][0] == 1.0
    assert checked_box([(0, 5e-322)], 1) == ((0.0, 5e-322),)
    moved = open_surface("quartic", [(0, 1), (2, 3)])
    assert moved.box == ((0.0, 1.0), (2.0, 3.0))
    assert moved.name == "quartic"
    with pytest.raises(BoxError, match="of 1 variable; 4"):
        checked_box([(0, 1), (0, 1)], 1)


def test_opening_by_name_or_formula() -> None:
    quartic = open_surface(" quartic ")
    assert (quartic.name, quartic.variables) == ("quartic", ("x", "y"))
    assert quartic.value_at((1.0, 1.0)) == -1.0
    assert open_surface("rosenbrock", parameters={"a": 1}).value_at((0.0, 2.0)) == 5.0
    typed = open_surface("x^2 - y^2")
    assert (typed.formula, typed.value_at((3.0, 2.0))) == ("x^2 - y^2", 5.0)
    assert open_surface("a*x", default_parameter=3.0).value_at((2.0,)) == 6.0
    with pytest.raises(FormulaError):
        open_surface("quartic", parameters={"a": 1})


def test_threads_may_ask_for_one_models_derivatives_at_once() -> None:
    for _ in range(10):
        surface = Surface.from_formula("+".join(f"sin({n}*x)*y**2" for n in range(1, 40)))
        barrier, answers, failures = threading.Barrier(4), [], []

        def ask() -> None:
            try:
                barrier.wait(5)  # noqa: B023
                answers.append(everything(surface, (0.3, 0.7)))  # noqa: B023
            except Exception as error:  # noqa: BLE001
                failures.append(error)  # noqa: B023

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert not failures
        assert len(answers) == 4
        assert all(answer == answers[0] for answer in answers)


def test_numbers_never_wait_for_sympy() -> None:
    program = """
import sys, numpy as np
from curvtui.engine.surface.surface import open_surface
surface = open_surface("rosenbrock")
points = np.ones((4, 2))
surface.value(points), surface.gradient(points), surface.hessian(points)
surface.value_at((1, 2)), surface.gradient_at((1, 2)), surface.hessian_at((1, 2))
surface.grid((points[:, 0], points[:, 1])), surface.model.pretty_formula()
assert not [name for name in sys.modules if name.split('.')[0] in ('sympy', 'mpmath', 'contourpy', 'textual')]
surface.model.gradient_text()
assert 'sympy' in sys.modules
"""
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


# Where the published value and point don't belong together to the last digit: Hansen's value is printed to
# five decimals, Judge's last digits are wrong, and Mishra04's value depends on the root of its point's rounding.
MISPRINTED = {"Hansen": 5e-6, "Judge": 5e-7, "Mishra04": 2e-6}


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_benchmark_surfaces(row: dict[str, Any]) -> None:
    surface = Surface.from_formula(row["expr"], row["box"])
    assert surface.variables == ("x", "y")
    if math.isfinite(row["fglob"]):
        for point in row["xglob"]:
            assert surface.value_at(point) == pytest.approx(row["fglob"], rel=0, abs=MISPRINTED.get(row["name"], 1e-12))
    box = np.array(surface.box)
    points = np.random.default_rng(7).uniform(box[:, 0], box[:, 1], size=(12, 2))
    batch = everything_of(surface, points)
    np.testing.assert_allclose(batch, [everything(surface, tuple(p)) for p in points], rtol=1e-9, atol=1e-12)
    for point, found in zip(points, batch, strict=True):
        expected, scale = differences(surface, point)
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12 * scale)


def differences(surface: Surface, point: np.ndarray) -> tuple[list[float], float]:
    """Value, gradient and Hessian by central differences of the value, worked out to 120 digits."""
    with mp.workdps(120):
        h = mpf(10) ** -30

        def f(dx: int, dy: int) -> mpf:
            at = [mpf(point[0]) + dx * h, mpf(point[1]) + dy * h]
            return surface.model.value.on(at, MP_OPERATIONS)[0]

        centre = f(0, 0)
        gradient = [(f(1, 0) - f(-1, 0)) / (2 * h), (f(0, 1) - f(0, -1)) / (2 * h)]
        mixed = (f(1, 1) - f(1, -1) - f(-1, 1) + f(-1, -1)) / (4 * h**2)
        xx = (f(1, 0) - 2 * centre + f(-1, 0)) / h**2
        yy = (f(0, 1) - 2 * centre + f(0, -1)) / h**2
        found = [float(number) for number in (centre, *gradient, xx, mixed, mixed, yy)]
    return found, max(map(abs, found))


@pytest.mark.parametrize("formula", ["x**2", "x*y", "a*x*y"])
def test_points_of_the_wrong_length_are_refused(formula: str) -> None:
    parameters = {"a": 2.0} if "a" in formula else {}
    surface = Surface.from_formula(formula, parameters=parameters)
    n = surface.dimension
    for wrong in {0, 1, 2, 3, 4} - {n}:
        point = (0.5,) * wrong
        for method in (surface.value_at, surface.gradient_at, surface.hessian_at, surface.value_and_gradient_at):
            with pytest.raises(ValueError, match=rf"^a point has {n} coordinate.*; {wrong} given$"):
                method(point)
        for evaluate in (surface.value, surface.gradient, surface.hessian):
            for shape in ((wrong,), (5, wrong), (2, 3, wrong)):
                with pytest.raises(ValueError, match=rf"^a point has {n} coordinate.*; {wrong} given$"):
                    evaluate(np.ones(shape))
            with pytest.raises(ValueError, match=r"^a point has "):
                evaluate(np.array(1.0))
            assert evaluate(np.ones((0, n))).shape[0] == 0
