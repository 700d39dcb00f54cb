"""The command palette: Textual's own, made safe against keys that come too early or too late."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import on
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.widgets import Input, OptionList
from textual.worker import Worker


class Palette(CommandPalette):
    """Find a command by its name; it is left once, and does one command.

    A second enter that comes while it is on its way out would do the command again, and leave a screen that
    is not there any more.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "app.quit", show=False),
        Binding("pagedown", "move(8)", show=False),
        Binding("pageup", "move(-8)", show=False),
    ]

    _left = False

    @on(Input.Changed)
    @on(Input.Submitted)
    def ignore_what_comes_too_late(self, event: Input.Changed | Input.Submitted) -> None:
        """Keep Textual from acting on the input of a palette that is closing."""
        if self._left:
            event.prevent_default()
            event.stop()

    def action_move(self, by: int) -> None:
        """Move the highlight; the list's own paging fails on one that is not laid out yet."""
        options = self.query_one(OptionList)
        if options.option_count:
            options.highlighted = max(0, min(options.option_count - 1, (options.highlighted or 0) + by))

    def run_worker(self, *arguments: Any, **options: Any) -> Worker[Any]:
        """Run Textual's search, which fails on a palette that was closed before it was laid out."""
        return super().run_worker(*arguments, **{**options, "exit_on_error": False})

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Leave, unless that is under way."""
        if self._left:
            return AwaitComplete()
        self._left = True
        return super().dismiss(result)
