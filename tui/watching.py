"""Noticing that a file was saved, by looking at it now and then."""

from __future__ import annotations

from pathlib import Path


class FileWatch:
    """Tells whether a file was saved since it was looked at last; one that is not there, or None, never was."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._stamp = self._look()

    def _look(self) -> tuple[int, int] | None:
        if self._path is None:
            return None
        try:
            found = self._path.stat()
        except OSError:
            # Many editors write a new file and put it in the old one's place: for a moment there is none.
            return None
        return found.st_mtime_ns, found.st_size

    def changed(self) -> bool:
        """Return whether the file was saved since the last call, or since the beginning."""
        before, now = self._stamp, self._look()
        if now is None or now == before:
            return False
        self._stamp = now
        return True
