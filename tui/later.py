"""Calling a widget back after some seconds, however busy the machine is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.message_pump import MessagePump


def later(pump: MessagePump, seconds: float, callback: Callable[[], object]) -> asyncio.TimerHandle:
    """Call back in a widget's own turn after ``seconds``; ``cancel`` of what is returned prevents it.

    Not Textual's ``set_timer``: where the processor is away for longer than ``seconds`` just when such a timer starts,
    it takes its one call for missed and never makes it.
    """
    return asyncio.get_running_loop().call_later(seconds, pump.call_next, callback)
