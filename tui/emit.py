"""How the commands without a screen give their answers: strict JSON, to a file or to standard output."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .paths import write_atomically


def strict_json(data: Any) -> str:
    """Return JSON in which every number that is not finite is ``null``."""
    return _json(data) + "\n"


def _json(data: Any) -> str:
    # ASCII throughout, so that it is valid whatever the encoding of standard output.
    try:
        return json.dumps(data, allow_nan=False)
    except (TypeError, ValueError):
        # A mapping that is no dict, or a number that is not finite, somewhere in it: looking for such in all parts,
        # and first of all, would take 10 times longer.
        if isinstance(data, float):
            return "null"
        if isinstance(data, Mapping):
            return "{" + ", ".join(f"{json.dumps(str(key))}: {_json(value)}" for key, value in data.items()) + "}"
        if isinstance(data, Sequence):
            return "[" + ", ".join(map(_json, data)) + "]"
        raise


def emit(text: str, output: str | None) -> None:
    """Write text to a file, or to standard output where ``output`` is None; raises OSError."""
    if output is not None:
        try:
            write_atomically(Path(output), text)
        except OSError as error:
            raise OSError(f"{output} can't be written: {error.strerror}") from None
        return
    if sys.stdout is None:  # closed by who started us
        raise OSError("there is no standard output to write to")
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A sentence with a sign that the terminal's encoding lacks is better than none.
        sys.stdout.reconfigure(errors="replace")
    sys.stdout.write(text)
    sys.stdout.flush()
