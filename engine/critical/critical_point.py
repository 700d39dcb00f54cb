"""One critical point and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

from ..arrays import Array
from ..surface.surface import Box

if TYPE_CHECKING:
    # The first map knows kinds of points, and must not wait for how they are decided.
    from .exact import ExactPoint
    from .germ import Germ


class Kind(Enum):
    """Kinds of critical points; each value is the word of the command line's contract."""

    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    SADDLE = "saddle"
    DEGENERATE_MINIMUM = "degenerate minimum"
    DEGENERATE_MAXIMUM = "degenerate maximum"
    DEGENERATE_SADDLE = "degenerate saddle"
    MONKEY_SADDLE = "monkey saddle"
    INFLECTION = "inflection"
    DEGENERATE = "degenerate"

    @property
    def is_minimum(self) -> bool:
        """Whether f is nowhere smaller near the point."""
        return self in (Kind.MINIMUM, Kind.DEGENERATE_MINIMUM)


@dataclass(frozen=True)
class CriticalPoint:
    """A critical point.

    ``eigenvalues`` (n,) of the Hessian ascend, ``eigenvectors`` are rows in their order. ``index`` is the
    Poincaré index, None where unknown. ``certified``: it is proved that the ``enclosure`` holds exactly this
    critical point and that it is of this kind. For a degenerate one ``decided_by`` are the higher-order terms;
    there the proof is of the point and its kind, while that its enclosure (a tiny part of the view) holds no
    other one rests on their isolating it and on the winding number around the enclosure.
    """

    point: tuple[float, ...]
    value: float
    kind: Kind
    eigenvalues: tuple[float, ...]
    eigenvectors: tuple[tuple[float, ...], ...]
    condition_number: float
    index: int | None
    certified: bool
    enclosure: Box
    gradient_norm: float
    is_global_minimum: bool = False
    decided_by: Germ | None = field(default=None, repr=False)
    exact: ExactPoint | None = field(default=None, repr=False)

    @property
    def sentence(self) -> str:
        """Why it is of this kind, in words."""
        if self.decided_by is not None:
            return self.decided_by.sentence
        numbers = ", ".join(f"{value:.4g}" for value in self.eigenvalues)
        if len(self.eigenvalues) == 1:
            sign = "positive" if self.kind is Kind.MINIMUM else "negative"
            return f"{self.kind.value.capitalize()}: zero slope, and the second derivative is {sign} ({numbers})."
        reason = {
            Kind.MINIMUM: "every eigenvalue of the Hessian is positive",
            Kind.MAXIMUM: "every eigenvalue of the Hessian is negative",
            Kind.SADDLE: "the Hessian has eigenvalues of both signs",
        }.get(self.kind, "the signs of the Hessian's eigenvalues could not be proved")
        return f"{self.kind.value.capitalize()}: zero gradient, and {reason} ({numbers})."


def kind_of(dimension: int, negative: int) -> Kind:
    """Return the kind of a point whose Hessian has ``negative`` negative eigenvalues and none that is 0."""
    if negative < 0:
        return Kind.DEGENERATE
    if negative == 0:
        return Kind.MINIMUM
    return Kind.MAXIMUM if negative == dimension else Kind.SADDLE


def condition_numbers(eigenvalues: Array) -> Array:
    """Return max|λ| / min|λ| of (K, n) eigenvalues that are not 0, NaN where all are."""
    sizes = np.abs(eigenvalues)
    largest = np.max(sizes, axis=1)
    with np.errstate(all="ignore"):
        nonzero = np.where(sizes > 1e-10 * largest[:, np.newaxis], sizes, np.inf)
        result: Array = largest / np.min(nonzero, axis=1)
    return np.where(largest > 0.0, result, np.nan)
