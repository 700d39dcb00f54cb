"""The explorer's screen: which panels there are, and what each is shown of the explorer's state."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from textual.containers import Container, Vertical
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from curvtui.engine.descent.sharpness import StabilityRecord

from .basin_search import BasinQuestion
from .drawing.anatomy_page import StepData, anatomy_page
from .drawing.bars import HeaderData, StatusData, header, status
from .drawing.critical_page import CriticalData, critical_page
from .drawing.curvature_page import CurvatureData, curvature_page
from .drawing.model_layer import ModelData
from .drawing.optimizer_page import OptimizerData, optimizer_page
from .drawing.picture import Picture
from .drawing.race_page import RaceData, race_page
from .drawing.tabs import TabsData
from .explorer import Explorer
from .layout import LEAST
from .pacing import Pacing
from .pages import Page
from .snapshot.bars import header_data, status_data
from .snapshot.contest import race_data
from .snapshot.critical import critical_data
from .snapshot.curves import loss_data
from .snapshot.method import optimizer_data
from .snapshot.plane import marks, model_data, scene, step_magnification
from .snapshot.point import curvature_data
from .snapshot.sections import sections_data
from .snapshot.step import anatomy, step_data
from .views import Ground, MapStyle
from .widgets.cells_view import CellsView
from .widgets.key_bar import KeyBar
from .widgets.loss_view import LossView
from .widgets.map_view import MapView
from .widgets.page_view import PageView, Panel
from .widgets.sections_view import SectionsView
from .widgets.tab_strip import TabStrip

MAPS = ("map", "map-2", "map-3", "map-4")
"""The maps' names; beyond the first they are shown where the screen has the class ``-two`` or ``-four``."""


class ExplorerScreen(Screen[None], inherit_bindings=False):
    """The explorer's own screen: tab is a key of the table of actions here, not Textual's own."""


def compose_panels() -> Iterator[Widget]:
    """Lay out the header, the map with the side panels and their tabs, the status line and the key bar."""
    yield PageView[HeaderData](header, id="header")
    with Container(id="body"):
        with Container(id="maps"):
            for name in MAPS:
                yield MapView(id=name)
        with Vertical(id="side"):
            yield TabStrip(id="tabs")
            with Container(id="columns"):
                with Vertical(id="first"):
                    yield Panel[CurvatureData](curvature_page, title=Page.POINT.value, id="curvature")
                    yield Panel[CriticalData](critical_page, title=Page.CRITICAL.value, id="critical")
                    yield Panel[OptimizerData](optimizer_page, title=Page.OPTIMIZER.value, id="optimizer")
                with Vertical(id="second"):
                    yield Panel[StepData](anatomy_page, title=Page.STEP.value, id="step")
                    yield Panel[RaceData](race_page, title=Page.RACE.value, id="race")
                    yield SectionsView(id="sections")
                    yield LossView(id="loss")
    yield PageView[StatusData](status, id="status")
    yield KeyBar(id="keys")
    columns, rows = LEAST
    yield Static(f"curvtui needs {columns} columns and {rows} rows; this terminal has fewer. q quits.", id="small")


def selected_map(screen: Screen[Any], explorer: Explorer) -> MapView:
    """Return the map that keys and the status line are about."""
    return screen.query_one(f"#{MAPS[explorer.sight.selected]}", MapView)


class Panels:
    """Shows the explorer's state on its screen; each panel repaints only what differs.

    What nobody sees is not worked out: a page behind another tab.
    """

    def __init__(self, sent: Callable[[], int]) -> None:
        self._sent = sent
        """How many bytes the terminal has been sent so far."""
        self._stability = StabilityRecord()
        self._pacing = Pacing()
        self._classes: frozenset[str] = frozenset()
        self._models: dict[int, ModelData] = {}

    def show(self, screen: Screen[Any], explorer: Explorer, tabs: TabsData, race_keys: str) -> None:
        """Show everything; ``tabs`` are those that there are at this size, ``race_keys`` says how runners are added."""
        self.turn(screen, tabs)
        # Whatever may be in sight after the next layout is shown before it.
        moved, self._classes = screen.classes != self._classes, screen.classes

        def to_be_seen(view: CellsView) -> bool:
            view.outdated = not (moved or view.in_sight)
            return not view.outdated

        screen.query_one("#header", PageView).show(header_data(explorer))
        view = self._show_maps(screen, explorer)
        surface, method = explorer.surface, explorer.run.settings.optimizer
        if to_be_seen(panel := screen.query_one("#curvature", Panel)):
            panel.show(curvature_data(explorer), surface)
        if to_be_seen(panel := screen.query_one("#critical", Panel)):
            panel.show(critical_data(explorer), surface)
        if to_be_seen(panel := screen.query_one("#optimizer", Panel)):
            panel.show(optimizer_data(explorer), method)
        if explorer.page is Page.STEP:
            longer = 1.0 if explorer.run.ended else step_magnification(anatomy(explorer.run), view.picture)
            screen.query_one("#step", Panel).show(step_data(explorer, longer), method)
        elif explorer.page is Page.RACE:
            screen.query_one("#race", Panel).show(race_data(explorer, race_keys), len(explorer.race.runners))
        elif explorer.page is Page.SECTIONS:
            screen.query_one(SectionsView).show(sections_data(explorer, explorer.section))
        if to_be_seen(curve := screen.query_one(LossView)):
            curve.show(loss_data(explorer, self._stability), together=not moved)
        screen.query_one("#status", PageView).show(status_data(explorer, view.picture))

    @staticmethod
    def turn(screen: Screen[Any], tabs: TabsData) -> None:
        """Open the tab that is to be open."""
        screen.query_one(TabStrip).show(tabs)
        opened = tabs.tabs[tabs.open].name
        for page in Page:
            screen.set_class(page.name == opened, f"-{page.name.lower()}")

    def _show_maps(self, screen: Screen[Any], explorer: Explorer) -> MapView:
        """Show every map that is open, and return the selected one."""
        sight = explorer.sight
        sight.fit_into(*screen.size)
        sent, now = self._sent(), time.monotonic()
        if not explorer.playing or self._pacing.is_time(sent, now):
            # A new one is new level lines all over the map.
            self._models = {}
            self._pacing.begin(sent, now)
        models: dict[int, ModelData] = {}
        shown = sight.shown
        screen.set_class(len(shown) == 2, "-two")
        screen.set_class(len(shown) == 4, "-four")
        for number, style in enumerate(shown):
            view = screen.query_one(f"#{MAPS[number]}", MapView)
            view.name_it(style.title, chosen=len(shown) > 1 and number == sight.selected)
            view.show(scene(explorer, style))
            if model := self._model(number, explorer, style, view.picture):
                models[number] = model
            view.show_marks(marks(explorer, view.picture, model))
        self._models = models
        chosen = selected_map(screen, explorer)
        if isinstance(screen.focused, MapView) and screen.focused is not chosen:
            # Two marks of one meaning must not be on two maps.
            chosen.focus(scroll_visible=False)
        return chosen

    def _model(self, number: int, explorer: Explorer, style: MapStyle, picture: Picture | None) -> ModelData | None:
        """The local model for a map that shows it; while a run plays, perhaps that of a moment ago."""
        if not style.model or style.camera is not None:
            return None
        before = self._models.get(number)
        if before is not None and explorer.playing:
            return before
        return model_data(explorer, picture)

    def basin_question(self, screen: Screen[Any], explorer: Explorer) -> BasinQuestion | None:
        """Return what is to be known of the basins for the first map that shows them, None where none does."""
        for number, style in enumerate(explorer.sight.shown):
            picture = screen.query_one(f"#{MAPS[number]}", MapView).picture
            if style.ground is Ground.BASINS and picture is not None:
                port = picture.viewport
                rows = port.rows if explorer.surface.dimension > 1 else 1
                return BasinQuestion(explorer.surface, explorer.run.settings, explorer.view, port.columns, rows)
        return None
