"""The bar of keys at the bottom; a click on an entry does what its key does."""

from __future__ import annotations

from textual import events
from textual.message import Message

from ..drawing.bars import KeyHint, hint_at, key_bar
from .page_view import PageView


class KeyBar(PageView[tuple[KeyHint, ...]]):
    """Shows the keys that matter now."""

    class Chosen(Message):
        """An entry was clicked."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(key_bar, id=id)

    def on_click(self, event: events.Click) -> None:
        """Tell which entry was clicked."""
        if self._data is None:
            return
        hint = hint_at(self._data, event.x, event.y, self.size.width, self.size.height)
        if hint is not None:
            self.post_message(self.Chosen(hint.action))
