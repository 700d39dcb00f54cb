"""Presets against an evaluator of their own, which walks the formula in 30-digit arithmetic."""

import ast
import math
import operator
import subprocess
import sys

import mpmath
import numpy as np
import pytest

from curvtui.engine.surface.presets import DEFAULT_PRESET, PRESETS, UnknownPresetError, preset_named
from curvtui.engine.surface.surface import Surface

CONTRACT = {
    *("quartic", "saddle", "monkey_saddle", "bowl", "quadratic", "newton_bowl", "rosenbrock", "rastrigin"),
    *("himmelblau", "six_hump_camel", "beale", "goldstein_price", "ackley", "styblinski_tang", "booth"),
    *("matyas", "mccormick", "easom", "peaks", "parabola", "exponential", "double_well"),
}

# Points and values as the literature prints them, and so to its few digits only.
PUBLISHED = {
    "rosenbrock": ((1, 1), 0, 1e-12),
    "himmelblau": ((-3.779310, -3.283186), 0, 1e-9),
    "six_hump_camel": ((0.0898, -0.7126), -1.0316, 1e-4),
    "beale": ((3, 0.5), 0, 1e-12),
    "goldstein_price": ((0, -1), 3, 1e-12),
    "styblinski_tang": ((-2.903534, -2.903534), -78.33233, 1e-5),
    "booth": ((1, 3), 0, 1e-12),
    "matyas": ((0, 0), 0, 1e-12),
    "mccormick": ((-0.54719, -1.54719), -1.9133, 1e-4),
    "easom": ((3.14159, 3.14159), -1, 1e-9),
    "branin": ((9.42478, 2.475), 0.397887, 1e-6),
    "three_hump_camel": ((0, 0), 0, 1e-12),
    "bohachevsky": ((0, 0), 0, 1e-12),
    "levy": ((1, 1), 0, 1e-12),
    "ackley": ((0, 0), 0, 1e-12),
    "rastrigin": ((0, 0), 0, 1e-12),
    "peaks": ((0.228, -1.626), -6.5511, 1e-4),
}

# Pointed minima: there is no gradient to vanish.
POINTED = {"ackley", "kink"}

_BINARY = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_FUNCTIONS = {
    "exp": mpmath.exp,
    "log": mpmath.log,
    "sqrt": mpmath.sqrt,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tanh": mpmath.tanh,
    "abs": abs,
    "sigmoid": lambda u: 1 / (1 + mpmath.exp(-u)),
}


def walk(node, names):
    match node:
        case ast.Constant(value=value):
            return mpmath.mpf(str(value))
        case ast.Name(id=name):
            return names[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -walk(operand, names)
        case ast.BinOp(left=left, op=op, right=right):
            return _BINARY[type(op)](walk(left, names), walk(right, names))
        case ast.Call(func=ast.Name(id=name), args=[argument]):
            return _FUNCTIONS[name](walk(argument, names))
    raise AssertionError(ast.dump(node))


def exact(preset):
    """The preset as a function of mpmath numbers."""
    tree = ast.parse(preset.formula, mode="eval").body
    constants = {"pi": mpmath.pi, "e": mpmath.e} | {k: mpmath.mpf(v) for k, v in preset.parameters.items()}
    free = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - set(_FUNCTIONS) - set(constants)
    variables = sorted(free)
    assert len(variables) == preset.dimension
    return lambda *x: walk(tree, constants | dict(zip(variables, x, strict=True)))


def derivatives(function, point):
    """Gradient and Hessian by mpmath's finite differences, good to more digits than a double has."""
    n = len(point)
    unit = [tuple(int(i == j) for j in range(n)) for i in range(n)]
    pair = [[tuple(a + b for a, b in zip(unit[i], unit[j], strict=True)) for j in range(n)] for i in range(n)]
    at = tuple(map(mpmath.mpf, point))
    gradient = [float(mpmath.diff(function, at, orders)) for orders in unit]
    hessian = [[float(mpmath.diff(function, at, orders)) for orders in row] for row in pair]
    return np.array(gradient), np.array(hessian)


@pytest.fixture(autouse=True)
def thirty_digits():
    with mpmath.workdps(30):
        yield


def each(condition=lambda preset: True):
    return pytest.mark.parametrize("preset", [p for p in PRESETS.values() if condition(p)], ids=lambda p: p.name)


def test_the_command_line_contract_is_kept():
    assert set(PRESETS) >= CONTRACT
    assert next(iter(PRESETS)) == DEFAULT_PRESET == "quartic"
    assert all(name == preset.name for name, preset in PRESETS.items())
    assert PRESETS["quartic"].formula == "x**4 + y**4 - 4*x*y + 1"
    assert PRESETS["parabola"].box == ((-10, 10),)


@each()
def test_start_lies_in_the_box_and_is_no_critical_point(preset):
    assert len(preset.start) == preset.dimension
    assert all(low <= x <= high for x, (low, high) in zip(preset.start, preset.box, strict=True))
    gradient, _ = derivatives(exact(preset), preset.start)
    assert np.linalg.norm(gradient) > 1e-3


@each()
def test_learning_rate_has_one_digit_and_descends(preset):
    assert preset.learning_rate == float(f"{preset.learning_rate:.0e}")
    surface = Surface.from_preset(preset)
    x = preset.start
    values = [surface.value_at(x)]
    for _ in range(30):
        gradient = surface.gradient_at(x)
        x = tuple(a - preset.learning_rate * b for a, b in zip(x, gradient, strict=True))
        values.append(surface.value_at(x))
    assert all(map(math.isfinite, values))
    assert min(values[-5:]) < values[0]


@each()
def test_texts_fit_the_picker(preset):
    assert preset.title
    assert preset.source
    assert "\n" not in preset.teaches
    assert 30 <= len(preset.teaches) <= 100


@each(lambda preset: preset.minima or preset.saddles or preset.maxima)
def test_known_critical_points_have_zero_gradient_and_the_right_curvature(preset):
    function = exact(preset)
    for kind in ("minima", "saddles", "maxima"):
        for point in getattr(preset, kind):
            if preset.name in POINTED:
                continue
            gradient, hessian = derivatives(function, point)
            # What rounding a coordinate to a double leaves over.
            assert np.linalg.norm(gradient) <= 1e-12 * max(1.0, np.abs(hessian).max()), point
            low, *_, high = (float(e) for e in [*np.linalg.eigvalsh(hessian)] * 2)
            slack = 1e-9 * max(abs(low), abs(high))
            if kind == "minima":
                assert low >= -slack, point
            elif kind == "maxima":
                assert high <= slack, point
            else:
                assert low < 0 < high or preset.name in {"monkey_saddle", "peano"}, point


@pytest.mark.parametrize("name", sorted(POINTED))
def test_pointed_minima_are_below_everything_around(name):
    function = exact(PRESETS[name])
    (minimum,) = PRESETS[name].minima
    for k in range(12):
        turned = [m + 1e-6 * t for m, t in zip(minimum, (math.cos(k), math.sin(k)), strict=True)]
        assert function(*turned) > function(*minimum)


@each(lambda preset: preset.minimum_value is not None)
def test_minimum_value_is_attained_and_nothing_in_the_box_is_smaller(preset):
    function = exact(preset)
    values = [float(function(*map(mpmath.mpf, point))) for point in preset.minima]
    assert min(values) == pytest.approx(preset.minimum_value, rel=1e-14, abs=1e-14)
    surface = Surface.from_preset(preset)
    grid = surface.grid([np.linspace(low, high, 601) for low, high in preset.box])
    assert np.nanmin(grid) >= preset.minimum_value - 1e-12 * max(1.0, abs(preset.minimum_value))


@each(lambda preset: preset.minimum_value is None)
def test_without_minimum_value_the_box_has_its_smallest_value_on_the_border(preset):
    assert not preset.minima
    surface = Surface.from_preset(preset)
    grid = surface.grid([np.linspace(low, high, 201) for low, high in preset.box])
    inner = grid[(slice(1, -1),) * grid.ndim]
    assert grid.min() < inner.min()


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_minimum(name):
    preset = PRESETS[name]
    point, value, tolerance = PUBLISHED[name]
    assert preset.minimum_value == pytest.approx(value, abs=tolerance)
    nearest = min(math.dist(point, known) for known in preset.minima)
    assert nearest < 1e-3
    assert float(exact(preset)(*map(mpmath.mpf, point))) == pytest.approx(value, abs=tolerance)


@each()
def test_surface_agrees_with_the_independent_evaluator(preset):
    function = exact(preset)
    surface = Surface.from_preset(preset)
    generator = np.random.default_rng(20)
    low, high = np.array(preset.box).T
    if preset.name == "log_barrier":
        low = np.maximum(low, 0.1)
    points = generator.uniform(low, high, (3, preset.dimension))
    for point in points:
        gradient, hessian = derivatives(function, tuple(point))
        value = float(function(*map(mpmath.mpf, point)))
        assert float(surface.value(point)) == pytest.approx(value, rel=1e-9, abs=1e-11)
        scale = max(1e-12, np.abs(gradient).max())
        np.testing.assert_allclose(surface.gradient(point), gradient, rtol=1e-9, atol=1e-9 * scale)
        scale = max(1e-12, np.abs(hessian).max())
        np.testing.assert_allclose(surface.hessian(point), hessian, rtol=1e-8, atol=1e-8 * scale)


def test_six_hump_camel_knows_all_fifteen_critical_points():
    preset = PRESETS["six_hump_camel"]
    points = (*preset.minima, *preset.saddles, *preset.maxima)
    assert [len(preset.minima), len(preset.saddles), len(preset.maxima)] == [6, 7, 2]
    assert len({(round(x, 6), round(y, 6)) for x, y in points}) == 15


def test_preset_named_forgives_spelling_and_suggests():
    assert preset_named("Six-Hump camel").name == "six_hump_camel"
    with pytest.raises(UnknownPresetError, match="did you mean 'rosenbrock'"):
        preset_named("rosenbrok")
    with pytest.raises(UnknownPresetError, match="list surfaces"):
        preset_named("zzzz")


def test_an_endless_name_is_answered_briefly():
    with pytest.raises(UnknownPresetError) as caught:
        preset_named("q" * 1_000_000)
    assert len(str(caught.value)) < 200


def test_presets_are_read_only():
    with pytest.raises(TypeError):
        PRESETS["mine"] = PRESETS["quartic"]
    with pytest.raises(AttributeError):
        PRESETS["quartic"].name = "other"


def test_listing_presets_imports_nothing_heavy():
    code = "import sys, curvtui.engine.surface.presets; print({'numpy', 'sympy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
