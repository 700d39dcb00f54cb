"""What is said of a run: an enumeration, and a sentence with the numbers."""

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from ..arrays import Array


class Status(Enum):
    """How a run stands; the value is the word in files and on the command line."""

    RUNNING = "running"
    CONVERGED = "converged"
    STALLED = "stalled"
    DIVERGED = "diverged"
    UNDEFINED = "undefined"


class Judgement(NamedTuple):
    """A status and the sentence that says what, where and why."""

    status: Status
    sentence: str


def point_text(x: Sequence[float] | Array) -> str:
    """Return a point as text, four significant digits a coordinate, a long one shortened."""
    numbers = [f"{float(each):.4g}" for each in x]
    return f"({', '.join(numbers if len(numbers) <= 6 else [*numbers[:5], '…'])})"


def steps_text(count: int) -> str:
    """Return ``1 step`` or ``7 steps``."""
    return f"{count} step" if count == 1 else f"{count} steps"
