"""The panel of cross-sections, drawn as the point moves."""

from __future__ import annotations

from ..drawing.cells import Cells
from ..drawing.sections_page import SectionsData, sections_page
from .drafted_view import DraftedView, Order


class SectionsView(DraftedView[SectionsData, Cells]):
    """Shows the surface along the lines that matter at a point."""

    can_focus = True
    pause = 0.1

    def on_mount(self) -> None:
        """Name the panel."""
        self.border_title = "cross-sections"

    def draft(self, order: Order[SectionsData]) -> Cells:
        """Draw the curves, in the drawing thread."""
        return sections_page(*order)

    def receive(self, order: Order[SectionsData], draft: Cells) -> None:
        """Show the drawn curves."""
        self.show_cells(draft)
