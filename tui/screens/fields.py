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

from ..drawing.schedule_page import ScheduleData, schedule_page
from ..sanitize import safe_text
from ..widgets.page_view import PageView
from .dialog import Dialog, Note


@dataclass(frozen=True)
class Field:
    """One field: its name, its value as text, and a line of help."""

    name: str
    value: str
    help: str = ""


class Fields(Dialog[Mapping[str, str]]):
    """Edit values; what is refused is said while typing, and nothing is applied until enter.

    ``check`` raises ValueError for values that are not allowed. ``picture`` gives what the values would look
    like, None for nothing to see. Returns the fields that were changed.
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
        picture: Callable[[Mapping[str, str]], ScheduleData | None] | None = None,
    ) -> None:
        super().__init__()
        self._heading = title
        self.fields = fields
        self._check = check
        self._picture = picture

    def compose(self) -> ComposeResult:
        """Lay out a row for each field, help and error below."""
        with Vertical(id="dialog") as box:
            box.border_title = self._heading
            box.border_subtitle = self.words("enter apply   ↑↓ fields   escape leave")
            with VerticalScroll(id="fields", can_focus=False):
                for field in self.fields:
                    with Horizontal(classes="field"):
                        yield Note(field.name, classes="label", markup=False)
                        yield Input(field.value, id=f"field-{field.name}", select_on_focus=True)
            if self._picture is not None:
                yield PageView[ScheduleData](schedule_page, id="picture")
            yield Note(id="help", classes="muted", markup=False)
            yield Note(id="error", classes="error", markup=False)

    def _changed(self) -> dict[str, str]:
        values = {field.name: self.query_one(f"#field-{field.name}", Input).value for field in self.fields}
        return {field.name: values[field.name] for field in self.fields if values[field.name] != field.value}

    def _complaint(self) -> str:
        try:
            self._check(self._changed())
        except ValueError as error:
            return safe_text(str(error))
        return ""

    def on_mount(self) -> None:
        """Show what the values look like."""
        self._show_picture()

    def _show_picture(self) -> None:
        """Draw the values while they are allowed; else what was drawn last stays."""
        if self._picture is None:
            return
        view = self.query_one("#picture", PageView)
        try:
            data = self._picture(self._changed())
        except ValueError:
            return
        view.display = data is not None
        if data is not None:
            view.show(data)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Show the help of the field that is being edited."""
        for field in self.fields:
            if event.widget.id == f"field-{field.name}":
                self.query_one("#help", Note).say(self.words(field.help))

    def on_input_changed(self) -> None:
        """Say at once what is wrong."""
        self.query_one("#error", Note).say(self._complaint())
        self._show_picture()

    def on_input_submitted(self) -> None:
        """Apply, if nothing is wrong."""
        complaint = self._complaint()
        if complaint:
            self.query_one("#error", Note).say(complaint)
            self.app.bell()
        else:
            self.leave_with(self._changed())
