"""A chosen schedule as a value: a kind, its parameters, and what follows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..arrays import Array
from .hyperparameter import Hyperparameter, SettingError, complete, did_you_mean
from .schedules import SCHEDULES, ScheduleRule

MOST_STAGES = 20
"""Most schedules that follow one another: everything done with one calls itself for the next."""

_LONGEST = 2**53
"""Most steps that a curve spans: beyond, floats are no longer every whole number."""

_TOO_MANY_STAGES = f"at most {MOST_STAGES} schedules can follow one another"


@dataclass(frozen=True)
class Schedule:
    """A learning-rate schedule; ``factor(step)`` multiplies the rate of step ``step``, from 0.

    Parameters that are not given have their defaults. Raises `SettingError` for a name that is unknown
    or a value that is not allowed. ``then`` follows a warm-up, counting its steps from zero.
    """

    name: str = "constant"
    parameters: Mapping[str, float] = field(default_factory=dict)
    then: "Schedule | None" = None

    def __post_init__(self) -> None:
        rule = _rule_named(self.name)
        if self.then is not None and not rule.takes_then:
            raise SettingError(f"only warmup is followed by another schedule; {self.name} was given then=")
        given = {rule.aliases.get(key, key): value for key, value in self.parameters.items()}
        object.__setattr__(self, "parameters", complete(f"schedule {self.name}", rule.hyperparameters, given))

    @property
    def rule(self) -> ScheduleRule:
        """The kind of schedule that this one is."""
        return SCHEDULES[self.name]

    @property
    def is_constant(self) -> bool:
        """Whether the factor is 1 at every step."""
        return self.name == "constant"

    @property
    def declared(self) -> tuple[Hyperparameter, ...]:
        """The declarations of this kind's own parameters."""
        return self.rule.hyperparameters

    def factor(self, step: int) -> float:
        """Return the factor on the learning rate for the step from iterate ``step`` (0, 1, …)."""
        if self.then is not None and step >= self.parameters["steps"]:
            return self.then.factor(step - int(self.parameters["steps"]))
        return self.rule.factor(step, self.parameters)

    def factors(self, count: int) -> Array:
        """Return the factors of the steps 0 to ``count`` − 1, ``(count,)``."""
        return np.array([self.factor(step) for step in range(count)])

    @property
    def length(self) -> int:
        """How many steps show the schedule's shape: to its end, or `USUAL_LENGTH` where it has none."""
        own = self.rule.length(self.parameters)
        whole = own if self.then is None else int(self.parameters["steps"]) + self.then.length
        return min(whole, _LONGEST)

    def curve(self, points: int = 200) -> tuple[NDArray[np.int64], Array]:
        """Return up to ``points`` steps, spread evenly over [0, `length`], and their factors: to be drawn."""
        steps = np.unique(np.linspace(0, self.length, points).round().astype(np.int64))
        return steps, np.array([self.factor(step) for step in steps.tolist()])

    def __str__(self) -> str:
        """Return the text that `parse_schedule` reads back as this schedule."""
        pairs = [f"{each.name}={each.text(self.parameters[each.name])}" for each in self.declared]
        if self.then is not None:
            inner = str(self.then).replace(":", ",", 1)
            pairs.append(f"then={inner}")
        return self.name + (":" + ",".join(pairs) if pairs else "")

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for a file."""
        plain: dict[str, Any] = {"name": self.name, "parameters": dict(self.parameters)}
        return plain | ({"then": self.then.to_dict()} if self.then is not None else {})


def schedule_from_dict(plain: Mapping[str, Any], depth: int = 0) -> Schedule:
    """Return the schedule that `Schedule.to_dict` wrote, checked again; raises `SettingError`.

    ``depth`` counts the schedules before it.
    """
    if depth > MOST_STAGES:
        raise SettingError(_TOO_MANY_STAGES)
    name, parameters, then = plain.get("name", "constant"), plain.get("parameters", {}), plain.get("then")
    if not isinstance(name, str) or not isinstance(parameters, Mapping):
        raise SettingError("a schedule needs a name and a table of parameters")
    if then is not None and not isinstance(then, Mapping):
        raise SettingError("what follows a schedule must be a schedule")
    return Schedule(name, parameters, schedule_from_dict(then, depth + 1) if then is not None else None)


def parse_schedule(text: str) -> Schedule:
    """Read ``step:size=30,gamma=0.1`` or ``warmup:steps=10,then=cosine,steps=90``.

    What stands after ``then=NAME`` belongs to the schedule that follows. Raises `SettingError` with
    one sentence for whatever can't be understood.
    """
    if text.count("then") > MOST_STAGES:
        raise SettingError(_TOO_MANY_STAGES)
    name, _, rest = text.strip().partition(":")
    _rule_named(name.strip())
    given: dict[str, str] = {}
    while rest:
        pair, _, rest = rest.partition(",")
        key, equals, value = (part.strip() for part in pair.partition("="))
        if key == "then" and equals:
            following = f"{value},{rest}" if rest else value
            head = following.replace(",", ":", 1) if ":" not in following.split(",", 1)[0] else following
            return Schedule(name.strip(), _numbers(name.strip(), given), parse_schedule(head))
        if not (key and equals and value):
            raise SettingError(f"a schedule reads NAME:key=value,key=value; {pair[:40]!r} is no key=value")
        if key in given:
            raise SettingError(f"schedule {name.strip()} is given {key[:40]!r} twice")
        given[key] = value
    return Schedule(name.strip(), _numbers(name.strip(), given))


def _numbers(name: str, given: Mapping[str, str]) -> Mapping[str, float]:
    rule = _rule_named(name)
    known = {each.name: each for each in rule.hyperparameters}
    renamed = {rule.aliases.get(key, key): value for key, value in given.items()}
    read = {key: known[key].parse(value) if key in known else 0.0 for key, value in renamed.items()}
    return MappingProxyType(read)


def _rule_named(name: str) -> ScheduleRule:
    try:
        return SCHEDULES[name]
    except KeyError:
        known = f"known are {', '.join(SCHEDULES)}"
        raise SettingError(f"there is no schedule {name[:40]!r}; {known}{did_you_mean(name, SCHEDULES)}") from None


CONSTANT = Schedule()
