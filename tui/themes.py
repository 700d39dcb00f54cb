"""Colour themes: one TOML file each, read, checked and turned into a Textual theme."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, fields
from itertools import combinations
from typing import TYPE_CHECKING, Any, TypeVar

from .drawing.glyphs import BRAILLE, MARKERS

if TYPE_CHECKING:
    from pathlib import Path

    from textual.theme import Theme as TextualTheme

DEFAULT_THEME = "dark"
_HEX = frozenset("0123456789abcdefABCDEF")
_Section = TypeVar("_Section")


class ThemeError(ValueError):
    """A theme that cannot be had; the message is one sentence with the file, the key and what is accepted."""


@dataclass(frozen=True)
class UiColours:
    """The colours of the interface, each `#rrggbb`."""

    background: str
    surface: str
    panel: str
    foreground: str
    muted: str
    primary: str
    secondary: str
    accent: str
    success: str
    warning: str
    error: str
    border: str


@dataclass(frozen=True)
class MapTheme:
    """The colours of the map: a ramp of at least two, lowest value first, and one for each thing drawn on it.

    `band_strength` (0 to 1) is how much of the ramp shows in the value bands behind the lines.
    """

    ramp: tuple[str, ...]
    band_strength: float
    axis: str
    hatch: str
    path: str
    start: str
    iterate: str
    cursor: str
    minimum: str
    maximum: str
    saddle: str
    degenerate: str
    gradient: str
    momentum: str
    step: str
    newton: str


@dataclass(frozen=True)
class CurveColours:
    """The colours of the curves; `runs` are those of several runs side by side, taken in turn."""

    loss: str
    gradient: str
    mark: str
    reference: str
    runs: tuple[str, ...]


@dataclass(frozen=True)
class Theme:
    """A checked theme: its name, its title in the picker, whether it is dark, and its colours."""

    name: str
    title: str
    dark: bool
    ui: UiColours
    map: MapTheme
    curves: CurveColours
    glyphs: tuple[tuple[str, str], ...] = ()
    """Characters in place of those of the glyph set, by what they stand for."""


GLYPHS = tuple(
    field.name
    for field in fields(BRAILLE)
    if isinstance(getattr(BRAILLE, field.name), str) and field.name not in ("name", "minus")
)
"""What a theme may have a character of its own for."""


def theme_names(folder: Path | None = None) -> tuple[str, ...]:
    """Return the names of all themes, the default first; `folder` adds a user's own files."""
    return (DEFAULT_THEME, *sorted(_files(folder).keys() - {DEFAULT_THEME}))


def load_theme(name: str, folder: Path | None = None) -> Theme:
    """Return a theme by its file's name without `.toml`; a file in `folder` goes before one of ours.

    Raises ThemeError if there is none of that name, or if its file cannot be read or is not a complete theme.
    """
    import tomllib

    files = _files(folder)
    if name not in files:
        raise ThemeError(f"there is no theme {name!r}; there are {', '.join(theme_names(folder))}")
    source = f"{name}.toml"
    try:
        table = tomllib.loads(files[name].read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ThemeError(f"{source}: the file cannot be read ({type(error).__name__})") from error
    except tomllib.TOMLDecodeError as error:
        raise ThemeError(f"{source}: this is not TOML: {error}") from error
    return parse_theme(table, name, source)


def parse_theme(table: dict[str, Any], name: str, source: str) -> Theme:
    """Return the theme that a parsed TOML file describes; `source` is what its errors call the file.

    Raises ThemeError for a missing or unknown key and for a value of the wrong kind.
    """
    table = {"glyphs": {}} | table
    _check_keys(table, ("name", "title", "dark", "ui", "map", "curves", "glyphs"), "", source)
    if table["name"] != name:
        raise ThemeError(f"{source}: name must be {name!r}, as the file's; {table['name']!r} was given")
    if not isinstance(table["title"], str) or not table["title"].isprintable() or not table["title"]:
        raise ThemeError(f"{source}: title must be a line of text; {table['title']!r} was given")
    if not isinstance(table["dark"], bool):
        raise ThemeError(f"{source}: dark must be true or false; {table['dark']!r} was given")
    return Theme(
        name,
        table["title"],
        table["dark"],
        _section(UiColours, table["ui"], "ui", source),
        _section(MapTheme, table["map"], "map", source),
        _section(CurveColours, table["curves"], "curves", source),
        _glyphs(table["glyphs"], source),
    )


def to_textual(theme: Theme) -> TextualTheme:
    """Return the theme for Textual's `App.register_theme`."""
    from textual.theme import Theme as TextualTheme

    ui = theme.ui
    return TextualTheme(
        # Textual makes a class of the name.
        name=re.sub(r"[^A-Za-z0-9_-]", "_", theme.name),
        dark=theme.dark,
        background=ui.background,
        surface=ui.surface,
        panel=ui.panel,
        foreground=ui.foreground,
        primary=ui.primary,
        secondary=ui.secondary,
        accent=ui.accent,
        success=ui.success,
        warning=ui.warning,
        error=ui.error,
        variables={
            "border": ui.accent,
            "border-blurred": ui.border,
            "text-muted": ui.muted,
            "footer-key-foreground": ui.accent,
        },
    )


def theme_file(name: str, folder: Path) -> Path | None:
    """Return the file of a user's own theme, None for one of ours."""
    file = folder / f"{name}.toml"
    return file if name in _files(folder) and file.is_file() else None


def _files(folder: Path | None) -> dict[str, Any]:
    """Return every theme's file by name."""
    from importlib import resources

    found = {}
    places: list[Any] = [resources.files("curvtui.themes")]
    if folder is not None and folder.is_dir():
        places.append(folder)
    for place in places:
        # A folder that can't be read has no themes.
        with suppress(OSError):
            found.update({file.name[:-5]: file for file in place.iterdir() if file.name.endswith(".toml")})
    return found


def _check_keys(table: Any, wanted: tuple[str, ...], section: str, source: str) -> None:
    where = f"[{section}]" if section else "the file"
    if not isinstance(table, dict):
        raise ThemeError(f"{source}: {section} must be a section, [{section}]")
    for key in wanted:
        if key not in table:
            raise ThemeError(f"{source}: {where} lacks {key}; it takes {', '.join(wanted)}")
    for key in table:
        if key not in wanted:
            raise ThemeError(f"{source}: {where} has no key {key!r}; it takes {', '.join(wanted)}")


def _section(kind: type[_Section], table: Any, section: str, source: str) -> _Section:
    wanted = {field.name: field.type for field in fields(kind)}  # type: ignore[arg-type]
    _check_keys(table, tuple(wanted), section, source)
    values: dict[str, Any] = {}
    for key, declared in wanted.items():
        value, where = table[key], f"{source}: {section}.{key}"
        if declared == "float":
            values[key] = _fraction(value, where)
        elif declared == "tuple[str, ...]":
            values[key] = _colour_list(value, where)
        else:
            values[key] = _colour(value, where)
    return kind(**values)


def _glyphs(table: Any, source: str) -> tuple[tuple[str, str], ...]:
    if not isinstance(table, dict):
        raise ThemeError(f"{source}: glyphs must be a section, [glyphs]")
    for key, value in table.items():
        if key not in GLYPHS:
            raise ThemeError(f"{source}: [glyphs] has no key {key!r}; it takes {', '.join(GLYPHS)}")
        if not (isinstance(value, str) and len(value) == 1 and _is_one_cell(value)):
            raise ThemeError(f"{source}: glyphs.{key} must be one character that takes one cell; {value!r} was given")
    own = tuple(table.items())
    for (key, value), (other, others) in combinations(own, 2):
        if value == others and {key, other} <= set(MARKERS):
            raise ThemeError(f"{source}: glyphs.{other} is the same character as glyphs.{key}, {value!r}")
    return own


def _is_one_cell(character: str) -> bool:
    """Whether a character takes a cell of its own and no more, on any terminal, and is to be seen there."""
    wide = unicodedata.east_asian_width(character) in ("W", "F")
    return character.isprintable() and character != " " and not wide and unicodedata.category(character)[0] != "M"


def _colour(value: Any, where: str) -> str:
    if not (isinstance(value, str) and len(value) == 7 and value[0] == "#" and set(value[1:]) <= _HEX):
        raise ThemeError(f'{where} must be a colour written "#rrggbb"; {value!r} was given')
    return value


def _colour_list(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) < 2:
        raise ThemeError(f'{where} must be a list of at least two colours written "#rrggbb"; {value!r} was given')
    return tuple(_colour(item, where) for item in value)


def _fraction(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ThemeError(f"{where} must be a number from 0 to 1; {value!r} was given")
    return float(value)
