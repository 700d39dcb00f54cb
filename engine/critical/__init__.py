"""Everything in a box: certified critical points, their kinds and indices, the global minimum, convexity."""
