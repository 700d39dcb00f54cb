"""What the dialogs show, filled from the explorer, and how their answers are read."""
