"""Where the user's files are, and how they are written: whole, or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path


def config_folder() -> Path:
    """Return the folder of the user's settings and themes (it may not exist)."""
    from platformdirs import user_config_path

    return user_config_path("curvtui", appauthor=False)


def state_folder() -> Path:
    """Return the folder of what the program remembers: the last session, the formula history."""
    from platformdirs import user_state_path

    return user_state_path("curvtui", appauthor=False)


def write_atomically(path: Path, text: str) -> None:
    """Write a text file so that a reader sees the old content or the new, never half of it.

    A link stays a link, to the new content; what is no file (``/dev/null``, a pipe) is written to as it is.

    Raises:
        OSError: the folder can't be made or written to.
    """
    if path.exists() and not path.is_file():
        path.write_text(text, encoding="utf-8")
        return
    path = Path(os.path.realpath(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".curvtui.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, _mode(path))
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _mode(path: Path) -> int:
    """The file's own mode where it exists, else what a plain ``open`` would have given it."""
    try:
        return path.stat().st_mode & 0o777
    except OSError:
        umask = os.umask(0)
        os.umask(umask)
        return 0o666 & ~umask
