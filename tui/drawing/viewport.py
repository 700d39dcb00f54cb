"""Where the world meets the cells: a box of the plane shown on a rectangle of character cells."""

import math
from dataclasses import dataclass

import numpy as np

from curvtui.engine.arrays import Array


@dataclass(frozen=True, slots=True)
class Viewport:
    """A box of the world over `columns` x `rows` cells.

    `x0` is the left edge of the first column and `x1` the right edge of the last; `y1` is the top edge of
    the first row and `y0` the bottom edge of the last. Columns count from the left and rows from the top,
    both from 0. Raises ValueError unless x0 < x1, y0 < y1, spans are finite and there is a cell.
    """

    x0: float
    x1: float
    y0: float
    y1: float
    columns: int
    rows: int

    def __post_init__(self) -> None:
        spans = self.width, self.height
        if not all(math.isfinite(span) and span > 0 for span in spans):
            raise ValueError(f"a viewport needs x0 < x1 and y0 < y1, both finite; {self} was given")
        if self.columns < 1 or self.rows < 1:
            raise ValueError(f"a viewport needs at least one cell; {self.columns} x {self.rows} was given")

    @property
    def width(self) -> float:
        """The span of the box along x."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """The span of the box along y."""
        return self.y1 - self.y0

    def column_positions(self, x: Array) -> Array:
        """Return x as fractional columns: 0 is the left edge, `columns` the right; NaN stays NaN."""
        with np.errstate(over="ignore", invalid="ignore"):
            return np.asarray((np.asarray(x, dtype=np.float64) - self.x0) / self.width * self.columns)

    def row_positions(self, y: Array) -> Array:
        """Return y as fractional rows: 0 is the top edge, `rows` the bottom; not clipped, NaN stays NaN."""
        with np.errstate(over="ignore", invalid="ignore"):
            return np.asarray((self.y1 - np.asarray(y, dtype=np.float64)) / self.height * self.rows)

    def cell(self, x: float, y: float) -> tuple[int, int] | None:
        """Return the (column, row) of a point, None outside; all edges are inside."""
        return self.subcell(x, y, 1, 1)

    def subcell(self, x: float, y: float, across: int = 2, down: int = 4) -> tuple[int, int] | None:
        """Return the (column, row) of a point in a raster of `across` x `down` dots a cell, None outside."""
        if not (self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1):
            return None
        columns, rows = self.columns * across, self.rows * down
        column = int((x - self.x0) / self.width * columns)
        row = int((self.y1 - y) / self.height * rows)
        return min(column, columns - 1), min(row, rows - 1)

    def centre(self, column: int, row: int) -> tuple[float, float]:
        """Return the point at the middle of a cell, which may lie outside the rectangle."""
        return (
            self.x0 + (column + 0.5) / self.columns * self.width,
            self.y1 - (row + 0.5) / self.rows * self.height,
        )

    def centres(self) -> tuple[Array, Array]:
        """Return the x of the columns' middles (columns,) and the y of the rows' (rows,), going down."""
        xs = self.x0 + (np.arange(self.columns) + 0.5) / self.columns * self.width
        ys = self.y1 - (np.arange(self.rows) + 0.5) / self.rows * self.height
        return xs, ys
