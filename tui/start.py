"""Opening the explorer: from the command line's arguments to a running app."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .paths import state_folder
from .terminal import colour_depth, glyph_name, prepare_textual

if TYPE_CHECKING:
    from .explorer import Explorer

SESSION_FILE = "session.json"


def open_explorer(arguments: argparse.Namespace) -> int:
    """Open the explorer and return the exit code; raises ValueError for what can't be understood."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise ValueError("the explorer needs a terminal; 'curvtui run' works without one")
    depth = colour_depth(arguments.color, os.environ)
    prepare_textual(depth)
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
    app.run(mouse=not arguments.no_mouse)
    return app.return_code or 0


def _opened(arguments: argparse.Namespace) -> Explorer:
    from .explorer import Explorer
    from .request import settings_from, start_from, surface_from

    surface = surface_from(arguments)
    chosen = arguments.lr is not None or any(name == "lr" for name, _ in arguments.set)
    return Explorer(surface, settings_from(arguments), start_from(arguments, surface), chosen_rate=chosen)


def _resumed(arguments: argparse.Namespace) -> Explorer:
    from curvtui.engine.files import read_session

    from .explorer import Explorer

    path = Path(arguments.resume) if arguments.resume else state_folder() / SESSION_FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        what = f"there is no file {path.name}" if arguments.resume else "there is no earlier session to go on with"
        raise ValueError(what) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name} can't be read ({type(error).__name__})") from None
    return Explorer.from_session(read_session(text))
