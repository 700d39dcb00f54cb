"""A widget that shows one page of styled text, drawn by a pure function from frozen data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

import numpy as np
from textual.geometry import Size

from ..drawing.cells import Cells
from ..drawing.look import Look
from .cells_view import CellsView

Data = TypeVar("Data")


class PageView(CellsView, Generic[Data]):
    """Draws its data at once whenever it, the size or the look has changed."""

    def __init__(
        self, draw: Callable[[Data, int, int, Look], Cells], *, title: str = "", id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._draw = draw
        self._data: Data | None = None
        self._shown: tuple[object, ...] | None = None
        self._heading = title

    def on_mount(self) -> None:
        """Name the panel."""
        self.border_title = self._heading or None

    def show(self, data: Data) -> None:
        """Show new data."""
        self._data = data
        self.redraw()

    def redraw(self) -> None:
        """Draw the data, unless just that is shown already."""
        width, height = self.room
        if self._data is None or width < 1 or height < 1:
            return
        wanted = (self._data, width, height, self.look)
        if wanted != self._shown:
            self._shown = wanted
            self.show_cells(self._draw(*wanted))


TALL = 60
"""Rows in which every page shows all that it has."""


class Panel(PageView[Data]):
    """A page that can have the focus, as high as what it shows where the style sheet says ``height: auto``.

    It gets higher when that is needed, but no lower while it is about the same thing: panels that jump at each
    step would be hard to read, and costly to send.
    """

    can_focus = True
    _about: object = None
    _needed = 0
    _counted: tuple[tuple[Data, int, Look], int] | None = None

    def show(self, data: Data, about: object = None) -> None:
        """Show new data, ``about`` a thing: another one, and the height is found anew."""
        if about != self._about:
            self._about, self._needed = about, 0
            self._data = data
            self.refresh(layout=True)
        super().show(data)
        if self._may_grow and self._rows(data, self.content_size.width) > self._needed:
            self.refresh(layout=True)

    @property
    def _may_grow(self) -> bool:
        """Whether more rows might be of use: it is as high as it asked to be, and the last one is full."""
        full = self._cells is not None and self._cells.height > 0 and bool((self._cells.chars[-1] != " ").any())
        return full and self.styles.is_auto_height and self.content_size.height >= self._needed

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the rows that the data needs, or needed before."""
        if self._data is not None:
            self._needed = max(self._needed, self._rows(self._data, width))
        return self._needed

    def _rows(self, data: Data, width: int) -> int:
        if width < 1:
            return 0
        asked = (data, width, self.look)
        if self._counted is None or self._counted[0] != asked:
            filled = np.flatnonzero((self._draw(data, width, TALL, self.look).chars != " ").any(axis=1))
            self._counted = asked, int(filled[-1]) + 1 if len(filled) else 0
        return self._counted[1]
