"""Keys bound to actions by name: the defaults from the table, and the user's own from the config file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from textual.binding import Binding

from .actions import ACTIONS
from .drawing.glyphs import GlyphSet
from .key_names import key_name

_SHOWN = {
    "space": "space",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "plus": "+",
    "equals_sign": "=",
    "minus": "-",
    "question_mark": "?",
    "comma": ",",
    "semicolon": ";",
    "full_stop": ".",
    "asterisk": "*",
    "vertical_line": "|",
    "backslash": "\\",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
    "left_parenthesis": "(",
    "right_parenthesis": ")",
}
_ARROWS = {"left": "←", "right": "→", "up": "↑", "down": "↓"}


class ConfigError(ValueError):
    """The user's config file can't be understood; one sentence says where."""


class Config(NamedTuple):
    """What the user's config file sets: keys by action name, and a theme."""

    keys: Mapping[str, str]
    theme: str | None


def bindings() -> list[Binding]:
    """Return one binding an action; its id is the action's name, so that a key map can remap it."""
    # Quitting must work from every dialog, Textual's own command palette included.
    always = Binding("ctrl+q", "perform('quit')", ACTIONS["quit"].help, show=False, priority=True)
    return [
        always,
        *(
            Binding(",".join(action.keys), f"perform('{action.name}')", action.help, show=False, id=action.name)
            for action in ACTIONS.values()
        ),
    ]


def key_text(key: str, glyphs: GlyphSet) -> str:
    """Return a key as it is written: ``n``, ``<``, ``shift+←``, ``ctrl+q``."""
    *modifiers, last = key.split("+")
    shown = _SHOWN.get(last, _ARROWS.get(last, last) if glyphs.superscripts else last)
    return "+".join([*modifiers, shown])


def keys_of(action: str, remapped: Mapping[str, str]) -> tuple[str, ...]:
    """Return the keys that do an action, the user's own in place of the defaults."""
    if action in remapped:
        return _split(remapped[action])
    return ACTIONS[action].keys


def read_config(path: Path) -> Config:
    """Read the user's config file; one that does not exist sets nothing.

    Raises:
        ConfigError: not TOML, an unknown table, action or key, or a value that is no text.
    """
    import tomllib

    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Config({}, None)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name} can't be read ({type(error).__name__})") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path.name} is not TOML: {error}") from None
    except RecursionError:
        raise ConfigError(f"{path.name} is nested too deeply") from None
    return _checked(table, path.name)


def _checked(table: Mapping[str, Any], name: str) -> Config:
    for key in table:
        if key not in ("keys", "theme"):
            raise ConfigError(f"{name} has no setting {key!r}; it takes theme and a table [keys]")
    theme = table.get("theme")
    if theme is not None and not isinstance(theme, str):
        raise ConfigError(f'{name}: theme must be a name in quotes, such as "light"')
    keys = table.get("keys", {})
    if not isinstance(keys, Mapping):
        raise ConfigError(f"{name}: keys must be a table, [keys]")
    for action, value in keys.items():
        if action not in ACTIONS:
            raise ConfigError(f"{name}: there is no action {action!r}; the help (?) and the README name them")
        if not isinstance(value, str) or not value.strip(" ,"):
            raise ConfigError(f'{name}: the key of {action} must be in quotes, such as "n" or "ctrl+n,f5"')
    named = {action: ",".join(_names(action, value, name)) for action, value in keys.items()}
    _refuse_shared(named, name)
    return Config(named, theme)


def _names(action: str, keys: str, name: str) -> list[str]:
    """Textual's names of the keys that are given to an action, each once."""
    try:
        return list(dict.fromkeys(map(key_name, _split(keys))))
    except ValueError as error:
        raise ConfigError(f"{name}: {action} can't have this key: {error}") from None


def _split(keys: str) -> tuple[str, ...]:
    return tuple(key.strip() for key in keys.split(",") if key.strip())


def _refuse_shared(remapped: Mapping[str, str], name: str) -> None:
    """Two actions on one key would silently leave one of them dead."""
    owner: dict[str, str] = {}
    for action in ACTIONS:
        for key in keys_of(action, remapped):
            if key in owner and (action in remapped or owner[key] in remapped):
                raise ConfigError(f"{name}: the key {key!r} is given to both {owner[key]} and {action}")
            owner[key] = action
