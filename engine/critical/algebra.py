"""SymPy, if it is there in time: its import takes half a second, and many where nothing was compiled yet."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from threading import Thread
from types import ModuleType

from .closed_form import OpenError

_POLL = 0.02
"""Seconds between two looks at the clock."""

_stop: ContextVar[Callable[[], bool] | None] = ContextVar("stop", default=None)


@contextmanager
def waiting_until(stop: Callable[[], bool] | None) -> Iterator[None]:
    """Let `sympy_in_time` wait no longer than until ``stop`` says so; what asks for it is deep down in the algebra."""
    token = _stop.set(stop)
    try:
        yield
    finally:
        _stop.reset(token)


@cache
def _importing() -> Thread:
    thread = Thread(target=importlib.import_module, args=("sympy",), daemon=True)
    thread.start()
    return thread


def sympy_in_time() -> ModuleType:
    """Return SymPy. Raises :class:`OpenError` if it is not there when the time is up; its import goes on behind."""
    thread, stop = _importing(), _stop.get()
    while thread.is_alive():
        if stop is not None and stop():
            raise OpenError("SymPy is still being imported")
        thread.join(_POLL)
    return importlib.import_module("sympy")
