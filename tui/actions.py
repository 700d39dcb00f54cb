"""The one table of actions: name, what it does, its keys, its help line and its group.

Keys, key bar, help, command palette and the user's key map are all made from it. An action works on the
explorer, or opens a dialog; it may raise ValueError, whose sentence the app shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .action import METHOD, PLACE, PROGRAM, SURFACE, TIME, VIEW, Action, Perform, dialogs
from .map_actions import MAP_ACTIONS
from .pages import Page
from .race_actions import RACE_ACTIONS

if TYPE_CHECKING:
    from .app import CurvtuiApp

PAN = 0.125
"""Share of the view that it moves by."""


def _step(count: int) -> Perform:
    return lambda app: app.explorer.step(count)


def _back(count: int) -> Perform:
    return lambda app: app.explorer.back(count)


def _move(right: int, up: int) -> Perform:
    return lambda app: app.move_cursor(right, up)


def _faster(notches: int) -> Perform:
    return lambda app: app.explorer.playback.change_speed(notches)


def _zoom(factor: float) -> Perform:
    return lambda app: app.explorer.zoom(factor)


def _pan(right: int, up: int) -> Perform:
    return lambda app: app.explorer.pan(PAN * right, PAN * up)


def _look_at_iterate(app: CurvtuiApp) -> None:
    app.explorer.at_cursor = False


def _how_to_quit(app: CurvtuiApp) -> None:
    app.notify("q quits", markup=False)


def _turn_to(page: Page) -> Perform:
    return lambda app: app.explorer.turn_to(page)


def _next_curve(app: CurvtuiApp) -> None:
    """Another curve, where one is in sight; else the page that shows it."""
    if app.shows_curve:
        app.explorer.next_curve()
    else:
        app.explorer.page = Page.LOSS


def _next_tab(by: int) -> Perform:
    return lambda app: app.turn_tabs(by)


_TABLE = (
    Action("step", TIME, ("n",), "one step", _step(1), "step"),
    Action("step_ten", TIME, ("N",), "ten steps", _step(10)),
    Action("back", TIME, ("b",), "one step back", _back(1), "back"),
    Action("back_ten", TIME, ("B",), "ten steps back", _back(10)),
    Action("play", TIME, ("space",), "run, or pause", lambda app: app.explorer.toggle_playing(), "run"),
    Action("slower", TIME, ("less_than_sign",), "run slower", _faster(-1)),
    Action(
        "faster", TIME, ("greater_than_sign",), "run faster", lambda app: app.explorer.playback.change_speed(1), "speed"
    ),
    Action(
        "restart",
        TIME,
        ("r",),
        "begin again from the same start",
        lambda app: app.explorer.restart(),
        "restart",
    ),
    Action("first", TIME, ("home",), "go to the start of the run", lambda app: app.explorer.jump(0)),
    Action(
        "last",
        TIME,
        ("end",),
        "go to the last iterate",
        lambda app: app.explorer.jump(app.explorer.run.length),
    ),
    Action("jump", TIME, ("i",), "go to an iterate by its number", lambda app: dialogs().iterate(app)),
    Action("left", PLACE, ("left", "h"), "move the cursor left", _move(-1, 0)),
    Action("right", PLACE, ("right", "l"), "move the cursor right", _move(1, 0), "cursor"),
    Action("up", PLACE, ("up", "k"), "move the cursor up", _move(0, 1)),
    Action("down", PLACE, ("down", "j"), "move the cursor down", _move(0, -1)),
    Action("far_left", PLACE, ("shift+left", "H"), "move the cursor far left", _move(-8, 0)),
    Action("far_right", PLACE, ("shift+right", "L"), "move the cursor far right", _move(8, 0)),
    Action("far_up", PLACE, ("shift+up", "K"), "move the cursor far up", _move(0, 4)),
    Action("far_down", PLACE, ("shift+down", "J"), "move the cursor far down", _move(0, -4)),
    Action(
        "start_here",
        PLACE,
        ("enter",),
        "start a run at the cursor",
        lambda app: app.explorer.start_at(app.explorer.cursor),
        "start",
    ),
    Action("look", PLACE, ("escape",), "let the panels speak of the iterate again", _look_at_iterate),
    Action("surfaces", SURFACE, ("f",), "choose another surface", lambda app: dialogs().surface(app), "surface"),
    Action("formula", SURFACE, ("e",), "type a formula of your own", lambda app: dialogs().formula(app), "formula"),
    Action(
        "derivatives",
        SURFACE,
        ("d",),
        "exact formulas of the gradient and the Hessian",
        lambda app: dialogs().derivatives(app),
    ),
    Action(
        "optimizers",
        METHOD,
        ("o",),
        "choose another optimizer",
        lambda app: dialogs().optimizer(app),
        "optimizer",
    ),
    Action(
        "settings",
        METHOD,
        ("p",),
        "learning rate, noise, seed and all other settings; the surface's parameters",
        lambda app: dialogs().settings(app),
        "settings",
    ),
    Action(
        "lower_rate",
        METHOD,
        ("left_square_bracket",),
        "lower the learning rate",
        lambda app: app.explorer.scale_rate(-1),
    ),
    Action(
        "raise_rate",
        METHOD,
        ("right_square_bracket",),
        "raise the learning rate",
        lambda app: app.explorer.scale_rate(1),
        "rate",
    ),
    Action(
        "schedule",
        METHOD,
        ("z",),
        "let the learning rate follow a schedule",
        lambda app: dialogs().schedule(app),
    ),
    *RACE_ACTIONS,
    Action(
        "critical_points",
        PLACE,
        ("c",),
        "put the cursor on the next critical point in view",
        lambda app: app.explorer.next_critical_point(),
        "critical",
    ),
    Action(
        "list_points",
        VIEW,
        ("v",),
        "the list of all critical points in view, or the map again",
        _turn_to(Page.CRITICAL),
        "critical",
    ),
    Action("anatomy", VIEW, ("a",), "take the next step apart, or the map again", _turn_to(Page.STEP), "anatomy"),
    Action("sections", VIEW, ("X",), "cross-sections through the point, or the map again", _turn_to(Page.SECTIONS)),
    Action(
        "next_section",
        VIEW,
        ("semicolon",),
        "the next cross-section: along x, y, the gradient, the eigenvectors, to the start",
        lambda app: app.explorer.next_section(),
    ),
    Action("zoom_in", VIEW, ("plus", "equals_sign"), "zoom in at the cursor", _zoom(1.5), "zoom"),
    Action("zoom_out", VIEW, ("minus",), "zoom out", _zoom(1 / 1.5)),
    Action("pan_left", VIEW, ("ctrl+left", "left_curly_bracket"), "move the view left", _pan(-1, 0)),
    Action("pan_right", VIEW, ("ctrl+right", "right_curly_bracket"), "move the view right", _pan(1, 0)),
    Action("pan_up", VIEW, ("ctrl+up", "right_parenthesis"), "move the view up", _pan(0, 1)),
    Action("pan_down", VIEW, ("ctrl+down", "left_parenthesis"), "move the view down", _pan(0, -1)),
    Action("fit", VIEW, ("0",), "show the surface's own box again", lambda app: app.explorer.fit()),
    Action("fit_path", VIEW, ("P",), "fit the view to the path", lambda app: app.explorer.fit_path()),
    Action(
        "fit_points",
        VIEW,
        ("asterisk",),
        "fit the view to the critical points found so far",
        lambda app: app.explorer.fit_critical_points(),
    ),
    Action("previous_view", VIEW, ("Z",), "back to the view before", lambda app: app.explorer.sight.previous()),
    Action("curve", VIEW, ("g",), "loss, gradient norm or stability in the curve", _next_curve),
    Action("theme", VIEW, ("t",), "choose another theme", lambda app: dialogs().theme(app), "theme"),
    Action("panels", VIEW, ("tab",), "open the next tab", _next_tab(1), "next tab"),
    Action("panels_back", VIEW, ("shift+tab",), "open the tab before", _next_tab(-1)),
    *MAP_ACTIONS,
    Action("save", PROGRAM, ("w",), "write the session to a file", lambda app: dialogs().session_file(app)),
    Action("redraw", PROGRAM, ("ctrl+l",), "draw the whole screen again", lambda app: app.redraw_all()),
    Action(
        "palette",
        PROGRAM,
        ("ctrl+p",),
        "find any action, surface or optimizer",
        lambda app: app.action_command_palette(),
    ),
    Action("interrupt", PROGRAM, ("ctrl+c",), "say how to quit", _how_to_quit),
    Action("quit", PROGRAM, ("q", "ctrl+q"), "quit", lambda app: app.leave(), "quit"),
    Action("help", PROGRAM, ("question_mark",), "this help", lambda app: dialogs().show_help(app), "help"),
)

ACTIONS: dict[str, Action] = {action.name: action for action in _TABLE}
"""Every action by its name, in the order of the help."""

KEY_BAR: tuple[tuple[str, ...], ...] = (
    ("step",),
    ("back",),
    ("play",),
    ("left", "down", "up", "right"),
    ("start_here",),
    ("formula",),
    ("surfaces",),
    ("optimizers",),
    ("settings",),
    ("critical_points", "list_points"),
    ("restart",),
    ("curvature", "field", "model", "basins", "relief"),
    ("lower_rate", "raise_rate"),
    ("slower", "faster"),
    ("zoom_out", "zoom_in"),
    ("panels",),
    ("add_runner",),
    ("branch",),
    ("theme",),
    ("quit",),
    ("help",),
)
"""The entries of the key bar, the most needed first; an entry shows the keys of its actions and does the last.

The last two are always shown. What opens a tab is not here: the strip of tabs shows its key.
"""
