"""The map panel: the base picture, and over it the path, the marked points and the cursor."""

from __future__ import annotations

from textual import events
from textual.message import Message

from ..drawing.drawn import draw_picture
from ..drawing.numbers import roundest, typeset
from ..drawing.overlay import Marks, lay_over
from ..drawing.picture import Picture, Scene
from ..drawing.relief import Relief
from ..drawing.relief_marks import lay_over_relief
from .drafted_view import DraftedView, Order


class MapView(DraftedView[Scene, Picture]):
    """Shows a scene with marks over it; a click or the mouse wheel is told to the app."""

    can_focus = True

    class Pointed(Message):
        """A point of the plane was clicked: its two coordinates."""

        def __init__(self, x: float, y: float) -> None:
            super().__init__()
            self.x = x
            self.y = y

    class Scrolled(Message):
        """The wheel was turned over a point of the plane; ``closer`` away from the user."""

        def __init__(self, x: float, y: float, closer: bool) -> None:
            super().__init__()
            self.x = x
            self.y = y
            self.closer = closer

    class Drawn(Message):
        """A picture is on the screen; its levels and its plot area are known now."""

    picture: Picture | None = None
    _picture_of: Order[Scene] | None = None
    _marks: Marks | None = None
    _laid: tuple[Picture, Marks] | None = None
    _heading = ""

    def name_it(self, title: str, *, chosen: bool) -> None:
        """Say in the border what the map shows, and whether it is the one that keys change."""
        glyphs = self.look.glyphs
        name = typeset(title, glyphs)
        heading = f"{glyphs.chosen} {name}" if chosen else name
        if heading != self._heading:
            # Setting a title repaints the whole widget, even where it is the same.
            self._heading = self.border_title = heading
        self.set_class(chosen, "-chosen")

    def show_marks(self, marks: Marks) -> None:
        """Lay these marks over the picture."""
        self._marks = marks
        self._lay()

    def redraw(self) -> None:
        """Order a picture; where none of this surface and size is there, bands without lines come at once."""
        super().redraw()
        order, before = self._ordered, self._picture_of
        if order is None:
            return
        fits = (
            before is not None
            and before.data.surface == order.data.surface
            and (before.width, before.height, before.look) == (order.width, order.height, order.look)
        )
        if not fits:
            self.receive(order, draw_picture(*order, complete=False))

    def draft(self, order: Order[Scene]) -> Picture:
        """Draw the whole picture, in the drawing thread."""
        return draw_picture(*order)

    def receive(self, order: Order[Scene], draft: Picture) -> None:
        """Show a picture with the marks over it; a late one of another surface is dropped."""
        if self._ordered is None or order.data.surface != self._ordered.data.surface:
            return
        before, self.picture, self._picture_of = self.picture, draft, order
        self._lay()
        if before is None or (before.levels, before.viewport) != (draft.levels, draft.viewport):
            # Drawn while it is being painted, it would count as sent by the screen, and go no further up than that.
            self.post_message(self.Drawn().set_sender(self))

    def _lay(self) -> None:
        picture, marks = self.picture, self._marks
        if picture is None or marks is None or self._laid == (picture, marks):
            return
        self._laid = (picture, marks)
        if isinstance(picture, Relief):
            self.show_cells(lay_over_relief(picture, marks, self.look))
        else:
            self.show_cells(lay_over(picture, marks, self.look))

    def point_at(self, column: int, row: int) -> tuple[float, float] | None:
        """Return the roundest point in a cell of the panel's content, None outside the plot area."""
        picture = self.picture
        if picture is None:
            return None
        view = picture.viewport
        column, row = column - picture.left, row - picture.top
        if isinstance(picture, Relief):
            return picture.point_at(column, row)
        if not (0 <= column < view.columns and 0 <= row < view.rows):
            return None
        wide, high = view.width / view.columns, view.height / view.rows
        x, y = view.centre(column, row)
        # Well inside the cell: a point on its edge would belong to the next one, and the cursor would not move.
        return (
            roundest(x - 0.48 * wide, x + 0.48 * wide),
            roundest(y - 0.48 * high, y + 0.48 * high),
        )

    def neighbour(self, point: tuple[float, float], right: int, up: int) -> tuple[float, float]:
        """Return the roundest point some cells to the right of and above a point, kept in the view."""
        picture = self.picture
        if picture is None:
            return point
        view = picture.viewport
        column, row = float(view.column_positions(point[0])), float(view.row_positions(point[1]))  # type: ignore[arg-type]
        at = (
            max(0, min(view.columns - 1, _whole(column) + right)),
            max(0, min(view.rows - 1, _whole(row) - up)),
        )
        return self.point_at(at[0] + picture.left, at[1] + picture.top) or point

    def on_click(self, event: events.Click) -> None:
        """Tell which point was clicked."""
        offset = event.get_content_offset(self)
        if offset is not None and (point := self.point_at(offset.x, offset.y)) is not None:
            self.post_message(self.Pointed(*point))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Zoom in on the point under the mouse."""
        self._scrolled(event, closer=True)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Zoom out from the point under the mouse."""
        self._scrolled(event, closer=False)

    def _scrolled(self, event: events.MouseEvent, closer: bool) -> None:
        offset = event.get_content_offset(self)
        if offset is not None and (point := self.point_at(offset.x, offset.y)) is not None:
            event.stop()
            self.post_message(self.Scrolled(*point, closer=closer))


def _whole(cell: float) -> int:
    """A column or row as a whole number; a point far out of sight may be infinitely many away."""
    return int(max(-1e6, min(1e6, cell)))
