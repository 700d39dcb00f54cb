import asyncio
import threading
import time

import pytest

from curvtui.tui.background import in_background, within


def test_what_is_done_in_time_is_returned():
    assert within(60, lambda: 6 * 7) == 42
    assert within(60, threading.current_thread) is not threading.current_thread()


def test_what_takes_too_long_is_done_without():
    done = threading.Event()
    began = time.perf_counter()
    assert within(0.01, lambda: done.wait(60)) is None
    assert time.perf_counter() - began < 30
    done.set()


def test_its_thread_does_not_keep_the_program():
    assert within(60, lambda: threading.current_thread().daemon) is True


@pytest.mark.parametrize("error", [ValueError("no"), TimeoutError("its own"), KeyboardInterrupt(), RecursionError()])
def test_what_it_raises_is_raised_here(error):
    def fail():
        raise error

    with pytest.raises(type(error)) as caught:
        within(60, fail)
    assert caught.value is error


async def test_giving_up_leaves_no_trace(caplog, recwarn):
    done = threading.Event()
    future = in_background(lambda: done.wait(60))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.wrap_future(future), 0.01)
    done.set()
    assert future.result(60) is True
    await asyncio.sleep(0)
    assert not caplog.records


async def test_a_coroutine_can_wait_for_it():
    assert await asyncio.wait_for(asyncio.wrap_future(in_background(lambda: "done")), 60) == "done"
