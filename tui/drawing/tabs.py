"""The strip of tabs: which pages there are, the key of each, and which is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from .cells import Cells
from .look import Look
from .palette import pack


class Tab(NamedTuple):
    """One tab: its page's name, what it is called where there is room and where not, and its key, if it has one."""

    name: str
    label: str
    short: str
    key: str


@dataclass(frozen=True)
class TabsData:
    """What the strip shows: the tabs in their order, and which of them is open."""

    tabs: tuple[Tab, ...]
    open: int


class PlacedTab(NamedTuple):
    """A tab as it is drawn: where its key or label begins; the cells before and after it are for brackets."""

    tab: Tab
    column: int
    key: str
    label: str
    open: bool

    @property
    def width(self) -> int:
        """The columns of its key and label."""
        return len(self.key) + bool(self.key) + len(self.label)

    @property
    def end(self) -> int:
        """The column after it."""
        return self.column + self.width


def placed(data: TabsData, width: int) -> list[PlacedTab]:
    """Return the tabs that have room in ``width`` columns.

    Where it is narrow they come closer, in fewer letters, without their keys, and at last only those around the
    open one.
    """
    for short, keys, gap in ((False, True, 3), (False, True, 2), (True, True, 2), (True, True, 1), (True, False, 1)):
        every = _row(data, range(len(data.tabs)), 1, short, keys, gap)
        if not every or every[-1].end < width:
            return every
    first = last = data.open
    shown = _row(data, range(first, last + 1), 2, True, False)
    while True:
        # One more on either side, as long as the marks at both ends have room too.
        wider = [(max(0, first - 1), last), (first, min(len(data.tabs) - 1, last + 1))]
        for candidate in wider:
            row = _row(data, range(candidate[0], candidate[1] + 1), 2, True, False)
            if candidate != (first, last) and row[-1].end < width - 1:
                (first, last), shown = candidate, row
                break
        else:
            return shown


def _row(data: TabsData, which: range, at: int, short: bool, keys: bool, gap: int = 1) -> list[PlacedTab]:
    row = []
    for i in which:
        tab = data.tabs[i]
        each = PlacedTab(tab, at, tab.key if keys else "", tab.short if short else tab.label, i == data.open)
        row.append(each)
        at = each.end + gap
    return row


def tab_strip(data: TabsData, width: int, height: int, look: Look) -> Cells:
    """Return the strip in ``width`` x ``height`` cells: the open tab in brackets, a mark where others are left out."""
    ui = look.theme.ui
    accent, muted, plain = pack(ui.accent), pack(ui.muted), pack(ui.foreground)
    cells = Cells.blank(width, height, muted)
    row = placed(data, width)
    for tab in row:
        cells = cells.write(tab.column, 0, tab.key, accent, bold=True)
        at = tab.end - len(tab.label)
        cells = cells.write(at, 0, tab.label, plain if tab.open else muted, bold=tab.open)
        if tab.open:
            cells = cells.write(tab.column - 1, 0, "[", accent, bold=True).write(tab.end, 0, "]", accent, bold=True)
    if row and row[0].tab != data.tabs[0]:
        cells = cells.write(0, 0, "‹" if look.glyphs.superscripts else "<", accent)
    if row and row[-1].tab != data.tabs[-1]:
        cells = cells.write(width - 1, 0, "›" if look.glyphs.superscripts else ">", accent)
    return cells


def tab_at(data: TabsData, column: int, width: int) -> Tab | None:
    """Return the tab under a column of the strip; the cell before a tab is its own."""
    return next((each.tab for each in placed(data, width) if each.column - 1 <= column < each.end), None)
