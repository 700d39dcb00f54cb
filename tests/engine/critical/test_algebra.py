"""Waiting for SymPy: as long as there is time, and no longer."""

import threading

import pytest

from curvtui.engine.critical import algebra
from curvtui.engine.critical.closed_form import OpenError


@pytest.fixture
def slow_import(monkeypatch):
    """An import that goes on until the test lets it end."""
    end = threading.Event()
    thread = threading.Thread(target=end.wait, daemon=True)
    thread.start()
    monkeypatch.setattr(algebra, "_importing", lambda: thread)
    yield end
    end.set()
    thread.join()


def test_it_is_waited_for_while_there_is_time(slow_import):
    looks = []

    def stop():
        looks.append(None)
        if len(looks) == 3:
            slow_import.set()
        return False

    with algebra.waiting_until(stop):
        assert algebra.sympy_in_time().__name__ == "sympy"
    assert len(looks) >= 3


def test_it_is_done_without_when_the_time_is_up(slow_import):
    with algebra.waiting_until(lambda: True), pytest.raises(OpenError):
        algebra.sympy_in_time()
    assert not slow_import.is_set()


def test_the_time_is_that_of_the_innermost_question(slow_import):
    with algebra.waiting_until(lambda: True), algebra.waiting_until(lambda: slow_import.set() or False):
        assert algebra.sympy_in_time().__name__ == "sympy"
