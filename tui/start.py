"""Opening the explorer: from the command line's arguments to a running app."""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from .hangup import watch
from .paths import state_folder
from .terminal import colour_depth, glyph_name, prepare_textual

if TYPE_CHECKING:
    from .explorer import Explorer


def open_explorer(arguments: argparse.Namespace) -> int:
    """Open the explorer and return the exit code; raises ValueError for what can't be understood."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise ValueError("the explorer needs a terminal; 'curvtui run' works without one")
    depth = colour_depth(arguments.color, os.environ)
    prepare_textual(depth)
    _import_in_parallel()
    from .themes import load_theme

    if arguments.theme is not None:
        from .paths import config_folder

        load_theme(arguments.theme, config_folder() / "themes")
    explorer = _resumed(arguments) if arguments.resume is not None else _opened(arguments)
    from .app import CurvtuiApp

    app = CurvtuiApp(
        explorer,
        theme=arguments.theme,
        depth=depth,
        glyphs=glyph_name(arguments.glyphs, os.environ),
    )
    watch(sys.stdin.fileno())
    app.run(mouse=not arguments.no_mouse)
    if app.return_code == 128 + signal.SIGHUP:
        _write_nowhere()
    return app.return_code or 0


def _write_nowhere() -> None:
    """Let what is still unwritten go nowhere: at exit Python would try a terminal that is gone, and fail."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())


def _import_in_parallel() -> None:
    """Import NumPy beside Textual, without garbage collection: a tenth of the time to the first map."""
    gc.disable()
    numpy = threading.Thread(target=importlib.import_module, args=("curvtui.engine.surface.surface",))
    numpy.start()
    importlib.import_module("textual.app")
    numpy.join()


def _opened(arguments: argparse.Namespace) -> Explorer:
    from .explorer import Explorer
    from .request import settings_from, start_from, surface_from

    surface = surface_from(arguments)
    chosen = arguments.lr is not None or any(name == "lr" for name, _ in arguments.set)
    return Explorer(surface, settings_from(arguments), start_from(arguments, surface), chosen_rate=chosen)


def _resumed(arguments: argparse.Namespace) -> Explorer:
    from .explorer import Explorer
    from .session import SESSION_FILE, load_session

    path = Path(arguments.resume) if arguments.resume else state_folder() / SESSION_FILE
    return Explorer.from_session(load_session(path, asked_for=bool(arguments.resume)))
