"""Noticing that the terminal is gone where no signal tells of it.

The hangup goes to the session's leader; under one that ignores it (``nohup``, some containers) a program is
left with an input that is at its end for ever, which Textual's reader would ask for again and again.
"""

from __future__ import annotations

import os
import select
import signal
import threading
import time

PATIENCE = 5.0
"""Seconds that the program has to end by itself once its terminal is gone."""


def watch(terminal: int) -> None:
    """Send this process SIGHUP when the other end of a terminal (a file descriptor) is closed.

    Where the system has no ``poll``, or none for terminals, nothing is watched.
    """
    if hasattr(select, "poll"):
        threading.Thread(target=_wait, args=(terminal,), name="hangup", daemon=True).start()


def _wait(terminal: int) -> None:
    poll = select.poll()
    # Asked for nothing, it still tells of a hangup, and wakes up for nothing else.
    poll.register(terminal, 0)
    if not any(event & select.POLLHUP for _, event in poll.poll()):
        return
    os.kill(os.getpid(), signal.SIGHUP)
    time.sleep(PATIENCE)
    # Writing to a terminal that is gone may have stopped the event loop for good.
    os._exit(128 + signal.SIGHUP)
