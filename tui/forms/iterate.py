"""The form that asks for an iterate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..screens.fields import Field, Fields

if TYPE_CHECKING:
    from ..explorer import Explorer


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
