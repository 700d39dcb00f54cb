"""The oracle: what an optimizer may ask of a surface, with every call counted and every modifier applied."""

import math
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np

from ..arrays import FEW, Array, last_max, last_sum
from .hyperparameter import Hyperparameter
from .randomness import CounterStream, SharedStream

NOISE = Hyperparameter(
    "noise", 0.0, low=0.0, scale="log", help="standard deviation of the Gaussian noise on every gradient"
)
CLIP = Hyperparameter(
    "clip", 1.0, low=0.0, low_open=True, scale="log", help="largest gradient norm; longer ones are shortened"
)
CLIP_VALUE = Hyperparameter(
    "clip_value", 1.0, low=0.0, low_open=True, scale="log", help="largest gradient component; larger ones are cut"
)
SEED = Hyperparameter(
    "seed", 0.0, low=0.0, high=2.0**53, kind="int", help="number that all randomness of the run follows from"
)


class Landscape(Protocol):
    """The part of a surface that descents need; see `Surface` for shapes."""

    @property
    def box(self) -> tuple[tuple[float, float], ...]:
        """The viewed region, (low, high) a variable: the scale that distances are judged by."""

    def value(self, x: Array) -> Array:
        """Return f, ``(..., n) -> (...)``."""

    def gradient(self, x: Array) -> Array:
        """Return ∇f, ``(..., n) -> (..., n)``."""

    def hessian(self, x: Array) -> Array:
        """Return H, ``(..., n) -> (..., n, n)``."""

    def value_at(self, x: Sequence[float]) -> float:
        """Return f at one point."""

    def gradient_at(self, x: Sequence[float]) -> tuple[float, ...]:
        """Return ∇f at one point."""

    def hessian_at(self, x: Sequence[float]) -> tuple[tuple[float, ...], ...]:
        """Return H at one point."""


class Evaluations(NamedTuple):
    """How often each quantity was asked for; in a batch, how often for each particle."""

    value: int = 0
    gradient: int = 0
    hessian: int = 0
    hessian_vector: int = 0


class Call(NamedTuple):
    """One answered question, for a panel that takes a step apart."""

    kind: Literal["value", "gradient", "hessian", "hessian_vector"]
    x: Array
    answer: Any


class Oracle:
    """Answers an optimizer's questions about a surface at points ``(..., n)``.

    Gradients get Gaussian noise of standard deviation ``noise`` in every component first; then components
    are cut to ±``clip_value`` (torch's clip_grad_value_), and the whole is shortened to the norm ``clip``
    (exactly: g·clip/‖g‖; torch's clip_grad_norm_ adds 1e-6 to ‖g‖). Values, Hessians and Hessian-vector
    products have neither. ``weight_decay`` λ makes all answers those of f + ½λ‖x‖²; to gradients λx is added
    last, where torch's optimizers add theirs, so that no clipping holds it back. Randomness is a function
    of (seed, step, call within the step, particle): call `begin` before each step. ``particle`` is the number
    of a batch's first; with None all of them draw what particle 0 draws, which is what a `Run` is. With
    ``trace`` a list, every question and answer is appended to it.
    """

    __slots__ = (
        "_call", "_counts", "_known_gradient", "_known_x", "_stream",
        "clip", "clip_value", "noise", "step", "surface", "trace", "weight_decay",
    )  # fmt: skip

    def __init__(
        self,
        surface: Landscape,
        *,
        noise: float = 0.0,
        clip: float | None = None,
        clip_value: float | None = None,
        weight_decay: float = 0.0,
        seed: int = 0,
        particle: int | None = 0,
        trace: list[Call] | None = None,
    ) -> None:
        self.surface = surface
        self.noise = noise
        self.clip = clip
        self.clip_value = clip_value
        self.weight_decay = weight_decay
        self.trace = trace
        self.step = 0
        self._stream = SharedStream(seed) if particle is None else CounterStream(seed, particle)
        self._call = 0
        self._counts = [0, 0, 0, 0]
        self._known_x: Array | None = None
        self._known_gradient: Array | None = None

    @property
    def seed(self) -> int:
        """The seed that all randomness follows from."""
        return self._stream.seed

    @property
    def evaluations(self) -> Evaluations:
        """The calls so far."""
        return Evaluations(*self._counts)

    @evaluations.setter
    def evaluations(self, counts: Evaluations) -> None:
        self._counts = list(counts)

    def begin(self, step: int) -> None:
        """Declare that the step from iterate number ``step`` begins: randomness depends on it."""
        self.step = step
        self._call = 0

    def repeat(self) -> None:
        """Let the next gradient have the noise that this step's first one had.

        Several gradients of one step are then taken of one tilted landscape f + ξᵀx, as those of one
        mini-batch are: differences between them are exact, and a batch draws what lone particles draw.
        """
        self._call = 0

    def know(self, x: Array, gradient: Array) -> None:
        """Pass in an exact gradient that is known already for this very array, to save computing it."""
        self._known_x = x
        self._known_gradient = gradient

    def value(self, x: Array) -> Array:
        """Return f with the penalty, ``(...)``."""
        self._counts[0] += 1
        answer = np.array(self.surface.value_at(x.tolist())) if x.ndim == 1 else self.surface.value(x)
        if self.weight_decay:
            answer = answer + 0.5 * self.weight_decay * np.sum(x * x, axis=-1)
        if self.trace is not None:
            self.trace.append(Call("value", x, answer))
        return answer

    def gradient(self, x: Array) -> Array:
        """Return ∇f with noise, both kinds of clipping and weight decay, ``(..., n)``."""
        self._counts[1] += 1
        answer: Array
        if x is self._known_x and self._known_gradient is not None:
            answer = self._known_gradient
        elif x.ndim == 1:
            answer = np.array(self.surface.gradient_at(x.tolist()))
        else:
            answer = self.surface.gradient(x)
        if self.noise:
            answer = answer + self.noise * self.normal(x.shape)
        if self.clip_value is not None:
            answer = np.minimum(np.maximum(answer, -self.clip_value), self.clip_value)
        if self.clip is not None:
            answer = clipped(answer, self.clip)
        if self.weight_decay:
            answer = answer + self.weight_decay * x
        if self.trace is not None:
            self.trace.append(Call("gradient", x, answer))
        return answer

    def probe(self, point: list[float]) -> tuple[float, list[float]]:
        """Return what `value` and, after `repeat`, `gradient` answer at one point, as plain floats."""
        both = getattr(self.surface, "value_and_gradient_at", None)
        if both is None or self.noise or self._modified:
            x = np.array(point)
            value = float(self.value(x))
            self.repeat()
            return value, self.gradient(x).tolist()
        self._counts[0] += 1
        self._counts[1] += 1
        value, gradient = both(point)
        return value, list(gradient)

    def height(self, point: list[float]) -> float:
        """Return what `value` answers at one point, as a plain float."""
        if self._modified:
            return float(self.value(np.array(point)))
        self._counts[0] += 1
        return self.surface.value_at(point)

    @property
    def _modified(self) -> bool:
        """Whether there is more to an answer, besides noise, than what the surface says."""
        return not (self.clip is None and self.clip_value is None and not self.weight_decay and self.trace is None)

    def hessian(self, x: Array) -> Array:
        """Return H with the penalty on its diagonal, ``(..., n, n)``."""
        self._counts[2] += 1
        answer = np.array(self.surface.hessian_at(x.tolist())) if x.ndim == 1 else self.surface.hessian(x)
        if self.weight_decay:
            answer = answer + self.weight_decay * np.eye(x.shape[-1])
        if self.trace is not None:
            self.trace.append(Call("hessian", x, answer))
        return answer

    def hessian_vector(self, x: Array, vector: Array) -> Array:
        """Return H·vector, ``(..., n)``; a surface with its own ``hessian_vector`` is asked for it."""
        self._counts[3] += 1
        own = getattr(self.surface, "hessian_vector", None)
        answer: Array
        if own is not None:
            answer = own(x, vector)
        else:
            matrix = np.array(self.surface.hessian_at(x.tolist())) if x.ndim == 1 else self.surface.hessian(x)
            answer = last_sum(matrix * vector[..., None, :])[..., 0]
        if self.weight_decay:
            answer = answer + self.weight_decay * vector
        if self.trace is not None:
            self.trace.append(Call("hessian_vector", x, answer))
        return answer

    def least_squares(self, x: Array) -> tuple[Array, Array]:
        """Return ∇f as `gradient` does, and the Jacobian J of the residuals, ``(..., m, n)``.

        For surfaces that are sums of squares f = Σ rᵢ². Both come from one sweep over the residuals,
        which counts as one gradient; noise and clipping act on the gradient alone. Weight decay is a
        square too: it adds the residuals √(λ/2)·x.
        """
        residuals, jacobian = self.surface.residuals_and_jacobian(x)  # type: ignore[attr-defined]
        exact: Array = 2.0 * np.einsum("...mn,...m->...n", jacobian, residuals)
        self.know(x, exact)
        if self.weight_decay:
            rows = math.sqrt(0.5 * self.weight_decay) * np.eye(x.shape[-1])
            jacobian = np.concatenate((jacobian, np.broadcast_to(rows, (*x.shape, x.shape[-1]))), axis=-2)
        return self.gradient(x), jacobian

    def normal(self, shape: tuple[int, ...]) -> Array:
        """Return standard normal variates ``(..., n)`` for this step and call."""
        self._call += 1
        return self._stream.normal(shape, self.step, self._call)

    def rademacher(self, shape: tuple[int, ...]) -> Array:
        """Return random signs ``(..., n)`` for this step and call."""
        self._call += 1
        return self._stream.rademacher(shape, self.step, self._call)

    def uniform(self, shape: tuple[int, ...]) -> Array:
        """Return numbers uniform in [0, 1), ``(..., n)``, for this step and call."""
        self._call += 1
        return self._stream.uniform(shape, self.step, self._call)


def norm(vector: Array) -> Array:
    """Return the Euclidean norm over the last axis, ``(..., 1)``, without overflow or underflow.

    A point's norm has the bits that it has in a batch, which `math.hypot` would not give.
    """
    if vector.ndim == 1 and vector.size < FEW:
        return np.array([_norm_of_one(vector.tolist())])
    largest = last_max(np.abs(vector))
    scale = np.where((largest > 0) & np.isfinite(largest), largest, 1.0)
    return scale * np.sqrt(last_sum((vector / scale) ** 2))


def _norm_of_one(entries: list[float]) -> float:
    largest = max(map(abs, entries))
    scale = largest if 0.0 < largest < math.inf else 1.0
    total = 0.0
    for entry in entries:
        share = entry / scale
        total += share * share
    return scale * math.sqrt(total)


def clipped(gradient: Array, limit: float) -> Array:
    """Return the gradient shortened to norm ``limit`` where it is longer, ``(..., n)``."""
    length = norm(gradient)
    # Divided first: limit/length alone may fall below the smallest normal number.
    return np.where(length > limit, gradient / np.maximum(length, limit) * limit, gradient)
