"""Whether a costly test is worth its time: after one that was of no use it is left out for a while."""

from __future__ import annotations

from dataclasses import dataclass

_REST = 2
_FEW = 128


@dataclass
class Pace:
    """Follows how often a test decides a box; ``worth`` is the share from which on it pays."""

    worth: float = 0.05
    resting: int = 0

    def due(self, boxes: int) -> bool:
        """Whether to test ``boxes`` boxes now; few of them always are."""
        if boxes <= _FEW or not self.resting:
            return True
        self.resting -= 1
        return False

    def saw(self, boxes: int, decided: int) -> None:
        """Take note of what a test of ``boxes`` boxes has decided."""
        self.resting = _REST if boxes > _FEW and decided < self.worth * boxes else 0
