"""What keys are called: a key as a user writes it becomes Textual's name of it, or is refused."""

from __future__ import annotations

from difflib import get_close_matches
from unicodedata import name as character_name

from textual.keys import KEY_NAME_REPLACEMENTS, Keys, key_to_character

MODIFIERS = ("alt", "ctrl", "hyper", "meta", "shift", "super")
"""Keys held beside another one, in the order in which Textual names them."""

_NEVER_SENT = {"return", "<any>", "<ignore>", "<scroll-up>", "<scroll-down>", "ctrl-at"}

_NAMED = {key.value.rpartition("+")[2] or "+" for key in Keys if key.value not in _NEVER_SENT}
"""Names of keys that type nothing, such as ``home`` and ``f5``, with those of some that do."""

_KEYPAD = {"decimal", "divide", "multiply", "subtract", "add", "equal", "separator", "kp_begin", "menu", "pause"}
"""Names that terminals which speak Kitty's protocol send besides."""

_LONGER = {short: name for name, short in KEY_NAME_REPLACEMENTS.items()}


def key_name(key: str) -> str:
    """Return Textual's name of a key that may be written as the character it types: ``?``, ``ctrl+/``, ``Shift+N``.

    Raises ValueError, with half a sentence that begins with the key, for a name that no key has: bound to
    that, an action would silently be dead.
    """
    plus = key == "+" or key.endswith("++")
    *held, last = [*key[:-1].split("+")[:-1], "+"] if plus else key.split("+")
    modifiers = sorted({each.strip().lower() for each in held})
    if unknown := [each for each in modifiers if each not in MODIFIERS]:
        raise ValueError(f"{key!r} is no key: {unknown[0]!r} is none of {', '.join(MODIFIERS)}")
    last = last.strip()
    if len(last) > 1:
        last = _of_many_letters(last, key)
    elif last.isalpha() and last.isascii() and modifiers:
        # Terminals send shift with a letter as the other letter, and don't tell ctrl+N from ctrl+n.
        upper = modifiers == ["shift"]
        modifiers = [] if upper else modifiers
        last = last.upper() if upper else last.lower()
    elif not last.isprintable() or not last:
        raise ValueError(f"{key!r} is no key")
    elif not last.isalnum():
        last = _of_character(last)
    return "+".join([*modifiers, last])


def _of_many_letters(name: str, key: str) -> str:
    """The name of a key that is written with more than one letter."""
    name = name.lower()
    if name in _NAMED or name in _KEYPAD:
        return name
    character = key_to_character(_LONGER.get(name, name))
    # Unicode has names for control characters too, ESC among them, that no key goes by.
    if character is not None and character.isprintable() and not character.isalnum():
        return _of_character(character)
    near = get_close_matches(name, sorted(_NAMED), 1, 0.5)
    hint = f"; the nearest is {near[0]!r}" if near else ""
    raise ValueError(f"{key!r} is no key that a terminal sends{hint}")


def _of_character(character: str) -> str:
    """Textual's name of a character: that of Unicode, or a shorter one."""
    name = character_name(character, character).lower().replace("-", "_").replace(" ", "_")
    return KEY_NAME_REPLACEMENTS.get(name, name)
