"""Sessions as files: versioned JSON that holds data only, and is checked when it is read.

A session stores how to make a run again (surface, start, settings over time, number of steps), not its
iterates: every step is a pure function of what is stored, so the run comes back bit for bit.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .descent.race import Race
from .descent.replay import race_from_dict, race_to_dict
from .descent.run import Run
from .surface.presets import find_preset
from .surface.surface import Box, Surface, checked_box

KIND = "curvtui session"
SCHEMA = 1
MAX_STEPS = 5_000_000
"""Most steps that are made again for a file; at 30 µs a step this is two and a half minutes."""


class SessionError(ValueError):
    """A file that is no session of ours: one sentence says why."""


class Session(NamedTuple):
    """A surface, the part of it in view, the runs on it, and how maps show it.

    ``maps`` is data for JSON that the engine keeps and does not read; None where a file has none.
    """

    surface: Surface
    view: Box
    race: Race
    maps: Mapping[str, Any] | None = None

    @property
    def run(self) -> Run:
        """The selected runner's run."""
        return self.race.run


def session_text(session: Session) -> str:
    """Return a session as the text of a file."""
    surface = session.surface
    data: dict[str, Any] = {
        "kind": KIND,
        "schema": SCHEMA,
        "surface": {
            "name": surface.name,
            "formula": surface.formula,
            "parameters": dict(surface.parameters),
            "box": [list(side) for side in surface.box],
        },
        "view": [list(side) for side in session.view],
        "race": race_to_dict(session.race),
    }
    if session.maps is not None:
        data["maps"] = session.maps
    return json.dumps(data, indent=1, allow_nan=False) + "\n"


def read_session(text: str) -> Session:
    """Return the session that a file's text describes.

    Raises:
        SessionError: not JSON, not a session, of a later version, or with values that are not allowed.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise SessionError("this is no session file: it is not JSON") from None
    if not isinstance(data, dict) or data.get("kind") != KIND:
        raise SessionError(f'this is no session file: it has no "kind": "{KIND}"')
    if data.get("schema") != SCHEMA:
        raise SessionError(
            f"the session is of version {_brief(data.get('schema'))}; this program reads version {SCHEMA}"
        )
    try:
        surface = _surface(data["surface"])
        view = checked_box(data["view"], surface.dimension)
        # Files from before there were races hold one run.
        plain = data["race"] if "race" in data else {"runners": [{"number": 1, "colour": 0, "run": data["run"]}]}
        lengths = [int(each["run"]["length"]) for each in plain["runners"]]
        if any(length < 0 for length in lengths) or sum(lengths) > MAX_STEPS:
            raise SessionError(f"the session's runs are longer than {MAX_STEPS:,} steps")
        race = race_from_dict(surface, plain)
    except SessionError:
        raise
    except (KeyError, TypeError, OverflowError, AttributeError, RecursionError) as error:
        raise SessionError(f"the session file is damaged: {type(error).__name__} at {error}"[:200]) from None
    except ValueError as error:
        raise SessionError(f"the session file is damaged: {error}"[:300]) from None
    maps = data.get("maps")
    if maps is not None and not isinstance(maps, dict):
        raise SessionError("the session file is damaged: its maps can't be read")
    return Session(surface, view, race, maps)


def _surface(plain: Mapping[str, Any]) -> Surface:
    formula, name = plain["formula"], plain["name"]
    if not (isinstance(formula, str) and isinstance(name, str)):
        raise SessionError("the session file is damaged: formula and name must be text")
    parameters = {str(key): _number(value) for key, value in plain["parameters"].items()}
    box: Sequence[Sequence[float]] = [[_number(end) for end in side] for side in plain["box"]]
    preset = find_preset(name)
    if preset is not None and preset.formula == formula:
        return Surface.from_preset(preset, parameters).with_box(box)
    return Surface.from_formula(formula, box, parameters)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise SessionError(f"the session file is damaged: {_brief(value)} is no number")
    return float(value)


def _brief(value: object) -> str:
    """What stands in a file, short enough for a sentence."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # too many digits, nested too deeply
        return type(value).__name__
    return text if len(text) <= 40 else f"{text[:37]}..."
