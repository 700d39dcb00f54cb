"""Fixtures of the interface's tests: apps with folders of their own."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.surface.surface import Surface, open_surface
from curvtui.tui.app import CurvtuiApp
from curvtui.tui.explorer import Explorer


@pytest.fixture(autouse=True)
def _leave_the_collector_alone(monkeypatch):
    """The app freezes its garbage once it is up; with an app a test that would keep every one of them."""
    monkeypatch.setattr("gc.freeze", lambda: None)


@pytest.fixture(autouse=True)
def _have_patience_with_sympy(monkeypatch):
    """On a busy machine its import alone may take longer than a user would wait."""
    monkeypatch.setattr("curvtui.tui.background.PATIENCE", 60.0)
    monkeypatch.setattr("curvtui.tui.screens.reading.PATIENCE", 60.0)


@pytest.fixture(autouse=True)
def _have_patience_with_the_machine(monkeypatch):
    """What a busy machine is slow at must neither end a search early nor outlive a toast that is looked for."""
    monkeypatch.setattr("curvtui.tui.survey.SECONDS", 30.0)
    monkeypatch.setattr("curvtui.engine.critical.analysis._CLOSED_FORMS", 2.0)
    monkeypatch.setattr("curvtui.tui.app.TOAST_SECONDS", 600.0)


@pytest.fixture
def folders(tmp_path) -> SimpleNamespace:
    """The user's folders, empty."""
    made = SimpleNamespace(config=tmp_path / "config", state=tmp_path / "state")
    for folder in vars(made).values():
        folder.mkdir()
    return made


@pytest.fixture
def new_app(folders) -> Callable[..., CurvtuiApp]:
    """Make an app on a surface; what is not named is as after a bare ``curvtui``."""

    def make(
        surface: str | Surface = "quartic",
        start: tuple[float, ...] = (0.5, -1.5),
        *,
        optimizer: str = "gd",
        lr: float | None = 0.02,
        noise: float = 0.0,
        explorer: Explorer | None = None,
        **options: object,
    ) -> CurvtuiApp:
        if explorer is None:
            opened = open_surface(surface) if isinstance(surface, str) else surface
            values = {} if lr is None else {"lr": lr}
            settings = RunSettings(optimizer, values, noise=noise)
            explorer = Explorer(opened, settings, start, chosen_rate=lr is not None)
        return CurvtuiApp(explorer, config=folders.config, state=folders.state, **options)

    return make
