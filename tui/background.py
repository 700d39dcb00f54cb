"""Work that may take for ever, done in a thread that nobody has to wait for.

SymPy can't be interrupted, and takes minutes over some formulas. A thread pool's threads (and Textual's
thread workers) are joined when the program ends, so one of them would hang it; a daemon thread is not.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 5.0
"""Seconds after which derivatives that SymPy has not written yet are done without."""


def in_background(work: Callable[[], T]) -> Future[T]:
    """Begin ``work`` in a daemon thread of its own and return its future.

    Once begun it can't be cancelled: who gives up waiting leaves it to run until it is done or the
    program ends.
    """
    future: Future[T] = Future()
    # Else cancelling, as `asyncio.wait_for` does when it gives up, would leave no place for the result.
    future.set_running_or_notify_cancel()

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is asked for
            future.set_exception(error)
        else:
            future.set_result(result)

    Thread(target=run, name="background", daemon=True).start()
    return future


def within(seconds: float, work: Callable[[], T]) -> T | None:
    """Return the result of ``work``, or None if it takes longer; what it raises is raised here."""
    future = in_background(work)
    try:
        return future.result(timeout=seconds)
    except TimeoutError:
        # `work` may have raised one of its own.
        return future.result() if future.done() else None
