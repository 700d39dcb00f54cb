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

    _left = False

    def action_leave(self) -> None:
        """Leave without a result."""
        self.leave_with(None)

    def leave_with(self, result: Result | None) -> None:
        """Leave with a result, once: keys that were typed ahead still come while the dialog is on its way out."""
        if not self._left:
            self._left = True
            self.dismiss(result)


class Note(Static):
    """A line or more of text that is shown as it is, without markup."""

    def say(self, text: str) -> None:
        """Show another text; it must be safe."""
        self.update(Content(text))
