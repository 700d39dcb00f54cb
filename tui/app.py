"""The Textual application: wires the explorer, the actions and the widgets together."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar

from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.surface.presets import PRESETS
from curvtui.engine.surface.surface import Surface, open_surface
from textual.app import App, ComposeResult, SystemCommand
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.driver import Driver
from textual.screen import Screen
from textual.timer import Timer

from . import dialogs, snapshot
from .actions import ACTIONS, KEY_BAR
from .drawing.bars import HeaderData, KeyHint, StatusData, header, status
from .drawing.cells import ColourDepth
from .drawing.curvature_page import CurvatureData, curvature_page
from .drawing.glyphs import glyph_set
from .drawing.look import Look
from .drawing.optimizer_page import OptimizerData, optimizer_page
from .explorer import Explorer
from .history import FormulaHistory
from .keymap import Config, bindings, key_text, keys_of, read_config
from .output import thrifty
from .paths import config_folder, state_folder
from .sanitize import safe_text
from .screens.formula import FormulaRequest
from .screens.picker import Choice, Picker
from .start import SESSION_FILE
from .themes import DEFAULT_THEME, ThemeError, load_theme, theme_names, to_textual
from .widgets.cells_view import CellsView
from .widgets.key_bar import KeyBar
from .widgets.loss_view import LossView
from .widgets.map_view import MapView
from .widgets.page_view import PageView, Panel

FRAMES = 30
"""Most frames a second of playback."""


class CurvtuiApp(App[None]):
    """The explorer on a terminal."""

    CSS_PATH = "app.tcss"
    TITLE = "curvtui"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]
    COMMAND_PALETTE_BINDING = "ctrl+p"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (68, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (34, "-high")]  # noqa: RUF012

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
        self._colours = depth != "none"
        super().__init__()
        self.explorer: Explorer = explorer
        self.drawing_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="drawing")
        self._config_folder = config_folder() if config is None else config
        self._state_folder = state_folder() if state is None else state
        self.formulas = FormulaHistory(self._state_folder / "formulas.json")
        self._complaints: list[str] = []
        self._config = self._read_config()
        self.remapped = self._config.keys
        self._look = Look(load_theme(DEFAULT_THEME), glyph_set(glyphs), ColourDepth(depth))
        self._playback: Timer | None = None
        self._last_frame = 0.0
        self._use_theme(theme or self._config.theme or DEFAULT_THEME)

    def _read_config(self) -> Config:
        try:
            return read_config(self._config_folder / "config.toml")
        except ValueError as error:
            self._complaints.append(str(error))
            return Config({}, None)

    def get_driver_class(self) -> type[Driver]:
        """Send only what changed: see :mod:`.output`."""
        driver = super().get_driver_class()
        return thrifty(driver, colours=self._colours)

    def compose(self) -> ComposeResult:
        """Lay out the header, the map with the side panels, the status line and the key bar."""
        yield PageView[HeaderData](header, id="header")
        with Horizontal(id="body"):
            yield MapView(id="map")
            with Vertical(id="side"):
                yield Panel[CurvatureData](curvature_page, title="here", id="curvature")
                yield Panel[OptimizerData](optimizer_page, title="optimizer", id="optimizer")
                yield LossView(id="loss")
        yield PageView[StatusData](status, id="status")
        yield KeyBar(id="keys")

    def on_mount(self) -> None:
        """Take over the user's keys, prepare playback and signals, and show everything."""
        if self.remapped:
            self.set_keymap(dict(self.remapped))
        self._playback = self.set_interval(1 / FRAMES, self._frame, pause=True)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            # Not in the main thread, or not on this system: then the default action must do.
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(number, self._ended_by, number)
        self.query_one(MapView).focus()
        for complaint in self._complaints:
            self.complain(complaint)
        self.show_all()

    def _ended_by(self, number: int) -> None:
        self.leave(128 + number)

    # One way through: an action changes the explorer, then every panel is shown what is new.

    def action_perform(self, name: str) -> None:
        """Do an action by its name."""
        try:
            ACTIONS[name].perform(self)
        except ValueError as error:
            self.complain(str(error))
        self.show_all()

    def show_all(self) -> None:
        """Show the explorer's state; each panel repaints only what differs."""
        if not self.is_running or self._playback is None:
            return
        explorer = self.explorer
        screen = self.screen_stack[0]
        screen.query_one("#header", PageView).show(snapshot.header_data(explorer))
        view = screen.query_one(MapView)
        view.show(snapshot.scene(explorer))
        view.show_marks(snapshot.marks(explorer))
        screen.query_one("#curvature", PageView).show(snapshot.curvature_data(explorer))
        screen.query_one("#optimizer", PageView).show(snapshot.optimizer_data(explorer))
        screen.query_one(LossView).show(snapshot.loss_data(explorer))
        screen.query_one("#status", PageView).show(snapshot.status_data(explorer))
        screen.query_one(KeyBar).show(self._key_hints())
        if explorer.playing:
            self._playback.resume()
        else:
            self._playback.pause()
            self._last_frame = 0.0

    def _frame(self) -> None:
        now = time.perf_counter()
        seconds = now - self._last_frame if self._last_frame else 0.0
        self._last_frame = now
        before = self.explorer.run.version
        if not self.explorer.play(seconds) or self.explorer.run.version != before:
            self.show_all()

    def _key_hints(self) -> tuple[KeyHint, ...]:
        playing = self.explorer.playing
        hints = []
        for name in KEY_BAR:
            keys = [key_text(key, self.look.glyphs) for key in keys_of(name, self.remapped)[:1]]
            label = "pause" if name == "play" and playing else ACTIONS[name].label
            hints.append(KeyHint("".join(keys), label, name))
        return tuple(hints)

    def complain(self, message: str) -> None:
        """Show what is wrong as a toast."""
        self.notify(safe_text(message), severity="error", markup=False)

    # What actions ask of the app.

    def move_cursor(self, right: int, up: int) -> None:
        """Move the cursor by cells of the map."""
        view, explorer = self.query_one(MapView), self.explorer
        at = explorer.cursor
        if explorer.surface.dimension == 1:
            x, _ = view.neighbour((at[0], 0.0), right, 0)
            explorer.place_cursor((x,))
        else:
            explorer.place_cursor(view.neighbour((at[0], at[1]), right, up))

    def start_here(self) -> None:
        """Start a run at the cursor."""
        self.explorer.start_at(self.explorer.cursor)

    def next_levels(self) -> None:
        """Place the contour levels another way."""
        self.explorer.next_method()

    def _ask(self, screen: Screen[Any], then: Callable[..., None]) -> None:
        self.explorer.playing = False

        def answered(answer: object) -> None:
            if answer is not None:
                try:
                    then(answer)
                except ValueError as error:
                    self.complain(str(error))
            self.show_all()

        self.push_screen(screen, answered)

    def pick_surface(self) -> None:
        """Ask for another preset."""
        self._ask(dialogs.surface_picker(self.explorer.surface.name), self.open_preset)

    def open_preset(self, name: str) -> None:
        """Open a preset by its name."""
        self.explorer.open(open_surface(name))

    def edit_formula(self) -> None:
        """Ask for a formula."""

        def opened(request: FormulaRequest) -> None:
            surface: Surface = dialogs.surface_of(request)
            self.explorer.open(surface)
            self.formulas.add(request.formula)

        self._ask(dialogs.formula_editor(self.explorer, self.formulas), opened)

    def pick_optimizer(self) -> None:
        """Ask for another optimizer."""
        self._ask(dialogs.optimizer_picker(self.explorer.run.settings.optimizer), self.explorer.choose_optimizer)

    def edit_settings(self) -> None:
        """Ask for other settings."""
        self._ask(dialogs.settings_form(self.explorer), self.explorer.change_settings)

    def ask_iterate(self) -> None:
        """Ask for an iterate to go to."""
        length = self.explorer.run.length
        self._ask(
            dialogs.iterate_form(self.explorer),
            lambda changed: self.explorer.jump(dialogs.iterate_number(changed["iterate"], length)) if changed else None,
        )

    def ask_session_file(self) -> None:
        """Ask where to write the session."""
        name = f"{self.explorer.surface.name}.json"

        def written(changed: dict[str, str]) -> None:
            path = dialogs.write_session(self.explorer, changed.get("file", name))
            self.notify(safe_text(f"written to {path.name}"), markup=False)

        self._ask(dialogs.file_form(name), written)

    def show_derivatives(self) -> None:
        """Show the exact derivatives."""
        self.push_screen(dialogs.derivatives_dialog(self.explorer.surface))

    def show_help(self) -> None:
        """Show the help."""
        self.push_screen(dialogs.help_dialog(self))

    # Theme.

    @property
    def look(self) -> Look:
        """How everything is drawn."""
        return self._look

    def _use_theme(self, name: str) -> None:
        try:
            theme = load_theme(name, self._config_folder / "themes")
        except ThemeError as error:
            self._complaints.append(str(error))
            if self._playback is not None:
                self.complain(str(error))
            return
        self._look = Look(theme, self._look.glyphs, self._look.depth)
        self.register_theme(to_textual(theme))
        self.theme = theme.name
        if self._playback is not None:
            for view in self.screen_stack[0].query(CellsView):
                view.redraw()

    def pick_theme(self) -> None:
        """Ask for another theme, and show each while it is highlighted."""
        before = self.look.theme.name
        names = theme_names(self._config_folder / "themes")
        choices = [Choice(name, load_theme(name, self._config_folder / "themes").title) for name in names]
        picker = Picker("theme", choices, before, preview=self._use_theme)
        self.push_screen(picker, lambda name: self._use_theme(name or before))

    # Command palette and end.

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Offer every action, surface and optimizer in the command palette."""
        for action in ACTIONS.values():
            if action.name != "palette":
                yield SystemCommand(action.name.replace("_", " "), action.help, _doing(self, action.name))
        for preset in PRESETS.values():
            yield SystemCommand(f"surface {preset.name}", preset.teaches, _later(self, self.open_preset, preset.name))
        for optimizer in OPTIMIZERS.values():
            choose = self.explorer.choose_optimizer
            yield SystemCommand(f"optimizer {optimizer.name}", optimizer.summary, _later(self, choose, optimizer.name))

    async def action_quit(self) -> None:
        """Leave."""
        self.leave()

    def leave(self, code: int = 0) -> None:
        """Remember the session and end the program."""
        with contextlib.suppress(ValueError):
            dialogs.write_session(self.explorer, str(self._state_folder / SESSION_FILE))
        self.drawing_thread.shutdown(wait=False, cancel_futures=True)
        self.exit(return_code=code)


def _doing(app: CurvtuiApp, name: str) -> Callable[[], None]:
    return lambda: app.action_perform(name)


def _later(app: CurvtuiApp, perform: Callable[[str], None], name: str) -> Callable[[], None]:
    def run() -> None:
        try:
            perform(name)
        except ValueError as error:
            app.complain(str(error))
        app.show_all()

    return run
