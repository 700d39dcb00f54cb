"""How every scroll bar is drawn: in whole cells, without the eighths of a block that not every font has."""

from __future__ import annotations

from typing import ClassVar

from textual.scrollbar import ScrollBarRender


class PlainBar(ScrollBarRender):
    """A bar of blanks, the thumb in reverse: ASCII, and to be seen without colour."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "]
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "]
