"""Stopping within a step: a surface that asks, whenever it is asked, whether the work is still wanted."""

from collections.abc import Callable, Sequence
from typing import Any

from ...arrays import Array
from ...optimizers.oracle import Landscape


class NotWanted(Exception):  # noqa: N818 - no error: the reader has gone
    """Raised out of a step when nobody waits for the answer any more."""


class Polled:
    """A surface with a question before every answer; a step of a search may take a hundred of them."""

    def __init__(self, surface: Landscape, cancelled: Callable[[], bool]) -> None:
        self._surface = surface
        self._cancelled = cancelled

    @property
    def box(self) -> tuple[tuple[float, float], ...]:
        """The surface's box."""
        return self._surface.box

    def value(self, x: Array) -> Array:
        """Return f, ``(..., n) -> (...)``."""
        self._poll()
        return self._surface.value(x)

    def gradient(self, x: Array) -> Array:
        """Return ∇f, ``(..., n) -> (..., n)``."""
        self._poll()
        return self._surface.gradient(x)

    def hessian(self, x: Array) -> Array:
        """Return H, ``(..., n) -> (..., n, n)``."""
        self._poll()
        return self._surface.hessian(x)

    def value_at(self, x: Sequence[float]) -> float:
        """Return f at one point."""
        return self._surface.value_at(x)

    def gradient_at(self, x: Sequence[float]) -> tuple[float, ...]:
        """Return ∇f at one point."""
        return self._surface.gradient_at(x)

    def hessian_at(self, x: Sequence[float]) -> tuple[tuple[float, ...], ...]:
        """Return H at one point."""
        return self._surface.hessian_at(x)

    def __getattr__(self, name: str) -> Any:
        # Residuals and the surface's own Hessian-vector product, where it has them.
        return getattr(self._surface, name)

    def _poll(self) -> None:
        if self._cancelled():
            raise NotWanted
