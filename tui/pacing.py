"""How often what takes many bytes is sent anew while a run plays: as often as the wire can take."""

from __future__ import annotations

import math

RATE = 10_000
"""Bytes a second that a run that plays may send in all, about: what a slow SSH connection takes."""

SOONEST, LATEST = 0.2, 1.5
"""Seconds within which it is never, and after which it is always sent anew."""


class Pacing:
    """Says when it is time again; ``sent`` is a count of all bytes so far, ``now`` a clock in seconds."""

    def __init__(self) -> None:
        self._at = -math.inf
        self._sent = 0

    def is_time(self, sent: int, now: float) -> bool:
        """Return whether what was sent since the last time has had its time on the wire."""
        passed = now - self._at
        return passed >= LATEST or (passed >= SOONEST and sent - self._sent <= RATE * passed)

    def begin(self, sent: int, now: float) -> None:
        """Note that it is sent anew now."""
        self._at, self._sent = now, sent
