"""The form of a schedule of the learning rate, with its curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from curvtui.engine.optimizers.schedule import Schedule

from ..drawing.schedule_page import ScheduleData
from ..screens.fields import Field, Fields

if TYPE_CHECKING:
    from ..explorer import Explorer


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
        return schedule_picture(explorer, {"schedule": schedule_text(name, fields, changed)})

    return Fields(f"schedule: {schedule.rule.title.lower()}", fields, check, picture)


def schedule_text(name: str, fields: Sequence[Field], changed: Mapping[str, str]) -> str:
    """Return the schedule that a form describes as `parse_schedule` reads it."""
    values = {field.name: changed.get(field.name, field.value) for field in fields}
    then = values.pop("then", None)
    pairs = [f"{key}={text}" for key, text in values.items()]
    if then is not None and then.strip() != "constant":
        pairs.append(f"then={then.strip().replace(':', ',', 1)}")
    return name + (":" + ",".join(pairs) if pairs else "")


def schedule_picture(explorer: Explorer, changed: Mapping[str, str]) -> ScheduleData | None:
    """Return the learning rate over the steps; nothing for one that never changes."""
    settings = explorer.checked_settings(changed)[0]
    if settings.schedule.is_constant:
        return None
    return ScheduleData(settings.schedule, settings.values["lr"])
