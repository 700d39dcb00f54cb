"""What is in sight: the box in view and those before it, and the styles of the maps side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from curvtui.engine.sampling.levels import FEWEST_LEVELS, MOST_LEVELS, LevelMethod
from curvtui.engine.surface.surface import Box, BoxError, checked_box

from .views import PLAIN, Camera, FieldStyle, Ground, MapStyle, turned

METHODS = (LevelMethod.AUTO, LevelMethod.QUANTILE, LevelMethod.LOG, LevelMethod.LINEAR)
FIELDS = tuple(FieldStyle)
CURVATURES = (Ground.SIGNS, Ground.SMALLEST, Ground.LARGEST, Ground.CONDITION, Ground.SLOPE)

MAPS = (1, 2, 4)
"""How many maps can be side by side."""

ROOM = {1: (0, 0), 2: (100, 24), 4: (110, 36)}
"""Columns and rows of a terminal from which so many maps can be side by side."""

BESIDE = (
    PLAIN,
    MapStyle(camera=Camera()),
    MapStyle(ground=Ground.SIGNS),
    MapStyle(lines_only=True, field=FieldStyle.STREAMLINES),
)
"""What the maps show when they are first opened."""

BESIDE_CURVE = (
    PLAIN,
    MapStyle(model=True),
    MapStyle(ground=Ground.BASINS),
    MapStyle(ground=Ground.BASINS, model=True),
)
"""The same of a surface of one variable."""

MARGIN = 0.12
"""How much wider than what it is fitted to a view is, on each side."""

MOST_REMEMBERED = 100


class Sight:
    """The box in view, the boxes before it, and how each of up to four maps shows it.

    Methods raise ValueError (with one sentence) for what can't be shown, and then change nothing.
    """

    def __init__(self, box: Box) -> None:
        self._box = box
        self._before: list[Box] = []
        self.styles: list[MapStyle] = list(_beside(box))
        self.maps = 1
        self._most = 1
        self.selected = 0

    # The view.

    @property
    def box(self) -> Box:
        """The box in view."""
        return self._box

    def look_at(self, box: Box) -> None:
        """View a box; :meth:`previous` leads back."""
        if box != self._box:
            self._before = [*self._before[-MOST_REMEMBERED:], self._box]
            self._box = box

    def begin_at(self, box: Box) -> None:
        """View another surface's box; nothing leads back.

        Most of what a map of two variables shows, a curve can't, so that the styles go with the dimension.
        """
        if len(box) != len(self._box):
            self.styles = list(_beside(box))
        self._box, self._before = box, []

    def previous(self) -> None:
        """View what was viewed before."""
        if not self._before:
            raise ValueError("there is no view before this one")
        self._box = self._before.pop()

    def zoom(self, factor: float, focal: Sequence[float]) -> None:
        """Magnify the view about a point."""
        sides = [
            (c + (low - c) / factor, c + (high - c) / factor) for c, (low, high) in zip(focal, self._box, strict=True)
        ]
        try:
            self.look_at(checked_box(sides, len(self._box)))
        except BoxError:
            way = "closer" if factor > 1 else "further out"
            raise ValueError(f"floating-point numbers don't reach {way} than this view") from None

    def pan(self, shares: Sequence[float]) -> None:
        """Move the view by shares of its own sides."""
        sides = [
            (low + share * (high - low), high + share * (high - low))
            for share, (low, high) in zip(shares, self._box, strict=True)
        ]
        try:
            self.look_at(checked_box(sides, len(self._box)))
        except BoxError:
            raise ValueError("floating-point numbers don't reach further that way") from None

    def fit(self, points: Sequence[Sequence[float]]) -> None:
        """View the smallest box around points (k, n) with a margin; one point keeps the view's size, centred.

        Raises ValueError where no point has finite coordinates, or they are too far apart.
        """
        usable = [point for point in points if all(map(math.isfinite, point))]
        if not usable:
            raise ValueError("there is nothing to fit the view to")
        sides = []
        for axis, (low, high) in enumerate(self._box):
            least, most = min(p[axis] for p in usable), max(p[axis] for p in usable)
            margin = MARGIN * (most - least) if most > least else 0.5 * (high - low)
            sides.append((least - margin, most + margin))
        widest = max(high - low for low, high in sides)
        # A path along one axis is not to be a box without height.
        sides = [_at_least(side, 0.05 * widest) for side in sides]
        try:
            self.look_at(checked_box(sides, len(self._box)))
        except BoxError:
            raise ValueError("floating-point numbers don't reach a view of all that") from None

    # The maps.

    @property
    def style(self) -> MapStyle:
        """The selected map's style."""
        return self.styles[self.selected]

    @style.setter
    def style(self, style: MapStyle) -> None:
        self.styles[self.selected] = style

    @property
    def shown(self) -> tuple[MapStyle, ...]:
        """The styles of the maps that are open and have room."""
        return tuple(self.styles[: min(self.maps, self._most)])

    def fit_into(self, columns: int, rows: int) -> None:
        """Leave room for as many maps as a terminal of this size has."""
        self._most = max(
            count for count, (wide, high) in ROOM.items() if (columns >= wide and rows >= high) or count == 1
        )
        self.selected = min(self.selected, len(self.shown) - 1)

    def next_maps(self) -> int:
        """Show one, two or four maps, and return how many; raises ValueError where there is room for one only."""
        if self._most == 1:
            wide, high = ROOM[2]
            raise ValueError(f"two maps need a terminal of {wide} columns and {high} rows")
        choices = [count for count in MAPS if count <= self._most]
        self.maps = choices[(choices.index(len(self.shown)) + 1) % len(choices)]
        self.selected = min(self.selected, self.maps - 1)
        return self.maps

    def select(self, number: int) -> None:
        """Select a map by its place; the keys then change that one."""
        self.selected = number % len(self.shown)

    def next_method(self) -> LevelMethod:
        """Place the contour levels in the next of the ways there are, and return it.

        Raises ValueError where the map shows another quantity's levels, which are round numbers.
        """
        if self.style.ground in CURVATURES[1:] and self.style.camera is None:
            raise ValueError(
                f"the levels of {self.style.ground.value} are round numbers; other ways are for those of f"
            )
        method = METHODS[(METHODS.index(self.style.method) + 1) % len(METHODS)]
        self.style = replace(self.style, method=method)
        return method

    def more_levels(self, by: int) -> int:
        """Draw more (or fewer) levels, and return how many."""
        count = self.style.levels + by
        if not FEWEST_LEVELS <= count <= MOST_LEVELS:
            raise ValueError(f"a map has {FEWEST_LEVELS} to {MOST_LEVELS} levels")
        self.style = replace(self.style, levels=count)
        return count

    def toggle_lines_only(self) -> None:
        """Show level lines alone, or bands again."""
        self.style = replace(self.style, lines_only=not self.style.lines_only)

    def next_field(self) -> FieldStyle:
        """Draw the gradient field in the next way, on the map from above, and return it."""
        self._needs_two_variables("a gradient field")
        if self.style.camera is not None and self.style.field is not FieldStyle.NONE:
            self.style = replace(self.style, camera=None)
            return self.style.field
        field = FIELDS[(FIELDS.index(self.style.field) + 1) % len(FIELDS)]
        self.style = replace(self.style, field=field, camera=None)
        return field

    def toggle_model(self) -> None:
        """Draw the local model, or not; where a relief is shown, on the map from above."""
        shown = self.style.model and self.style.camera is None
        self.style = replace(self.style, model=not shown, camera=None)

    def next_curvature(self) -> Ground:
        """Colour the map by the next quantity of curvature, at last by the values again; return it."""
        self._needs_two_variables("a map of curvature")
        grounds = (Ground.VALUES, *CURVATURES)
        at = grounds.index(self.style.ground) if self.style.ground in grounds else 0
        ground = grounds[(at + 1) % len(grounds)]
        self.style = replace(self.style, ground=ground)
        return ground

    def toggle_basins(self) -> None:
        """Colour the map by where each start leads, or by the values again."""
        ground = Ground.VALUES if self.style.ground is Ground.BASINS else Ground.BASINS
        self.style = replace(self.style, ground=ground)

    def toggle_relief(self) -> None:
        """See the surface in three dimensions, or from above again."""
        self._needs_two_variables("a view in three dimensions")
        self.style = replace(self.style, camera=None if self.style.camera else Camera())

    def _needs_two_variables(self, what: str) -> None:
        if len(self._box) < 2:
            raise ValueError(f"{what} needs a surface of two variables; this one has {len(self._box)}")

    def turn(self, right: float, up: float) -> None:
        """Turn the surface seen in three dimensions by degrees."""
        camera = self.style.camera
        if camera is not None:
            self.style = replace(self.style, camera=turned(camera, -right, up))


def _beside(box: Box) -> tuple[MapStyle, ...]:
    return BESIDE if len(box) > 1 else BESIDE_CURVE


def _at_least(side: tuple[float, float], width: float) -> tuple[float, float]:
    low, high = side
    if high - low >= width:
        return side
    middle = 0.5 * low + 0.5 * high
    return middle - 0.5 * width, middle + 0.5 * width
