"""What can be done, told to the user: the key bar, the keys of a race, the command palette."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.app import SystemCommand

from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.surface.presets import PRESETS
from curvtui.engine.surface.surface import open_surface

from .actions import ACTIONS, KEY_BAR
from .drawing.bars import KeyHint
from .drawing.glyphs import GlyphSet
from .drawing.numbers import plain_text
from .drawing.tabs import Tab, TabsData
from .keymap import key_text, keys_of
from .pages import Page

if TYPE_CHECKING:
    from .app import CurvtuiApp
    from .explorer import Explorer

_TABS: dict[Page, tuple[str, str, str]] = {
    Page.MAP: ("map", "map", ""),
    Page.POINT: ("here", "here", ""),
    Page.CRITICAL: ("critical", "crit", "list_points"),
    Page.STEP: ("step", "step", "anatomy"),
    Page.RACE: ("race", "race", "race"),
    Page.SECTIONS: ("sections", "cut", "sections"),
    Page.OPTIMIZER: ("optimizer", "opt", ""),
    Page.LOSS: ("loss", "loss", ""),
}
"""What each page's tab is called, the same in few letters, and the action that opens it, if there is one."""

_RACE_KEYS = (
    ("add_runner", "adds a runner"),
    ("vary", "adds several values of one setting"),
    ("branch", "branches"),
    ("remove_runner", "removes"),
)


def key_hints(remapped: Mapping[str, str], glyphs: GlyphSet, *, playing: bool) -> tuple[KeyHint, ...]:
    """Return the entries of the key bar, with the keys as they are bound now."""
    hints = []
    for names in KEY_BAR:
        keys = [key_text(key, glyphs) for name in names for key in keys_of(name, remapped)[:1]]
        together = "" if all(len(key) == 1 for key in keys) else " "
        shown = "arrows" if keys == ["left", "down", "up", "right"] else together.join(keys)
        label = "pause" if names == ("play",) and playing else ACTIONS[names[-1]].label
        hints.append(KeyHint(shown, label, names[-1]))
    return tuple(hints)


def tabs_data(tabs: Sequence[Page], opened: Page, remapped: Mapping[str, str], glyphs: GlyphSet) -> TabsData:
    """Return the strip of tabs, with the keys as they are bound now."""
    shown = []
    for page in tabs:
        # Where the point has no tab of its own, it stands beside the map.
        beside = page is Page.MAP and Page.POINT not in tabs
        label, short, action = _TABS[Page.POINT if beside else page]
        shown.append(Tab(page.name, label, short, key_text(keys_of(action, remapped)[0], glyphs) if action else ""))
    return TabsData(tuple(shown), tabs.index(opened))


def race_keys(remapped: Mapping[str, str], glyphs: GlyphSet) -> str:
    """Say in one line how runners are added to a race and removed."""
    shown = [f"{key_text(keys_of(name, remapped)[0], glyphs)} {what}" for name, what in _RACE_KEYS]
    return ", ".join([*shown, "1 to 8 select"])


def palette_commands(app: CurvtuiApp) -> Iterator[SystemCommand]:
    """Offer every action, surface and optimizer in the command palette."""
    say = str if app.look.glyphs.superscripts else plain_text
    for action in ACTIONS.values():
        if action.name != "palette":
            keys = " ".join(key_text(key, app.look.glyphs) for key in keys_of(action.name, app.remapped))
            title = f"{action.help[0].upper()}{action.help[1:]}"
            yield SystemCommand(say(title), f"{action.group}: {keys}", partial(app.action_perform, action.name))
    explorer = app.explorer
    for preset in PRESETS.values():
        opening = partial(app.attempt, partial(_open, explorer, preset.name))
        yield SystemCommand(f"Surface {preset.name}", say(preset.teaches), opening)
    for optimizer in OPTIMIZERS.values():
        choosing = partial(app.attempt, partial(explorer.choose_optimizer, optimizer.name))
        yield SystemCommand(f"Optimizer {optimizer.name}", say(optimizer.summary), choosing)


def _open(explorer: Explorer, name: str) -> None:
    explorer.open(open_surface(name))
