"""The dialogs as actions: open one, and do with the answer what it is for.

Imported when the first dialog opens: Textual's input widgets would delay the first map.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from curvtui.engine.surface.surface import open_surface

from .forms.formula import formula_editor, surface_of
from .forms.iterate import iterate_form, iterate_number
from .forms.pickers import optimizer_picker, runner_picker, schedule_picker, surface_picker
from .forms.reading import derivatives_dialog, help_dialog
from .forms.schedule import schedule_form, schedule_text
from .forms.session_file import file_form
from .forms.settings import branch_form, settings_form, varied, vary_form
from .pages import Page
from .sanitize import safe_text
from .screens.formula import FormulaRequest
from .screens.picker import Choice, Picker
from .session import session_path, write_session
from .themes import load_theme, theme_names

if TYPE_CHECKING:
    from .app import CurvtuiApp


def _ask(app: CurvtuiApp, screen: Screen[Any], then: Callable[[Any], object]) -> None:
    """Open a dialog; an answer is given to ``then``, whose ValueError is shown."""
    app.explorer.pause()

    def answered(answer: object) -> None:
        if answer is not None:
            try:
                then(answer)
            except ValueError as error:
                app.complain(str(error))
        app.show_all()

    app.push_screen(screen, answered)


def surface(app: CurvtuiApp) -> None:
    """Ask for another preset."""
    picker = surface_picker(app.explorer.surface.name)
    _ask(app, picker, lambda name: app.explorer.open(open_surface(name)))


def formula(app: CurvtuiApp) -> None:
    """Ask for a formula."""

    def opened(request: FormulaRequest) -> None:
        app.explorer.open(surface_of(request))
        app.formulas.add(request.formula)

    _ask(app, formula_editor(app.explorer, app.formulas), opened)


def optimizer(app: CurvtuiApp) -> None:
    """Ask for another optimizer."""
    _ask(app, optimizer_picker(app.explorer.run.settings.optimizer), app.explorer.choose_optimizer)


def settings(app: CurvtuiApp) -> None:
    """Ask for other settings."""
    _ask(app, settings_form(app.explorer), app.explorer.change_settings)


def schedule(app: CurvtuiApp) -> None:
    """Ask for a schedule of the learning rate, then for its parameters."""
    settings = app.explorer.run.settings
    if "lr" not in settings.values:
        raise ValueError(f"{settings.optimizer} has no learning rate for a schedule to act on")

    def chosen(name: str) -> None:
        form = schedule_form(app.explorer, name)

        def filled(changed: Mapping[str, str]) -> None:
            app.explorer.change_settings({"schedule": schedule_text(name, form.fields, changed)})

        if form.fields:
            _ask(app, form, filled)
        else:
            filled({})

    _ask(app, schedule_picker(settings.schedule.name), chosen)


def add_runner(app: CurvtuiApp) -> None:
    """Ask for the optimizer of another runner."""

    def added(name: str) -> None:
        app.explorer.add_runner(name)
        app.explorer.page = Page.RACE

    _ask(app, runner_picker(app.explorer.run.settings.optimizer), added)


def vary(app: CurvtuiApp) -> None:
    """Ask for several values of one setting."""

    def added(changed: Mapping[str, str]) -> None:
        for name, texts in varied(changed).items():
            app.explorer.add_values(name, texts)
        app.explorer.page = Page.RACE

    _ask(app, vary_form(app.explorer), added)


def branch(app: CurvtuiApp) -> None:
    """Ask for the settings of a branch."""

    def branched(changed: Mapping[str, str]) -> None:
        app.explorer.branch(changed)
        app.explorer.page = Page.RACE

    _ask(app, branch_form(app.explorer), branched)


def iterate(app: CurvtuiApp) -> None:
    """Ask for an iterate to go to."""
    explorer = app.explorer
    length = explorer.run.length

    def chosen(changed: Mapping[str, str]) -> None:
        if "iterate" in changed:
            explorer.jump(iterate_number(changed["iterate"], length))

    _ask(app, iterate_form(explorer), chosen)


def session_file(app: CurvtuiApp) -> None:
    """Ask where to write the session."""
    name = f"{app.explorer.surface.name}.json"

    def written(changed: Mapping[str, str]) -> None:
        try:
            path = session_path(changed.get("file", name))
        except RuntimeError:
            raise ValueError("there is no user of that name, so no home folder to write to") from None
        write_session(app.explorer, path)
        app.notify(safe_text(f"written to {path.name}; curvtui --resume FILE goes on with it"), markup=False)

    _ask(app, file_form(name), written)


def theme(app: CurvtuiApp) -> None:
    """Ask for another theme, and show each while it is highlighted."""
    before = app.look.theme.name
    folder = app.config / "themes"
    choices = []
    for name in theme_names(folder):
        try:
            choices.append(Choice(name, load_theme(name, folder).title))
        except ValueError as error:
            app.complain(str(error))
    picker = Picker("theme", choices, before, preview=app.use_theme)
    app.push_screen(picker, lambda name: app.use_theme(name or before))


def derivatives(app: CurvtuiApp) -> None:
    """Show the exact derivatives."""
    app.push_screen(derivatives_dialog(app.explorer.surface))


def show_help(app: CurvtuiApp) -> None:
    """Show the help."""
    app.push_screen(help_dialog(app))
