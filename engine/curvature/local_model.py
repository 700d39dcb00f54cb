"""The second-order model of a surface at a point, as it is drawn: its conic, its axes, and the steps it suggests."""

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np

from ..arrays import Array
from .spectrum import Spectrum, spectrum
from .taylor import Differentiable, TaylorModel, Valued, taylor_model

_CONIC_POINTS = 181
_FARTHEST = 1e300
_HYPERBOLA_REACH = 40.0
"""How many times its longer axis a hyperbola is followed to, at most."""


class StepKind(Enum):
    """A step that the local model suggests; the value is what it is called."""

    NEWTON = "Newton's step"
    GRADIENT = "the gradient's step"
    CAUCHY = "the gradient's best step"
    """To the model's lowest point along −∇f (Cauchy's point): an exact line search on the model."""


@dataclass(frozen=True, eq=False)
class ModelStep:
    """A step (n,) from the model's point, and how well the model foretells f there.

    ``predicted`` is q(p) − q(0), ``actual`` is f(x + p) − f(x) and ``error`` is f(x + p) − q(p).
    """

    kind: StepKind
    displacement: Array
    predicted: float
    actual: float
    error: float

    @property
    def relative_error(self) -> float:
        """The error as a share of the predicted change's size; infinite where none is predicted."""
        if self.predicted == 0:
            return 0.0 if self.error == 0 else math.inf
        return self.error / abs(self.predicted)

    @property
    def ratio(self) -> float:
        """Actual over predicted change: 1 for a perfect model, below 0 where f goes the other way."""
        return self.actual / self.predicted if self.predicted != 0 else math.nan


@dataclass(frozen=True, eq=False)
class LocalModel:
    """The Taylor model at a point, the spectrum of its Hessian, and the steps that exist, Newton's first."""

    model: TaylorModel
    spectrum: Spectrum
    steps: tuple[ModelStep, ...]

    @property
    def defined(self) -> bool:
        """Whether value, gradient, Hessian and its eigenvalues are finite."""
        numbers = (self.model.value, *self.model.gradient.tolist(), *self.spectrum.eigenvalues.tolist())
        return all(map(math.isfinite, numbers))

    def step(self, kind: StepKind) -> ModelStep | None:
        """Return the step of a kind, None where there is none."""
        return next((step for step in self.steps if step.kind is kind), None)


def local_model(surface: Differentiable, point: Array, learning_rate: float | None = None) -> LocalModel:
    """Return the local model of ``surface`` at ``point`` (n,).

    Newton's step exists where the Hessian is regular (no eigenvalue counts as zero): it leads to the model's
    only critical point, whatever its kind. The gradient's step −ηg exists if a ``learning_rate`` η is given,
    its best step where the model curves up along g. A step of zero length is left out.
    """
    model = taylor_model(surface, point)
    found = spectrum(model.hessian)
    candidates = [
        (StepKind.NEWTON, newton_step(model, found)),
        (StepKind.GRADIENT, None if learning_rate is None else _scaled(model.gradient, -learning_rate)),
        (StepKind.CAUCHY, cauchy_step(model)),
    ]
    steps = tuple(
        _judged(surface, model, kind, step)
        for kind, step in candidates
        if step is not None and np.isfinite(step).all() and step.any()
    )
    return LocalModel(model, found, steps)


def newton_step(model: TaylorModel, found: Spectrum) -> Array | None:
    """Return −H⁻¹∇f (n,), the way to the model's critical point; None where the Hessian is singular."""
    if not found.defined or any(found.zero):
        return None
    with np.errstate(all="ignore"):
        step: Array = -((found.eigenvectors @ model.gradient) / found.eigenvalues) @ found.eigenvectors
    return step


def cauchy_step(model: TaylorModel) -> Array | None:
    """Return −t∇f (n,) with the t = gᵀg / gᵀHg at which the model is lowest; None where it has no lowest point."""
    size = float(np.max(np.abs(model.gradient)))
    if not (math.isfinite(size) and size > 0):
        return None
    with np.errstate(all="ignore"):
        g = model.gradient / size
        curvature = float(g @ model.hessian @ g)
        return _scaled(model.gradient, -float(g @ g) / curvature) if curvature > 0 else None


def _scaled(vector: Array, factor: float) -> Array:
    with np.errstate(all="ignore"):
        scaled: Array = factor * vector
    return scaled


def _judged(surface: Valued, model: TaylorModel, kind: StepKind, step: Array) -> ModelStep:
    zero_based = TaylorModel(model.point, 0.0, model.gradient, model.hessian)
    with np.errstate(all="ignore"):
        # Without f's own value, whose size would swallow the digits of a small change.
        predicted = float(zero_based(step))
        actual = float(surface.value(model.point + step)) - model.value
        return ModelStep(kind, step, predicted, actual, actual - predicted)


@dataclass(frozen=True, eq=False)
class Axis:
    """An eigenvector drawn as an axis: ``reach`` (n,) is half of it, its length proportional to 1/√|λ|."""

    eigenvalue: float
    sign: int
    reach: Array


@dataclass(frozen=True, eq=False)
class Conic:
    """Dupin's indicatrix at a point of two variables: where the quadratic form ½pᵀHp is ±``height``.

    ``up`` are the branches (k, 2) on which the form is +height and ``down`` those on which it is −height, as
    displacements from the point: an ellipse where the Hessian is definite, a hyperbola and its conjugate
    where it is indefinite, two parallel lines where one eigenvalue counts as zero, and nothing where both do.
    """

    kind: str
    height: float
    up: tuple[Array, ...]
    down: tuple[Array, ...]


def curvature_axes(found: Spectrum, height: float, longest: float, unit: Array | None = None) -> tuple[Axis, ...]:
    """Return the Hessian's axes, √(2·height/|λ|) long each way, flat ones and long ones cut at ``longest``.

    So long does one walk along an eigenvector until the form ½pᵀHp has changed by ``height``: the axes are
    the semi-axes of :func:`indicatrix`. ``longest`` is measured in ``unit`` (n,), the lengths of the world
    that look equally long on a screen.
    """
    return tuple(
        Axis(float(value), sign, _radius(float(value), sign, height, longest / _length(vector, unit)) * vector)
        for value, sign, vector in zip(found.eigenvalues, found.signs, found.eigenvectors, strict=False)
    )


def indicatrix_height(found: Spectrum, radius: float, unit: Array | None = None) -> float:
    """Return the height at which the longest axis of the indicatrix is ``radius`` long; 0 where all is flat.

    ``unit`` (n,) is what the radius is measured in along each variable.
    """
    lengths = [
        _length(vector, unit) / math.sqrt(abs(float(value)))
        for value, sign, vector in zip(found.eigenvalues, found.signs, found.eigenvectors, strict=False)
        if sign
    ]
    scale = radius / max(lengths) if lengths else 0.0
    return 0.5 * scale * scale


def indicatrix(found: Spectrum, height: float, longest: float, unit: Array | None = None) -> Conic:
    """Return Dupin's indicatrix of a 2 × 2 Hessian at ``height`` (> 0), followed to about ``longest`` from the point.

    Sampled from its own parameters, cosine and sine or their hyperbolic sisters, so that each point lies on
    it to rounding. ``longest`` is measured in ``unit`` (2,).
    """
    signs = found.signs
    if len(signs) != 2 or not any(signs) or not 0 < height < math.inf:
        return Conic("flat", height, (), ())
    first, second = (
        _radius(float(value), sign, height, _FARTHEST if sign else longest / _length(vector, unit)) * vector
        for value, sign, vector in zip(found.eigenvalues, signs, found.eigenvectors, strict=True)
    )
    if 0 in signs:
        curved, flat = (first, second) if signs[0] else (second, first)
        lines = tuple(np.stack((side * curved - flat, side * curved + flat)) for side in (1.0, -1.0))
        return Conic("two lines", height, lines, ()) if sum(signs) > 0 else Conic("two lines", height, (), lines)
    if signs[0] == signs[1]:
        angles = np.linspace(0.0, 2.0 * math.pi, _CONIC_POINTS)[:, np.newaxis]
        ring = np.cos(angles) * first + np.sin(angles) * second
        return Conic("ellipse", height, (ring,), ()) if signs[0] > 0 else Conic("ellipse", height, (), (ring,))
    reach = min(_HYPERBOLA_REACH, longest / max(_length(first, unit), _length(second, unit)))
    along = np.linspace(-1.0, 1.0, _CONIC_POINTS)[:, np.newaxis] * math.acosh(max(reach, 1.5))
    up = tuple(side * np.cosh(along) * second + np.sinh(along) * first for side in (1.0, -1.0))
    down = tuple(side * np.cosh(along) * first + np.sinh(along) * second for side in (1.0, -1.0))
    return Conic("hyperbola", height, up, down)


def _length(vector: Array, unit: Array | None) -> float:
    return math.hypot(*(vector if unit is None else vector / unit).tolist())


def _radius(eigenvalue: float, sign: int, height: float, longest: float) -> float:
    return min(math.sqrt(2.0 * height / abs(eigenvalue)), longest) if sign else longest


def curve_radius(model: TaylorModel) -> float:
    """Return the radius of the osculating circle of a curve y = f(x), (1 + f′²)^(3/2) / |f″|; ∞ for a line."""
    slope, bend = float(model.gradient[0]), abs(float(model.hessian[0, 0]))
    if bend == 0:
        return math.inf
    with np.errstate(all="ignore"):
        return float(np.power(np.hypot(1.0, slope), 3.0) / bend)
