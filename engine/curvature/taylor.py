"""The second-order Taylor model of a surface around a point."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ..arrays import Array
from .spectrum import eigenpairs


class Valued(Protocol):
    """Anything with values at points (…, n)."""

    def value(self, x: Array) -> Array:
        """Return the values (…) at points (…, n)."""


class Differentiable(Valued, Protocol):
    """Anything with a value, a gradient and a Hessian at points (…, n)."""

    def gradient(self, x: Array) -> Array:
        """Return the gradients (…, n) at points (…, n)."""

    def hessian(self, x: Array) -> Array:
        """Return the Hessians (…, n, n) at points (…, n)."""


@dataclass(frozen=True, eq=False)
class TaylorModel:
    """The quadratic q(p) = f + ∇f·p + ½ pᵀHp that osculates a surface at ``point``.

    ``point`` and ``gradient`` are (n,), ``hessian`` is (n, n). Steps p are (…, n), measured from the point.
    Non-finite entries give NaN values, no warnings.
    """

    point: Array
    value: float
    gradient: Array
    hessian: Array

    def __call__(self, step: Array) -> Array:
        """Return the model's values (…) after steps (…, n)."""
        p = np.asarray(step, dtype=np.float64)
        with np.errstate(all="ignore"):
            values: Array = self.value + p @ self.gradient + 0.5 * np.sum((p @ self.hessian) * p, axis=-1)
        return values

    def at(self, x: Array) -> Array:
        """Return the model's values (…) at points (…, n)."""
        with np.errstate(all="ignore"):
            return self(np.asarray(x, dtype=np.float64) - self.point)

    def gradient_after(self, step: Array) -> Array:
        """Return the model's gradients ∇f + Hp (…, n) after steps (…, n)."""
        with np.errstate(all="ignore"):
            return self.gradient + np.asarray(step, dtype=np.float64) @ self.hessian

    def eigen_coordinates(self, step: Array) -> Array:
        """Return the coordinates c_k (…, n) of steps along the eigenvectors, smallest eigenvalue first."""
        with np.errstate(all="ignore"):
            return np.asarray(step, dtype=np.float64) @ eigenpairs(self.hessian)[1].T

    def curvature_terms(self, step: Array) -> Array:
        """Return ½ λ_k c_k² (…, n): each eigen-direction's share of the quadratic form ½ pᵀHp."""
        with np.errstate(all="ignore"):
            return 0.5 * eigenpairs(self.hessian)[0] * self.eigen_coordinates(step) ** 2

    def error(self, surface: Valued, step: Array) -> Array:
        """Return f(x + p) − q(p) (…), the part of the change that the model misses."""
        p = np.asarray(step, dtype=np.float64)
        with np.errstate(all="ignore"):
            return np.asarray(surface.value(self.point + p), dtype=np.float64) - self(p)


def taylor_model(surface: Differentiable, point: Array) -> TaylorModel:
    """Return the second-order Taylor model of ``surface`` at ``point`` (n,)."""
    x = np.array(point, dtype=np.float64)
    return TaylorModel(
        point=x,
        value=float(surface.value(x)),
        gradient=np.asarray(surface.gradient(x), dtype=np.float64),
        hessian=np.asarray(surface.hessian(x), dtype=np.float64),
    )
