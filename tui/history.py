"""The formulas that were opened before, remembered between sessions."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from .paths import write_atomically

MOST = 50


class FormulaHistory:
    """The latest formulas, newest first; a file that is missing or damaged is an empty history.

    What no formula can hold (escape sequences, bidirectional overrides) is not taken over from the file.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.entries: list[str] = []
        if path is None:
            return
        with contextlib.suppress(OSError, ValueError, RecursionError):
            data = json.loads(path.read_text(encoding="utf-8"))
            if isinstance(data, list):
                self.entries = [entry for entry in data if isinstance(entry, str) and entry.isprintable()][:MOST]

    def add(self, formula: str) -> None:
        """Remember a formula; that it can't be written down is no reason to disturb the user."""
        self.entries = [formula, *(entry for entry in self.entries if entry != formula)][:MOST]
        if self._path is not None:
            with contextlib.suppress(OSError):
                write_atomically(self._path, json.dumps(self.entries) + "\n")
