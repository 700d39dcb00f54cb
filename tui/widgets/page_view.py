"""A widget that shows one page of styled text, drawn by a pure function from frozen data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

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


class Panel(PageView[Data]):
    """A page that can have the focus."""

    can_focus = True
