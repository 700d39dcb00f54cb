"""What is there to be read: the exact derivatives, and the help."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from curvtui.engine.descent.race import MOST_RUNNERS
from curvtui.engine.surface.surface import Surface

from ..actions import ACTIONS
from ..keymap import key_text, keys_of
from ..screens.reading import Derivatives, Help

if TYPE_CHECKING:
    from ..app import CurvtuiApp


def derivatives_dialog(surface: Surface) -> Derivatives:
    """Return the dialog that shows the exact derivatives."""

    def write() -> Sequence[tuple[str, str]]:
        model = surface.model
        names = surface.variables
        parts = [("f", model.pretty_formula())]
        parts += [(f"∂f/∂{n}", text) for n, text in zip(names, model.gradient_text(plain=False), strict=True)]
        rows = model.hessian_text(plain=False)
        parts += [
            (f"∂²f/∂{names[i]}²" if i == j else f"∂²f/∂{names[i]}∂{names[j]}", rows[i][j])
            for i in range(len(names))
            for j in range(i, len(names))
        ]
        return parts

    return Derivatives(write)


def help_dialog(app: CurvtuiApp) -> Help:
    """Return the help, with the keys as they are bound now."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for action in ACTIONS.values():
        if action.name in _RUNNERS[1:]:
            continue
        keys = "  ".join(key_text(key, app.look.glyphs) for key in keys_of(action.name, app.remapped))
        help_line = action.help
        if action.name == _RUNNERS[0]:
            last = keys_of(_RUNNERS[-1], app.remapped)[0]
            keys, help_line = f"{keys} to {key_text(last, app.look.glyphs)}", "select a runner"
        groups.setdefault(action.group, []).append((keys, help_line))
    closing = (
        "A click on the map starts a run there; the wheel zooms. On the map: "
        "start {start}  iterate {iterate}  minimum {minimum}  saddle {saddle}  maximum {maximum}  "
        "degenerate {degenerate}  cursor {cursor}; outlined is where more critical points may be. Those marked are "
        "proved, as far as the list (v) says so; while it is made, those published of a preset are shown. "
        "Keys can be changed in config.toml: "
    ).format(**{name: getattr(app.look.glyphs, name) for name in _MARKS})
    names = ", ".join(ACTIONS)
    return Help(list(groups.items()), f'{closing}[keys] step = "s". Actions: {names}.')


_RUNNERS = tuple(f"runner_{number}" for number in range(1, MOST_RUNNERS + 1))


_MARKS = ("start", "iterate", "minimum", "saddle", "maximum", "degenerate", "cursor")
