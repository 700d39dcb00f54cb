"""What an app in a test would send to its terminal: through the program's own driver layer, into a list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import pytest
from textual.drivers import headless_driver

from curvtui.tui.output import thrifty

COLOUR = re.compile(r"\x1b\[([0-9;]*)m")
_OURS = re.compile(r"\x1b\[[0-9;]*[mHC]|\x1b\[\?2026[hl]|\x1b\]22;[a-z]+\x07")
"""Styles, moves, the marks of an update and the shape of the pointer: all that cells take."""


class Wire(headless_driver.HeadlessDriver):
    """A driver without a terminal that is sent everything all the same."""

    sent: ClassVar[list[str]] = []

    @property
    def is_headless(self) -> bool:
        """Not so, or Textual would send nothing."""
        return False

    def write(self, data: str) -> None:
        """Keep what a terminal would get, but for the bell."""
        if data != "\x07":
            self.sent.append(data)

    def flush(self) -> None:
        """Nothing waits."""


@contextmanager
def recorded(depth: str = "truecolor", glyphs: str = "braille") -> Iterator[list[str]]:
    """Have the apps that are made inside send to a list; they see a terminal with all colours."""
    with pytest.MonkeyPatch.context() as patch:
        sent: ClassVar[list[str]] = []
        patch.setattr(Wire, "sent", sent)
        patch.setattr("textual.constants.COLOR_SYSTEM", "truecolor")
        driver = thrifty(Wire, colours=depth != "none", ascii_only=glyphs == "ascii")
        patch.setattr(headless_driver, "HeadlessDriver", driver)
        yield sent


def text_sent(sent: list[str]) -> str:
    """The text among what was sent; any sequence that cells do not take is left in it."""
    return _OURS.sub("", "".join(sent))


def colour_codes(data: str) -> set[str]:
    """All codes that set a colour in what was sent."""
    codes: set[str] = set()
    for sequence in COLOUR.findall(data):
        parts = sequence.split(";")
        codes |= {part for part in parts if part in ("38", "48") or re.fullmatch(r"[349][0-7]|10[0-7]", part)}
    return codes
