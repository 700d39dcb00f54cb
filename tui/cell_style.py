"""The style of a terminal's cell, what codes make of it, and the codes that lead from one style to another.

The codes are those of "select graphic rendition", ECMA-48 8.3.117 with the usual colours of 256 and 24 bits.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple


class Style(NamedTuple):
    """A cell's style as the codes that set it: attributes, foreground and background."""

    attributes: tuple[str, ...] = ()
    fg: str = ""
    bg: str = ""


PLAIN = Style()

_SHOWS_ON_BLANK = {"4", "7", "9", "21", "53"}
"""Attributes that show on a blank: underline, reverse, strike, overline."""


@lru_cache(maxsize=16384)
def styled(style: Style, codes: str, colours: bool) -> Style:
    """Return the style after a style sequence."""
    attributes, fg, bg = list(style.attributes), style.fg, style.bg
    parts = codes.split(";") if codes else ["0"]
    at = 0
    while at < len(parts):
        code = parts[at].lstrip("0") or "0"
        at += 1
        if code == "0":
            attributes, fg, bg = [], "", ""
        elif code in ("38", "48") and at < len(parts):
            length = 4 if parts[at] == "2" else 2
            colour = ";".join([code, *parts[at : at + length]])
            at += length
            fg, bg = (colour, bg) if code == "38" else (fg, colour)
        elif code in ("39", "49"):
            fg, bg = ("", bg) if code == "39" else (fg, "")
        elif code[:-1] in ("3", "9"):
            fg = code
        elif code[:-1] in ("4", "10") and len(code) > 1:
            bg = code
        elif code in _ENDS:
            attributes = [each for each in attributes if each not in _ENDS[code]]
        elif code not in attributes:
            attributes.append(code)
    if not colours:
        fg = bg = ""
    return Style(tuple(sorted(attributes)), fg, bg)


_ENDS = {
    "22": ("1", "2"),
    "23": ("3",),
    "24": ("4", "21"),
    "25": ("5", "6"),
    "27": ("7",),
    "28": ("8",),
    "29": ("9",),
    "54": ("51", "52"),
    "55": ("53",),
}


@lru_cache(maxsize=65536)
def difference(before: Style | None, after: Style) -> str:
    """Return the shortest style sequence from one style to another."""
    whole = ";".join(code for code in ("0", *after.attributes, after.fg, after.bg) if code)
    if before is None or not set(before.attributes) <= set(after.attributes):
        return f"\x1b[{whole}m"
    codes = [code for code in after.attributes if code not in before.attributes]
    if after.fg != before.fg:
        codes.append(after.fg or "39")
    if after.bg != before.bg:
        codes.append(after.bg or "49")
    part = ";".join(codes)
    if not part:
        return ""
    return f"\x1b[{part if len(part) <= len(whole) else whole}m"


@lru_cache(maxsize=8192)
def blank_style(style: Style) -> Style:
    """Return the part of a style that shows on a blank."""
    attributes = tuple(code for code in style.attributes if code in _SHOWS_ON_BLANK)
    return Style(attributes, style.fg if attributes else "", style.bg)
