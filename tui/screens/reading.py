"""Dialogs to read: the help, and the exact derivatives."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from ..background import PATIENCE, in_background
from .dialog import Dialog, Note


class Help(Dialog[None]):
    """Every key, grouped by purpose."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,q", "leave", show=False),
    ]

    def __init__(self, groups: Sequence[tuple[str, Sequence[tuple[str, str]]]], closing: str) -> None:
        super().__init__()
        self._groups = groups
        self._below = closing

    def compose(self) -> ComposeResult:
        """Lay out the groups."""
        with Vertical(id="dialog") as box:
            box.border_title = "help"
            box.border_subtitle = self.words("↑↓ scroll   escape leave")
            with VerticalScroll():
                for title, rows in self._groups:
                    yield Static(Content.styled(title, "bold $accent"))
                    width = max(len(keys) for keys, _ in rows)
                    for keys, text in rows:
                        yield Static(
                            Content.assemble(
                                (f"  {keys:<{max(width, 14)}}  ", "bold"), (self.words(text), "$foreground")
                            )
                        )
                    yield Static("")
                yield Note(self._below, classes="muted", markup=False)

    def on_mount(self) -> None:
        """Let the arrows scroll."""
        self.query_one(VerticalScroll).focus()


class Derivatives(Dialog[None]):
    """The exact formulas of f, its gradient and its Hessian, written by SymPy in the background."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d,q", "leave", show=False),
    ]

    def __init__(self, write: Callable[[], Sequence[tuple[str, str]]]) -> None:
        super().__init__()
        self._write = write

    def compose(self) -> ComposeResult:
        """Lay out the text, which comes when SymPy has written it."""
        with Vertical(id="dialog") as box:
            box.border_title = "exact derivatives"
            box.border_subtitle = self.words("↑↓ scroll   escape leave")
            with VerticalScroll():
                yield Note("SymPy is writing them", id="formulas", markup=False)

    def on_mount(self) -> None:
        """Start writing."""
        self.query_one(VerticalScroll).focus()
        fill: Callable[[], Any] = self._fill
        self.run_worker(fill, exclusive=True, exit_on_error=False)

    async def _fill(self) -> None:
        try:
            parts = await asyncio.wait_for(asyncio.wrap_future(in_background(self._write)), PATIENCE)
        except TimeoutError:
            text = Content(
                f"SymPy has not written them within {PATIENCE:g} s; the numbers shown are exact all the same"
            )
        except ValueError as error:
            text = Content(str(error))
        else:
            text = Content.assemble(
                *(
                    part
                    for name, formula in parts
                    for part in ((f"{self.words(name)}\n", "bold $accent"), f"  {self.words(formula)}\n\n")
                )
            )
        self.query_one("#formulas", Note).update(text)
