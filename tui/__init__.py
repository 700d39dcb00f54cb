"""The terminal explorer and the command line."""
