"""What all dialogs have in common: a titled box over the explorer that escape leaves."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

Result = TypeVar("Result")


class Dialog(ModalScreen[Result | None]):
    """A dialog; escape leaves it with None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "leave", show=False),
    ]

    def action_leave(self) -> None:
        """Leave without a result."""
        self.dismiss(None)


class Note(Static):
    """A line or more of text that is shown as it is, without markup."""

    def say(self, text: str) -> None:
        """Show another text; it must be safe."""
        self.update(Content(text))
