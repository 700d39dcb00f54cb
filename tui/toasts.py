"""Which toasts are worth showing: not the same one again while the first is still there."""

from __future__ import annotations

import math
import time

TOAST_SECONDS = 5.0
"""Time that a toast stays."""


class Toasts:
    """Remembers what was said of late.

    A key held down at a limit would else pile up toasts by the hundred, which Textual's timers don't survive.
    """

    def __init__(self) -> None:
        self._said: dict[str, float] = {}

    def new(self, message: str) -> bool:
        """Return whether a message is not on the screen already, and take it that it will be now."""
        now = time.monotonic()
        if self._said.get(message, -math.inf) >= now - TOAST_SECONDS:
            return False
        self._said = {text: at for text, at in self._said.items() if at > now - TOAST_SECONDS} | {message: now}
        return True
