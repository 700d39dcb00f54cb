"""Which panels are in sight at which size, how the tabs lead to the others, and that what is in sight has room."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.tui.commands import tabs_data
from curvtui.tui.drawing.glyphs import ASCII, BRAILLE
from curvtui.tui.drawing.tabs import Tab, TabsData, placed, tab_at, tab_strip
from curvtui.tui.layout import neighbour, tab_of, tabs_at
from curvtui.tui.pages import Page
from curvtui.tui.widgets.tab_strip import TabStrip

from .drawing.looks import LOOKS, sound
from .driving import press, running, settled, text_of, until
from .test_life import resize

PANELS = {
    Page.MAP: "map",
    Page.POINT: "curvature",
    Page.CRITICAL: "critical",
    Page.STEP: "step",
    Page.RACE: "race",
    Page.OPTIMIZER: "optimizer",
    Page.LOSS: "loss",
}
SIZES = [(40, 12), (60, 20), (60, 50), (80, 24), (120, 40), (150, 20), (200, 60)]


def in_sight(app):
    """The panels that have room on the screen."""
    return {name for name in PANELS.values() if app.query_one(f"#{name}").region.area}


# What is a tab.


# 60x20 and 120x40 have the tabs of 40x12 and 80x24; the snapshots show them.
@pytest.mark.parametrize("size", [size for size in SIZES if size not in ((60, 20), (120, 40))], ids=str)
async def test_no_panel_is_lost_at_any_size(new_app, size):
    app = new_app()
    async with running(app, size) as pilot:
        assert "map" in in_sight(app)
        seen, strip = set(), []
        for _ in tabs_at(*size):
            seen |= in_sight(app)
            strip.append(text_of(app.query_one(TabStrip)))
            if size == (40, 12):
                # Right above the status line, whatever is open.
                assert app.query_one(TabStrip).region.bottom == app.query_one("#status").region.y
            for widget in (app.query_one(f"#{name}") for name in in_sight(app)):
                # All of it is on the screen, and there is room for something in it.
                assert app.screen.region.contains_region(widget.region), widget
                assert widget.content_size.height >= (3 if widget.id == "loss" else 2), widget
            await press(pilot, "tab")
        assert seen == set(PANELS.values())
        assert len(set(strip)) == len(strip)
        assert app.explorer.page is Page.MAP
        await press(pilot, "shift+tab")
        assert app.explorer.page is tabs_at(*size)[-1]


@pytest.mark.parametrize("size", [(60, 20), (200, 60)], ids=str)
async def test_the_key_of_a_page_opens_it_and_goes_back(new_app, size):
    app = new_app()
    async with running(app, size) as pilot:
        for key, page in (("a", Page.STEP), ("s", Page.RACE), ("v", Page.CRITICAL)):
            await press(pilot, key)
            assert app.explorer.page is page
            assert PANELS[page] in in_sight(app)
            await press(pilot, key)
            assert app.explorer.page is Page.MAP
        await press(pilot, "g")
        assert "loss" in in_sight(app)


async def test_where_there_is_room_nothing_is_hidden_behind_a_tab(new_app):
    async with running(new_app(), (200, 60)) as pilot:
        for page in (Page.MAP, Page.STEP, Page.RACE):
            pilot.app.explorer.page = page
            pilot.app.show_all()
            await pilot.pause(0)
            assert in_sight(pilot.app) >= {"map", "curvature", "critical", "optimizer", "loss", PANELS[page]}


async def test_panels_are_as_high_as_what_they_show(new_app):
    app = new_app()
    async with running(app) as pilot:
        for panel in ("curvature", "critical", "optimizer"):
            lines = text_of(app.query_one(f"#{panel}")).splitlines()
            assert lines[-1].strip(), panel
            assert "…" not in lines[-1], panel
        await press(pilot, "a")
        assert "λ₂" in text_of(app.query_one("#step")).splitlines()[-1]


async def test_a_panel_does_not_jump_at_every_step(new_app):
    app = new_app()
    async with running(app) as pilot:
        heights = []
        for _ in range(12):
            await press(pilot, "n")
            heights.append(app.query_one("#optimizer").size.height)
        assert heights == sorted(heights)


async def test_resizing_keeps_the_open_page(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "a")
        for size in [*SIZES[1::2], (30, 5), *SIZES[::2]]:
            resize(pilot, *size)
            await until(pilot, lambda size=size: app.size == size)
            await settled(pilot)
            assert ("step" in in_sight(app)) == (size != (30, 5)), size
            assert size == (30, 5) or "step]" in text_of(app.query_one(TabStrip)), size
        app.explorer.page = Page.OPTIMIZER
        resize(pilot, 60, 20)
        await until(pilot, lambda: in_sight(app) == {"optimizer"})
        resize(pilot, 120, 40)
        await until(pilot, lambda: in_sight(app) == {"map", "curvature", "critical", "optimizer", "loss"})


async def test_too_small_a_terminal_says_what_is_needed(new_app):
    app = new_app()
    async with running(app, (39, 12)) as pilot:
        for size in ((39, 12), (40, 11), (200, 5)):
            resize(pilot, *size)
            await until(pilot, lambda size=size: app.size == size)
            await settled(pilot)
            assert in_sight(app) == set()
            assert app.query_one("#small").region.area
            assert "40 columns and 12 rows" in str(app.query_one("#small").content)


async def test_a_click_on_a_tab_opens_it(new_app):
    app = new_app()
    async with running(app, (60, 20)) as pilot:
        strip = app.query_one(TabStrip)
        for label, page in (("opt", Page.OPTIMIZER), ("race", Page.RACE), ("map", Page.MAP)):
            await pilot.click(strip, offset=(text_of(strip).index(label), 0))
            assert app.explorer.page is page


@pytest.mark.parametrize("size", [(60, 20), (120, 40)], ids=str)
async def test_the_key_bar_has_what_is_needed_most(new_app, size):
    app = new_app()
    async with running(app, size):
        keys = text_of(app.query_one("#keys"))
        for entry in ("n step", "b back", "space run", "e formula", "f surface", "o optimizer", "q quit", "? help"):
            assert entry in keys
        tabs = text_of(app.query_one(TabStrip))
        assert all(entry in tabs for entry in ("v crit", "a step", "s race"))


# The strip.


@given(st.integers(0, 12).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, max(0, n - 1)))), st.integers(1, 120))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_the_open_tab_is_always_there_and_a_click_finds_what_is_drawn(which, width):
    count, opened = which
    every = tuple(Tab(f"N{i}", f"label-{i}", f"l{i}", "k" * (i % 3)) for i in range(count))
    data = TabsData(every, opened)
    row = placed(data, width)
    if count:
        assert [each.tab for each in row if each.open] == [every[opened]]
    drawn = "".join(tab_strip(data, width, 1, LOOKS["braille"]).chars[0].tolist())
    for each in row:
        if each.end < width - 1:
            shown = f"{each.key} {each.label}" if each.key else each.label
            assert drawn[each.column : each.end] == shown
            assert (drawn[each.column - 1], drawn[each.end]) == ("[", "]") or not each.open
        assert tab_at(data, each.column, width) is each.tab
        assert tab_at(data, each.end - 1, width) is each.tab
    assert len(row) <= 1 or row[-1].end <= width
    if row and width >= 3:
        assert (drawn[0] == "‹") == (row[0].tab != every[0])
        assert (drawn[-1] == "›") == (row[-1].tab != every[-1])


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_the_strip_is_drawn_at_every_size(look):
    data = tabs_data(tuple(Page), Page.STEP, {}, look.glyphs)
    for width in (1, 2, 5, 20, 40, 60, 200):
        sound(tab_strip(data, width, 1, look), width, 1, look)


def test_the_strip_shows_the_users_own_keys():
    data = tabs_data(tabs_at(120, 40), Page.MAP, {"anatomy": "f6,a"}, BRAILLE)
    assert [(tab.label, tab.key) for tab in data.tabs] == [
        ("here", ""), ("critical", "v"), ("step", "f6"), ("race", "s"), ("sections", "X"), ("loss", ""),
    ]  # fmt: skip
    assert [tab.label for tab in tabs_data(tabs_at(60, 20), Page.MAP, {}, ASCII).tabs][:2] == ["map", "here"]


def test_tabs_go_round():
    for size in SIZES:
        tabs = tabs_at(*size)
        assert tabs[0] is Page.MAP
        at, seen = Page.MAP, []
        for _ in tabs:
            at = neighbour(at, tabs, 1)
            seen.append(at)
        assert seen == [*tabs[1:], Page.MAP]
        assert neighbour(Page.MAP, tabs, -1) is tabs[-1]
        assert all(tab_of(page, tabs) is (page if page in tabs else Page.MAP) for page in Page)
