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
            self.show_cells(self.page(*wanted))

    def page(self, data: Data, width: int, height: int, look: Look) -> Cells:
        """Draw the data."""
        return self._draw(data, width, height, look)


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
    _tall: tuple[tuple[Data, int, Look], Cells, int] | None = None

    def show(self, data: Data, about: object = None) -> None:
        """Show new data, ``about`` a thing: another one, and the height is found anew."""
        if about != self._about:
            self._about, self._needed = about, 0
            self._data = data
            self.refresh(layout=True)
        elif self._may_grow and self._whole(data, self.content_size.width, self.look)[1] > self._needed:
            self._data = data
            self.refresh(layout=True)
        super().show(data)

    @property
    def _may_grow(self) -> bool:
        """Whether it is as high as it asked to be: one that has less already can't get more."""
        return self.styles.is_auto_height and self.content_size.height >= self._needed

    def page(self, data: Data, width: int, height: int, look: Look) -> Cells:
        """Draw the data; where there is room for all, that was drawn already to see how much it takes."""
        if self._may_grow and height <= TALL:
            cells, rows = self._whole(data, width, look)
            if rows <= height:
                return cells.upper(height)
        return super().page(data, width, height, look)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the rows that the data needs, or needed before."""
        if self._data is not None:
            self._needed = max(self._needed, self._whole(self._data, width, self.look)[1])
        return self._needed

    def _whole(self, data: Data, width: int, look: Look) -> tuple[Cells, int]:
        """All that the page has, and the rows that it takes."""
        asked = (data, width, look)
        if self._tall is None or self._tall[0] != asked:
            cells = self._draw(data, max(0, width), TALL, look)
            filled = np.flatnonzero((cells.chars != " ").any(axis=1))
            self._tall = asked, cells, int(filled[-1]) + 1 if len(filled) else 0
        return self._tall[1:]
