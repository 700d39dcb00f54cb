"""The explorer's screen: which panels there are, and what each is shown of the explorer's state."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from textual.containers import Container, Horizontal, Vertical
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from curvtui.engine.descent.sharpness import StabilityRecord

from .basin_search import BasinQuestion
from .drawing.anatomy_page import StepData, anatomy_page
from .drawing.bars import HeaderData, StatusData, header, status
from .drawing.critical_page import CriticalData, critical_page
from .drawing.curvature_page import CurvatureData, curvature_page
from .drawing.optimizer_page import OptimizerData, optimizer_page
from .drawing.race_page import RaceData, race_page
from .explorer import Explorer, Page
from .snapshot.bars import header_data, status_data
from .snapshot.contest import race_data
from .snapshot.critical import critical_data
from .snapshot.curves import loss_data
from .snapshot.method import optimizer_data
from .snapshot.plane import marks, scene, step_magnification
from .snapshot.point import curvature_data
from .snapshot.step import anatomy, step_data
from .views import Ground
from .widgets.key_bar import KeyBar
from .widgets.loss_view import LossView
from .widgets.map_view import MapView
from .widgets.page_view import PageView, Panel

MAPS = ("map", "map-2", "map-3", "map-4")
"""The maps' names; beyond the first they are shown where the screen has the class ``-two`` or ``-four``."""


def compose_panels() -> Iterator[Widget]:
    """Lay out the header, the map with the side panels, the status line and the key bar."""
    yield PageView[HeaderData](header, id="header")
    with Horizontal(id="body"):
        with Container(id="maps"):
            for name in MAPS:
                yield MapView(id=name)
        with Vertical(id="side"):
            yield Panel[CurvatureData](curvature_page, title=Page.POINT.value, id="curvature")
            yield Panel[CriticalData](critical_page, title=Page.CRITICAL.value, id="critical")
            yield Panel[StepData](anatomy_page, title=Page.STEP.value, id="step")
            yield Panel[RaceData](race_page, title=Page.RACE.value, id="race")
            yield Panel[OptimizerData](optimizer_page, title="optimizer", id="optimizer")
            yield LossView(id="loss")
    yield PageView[StatusData](status, id="status")
    yield KeyBar(id="keys")
    yield Static("curvtui needs 40 columns and 12 rows; this terminal has fewer. q quits.", id="small")


def selected_map(screen: Screen[Any], explorer: Explorer) -> MapView:
    """Return the map that keys and the status line are about."""
    return screen.query_one(f"#{MAPS[explorer.sight.selected]}", MapView)


class Panels:
    """Shows the explorer's state on its screen; each panel repaints only what differs."""

    def __init__(self) -> None:
        self._stability = StabilityRecord()

    def show(self, screen: Screen[Any], explorer: Explorer, race_keys: str) -> None:
        """Show everything; ``race_keys`` says how runners are added."""
        for page in Page:
            screen.set_class(explorer.page is page, f"-{page.name.lower()}")
        screen.query_one("#header", PageView).show(header_data(explorer))
        view = self._show_maps(screen, explorer)
        self._show_page(screen, explorer, race_keys)
        screen.query_one("#optimizer", PageView).show(optimizer_data(explorer))
        screen.query_one(LossView).show(loss_data(explorer, self._stability))
        screen.query_one("#status", PageView).show(status_data(explorer, view.picture))

    def _show_maps(self, screen: Screen[Any], explorer: Explorer) -> MapView:
        """Show every map that is open, and return the selected one."""
        sight = explorer.sight
        sight.fit_into(*screen.size)
        shown = sight.shown
        screen.set_class(len(shown) == 2, "-two")
        screen.set_class(len(shown) == 4, "-four")
        for number, style in enumerate(shown):
            view = screen.query_one(f"#{MAPS[number]}", MapView)
            view.name_it(style.title, chosen=len(shown) > 1 and number == sight.selected)
            view.show(scene(explorer, style))
            view.show_marks(marks(explorer, style, view.picture))
        return selected_map(screen, explorer)

    def basin_question(self, screen: Screen[Any], explorer: Explorer) -> BasinQuestion | None:
        """Return what is to be known of the basins for the first map that shows them, None where none does."""
        for number, style in enumerate(explorer.sight.shown):
            picture = screen.query_one(f"#{MAPS[number]}", MapView).picture
            if style.ground is Ground.BASINS and style.camera is None and picture is not None:
                port = picture.viewport
                rows = port.rows if explorer.surface.dimension > 1 else 1
                return BasinQuestion(explorer.surface, explorer.run.settings, explorer.view, port.columns, rows)
        return None

    def _show_page(self, screen: Screen[Any], explorer: Explorer, race_keys: str) -> None:
        """Show the one of the side's pages that is open."""
        if explorer.page is Page.STEP:
            picture = selected_map(screen, explorer).picture
            longer = 1.0 if explorer.run.ended else step_magnification(anatomy(explorer.run), picture)
            screen.query_one("#step", PageView).show(step_data(explorer, longer))
        elif explorer.page is Page.RACE:
            screen.query_one("#race", PageView).show(race_data(explorer, race_keys))
        else:
            screen.query_one("#curvature", PageView).show(curvature_data(explorer))
            screen.query_one("#critical", PageView).show(critical_data(explorer))
