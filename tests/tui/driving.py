"""Driving the app as a user would, without a terminal: wait for what is drawn, press keys, read panels."""

import string
import time
import unicodedata
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual import events
from textual.geometry import Size
from textual.pilot import Pilot
from textual.widget import Widget

from curvtui.tui.actions import ACTIONS
from curvtui.tui.app import CurvtuiApp
from curvtui.tui.widgets.drafted_view import DraftedView

DEADLINE = 90.0
"""Seconds after which a condition is taken to be never met; a test that passes waits for far less."""


async def until(pilot, condition: Callable[[], object]) -> None:
    """Let the app go on until a condition is met."""
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end, "the condition is never met"
        await pilot.pause(0.01)


async def settled(pilot) -> None:
    """Let the app go on until the view is searched and every drawing that was asked for is on the screen."""
    await drawn(pilot)
    await until(pilot, lambda: pilot.app.explorer.analysis is not None)
    # What was found may have new drawings made.
    await drawn(pilot)


async def drawn(pilot) -> None:
    """Let the app go on until every drawing that was asked for is on the screen, whatever is being searched."""
    await pilot.pause(0)
    screen = pilot.app.screen_stack[0]
    views = [view for view in screen.query(DraftedView) if view.display]
    await until(pilot, lambda: all(view.settled for view in views if min(view.room) > 0) and at_rest(pilot.app))


def at_rest(app: CurvtuiApp) -> bool:
    """Whether no widget waits for a message, for a layout or to be painted.

    A panel of automatic height whose text has grown has its old height, and so shows too little, until then.
    """
    if not app.screen_stack:
        return True
    screen = app.screen
    asked = screen._layout_required or screen._scroll_required or screen._repaint_required or screen._dirty_widgets
    return not asked and all(
        not (node.message_queue_size or node._layout_required or node._scroll_required or node._repaint_required)
        for node in screen.walk_children(with_self=True)
    )


_TAKEN = {key for action in ACTIONS.values() for key in action.keys}
FREE_KEYS = tuple(key for key in [*string.ascii_letters, "f5", "f6", "f7"] if key not in _TAKEN)
"""Keys that no action has."""


CHARACTERS = {
    "space": " ",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "plus": "+",
    "minus": "-",
    "equals_sign": "=",
    "question_mark": "?",
    "enter": "\r",
    "tab": "\t",
}
"""What a key types, where its name is not the character itself."""


async def press(pilot, *keys: str) -> None:
    """Press keys one after the other, each once the one before is done with; far faster than Pilot's own."""
    for key in keys:
        character = key if len(key) == 1 else CHARACTERS.get(key)
        pilot.app.post_message(events.Key(key, character))
        for _ in range(3):
            # From the app to the focused widget, from there to the action, from there to the panels.
            await pilot.pause(0)


async def write(pilot, text: str) -> None:
    """Type text, character by character."""
    for character in text:
        name = character if character.isalnum() else unicodedata.name(character).lower().replace(" ", "_")
        pilot.app.post_message(events.Key(name, character))
    await pilot.pause(0)
    await pilot.pause(0)


def resized(app: CurvtuiApp, size: tuple[int, int]) -> None:
    """Tell an app that its terminal has another size, as the driver would."""
    app._driver._size = Size(*size)
    app.post_message(events.Resize(Size(*size), Size(*size)))


@asynccontextmanager
async def running(app: CurvtuiApp, size: tuple[int, int] = (120, 40), *, searched: bool = True) -> AsyncIterator[Pilot]:
    """Run an app without a terminal, its first screen drawn; toasts are on, as they are for a user.

    Without ``searched`` the search for critical points may still be under way.
    """
    async with app.run_test(size=size, notifications=True) as pilot:
        await (settled if searched else drawn)(pilot)
        yield pilot


def shown(app: CurvtuiApp, panel: str) -> str:
    """What a panel of the explorer's own screen shows, as text."""
    return text_of(app.screen_stack[0].query_one(f"#{panel}"))


def text_of(widget: Widget) -> str:
    """What a panel shows, as text."""
    return "\n".join(widget.render_line(y).text for y in range(widget.content_size.height))


def toasts(app: CurvtuiApp) -> list[str]:
    """The toasts that are on the screen, the newest last."""
    return [toast.render().plain for toast in app.screen.query("Toast")]
