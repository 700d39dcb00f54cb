"""Winding numbers against the degrees of complex polynomials."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.critical.field import Field
from curvtui.engine.critical.winding import winding_number
from curvtui.engine.surface.surface import open_surface


def winding(formula, box, **parameters):
    return winding_number(Field(open_surface(formula, box, parameters or None)), box)


def square(low, high):
    return ((low, high), (low, high))


# The gradient of Re zⁿ is the conjugate of n·zⁿ⁻¹, which turns n - 1 times clockwise.
REAL_PARTS = {
    2: "x**2 - y**2",
    3: "x**3 - 3*x*y**2",
    4: "x**4 - 6*x**2*y**2 + y**4",
    5: "x**5 - 10*x**3*y**2 + 5*x*y**4",
}


@pytest.mark.parametrize("degree", REAL_PARTS)
@pytest.mark.parametrize("box", [square(-1, 1.1), ((-1e-8, 2e-8), (-3e-8, 1e-9)), ((-50, 3), (-2, 100))])
def test_powers(degree, box):
    assert winding(REAL_PARTS[degree], box) == 1 - degree


@pytest.mark.parametrize(
    ("formula", "box", "expected"),
    [
        ("x**2 + y**2", square(-1, 2), 1),
        ("-x**2 - y**2", square(-1, 2), 1),
        ("x**2 + y**2", ((1, 2), (-1, 2)), 0),
        ("x + y", square(-1, 2), 0),
        ("sin(x)*sin(y)", square(-5, 6), 7),
        ("x**3", ((-1, 2),), 0),
        ("x**2", ((-1, 2),), 1),
        ("-x**2", ((-1, 2),), -1),
    ],
)
def test_known(formula, box, expected):
    assert winding(formula, box) == expected


@pytest.mark.parametrize(
    ("formula", "box"),
    [
        ("x**2 + y**2", ((0, 1), (-1, 1))),
        ("(x-1)**2 + (y-1)**2", square(-2, 1)),
        ("abs(x) + abs(y)", square(-1, 1)),
        ("log(x) + y**2", square(-1, 1)),
        ("x**2 + 0*y", square(-1, 2)),
        ("x**2", ((0, 2),)),
    ],
)
def test_not_claimed_where_it_is_not_defined(formula, box):
    assert winding(formula, box) is None


def test_stopped():
    field = Field(open_surface("sin(x*y)", square(-9, 10)))
    assert winding_number(field, square(-9, 10), lambda: True) is None


@settings(derandomize=True, deadline=None, max_examples=25)
@given(
    roots=st.lists(st.tuples(st.integers(-40, 40), st.integers(-40, 40)), min_size=1, max_size=3),
)
def test_counts_the_roots_of_a_complex_polynomial(roots):
    """f with gradient conj(∏(z - r)), the real part of its integral: every root in the box turns it once back."""
    coefficients = [1 + 0j]  # ascending
    for a, b in roots:
        r = complex(a, b) / 10
        low = [-r * c for c in coefficients] + [0j]
        coefficients = [x + y for x, y in zip(low, [0j, *coefficients], strict=True)]
    terms = []
    for power, c in enumerate(coefficients, start=1):
        c /= power
        real, imaginary = _parts(power)
        terms.append(f"({c.real!r})*({real}) - ({c.imag!r})*({imaginary})")
    box = ((-2.53, 2.57), (-2.51, 2.59))
    expected = -sum(box[0][0] < a / 10 < box[0][1] and box[1][0] < b / 10 < box[1][1] for a, b in roots)
    assert winding(" + ".join(terms), box) == expected


def _parts(power):
    """Formulas of the real and the imaginary part of (x + iy)ᵖ."""
    real, imaginary = {(0, 0): 1}, {}
    for _ in range(power):
        next_real, next_imaginary = {}, {}
        for source, sign, step, target in (
            (real, 1, (1, 0), next_real),
            (imaginary, -1, (0, 1), next_real),
            (real, 1, (0, 1), next_imaginary),
            (imaginary, 1, (1, 0), next_imaginary),
        ):
            for (i, j), c in source.items():
                key = (i + step[0], j + step[1])
                target[key] = target.get(key, 0) + sign * c
        real, imaginary = next_real, next_imaginary
    return tuple(" + ".join(f"({c})*x**{i}*y**{j}" for (i, j), c in each.items()) or "0" for each in (real, imaginary))
