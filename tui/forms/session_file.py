"""The form that asks where to write the session."""

from __future__ import annotations

from collections.abc import Mapping

from ..screens.fields import Field, Fields
from ..session import refuse_to_overwrite, session_path


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
