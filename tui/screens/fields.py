"""Dialogs of labelled fields: settings, a number, a file name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input

from ..sanitize import safe_text
from .dialog import Dialog, Note


@dataclass(frozen=True)
class Field:
    """One field: its name, its value as text, and a line of help."""

    name: str
    value: str
    help: str = ""


class Fields(Dialog[Mapping[str, str]]):
    """Edit values; what is refused is said while typing, and nothing is applied until enter.

    ``check`` raises ValueError for values that are not allowed. Returns the fields that were changed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        check: Callable[[Mapping[str, str]], object],
    ) -> None:
        super().__init__()
        self._heading = title
        self._fields = fields
        self._check = check

    def compose(self) -> ComposeResult:
        """Lay out a row for each field, help and error below."""
        with Vertical(id="dialog") as box:
            box.border_title = self._heading
            box.border_subtitle = "enter apply   ↑↓ fields   escape leave"
            with VerticalScroll(id="fields", can_focus=False):
                for field in self._fields:
                    with Horizontal(classes="field"):
                        yield Note(field.name, classes="label", markup=False)
                        yield Input(field.value, id=f"field-{field.name}", select_on_focus=True)
            yield Note(id="help", classes="muted", markup=False)
            yield Note(id="error", classes="error", markup=False)

    def _changed(self) -> dict[str, str]:
        values = {field.name: self.query_one(f"#field-{field.name}", Input).value for field in self._fields}
        return {field.name: values[field.name] for field in self._fields if values[field.name] != field.value}

    def _complaint(self) -> str:
        try:
            self._check(self._changed())
        except ValueError as error:
            return safe_text(str(error))
        return ""

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Show the help of the field that is being edited."""
        for field in self._fields:
            if event.widget.id == f"field-{field.name}":
                self.query_one("#help", Note).say(field.help)

    def on_input_changed(self) -> None:
        """Say at once what is wrong."""
        self.query_one("#error", Note).say(self._complaint())

    def on_input_submitted(self) -> None:
        """Apply, if nothing is wrong."""
        complaint = self._complaint()
        if complaint:
            self.query_one("#error", Note).say(complaint)
            self.app.bell()
        else:
            self.leave_with(self._changed())
