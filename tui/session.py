"""The session on disk: remembered when the program ends, written where the user says, read again."""

from __future__ import annotations

from errno import ENAMETOOLONG
from pathlib import Path

from curvtui.engine.files import KIND, Session, read_session, session_text

from .explorer import Explorer
from .paths import write_atomically

MOST_CHARACTERS = 10_000_000
"""Longest file that is read; a session of ours has some thousand."""

SESSION_FILE = "session.json"
"""The file in the state folder that holds the latest session."""


def write_session(explorer: Explorer, path: Path) -> None:
    """Write the session to a file; raises ValueError with one sentence where that can't be done."""
    try:
        write_atomically(path, session_text(explorer.session))
    except OSError as error:
        raise ValueError(f"the session can't be written to {path.name}: {error.strerror}") from None


def session_path(name: str) -> Path:
    """Return the path of a file as a user names it, ``~`` for the home folder; raises ValueError."""
    try:
        return Path(name).expanduser()
    except RuntimeError as error:
        raise ValueError(f"{name[:60]} is no path: {error}") from None


def refuse_to_overwrite(path: Path) -> None:
    """Raise ValueError where a file stands that is no session: it may be somebody's work."""
    try:
        with path.open(encoding="utf-8") as stream:
            start = stream.read(200)
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError) as error:
        if isinstance(error, OSError) and error.errno == ENAMETOOLONG:
            raise ValueError(f"{path.name[:60]}… is too long for the name of a file") from None
        start = ""
    if KIND not in start:
        raise ValueError(f"{path.name} exists and is no session of curvtui; choose another name")


def load_session(path: Path, *, asked_for: bool) -> Session:
    """Read a session from a file; raises ValueError with one sentence where that can't be done."""
    try:
        with path.open(encoding="utf-8") as stream:
            text = stream.read(MOST_CHARACTERS + 1)
    except FileNotFoundError:
        missing = f"there is no file {path.name}" if asked_for else "there is no earlier session to go on with"
        raise ValueError(missing) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name} can't be read ({type(error).__name__})") from None
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"{path.name} is too long to be a session file")
    return read_session(text)
