"""Arrays ready to draw: grids of values, contour levels and lines, cross-sections and gradient fields."""
