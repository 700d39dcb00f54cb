"""A formula compiled: what surfaces with other parameters or another box share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from .compile import is_total, value_tape
from .constants import check_constants
from .derive import gradient_tape, hessian_tape
from .errors import FormulaError
from .names import resolve_names
from .notation import plain_sympy, pretty, pretty_sympy
from .parser import parse
from .residuals import NoSumOfSquaresError, Term, squares
from .symbolic import SymbolicDerivatives, differentiate
from .tape import Tape
from .tape_text import tape_text

_TOO_DEEP = "the derivatives are too deeply nested to be written out"


class Model:
    """A validated formula with its evaluators; derivatives come when they are first asked for.

    Immutable: two threads that ask at once may both do the work, and get equal results.
    """

    def __init__(self, text: str, parameters: Mapping[str, float], default: float | None = None) -> None:
        self.formula = text.strip(" ")
        self.tree = parse(text)
        check_constants(self.tree, text)
        names = resolve_names(self.tree, parameters, text, default)
        self.variables = names.variables
        self.defaults = names.parameters
        self.inputs = (*names.variables, *names.parameters)
        self.value: Tape = value_tape(self.tree, self.inputs)
        self.total = is_total(self.tree)

    @cached_property
    def gradient(self) -> Tape:
        """The tape of f and its exact gradient: 1 + n outputs."""
        return gradient_tape(self.value, self.variables)

    @cached_property
    def hessian(self) -> Tape:
        """The tape of f, its gradient and the upper triangle of its Hessian, row by row."""
        return hessian_tape(self.value, self.variables)

    @cached_property
    def squares(self) -> tuple[Term, ...] | str:
        """The terms whose sum of squares the formula is, or the end of a sentence that says why it is none."""
        try:
            return squares(self.tree, self.inputs, self.variables)
        except NoSumOfSquaresError as error:
            return str(error)

    @cached_property
    def symbolic(self) -> SymbolicDerivatives:
        """The derivatives as SymPy expressions; the first call imports SymPy and takes about 0.5 s.

        Raises:
            FormulaError: nested too deeply for SymPy.
        """
        try:
            return differentiate(self.tree, self.variables)
        except RecursionError:
            raise FormulaError(_TOO_DEEP) from None

    @property
    def _decimals(self) -> bool:
        return "." in self.formula

    def pretty_formula(self) -> str:
        """Return the formula as one writes it by hand, ``x⁴ + y⁴ − 4xy + 1``."""
        return pretty(self.tree)

    def gradient_text(self, plain: bool = True) -> tuple[str, ...]:
        """Return the formula of each partial derivative."""
        return self._written(self.symbolic.gradient, plain)

    def hessian_text(self, plain: bool = True) -> tuple[tuple[str, ...], ...]:
        """Return the formulas of the Hessian's entries, row by row."""
        return tuple(self._written(row, plain) for row in self.symbolic.hessian)

    def unsimplified_text(self) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]] | None:
        """Return gradient and Hessian as the chain rule leaves them, at once and without SymPy; None if very long."""
        written = tape_text(self.hessian)
        if written is None:
            return None
        n = len(self.variables)
        upper = iter(written[n + 1 :])
        entries = {(i, j): next(upper) for i in range(n) for j in range(i, n)}
        return written[1 : n + 1], tuple(tuple(entries[min(i, j), max(i, j)] for j in range(n)) for i in range(n))

    def _written(self, entries: Sequence[Any], plain: bool) -> tuple[str, ...]:
        write = plain_sympy if plain else pretty_sympy
        try:
            return tuple(write(entry, self._decimals) for entry in entries)
        except RecursionError:
            raise FormulaError(_TOO_DEEP) from None
