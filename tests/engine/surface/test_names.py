"""Variables and parameters: which name is which."""

from __future__ import annotations

import pytest

from curvtui.engine.surface.errors import FormulaError
from curvtui.engine.surface.functions import FUNCTIONS, closest
from curvtui.engine.surface.names import resolve_names
from curvtui.engine.surface.parser import parse


def names(text: str, default: float | None = None, **given: float) -> tuple[tuple[str, ...], dict[str, float]]:
    resolved = resolve_names(parse(text), given, text, default)
    return resolved.variables, resolved.parameters


def refusal(text: str, **given: float) -> FormulaError:
    with pytest.raises(FormulaError) as caught:
        resolve_names(parse(text), given, text)
    assert caught.value.message.isprintable()
    return caught.value


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("x**2", ("x",)),
        ("y**2", ("y",)),
        ("y + x", ("x", "y")),
        ("w2*w1", ("w1", "w2")),
        ("w10 + w2", ("w2", "w10")),
        ("b + a**2", ("a", "b")),
        ("t", ("t",)),
        ("z*a", ("a", "z")),
        ("B*a", ("B", "a")),
        ("theta*phi", ("phi", "theta")),
        ("tau**2 + Psi", ("Psi", "tau")),
        ("(mu - 1)**2/sigma**2 + log(sigma)", ("mu", "sigma")),
        ("X**2 + Y**2", ("X", "Y")),
        ("e*t + pi", ("t",)),
        ("u*v*u*v", ("u", "v")),
    ],
)
def test_variables_in_the_order_of_coordinates(text: str, variables: tuple[str, ...]) -> None:
    assert names(text) == (variables, {})


def test_beside_x_or_y_every_name_is_a_parameter() -> None:
    assert names("(1-x)**2 + a*(y-x**2)**2", a=100) == (("x", "y"), {"a": 100.0})
    assert names("a*x", a=2) == (("x",), {"a": 2.0})
    assert names("b*y + a", a=1, b=2) == (("y",), {"b": 2.0, "a": 1.0})


def test_elsewhere_what_is_given_is_a_parameter() -> None:
    assert names("a*u + v", a=3) == (("u", "v"), {"a": 3.0})
    assert names("a*u", a=3) == (("u",), {"a": 3.0})
    assert names("a*b*c*d", c=1, d=2) == (("a", "b"), {"c": 1.0, "d": 2.0})


def test_a_default_for_what_is_not_given() -> None:
    assert names("a*x + b", 1.0, b=5) == (("x",), {"a": 1.0, "b": 5.0})
    assert names("a*x + b*y + c", 0.0) == (("x", "y"), {"a": 0.0, "b": 0.0, "c": 0.0})


@pytest.mark.parametrize(
    ("text", "given", "column", "says"),
    [
        ("1 + 2", {}, None, "names no variable"),
        ("pi*e", {}, None, "names no variable"),
        ("a + 1", {"a": 1.0}, None, "names no variable"),
        ("a*b*c", {}, None, "names three variables, a, b and c"),
        ("a*b*c*d", {}, None, "names four variables"),
        ("x + y + z", {}, 9, "names three variables, x, y and z"),
        ("x + a*b", {}, 5, "names three variables"),
        ("x + a", {}, 5, "'a' at column 5 has no value"),
        ("x + sine", {}, 5, "did you mean 'sin'?"),
        ("sqroot + x", {}, 1, "did you mean 'sqrt'?"),
        ("tanhh*u", {}, 1, "did you mean 'tanh'?"),
        ("x + 1", {"a": 1.0}, None, "no parameter 'a'; its parameters: none"),
        ("x + b", {"a": 1.0, "b": 2.0}, None, "no parameter 'a'; its parameters: b"),
        ("x + y", {"y": 1.0}, None, "'y' is a variable"),
        ("u + 1", {"x": 1.0}, None, "'x' is a variable"),
        ("+".join(f"a{n}" for n in range(30)), {}, None, "names 30 variables, a0, a1, a2"),
    ],
)
def test_refused(text: str, given: dict[str, float], column: int | None, says: str) -> None:
    error = refusal(text, **given)
    assert says in error.message
    assert error.column == column


def test_a_foreign_parameter_name_is_made_safe_to_show() -> None:
    error = refusal("x", **{"a\x1b[31m\u202e": 1.0})
    assert "\\x1b" in error.message


def test_closest_forgives_capitals_and_slips() -> None:
    assert closest("Sine", FUNCTIONS) == "sin"
    assert closest("SQRT", FUNCTIONS) == "sqrt"
    assert closest("sigmod", FUNCTIONS) == "sigmoid"
    assert closest("zzzzzz", FUNCTIONS) is None
