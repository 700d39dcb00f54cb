"""What the terminal can show: colour depth and glyph set, from the options and the environment.

Textual reads its environment when it is imported, so this comes before.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping

DEPTHS = {"truecolor": "truecolor", "256": "256", "16": "standard", "none": "auto"}
"""The option's names, and Textual's (which has none for 'none': see the app)."""


def colour_depth(option: str, environment: Mapping[str, str]) -> str:
    """Return ``truecolor``, ``256``, ``16`` or ``none``.

    An explicit option wins; then NO_COLOR; then what COLORTERM and TERM say. SSH does not forward
    COLORTERM, so 256 colours are what a remote session gets unless it asks for more.
    """
    if option != "auto":
        return option
    if environment.get("NO_COLOR"):
        return "none"
    term = environment.get("TERM", "").lower()
    if term in ("", "dumb", "unknown"):
        return "none"
    if environment.get("COLORTERM", "").lower() in ("truecolor", "24bit") or term.endswith("-direct"):
        return "truecolor"
    if "256" in term or term.startswith(("xterm", "screen", "tmux")):
        return "256"
    return "16"


def glyph_name(option: str, environment: Mapping[str, str]) -> str:
    """Return ``braille``, ``block`` or ``ascii``: braille needs UTF-8 and a font that has it."""
    if option != "auto":
        return option
    locale = next((environment[n] for n in ("LC_ALL", "LC_CTYPE", "LANG") if environment.get(n)), "")
    if locale.upper() in ("C", "POSIX"):
        return "ascii"
    if locale and "UTF" not in locale.upper():
        return "ascii"
    return "block" if environment.get("TERM") == "linux" else "braille"


def prepare_textual(depth: str, environment: MutableMapping[str, str] | None = None) -> None:
    """Tell Textual about the colour depth; call it before Textual is imported."""
    settings = os.environ if environment is None else environment
    settings["TEXTUAL_COLOR_SYSTEM"] = DEPTHS[depth]
    # Textual would turn colours to greys and still send them; without colour the app sends none at all.
    settings.pop("NO_COLOR", None)
