"""What all dialogs have in common: a titled box over the explorer that escape leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from ..drawing.numbers import plain_text

if TYPE_CHECKING:
    from ..app import CurvtuiApp

Result = TypeVar("Result")


class Dialog(ModalScreen[Result | None]):
    """A dialog; escape leaves it with None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "leave", show=False),
    ]

    _left = False

    def words(self, text: str) -> str:
        """Return a text of ours as this terminal can show it: in ASCII where that is all there is."""
        return text if cast("CurvtuiApp", self.app).look.glyphs.superscripts else plain_text(text)

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
