"""Optimizers as pure update rules, their modifiers and schedules, and the catalogue that names them."""
