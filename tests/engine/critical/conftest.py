"""What concerns all tests of the search for critical points."""

import pytest


@pytest.fixture(autouse=True)
def _have_patience_with_the_machine(monkeypatch):
    """Closed forms of coordinates are looked for in a part of a second, which a busy machine may not have."""
    monkeypatch.setattr("curvtui.engine.critical.analysis._CLOSED_FORMS", 2.0)
