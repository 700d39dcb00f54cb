"""The explorer's panels, one a file."""
