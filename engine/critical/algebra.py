"""SymPy, if it is there in time: its import takes half a second, and many where nothing was compiled yet."""

from __future__ import annotations

import importlib
from functools import cache
from threading import Thread
from types import ModuleType

from .closed_form import OpenError

PATIENCE = 0.8
"""Seconds that are waited for the import, which no clock can stop; it goes on behind."""


@cache
def _importing() -> Thread:
    thread = Thread(target=importlib.import_module, args=("sympy",), daemon=True)
    thread.start()
    return thread


def sympy_in_time() -> ModuleType:
    """Return SymPy. Raises :class:`OpenError` if it takes too long."""
    thread = _importing()
    thread.join(PATIENCE)
    if thread.is_alive():
        raise OpenError("SymPy is still being imported")
    return importlib.import_module("sympy")
