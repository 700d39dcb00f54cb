"""No false proof, ever: lists that are said to be complete, against points known or found in other ways."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from curvtui.engine.critical.analysis import Verdict, analyse_box
from curvtui.engine.critical.budget import Budget
from curvtui.engine.critical.critical_point import Kind
from curvtui.engine.surface.surface import Surface

AMPLE = Budget(60.0)
PROPERTY = settings(derandomize=True, deadline=None, max_examples=12)
tenths = st.integers(-25, 25).map(lambda n: n / 10)


def _antiderivative(roots, name):
    """∫∏(t - r) dt as a polynomial in ``name``, its coefficients exact decimals."""
    coefficients = [10 ** len(roots)]  # ascending, times 10^roots
    for r in roots:
        low = [-round(10 * r) * c // 10 for c in coefficients] + [0]
        coefficients = [a + b for a, b in zip(low, [0, *coefficients], strict=True)]
    scale = 10 ** len(roots)
    return " + ".join(f"({c})/{scale * power}*({name})**{power}" for power, c in enumerate(coefficients, start=1) if c)


def _slope_sign(roots, at):
    """The sign of the derivative of ∏(t - r) at one of its simple roots."""
    return math.prod(math.copysign(1.0, at - r) for r in roots if r != at)


@PROPERTY
@given(
    st.lists(tenths, min_size=1, max_size=4, unique=True),
    st.lists(tenths, min_size=1, max_size=4, unique=True),
    st.sampled_from([(1, 0, 0, 1), (1, 1, -1, 1), (2, 1, 1, 1), (1, -2, 0, 1), (3, 1, -1, 2)]),
)
def test_polynomials_with_known_critical_points(first, second, matrix):
    """P(u) + Q(v), u and v linear in x and y, has its critical points where P'(u) = 0 and Q'(v) = 0."""
    a, b, c, d = matrix
    formula = f"{_antiderivative(first, f'{a}*x + ({b})*y')} + {_antiderivative(second, f'{c}*x + ({d})*y')}"
    box = ((-2.03, 2.17), (-2.11, 2.07))
    expected = {}
    for u in first:
        for v in second:
            determinant = a * d - b * c
            x, y = (d * u - b * v) / determinant, (-c * u + a * v) / determinant
            assume(all(min(abs(t - low), abs(t - high)) > 1e-9 for t, (low, high) in zip((x, y), box, strict=True)))
            if all(low < t < high for t, (low, high) in zip((x, y), box, strict=True)):
                signs = {_slope_sign(first, u), _slope_sign(second, v)}
                expected[x, y] = Kind.SADDLE if len(signs) == 2 else (Kind.MINIMUM if signs == {1.0} else Kind.MAXIMUM)
    analysis = analyse_box(Surface.from_formula(formula, box), budget=AMPLE)
    assert analysis.completeness.verdict is Verdict.COMPLETE
    _same_points(analysis, expected)


@PROPERTY
@given(
    st.integers(1, 4), st.integers(1, 4), tenths, tenths, st.sampled_from([(1, 0, 0, 1), (1, 1, -1, 1), (2, 1, 1, 1)])
)
def test_waves_with_known_critical_points(k, m, p, q, matrix):
    """cos(k·u + p) + cos(m·v + q): where both sines are 0."""
    a, b, c, d = matrix
    formula = f"cos({k}*({a}*x + ({b})*y) + ({p})) + 2*cos({m}*({c}*x + ({d})*y) + ({q}))"
    box = ((-2.03, 2.17), (-1.11, 2.07))
    expected = {}
    for i in range(-60, 61):
        for j in range(-60, 61):
            u, v = (i * math.pi - p) / k, (j * math.pi - q) / m
            determinant = a * d - b * c
            x, y = (d * u - b * v) / determinant, (-c * u + a * v) / determinant
            near = [min(abs(t - low), abs(t - high)) for t, (low, high) in zip((x, y), box, strict=True)]
            if all(low < t < high for t, (low, high) in zip((x, y), box, strict=True)):
                assume(min(near) > 1e-9)
                crest = (i % 2 == 0, j % 2 == 0)
                expected[x, y] = Kind.SADDLE if crest[0] != crest[1] else (Kind.MAXIMUM if crest[0] else Kind.MINIMUM)
    analysis = analyse_box(Surface.from_formula(formula, box), budget=AMPLE)
    assert analysis.completeness.verdict is Verdict.COMPLETE
    _same_points(analysis, expected)


def _same_points(analysis, expected):
    found = {each.point: each.kind for each in analysis.points}
    assert len(found) == len(expected)
    for place, kind in expected.items():
        nearest = min(found, key=lambda other: math.dist(place, other))
        assert math.dist(place, nearest) < 1e-11
        assert found[nearest] is kind
    assert all(each.certified for each in analysis.points)
    indices = sum(-1 if kind is Kind.SADDLE else 1 for kind in expected.values())
    assert analysis.completeness.index_sum == indices
    assert analysis.completeness.boundary_winding in (None, indices)


@PROPERTY
@given(st.lists(tenths, min_size=0, max_size=3), st.lists(st.tuples(tenths, st.integers(1, 3)), min_size=1, max_size=3))
def test_one_variable_with_repeated_roots(simple, repeated):
    """∏(x - r)ᵐ as slope: a change of sign or an inflection at each root, by the parity of its multiplicity."""
    roots = [*simple, *(r for r, multiplicity in repeated for _ in range(multiplicity))]
    assume(len(roots) <= 6)
    places = sorted(set(roots))
    assume(all(high - low > 0.05 for low, high in pairwise(places)))
    surface = Surface.from_formula(_antiderivative(roots, "x"), ((-2.63, 2.71),))
    analysis = analyse_box(surface, budget=AMPLE)
    found = sorted((each.point[0], each) for each in analysis.points if each.certified)
    for place, each in found:
        root = min(places, key=lambda r: abs(r - place))
        assert place == pytest.approx(root, abs=1e-6)
        multiplicity = roots.count(root)
        above = sum(1 for r in roots if r > root)
        if multiplicity % 2 == 0:
            assert each.kind is Kind.INFLECTION
        elif above % 2 == 0:
            assert each.kind in (Kind.MINIMUM, Kind.DEGENERATE_MINIMUM)
        else:
            assert each.kind in (Kind.MAXIMUM, Kind.DEGENERATE_MAXIMUM)
    if analysis.completeness.verdict is Verdict.COMPLETE:
        assert len(found) == len(places)


numbers = st.integers(-20, 20).map(lambda n: n / 10)
terms = st.one_of(
    st.tuples(numbers, st.integers(0, 4), st.integers(0, 4)).map(lambda t: f"({t[0]})*x**{t[1]}*y**{t[2]}"),
    st.tuples(numbers, numbers, numbers, numbers).map(lambda t: f"({t[0]})*sin(({t[1]})*x + ({t[2]})*y + ({t[3]}))"),
    st.tuples(numbers, numbers).map(lambda t: f"({t[0]})*exp(({t[1]})*x*y/2)"),
    st.tuples(numbers, numbers).map(lambda t: f"({t[0]})*tanh(x - ({t[1]})*y)"),
    st.tuples(numbers, numbers).map(lambda t: f"({t[0]})/(1.5 + (x - ({t[1]}))**2 + y**2)"),
    st.tuples(numbers, numbers).map(lambda t: f"({t[0]})*abs(x - ({t[1]}))*y**2"),
    st.tuples(numbers, numbers).map(lambda t: f"({t[0]})*sqrt(x + 2 + ({t[1]})*y)"),
    st.tuples(numbers, numbers).map(lambda t: f"({t[0]})*x*log(y + 1.2 + ({t[1]})*x)"),
)


@settings(derandomize=True, deadline=None, max_examples=18)
@given(st.lists(terms, min_size=2, max_size=5))
def test_many_newton_searches_find_nothing_else(parts):
    """Every point that plain Newton reaches from one of 400 starts is listed, of its kind, or in an open region."""
    box = ((-1.53, 1.61), (-1.47, 1.58))
    surface = Surface.from_formula(" + ".join(parts) + " + 0*x + 0*y", box)
    analysis = analyse_box(surface, budget=Budget(1.0))
    starts = np.stack(np.meshgrid(*[np.linspace(low, high, 20) for low, high in box]), axis=-1).reshape(-1, 2)
    points, kinds = _newton(surface, starts)
    inside = np.all(
        [(t > low + 1e-9) & (t < high - 1e-9) for t, (low, high) in zip(points.T, box, strict=True)], axis=0
    )
    listed = np.array([each.point for each in analysis.points]).reshape(-1, 2)
    for place, kind in zip(points[inside], kinds[inside], strict=True):
        distance = np.abs(listed - place).max(axis=1, initial=0.0) if len(listed) else np.array([np.inf])
        nearest = int(np.argmin(distance))
        if distance[nearest] < 1e-6:
            assert not analysis.points[nearest].certified or analysis.points[nearest].kind is kind
        else:
            assert any(
                all(low - 1e-6 <= t <= high + 1e-6 for t, (low, high) in zip(place, region.box, strict=True))
                for region in analysis.completeness.unresolved
            ), place
    if analysis.completeness.verdict is Verdict.COMPLETE and analysis.completeness.boundary_winding is not None:
        assert analysis.completeness.index_sum == analysis.completeness.boundary_winding


def _newton(surface, points):
    """Plain Newton from many starts: the regular critical points reached (K, 2), and their kinds."""
    with np.errstate(all="ignore"):
        for _ in range(40):
            (a, b), (_, d) = np.moveaxis(surface.hessian(points), 0, -1)
            gx, gy = surface.gradient(points).T
            determinant = a * d - b * b
            step = np.stack([d * gx - b * gy, a * gy - b * gx], axis=-1) / determinant[:, np.newaxis]
            points = points - np.clip(step, -0.5, 0.5)
        (a, b), (_, d) = np.moveaxis(surface.hessian(points), 0, -1)
        size = np.sqrt(a**2 + 2 * b**2 + d**2)
        regular = (np.abs(step).max(axis=1) < 1e-11) & (np.abs(a * d - b * b) > 1e-6 * size**2) & (size > 1e-9)
        regular &= np.abs(surface.gradient(points)).max(axis=1) < 1e-10 * size
    kinds = [
        Kind.SADDLE if a * d < b * b else (Kind.MINIMUM if a > 0 else Kind.MAXIMUM)
        for a, b, d in zip(a, b, d, strict=True)
    ]
    return points[regular], np.array(kinds, dtype=object)[regular]
