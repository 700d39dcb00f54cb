"""A list to choose from, filtered as one types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from ..sanitize import safe_text
from .dialog import Dialog, Note


@dataclass(frozen=True)
class Choice:
    """One entry: the name that is returned, a title beside it, and a few lines about it."""

    name: str
    title: str
    detail: str = ""


class Picker(Dialog[str]):
    """Choose one of several names; returns it, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("pagedown", "move(8)", show=False),
        Binding("pageup", "move(-8)", show=False),
    ]

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice],
        current: str = "",
        preview: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__()
        self._heading = title
        self._choices = choices
        self._current = current
        self._preview = preview
        self._shown: list[Choice] = []

    def compose(self) -> ComposeResult:
        """Lay out the filter, the list and the detail."""
        with Vertical(id="dialog") as box:
            box.border_title = self._heading
            box.border_subtitle = "enter choose   escape leave"
            yield Input(placeholder="type to filter", id="filter")
            yield OptionList(id="list")
            yield Note(id="detail", classes="muted")

    def on_mount(self) -> None:
        """Fill the list, the current choice highlighted."""
        self.query_one(OptionList).can_focus = False
        self._fill("")
        names = [choice.name for choice in self._shown]
        if self._current in names:
            self.query_one(OptionList).highlighted = names.index(self._current)

    def _fill(self, words: str) -> None:
        wanted = words.lower().split()
        self._shown = [
            choice
            for choice in self._choices
            if all(word in f"{choice.name} {choice.title}".lower() for word in wanted)
        ]
        self._shown.sort(key=lambda choice: _distance(choice, words.lower().strip()))
        # The names and titles of a user's own themes are foreign text.
        width = max((cell_len(safe_text(choice.name, 40)) for choice in self._choices), default=0)
        mark = self.words("›")
        options = self.query_one(OptionList)
        options.clear_options()
        for choice in self._shown:
            name = set_cell_size(safe_text(choice.name, 40), width)
            before = mark if choice.name == self._current else " "
            title = self.words(safe_text(choice.title, 80))
            options.add_option(Option(Content.assemble((f"{before} {name}  ", "bold"), (title, "$text-muted"))))
        if self._shown:
            options.highlighted = 0
        else:
            self.query_one(Note).say("nothing matches; escape leaves")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter the list."""
        self._fill(event.value)

    def on_input_submitted(self) -> None:
        """Choose what is highlighted."""
        chosen = self._highlighted()
        if chosen is not None:
            self.leave_with(chosen.name)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Choose what was clicked."""
        self.leave_with(self._shown[event.option_index].name)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show what the highlighted entry is about."""
        if event.option_index < len(self._shown):
            choice = self._shown[event.option_index]
            self.query_one(Note).say(self.words(choice.detail))
            if self._preview is not None:
                self._preview(choice.name)

    def _highlighted(self) -> Choice | None:
        at = self.query_one(OptionList).highlighted
        return self._shown[at] if at is not None and at < len(self._shown) else None

    def action_move(self, by: int) -> None:
        """Move the highlight."""
        options = self.query_one(OptionList)
        if self._shown:
            at = (options.highlighted or 0) + by
            options.highlighted = max(0, min(len(self._shown) - 1, at))


def _distance(choice: Choice, words: str) -> int:
    """How far a choice is from what is typed: a name that begins so comes first, then one that has it."""
    if not words or choice.name.startswith(words):
        return 0
    return 1 if words in choice.name else 2
