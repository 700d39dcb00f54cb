"""What the dialogs show, filled from the explorer, and how their answers are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from curvtui.engine.descent.race import MOST_RUNNERS
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.optimizers.decay import WEIGHT_DECAY
from curvtui.engine.optimizers.schedule import Schedule
from curvtui.engine.optimizers.schedules import SCHEDULES
from curvtui.engine.surface.presets import PRESETS
from curvtui.engine.surface.surface import Surface, open_surface

from .actions import ACTIONS
from .drawing.schedule_page import ScheduleData
from .history import FormulaHistory
from .keymap import key_text, keys_of
from .screens.fields import Field, Fields
from .screens.formula import FormulaEditor, FormulaRequest
from .screens.picker import Choice, Picker
from .screens.reading import Derivatives, Help
from .session import refuse_to_overwrite, session_path

if TYPE_CHECKING:
    from .app import CurvtuiApp
    from .explorer import Explorer


def surface_picker(current: str) -> Picker:
    """Return the list of presets."""
    choices = [Choice(p.name, p.title, f"f = {p.formula}\n{p.teaches}\n{p.source}") for p in PRESETS.values()]
    return Picker("surface", choices, current)


def optimizer_picker(current: str) -> Picker:
    """Return the list of optimizers."""
    choices = [Choice(o.name, o.title, f"{o.summary}\n{o.source}") for o in OPTIMIZERS.values()]
    return Picker("optimizer", choices, current)


def runner_picker(current: str) -> Picker:
    """Return the list of optimizers for another runner."""
    choices = [Choice(o.name, o.title, f"{o.summary}\n{o.source}") for o in OPTIMIZERS.values()]
    return Picker("add a runner", choices, current)


def vary_form(explorer: Explorer) -> Fields:
    """Return the form that takes several values of one setting."""

    def check(changed: Mapping[str, str]) -> object:
        varying = varied(changed)
        if len(varying) > 1:
            raise ValueError(f"one setting at a time; {' and '.join(varying)} were given several values")
        return [explorer.checked_settings({name: text}) for name, texts in varying.items() for text in texts]

    settings = explorer.run.settings
    several = "several values, such as 0.01 0.03 0.1: each becomes a runner"
    fields = [
        Field(each.name, each.text(settings.values[each.name]), f"{several}  ({each.requirement})")
        for each in settings.method.hyperparameters
    ]
    fields.append(Field("seed", str(settings.seed), f"{several}; seeds matter where there is randomness"))
    return Fields(f"race {settings.optimizer} with several values", fields, check)


def varied(changed: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the values that were typed for each setting, separated by blanks or commas."""
    return {name: text.replace(",", " ").split() for name, text in changed.items()}


def branch_form(explorer: Explorer) -> Fields:
    """Return the form of a branch's settings."""
    settings = explorer.run.settings
    fields, _ = _setting_fields(explorer)
    title = f"branch at iterate {explorer.run.position:,}: other settings for {settings.optimizer}"

    def check(changed: Mapping[str, str]) -> object:
        return explorer.branch_settings(changed)

    names = ", ".join(OPTIMIZERS)
    return Fields(title, [Field("optimizer", settings.optimizer, f"one of {names}"), *fields], check)


def settings_form(explorer: Explorer) -> Fields:
    """Return the form of all settings: hyperparameters, schedule, modifiers, the surface's parameters."""
    fields, settings = _setting_fields(explorer)
    fields += [
        Field(name, f"{value:.15g}", f"the surface's parameter {name}; a change begins a new run")
        for name, value in explorer.surface.parameters.items()
    ]
    picture = partial(_schedule_picture, explorer) if "lr" in settings.values else None
    return Fields(f"settings of {settings.optimizer}", fields, explorer.checked_settings, picture)


def _schedule_picture(explorer: Explorer, changed: Mapping[str, str]) -> ScheduleData | None:
    """The learning rate over the steps; nothing for one that never changes."""
    settings = explorer.checked_settings(changed)[0]
    if settings.schedule.is_constant:
        return None
    return ScheduleData(settings.schedule, settings.values["lr"])


def schedule_picker(current: str) -> Picker:
    """Return the list of schedules."""
    choices = [Choice(rule.name, rule.title, f"{rule.summary}\n{rule.source}") for rule in SCHEDULES.values()]
    return Picker("schedule of the learning rate", choices, current)


def schedule_form(explorer: Explorer, name: str) -> Fields:
    """Return the form of one kind of schedule's parameters, with its curve."""
    current = explorer.run.settings.schedule
    schedule = current if current.name == name else Schedule(name)
    fields = [
        Field(each.name, each.text(schedule.parameters[each.name]), f"{each.help}  ({each.requirement})")
        for each in schedule.declared
    ]
    if schedule.rule.takes_then:
        follows = "constant" if schedule.then is None else str(schedule.then)
        fields.append(Field("then", follows, "the schedule after it, such as cosine:steps=100"))

    def check(changed: Mapping[str, str]) -> object:
        return explorer.checked_settings({"schedule": schedule_text(name, fields, changed)})

    def picture(changed: Mapping[str, str]) -> ScheduleData | None:
        return _schedule_picture(explorer, {"schedule": schedule_text(name, fields, changed)})

    return Fields(f"schedule: {schedule.rule.title.lower()}", fields, check, picture)


def schedule_text(name: str, fields: Sequence[Field], changed: Mapping[str, str]) -> str:
    """Return the schedule that a form describes as `parse_schedule` reads it."""
    values = {field.name: changed.get(field.name, field.value) for field in fields}
    then = values.pop("then", None)
    pairs = [f"{key}={text}" for key, text in values.items()]
    if then is not None and then.strip() != "constant":
        pairs.append(f"then={then.strip().replace(':', ',', 1)}")
    return name + (":" + ",".join(pairs) if pairs else "")


def _setting_fields(explorer: Explorer) -> tuple[list[Field], RunSettings]:
    """The fields of everything that decides how the selected run steps."""
    settings = explorer.run.settings
    fields = [
        Field(each.name, each.text(settings.values[each.name]), f"{each.help}  ({each.requirement})")
        for each in settings.method.hyperparameters
    ]
    if "lr" in settings.values:
        text = "constant, or such as step:size=30,gamma=0.1 or cosine:steps=100; curvtui list schedules names them"
        fields.append(Field("schedule", str(settings.schedule), text))
    fields += [
        Field("noise", f"{settings.noise:g}", "standard deviation of Gaussian noise added to every gradient"),
        Field(
            "clip",
            _or_none(settings.clip),
            "largest gradient norm, or none",
        ),
        Field("clip_value", _or_none(settings.clip_value), "largest size of each gradient entry, or none"),
    ]
    if settings.decays_by_penalty:
        text = f"{WEIGHT_DECAY.help}, as if f were f + weight_decay/2 of the squared distance"
        fields.append(Field("weight_decay", f"{settings.weight_decay:g}", text))
    fields += [
        Field("seed", str(settings.seed), "the seed of all randomness: the same seed gives the same run"),
    ]
    return fields, settings


def _or_none(value: float | None) -> str:
    return "none" if value is None else f"{value:g}"


def iterate_form(explorer: Explorer) -> Fields:
    """Return the form that asks for an iterate's number."""
    length = explorer.run.length

    def check(changed: Mapping[str, str]) -> object:
        return iterate_number(changed.get("iterate", "0"), length)

    field = Field("iterate", str(explorer.run.position), f"a number from 0 to {length:,}")
    return Fields("go to an iterate", [field], check)


def iterate_number(text: str, length: int) -> int:
    """Return the number of an iterate as typed; raises ValueError with one sentence."""
    digits = text.strip().replace(",", "").replace("_", "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 12 or int(digits) > length:
        raise ValueError(f"the iterate must be a whole number from 0 to {length:,}; {text[:40]!r} was given")
    return int(digits)


def file_form(current: str) -> Fields:
    """Return the form that asks for a file's name."""
    field = Field("file", current, "a JSON file; curvtui --resume FILE goes on with it")

    def check(changed: Mapping[str, str]) -> object:
        name = changed.get("file", current)
        if not name.strip() or "\0" in name:
            raise ValueError("a file name is needed")
        refuse_to_overwrite(session_path(name))
        return name

    return Fields("write the session", [field], check)


def formula_editor(explorer: Explorer, history: FormulaHistory) -> FormulaEditor:
    """Return the editor, filled with the surface that is open."""
    surface = explorer.surface
    request = FormulaRequest(
        surface.formula,
        " ".join(f"{name}={value:.15g}" for name, value in surface.parameters.items()),
        " ".join(f"{end:.15g}" for side in explorer.view for end in side),
    )
    return FormulaEditor(request, history.entries, describe_request)


def surface_of(request: FormulaRequest) -> Surface:
    """Return the surface that a request asks for; raises ValueError with one sentence.

    Parameters that get no value are 1. A box for another number of variables than the formula's is one
    that was left over, and gives way to -2 to 2.
    """
    parameters: dict[str, float] = {}
    for word in request.parameters.replace(",", " ").split():
        name, _, text = word.partition("=")
        try:
            parameters[name] = float(text)
        except ValueError:
            raise ValueError(f"parameters are written a=1 b=2; {word[:40]!r} is not") from None
    try:
        ends = [float(word) for word in request.box.replace(",", " ").split()]
    except ValueError:
        raise ValueError(f"the box takes numbers, -2 2 -2 2; {request.box[:40]!r} was given") from None
    if len(ends) % 2:
        raise ValueError(f"the box takes two numbers a variable; {len(ends)} were given")
    surface = open_surface(request.formula, None, _used(request.formula, parameters), default_parameter=1.0)
    if len(ends) != 2 * surface.dimension:
        return surface
    return surface.with_box([ends[i : i + 2] for i in range(0, len(ends), 2)])


def _used(formula: str, parameters: Mapping[str, float]) -> dict[str, float]:
    """Leave out values of names that the formula no longer has: they are left over from the one before."""
    from curvtui.engine.surface.parser import parse
    from curvtui.engine.surface.presets import find_preset
    from curvtui.engine.surface.syntax import free_names

    if find_preset(formula) is not None:
        return {}
    names = free_names(parse(formula))
    return {name: value for name, value in parameters.items() if name in names and name not in ("x", "y")}


def describe_request(request: FormulaRequest) -> str:
    """Say what would be opened."""
    surface = surface_of(request)
    text = f"f({', '.join(surface.variables)}) = {surface.model.pretty_formula()}"
    if surface.parameters:
        text += "   with " + ", ".join(f"{name} = {value:g}" for name, value in surface.parameters.items())
    return text


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
