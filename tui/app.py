"""The Textual application: wires the explorer, the actions and the widgets together."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, cast

from textual import events
from textual.app import App, ComposeResult, SystemCommand
from textual.binding import BindingType
from textual.driver import Driver
from textual.screen import Screen
from textual.scrollbar import ScrollBar
from textual.timer import Timer

from .actions import ACTIONS
from .basin_search import BasinAnswer
from .commands import key_hints, palette_commands, race_keys, tabs_data
from .drawing.cells import ColourDepth
from .drawing.look import Look
from .drawing.tabs import TabsData
from .dress import Dress
from .explorer import Explorer
from .history import FormulaHistory
from .keymap import Config, bindings, read_config
from .layout import HEIGHTS, WIDTHS, neighbour, tab_of, tabs_at
from .output import Thrifty, thrifty
from .pages import Page
from .panels import ExplorerScreen, Panels, compose_panels, selected_map
from .paths import config_folder, state_folder
from .sanitize import safe_line, safe_text
from .searches import Searches
from .session import SESSION_FILE, write_session
from .survey import Survey
from .themes import DEFAULT_THEME, ThemeError, to_textual
from .toasts import TOAST_SECONDS, Toasts
from .widgets.cells_view import CellsView
from .widgets.key_bar import KeyBar
from .widgets.loss_view import LossView
from .widgets.map_view import MapView
from .widgets.scroll_bar import PlainBar
from .widgets.tab_strip import TabStrip

FRAMES = 30
"""Most frames a second of playback."""

ScrollBar.renderer = PlainBar

TURN = 5.0
"""Degrees by which a surface in 3-D turns at once."""


class CurvtuiApp(App[None]):
    """The explorer on a terminal."""

    CSS_PATH = "app.tcss"
    TITLE = "curvtui"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]
    COMMAND_PALETTE_BINDING = "ctrl+p"
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS

    def __init__(
        self,
        explorer: Explorer,
        *,
        theme: str | None = None,
        depth: str = "truecolor",
        glyphs: str = "braille",
        config: Path | None = None,
        state: Path | None = None,
    ) -> None:
        self._colours, self._ascii = depth != "none", glyphs == "ascii"
        super().__init__()
        self.explorer: Explorer = explorer
        self.drawing_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="drawing")
        self.config = config_folder() if config is None else config
        self.state = state_folder() if state is None else state
        self.formulas = FormulaHistory(self.state / "formulas.json")
        self._complaints: list[str] = []
        self._toasts = Toasts()
        self._config = self._read_config()
        self.remapped = self._config.keys
        self._dress = Dress(glyphs, depth, self.config / "themes")
        self._playback: Timer | None = None
        self._last_frame = 0.0
        self._leaving = False
        self._panels = Panels(self._bytes_sent)
        self._searches = Searches(self._surveyed, self._basins_found)
        self.use_theme(theme or self._config.theme or DEFAULT_THEME)

    def _read_config(self) -> Config:
        try:
            return read_config(self.config / "config.toml")
        except ValueError as error:
            self._complaints.append(str(error))
            return Config({}, None)

    def get_driver_class(self) -> type[Driver]:
        """Send only what changed: see :mod:`.output`."""
        driver = super().get_driver_class()
        return thrifty(driver, colours=self._colours, ascii_only=self._ascii)

    def _bytes_sent(self) -> int:
        driver: object = self._driver
        return driver.bytes_sent if isinstance(driver, Thrifty) else 0

    def get_default_screen(self) -> Screen[Any]:
        """Return the explorer's screen."""
        return ExplorerScreen(id="_default")

    def compose(self) -> ComposeResult:
        """Lay out the explorer's screen."""
        yield from compose_panels()

    def on_mount(self) -> None:
        """Take over the user's keys, prepare playback and signals, and show everything."""
        if self.remapped:
            self.set_keymap(dict(self.remapped))
        self._playback = self.set_interval(1 / FRAMES, self._frame, pause=True)
        self.set_interval(1.0, self._reload_theme)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            # asyncio has no signal handlers outside the main thread, nor on Windows: there the default action must do.
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(number, self._ended_by, number)
        self.set_class(not self.look.glyphs.superscripts, "-ascii")
        self.set_class(self.look.depth in (ColourDepth.STANDARD, ColourDepth.NONE), "-few")
        self.query_one(MapView).focus()
        for complaint in self._complaints:
            self.complain(complaint)
        self.show_all()
        self.call_after_refresh(self._begin_work)

    def _begin_work(self) -> None:
        """Begin what the first screen must not wait for."""
        _collect_garbage_again()
        self._searches.begin()
        self._search()

    def _search(self) -> None:
        question = self._panels.basin_question(self.screen_stack[0], self.explorer)
        self._searches.ask(self.explorer, question)

    def _basins_found(self, answer: BasinAnswer) -> None:
        self.explorer.take_basins(answer)
        self.show_all()

    def _surveyed(self, survey: Survey) -> None:
        self.explorer.take(survey)
        self.show_all()

    def _ended_by(self, number: int) -> None:
        self.leave(128 + number)

    # One way through: an action changes the explorer, then every panel is shown what is new.

    def action_perform(self, name: str) -> None:
        """Do an action by its name."""
        self.attempt(lambda: ACTIONS[name].perform(self))

    def attempt(self, change: Callable[[], object]) -> None:
        """Change the explorer, say what can't be done, and show what is new."""
        try:
            change()
        except ValueError as error:
            self.complain(str(error))
        self.show_all()

    def show_all(self) -> None:
        """Show the explorer's state; each panel repaints only what differs."""
        if not self.is_running or self._playback is None:
            return
        explorer, glyphs = self.explorer, self.look.glyphs
        while explorer.notices:
            self.complain(explorer.notices.pop(0))
        screen = self.screen_stack[0]
        self._panels.show(screen, explorer, self._tabs(), race_keys(self.remapped, glyphs))
        screen.query_one(KeyBar).show(key_hints(self.remapped, glyphs, playing=explorer.playing))
        self._search()
        if explorer.playing:
            self._playback.resume()
        else:
            self._playback.pause()
            self._last_frame = 0.0

    def _frame(self) -> None:
        now = time.perf_counter()
        seconds = now - self._last_frame if self._last_frame else 0.0
        self._last_frame = now
        before = self.explorer.race.key
        if not self.explorer.play(seconds) or self.explorer.race.key != before:
            self.show_all()

    def complain(self, message: str) -> None:
        """Show what is wrong as a toast, unless it is there already."""
        if self._toasts.new(message):
            self.notify(safe_text(message), severity="error", markup=False, timeout=TOAST_SECONDS)

    def redraw_all(self) -> None:
        """Send the whole screen again, whatever the terminal shows."""
        self.on_resize()
        self.refresh(repaint=True, layout=True)

    def on_resize(self) -> None:
        """Assume nothing of what a terminal of another size shows: it may have wrapped or cut its lines."""
        driver: object = self._driver
        if isinstance(driver, Thrifty):
            driver.forget()
        if self._playback is not None:
            # What is a tab depends on the size.
            self._panels.turn(self.screen_stack[0], self._tabs())

    # Tabs.

    def _tabs(self) -> TabsData:
        tabs = tabs_at(*self.size)
        return tabs_data(tabs, tab_of(self.explorer.page, tabs), self.remapped, self.look.glyphs)

    def turn_tabs(self, by: int) -> None:
        """Open the tab that is ``by`` places after the open one."""
        self.explorer.page = neighbour(self.explorer.page, tabs_at(*self.size), by)

    @property
    def shows_curve(self) -> bool:
        """Whether the curve over the steps is in sight."""
        return min(self.screen_stack[0].query_one(LossView).room) > 0

    def on_tab_strip_chosen(self, message: TabStrip.Chosen) -> None:
        """Open the tab that was clicked."""
        self.explorer.page = Page[message.name]
        self.show_all()

    def move_cursor(self, right: int, up: int) -> None:
        """Move the cursor by cells of the map; where the surface is seen in 3-D, turn that."""
        if self.explorer.sight.style.camera is not None:
            self.explorer.sight.turn(TURN * right, TURN * up)
            return
        explorer = self.explorer
        view = selected_map(self.screen_stack[0], explorer)
        at = explorer.cursor
        if explorer.surface.dimension == 1:
            x, _ = view.neighbour((at[0], 0.0), right, 0)
            explorer.place_cursor((x,))
        else:
            explorer.place_cursor(view.neighbour((at[0], at[1]), right, up))

    # Theme.

    @property
    def look(self) -> Look:
        """How everything is drawn."""
        return self._dress.look

    def use_theme(self, name: str) -> None:
        """Use a theme by its name; one that is broken is told of, and changes nothing."""
        try:
            theme = self._dress.wear(name)
        except ThemeError as error:
            if self._playback is not None:
                self.complain(str(error))
                return
            self._complaints.append(str(error))
            theme = to_textual(self.look.theme)
        self.register_theme(theme)
        if self.theme == theme.name:
            # Saved anew under the name that it has.
            self.mutate_reactive(App.theme)
        self.theme = theme.name
        if self._playback is not None:
            for view in self.screen_stack[0].query(CellsView):
                view.redraw()

    def _reload_theme(self) -> None:
        """Use the user's own theme anew when its file was saved; one that is broken now is told of once."""
        if self._dress.was_saved() and self._dress.name is not None:
            self.use_theme(self._dress.name)

    # Command palette and end.

    def action_command_palette(self) -> None:
        """Open the command palette."""
        from .screens.palette import Palette

        if not Palette.is_open(cast("App[object]", self)):
            self.push_screen(Palette(id="--command-palette", placeholder="find a command"))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Offer every action, surface and optimizer in the command palette."""
        return palette_commands(self)

    def on_map_view_pointed(self, message: MapView.Pointed) -> None:
        """Start a run where the map was clicked."""
        point = (message.x,) if self.explorer.surface.dimension == 1 else (message.x, message.y)
        self.attempt(partial(self.explorer.start_at, point))

    def on_map_view_scrolled(self, message: MapView.Scrolled) -> None:
        """Zoom about the point under the mouse."""
        point = (message.x,) if self.explorer.surface.dimension == 1 else (message.x, message.y)
        self.attempt(lambda: self.explorer.zoom(1.5 if message.closer else 1 / 1.5, point))

    def on_map_view_drawn(self) -> None:
        """Tell the levels of the new picture."""
        self.show_all()

    def on_cells_view_appeared(self) -> None:
        """Show what is new to a panel that was out of sight."""
        self.show_all()

    def on_key_bar_chosen(self, message: KeyBar.Chosen) -> None:
        """Do what was clicked in the key bar."""
        self.action_perform(message.action)

    async def on_event(self, event: events.Event) -> None:
        """Pass an event on; what is pasted without what a field would pass on to the terminal."""
        if isinstance(event, events.Paste):
            event = events.Paste(safe_line(event.text))
        await super().on_event(event)

    async def action_quit(self) -> None:
        """Leave."""
        self.leave()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Allow no action once the program is ending: a dialog that opens then would keep it from it."""
        return not self._leaving and super().check_action(action, parameters)

    def leave(self, code: int = 0) -> None:
        """Remember the session and end the program."""
        self._leaving = True
        self._searches.stop()
        with contextlib.suppress(ValueError):
            write_session(self.explorer, self.state / SESSION_FILE)
        self.drawing_thread.shutdown(wait=False, cancel_futures=True)
        self.exit(return_code=code)


def _collect_garbage_again() -> None:
    """What is there at the start stays; only what comes later is worth looking through."""
    gc.freeze()
    gc.enable()
