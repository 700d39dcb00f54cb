"""What the search hands on: certified boxes, and open ones with the reason for each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from .boxes import Boxes


class Reason(Enum):
    """Why a region is left undecided; each value is the word of the command line's contract."""

    DEGENERATE = "degenerate"
    CURVE = "curve"
    NON_SMOOTH = "non-smooth"
    UNDEFINED = "undefined"
    BOUNDARY = "boundary"
    BUDGET = "budget"


@dataclass(frozen=True)
class Found:
    """What the search found, as arrays of boxes (n, 2, N).

    Each of ``certified`` holds exactly one critical point, which lies in the box of ``roots`` of the same
    number; two of them may hold the same one. Every other critical point of the view lies in ``open``, with
    the reason for each box. ``rough`` holds the rest of the boxes where f may be undefined or have a kink: no
    critical point, but f may jump there.
    """

    certified: Boxes
    roots: Boxes
    open: Boxes
    reasons: tuple[Reason, ...]
    rough: Boxes

    def and_then(self, later: Found) -> Found:
        """Return both results together, where ``later`` searched the boxes that were left for want of budget."""
        kept = np.array([reason is not Reason.BUDGET for reason in self.reasons], dtype=np.bool_)
        return Found(
            np.concatenate([self.certified, later.certified], axis=2),
            np.concatenate([self.roots, later.roots], axis=2),
            np.concatenate([self.open[:, :, kept], later.open], axis=2),
            (*(reason for reason in self.reasons if reason is not Reason.BUDGET), *later.reasons),
            np.concatenate([self.rough, later.rough], axis=2),
        )

    @property
    def unfinished(self) -> Boxes:
        """The boxes that were left for want of budget."""
        return self.open[:, :, np.array([reason is Reason.BUDGET for reason in self.reasons], dtype=np.bool_)]
