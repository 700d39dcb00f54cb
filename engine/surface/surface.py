"""The loss surface: a formula over a box, with its value and exact derivatives anywhere."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TypeAlias

import numpy as np

from ..arrays import Array
from .array import quiet
from .errors import FormulaError
from .functions import CONSTANTS, FUNCTIONS
from .model import Model
from .presets import Preset, find_preset, unknown_preset

Box: TypeAlias = tuple[tuple[float, float], ...]
"""One ``(low, high)`` pair a variable."""

MAX_COORDINATE = 1e150
"""Largest coordinate of a box: its square, and so every distance in it, is still finite."""


class BoxError(ValueError):
    """A box that can't be viewed: one sentence says why."""


def checked_box(box: Sequence[Sequence[float]], dimension: int) -> Box:
    """Return a box as a tuple of floats.

    Raises:
        BoxError: not ``dimension`` intervals, or one that is empty, not finite, or too narrow to hold
            distinct numbers.
    """
    if len(box) != dimension:
        raise BoxError(
            f"the box needs {2 * dimension} numbers, low and high of {dimension} "
            f"variable{'s' * (dimension > 1)}; {2 * len(box)} were given"
        )
    result = []
    for low, high in box:
        low, high = float(low), float(high)
        if not (math.isfinite(low) and math.isfinite(high)) or max(abs(low), abs(high)) > MAX_COORDINATE:
            raise BoxError(f"the box's interval {low:g} to {high:g} is not finite, or beyond ±1e150")
        if not low < high:
            raise BoxError(f"the box's interval {low:g} to {high:g} is empty; the first must be the smaller")
        if high - low <= 64 * math.ulp(max(abs(low), abs(high))):
            raise BoxError(f"the box's interval {low!r} to {high!r} is too narrow to tell numbers apart")
        result.append((low, high))
    return tuple(result)


@dataclass(frozen=True)
class Surface:
    """A loss surface: a compiled formula with parameter values, over a box.

    Outside the formula's domain, at poles included, values and derivatives are NaN; where a value
    overflows it is inf. No method raises or warns for any point, but for one that has not n coordinates:
    that is a ValueError.
    """

    name: str
    model: Model = field(repr=False)
    box: Box
    parameters: Mapping[str, float] = field(hash=False)
    _parameter_values: tuple[float, ...] = field(init=False, repr=False, compare=False)
    _width: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Put the parameter values in the order in which the evaluators take them."""
        names = self.model.inputs[len(self.model.variables) :]
        object.__setattr__(self, "_parameter_values", tuple(float(self.parameters[n]) for n in names))
        object.__setattr__(self, "_width", len(self.model.inputs))

    @classmethod
    def from_formula(
        cls,
        text: str,
        box: Sequence[Sequence[float]] | None = None,
        parameters: Mapping[str, float] | None = None,
        *,
        name: str = "",
        default_parameter: float | None = None,
    ) -> Surface:
        """Return the surface of a typed formula; the default box is -2 to 2 an axis.

        ``default_parameter`` is the value of parameters that none is given for; with None they are
        refused. Raises :class:`FormulaError` or :class:`BoxError`.
        """
        model = Model(text, parameters or {}, default_parameter)
        dimension = len(model.variables)
        sides = [(-2.0, 2.0)] * dimension if box is None else box
        return cls(name or "formula", model, checked_box(sides, dimension), model.defaults)

    @classmethod
    def from_preset(cls, preset: Preset, parameters: Mapping[str, float] | None = None) -> Surface:
        """Return a preset's surface, with other parameter values where some are given."""
        values = {**preset.parameters, **(parameters or {})}
        return cls.from_formula(preset.formula, preset.box, values, name=preset.name)

    @property
    def formula(self) -> str:
        """The formula as it was typed."""
        return self.model.formula

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables' names, in the order of a point's coordinates."""
        return self.model.variables

    @property
    def dimension(self) -> int:
        """The number of variables, n."""
        return len(self.model.variables)

    def with_parameters(self, **values: float) -> Surface:
        """Return the same surface with other parameter values; nothing is compiled again."""
        for name in values:
            if name not in self.parameters:
                raise KeyError(name)
        return replace(self, parameters={**self.parameters, **values})

    def with_box(self, box: Sequence[Sequence[float]]) -> Surface:
        """Return the same surface over another box. Raises :class:`BoxError`."""
        return replace(self, box=checked_box(box, self.dimension))

    def value_at(self, x: Sequence[float]) -> float:
        """Return f at one point of n floats."""
        inputs = (*x, *self._parameter_values)
        if len(inputs) != self._width:
            raise self._wrong_length(len(x))
        return self.model.value.at(inputs)[0]

    def gradient_at(self, x: Sequence[float]) -> tuple[float, ...]:
        """Return the gradient at one point of n floats."""
        return self.value_and_gradient_at(x)[1]

    def value_and_gradient_at(self, x: Sequence[float]) -> tuple[float, tuple[float, ...]]:
        """Return f and its gradient at one point of n floats, for little more than the gradient alone."""
        inputs = (*x, *self._parameter_values)
        if len(inputs) != self._width:
            raise self._wrong_length(len(x))
        value, *gradient = self.model.gradient.at(inputs)
        if value != value:
            return value, (math.nan,) * len(x)
        return value, tuple(gradient)

    def hessian_at(self, x: Sequence[float]) -> tuple[tuple[float, ...], ...]:
        """Return the Hessian at one point of n floats, as n rows."""
        n = len(x)
        inputs = (*x, *self._parameter_values)
        if len(inputs) != self._width:
            raise self._wrong_length(n)
        outputs = self.model.hessian.at(inputs)
        if outputs[0] != outputs[0]:
            return ((math.nan,) * n,) * n
        index = _triangle(n)
        return tuple(tuple(outputs[1 + n + index[i][j]] for j in range(n)) for i in range(n))

    def value(self, x: Array) -> Array:
        """Return f at points (..., n), as an array (...)."""
        x = self._points(x)
        if x.ndim == 1:
            return np.asarray(self.value_at(x.tolist()))
        with quiet():
            (values,) = self.model.value.on([*np.moveaxis(x, -1, 0), *self._parameter_values])
        return _filled(values, x.shape[:-1])

    def gradient(self, x: Array) -> Array:
        """Return the gradient at points (..., n), as an array (..., n)."""
        x = self._points(x)
        if x.ndim == 1:
            return np.array(self.gradient_at(x.tolist()))
        with quiet():
            value, *entries = self.model.gradient.on([*np.moveaxis(x, -1, 0), *self._parameter_values])
        result = np.empty(x.shape)
        for i, entry in enumerate(entries):
            result[..., i] = entry
        return _inside_domain(result, value)

    def hessian(self, x: Array) -> Array:
        """Return the Hessian at points (..., n), as an array (..., n, n)."""
        x = self._points(x)
        if x.ndim == 1:
            return np.array(self.hessian_at(x.tolist()))
        n = x.shape[-1]
        with quiet():
            value, *rest = self.model.hessian.on([*np.moveaxis(x, -1, 0), *self._parameter_values])
        result = np.empty((*x.shape, n))
        index = _triangle(n)
        for i in range(n):
            for j in range(n):
                result[..., i, j] = rest[n + index[i][j]]
        return _inside_domain(result, value)

    def _points(self, x: Array) -> Array:
        x = np.asarray(x, dtype=np.float64)
        if x.shape[-1:] != (self.dimension,):
            raise self._wrong_length(x.shape[-1] if x.ndim else 0)
        return x

    def _wrong_length(self, given: int) -> ValueError:
        n = self.dimension
        return ValueError(f"a point has {n} coordinate{'s' * (n > 1)}, {' and '.join(self.variables)}; {given} given")

    @property
    def no_residuals(self) -> str | None:
        """Why f is no sum of squares, as the end of a sentence; None where it is one (up to a constant)."""
        terms = self.model.squares
        if isinstance(terms, str):
            return terms
        weights = (term.weight.at(((0.0,) * self.dimension) + self._parameter_values)[0] for term in terms)
        return None if all(weight >= 0.0 for weight in weights) else "a term of it is a negative multiple of a square"

    def residuals_and_jacobian(self, x: Array) -> tuple[Array, Array]:
        """Return r (..., m) with f = Σ rᵢ² plus a constant, and its Jacobian (..., m, n), at points (..., n).

        Empty (m = 0) where :attr:`no_residuals` says why there are none.
        """
        x = np.asarray(x, dtype=np.float64)
        terms = () if isinstance(self.model.squares, str) else self.model.squares
        inputs = [*np.moveaxis(x, -1, 0), *self._parameter_values]
        result = np.empty((*x.shape[:-1], len(terms), 1 + self.dimension))
        with quiet():
            for i, term in enumerate(terms):
                root = np.sqrt(np.float64(term.weight.at((0.0,) * self.dimension + self._parameter_values)[0]))
                for j, output in enumerate(term.root.on(inputs)):
                    result[..., i, j] = root * output
        return result[..., 0], result[..., 1:]

    def grid(self, axes: Sequence[Array]) -> Array:
        """Return f on a grid: axes ``(xs (W,), ys (H,))`` give (H, W); one axis ``(xs (W,),)`` gives (W,).

        Parts of the formula that depend on one variable only are worked out once a row or column.
        """
        if len(axes) == 1:
            inputs: list[Array | float] = [axes[0]]
            shape: tuple[int, ...] = (len(axes[0]),)
        else:
            xs, ys = axes
            inputs = [xs[np.newaxis, :], ys[:, np.newaxis]]
            shape = (len(ys), len(xs))
        with quiet():
            (values,) = self.model.value.on([*inputs, *self._parameter_values])
        return _filled(values, shape)


def open_surface(
    name_or_formula: str,
    box: Sequence[Sequence[float]] | None = None,
    parameters: Mapping[str, float] | None = None,
    *,
    default_parameter: float | None = None,
) -> Surface:
    """Return a preset by its name, or the surface of a formula.

    Raises :class:`FormulaError` or :class:`BoxError`.
    """
    text = name_or_formula.strip(" ")
    preset = find_preset(text)
    if preset is not None:
        surface = Surface.from_preset(preset, parameters)
        return surface if box is None else surface.with_box(box)
    if _LOOKS_LIKE_A_NAME.fullmatch(text) and text not in FUNCTIONS and text not in CONSTANTS:
        raise FormulaError(unknown_preset(text))
    return Surface.from_formula(name_or_formula, box, parameters, default_parameter=default_parameter)


_LOOKS_LIKE_A_NAME = re.compile(r"[A-Za-z][A-Za-z_]{3,}[0-9]*")
"""A lone word is a misspelt preset, not the surface f(word) = word."""


def _filled(values: Array | float, shape: tuple[int, ...]) -> Array:
    """Give a result that depends on fewer variables (or none) the full shape."""
    result = np.asarray(values, dtype=np.float64)
    return result if result.shape == shape else np.broadcast_to(result, shape).copy()


def _inside_domain(derivatives: Array, value: Array) -> Array:
    """Where f has no value its derivatives have none: the derivative of ``log(x)`` at -1 is not -1."""
    undefined = np.isnan(value)
    if np.any(undefined):
        derivatives[np.broadcast_to(undefined, derivatives.shape[: undefined.ndim])] = np.nan
    return derivatives


@cache
def _triangle(n: int) -> list[list[int]]:
    """Positions of the Hessian's entries in its upper triangle stored row by row."""
    index = [[0] * n for _ in range(n)]
    position = 0
    for i in range(n):
        for j in range(i, n):
            index[i][j] = index[j][i] = position
            position += 1
    return index
