"""Basins: which point each start of a view leads to, for an optimizer with its settings."""
