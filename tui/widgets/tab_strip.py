"""The strip of tabs; a click on one opens its page."""

from __future__ import annotations

from textual import events
from textual.message import Message

from ..drawing.tabs import TabsData, tab_at, tab_strip
from .page_view import PageView


class TabStrip(PageView[TabsData]):
    """Shows what pages there are, and which is open."""

    class Chosen(Message):
        """A tab was clicked; ``name`` is its page's."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(tab_strip, id=id)

    def on_click(self, event: events.Click) -> None:
        """Tell which tab was clicked."""
        if self._data is None:
            return
        tab = tab_at(self._data, event.x, self.size.width)
        if tab is not None:
            self.post_message(self.Chosen(tab.name))
