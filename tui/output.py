"""What is sent to the terminal: only cells that differ from what it shows, in as few bytes as that takes.

Textual repaints whole spans and sets every style anew; over SSH that is 5 to 10 times what a step changes.
This layer sits in the driver, keeps a model of the terminal's cells, and rewrites each update: unchanged
cells are skipped, styles are sent as differences, and without colour no colour is sent at all. Sequences
that it does not know (modes, titles, the mouse) pass through untouched.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from rich.cells import get_character_cell_size
from textual.driver import Driver

from .cell_style import PLAIN, Style, blank_style, difference, styled
from .sanitize import safe_cells

_TOKEN = re.compile(
    # Text between a style and its end: what Textual writes nearly all of.
    r"\x1b\[(?P<codes>[0-9;]+)m(?P<run>[^\x1b\n\r]+)\x1b\[0m"
    r"|(?P<text>[^\x1b\n\r]+)"
    r"|\x1b\[(?P<style>[0-9;]*)m"
    r"|\x1b\[(?P<row>[0-9]+);(?P<column>[0-9]+)H"
    r"|(?P<newline>\n)"
    r"|(?P<other>\x1b\[[0-9;:<=>?]*[ -/]*[@-~]"
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[PX^_][^\x1b]*\x1b\\|\x1b.|\r|\x1b)",
    re.DOTALL,
)
_STRINGS = ("]", "P", "X", "^", "_")
_SYNC = ("\x1b[?2026h", "\x1b[?2026l")
_GAP = 4
"""Unchanged cells this few are sent again, where moving the cursor over them would take more bytes."""


_UNKNOWN = ("\0", PLAIN)
"""A cell whose content is not known; it equals no cell that is ever written."""


class TerminalModel:
    """The cells that a terminal shows, and the shortest way from there to what it should show."""

    def __init__(self, colours: bool = True, ascii_only: bool = False) -> None:
        self._colours = colours
        self._ascii_only = ascii_only
        self.forget()

    def forget(self) -> None:
        """Assume nothing of what the terminal shows: after a resize, or another program's output."""
        self._rows: list[list[tuple[str, Style]]] = []
        # Where the terminal's own cursor and style are known to be; None where they are not.
        self._at: tuple[int, int] | None = None
        self._style: Style | None = None
        self._wanted_at = (-1, -1)

    def rewrite(self, data: str) -> str:
        """Return what to send in place of ``data``, one complete update of Textual's."""
        out: list[str] = []
        row = column = -1
        style = PLAIN
        sent = False
        for token in _TOKEN.finditer(data):
            kind = token.lastgroup
            if kind in ("run", "text"):
                text = token.group(kind)
                if kind == "run":
                    style = self._styled(style, token.group("codes"))
                if row < 0:
                    out.append(text)
                    self._at = None
                    sent = True
                else:
                    column = self._write(row, column, text, style, out)
                if kind == "run":
                    style = PLAIN
            elif kind == "style":
                style = self._styled(style, token.group("style"))
            elif kind == "column":
                row, column = int(token.group("row")) - 1, int(token.group("column")) - 1
            elif kind == "newline":
                row += row >= 0
            else:
                sequence = token.group()
                if row >= 0 and sequence[1:2] in _STRINGS:
                    # Titles, links and the like among cells are no work of ours: they stood in somebody's text.
                    continue
                if sequence not in _SYNC:
                    sent = True
                    # Moves and styles are sent late, but an erasure works with those in force, and so, in the
                    # end, does the shell.
                    if row >= 0 and (row, column) != self._at:
                        out.append(self._move(row, column))
                    out.append(self._style_to(style))
                    if sequence[-1] in "JKLMPSTXr@hl" or sequence == "\x1bc":
                        # Erasing, scrolling and switching screens change cells that are not written.
                        self.forget()
                        self._style = style
                    self._at = None
                out.append(sequence)
        changed = sent or any(piece not in _SYNC for piece in out)
        if row >= 0 and (row, column) != self._at and (changed or (row, column) != self._wanted_at):
            self._wanted_at = (row, column)
            tail = out.pop() if out and out[-1] == _SYNC[1] else ""
            out += [self._move(row, column), tail]
            changed = True
        return "".join(out) if changed else ""

    def _write(self, row: int, column: int, text: str, style: Style, out: list[str]) -> int:
        """Write text into the model, and what differs into ``out``; return the column after it."""
        rows = self._rows
        while len(rows) <= row:
            rows.append([])
        cells = rows[row]
        written = _cells_of(text, style, self._ascii_only)
        if written is None:
            return self._write_wide(row, column, cells, safe_cells(text, self._ascii_only), style, out)
        end = column + len(written)
        if len(cells) < end:
            cells.extend([_UNKNOWN] * (end - len(cells)))
        if cells[column:end] == written:
            return end
        for at, cell in enumerate(written, column):
            before = cells[at]
            if before != cell:
                if before[0] == "" or _size(before[0]) == 2:
                    self._forget_halves(cells, at, 1)
                cells[at] = cell
                self._send(row, at, cell, 1, out)
        return end

    def _write_wide(
        self, row: int, column: int, cells: list[tuple[str, Style]], text: str, style: Style, out: list[str]
    ) -> int:
        """The same for text with characters of no column, or of two."""
        blank = blank_style(style)
        for character in text:
            size = _size(character)
            if size == 0:
                # A combining mark changes the cell before it, whatever that shows by now.
                out.append(self._move_to(row, column))
                out.append(character)
                self._at = None
                if column:
                    cells[column - 1] = _UNKNOWN
                continue
            if len(cells) < column + size:
                cells.extend([_UNKNOWN] * (column + size - len(cells)))
            cell = (character, blank if character == " " else style)
            if cells[column] != cell or (size == 2 and cells[column + 1] != ("", style)):
                if size == 2:
                    self._forget_halves(cells, column, size)
                    cells[column + 1] = ("", style)
                elif cells[column][0] == "" or _size(cells[column][0]) == 2:
                    self._forget_halves(cells, column, size)
                cells[column] = cell
                self._send(row, column, cell, size, out)
            column += size
        return column

    @staticmethod
    def _forget_halves(cells: list[tuple[str, Style]], column: int, size: int) -> None:
        """Writing over half of a wide character blanks its other half."""
        if cells[column][0] == "" and column:
            cells[column - 1] = _UNKNOWN
        after = column + size
        if after < len(cells) and cells[after][0] == "":
            cells[after] = _UNKNOWN

    def _send(self, row: int, column: int, cell: tuple[str, Style], size: int, out: list[str]) -> None:
        out.append(self._move_to(row, column))
        character, style = cell
        if style != self._style:
            if character == " " and self._style is not None and blank_style(self._style) == style:
                pass  # the foreground of a blank does not show, so it need not change
            else:
                out.append(self._style_to(style))
        out.append(character)
        self._at = (row, column + size)

    def _style_to(self, style: Style) -> str:
        before, self._style = self._style, style
        return "" if before == style else difference(before, style)

    def _move_to(self, row: int, column: int) -> str:
        if self._at == (row, column):
            return ""
        if self._at is not None and self._at[0] == row and 0 < column - self._at[1] <= _GAP:
            between = self._rows[row][self._at[1] : column]
            if all(style == self._style and c > "\0" and _size(c) == 1 for c, style in between):
                return "".join(c for c, _ in between)
        return self._move(row, column)

    def _move(self, row: int, column: int) -> str:
        at, self._at = self._at, (row, column)
        if at is not None and at[0] == row and column > at[1]:
            return f"\x1b[{column - at[1]}C" if column - at[1] > 1 else "\x1b[C"
        return f"\x1b[{row + 1};{column + 1}H"

    def _styled(self, style: Style, codes: str) -> Style:
        return styled(style, codes, self._colours)


@lru_cache(maxsize=8192)
def _cells_of(text: str, style: Style, ascii_only: bool) -> list[tuple[str, Style]] | None:
    """The cells that a text takes, to be compared at once: most are there already. None unless each takes one."""
    text = safe_cells(text, ascii_only)
    if not text.isascii() and any(_size(character) != 1 for character in text):
        return None
    blank = (" ", blank_style(style))
    return [blank if character == " " else (character, style) for character in text]


@lru_cache(maxsize=8192)
def _size(character: str) -> int:
    return get_character_cell_size(character)


class Thrifty:
    """What the thrifty drivers have in common; see :func:`thrifty`."""

    bytes_sent = 0
    """How much has been sent so far, about: a character beyond ASCII counts as one."""

    def forget(self) -> None:
        """Assume nothing of what the terminal shows."""


def thrifty(driver: type[Driver], colours: bool = True, ascii_only: bool = False) -> type[Driver]:
    """Return a driver class that sends through a :class:`TerminalModel`."""

    class ThriftyDriver(driver, Thrifty):  # type: ignore[valid-type,misc]
        def __init__(self, *arguments: Any, **options: Any) -> None:
            self._model = TerminalModel(colours, ascii_only)
            super().__init__(*arguments, **options)

        def forget(self) -> None:
            self._model.forget()

        def write(self, data: str) -> None:
            if rewritten := self._model.rewrite(data):
                self.bytes_sent += len(rewritten)
                super().write(rewritten)

        def start_application_mode(self) -> None:
            self.forget()
            super().start_application_mode()

    return ThriftyDriver
