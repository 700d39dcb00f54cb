"""The formula editor: what is wrong is shown under the caret while typing; the old surface stays until enter."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input

from curvtui.engine.surface.errors import FormulaError
from curvtui.engine.surface.functions import FUNCTIONS

from ..later import later
from ..sanitize import safe_text
from .dialog import Dialog, Note

LONG = 200
"""Characters from which a formula is not judged at each key: it may take longer than the next key."""

_EXAMPLE = (
    "x and y, or one or two other letters; other letters beside x and y are parameters. + - * / ^ ( ) pi e, "
    f"{' '.join(FUNCTIONS)}"
)


@dataclass(frozen=True)
class FormulaRequest:
    """What was typed: a formula, its parameters (``a=1 b=2``) and a box (``-2 2 -2 2``)."""

    formula: str
    parameters: str
    box: str


class FormulaEditor(Dialog[FormulaRequest]):
    """Type a formula; ``describe`` returns what it would be, or raises ValueError."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "older(1)", show=False),
        Binding("down", "older(-1)", show=False),
    ]

    def __init__(
        self, request: FormulaRequest, history: Sequence[str], describe: Callable[[FormulaRequest], str]
    ) -> None:
        super().__init__()
        self._request = request
        self._history = [request.formula, *(entry for entry in history if entry != request.formula)]
        self._describe = describe
        self._at = 0
        self._judging: asyncio.TimerHandle | None = None

    def compose(self) -> ComposeResult:
        """Lay out the fields, the message under them and the hints."""
        with Vertical(id="dialog") as box:
            box.border_title = "formula"
            box.border_subtitle = self.words("enter open  ↑↓ earlier  tab fields  escape leave")
            yield Input(self._request.formula, id="formula", placeholder="x**2 + y**2", select_on_focus=True)
            yield Note(id="error", classes="error", markup=False)
            yield Note(id="preview", classes="muted", markup=False)
            with Horizontal(classes="field"):
                yield Note("parameters", classes="label", markup=False)
                yield Input(
                    self._request.parameters,
                    id="parameters",
                    placeholder="values of letters beside x and y, such as a=1 b=2",
                )
            with Horizontal(classes="field"):
                yield Note("box", classes="label", markup=False)
                yield Input(self._request.box, id="box", placeholder="-2 2 -2 2: low and high of each variable")
            yield Note(_EXAMPLE, classes="muted", markup=False)

    def _typed(self) -> FormulaRequest:
        return FormulaRequest(*(self.query_one(f"#{n}", Input).value for n in ("formula", "parameters", "box")))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what the formula is, or what is wrong with it; of a long one, when the typing pauses."""
        self.on_unmount()
        if len(event.value) <= LONG:
            self._judge()
        else:
            self._judging = later(self, 0.1, self._judge)

    def on_unmount(self) -> None:
        """Judge no more what was typed before."""
        if self._judging is not None:
            self._judging.cancel()

    def _judge(self) -> bool:
        error, preview = self.query_one("#error", Note), self.query_one("#preview", Note)
        try:
            preview.say(safe_text(self._describe(self._typed()), 300))
            error.say("")
            return True
        except FormulaError as wrong:
            width = max(20, self.query_one("#formula", Input).size.width - 4)
            excerpt = wrong.excerpt(width)
            message = safe_text(wrong.message)
            error.say(f"{excerpt}\n{message}" if excerpt else message)
        except ValueError as wrong:
            error.say(safe_text(str(wrong)))
        preview.say("")
        return False

    def on_input_submitted(self) -> None:
        """Open the surface, if nothing is wrong."""
        if self._judge():
            self.leave_with(self._typed())
        else:
            self.app.bell()

    def action_older(self, by: int) -> None:
        """Put an earlier (or later) formula into the field."""
        self._at = max(0, min(len(self._history) - 1, self._at + by))
        field = self.query_one("#formula", Input)
        field.value = self._history[self._at]
        field.cursor_position = len(field.value)
