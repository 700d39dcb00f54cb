"""What has room beside the map at a size of the terminal, and what is a tab. Plain values, without Textual.

How high and wide the panels are is said in ``app.tcss``, by the classes that these breakpoints give the screen.
"""

from __future__ import annotations

from .pages import Page

LEAST = (40, 12)
"""Columns and rows below which there is only a sentence."""

SLIM, WIDE, LOW = 68, 150, 36
"""Columns from which there are panels beside the map, and from which in two columns; rows from which all are whole."""

ROOMY = 90
"""Columns from which the strip of tabs has room for the curve's as well; below, it is seen on the first one."""

WIDTHS = [(0, "-tiny"), (LEAST[0], "-slim"), (SLIM, "-middle"), (WIDE, "-wide")]
HEIGHTS = [(0, "-flat"), (LEAST[1], "-low"), (LOW, "-high")]
"""The screen's classes by its least columns and rows."""

_BESIDE = (Page.POINT, Page.OPTIMIZER)
"""What stands beside the map on its own page, wherever anything has room there."""


def tabs_at(width: int, height: int) -> tuple[Page, ...]:
    """Return the pages that are tabs in a terminal of ``width`` x ``height`` cells, in their order."""
    if width < SLIM and height < LOW:
        return tuple(Page)
    beside = (*_BESIDE, Page.LOSS) if SLIM <= width < ROOMY else _BESIDE
    return tuple(page for page in Page if page not in beside)


def tab_of(page: Page, tabs: tuple[Page, ...]) -> Page:
    """Return the tab that shows a page: what is no tab at this size is shown beside the map."""
    return page if page in tabs else tabs[0]


def neighbour(page: Page, tabs: tuple[Page, ...], by: int) -> Page:
    """Return the tab that is ``by`` places after the one that shows a page."""
    return tabs[(tabs.index(tab_of(page, tabs)) + by) % len(tabs)]
