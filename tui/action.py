"""What an action is: a name, keys, a help line, a group, and what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from .app import CurvtuiApp

Perform: TypeAlias = "Callable[[CurvtuiApp], object]"


@dataclass(frozen=True)
class Action:
    """One thing that the user can do; ``label`` is its short name in the key bar."""

    name: str
    group: str
    keys: tuple[str, ...]
    help: str
    perform: Perform
    label: str = ""


TIME, PLACE, SURFACE, METHOD, RACE, VIEW, MAP, PROGRAM = (
    "Step through time",
    "Move the cursor and the start",
    "Choose the surface",
    "Choose the optimizer",
    "Race several runs",
    "Move the view and turn the pages",
    "Choose what the map shows",
    "Program",
)
"""The groups of the help, in its order."""


def dialogs() -> ModuleType:
    """Return the dialogs that actions open, imported when the first one is: see :mod:`.asking`."""
    from . import asking

    return asking
