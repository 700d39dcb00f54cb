"""Optimizer runs: history, status and time travel."""
