"""Counter-based randomness: the same (seed, step, call, particle) gives the same numbers, for ever."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..arrays import Array

_WORDS_A_BLOCK = 4
_UNIT = 2.0**-53


class CounterStream:
    """Random arrays that are a pure function of seed, step, call and particle.

    Raw words of Philox4x64-10 (Salmon et al., 2011) under the key (seed, step) and the counter
    (block, call): the words are part of NumPy's stability promise, its normal variates are not. Every
    particle owns whole blocks, so that particle 7 of a batch draws what a lone run of particle 7 draws.
    """

    __slots__ = ("_generator", "_state", "particle", "seed")

    def __init__(self, seed: int, particle: int = 0) -> None:
        self.seed = seed
        self.particle = particle
        # Made for the first draw: it takes longer than a step, and most descents draw nothing.
        self._generator: np.random.Philox | None = None
        self._state: Any = None

    def normal(self, shape: tuple[int, ...], step: int, call: int) -> Array:
        """Return standard normal variates of shape ``(..., n)``, by the Box–Muller transform (1958)."""
        half = -(-shape[-1] // 2) if shape else 1
        raw = self._words(shape, 2 * half, step, call) >> np.uint64(11)
        # In (0, 1], so that the logarithm is finite.
        radius = np.sqrt(-2.0 * np.log((raw[:, :half] + np.uint64(1)) * _UNIT))
        angle = raw[:, half:] * (2.0 * math.pi * _UNIT)
        pairs = np.concatenate((radius * np.cos(angle), radius * np.sin(angle)), axis=1)
        return pairs[:, : shape[-1] if shape else 1].reshape(shape)

    def rademacher(self, shape: tuple[int, ...], step: int, call: int) -> Array:
        """Return independent signs, −1 or +1 with equal chance, of shape ``(..., n)``."""
        raw = self._words(shape, shape[-1] if shape else 1, step, call)
        return np.where(raw >> np.uint64(63), 1.0, -1.0).reshape(shape)

    def uniform(self, shape: tuple[int, ...], step: int, call: int) -> Array:
        """Return numbers uniform in [0, 1), of shape ``(..., n)``."""
        raw = self._words(shape, shape[-1] if shape else 1, step, call)
        return ((raw >> np.uint64(11)).astype(np.float64) * _UNIT).reshape(shape)

    def _words(self, shape: tuple[int, ...], each: int, step: int, call: int) -> NDArray[np.uint64]:
        particles = math.prod(shape[:-1])
        blocks = -(-each // _WORDS_A_BLOCK)
        if self._generator is None:
            self._generator = np.random.Philox(key=0)
            # NumPy copies this record in: one assignment is seven times faster than a new generator.
            self._state = self._generator.state
        state = self._state
        state["state"]["counter"] = np.array([self.particle * blocks, call, 0, 0], dtype=np.uint64)
        state["state"]["key"] = np.array([self.seed, step], dtype=np.uint64)
        self._generator.state = state
        raw = self._generator.random_raw(particles * blocks * _WORDS_A_BLOCK)
        return raw.reshape(particles, blocks * _WORDS_A_BLOCK)[:, :each]


class SharedStream(CounterStream):
    """The same numbers for all particles: what a lone run draws, every particle of a batch draws.

    Each then goes where a single run from its start goes, whatever its place in the batch is.
    """

    __slots__ = ()

    def normal(self, shape: tuple[int, ...], step: int, call: int) -> Array:
        """Return one point's normal variates, repeated to ``(..., n)``; read-only."""
        return np.broadcast_to(super().normal(shape[-1:], step, call), shape)

    def rademacher(self, shape: tuple[int, ...], step: int, call: int) -> Array:
        """Return one point's random signs, repeated to ``(..., n)``; read-only."""
        return np.broadcast_to(super().rademacher(shape[-1:], step, call), shape)

    def uniform(self, shape: tuple[int, ...], step: int, call: int) -> Array:
        """Return one point's uniform numbers, repeated to ``(..., n)``; read-only."""
        return np.broadcast_to(super().uniform(shape[-1:], step, call), shape)
