"""What a setting is called, what it may be, and how a value for it is read, checked and shown."""

import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

from ..arrays import Array

Value: TypeAlias = "float | Array"
"""One value of a setting: a number, or an array that broadcasts against ``(..., 1)`` in a batch."""

Values: TypeAlias = Mapping[str, Value]
"""Setting name to value, one entry for each declared hyperparameter."""

_WORDS = {"true": 1.0, "yes": 1.0, "on": 1.0, "false": 0.0, "no": 0.0, "off": 0.0}


class SettingError(ValueError):
    """A setting has no such name or may not have this value; the message is one sentence."""


def number_text(value: float) -> str:
    """Return the shortest text that reads back as this number (``1`` rather than ``1.0``)."""
    return f"{value:.0f}" if value == int(value) and abs(value) < 1e15 else repr(float(value))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence that proposes the closest known name, or an empty text."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f" (did you mean '{close[0]}'?)" if close else ""


@dataclass(frozen=True, slots=True)
class Hyperparameter:
    """One declared setting, read by pickers, command line, files, help and tests alike.

    A bound that is open is not itself allowed. With ``choices`` the value is the index of one of
    them and the text form is its name. ``scale`` says in which steps a control should move it.
    """

    name: str
    default: float
    low: float = -math.inf
    high: float = math.inf
    low_open: bool = False
    high_open: bool = False
    scale: Literal["linear", "log"] = "linear"
    kind: Literal["float", "int", "bool", "choice"] = "float"
    help: str = ""
    unit: str = ""
    choices: tuple[str, ...] = ()

    @property
    def interval(self) -> str:
        """The allowed values as text, such as ``[0, 1)``, ``true or false``."""
        if self.kind == "bool":
            return "true or false"
        if self.kind == "choice":
            return ", ".join(self.choices)
        left = "(" if self.low_open or math.isinf(self.low) else "["
        right = ")" if self.high_open or math.isinf(self.high) else "]"
        ends = [number_text(end) if math.isfinite(end) else f"{end:+}"[:4] for end in (self.low, self.high)]
        return f"{left}{ends[0].replace('+inf', 'inf')}, {ends[1].replace('+inf', 'inf')}{right}"

    @property
    def requirement(self) -> str:
        """What a value must be, as the middle of a sentence: ``must lie in [0, 1)``."""
        if self.kind in ("bool", "choice"):
            return f"must be {' or '.join(self.choices) if self.choices else self.interval}"
        whole = "a whole number " if self.kind == "int" else ""
        if math.isinf(self.high) and self.low == 0:
            sign = "positive" if self.low_open else "zero or positive"
            return f"must be {whole}{'that is ' if whole else ''}{sign}"
        if math.isinf(self.high) and math.isinf(self.low):
            return f"must be {whole or 'a finite number'}".rstrip()
        return f"must {'be ' + whole if whole else 'lie '}in {self.interval}"

    def validate(self, value: float) -> float:
        """Return the value as a float, or raise `SettingError` with one sentence that says why not."""
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            raise SettingError(f"{self.name} must be a number; {_shown(value)} was given") from None
        if not self._allows(number):
            raise SettingError(f"{self.name} {self.requirement}; {_shown(value)} was given")
        return number + 0.0  # -0.0 becomes 0.0, so that equal settings are also written equally

    def parse(self, text: str) -> float:
        """Read a value from what a user typed, or raise `SettingError`."""
        word = text.strip().lower()
        if self.kind == "choice" and word in self.choices:
            return float(self.choices.index(word))
        if self.kind == "choice":
            hint = did_you_mean(word, self.choices)
            raise SettingError(f"{self.name} {self.requirement}; {_shown(text)} was given{hint}")
        if self.kind == "bool" and word in _WORDS:
            return _WORDS[word]
        try:
            number = float(word)
        except ValueError:
            raise SettingError(f"{self.name} {self._expectation}; {_shown(text)} was given") from None
        return self.validate(number)

    def text(self, value: float) -> str:
        """Return the text that `parse` reads back as this value."""
        if self.kind == "bool":
            return "true" if value else "false"
        return self.choices[int(value)] if self.kind == "choice" else number_text(value)

    @property
    def _expectation(self) -> str:
        return self.requirement if self.kind == "bool" else "must be a number"

    def _allows(self, number: float) -> bool:
        if not math.isfinite(number):
            return False
        if self.kind == "choice":
            return number in range(len(self.choices))
        if self.kind == "bool":
            return number in (0.0, 1.0)
        if self.kind == "int" and number != int(number):
            return False
        above = number > self.low if self.low_open else number >= self.low
        return above and (number < self.high if self.high_open else number <= self.high)


def _shown(value: object) -> str:
    # Foreign text is shortened: the sentence stays one line whatever was typed.
    try:
        finite = isinstance(value, int | float) and math.isfinite(value)
        text = number_text(value) if finite and isinstance(value, int | float) else repr(value)
    except (OverflowError, ValueError):  # an int beyond floats, or beyond what Python prints
        text = "a huge number"
    return text if len(text) <= 40 else f"{text[:37]}..."


def complete(owner: str, declared: tuple[Hyperparameter, ...], given: Mapping[str, float | str]) -> Mapping[str, float]:
    """Return a value for every declared setting: the given one, checked, or else its default.

    ``owner`` is the optimizer's or schedule's name, for messages. Text is parsed. Raises
    `SettingError` for a name that is not declared and for a value that is not allowed.
    """
    known = {each.name: each for each in declared}
    for name in given:
        if name not in known:
            has = f"it has {', '.join(known)}" if known else "it has none"
            hint = did_you_mean(name, known)
            raise SettingError(f"{owner} has no hyperparameter {_shown(name)}; {has}{hint}")
    values: dict[str, float] = {}
    for name, each in known.items():
        value = given.get(name, each.default)
        values[name] = each.parse(value) if isinstance(value, str) else each.validate(value)
    return MappingProxyType(values)
