"""Screens and dialogs over the explorer: pickers, editors, help."""
