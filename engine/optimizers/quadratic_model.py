"""The local quadratic model in the Hessian's eigenbasis: its minimizers, and how well it predicted f."""

from typing import NamedTuple

import numpy as np

from ..arrays import Array, Mask
from .linear_algebra import eigen
from .oracle import Oracle, norm

_EPS = float(np.finfo(np.float64).eps)
_MOST = 100
_NONE = 1e-290


class Model(NamedTuple):
    """m(p) = ∇f·p + ½pᵀHp: the gradient's parts along the eigenvectors, and the spectrum, ascending."""

    parts: Array
    eigenvalues: Array
    eigenvectors: Array

    def vector(self, lengths: Array) -> Array:
        """Return the vector with these components along the eigenvectors, ``(..., n)``."""
        vector: Array = np.einsum("...ij,...j->...i", self.eigenvectors, lengths)
        return vector

    def reduction(self, lengths: Array) -> Array:
        """Return −m(p) for p with these components, ``(..., 1)``."""
        change: Array = np.sum(lengths * (self.parts + 0.5 * self.eigenvalues * lengths), axis=-1, keepdims=True)
        return 0.0 - change


def model_at(oracle: Oracle, x: Array) -> Model:
    """Return the model of f at points ``(..., n)``, from a gradient and a Hessian."""
    gradient = oracle.gradient(x)
    eigenvalues, eigenvectors = eigen(oracle.hessian(x))
    return Model(np.einsum("...ij,...i->...j", eigenvectors, gradient), eigenvalues, eigenvectors)


def quotient(parts: Array, divisors: Array) -> Array:
    """Return parts / divisors, zero where the part is zero whatever it is divided by."""
    return np.where(parts == 0.0, 0.0, parts / divisors)


class Minimizer(NamedTuple):
    """Components of the minimizing step along the eigenvectors, its multiplier μ, and the hard case.

    (H + μI)p = −g with H + μI positive semidefinite; ``hard`` where a part along the lowest curvature
    was added to reach the border. ``multiplier`` and ``hard`` are ``(..., 1)``.
    """

    lengths: Array
    multiplier: Array
    hard: Mask


def within(model: Model, radius: Array) -> Minimizer:
    """Return the exact minimizer of the model in the ball ‖p‖ ≤ radius ``(..., 1)``.

    Nocedal and Wright (2006), section 4.3, in the eigenbasis. The unknown is σ = μ + λ_min rather than
    μ: near the hard case the root lies so close to −λ_min that the sum would lose it to rounding. The
    secular equation 1/‖p‖ = 1/radius is solved by Newton's method, kept inside a bracket.
    """
    scale = np.maximum(norm(model.parts), np.max(np.abs(model.eigenvalues), axis=-1, keepdims=True))
    scale = np.where(scale > 0.0, scale, 1.0)
    parts, eigenvalues = model.parts / scale, model.eigenvalues / scale
    # A part so small that a quotient of it loses digits is as good as none.
    parts = np.where(np.abs(parts) < _NONE, 0.0, parts)
    lowest = eigenvalues[..., :1]
    gaps = eigenvalues - lowest
    floor = np.maximum(0.0, lowest)
    inside = norm(quotient(parts, gaps + floor)) <= radius
    low = np.maximum(floor, norm(np.where(gaps == 0.0, parts, 0.0)) / radius)
    high = np.maximum(low, norm(parts) / radius)
    sigma = low
    settled = np.zeros_like(inside)
    for _ in range(_MOST):
        lengths = quotient(parts, gaps + sigma)
        length = norm(lengths)
        low = np.where(length > radius, sigma, low)
        high = np.where(length > radius, high, sigma)
        slope = np.sum(lengths * quotient(lengths, gaps + sigma), axis=-1, keepdims=True)
        newton = sigma + (length - radius) / radius * (length * length) / slope
        usable = (newton >= low) & (newton <= high)
        following = np.where(usable, newton, 0.5 * (low + high))
        done = settled | inside | ~(np.abs(following - sigma) > 2.0 * _EPS * sigma)
        # What has settled rests, so that a particle's path does not depend on the batch that it is in.
        sigma = np.where(inside, floor, np.where(settled, sigma, following))
        settled = done
        if np.all(settled):
            break
    lengths = -quotient(parts, gaps + sigma)
    hard = inside & (lowest < -_EPS)
    rest = np.sqrt(np.maximum(0.0, radius - norm(lengths)) * (radius + norm(lengths)))
    first = np.zeros_like(parts)
    first[..., 0] = _sign(model.eigenvectors[..., :, 0])
    lengths = np.where(hard, lengths + rest * first, lengths)
    return Minimizer(lengths, (sigma - lowest) * scale, hard)


def _sign(vector: Array) -> Array:
    """±1 that makes the largest component positive: both ways are equally good, one must be chosen."""
    largest = np.take_along_axis(vector, np.argmax(np.abs(vector), axis=-1)[..., None], axis=-1)[..., 0]
    return np.where(largest < 0.0, -1.0, 1.0)


def gain(predicted: Array, actual: Array, value: Array) -> Array:
    """Return actual over predicted reduction, ``(..., 1)``; −inf where f or the model is not finite.

    Where both are within rounding of f they say nothing, and the model is trusted: 1 (Conn, Gould and
    Toint, 2000, section 17.4.2).
    """
    rounding = 10.0 * _EPS * np.abs(value)
    trusted = (np.abs(predicted) <= rounding) & (np.abs(actual) <= rounding)
    ratio = np.where(trusted, 1.0, actual / predicted)
    return np.where(np.isfinite(actual) & np.isfinite(ratio) & (trusted | (predicted > 0.0)), ratio, -np.inf)
