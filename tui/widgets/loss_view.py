"""The loss panel: the curve of the run, drawn as it grows."""

from __future__ import annotations

from ..drawing.cells import Cells
from ..drawing.loss_page import LossData, loss_page
from .drafted_view import DraftedView, Order


class LossView(DraftedView[LossData, Cells]):
    """Shows the loss over the steps, or the gradient's norm."""

    can_focus = True
    pause = 0.1
    patience = 0.04

    def on_mount(self) -> None:
        """Name the panel."""
        self.border_title = "loss"

    def draft(self, order: Order[LossData]) -> Cells:
        """Draw the curve, in the drawing thread."""
        return loss_page(*order)

    def receive(self, order: Order[LossData], draft: Cells) -> None:
        """Show the drawn curve."""
        self.show_cells(draft)
