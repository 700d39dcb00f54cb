"""The program's version; it stands here so that ``--version`` need not search installed packages."""

__version__ = "0.1.0"
