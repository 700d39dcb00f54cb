"""A widget that shows cells, and repaints only those that changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import numpy as np
from rich.style import Style
from textual.filter import ANSIToTruecolor, LineFilter
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from ..drawing.cells import Cells, row_strip
from ..drawing.look import Look

if TYPE_CHECKING:
    from ..app import CurvtuiApp


class CellsView(Widget):
    """Shows a rectangle of cells in its content area; over SSH only changed cells are sent.

    What is to be drawn is set by a subclass's ``show``; a new size or look calls :meth:`redraw`.
    """

    class Appeared(Message):
        """There is a place for it again, and what it shows is outdated."""

    outdated = False
    """Whether it was not shown what is new, being out of sight."""

    _cells: Cells | None = None
    _strips: list[Strip | None]
    _painting = False
    _in_sight = False
    _own_style: Style | None = None

    @property
    def look(self) -> Look:
        """The app's theme, glyphs and colour depth."""
        return cast("CurvtuiApp", self.app).look

    @property
    def room(self) -> tuple[int, int]:
        """The content area's columns and rows; (0, 0) before the first layout."""
        return self.content_size.width, self.content_size.height

    @property
    def in_sight(self) -> bool:
        """Whether the last layout had a place for it: a page behind another tab has none."""
        return self._in_sight

    def on_show(self) -> None:
        """Note that there is a place for it; what it has not been told meanwhile is asked for."""
        self._in_sight = True
        if self.outdated:
            self.post_message(self.Appeared())

    def on_hide(self) -> None:
        """Note that there is none."""
        self._in_sight = False

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Leave out what makes true colours of a terminal's own: cells have colours that the terminal can show."""
        return [each for each in super().get_line_filters() if not isinstance(each, ANSIToTruecolor)]

    def redraw(self) -> None:
        """Draw again, for a new size or look; to be overridden."""

    def on_resize(self) -> None:
        """Draw again for the new size."""
        self.redraw()

    def notify_style_update(self) -> None:
        """Forget cached strips when colours change."""
        super().notify_style_update()
        self._own_style = None
        self._strips = [None] * (0 if self._cells is None else self._cells.height)

    def show_cells(self, cells: Cells) -> None:
        """Show these cells; those that differ from what is shown are repainted."""
        before, self._cells = self._cells, cells
        if before is None or before.chars.shape != cells.chars.shape:
            self._strips = [None] * cells.height
            if not self._painting:
                self.refresh()
            return
        changed = (
            (before.chars != cells.chars)
            | (before.fg != cells.fg)
            | (before.bg != cells.bg)
            | (before.bold != cells.bold)
        )
        rows = np.flatnonzero(changed.any(axis=1))
        if not len(rows):
            return
        for row in rows.tolist():
            self._strips[row] = None
        self.refresh(*(region for row in rows.tolist() for region in _spans(changed[row], row)))

    def render_line(self, y: int) -> Strip:
        """Return one row; it may be asked for before there is anything to show."""
        if self._cells is None and not self._painting:
            # The very first paint comes before the resize message; drawing now saves the terminal an empty one.
            self._painting = True
            self.redraw()
            self._painting = False
        cells = self._cells
        if cells is None or y >= cells.height:
            return Strip.blank(self.content_size.width, self.rich_style)
        strip = self._strips[y]
        if strip is None:
            # Cells without a colour of their own get the widget's, not the terminal's.
            if self._own_style is None:
                # Put together from all ancestors' styles, which takes longer than the row itself.
                self._own_style = self.rich_style
            strip = self._strips[y] = row_strip(cells, y, self.look.depth).apply_style(self._own_style)
        return strip


_GAP = 8
"""Changed cells this near are sent together: moving the terminal's cursor costs about as much."""


def _spans(changed: np.ndarray[tuple[int], np.dtype[np.bool_]], row: int) -> list[Region]:
    """The changed cells of a row as few regions."""
    columns = np.flatnonzero(changed)
    breaks = np.flatnonzero(np.diff(columns) > _GAP)
    starts = [columns[0], *columns[breaks + 1]]
    ends = [*columns[breaks], columns[-1]]
    return [Region(int(a), row, int(b) - int(a) + 1, 1) for a, b in zip(starts, ends, strict=True)]
